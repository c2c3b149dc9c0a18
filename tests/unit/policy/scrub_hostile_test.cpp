// What people do to names and numbers that is in no list of ways: each must be replaced, or shown to the sender.
#include <gtest/gtest.h>

#include "policy/compiled.hpp"
#include "policy/scrub.hpp"
#include "policy/scrub_rules.hpp"
#include "support.hpp"

namespace cg::policy {
namespace {

using namespace cg::policy::testing;

auto scrubbed(const Json& tree, const std::string& text) -> ScrubResult {
    return scrub(tree, {{"/advice/question", text}}, {*example_pack().compiled().scrub, parse_date("2026-03-03").value(), {}});
}
auto robin() -> Json {
    return parse_json(R"({"child": {"id": "ch1", "given_names": "Robin", "family_name": "Testcase", "date_of_birth": "2019-05-14",
        "nhs_number": "9990001006"},
        "people": [{"id": "p1", "relationship": "mother", "name": "Sam Testcase", "phone": "07700 900123", "date_of_birth": "1994-02-03"},
                   {"id": "p2", "relationship": "parents-partner", "name": "Jordan Sample"}]})")
        .value();
}

/// Text with «what identifies» in it: of that nothing stays in clear, but for what is shown to the sender.
struct Outcome3 {
    std::string scrubbed, left;  ///< left: what is readable and was not shown
};
auto is_readable(char c) -> bool {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80U;
}
auto hidden(const Json& tree, std::string text) -> Outcome3 {
    const std::string open_mark{"«"}, close_mark{"»"};
    const auto begin = text.find(open_mark);
    text.erase(begin, open_mark.size());
    const auto end = text.find(close_mark);
    text.erase(end, close_mark.size());
    const auto out = scrubbed(tree, text);
    Outcome3 result{out.texts[0], {}};
    // Between the words around it stand tokens, and what was left.
    const auto before = text.substr(0, begin), after = text.substr(end);
    const auto& got = out.texts[0];
    if (!got.starts_with(before) || !got.ends_with(after)) return {got, "the words around it changed"};
    auto middle = got.substr(begin, got.size() - begin - after.size());
    for (auto at = middle.find('['); at != std::string::npos; at = middle.find('[', at)) middle.erase(at, middle.find(']', at) + 1 - at);
    const bool shown_whole = std::ranges::any_of(out.leftovers, [&](const Leftover& l) { return l.offset <= begin && l.offset + l.length >= end; });
    if (shown_whole) return result;
    std::size_t shown = 0;
    for (const auto& l : out.leftovers) {
        const auto from = std::max(l.offset, begin), to = std::min(l.offset + l.length, end);
        if (from < to) shown += static_cast<std::size_t>(std::ranges::count_if(text.substr(from, to - from), is_readable));
    }
    const auto readable = static_cast<std::size_t>(std::ranges::count_if(middle, is_readable));
    if (readable > shown && middle != "s" && middle != "'s") result.left = middle;
    return result;
}

class Hidden : public ::testing::TestWithParam<const char*> {};
TEST_P(Hidden, nothing_that_identifies_stays_in_clear_unseen) {
    const auto out = hidden(robin(), GetParam());
    EXPECT_EQ(out.left, "") << GetParam() << " → " << out.scrubbed;
}

INSTANTIATE_TEST_SUITE_P(Signs, Hidden,
                         ::testing::Values("We know that «r🙂obin» came.", "We know that «r🙂o🙂b🙂i🙂n» came.", "We know that «r❤️o❤️b❤️i❤️n» came.",
                                           "We know that «ro★bin» came.", "We know that «🇷🇴🇧🇮🇳» came.", "We know that «r⃝o⃝b⃝i⃝n⃝» came.",
                                           "We know that «⒭⒪⒝⒤⒩» came.", "We know that «⠗⠕⠃⠊⠝» came.", "We know that «ɹoqᴉu» came.",
                                           "Ring «0⃣7⃣7⃣0⃣0⃣9⃣0⃣0⃣1⃣2⃣3⃣» at night.", "Number «⒐⒐⒐⓪⓪⓪①⓪⓪⒍» was given."));

TEST(Scrub, a_sign_behind_a_name_is_no_letter_of_it) {
    EXPECT_EQ(scrubbed(robin(), "Both Robin™ and Robin® and Robin🙂 came.").texts[0], "Both [CHILD]™ and [CHILD]® and [CHILD]🙂 came.");
}
TEST(Scrub, letters_that_nobody_sees_are_read) {
    // "robin" in tag characters
    const std::string unseen{"\U000E0072\U000E006F\U000E0062\U000E0069\U000E006E"};
    EXPECT_EQ(scrubbed(robin(), "We saw " + unseen + " there.").texts[0], "We saw [CHILD] there.");
}

}  // namespace
}  // namespace cg::policy
