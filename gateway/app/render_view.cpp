#include "gateway/app/render_view.hpp"

#include "gateway/app/output.hpp"
#include "gateway/app/words.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace cg::app {
namespace {

auto leaf_text(const Json& leaf) -> std::string {
    if (const auto* text = leaf.if_string()) return printable(*text);
    if (leaf.is_null()) return "-";
    if (const auto* flag = leaf.if_bool()) return *flag ? "yes" : "no";
    return to_jcs(leaf);
}

auto label(std::string_view name) -> std::string {
    auto words = code_words(printable(name));
    if (!words.empty() && words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 'a' + 'A');
    return words;
}

/// A case is stored in the order of its member's names. A reader wants to know first what it is about.
auto reading_order(const JsonObject& members) -> std::vector<const JsonMember*> {
    static constexpr std::array<std::string_view, 22> first{
        "id",    "given_names", "family_name", "name",     "relationship", "date_of_birth", "role",   "kind",
        "text",  "speaker",     "level",       "case_ref", "child",        "concerns",      "people", "risk",
        "views", "address",     "education",   "health",   "referrer",     "network"};
    std::vector<const JsonMember*> out;
    for (const auto& member : members) out.push_back(&member);
    const auto rank = [](const JsonMember* member) {
        return std::pair{!member->value.is_leaf(),
                         std::ranges::find(first, std::string_view{member->name}) - first.begin()};
    };
    std::ranges::stable_sort(out, {}, rank);
    return out;
}

void tree(std::string& out, std::string_view name, const Json& value, std::size_t depth) {
    const std::string indent(depth * 2, ' ');
    if (value.is_leaf()) {
        out += wrapped(ink(Ink::faint, label(name) + ": ") + leaf_text(value), indent);
    } else if (const auto* members = value.if_object()) {
        out += indent + ink(Ink::strong, label(name)) + "\n";
        for (const auto* member : reading_order(*members)) tree(out, member->name, member->value, depth + 1);
    } else if (const auto* items = value.if_array()) {
        std::size_t number = 0;
        for (const auto& item : *items) tree(out, std::string{name} + " " + std::to_string(++number), item, depth);
    }
}

auto joined(const Json& list) -> std::string {
    std::string out;
    if (const auto* items = list.if_array())
        for (const auto& item : *items) out += (out.empty() ? "" : ", ") + printable(item.text());
    return out;
}

/// "p1 (Dana Example)": the id in the view, with the name where the view has it.
auto people(const Json& ids, const Json& view) -> std::string {
    std::string out;
    const auto* list = ids.if_array();
    const auto* known = view["people"].if_array();
    for (const auto& id : list != nullptr ? *list : JsonArray{}) {
        out += (out.empty() ? "" : ", ") + printable(id.text());
        for (const auto& person : known != nullptr ? *known : JsonArray{})
            if (person["id"] == id && !person["name"].text().empty())
                out += " (" + printable(person["name"].text()) + ")";
    }
    return out;
}

auto withheld_text(const Json& withheld) -> std::string {
    std::string out;
    const auto line = [&out](std::string_view reason, const std::string& groups) {
        out += wrapped("- " + groups + ": " + reason_words(reason), "    ");
    };
    const auto groups_of = [](const Json& list) {
        std::string words;
        const auto* items = list.if_array();
        for (const auto& group : items != nullptr ? *items : JsonArray{})
            words += (words.empty() ? "" : ", ") + group_words(printable(group.text()));
        return words;
    };
    if (const auto* members = withheld.if_object())
        for (const auto& member : *members) line(member.name, groups_of(member.value));
    if (const auto* items = withheld.if_array())
        for (const auto& item : *items)
            line(item["reason"].text(),
                 item["groups"].is_array() ? groups_of(item["groups"]) : group_words(printable(item["group"].text())));
    return out;
}

auto handling_text(const Json& handling, const Json& view) -> std::string {
    std::string out;
    if (handling["do_not_inform"].size() > 0)
        out +=
            wrapped(ink(Ink::bad, "DO NOT TELL " + people(handling["do_not_inform"], view) + " about this message.") +
                        " Reason given: " + code_words(printable(handling["do_not_inform_reason"].text())),
                    "  ");
    if (handling["identity_protected"].size() > 0)
        out += wrapped(ink(Ink::bad, "Protected identity: " + people(handling["identity_protected"], view) +
                                         ". Do not let the family know who this is."),
                       "  ");
    for (const auto& member : handling.if_object() != nullptr ? *handling.if_object() : JsonObject{}) {
        const std::string_view name = member.name;
        if (name == "marking" || name == "do_not_inform" || name == "do_not_inform_reason" || name == "identity_protected" ||
            name.starts_with("withheld"))
            continue;
        if (name == "basis")
            out += wrapped(ink(Ink::faint, "Legal basis: ") + basis_words(member.value.text()), "  ");
        else if (member.value.is_leaf())
            out += wrapped(ink(Ink::faint, label(name) + ": ") + code_words(leaf_text(member.value)), "  ");
        else if (member.value.is_array() && member.value.size() > 0 && (*member.value.if_array())[0].is_string())
            out += wrapped(ink(Ink::faint, label(name) + ": ") + joined(member.value), "  ");
        else if (member.value.size() > 0)
            tree(out, name, member.value, 1);
    }
    const auto withheld = withheld_text(handling["withheld"]);
    if (!withheld.empty())
        out += "  " + ink(Ink::strong, "You were not given these, so their absence means nothing:") + "\n" + withheld;
    return out;
}

auto told_above(std::string_view member) -> bool {
    return member == "handling" || member == "schema" || member == "purpose" || member == "to";
}

}  // namespace

auto render_view(const wire::ViewPayload& payload) -> std::string {
    // SE-4: the marking comes first, so that it is on every page that begins with this.
    std::string out = ink(Ink::strong, printable(payload.view["handling"]["marking"].text())) + "\n";
    out += ink(Ink::strong, "Message ") + payload.mid.str() + "\n";
    out += "  From " + payload.from.str() + ", to " + payload.to.str() + ", sent " + spoken(payload.issued) + "\n";
    out += "  Purpose: " + code_words(payload.purpose.str()) + "\n";
    out += "  " + ink(Ink::good, "Signature good:") + " written by " + payload.from.str() +
           ", for you, and not altered since.\n\n";
    out += ink(Ink::strong, "Handling") + "\n" + handling_text(payload.view["handling"], payload.view) + "\n";
    if (const auto* members = payload.view.if_object()) {
        for (const auto* member : reading_order(*members))
            if (!told_above(member->name)) tree(out, member->name, member->value, 0);
    }
    return out;
}

}  // namespace cg::app
