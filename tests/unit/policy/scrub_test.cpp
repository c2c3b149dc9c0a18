// The scrubber: traps of names and numbers, one by one. Recall over a corpus: scrub_corpus_test.cpp.
#include <gtest/gtest.h>

#include "policy/compiled.hpp"
#include "policy/scrub.hpp"
#include "policy/scrub_rules.hpp"
#include "support.hpp"

namespace cg::policy {
namespace {

using namespace cg::policy::testing;

auto scrubbed(const Json& tree, const std::string& text, ByteView secret = {}) -> ScrubResult {
    return scrub(tree, {{"/advice/question", text, {}}}, {*example_pack().compiled().scrub, date_of(that_day), secret});
}
auto family() -> Json {
    return referral()["case"];
}

TEST(Scrub, says_who_and_not_what_they_are_called) {
    const auto out = scrubbed(family(), "Wren (Birdie L., W.L.) told Miss X that Dale’s grip hurt.");
    EXPECT_EQ(out.texts[0].substr(0, 33), "[CHILD] ([CHILD], [CHILD]) told M") << out.texts[0];
}

TEST(Scrub, the_worked_example_of_the_field) {
    const auto domain = read_text(std::string{CG_SHARED_DIR} + "/domain.md");
    if (domain.empty()) GTEST_SKIP() << "the description of the field is not here";
    const auto block = [&domain](std::string_view from, std::string_view mark) {
        const auto start = domain.find(from);
        const auto open = domain.find(mark, start) + mark.size() + 1;
        return domain.substr(open, domain.find("```", open) - open - 1);
    };
    const auto tree = parse_json(block("### 4.2 The case message", "```json")).value();
    const auto in = block("**Input narrative**", "```text"), wanted = block("**Scrubbed** [C]", "```text");
    const auto out = scrub(tree, {{"/case/concerns/0/text", in, {}}}, {*example_pack().compiled().scrub, parse_date("2026-03-03").value(), {}});
    EXPECT_EQ(out.texts[0], wanted);
    ASSERT_EQ(out.leftovers.size(), 1);
    EXPECT_EQ(in.substr(out.leftovers[0].offset, out.leftovers[0].length), "Bea");
    EXPECT_EQ(out.replacements.at("gazetteer:name"), 9U);
    EXPECT_EQ(out.replacements.at("pattern:date"), 2U);
}

auto family_named(const char* given, const char* surname) -> Json {
    auto tree = Json::object({{"child", Json::object({{"given_names", given}})}});
    if (*surname != 0) tree.find("child")->set("family_name", surname);
    return tree;
}

TEST(Scrub, trap_a_name_with_an_apostrophe) {
    const auto tree = family_named("Orla", "O'Dowda");
    for (const auto* written : {"O'Dowda", "O\u2019Dowda", "ODowda", "O Dowda", "o'dowda", "O&#39;Dowda", "O\u02BCDowda", "O'DOWDA"})
        EXPECT_EQ(scrubbed(tree, std::string{"We saw "} + written + " there.").texts[0], "We saw [CHILD] there.") << written;
    EXPECT_EQ(scrubbed(tree, "It was O\u2019Dowda\u2019s coat.").texts[0], "It was [CHILD]'s coat.");
}
TEST(Scrub, trap_a_name_of_one_letter) {
    const auto tree = family_named("X", "Quell");
    EXPECT_EQ(scrubbed(tree, "We saw X there, and X Quell, and x-rays.").texts[0], "We saw [CHILD] there, and [CHILD], and x-rays.");
}
TEST(Scrub, trap_no_surname) {
    EXPECT_EQ(scrubbed(family_named("Sukarto", ""), "SUKARTO and Sukarto\u2019s aunt.").texts[0], "[CHILD] and [CHILD]'s aunt.");
}
TEST(Scrub, trap_a_name_in_another_script) {
    const auto russian = family_named("Вера", "Соколова"), chinese = family_named("小明", "王"), arabic = family_named("ليلى", "حداد");
    EXPECT_EQ(scrubbed(russian, "We saw ВЕРА and вера.").texts[0], "We saw [CHILD] and [CHILD].");
    EXPECT_EQ(scrubbed(chinese, "她说小明在家。").texts[0].find("小明"), std::string::npos);
    EXPECT_EQ(scrubbed(arabic, "رأينا ليلى").texts[0].find("ليلى"), std::string::npos);
    EXPECT_FALSE(scrubbed(russian, "И ещё Ольга.").leftovers.empty()) << "other scripts wait for a person";
}
TEST(Scrub, trap_the_street_has_the_family_s_name) {
    auto tree = family();
    tree.find("child")->find("address")->set("line1", "9 Larkspur Lane");
    EXPECT_EQ(scrubbed(tree, "Larkspur Lane, where Wren Larkspur lives.").texts[0], "[ADDRESS], where [CHILD] lives.");
}
TEST(Scrub, trap_advice_that_quotes_a_school_motto) {
    const auto text = std::string{"The badge with the motto 'floreat salix semper' was torn."};
    const auto out = scrubbed(family(), text);
    ASSERT_EQ(out.leftovers.size(), 1U);
    EXPECT_EQ(text.substr(out.leftovers[0].offset, out.leftovers[0].length), "floreat salix semper");
    EXPECT_EQ(out.leftovers[0].why, "quotation");
}
TEST(Scrub, trap_a_name_that_is_a_word_of_every_sentence_is_shown_and_not_dropped) {
    const auto out = scrubbed(family_named("Will", "Quell"), "He will come, and Will Quell told Will.");
    EXPECT_EQ(out.texts[0], "He will come, and [CHILD] told [CHILD].");
    ASSERT_EQ(out.leftovers.size(), 1U);
    EXPECT_EQ(out.leftovers[0].offset, 3U);
}
TEST(Scrub, a_neighbour_who_is_the_source_is_the_neighbour) {
    auto tree = family();
    const auto& people = *tree["people"].if_array();
    const auto last = std::string{people.back()["name"].text()};
    (*tree.find("concerns")->if_array())[0].set("source_name", last);
    EXPECT_EQ(scrubbed(tree, last + " rang.").texts[0].find("[STAFF"), std::string::npos);
}

}  // namespace
}  // namespace cg::policy
