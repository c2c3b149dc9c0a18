#include "gateway/app/render_view.hpp"

#include "gateway/app/output.hpp"
#include "gateway/app/render_letters.hpp"
#include "gateway/app/view_text.hpp"
#include "gateway/app/words.hpp"

namespace cg::app {
namespace {

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

/// Told before anything else.
auto is_alarm(std::string_view name) -> bool {
    return name == "do_not_inform" || name == "do_not_inform_reason" || name == "identity_protected";
}

auto sentences(const Json& list) -> std::string {
    std::string out;
    const auto* items = list.if_array();
    for (const auto& item : items != nullptr ? *items : JsonArray{})
        out += (out.empty() ? "" : ", ") + printable(item.text());
    return out;
}

auto handling_line(const JsonMember& member) -> std::string {
    const auto& [name, value] = member;
    if (name == "basis") return line_of("Legal basis", basis_words(value.text()));
    if (name == "checked") return line_of(label(name), sentences(value));  // no codes: dates stay whole
    if (name == "complete_by") return line_of("The rest comes by", moment_words(value));
    if (value.is_string() || (value.is_array() && value.size() > 0 && (*value.if_array())[0].is_string()))
        return line_of(label(name), listed(value));
    std::string out;
    if (value.is_leaf() || value.size() > 0) append_tree(out, name, value, 1);
    return out;
}

auto asked_text(const Json& asked) -> std::string {
    std::string out;
    const auto* items = asked.if_array();
    for (const auto& item : items != nullptr ? *items : JsonArray{}) {
        const auto due = item["due"].text().empty() ? std::string{} : "by " + moment_words(item["due"]) + ": ";
        out += wrapped("- " + due + printable(item["text"].text()), "    ");
    }
    return out.empty() ? out : "  " + ink(Ink::strong, "Asked of you:") + "\n" + out;
}

auto handling_text(const Json& handling) -> std::string {
    std::string out;
    for (const auto& member : handling.if_object() != nullptr ? *handling.if_object() : JsonObject{})
        if (!is_alarm(member.name) && member.name != "marking" && member.name != "asked" &&
            !member.name.starts_with("withheld"))
            out += handling_line(member);
    out += asked_text(handling["asked"]);
    const auto withheld = withheld_text(handling["withheld"]);
    if (!withheld.empty())
        out += "  " + ink(Ink::strong, "You were not given these, so their absence means nothing:") + "\n" + withheld;
    return out;
}

auto correction_text(const Json& correction) -> std::string {
    if (!correction.is_object()) return {};
    return wrapped(ink(Ink::bad, "THIS TAKES THE PLACE OF " + printable(correction["of"].text()) + ".") + " Do not use the "
                       "earlier copy any more. " + printable(correction["said"].text()),
                   "") +
           "\n";
}

auto told_above(std::string_view member) -> bool {
    return member == "handling" || member == "schema" || member == "purpose" || member == "to" || member == "correction" ||
           member == "codes";
}

auto case_text(const Json& view) -> std::string {
    std::string out = correction_text(view["correction"]) + ink(Ink::strong, "Handling") + "\n" + handling_text(view["handling"]) + "\n";
    auto rest = Json::object();
    if (const auto* members = view.if_object())
        for (const auto& member : *members)
            if (!told_above(member.name)) rest.set(member.name, member.value);
    append_members(out, rest, 0, view["codes"]);
    return out;
}

}  // namespace

auto render_alarms(const Json& view) -> std::string {
    std::string out;
    if (const auto* lines = view["instructions"].if_array())
        for (const auto& line : *lines) out += wrapped(ink(Ink::bad, printable(line.text())), "");
    if (view["risk"]["immediate_danger"].is_true())
        out += wrapped(ink(Ink::bad, "IMMEDIATE DANGER was reported. Call 999 now, unless you know that the police or an "
                                     "ambulance are there."),
                       "");
    const auto& handling = view["handling"];
    if (handling["do_not_inform"].size() > 0)
        out += wrapped(ink(Ink::bad, "DO NOT TELL THE FAMILY: " + people(handling["do_not_inform"], view) +
                                         " must not learn of this message.") +
                           " Reason given by the sender: " + listed(handling["do_not_inform_reason"]) + ".",
                       "");
    if (handling["identity_protected"].size() > 0)
        out += wrapped(ink(Ink::bad, "PROTECTED IDENTITY: " + people(handling["identity_protected"], view) +
                                         ". Do not let the family know who this is."),
                       "");
    return out;
}

auto render_content(const Json& view) -> std::string {
    if (auto letter = render_letter(view)) return std::move(*letter);
    return case_text(view);
}

auto render_view(const wire::ViewPayload& payload) -> std::string {
    // SE-4: the marking comes first, so that it is on every page that begins with this.
    std::string out;
    if (const auto marking = payload.view["handling"]["marking"].text(); !marking.empty())
        out += ink(Ink::strong, printable(marking)) + "\n";
    const auto alarms = render_alarms(payload.view);
    if (!alarms.empty()) out += alarms + "\n";
    out += ink(Ink::strong, "Message ") + payload.mid.str() + "\n";
    out += "  From " + payload.from.str() + ", to " + payload.to.str() + ", sent " + spoken(payload.issued) + "\n";
    out += "  Purpose: " + code_words(payload.purpose.str()) + "\n";
    out += "  " + ink(Ink::good, "Signature good:") + " written by " + payload.from.str() +
           ", for you, and not altered since.\n\n";
    return out + render_content(payload.view);
}

}  // namespace cg::app
