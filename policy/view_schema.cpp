#include "policy/view_schema.hpp"

#include "policy/case_schema.hpp"
#include "policy/compiled.hpp"

#include <algorithm>
#include <vector>

namespace cg::policy {
namespace {

auto types(std::initializer_list<std::string_view> names) -> Json {
    return names.size() == 1 ? Json{*names.begin()} : Json::texts(std::vector<std::string_view>(names));
}

/// A value may always be the word for not knowing it.
auto type_of(LeafType type) -> Json {
    switch (type) {
        case LeafType::text:
        case LeafType::date:
        case LeafType::instant: return types({"string"});
        case LeafType::number: return types({"number", "string"});
        case LeafType::flag: return types({"boolean", "string"});
        case LeafType::any: return types({"string", "number", "boolean"});
    }
    return types({"string"});
}

auto closed_object() -> Json {
    return Json::object({{"type", "object"}, {"properties", Json::object({})}, {"additionalProperties", false}});
}

auto leaf_schema(const CompiledPack& pack, const Leaf& leaf) -> Json {
    const auto& schema = case_schema();
    const auto known = schema.trie.find(leaf.pattern);
    auto out = Json::object({{"title", pack.groups[leaf.group].title},
                             {"type", known == no_leaf ? types({"string"}) : type_of(schema.leaves[known].type)}});
    const auto words = pack.displays.find(leaf.pattern);
    if (words == pack.displays.end()) return out;
    Json choices = Json::array();
    for (const auto& [code, text] : words->second) choices.push(Json::object({{"const", code}, {"title", text}}));
    choices.push(Json::object({{"type", "string"}}));  // codes of another list, and words for not knowing
    out.set("anyOf", std::move(choices));
    return out;
}

/// Puts a leaf at its place, making the objects and lists on the way.
void place(Json& root, std::string_view pattern, Json leaf) {
    Json* at = &root;
    auto rest = pattern.substr(1);
    for (;;) {
        const auto end = rest.find('/');
        const auto token = rest.substr(0, end);
        const bool last = end == std::string_view::npos;
        Json* next = nullptr;
        if (token == "*") {
            if (at->find("items") == nullptr) at->set("items", last ? Json{} : closed_object());
            next = at->find("items");
        } else {
            auto& properties = *at->find("properties");
            if (properties.find(token) == nullptr) {
                const bool list = !last && rest.substr(end + 1).starts_with("*");
                properties.set(token, list ? Json::object({{"type", "array"}}) : closed_object());
            }
            next = properties.find(token);
        }
        if (last) {
            *next = std::move(leaf);
            return;
        }
        at = next;
        rest.remove_prefix(end + 1);
    }
}

auto text_or_list() -> Json {
    return Json::object({{"type", types({"string", "array"})}, {"items", Json::object({{"type", "string"}})}});
}

auto handling_schema(const Purpose& purpose, const RoleTable& role) -> Json {
    auto out = closed_object();
    auto& fields = *out.find("properties");
    const auto text = Json::object({{"type", "string"}});
    fields.set("marking", Json::object({{"const", purpose.marking}}));
    fields.set("onward", Json::object({{"const", purpose.onward}}));
    if (role.tell_basis) fields.set("basis", text);
    if (role.tell_consent) fields.set("consent", text);
    for (const auto* name : {"family_told", "do_not_inform", "do_not_inform_reason", "identity_protected"})
        fields.set(name, text_or_list());
    fields.set("checked", Json::object({{"type", "array"}, {"items", text}}));
    fields.set("address_restricted", Json::object({{"type", "boolean"}}));
    fields.set("withheld", Json::object({{"type", "object"}, {"additionalProperties", text_or_list()}}));
    fields.set("complete_by", Json::object({{"type", "string"}, {"format", "date-time"}}));
    auto asked = closed_object();
    for (const auto* name : {"type", "text"}) asked.find("properties")->set(name, text);
    asked.find("properties")->set("due", Json::object({{"type", "string"}, {"format", "date-time"}}));
    fields.set("asked", Json::object({{"type", "array"}, {"items", std::move(asked)}}));
    out.set("required", Json::texts(std::vector<std::string>{"marking", "onward", "withheld"}));
    return out;
}

auto receives(CellKind kind) -> bool {
    return kind == CellKind::require || kind == CellKind::allow || kind == CellKind::when;
}

}  // namespace

auto view_schema(const Pack& pack, std::string_view purpose_id, std::string_view role_id) -> Result<Json> {
    const auto& compiled = pack.compiled();
    const auto purpose = compiled.purposes.find(purpose_id);
    if (purpose == compiled.purposes.end()) return fail(Errc::not_found, "the policy has no such purpose");
    const auto found = purpose->second.roles.find(role_id);
    if (found == purpose->second.roles.end()) return fail(Errc::not_found, "this purpose has no such role");
    const auto& role = found->second;
    auto root = closed_object();
    for (std::size_t i = 0; i < compiled.leaves.size(); ++i)
        if (receives(role.cells[i].kind))
            place(root, compiled.leaves[i].pattern, leaf_schema(compiled, compiled.leaves[i]));
    auto& fields = *root.find("properties");
    fields.set("schema", Json::object({{"const", "view/1"}}));
    fields.set("purpose", Json::object({{"const", role.label.empty() ? purpose->second.label : role.label}}));
    fields.set("to", Json::object({{"type", "string"}}));
    fields.set("handling", handling_schema(purpose->second, role));
    const auto words = Json::object({{"type", "object"}, {"additionalProperties", Json::object({{"type", "string"}})}});
    fields.set("codes", Json::object({{"type", "object"}, {"additionalProperties", words}}));
    // AC-5: a copy that takes the place of an earlier one says of which, and why.
    auto& correction = fields.set("correction", closed_object());
    for (const auto* name : {"of", "reason", "said"})
        correction.find("properties")->set(name, Json::object({{"type", "string"}}));
    root.set("required", Json::texts(std::vector<std::string>{"schema", "purpose", "to", "handling"}));
    root.set("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.set("$id", "urn:casegate:view:" + compiled.id + ":" + purpose->second.id + ":" + role.role);
    return root;
}

auto display_of(const Pack& pack, std::string_view pattern, std::string_view code) -> std::string_view {
    const auto& displays = pack.compiled().displays;
    const auto words = displays.find(pattern);
    if (words == displays.end()) return {};
    const auto it = std::ranges::find(words->second, code, &std::pair<std::string, std::string>::first);
    return it == words->second.end() ? std::string_view{} : std::string_view{it->second};
}

}  // namespace cg::policy
