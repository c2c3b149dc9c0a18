// overlays/<organisation>.toml: how one organisation narrows the policy for what it sends, in line with its own procedures
// (RC-10). It may add to the record and withhold more; whatever would share more, or record less, is a fault.
#include "policy/pack_load.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace cg::policy {
namespace {

constexpr std::string_view folder = "overlays/";

class OverlayLoader {
public:
    OverlayLoader(TableReader& reader, const CompiledPack& pack, Overlay& out)
        : reader_(reader), pack_(pack), out_(out) {}

    void load() {
        read_record();
        read_retention();
        if (const auto* purposes = reader_.table_if("purposes"))
            for (const auto& [id, node] : purposes->members) read_purpose(id, node);
        apply_retention();
    }

private:
    void read_record() {
        const auto* table = reader_.table_if("record");
        if (table == nullptr) return;
        TableReader record{reader_.file(), *table, reader_.faults()};
        out_.record_fields = record.texts_or_none("add");
        if (record.node().find("remove") != nullptr) {
            static_cast<void>(record.texts_or_none("remove"));
            record.fault_at("remove", "pack/core-field-removed",
                            "An organisation may add to the record, never take from it: remove this line.");
        }
        record.finish();
    }

    void read_retention() {
        const auto* table = reader_.table_if("retention");
        if (table == nullptr) return;
        for (const auto& [name, node] : table->members) {
            TableReader entry{reader_.file(), node, reader_.faults()};
            Overlay::Retention retention{entry.text("period"), entry.text("then")};
            if (const auto kept = parse_period(retention.period);
                !retention.period.empty() && (!kept || is_nothing(kept.value())))
                entry.fault_at("period", "pack/period", "Write a period such as P6Y or P18M.");
            if (retention.then != "review" && retention.then != "destroy")
                entry.fault_at("then", "pack/code-unknown", "Say 'review' or 'destroy'.");
            const auto has_class = [&name = name](const auto& purpose) {
                return purpose.second.retention_class == name;
            };
            if (pack_.answers.retention_class != name && std::ranges::none_of(pack_.purposes, has_class))
                entry.fault("pack/code-unknown", "There is no purpose with this retention class in purposes/.");
            out_.retention[name] = std::move(retention);
            entry.finish();
        }
    }

    void read_purpose(const std::string& id, const TomlNode& node) {
        TableReader reader{reader_.file(), node, reader_.faults()};
        const auto found = pack_.purposes.find(id);
        if (found == pack_.purposes.end())
            return reader.fault("pack/code-unknown", "There is no purpose '" + id + "' in purposes/.");
        auto& purpose = out_.purposes.emplace(id, found->second).first->second;
        purpose.procedure = reader.text_or("procedure", purpose.procedure);
        if (const auto* roles = reader.table_if("roles"))
            for (const auto& [role, inner] : roles->members) read_role(purpose, role, inner);
        reader.finish();
    }

    void read_role(Purpose& purpose, const std::string& role, const TomlNode& node) {
        TableReader reader{reader_.file(), node, reader_.faults()};
        const auto found = purpose.roles.find(role);
        if (found == purpose.roles.end())
            return reader.fault("pack/overlay-widens",
                                "The policy gives this role nothing for this purpose, and an organisation cannot.");
        for (const auto* key : {"require", "allow", "when", "leaves", "people", "protected", "tags", "label"})
            if (node.find(key) != nullptr) {
                reader.ignore(key);
                reader.fault_at(key, "pack/overlay-widens",
                                "An organisation may only withhold more: use 'forbid' or 'not_necessary'.");
            }
        for (const auto& name : reader.texts_or_none("forbid")) narrow(reader, "forbid", found->second, name);
        for (const auto& name : reader.texts_or_none("not_necessary"))
            narrow(reader, "not_necessary", found->second, name);
        reader.finish();
    }

    void narrow(TableReader& reader, std::string_view key, RoleTable& role, const std::string& name) {
        const auto it = pack_.group_ids.find(name);
        if (it == pack_.group_ids.end())
            return reader.fault_at(key, "pack/group-unknown", "There is no field group '" + name + "' in fields.toml.");
        const auto kind = key == "forbid" ? CellKind::forbid : CellKind::not_necessary;
        auto& now = role.group_kinds[it->second];
        // Also where only a part of the group is required, such as the first name of who the child is.
        const bool required = std::ranges::any_of(pack_.groups[it->second].leaves, [&role](LeafId leaf) {
            return role.cells[leaf].kind == CellKind::require;
        });
        if (pack_.groups[it->second].always || now == CellKind::require || required)
            return reader.fault_at(key, "pack/core-field-removed",
                                   "The recipient cannot act without '" + name + "': it cannot be taken away here.");
        if (now == CellKind::forbid)
            return reader.fault_at(key, "pack/overlay-widens", "'" + name + "' is forbidden already; leave it so.");
        for (const auto leaf : pack_.groups[it->second].leaves)
            if (role.cells[leaf].kind != CellKind::forbid) role.cells[leaf] = {kind, 0, it->second};
        std::erase(role.not_necessary, name);
        (kind == CellKind::forbid ? role.forbidden : role.not_necessary).push_back(name);
        now = kind;
        role.group_rules[it->second] += ".own";  // so that the answer says whose rule it was
    }

    void apply_retention() {
        for (const auto& [id, original] : pack_.purposes) {
            const auto period = out_.retention.find(original.retention_class);
            if (period == out_.retention.end()) continue;
            auto& purpose = out_.purposes.emplace(id, original).first->second;
            purpose.retention_period = period->second.period;
            purpose.retention_then = period->second.then;
        }
    }

    TableReader& reader_;
    const CompiledPack& pack_;
    Overlay& out_;
};

}  // namespace

void load_overlay(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults) {
    TableReader reader{file, root, faults};
    auto agency = file.substr(folder.size());
    agency.remove_suffix(std::string_view{".toml"}.size());
    if (!pack.agencies.by_id.empty() && !pack.agencies.by_id.contains(agency))
        reader.fault("pack/agency-id", "Name the file after an organisation of agencies.toml.");
    Overlay overlay;
    OverlayLoader{reader, pack, overlay}.load();
    reader.finish();
    pack.overlays.emplace(agency, std::move(overlay));
}

}  // namespace cg::policy
