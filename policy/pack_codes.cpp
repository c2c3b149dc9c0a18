// codes.toml: the law and the closed lists.
#include "policy/pack_load.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace cg::policy {
namespace {

/// Reads each sub-table of `section` with `read(name, reader)`.
template <class Read>
void each(TableReader& file, std::string_view section, bool needed, Read read) {
    const auto* table = needed ? file.table(section) : file.table_if(section);
    if (table == nullptr) return;
    for (const auto& [name, node] : table->members) {
        if (node.kind != TomlNode::Kind::table) {
            file.faults().add(file.file(), node, "pack/wrong-type", "This must be a table.");
            continue;
        }
        TableReader reader{file.file(), node, file.faults()};
        read(name, reader);
        reader.finish();
    }
}

auto pointer_text(TableReader& reader, std::string_view key) -> std::string {
    auto pointer = reader.text(key);
    if (!pointer.empty()) check_case_place(reader, key, pointer);
    return pointer;
}

auto read_evidence(TableReader& reader) -> std::vector<Evidence> {
    std::vector<Evidence> out;
    for (const auto* node : reader.tables("evidence")) {
        TableReader item{reader.file(), *node, reader.faults()};
        out.push_back({pointer_text(item, "leaf"), item.text("what"), item.texts_or_none("one_of"),
                       item.flag_or("person", false)});
        item.finish();
    }
    return out;
}

auto read_in_force(TableReader& reader) -> InForce {
    return {reader.date_if("in_force_from"), reader.date_if("in_force_until")};
}

auto plain_value(TableReader& reader, std::string_view key) -> Json {
    const auto* node = reader.node().find(key);
    if (node != nullptr && node->kind == TomlNode::Kind::flag) return Json{reader.flag_or(key, false)};
    return Json{reader.text(key)};
}

auto read_contradictions(TableReader& reader) -> std::vector<Contradiction> {
    std::vector<Contradiction> out;
    for (const auto* node : reader.tables("contradicted_by")) {
        TableReader item{reader.file(), *node, reader.faults()};
        Contradiction one{pointer_text(item, "leaf"), {}, item.text_or("same_as", ""), {}};
        if (one.same_as.empty())
            one.value = plain_value(item, "value");
        else
            check_case_place(item, "same_as", one.same_as);
        one.text = item.text("text");
        out.push_back(std::move(one));
        item.finish();
    }
    return out;
}

void load_law(TableReader& file, CompiledPack& pack) {
    each(file, "basis", true, [&pack](const std::string& code, TableReader& reader) {
        auto& out = pack.basis[code];
        out.title = reader.text("title");
        out.public_authority = reader.flag_or("public_authority", true);
        out.others = reader.flag_or("others", true);
        out.consent = reader.flag_or("consent", false);
        out.law_enforcement = reader.flag_or("law_enforcement", false);
        out.evidence = read_evidence(reader);
        out.request_for = reader.texts_or_none("request_for");
        out.in_force = read_in_force(reader);
    });
    each(file, "schedule1", true, [&pack](const std::string& code, TableReader& reader) {
        pack.schedule1[code] = {reader.text("title"), reader.texts_or_none("reasons"),
                                reader.flag_or("not_after_refusal", false), read_in_force(reader)};
    });
    each(file, "article9", true, [&pack](const std::string& code, TableReader& reader) {
        pack.article9[code] = {reader.text("title"), reader.texts_or_none("schedule1"),
                               reader.flag_or("consent", false), read_in_force(reader)};
        for (const auto& condition : pack.article9[code].schedule1)
            if (!pack.schedule1.contains(condition))
                reader.fault_at("schedule1", "pack/code-unknown",
                                "There is no '" + condition + "' among the conditions of Schedule 1.");
    });
}

void load_reasons(TableReader& file, CompiledPack& pack) {
    each(file, "override", true, [&pack](const std::string& code, TableReader& reader) {
        pack.overrides[code] = {
            reader.text("title"),        reader.flag_or("cites_facts", true), read_evidence(reader),
            read_contradictions(reader), reader.text_or("consent_state", ""), read_in_force(reader)};
    });
    each(file, "exception", true, [&pack](const std::string& code, TableReader& reader) {
        pack.exceptions[code] = {reader.text("title"), reader.flag_or("vague", false),
                                 reader.flag_or("household", false), read_in_force(reader)};
    });
}

/// What cannot be true at once, whatever the purpose.
void load_contradictions(TableReader& file, CompiledPack& pack) {
    for (const auto* node : file.tables("contradictions")) {
        TableReader reader{file.file(), *node, file.faults()};
        auto& out = pack.contradictions.emplace_back();
        out.text = reader.text("text");
        for (const auto* value : reader.tables("all")) {
            TableReader item{file.file(), *value, file.faults()};
            auto pointer = pointer_text(item, "leaf");
            out.all.emplace_back(std::move(pointer), plain_value(item, "value"));
            item.finish();
        }
        if (out.all.empty()) reader.fault("pack/key-missing", "Add 'all': the values that cannot be true at once.");
        reader.finish();
    }
}

void load_capacity(TableReader& file, CompiledPack& pack) {
    const auto* table = file.table("capacity");
    if (table == nullptr) return;
    TableReader reader{file.file(), *table, file.faults()};
    pack.capacity = {static_cast<int>(reader.integer_or("presumed_from_age", 16)), reader.texts("able"),
                     reader.texts("assessed"), reader.texts("doubted"), reader.texts("lacking")};
    reader.finish();
}

/// Reasons that say nothing, or put the organisation first (FW-1, FW-6).
constexpr std::array<std::string_view, 12> vague_words{
    "data protection", "gdpr",      "dpa",      "privacy",   "policy reasons", "other reason",
    "reputation",      "liability", "workload", "complaint", "unspecified",    "miscellaneous"};

auto says_nothing(std::string_view code, std::string_view text) -> bool {
    auto words = std::string{code} + " " + std::string{text};
    std::ranges::transform(words, words.begin(), [](char c) {
        return c == '_' || c == '-' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    auto joined = words;
    std::erase_if(joined, [](char c) { return c == ' ' || c == '\t'; });
    return code == "OTHER" || joined.find("dataprotection") != std::string::npos || std::ranges::any_of(vague_words, [&words](std::string_view vague) {
               return (" " + words + " ").find(" " + std::string{vague}) != std::string::npos;
           });
}

void load_refusals(TableReader& file, CompiledPack& pack) {
    each(file, "refusal", true, [&pack](const std::string& code, TableReader& reader) {
        RefusalCode out{code, reader.text("text"), reader.texts_or_none("problems"), reader.flag_or("said", false),
                        reader.flag_or("confidentiality", false)};
        if (says_nothing(code, out.text))
            reader.fault("pack/reason-too-vague",
                         "Say what is wrong and what would change it: 'data protection' and the organisation's own "
                         "interest are no reasons.");
        pack.refusals.push_back(std::move(out));
    });
    if (const auto* table = file.table_if("what_would_change")) {
        TableReader reader{file.file(), *table, file.faults()};
        for (const auto& [type, node] : table->members) pack.what_would_change[type] = reader.texts(type);
        reader.finish();
    }
}

void load_lists(TableReader& file, CompiledPack& pack) {
    const auto* table = file.table("lists");
    if (table == nullptr) return;
    TableReader reader{file.file(), *table, file.faults()};
    pack.consent_states = reader.texts("consent_states");
    pack.concern_kinds = reader.texts("concern_kinds");
    pack.risk_levels = reader.texts("risk_levels");
    pack.high_risk_levels = reader.texts("high_risk_levels");
    pack.attachment_evidence = reader.texts("injury_files");
    pack.evidence_categories = reader.texts("injury_categories");
    pack.plan_files = reader.texts_or_none("plan_files");
    pack.social_care_sections = reader.texts_or_none("social_care_sections");
    pack.exploitation_categories = reader.texts_or_none("exploitation_categories");
    pack.officer_safety_categories = reader.texts_or_none("officer_safety_categories");
    for (const auto& level : pack.high_risk_levels) {
        if (std::ranges::find(pack.risk_levels, level) == pack.risk_levels.end())
            reader.fault_at("high_risk_levels", "pack/code-unknown",
                            "Every high level must also stand in risk_levels.");
    }
    reader.finish();
}

}  // namespace

void load_codes(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults) {
    TableReader reader{file, root, faults};
    load_law(reader, pack);
    load_reasons(reader, pack);
    load_refusals(reader, pack);
    load_lists(reader, pack);
    load_capacity(reader, pack);
    load_contradictions(reader, pack);
    reader.finish();
}

}  // namespace cg::policy
