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
    return scrub(tree, {{"/advice/question", text, {}}}, {*example_pack().compiled().scrub, parse_date("2026-03-03").value(), {}});
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

auto of_robin(const std::string& text) -> std::string {
    return scrubbed(robin(), text).texts[0];
}

TEST(Scrub, a_birthday_without_its_year_is_no_number_of_days) {
    for (const auto* day : {"14 May", "14th May", "May 14th", "14th of May", "14/05", "14-5", "14 05", "the fourteenth of May", "May the fourteenth"}) {
        const auto text = of_robin(std::string{"Born on "} + day + ", we think.");
        EXPECT_NE(text.find("[BIRTHDAY]"), std::string::npos) << text;
        EXPECT_EQ(text.find("DAYS"), std::string::npos) << text;
    }
}
TEST(Scrub, a_date_of_birth_in_words_or_in_another_language_becomes_the_age) {
    for (const auto* day : {"the fourteenth of May twenty nineteen", "fourteenth May twenty-nineteen", "May the fourteenth, two thousand and nineteen",
                            "14 maja 2019", "14 de mayo de 2019", "le 14 mai 2019", "14 Mayıs 2019", "14 мая 2019", "14th of the fifth 2019", "14-v-2019",
                            "day 14 month 5 year 2019", "14 5 19", "May 14 19", "14th day of May 2019"}) {
        const auto text = of_robin(std::string{"Born on "} + day + ", we think.");
        EXPECT_NE(text.find("[AGE 5-7]"), std::string::npos) << text;
        EXPECT_EQ(text.find_first_of("0123456789", 7), text.find("5-7")) << text;
    }
    EXPECT_EQ(of_robin("Born the third of February nineteen ninety-four."), "Born the [AGE 26-40].");
}
TEST(Scrub, a_year_in_words_counts) {
    EXPECT_EQ(of_robin("It began on the second of February twenty twenty."), "It began on the [6 YEARS EARLIER].");
    EXPECT_EQ(of_robin("It began on the second of February twenty sixteen."), "It began on the [10 YEARS EARLIER].");
    EXPECT_EQ(of_robin("It began on the second of March twenty twenty-six."), "It began on the [1 DAY EARLIER].");
}
TEST(Scrub, a_verb_is_no_month) {
    for (const auto* text : {"Telling the parents first may put her at risk.", "A second may follow.", "They march 3 times round the hall.",
                             "march 3 times round the hall", "The third march was loud."})
        EXPECT_EQ(of_robin(text), text);
    EXPECT_EQ(of_robin("We met on 3rd may and on the second of march."), "We met on [304 DAYS EARLIER] and on the [1 DAY EARLIER].");
}
TEST(Scrub, an_age_in_years_and_months_is_one_age) {
    for (const auto* age : {"6 years and 9 months old", "6 years, 9 months old", "6 yrs 9 mths old", "six years and nine months old", "6 1/2 years old",
                            "6½ years old", "six and three quarters years old", "aged 6 years and 9 months"})
        EXPECT_EQ(of_robin(std::string{"A child "} + age + "."), "A child [AGE 5-7].");
    EXPECT_EQ(of_robin("She is 6 years and 9 months."), "She is [AGE 5-7].");
    EXPECT_EQ(of_robin("aged sixteen, or aged four"), "[AGE 16-17], or [AGE 3-4]");
    EXPECT_EQ(of_robin("In care for 2 years and 3 months."), "In care for 2 years and 3 months.");
}
INSTANTIATE_TEST_SUITE_P(Strangers, Hidden,
                         ::testing::Values("After that Mrs «Walker» rang.", "After that mrs «hall» rang.", "We spoke with Karen «Walker» about it.",
                                           "We spoke with Ms. «Law» about it.", "His aunt «Carly» was there.", "He has a friend called «Chance» there.",
                                           "On the way «Manning» saw it.", "It was late. «Rose» said so.", "It was late, and «hope» said so.",
                                           "IT WAS LATE AND «MARK» HIT HIM", "I heard that «kayleigh» did it, and i think so.",
                                           "After that we heard that «kev» did it.", "We asked «JordanBloggs» about it.", "We saw «Robin%2DTestcase» there.",
                                           "The door of «14smith» was open."));
INSTANTIATE_TEST_SUITE_P(NearlyNames, Hidden,
                         ::testing::Values("We think «robyn» did it.", "We think «robbin» did it.", "We think «roibn» did it.", "We think «rbin» did it.",
                                           "We think «jordon» did it.", "We think «testcsae» did it.", "We think «rtestcase» did it.",
                                           "We think «robint» did it.", "We think «xxrobinxx» did it.", "We think «mrjordan» did it.",
                                           "We think «#justiceforrobin» did it.", "We think snapchat «robintestyy» did it.",
                                           "We think «ro bin» did it.", "We think «Ro\nbin» did it.", "We think «r()bin» did it.",
                                           "We think «r -- o -- b -- i -- n» did it.", "We think «j0rd4n» did it.", "We think «S4m» did it.",
                                           "We think «$am» did it.", "We think «R0b!n» did it.", "We think «t3stc4se» did it."));
auto family_of(const char* json) -> Json {
    return parse_json(json).value();
}
TEST(Scrub, a_name_that_is_a_thing_stays_a_thing_and_is_shown) {
    const auto tree = family_of(R"({"child": {"given_names": "Rose", "family_name": "Old"},
        "people": [{"id": "p1", "relationship": "father", "name": "Mark Black"}, {"id": "p2", "relationship": "mother", "name": "Will"}]})");
    const auto out = scrubbed(tree, "The grip left a mark and a black eye, an old one. We hope he will stop. Mark and rose left; they left marks.");
    EXPECT_EQ(out.texts[0], "The grip left a mark and a black eye, an old one. We hope he will stop. [FATHER] and [CHILD] left; they left [FATHER].");
    EXPECT_EQ(out.leftovers.size(), 4U);  // mark, black, old, will
}
TEST(Scrub, names_are_found_in_every_part_and_script) {
    const auto tree = family_of(R"({"child": {"given_names": "Mary Jane", "family_name": "O'Neill-Smith"},
        "people": [{"id": "p1", "relationship": "mother", "name": "Вера Соколова"}]})");
    EXPECT_EQ(scrubbed(tree, "See maryjane, oneill, Ms O'Neill, vera and Sokolova.").texts[0], "See [CHILD], [CHILD], [CHILD], [MOTHER] and [MOTHER].");
}
TEST(Scrub, places_are_found_by_a_part_of_their_name_and_by_initials_in_small_letters) {
    const auto tree = family_of(R"({"child": {"address": {"line1": "Flat 3, Church Street", "town": "Little Thornbeck"},
        "education": {"setting": "St Petroc's Sample Primary School"}}})");
    EXPECT_EQ(scrubbed(tree, "He went from thornbeck to petroc and stpsps, not to petrocs.").texts[0],
              "He went from [TOWN] to [SCHOOL] and stpsps, not to [SCHOOL].");
    EXPECT_EQ(scrubbed(tree, "He is at spsps now.").texts[0], "He is at [SCHOOL] now.");
    const auto out = scrubbed(tree, "The flat near the church was dirty.");
    EXPECT_EQ(out.texts[0], "The flat near the church was dirty.");
    EXPECT_TRUE(out.leftovers.empty());
}
TEST(Scrub, a_case_that_is_too_large_to_look_for_is_shown_whole) {
    auto tree = robin();
    (*tree.find("people")->if_array())[0].set("name", "Sam " + std::string(500, 'x'));
    const std::string text{"nothing here"};
    const auto out = scrubbed(tree, text);
    ASSERT_EQ(out.leftovers.size(), 1U);
    EXPECT_EQ(out.leftovers[0].length, text.size());
}
TEST(Scrub, a_name_in_a_leaf_that_the_pack_adds_is_looked_for) {
    auto files = example_files();
    files["scrub.toml"] += "\n[[gazetteer]]\nform = \"person-name\"\nkind = \"name\"\nleaves = [\"/override/who_else\"]\n";
    const auto pack = load_pack(files).value();
    auto tree = robin();
    tree.set("override", Json::object({{"who_else", "Wilhelmina Quux"}}));
    const auto out = scrub(tree, {{"/advice/question", "ask wilhelmina", {}}}, {*pack->compiled().scrub, parse_date("2026-03-03").value(), {}});
    EXPECT_EQ(out.texts[0], "ask [PERSON]");
}
INSTANTIATE_TEST_SUITE_P(Spoken, Hidden,
                         ::testing::Values("Ring «oh double seven oh oh nine double oh one two three» then.",
                                           "Ring «zero seven seven zero zero nine zero zero one two three» then.", "Ring «07700 900 one two three» then.",
                                           "It is «nine nine nine, oh oh oh, one oh oh six» there.", "It is «triple nine triple oh one double oh six» there.",
                                           "IT IS «NINE NINE NINE ZERO ZERO ZERO ONE ZERO ZERO SIX» THERE",
                                           "It is «nine-nine-nine-zero-zero-zero-one-zero-zero-six» there.", "It is «999 triple zero one double zero six» there.",
                                           "It is «nine hundred and ninety nine, zero, one thousand and six» there."));
TEST(Scrub, amounts_are_no_numbers_of_anybody) {
    for (const auto* text : {"There were one, two or three of them, and five hundred pounds.", "Two of the three, aged nine to ten, and four others.",
                             "He counted one two three.", "In two thousand and nineteen it began.", "He owes three thousand two hundred."}) {
        const auto out = scrubbed(robin(), text);
        EXPECT_TRUE(out.leftovers.empty()) << text;
        EXPECT_EQ(out.texts[0].find("[NUMBER]"), std::string::npos) << text;
    }
}
/// Half a million characters that a careless search would walk again from each of them. No clock: what is not linear here takes
/// hours, and the time that a test may take ends it.
TEST(Scrub, no_text_and_no_case_makes_it_walk_in_circles) {
    const auto many = [](std::string_view piece) {
        std::string out;
        while (out.size() < 500'000) out += piece;
        return out;
    };
    auto tree = robin();
    tree.find("child")->set("la_child_id", "11111111");
    for (const auto* piece : {"1", "a.com1", "a-", "a-1/", "motto ", "Mark ", "on monday ", "aaaaaaa-1/", "a1", "@", "'", "may 1 ", "oh ", "&#", "robin ", "r o b i n ",
                              "x", "\U0001F642", "(", "first february ", "14 a "}) {
        const auto text = many(piece);
        EXPECT_EQ(scrubbed(tree, text).texts.size(), 1U) << piece;
    }
    Json people = Json::array(), concerns = Json::array();
    for (int i = 0; i < 20'000; ++i) {
        people.push(Json::object({{"id", "p" + std::to_string(i)}, {"relationship", "sibling"}, {"name", "Person" + std::to_string(i)}}));
        concerns.push(Json::object({{"source_name", "Source" + std::to_string(i)}}));
    }
    tree.set("people", std::move(people));
    tree.set("concerns", std::move(concerns));
    EXPECT_EQ(scrubbed(tree, "Nobody is here.").leftovers.size(), 1U) << "too many to look for: shown whole";
}
/// Each of these is found by one rule alone, so that none can go without a test.
TEST(Scrub, every_rule_has_a_spelling_that_it_alone_finds) {
    const auto tree = family_of(R"({"child": {"given_names": "Mary Ann", "family_name": "Quell",
        "address": {"line1": "7 Marchmont Crescent", "postcode": "ZZ47 7ZZ"}},
        "people": [{"id": "p1", "relationship": "mother", "name": "Tamsin Quell", "phone": "07700 900123"},
                   {"id": "p2", "relationship": "father", "name": "Jürgen Schäfer"}]})");
    const std::pair<const char*, const char*> spellings[] = {
        {"M.A.Q.", "[CHILD]"},          {"Tammy", "[MOTHER]"},          {"Juergen", "[FATHER]"},    {"schaefer", "[FATHER]"},
        {"Marchmont Cres", "[ADDRESS]"}, {"ZZ47", "[POSTCODE]"},         {"44 7700 900123", "[PHONE]"}, {"0044 7700 900123", "[PHONE]"},
        {"@nightrider", "[HANDLE]"},    {"ZZ12 ZZZ", "[VEHICLE]"},      {"1234567890", "[NUMBER]"}, {"Quell, Tamsin", "[MOTHER]"},
        {"TQuell", "[MOTHER]"},         {"GIR 0AA", "[POSTCODE]"},      {"rider at mail dot example", "[EMAIL]"}, {"SF97/12345L", "[NUMBER]"},
        {"www.social.zz/u now", "[LINK] now"},  {"C81001", "[NUMBER]"}};
    for (const auto& [written, token] : spellings)
        EXPECT_EQ(scrubbed(tree, std::string{"It was "} + written + ", they wrote.").texts[0], std::string{"It was "} + token + ", they wrote.") << written;
    EXPECT_EQ(scrubbed(tree, "It was 1234567890.").replacements.at("pattern:10-digit"), 1U);
}
TEST(Scrub, ordinary_words_with_capitals_are_no_strangers) {
    for (const auto* text : {"The Head Teacher and the Social Worker rang Children's Services.", "Mr and Mrs, and Miss, were late.", "Is it an Early Help matter?",
                             "Mum said: 'Stopped it'. Dad, too.", "She is at the Junior School, in Year 2, on the Key Stage 1 corridor.", "He was 3cm too tall at 10am on the 2nd.",
                             "A mark was seen. Hope this helps. Mark it.", "I think so. I said so."}) {
        const auto out = scrubbed(robin(), text);
        EXPECT_TRUE(out.leftovers.empty()) << text << " at " << (out.leftovers.empty() ? 0 : out.leftovers[0].offset);
    }
}
TEST(Scrub, a_number_and_a_year_are_no_birthday) {
    EXPECT_EQ(of_robin("Term 14 2019, and 14 in 2019."), "Term 14 [7 YEARS EARLIER], and 14 in [7 YEARS EARLIER].");
}
TEST(Scrub, a_month_with_a_short_year) {
    EXPECT_EQ(of_robin("It was in January '24 and May '19."), "It was in [2 YEARS EARLIER] and [7 YEARS EARLIER].");
}

}  // namespace
}  // namespace cg::policy
