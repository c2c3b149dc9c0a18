#include "gateway/app/render_letters.hpp"

#include "gateway/app/output.hpp"
#include "gateway/app/view_text.hpp"
#include "gateway/app/words.hpp"

#include <array>

namespace cg::app {
namespace {

auto items(const Json& json) -> const JsonArray& {
    static const JsonArray none;
    const auto* array = json.if_array();
    return array != nullptr ? *array : none;
}

auto headline(Ink colour, std::string_view text) -> std::string {
    return ink(colour, text) + "\n";
}
auto said(const Json& text) -> std::string {
    return wrapped(printable(text.text()), "  ");
}
auto you_can(std::initializer_list<std::string> lines) -> std::string {
    std::string out = "\n" + ink(Ink::strong, "What you can do") + "\n";
    for (const auto& line : lines) out += wrapped("- " + line, "  ");
    return out;
}
auto marking(const Json& view) -> std::string {
    return line_of("Marking", printable(view["handling"]["marking"].text()));
}

auto refusal(const Json& view) -> std::string {
    std::string out = headline(Ink::bad, "The answer to your request is no.") + said(view["said"]);
    out += line_of("Reason", listed(view["reasons"]));
    out += line_of("Your request", printable(view["request"].text()));
    const auto& contact = view["contact"];
    if (contact.is_object())
        out += line_of("Whom to ring about it", printable(contact["role"].text()) + ", " + printable(contact["phone"].text()));
    out += marking(view);
    return out + you_can({"A no does not mean that a child is safe. If you still fear for a child, act on what you know: "
                          "telephone the front door, or call 999 in immediate danger.",
                          "If you have more facts, ask again: `casegate request`, with `reconsiders` naming your first request's "
                          "decision. It is looked at anew.",
                          "Write down with whom you talked it over, and what came of it."});
}

auto holding(const Json& view) -> std::string {
    return headline(Ink::warn, "It takes more time: a person is looking at your request.") +
           line_of("Your request", printable(view["request"].text())) +
           you_can({"Nothing was decided yet, neither yes nor no. Do not wait with what protects a child.",
                    "`casegate report answers-due` says when an answer is late."});
}

auto asked_groups(const Json& asked) -> std::string {
    std::string out;
    for (const auto& group : items(asked)) out += (out.empty() ? "" : ", ") + group_words(printable(group.text()));
    return out;
}

auto request(const Json& view) -> std::string {
    const auto& requester = view["requester"];
    std::string out = headline(Ink::strong, "You are asked for information");
    out += line_of("By", printable(requester["role"].text()) + " of " + printable(requester["organisation"].text()));
    out += line_of("For", code_words(printable(view["purpose"].text())));
    out += line_of("Why", printable(view["why"].text()));
    out += line_of("What they need", asked_groups(view["asked"]));
    out += line_of("Legal basis", basis_words(view["basis"]["article6"].text()));
    out += line_of("Agreement", printable(view["policy"].text()));
    if (const auto before = view["reconsiders"].text(); !before.empty())
        out += line_of("They asked before", printable(before) + ": name your answer to that in `supersedes`");
    out += line_of("Answer by", moment_words(view["answer_by"])) + marking(view) + "\n";
    if (view["person"].is_object()) append_tree(out, "Whom they ask about", view["person"], 0);
    return out + you_can({"Answer with `casegate answer MESSAGE FILE`: yes with a submission/1, no with a no-share/1 and its "
                          "reasons, later with a holding-reply/1. Send it to " + printable(view["reply_to"].text()) + ".",
                          "Share what is needed and no more; the policy decides each field. A no needs reasons, and a talk "
                          "afterwards.",
                          "If the request itself worries you, it may be a concern of its own."});
}

auto correction_notice(const Json& view) -> std::string {
    return headline(Ink::bad, "DO NOT RELY ON " + printable(view["of"].text()) + " ANY MORE.") + said(view["said"]) +
           you_can({"Find where the earlier message was used, and mark it there as wrong.",
                    "Ring the sender if you have acted on it."});
}

auto consent_notice(const Json& view) -> std::string {
    return headline(Ink::bad, "Consent was taken back.") + said(view["said"]) +
           line_of("Case, as you know it", printable(view["case_ref"].text())) +
           line_of("Since", printable(view["withdrawn_on"].text())) +
           you_can({"Share nothing further on the strength of that consent.",
                    "If there is another lawful reason, such as a risk of significant harm, say so when you share."});
}

auto advice_reply(const Json& view) -> std::string {
    std::string out = headline(Ink::strong, "Advice on your question");
    out += line_of("From", printable(view["adviser"]["role"].text())) + "\n" + said(view["advice"]);
    out += "\n" + line_of("Your question", printable(view["request"].text()));
    if (!view["name_requested"].is_true())
        return out + you_can({"Write down what you decide, and why: `casegate no-share`, or `casegate convert` to refer."});
    return out + wrapped(ink(Ink::warn, "They ask for the name."), "  ") +
           you_can({"You decide. To disclose it, make a referral of the question: `casegate convert DECISION FILE`. A full "
                    "decision is made, and both are linked.",
                    "They have no other way to learn it."});
}

auto outcome(const Json& view) -> std::string {
    return headline(Ink::strong, "What was done with your message") + said(view["said"]) +
           line_of("Outcome", code_words(printable(view["outcome_code"].text()))) +
           line_of("Your message", printable(view["request"].text())) +
           you_can({"Keep it with the decision: `casegate outcome-record DECISION FILE`.",
                    "If you think that a child is still not safe, say so: ring them, or use your partnership's way of disagreeing."});
}

/// Day 0 is the day that the sender counts from: no date leaves.
auto day_words(const Json& day) -> std::string {
    if (day.is_null()) return {};
    const auto count = day.integer_or(0);
    if (count == 0) return ", day 0";
    return ", day " + std::string{count > 0 ? "+" : ""} + std::to_string(count);
}

auto advice(const Json& view) -> std::string {
    std::string out = headline(Ink::strong, "A question, without a name") + said(view["question"]) + "\n";
    const auto& child = view["child"];
    out += line_of("Child", printable(child["token"].text()) + ", age " + printable(child["age_band"].text()));
    out += line_of("Needs", listed(child["need"]));
    std::string around;
    for (const auto& person : items(view["people"])) around += (around.empty() ? "" : ", ") + printable(person.text());
    out += line_of("Around the child", around) + line_of("Risk, as the sender sees it", listed(view["risk_level"]));
    for (const auto& concern : items(view["concerns"])) {
        out += "  " + ink(Ink::strong, label(concern["kind"].text().empty() ? "concern" : concern["kind"].text())) +
               day_words(concern["day"]) + "\n" + wrapped(printable(concern["text"].text()), "    ");
    }
    out += line_of("Answer to their role", printable(view["reply_role"].text()));
    out += line_of("Consultation", printable(view["consultation"].text())) + marking(view);
    return out + you_can({"Answer with `casegate answer MESSAGE FILE` and an advice-reply/1. Words in square brackets stand for "
                          "people: the same word is the same person, in this consultation only.",
                          "Do not try to find out who it is. If you need the name, say so in the answer (`name_requested`): the "
                          "sender decides.",
                          "If a child is in danger, say that it must be referred now."});
}

struct Kind {
    std::string_view schema;
    std::string (*render)(const Json&);
};
constexpr std::array kinds{Kind{"refusal-reply/1", refusal},          Kind{"holding-reply/1", holding},
                           Kind{"request/1", request},                Kind{"correction-notice/1", correction_notice},
                           Kind{"consent-notice/1", consent_notice}, Kind{"advice-reply/1", advice_reply},
                           Kind{"outcome-reply/1", outcome},          Kind{"advice/1", advice}};

}  // namespace

auto render_letter(const Json& view) -> std::optional<std::string> {
    for (const auto& kind : kinds)
        if (view["schema"].text() == kind.schema) return kind.render(view);
    return std::nullopt;
}

}  // namespace cg::app
