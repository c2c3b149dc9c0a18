#include "gateway/app/render_decision.hpp"

#include "gateway/app/output.hpp"
#include "gateway/app/words.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

namespace cg::app {
namespace {

auto items(const Json& json) -> const JsonArray& {
    static const JsonArray none;
    const auto* array = json.if_array();
    return array != nullptr ? *array : none;
}

auto mark(std::string_view outcome) -> std::string {
    if (outcome == "PERMIT") return ink(Ink::good, "YES   ");
    if (outcome == "REVIEW") return ink(Ink::warn, "LOOK  ");
    return ink(Ink::bad, "NO    ");
}

auto obligation_lines(const Json& obligations, std::string_view indent) -> std::string {
    std::string out;
    for (const auto& obligation : items(obligations)) {
        const auto words = obligation["text"].text().empty() ? code_words(obligation["type"].text())
                                                             : std::string{obligation["text"].text()};
        auto text = "> " + printable(words);
        const auto due = parse_instant(obligation["due"].text());
        if (due.has_value()) text += " (by " + spoken(due.value()) + ")";
        out += wrapped(text, indent);
    }
    return out;
}

/// What is no fault and yet worth a look before sending (NE-2): one line for each kind, with its places.
auto note_lines(const Json& notes, std::string_view indent) -> std::string {
    std::vector<std::pair<std::string, std::string>> lines;
    for (const auto& note : items(notes)) {
        auto words = note_words(note["code"].text());
        auto line = std::ranges::find(lines, words, &std::pair<std::string, std::string>::first);
        if (line == lines.end()) line = lines.insert(lines.end(), {std::move(words), {}});
        line->second += (line->second.empty() ? "" : ", ") + printable(note["pointer"].text());
    }
    std::string out;
    for (const auto& [words, places] : lines) out += wrapped("i " + words + ".  (" + places + ")", indent);
    return out;
}

/// Somebody who is told something, and given nothing of a case.
auto told_line(const Json& recipient) -> std::string {
    const bool told = !recipient["mid"].text().empty();
    return "  " + std::string{told ? "TOLD  " : "      "} + ink(Ink::strong, printable(recipient["to"].text())) +
           (told ? ": is sent this answer, and nothing of a case\n" : "\n");
}

auto recipient_block(const Json& recipient, const RenderOptions& options) -> std::string {
    const auto outcome = recipient["outcome"].text();
    std::string out = "  " + mark(outcome) + ink(Ink::strong, printable(recipient["to"].text()));
    const auto released = recipient["released"].size();
    const auto withheld = recipient["withheld"].size();
    if (outcome == "PERMIT")
        out += ": gets " + counted(released, "value") + (withheld == 0 ? "" : ", and not these:") + "\n" +
               render_withheld(recipient, "          ", options);
    else
        out += outcome == "REVIEW" ? ": a person must look first\n" : ": gets nothing\n";
    return out + render_problems(recipient["problems"], "        ", options) + note_lines(recipient["notes"], "        ") +
           obligation_lines(recipient["obligations"], "        ");
}

}  // namespace

auto render_withheld(const Json& recipient, std::string_view indent, const RenderOptions& options) -> std::string {
    std::map<std::pair<std::string, std::string>, std::pair<std::size_t, std::string>> counts;
    for (const auto& item : items(recipient["withheld"])) {
        auto& [count, rule] = counts[{std::string{item["reason"].text()}, std::string{item["group"].text()}}];
        // An answer lists each value; a record counts them by rule.
        count += static_cast<std::size_t>(item["count"].integer_or(1));
        rule = item["rule"].text();
    }
    std::string out;
    for (const auto& [key, value] : counts) {
        const auto rule = options.rules ? "  [" + value.second + "]" : std::string{};
        out += wrapped("- " + group_words(key.second) + " (" + counted(value.first, "value") +
                           "): " + reason_words(key.first) + rule,
                       indent);
    }
    return out;
}

auto render_problems(const Json& problems, std::string_view indent, const RenderOptions& options) -> std::string {
    std::vector<std::pair<std::string, std::string>> lines;  // what to do, and where
    for (const auto& problem : items(problems)) {
        // A record keeps the code of a problem; the words are the answer's.
        auto words = printable(problem["fix"].text().empty() ? problem["type"].text() : problem["fix"].text());
        if (options.rules) words += "  [" + std::string{problem["type"].text()} + "]";
        auto line = std::ranges::find(lines, words, &std::pair<std::string, std::string>::first);
        if (line == lines.end()) line = lines.insert(lines.end(), {std::move(words), {}});
        if (const auto place = printable(problem["pointer"].text()); !place.empty())
            line->second += (line->second.empty() ? "" : ", ") + place;
    }
    std::string out;
    for (const auto& [words, places] : lines)
        out += wrapped("* " + words + (places.empty() ? "" : "  (" + places + ")"), indent);
    return out;
}

auto shares_nothing(std::string_view action) -> bool {
    static constexpr std::array<std::string_view, 5> answers{"no-share", "considering", "advised", "outcome",
                                                             "consent-withdrawn"};
    return std::ranges::find(answers, action) != answers.end();
}

auto all_permit(const Json& decision) -> bool {
    const auto& recipients = items(decision["recipients"]);
    return !recipients.empty() &&
           std::ranges::all_of(recipients, [](const Json& one) { return one["outcome"].text() == "PERMIT"; });
}

auto render_decision(const Json& decision, const RenderOptions& options) -> std::string {
    std::string out;
    for (const auto& line : items(decision["instructions"]))
        out += wrapped(ink(Ink::strong, printable(line.text())), "  ");
    out += "  " + ink(Ink::faint, "Purpose: ") + code_words(printable(decision["purpose"].text())) +
           ink(Ink::faint, "   Policy: ") + printable(decision["pack"]["id"].text()) + " " +
           printable(decision["pack"]["version"].text()) + "\n";
    const bool told_only = shares_nothing(decision["action"].text());
    for (const auto& recipient : items(decision["recipients"]))
        out += told_only ? told_line(recipient) : recipient_block(recipient, options);
    if (const auto whole = render_problems(decision["problems"], "        ", options); !whole.empty())
        out += "  " + ink(Ink::warn, "A person must look first") + "\n" + whole;
    if (const auto warnings = render_problems(decision["warnings"], "        ", options); !warnings.empty())
        out += "  " + ink(Ink::warn, "Worth knowing") + "\n" + warnings;
    if (const auto mine = obligation_lines(decision["obligations"], "        "); !mine.empty())
        out += "  " + ink(Ink::strong, "What you still have to do") + "\n" + mine;
    if (!told_only && !all_permit(decision) && decision["what_would_change"].size() > 0) {
        out += "  " + ink(Ink::strong, "What would change the answer") + "\n";
        for (const auto& line : items(decision["what_would_change"]))
            out += wrapped("- " + printable(line.text()), "        ");
    }
    return out;
}

}  // namespace cg::app
