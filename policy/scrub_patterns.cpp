#include "policy/scrub_patterns.hpp"

#include "policy/fold.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <deque>
#include <optional>

namespace cg::policy {
namespace {

/// After everything of the gazetteer: where both fit equally, the case's own word is the better one.
constexpr std::uint32_t pattern_rank = 1'000'000;
constexpr std::size_t context_reach = 48;

struct Match {
    std::size_t begin, end;
};
struct Finder {
    const FoldedText& text;
    const ScrubRules& rules;

    /// Does one of these words stand shortly before?
    [[nodiscard]] auto follows(const WordSet& words, std::size_t at) const -> bool {
        const auto begin = at > context_reach ? at - context_reach : 0;
        std::string word;
        for (auto i = begin; i <= at && i <= text.size(); ++i) {
            if (i < at && text.is(i, fold_letter)) {
                word.push_back(text.text[i]);
                continue;
            }
            if (words.contains(word)) return true;
            word.clear();
        }
        return false;
    }
    [[nodiscard]] auto word_before(std::size_t at) const -> bool { return at > 0 && text.is_word(at - 1); }
    [[nodiscard]] auto word_after(std::size_t at) const -> bool { return at < text.size() && text.is_word(at); }
    [[nodiscard]] auto whole(const Match& m) const -> bool { return !word_before(m.begin) && !word_after(m.end); }
    [[nodiscard]] auto part(const Match& m) const -> std::string_view {
        return std::string_view{text.text}.substr(m.begin, m.end - m.begin);
    }
};

using Test = bool (*)(const Finder&, const Match&);

auto anywhere(const Finder&, const Match&) -> bool {
    return true;
}
auto is_whole(const Finder& finder, const Match& m) -> bool {
    return finder.whole(m);
}
auto count_digits(std::string_view text) -> std::size_t {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; }));
}
/// "on 21st" and "at 9 5th" are no postcodes.
auto is_postcode(const Finder& finder, const Match& m) -> bool {
    if (!finder.whole(m)) return false;
    const auto part = finder.part(m);
    if (part.find_first_of(" \n.-") == std::string_view::npos) return true;
    const auto area = part.substr(0, part.find_first_not_of("abcdefghijklmnopqrstuvwxyz"));
    const bool glued = part[area.size()] >= '0' && part[area.size()] <= '9';
    if (glued) return true;
    const auto last = part.substr(part.size() - 2);
    return !finder.rules.everyday.contains(area) && last != "th" && last != "st" && last != "nd" && last != "rd";
}
auto is_ni(const Finder& finder, const Match& m) -> bool {
    // Two letters before: the number's, not the end of a word.
    return !(m.begin > 0 && finder.text.is(m.begin - 1, fold_letter)) && !finder.word_after(m.end);
}
auto is_upn(const Finder& finder, const Match& m) -> bool {
    // "PNC 2099/0000001G": the C is not the number's.
    if (!finder.text.is(m.begin + 1, fold_digit) && finder.word_before(m.begin)) return false;
    return !finder.word_after(m.end) && (!finder.word_before(m.begin) || finder.text.is(m.begin - 1, fold_letter));
}
auto is_handle(const Finder& finder, const Match& m) -> bool {
    return m.begin == 0 || (!finder.text.is_word(m.begin - 1) && finder.text.text[m.begin - 1] != '.');
}
auto is_vehicle(const Finder& finder, const Match& m) -> bool {
    const auto part = finder.part(m);
    if (!finder.whole(m)) return false;
    if (finder.follows(finder.rules.vehicle_words, m.begin)) return true;
    // The present style is like nothing else, unless it reads "on 12 may".
    const auto area = part.substr(0, 2);
    return part.size() >= 7 && !finder.rules.common.contains(area) && part[2] >= '0' && part[2] <= '9' &&
           !finder.rules.common.contains(part.substr(part.size() - 3)) && finder.text.is(m.begin, fold_upper);
}
auto after_vehicle(const Finder& finder, const Match& m) -> bool {
    return finder.whole(m) && count_digits(finder.part(m)) >= 1 && finder.follows(finder.rules.vehicle_words, m.begin);
}
auto after_reference(const Finder& finder, const Match& m) -> bool {
    return finder.whole(m) && count_digits(finder.part(m)) >= 2 && finder.follows(finder.rules.reference_words, m.begin);
}
auto is_reference(const Finder& finder, const Match& m) -> bool {
    return finder.whole(m) && count_digits(finder.part(m)) >= 3;
}
auto is_ip(const Finder& finder, const Match& m) -> bool {
    return finder.whole(m) && std::ranges::count(finder.part(m), ':') != 1;
}

struct Pattern {
    std::string_view kind, token, expression;
    Test test;
};

// Over folded text: small letters, plain quotes and dashes. What a test may refuse is bounded: a match that is refused is looked
// for again from its next character, and must not reach to the end of the text each time.
constexpr std::array patterns{
    Pattern{"pattern:url", "[LINK]", R"((?:https?|ftp)\s?:\s?//[^\s<>"]+|www\.[^\s<>"]+)", &anywhere},
    Pattern{"pattern:url", "[LINK]",
            R"([a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){0,5}\.(?:com|org|net|info|uk|io|me|tv|app|test|example|invalid|localhost|eu|ie|de|fr|pl)(?:/[^\s<>"]*)?)",
            &is_whole},
    Pattern{"pattern:email", "[EMAIL]",
            R"([^\s@<>()\[\],;:"]+\s{0,2}@\s{0,2}[a-z0-9][^\s@<>()\[\],;:"]*\s?\.\s?[a-z]{2,})", &anywhere},
    Pattern{"pattern:email", "[EMAIL]",
            R"([^\s@<>()\[\],;:"]+\s?[(\[]\s?at\s?[)\]]\s?[a-z0-9][a-z0-9.-]*(?:\s?[(\[]\s?dot\s?[)\]]\s?[a-z0-9-]+)*)", &anywhere},
    Pattern{"pattern:email", "[EMAIL]", R"([a-z0-9._+-]+ at [a-z0-9-]+(?: dot [a-z]{2,})+)", &anywhere},
    Pattern{"pattern:email", "[EMAIL]", R"([^\s@<>()\[\],;:"]+@[a-z0-9][a-z0-9.-]*)", &anywhere},
    Pattern{"pattern:handle", "[HANDLE]", R"(@\s?[a-z0-9_][a-z0-9_.-]+)", &is_handle},
    Pattern{"pattern:handle", "[HANDLE]",
            R"((?:snap|snapchat|insta|instagram|tiktok|facebook|fb|twitter|discord|roblox|xbox|psn|gamertag|username|user name|whatsapp|handle)(?: (?:name|user|account|id|handle|is|was|as|called|under))*\s?[:= ]\s?["']?([a-z0-9_.]*[0-9_][a-z0-9_.]*))",
            &anywhere},
    Pattern{"pattern:ip", "[NUMBER]", R"((?:[0-9]{1,3}\s?\.\s?){3}[0-9]{1,3})", &is_whole},
    Pattern{"pattern:ip", "[NUMBER]", R"((?:[0-9a-f]{1,4}::?){3,7}[0-9a-f]{1,4})", &is_ip},
    Pattern{"pattern:postcode", "[POSTCODE]",
            R"([a-z]{1,2}[\s.-]{0,2}[0-9][a-z0-9]?[\s.-]{0,3}[0-9][\s.-]{0,2}[abd-hjlnp-uw-z][\s.-]?[abd-hjlnp-uw-z])", &is_postcode},
    Pattern{"pattern:postcode", "[POSTCODE]", R"(gir\s?0aa)", &is_whole},
    Pattern{"pattern:ni", "[NUMBER]", R"([a-z][\s.-]?[a-z](?:[\s./-]{0,3}[0-9]){6}(?:[\s./-]{0,3}[a-d])?)", &is_ni},
    Pattern{"pattern:upn", "[NUMBER]", R"([a-z](?:[\s./-]{0,3}[0-9]){11}[\s./-]{0,3}[0-9a-z])", &is_upn},
    Pattern{"pattern:pnc", "[NUMBER]", R"([0-9]{2,4}\s{0,2}[/\\-]\s{0,2}(?:[0-9]\s?){1,7}[a-z])", &is_whole},
    Pattern{"pattern:cro", "[NUMBER]", R"(sf\s?[0-9]{2}\s?[/\\-]\s?[0-9]{1,6}\s?[a-z])", &is_whole},
    Pattern{"pattern:cro", "[NUMBER]", R"((?:[0-9]\s?){1,6}[/\\]\s?[0-9]{2}\s?[a-z])", &is_whole},
    Pattern{"pattern:vehicle", "[VEHICLE]", R"([a-z]{2}\s?[0-9]{2}[\s-]?[a-z]{3})", &is_vehicle},
    Pattern{"pattern:vehicle", "[VEHICLE]", R"([a-z]{1,3}\s?[0-9]{1,4}\s?[a-z]{0,3}|[0-9]{1,4}\s?[a-z]{1,3})", &after_vehicle},
    Pattern{"pattern:reference", "[NUMBER]", R"([a-z]{1,6}\s?[-/_]\s?[0-9][a-z0-9]{0,40}(?:[-/_][a-z0-9]{1,40}){0,5})", &is_reference},
    Pattern{"pattern:reference", "[NUMBER]", R"([a-z0-9]{1,40}(?:[-/_.][a-z0-9]{1,40}){1,6})", &after_reference},
    Pattern{"pattern:reference", "[NUMBER]", R"([a-z]{0,4}[0-9][0-9a-z]{2,40}|[0-9]{2}[\s-][0-9]{2}[\s-][0-9]{2})", &after_reference},
    Pattern{"pattern:reference", "[NUMBER]", R"([0-9]{1,20}\s?/\s?[0-9]{3,40}(?:\s?/\s?[0-9]{1,20})?|[0-9]{1,20}/[0-9]{1,20}/[0-9]{1,20})", &is_reference},
    Pattern{"pattern:ods", "[NUMBER]", R"([a-z][0-9]{5})", &is_whole},
};

struct Compiled {
    Compiled() {
        RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(16 << 20);
        for (const auto& pattern : patterns) {
            expressions.emplace_back(re2::StringPiece{pattern.expression.data(), pattern.expression.size()}, options);
            CG_ENSURE(expressions.back().ok());
        }
    }
    std::deque<RE2> expressions;
};

// ---- runs of digits ----

/// Digits with no more between them than people put between the groups of one number.
struct DigitRun {
    std::size_t begin, end, digits{0}, groups{0};
    bool plus{false}, zero{false}, spelled{true};
};
auto joins(char c) -> bool {
    return c == ' ' || c == '.' || c == '-' || c == '/' || c == '(' || c == ')' || c == '\n' || c == '_' || c == ',' || c == '*';
}

auto next_run(const FoldedText& text, std::size_t& at) -> std::optional<DigitRun> {
    while (at < text.size() && !text.is(at, fold_digit)) ++at;
    if (at == text.size()) return std::nullopt;
    DigitRun run{at, at};
    run.plus = at > 0 && (text.text[at - 1] == '+' || (at > 1 && text.text[at - 1] == '(' && text.text[at - 2] == '+'));
    run.zero = text.text[at] == '0';
    while (at < text.size()) {
        const auto group = at;
        while (at < text.size() && text.is(at, fold_digit)) ++at;
        run.digits += at - group;
        run.spelled = run.spelled && at - group == 1;
        ++run.groups;
        run.end = at;
        auto gap = at;
        while (gap < text.size() && gap - at < 3 && joins(text.text[gap])) ++gap;
        // A comma or a full stop before a space ends a sentence, not a group.
        const bool sentence = gap - at >= 2 && (text.text[at] == ',' || text.text[at] == '.') && text.text[at + 1] == ' ';
        if (gap == at || gap >= text.size() || !text.is(gap, fold_digit) || sentence) break;
        at = gap;
    }
    if (run.plus) --run.begin;
    return run;
}

/// o for 0, l for 1 inside a number are read by the gazetteer only: here nobody's number is known.
void find_digit_runs(const FoldedText& text, std::vector<ScrubSpan>& spans) {
    for (std::size_t at = 0;;) {
        const auto run = next_run(text, at);
        if (!run) return;
        const auto span = [&](std::string_view kind, std::string_view token) {
            spans.push_back({text.origin[run->begin], text.origin[run->end], pattern_rank + 50, kind, token});
        };
        const bool phone = run->plus || run->zero;
        if (run->spelled && run->digits < 10 && !phone) continue;  // the numbers of a list
        if (phone && run->digits >= 9 && run->digits <= 15)
            span("pattern:phone", "[PHONE]");
        else if (run->digits == 10)
            span("pattern:10-digit", "[NUMBER]");
        else if (run->digits >= 7)
            span("pattern:number", "[NUMBER]");
    }
}

}  // namespace

void find_patterns(const FoldedText& text, const ScrubRules& rules, std::vector<ScrubSpan>& spans) {
    static const Compiled compiled;
    const Finder finder{text, rules};
    const re2::StringPiece whole{text.text.data(), text.text.size()};
    std::uint32_t number = 0;
    for (const auto& pattern : patterns) {
        const auto& expression = compiled.expressions[number];
        const auto rank = pattern_rank + number++;
        re2::StringPiece found[2];
        const int wanted = expression.NumberOfCapturingGroups() > 0 ? 2 : 1;
        for (std::size_t at = 0; at < text.size() && expression.Match(whole, at, whole.size(), RE2::UNANCHORED, found, wanted);) {
            const auto& part = found[wanted - 1];
            const auto begin = static_cast<std::size_t>(part.data() - whole.data());
            const Match match{begin, begin + part.size()};
            const bool good = pattern.test(finder, match);
            if (good)
                spans.push_back({text.origin[match.begin], text.origin[match.end], rank, pattern.kind, pattern.token});
            // What is refused may hold a match that begins later.
            at = good ? std::max(match.end, at + 1) : static_cast<std::size_t>(found[0].data() - whole.data()) + 1;
        }
    }
    find_digit_runs(text, spans);
}

auto TokenStore::keep(std::string token) -> std::string_view {
    tokens_.push_back(std::make_unique<std::string>(std::move(token)));
    return *tokens_.back();
}

auto is_masked(const std::vector<ScrubSpan>& spans, std::uint32_t begin, std::uint32_t end) -> bool {
    const auto it = std::ranges::partition_point(spans, [begin](const ScrubSpan& span) { return span.end <= begin; });
    return it != spans.end() && it->begin < end;
}

}  // namespace cg::policy
