// AD-7: identity in an advice message is impossible by construction. Property 8: in no folding of Unicode.
#include <gtest/gtest.h>

#include "policy/compiled.hpp"
#include "policy/fold.hpp"
#include "scrub_corpus.hpp"
#include "support.hpp"

#include <set>

namespace cg::policy {
namespace {

using namespace cg::policy::testing;

/// A generated family, its story as the words of a concern, and every doubt ticked: what a careless sender would let go.
auto careless(std::uint32_t number) -> Submission {
    const auto story = make_narrative(number);
    auto document = referral();
    document.set("purpose", "advice");
    set_recipients(document, {"advice.desk@exampleshire"});
    auto tree = story.case_tree;
    (*tree.find("concerns")->if_array())[0].set("text", story.text);
    (*tree.find("concerns")->if_array())[0].set("kind", "fact");
    tree.set("home_authority", "exampleshire");
    document.set("case", std::move(tree));
    document.set("advice", Json::object({{"question", "What about " + std::string{story.case_tree["child"]["given_names"].text()} + "?"}}));
    auto submission = parsed(std::move(document));
    const auto first = decide(example_pack(), example_pack().agencies(), submission, willow(), that_day, view_bytes(salt_text));
    for (const auto& l : first.advice->leftovers) submission.advice->ticks.push_back({l.pointer, l.offset, l.length, l.text_sha256});
    return submission;
}

void texts_in(const Json& value, std::string& out) {
    if (const auto* members = value.if_object())
        for (const auto& member : *members) texts_in(member.value, out);
    else if (const auto* items = value.if_array())
        for (const auto& item : *items) texts_in(item, out);
    else
        out.append(value.text()).append("\n");
}
auto without_tokens(std::string text) -> std::string {
    for (auto at = text.find('['); at != std::string::npos; at = text.find('[', at))
        text.erase(at, text.find(']', at) + 1 - at);
    return text;
}
auto words(const std::string& text) -> std::set<std::string> {
    const auto folded = fold(text, Lookalikes::read);
    std::set<std::string> out;
    std::string word;
    for (std::size_t i = 0; i <= folded.size(); ++i) {
        if (i < folded.size() && folded.is_word(i)) {
            word.push_back(folded.text[i]);
        } else if (!word.empty()) {
            out.insert(std::exchange(word, {}));
        }
    }
    return out;
}

TEST(Requirement, AD_7_no_advice_message_holds_an_identifier_of_its_case_in_any_folding) {
    for (std::uint32_t number = 0; number < 150; ++number) {
        const auto submission = careless(number);
        const auto out = decide(example_pack(), example_pack().agencies(), submission, willow(), that_day, view_bytes(salt_text));
        ASSERT_EQ(out.recipients[0].outcome, Outcome::permit) << number;
        std::string text;
        texts_in(out.recipients[0].view, text);
        const auto rest = without_tokens(text);
        const auto left = words(rest);
        const auto run = compact(rest, Lookalikes::read);
        const auto& tree = submission.case_tree;
        std::vector<std::string> names{std::string{tree["child"]["given_names"].text()}, std::string{tree["child"]["family_name"].text()}},
            numbers{std::string{tree["child"]["nhs_number"].text()}, std::string{tree["child"]["upn"].text()},
                    std::string{tree["case_ref"].text()}, std::string{tree["child"]["address"]["line1"].text()}};
        for (const auto& person : *tree["people"].if_array()) {
            names.emplace_back(person["name"].text());
            for (const auto* leaf : {"phone", "nino", "pnc_id", "nhs_number"}) numbers.emplace_back(person[leaf].text());
        }
        for (const auto& name : names)
            for (const auto& part : words(name)) {
                if (part.size() < 3) continue;  // "al" and "jo" are words of other things as well
                EXPECT_FALSE(left.contains(part)) << number << ": " << part << " in " << text;
            }
        for (const auto& value : numbers) {
            const auto wanted = compact(value, Lookalikes::read);
            if (wanted.size() < 5) continue;
            EXPECT_EQ(run.find(wanted), std::string::npos) << number << ": " << value << " in " << text;
        }
    }
}

TEST(Requirement, AD_7_the_possible_case_is_served_by_the_allow_list_and_nothing_the_sender_adds_reaches_it) {
    for (const auto* pointer : {"/notes", "/child/nickname", "/people/0/twitter", "/concerns/0/place", "/extra/deep/name"}) {
        auto document = referral();
        document.set("purpose", "advice");
        set_recipients(document, {"advice.desk@exampleshire"});
        document.find("case")->erase("attachments");
        document.set("advice", Json::object({{"question", "May we ask?"}}));
        set_at(document, pointer, "Quetzalcoatl");
        const auto out = decided(document);
        EXPECT_EQ(to_jcs(out.recipients[0].view).find("Quetzalcoatl"), std::string::npos) << pointer;
    }
}

}  // namespace
}  // namespace cg::policy
