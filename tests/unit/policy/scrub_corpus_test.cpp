// How much of what identifies people the scrubber finds, over narratives that the project makes; and that SCRUB.md says so.
#include <gtest/gtest.h>

#include "policy/compiled.hpp"
#include "policy/fold.hpp"
#include "policy/scrub.hpp"
#include "policy/scrub_rules.hpp"
#include "scrub_corpus.hpp"
#include "support.hpp"

#include <cstdlib>
#include <iomanip>
#include <sstream>

namespace cg::policy {
namespace {

using namespace cg::policy::testing;
constexpr std::uint32_t narratives = 800;

struct Count {
    std::size_t planted{0}, masked{0}, reported{0};
    [[nodiscard]] auto missed() const { return planted - masked - reported; }
};
struct Tally {
    std::map<std::string, Count> own, foreign, ways;
    Count own_total, foreign_total;
    std::size_t replaced_wrongly{0}, leftovers{0}, leftovers_rightly{0}, words{0};
    std::vector<std::string> misses;
};

/// Where every byte of the original went: replaced, or kept. The scrubber keeps what it does not replace in order, so the
/// kept pieces can be found again from the tokens.
auto kept_bytes(const std::string& text, const std::string& scrubbed) -> std::vector<bool> {
    // Longest common subsequence by greedy resynchronising on tokens: walk both; at a token, skip in the original to where
    // the text after the token continues.
    std::vector<bool> kept(text.size(), false);
    std::size_t i = 0, j = 0;
    while (j < scrubbed.size()) {
        if (i < text.size() && text[i] == scrubbed[j] && scrubbed[j] != '[') {
            kept[i++] = true;
            ++j;
            continue;
        }
        if (scrubbed[j] != '[') {  // an apostrophe that was curly
            while (i < text.size() && (static_cast<unsigned char>(text[i]) & 0x80U) != 0) ++i;
            ++j;
            continue;
        }
        const auto close = scrubbed.find(']', j) + 1;
        const auto next = scrubbed.find('[', close);
        auto follows = scrubbed.substr(close, next == std::string::npos ? std::string::npos : next - close);
        if (follows.empty()) {
            j = close;
            continue;
        }
        auto found = text.find(follows.substr(0, std::min<std::size_t>(follows.size(), 24)), i);
        if (found == std::string::npos) {  // after a token a curly apostrophe became plain
            follows.erase(0, 1);
            found = text.find(follows.substr(0, std::min<std::size_t>(follows.size(), 24)), i);
            j = close + 1;
        } else {
            j = close;
        }
        if (found == std::string::npos) return std::vector<bool>(text.size(), true);  // fail the test rather than guess
        i = found;
    }
    return kept;
}

void judge(const Narrative& story, const ScrubResult& out, Tally& tally) {
    const auto kept = kept_bytes(story.text, out.texts[0]);
    const auto reported = [&](std::size_t begin, std::size_t end) {
        return std::ranges::any_of(out.leftovers, [&](const Leftover& l) { return l.offset < end && l.offset + l.length > begin; });
    };
    for (const auto& planted : story.planted) {
        // What of it is still readable, but for white space and an s for "of"?
        std::string left;
        for (auto i = planted.begin; i < planted.end; ++i)
            if (kept[i]) left.push_back(story.text[i]);
        const auto folded = compact(left);
        const bool masked = folded.empty() || folded == "s";
        auto& count = (planted.of_the_case ? tally.own : tally.foreign)[planted.kind];
        auto& way = tally.ways[planted.how];
        auto& total = planted.of_the_case ? tally.own_total : tally.foreign_total;
        for (auto* one : {&count, &way, &total}) {
            ++one->planted;
            if (masked)
                ++one->masked;
            else if (reported(planted.begin, planted.end))
                ++one->reported;
        }
        if (!masked && (planted.of_the_case || !reported(planted.begin, planted.end)))
            tally.misses.push_back((planted.of_the_case ? "case " : "foreign ") + planted.kind + " (" + planted.how + "): '" +
                                   story.text.substr(planted.begin, planted.end - planted.begin) + "' in: " + out.texts[0]);
    }
    for (const auto& leftover : out.leftovers) {
        ++tally.leftovers;
        tally.leftovers_rightly += std::ranges::any_of(story.planted, [&](const Planted& p) { return leftover.offset < p.end && leftover.offset + leftover.length > p.begin; }) ? 1U : 0U;
    }
    // Words that no identifier stands in, and were taken out all the same.
    bool in_word = false, lost = false, planted_here = false;
    for (std::size_t i = 0; i <= story.text.size(); ++i) {
        const bool letter = i < story.text.size() && (std::isalnum(static_cast<unsigned char>(story.text[i])) != 0);
        if (letter) {
            in_word = true;
            lost = lost || !kept[i];
            planted_here = planted_here || std::ranges::any_of(story.planted, [i](const Planted& p) { return p.begin <= i && i < p.end; });
        } else if (in_word) {
            if (!planted_here) {
                ++tally.words;
                tally.replaced_wrongly += lost ? 1U : 0U;
            }
            in_word = lost = planted_here = false;
        }
    }
}

auto tally() -> const Tally& {
    static const Tally done = [] {
        Tally out;
        for (std::uint32_t i = 0; i < narratives; ++i) {
            const auto story = make_narrative(i);
            judge(story, scrub(story.case_tree, {{"/advice/question", story.text, {}}}, {*example_pack().compiled().scrub, parse_date("2026-03-03").value(), {}}), out);
        }
        return out;
    }();
    return done;
}

auto percent(std::size_t part, std::size_t whole) -> std::string {
    std::ostringstream out;
    out << std::fixed << std::setprecision(2) << (whole == 0 ? 100.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole)) << " %";
    return out.str();
}
void rows(std::ostream& out, const std::map<std::string, Count>& counts) {
    for (const auto& [kind, c] : counts)
        out << "| " << kind << " | " << c.planted << " | " << c.masked << " | " << c.reported << " | " << c.missed() << " | "
            << percent(c.masked + c.reported, c.planted) << " |\n";
}
constexpr const char* head = " | planted | replaced | shown to the sender | missed | found |\n| --- | --: | --: | --: | --: | --: |\n";

auto report() -> std::string {
    const auto& t = tally();
    std::ostringstream out;
    out << "<!-- From here on generated by tests/unit/policy/scrub_corpus_test.cpp, which fails when it is out of date. -->\n\n"
        << "Over " << narratives << " generated narratives (`tests/unit/policy/scrub_corpus.cpp`).\n\n"
        << "Identifiers of the case itself:\n\n| kind" << head;
    rows(out, t.own);
    rows(out, {{"**all**", t.own_total}});
    out << "\nIdentifiers of anybody else:\n\n| kind" << head;
    rows(out, t.foreign);
    rows(out, {{"**all**", t.foreign_total}});
    out << "\nBy the way they are written:\n\n| way" << head;
    rows(out, t.ways);
    out << "\nPrecision: " << t.replaced_wrongly << " of " << t.words << " words that belong to no identifier were replaced ("
        << percent(t.replaced_wrongly, t.words) << "); " << t.leftovers_rightly << " of " << t.leftovers
        << " places shown to the sender were identifiers (" << percent(t.leftovers_rightly, t.leftovers) << ").\n";
    return out.str();
}

TEST(ScrubCorpus, every_identifier_of_the_case_is_found) {
    std::size_t shown = 0;
    for (const auto& miss : tally().misses)
        if (miss.starts_with("case") && shown++ < 25) ADD_FAILURE() << miss;
    EXPECT_EQ(tally().own_total.masked, tally().own_total.planted) << "replaced, not only shown";
    EXPECT_GT(tally().own_total.planted, 3000U);
}

TEST(ScrubCorpus, the_measure_sees_what_is_missed) {
    Tally out;
    for (std::uint32_t i = 0; i < 20; ++i) {
        const auto story = make_narrative(i);
        ScrubResult nothing_done;
        nothing_done.texts = {story.text};
        judge(story, nothing_done, out);
    }
    EXPECT_EQ(out.own_total.missed(), out.own_total.planted);
    EXPECT_EQ(out.foreign_total.missed(), out.foreign_total.planted);
    EXPECT_EQ(out.replaced_wrongly, 0U);
}

TEST(ScrubCorpus, foreign_identifiers_are_found_at_99_in_100) {
    const auto& total = tally().foreign_total;
    std::size_t shown = 0;
    if (100 * total.missed() > total.planted)
        for (const auto& miss : tally().misses)
            if (miss.starts_with("foreign") && shown++ < 25) ADD_FAILURE() << miss;
    EXPECT_GE((total.masked + total.reported) * 100, total.planted * 99);
    EXPECT_GT(total.planted, 800U);
}

TEST(ScrubCorpus, the_published_table_is_true) {
    const auto path = source_dir + "/policy/SCRUB.md";
    const auto text = read_text(path);
    const auto mark = text.find("<!-- From here on generated");
    ASSERT_NE(mark, std::string::npos);
    if (std::getenv("CG_WRITE_TABLES") != nullptr) {
        std::ofstream{path, std::ios::binary} << text.substr(0, mark) << report();
        GTEST_SKIP() << "written anew";
    }
    EXPECT_EQ(text.substr(mark), report()) << "run with CG_WRITE_TABLES=1 to write it anew";
}

}  // namespace
}  // namespace cg::policy
