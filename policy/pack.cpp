#include "policy/pack.hpp"

#include "crypto/hash.hpp"
#include "policy/compiled.hpp"
#include "policy/pack_load.hpp"
#include "policy/toml_tree.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cg::policy {
namespace {

/// A part of a pack, in the order of need, and what reads it.
struct Part {
    std::string_view file;
    bool needed;
    void (*load)(std::string_view, const TomlNode&, CompiledPack&, Faults&);
};
constexpr std::array parts{
    Part{"pack.toml", true, &load_pack_file},   Part{"codes.toml", true, &load_codes},
    Part{"fields.toml", true, &load_fields},    Part{"roles.toml", true, &load_roles},
    Part{"areas.toml", false, &load_areas},     Part{"agencies.toml", false, &load_agencies},
    Part{"answers.toml", false, &load_answers}, Part{"information.toml", true, &load_information},
    Part{"scrub.toml", false, &load_scrub},     Part{"displays.toml", false, &load_displays},
};
constexpr std::string_view purposes_folder = "purposes/";
constexpr std::string_view tests_folder = "tests/";
constexpr std::string_view overlays_folder = "overlays/";

/// A file right in this folder, with the ending that counts.
auto lies_in(std::string_view folder, std::string_view name) -> bool {
    return name.starts_with(folder) && name.ends_with(".toml") && name.find('/', folder.size()) == std::string_view::npos;
}

void load_all_parts(const PackFiles& files, CompiledPack& pack, Faults& faults) {
    std::vector<std::string> unreadable;
    for (const auto& part : parts) {
        const auto it = files.find(part.file);
        if (it == files.end()) {
            if (!part.needed) continue;
            faults.add(part.file, "pack/file-missing", "A pack needs this file.");
            unreadable.emplace_back(part.file);
        } else if (const auto root = parse_toml(part.file, it->second, faults)) {
            part.load(part.file, *root, pack, faults);
        } else {
            unreadable.emplace_back(part.file);
        }
    }
    bool any = false;
    for (const auto& [name, text] : files) {
        if (lies_in(purposes_folder, name)) {
            any = true;
            if (const auto root = parse_toml(name, text, faults))
                load_purpose(name, *root, pack, faults);
            else
                unreadable.emplace_back(purposes_folder);
        } else if (!lies_in(tests_folder, name) && !lies_in(overlays_folder, name) &&
                   std::ranges::find(parts, name, &Part::file) == parts.end()) {
            faults.add(name, "pack/file-unknown",
                       "Nothing reads this file: correct its name or that of its folder, or remove it. A name ends in "
                       "'.toml', in small letters; the folders are purposes, overlays and tests.");
        }
    }
    for (const auto& [name, text] : files)
        if (lies_in(overlays_folder, name))
            if (const auto root = parse_toml(name, text, faults)) load_overlay(name, *root, pack, faults);
    if (!any) faults.add("purposes/", "pack/file-missing", "A pack needs at least one purpose.");
    const bool advice = std::ranges::any_of(pack.purposes, [](const auto& it) { return it.second.kind == PurposeKind::advice; });
    if (advice && !files.contains("scrub.toml"))
        faults.add("scrub.toml", "pack/file-missing", "A purpose of kind 'advice' needs this file: the words that take identity out.");
    faults.forget_what_follows(unreadable);
}

void read_documents(TableReader& reader, CompiledPack& pack) {
    for (const auto* node : reader.tables("documents")) {
        TableReader document{reader.file(), *node, reader.faults()};
        Document out{document.text("id"), document.text("title"), document.text_or("address", ""),
                     document.date("read_on")};
        pack.documents.push_back(out.id);
        pack.document_list.push_back(std::move(out));
        document.finish();
    }
    if (pack.documents.empty())
        reader.fault("pack/no-governing-document",
                     "Name at least one document that stands behind this policy: add [[documents]].");
}

void read_holidays(TableReader& reader, CompiledPack& pack) {
    const auto* list = reader.list_if("holidays");
    if (list == nullptr) return;
    for (const auto& item : list->items) {
        if (item.kind == TomlNode::Kind::date)
            pack.holidays.push_back(item.date);
        else
            reader.faults().add(reader.file(), item, "pack/wrong-type",
                                "Write each day without quotes, such as 2026-12-25.");
    }
    std::ranges::sort(pack.holidays);
}

void read_records(TableReader& reader, ProcessingRecord& out) {
    const auto* table = reader.table_if("records");
    if (table == nullptr) return;
    TableReader records{reader.file(), *table, reader.faults()};
    out.controller = records.text("controller");
    out.contact = records.text("contact");
    out.joint_controllers = records.text("joint_controllers");
    out.representative = records.text("representative");
    out.officer = records.text("data_protection_officer");
    out.transfers = records.text("transfers_abroad");
    out.security = records.texts("security");
    records.finish();
}

void read_limits(TableReader& reader, CompiledPack& pack) {
    const auto* table = reader.table_if("limits");
    if (table == nullptr) return;
    TableReader limits{reader.file(), *table, reader.faults()};
    const auto text_min = limits.integer_or("override_text_min", 40);
    if (const auto checked = limits.text_or("checked_within", "P12M"); const auto period = parse_period(checked))
        pack.checked_months = period.value().months;
    if (pack.checked_months < 1 || pack.checked_months > 1'200)
        limits.fault_at("checked_within", "pack/period", "Give it in months or years, such as P12M.");
    const auto repeats = limits.integer_or("boilerplate_repeats", 3);
    if (text_min < 1 || text_min > 10'000 || repeats < 1 || repeats > 1'000)
        limits.fault("pack/limit", "override_text_min is 1 to 10000, boilerplate_repeats 1 to 1000.");
    pack.override_text_min = static_cast<std::size_t>(std::max<std::int64_t>(text_min, 1));
    pack.boilerplate_k = static_cast<std::size_t>(std::max<std::int64_t>(repeats, 1));
    limits.finish();
}

}  // namespace

void load_pack_file(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults) {
    TableReader reader{file, root, faults};
    pack.id = reader.text("id");
    pack.version = reader.text("version");
    pack.title = reader.text_or("title", "");
    pack.in_force_from = reader.date("in_force_from");
    pack.in_force_until = reader.date_if("in_force_until");
    if (pack.in_force_until && *pack.in_force_until <= pack.in_force_from)
        reader.fault_at("in_force_until", "pack/never-in-force", "This day has to come after 'in_force_from'.");
    pack.rules_edition = reader.texts("rules_edition");
    pack.policy_document = reader.text_or("policy_document", "");
    if (pack.policy_document.empty())
        reader.fault("pack/apd-missing", "Name the appropriate policy document: add 'policy_document'.");
    pack.signatories = reader.texts_or_none("signatories");
    read_holidays(reader, pack);
    read_documents(reader, pack);
    if (const auto* table = reader.table("emergency")) {
        TableReader emergency{file, *table, faults};
        pack.danger_text = emergency.text("instruction");
        pack.refusal_instruction = emergency.text("refusal_instruction");
        emergency.finish();
    }
    if (const auto* table = reader.table("notice")) {
        TableReader notice{file, *table, faults};
        pack.notice = {notice.text("heading"), notice.text("rights"), notice.text("contact")};
        notice.finish();
    }
    read_limits(reader, pack);
    read_records(reader, pack.records);
    reader.finish();
}

void load_parts(const PackFiles& files, CompiledPack& pack, Faults& faults) {
    load_all_parts(files, pack, faults);
}

auto load_pack(const PackFiles& files) -> Result<std::shared_ptr<const Pack>> {
    auto pack = std::make_unique<CompiledPack>();
    Faults faults;
    load_parts(files, *pack, faults);
    if (!faults.empty()) return fail(Errc::malformed, "the policy pack has faults", faults.take());
    pack->hash = pack_hash(files);
    pack->sources = files;
    return std::make_shared<const Pack>(std::move(pack));
}

/// SHA-256 over `<file name> NUL <SHA-256 of its bytes>` of each file, in the order of names.
auto pack_hash(const PackFiles& files) -> std::string {
    crypto::Sha256Stream stream;
    constexpr std::uint8_t nul = 0;
    for (const auto& [name, text] : files) {
        stream.update(view_bytes(name));
        stream.update({&nul, 1});
        stream.update(crypto::sha256(text));
    }
    return "sha256:" + to_hex(stream.finish());
}

Pack::Pack(std::unique_ptr<const CompiledPack> compiled) : compiled_(std::move(compiled)) {}
Pack::~Pack() = default;
auto Pack::id() const noexcept -> const std::string& {
    return compiled_->id;
}
auto Pack::version() const noexcept -> const std::string& {
    return compiled_->version;
}
auto Pack::hash() const noexcept -> const std::string& {
    return compiled_->hash;
}
auto Pack::files() const noexcept -> const PackFiles& {
    return compiled_->sources;
}
auto Pack::in_force_from() const noexcept -> Date {
    return compiled_->in_force_from;
}
auto Pack::agencies() const noexcept -> const AgencyLookup& {
    return compiled_->agencies;
}

auto Pack::purposes() const -> std::vector<std::string> {
    std::vector<std::string> out;
    for (const auto& [id, purpose] : compiled_->purposes) out.push_back(id);
    std::ranges::sort(out);
    return out;
}

auto Pack::roles_of(std::string_view purpose) const -> std::vector<std::string> {
    std::vector<std::string> out;
    const auto it = compiled_->purposes.find(purpose);
    if (it == compiled_->purposes.end()) return out;
    for (const auto& [role, table] : it->second.roles) out.push_back(role);
    std::ranges::sort(out);
    return out;
}

auto Pack::agency_list() const -> std::vector<AgencyFacts> {
    std::vector<AgencyFacts> out;
    for (const auto& [id, facts] : compiled_->agencies.by_id) out.push_back(facts);
    return out;
}

}  // namespace cg::policy
