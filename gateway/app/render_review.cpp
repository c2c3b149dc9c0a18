#include "gateway/app/render_review.hpp"

#include "gateway/app/output.hpp"
#include "gateway/app/render_decision.hpp"
#include "gateway/app/render_view.hpp"
#include "gateway/app/words.hpp"

#include <algorithm>
#include <utility>

namespace cg::app {
namespace {

auto items(const Json& json) -> const JsonArray& {
    static const JsonArray none;
    const auto* array = json.if_array();
    return array != nullptr ? *array : none;
}

/// The submission within: a correction carries one.
auto inner(const Json& held) -> const Json& {
    const auto* submission = held.find("submission");
    return submission == nullptr ? held : *submission;
}

auto asked_words(const Json& held, const Json& links) -> std::string {
    const auto schema = held["schema"].text();
    const auto request = links["request"].text();
    const auto answers = request.empty() ? std::string{} : ", in answer to " + printable(request);
    if (schema == "no-share/1") return "Not to share" + answers;
    if (schema == "correction/1")
        return "To put right " + printable(links["supersedes"].text()) + " (" + code_words(printable(held["reason"].text())) + ")";
    if (const auto advice = links["converted_from"].text(); !advice.empty())
        return "To share, with the name, what advice was asked about in " + printable(advice);
    return "To share" + answers;
}

auto who_asks(const Json& held) -> std::string {
    const auto& actor = inner(held)["actor"];
    return printable(actor["role"].text()) + " (" + printable(actor["user"].text()) + ")";
}

/// Whoever must not learn of it, by any of the copies.
auto alarms_of(const Json& now) -> std::string {
    std::string out;
    for (const auto& line : items(now["instructions"]))
        out += wrapped(ink(Ink::bad, printable(line.text())), "");
    for (const auto& recipient : items(now["recipients"])) {
        const auto alarm = render_alarms(recipient["view"]);
        if (out.find(alarm) == std::string::npos) out += alarm;
    }
    return out;
}

auto time_lines(const Json& review, Instant at) -> std::string {
    std::string out;
    const auto decided = parse_instant(review["recorded"]["times"]["decided_at"].text());
    if (decided.has_value()) out += "  Handed in:  " + spoken(decided.value()) + "\n";
    const auto due = parse_instant(review["due"].text());
    if (!due.has_value()) return out;
    const auto left = time_left(due.value(), at);
    return out + "  Look by:    " + spoken(due.value()) + " (" + ink(due.value() < at ? Ink::bad : Ink::plain, left) + ")\n";
}

/// Every fault that waits for a person, once.
auto why_somebody_looks(const Json& now) -> std::string {
    auto all = Json::array();
    for (const auto& problem : items(now["problems"])) all.push(Json{problem});
    for (const auto& recipient : items(now["recipients"]))
        if (recipient["outcome"].text() == "REVIEW")
            for (const auto& problem : items(recipient["problems"])) all.push(Json{problem});
    const auto out = render_problems(all, "  ");
    return out.empty() ? "  The policy in force now asks nobody to look: decide as you think right.\n" : out;
}

/// Whom the policy in force now refuses whatever the reviewer says.
auto refused_now(const Json& now) -> std::string {
    std::string out;
    for (const auto& recipient : items(now["recipients"]))
        if (recipient["outcome"].text() == "DENY" && !shares_nothing(now["action"].text()))
            out += wrapped(printable(recipient["to"].text()) + " gets nothing: the policy in force now refuses it.", "  ") +
                   render_problems(recipient["problems"], "    ");
    return out.empty() ? out : ink(Ink::bad, "Cannot be let go") + "\n" + out + "\n";
}

auto reasons_text(const Json& held) -> std::string {
    if (held["schema"].text() != "no-share/1") return {};
    std::string codes;
    for (const auto& code : items(held["reasons"]["codes"]))
        codes += (codes.empty() ? "" : ", ") + code_words(printable(code.text()));
    return ink(Ink::strong, "The reasons given") + "\n" + wrapped("Reasons: " + codes, "  ") +
           wrapped(printable(held["reasons"]["text"].text()), "  ") + "\n";
}

/// A code in words; anything written in words, and a role's id, as it is.
auto value_words(const Json& value) -> std::string {
    if (value.is_bool()) return value.is_true() ? "yes" : "no";
    if (const auto text = value.text(); !text.empty())
        return text.find_first_of(" .@") == std::string_view::npos ? code_words(printable(text)) : printable(text);
    return value.is_string() || value.is_null() ? "(nothing)" : printable(to_jcs(value));
}

/// Everything that one part of the case says, a line for each value.
auto statements(const Json& part, const std::string& name) -> std::string {
    std::string out;
    if (const auto* members = part.if_object()) {
        for (const auto& member : *members)
            out += statements(member.value, (name.empty() ? "" : name + ", ") + code_words(printable(member.name)));
        return out;
    }
    if (const auto* list = part.if_array()) {
        const bool plain = std::ranges::none_of(*list, [](const Json& one) { return one.if_object() || one.if_array(); });
        std::string words;
        for (const auto& one : *list) {
            if (plain) words += (words.empty() ? "" : ", ") + value_words(one);
            else out += statements(one, name);
        }
        return plain ? wrapped(name + ": " + words, "    ") : out;
    }
    return wrapped(name + ": " + value_words(part), "    ");
}

/// What no recipient sees and whoever looks must judge: consent, why the family was not told, why it was overridden.
auto stated(const Json& held) -> std::string {
    const auto& tree = inner(held)["case"];
    std::string out;
    for (const auto& [block, words] : {std::pair{"consent", "Consent"}, std::pair{"informing", "Telling the family"},
                                       std::pair{"override", "Sharing without consent"}, std::pair{"basis", "Legal basis"},
                                       std::pair{"risk", "Risk"}, std::pair{"timing", "Time"}})
        if (const auto* part = tree.find(block); part != nullptr)
            out += "  " + std::string{words} + "\n" + statements(*part, {});
    return out.empty() ? out : ink(Ink::strong, "What whoever handed it in says") + "\n" + out + "\n";
}

auto copies(const Json& now) -> std::string {
    std::string out;
    for (const auto& recipient : items(now["recipients"])) {
        const auto& view = recipient["view"];
        if (!view.is_object()) continue;
        out += ink(Ink::strong, "What " + printable(recipient["to"].text()) + " would see") + "\n" + render_content(view);
        if (const auto kept = render_withheld(recipient, "    "); !kept.empty()) out += "  Not shown to them:\n" + kept;
        out += "\n";
    }
    return out;
}

}  // namespace

auto render_review(const Json& review, Instant at) -> std::string {
    const auto& held = review["submission"];
    const auto& now = review["now"];
    std::string out = alarms_of(now);
    if (!out.empty()) out += "\n";
    out += ink(Ink::strong, "A second person must look at this") + "  " + printable(review["decision_id"].text()) + "\n";
    out += "  Asked:      " + asked_words(held, review["recorded"]["links"]) + ", for " + code_words(printable(now["purpose"].text())) + "\n";
    out += "  By:         " + who_asks(held) + "\n" + time_lines(review, at) + "\n";
    out += ink(Ink::strong, "Why somebody must look") + "\n" + why_somebody_looks(now) + "\n";
    out += reasons_text(held) + stated(held);
    out += refused_now(now);
    if (const auto warnings = render_problems(now["warnings"], "  "); !warnings.empty())
        out += ink(Ink::warn, "Worth knowing") + "\n" + warnings + "\n";
    return out + copies(now);
}

}  // namespace cg::app
