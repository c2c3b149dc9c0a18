// Properties over random cases, purposes and roles. The numbers are those of the domain notes; "Invariant" names are
// the design's own.
#include "policy/case_schema.hpp"
#include "policy/compiled.hpp"
#include "policy/fold.hpp"

#include <gtest/gtest.h>

#include <set>

#include "random_case.hpp"

namespace cg::policy::testing {
namespace {

template <class Property>
void holds_for_random_cases(Property property) {
    EXPECT_TRUE(rc::check(property));
}

TEST(Property1, ReleasedLeavesAreAmongTheRequiredAllowedAndMetConditions) {
    holds_for_random_cases([] {
        std::string to;
        const auto decision = decided(random_document(to));
        const auto& recipient = decision.recipients.at(0);
        for (const auto& leaf : recipient.released) RC_ASSERT(may_leave(cell_kind(recipient, decision.purpose, leaf)));
        for (const auto& leaf : case_leaves(recipient.view))
            RC_ASSERT(may_leave(cell_kind(recipient, decision.purpose, leaf)));
        if (recipient.outcome != Outcome::deny)
            RC_ASSERT(case_leaves(recipient.view).size() + (is_released(recipient, "/schema") ? 1 : 0) ==
                      recipient.released.size());
    });
}

TEST(Property2, NoForbiddenLeafEverAppears) {
    holds_for_random_cases([] {
        std::string to;
        const auto decision = decided(random_document(to));
        const auto& recipient = decision.recipients.at(0);
        for (const auto& leaf : case_leaves(recipient.view))
            RC_ASSERT(cell_kind(recipient, decision.purpose, leaf) != CellKind::forbid);
        for (const auto& leaf : recipient.withheld)
            if (cell_kind(recipient, decision.purpose, leaf.pointer) == CellKind::forbid)
                RC_ASSERT(leaf.reason == WithheldReason::forbidden);
    });
}

TEST(Property3, RemovingAnAllowedLeafNeverTurnsPermitIntoDeny) {
    holds_for_random_cases([] {
        std::string to;
        auto document = random_document(to);
        const auto before = decided(document);
        RC_PRE(before.recipients.at(0).outcome == Outcome::permit);
        std::vector<std::string> spare;
        for (const auto& leaf : before.recipients[0].released) {
            const auto kind = cell_kind(before.recipients[0], before.purpose, leaf);
            // What the gates ask of every concern and of every risk answer is required, whatever the table says.
            const bool asked = leaf.starts_with("/concerns/") || leaf.starts_with("/risk/");
            if ((kind == CellKind::allow || kind == CellKind::when) && !asked)
                spare.push_back(leaf);
        }
        RC_PRE(!spare.empty());
        remove_at(document, *rc::gen::elementOf(spare));
        RC_ASSERT(decided(document).recipients.at(0).outcome != Outcome::deny);
    });
}

TEST(Property4, AddingALeafAddsNothingOutsideTheAllowList) {
    holds_for_random_cases([] {
        std::string to;
        auto document = random_document(to);
        const auto before = decided(document);
        const auto where = *rc::gen::element<std::string>("", "/child", "/people/0", "/concerns/1", "/risk",
                                                          "/referrer", "/handling", "/child/address");
        const auto name =
            *rc::gen::element<std::string>("shoe_size", "purpose", "to", "view", "name2", "text2", "note", "*", "a~b");
        set_at(document, where + "/" + name, "SMUGGLED");
        const auto after = decided(document);
        RC_ASSERT(to_jcs(after.recipients[0].view).find("SMUGGLED") == std::string::npos);
        RC_ASSERT(case_leaves(after.recipients[0].view) == case_leaves(before.recipients[0].view));
    });
}

TEST(Property5, TheSameInputGivesTheSameBytes) {
    holds_for_random_cases([] {
        std::string to;
        const auto document = random_document(to);
        RC_ASSERT(to_jcs(to_json(decided(document), true)) == to_jcs(to_json(decided(document), true)));
    });
}

/// All recipients of a purpose.
auto recipients_of(const std::string& purpose) -> std::vector<std::string> {
    std::vector<std::string> out;
    for (const auto& address : every_address())
        if (address.purpose == purpose) out.push_back(address.to);
    return out;
}

TEST(Property6, NoViewHoldsALeafAllowedOnlyToAnotherRecipient) {
    holds_for_random_cases([] {
        const auto purpose = (*rc::gen::elementOf(every_address())).purpose;
        const auto document = random_document(purpose, recipients_of(purpose));
        const auto decision = decided(document);
        for (const auto& recipient : decision.recipients) {
            for (const auto& leaf : case_leaves(recipient.view))
                RC_ASSERT(may_leave(cell_kind(recipient, decision.purpose, leaf)));
            auto alone = document;
            set_recipients(alone, {recipient.to_text.c_str()});
            RC_ASSERT(case_leaves(decided(alone).recipients.at(0).view) == case_leaves(recipient.view));
        }
    });
}

TEST(Property7, AnEmergencyNeverReleasesMore) {
    holds_for_random_cases([] {
        std::string to;
        auto document = random_document(to);
        const auto withheld = [&](const char* urgency) {
            set_at(document, "/timing/urgency", urgency);
            std::set<std::string> out;
            const auto decision = decided(document);
            for (const auto& leaf : decision.recipients.at(0).withheld) out.insert(leaf.pointer);
            return out;
        };
        RC_ASSERT(withheld("emergency") == withheld("urgent"));
    });
}

auto full_width(const std::string& text) -> std::string {
    std::string out;
    for (const char c : text) {
        const auto code = static_cast<unsigned>(static_cast<unsigned char>(c)) + 0xFEE0U;
        if (c <= ' ' || c == '~')
            out.push_back(c);
        else
            out.append({static_cast<char>(0xE0U | (code >> 12U)), static_cast<char>(0x80U | ((code >> 6U) & 0x3FU)),
                        static_cast<char>(0x80U | (code & 0x3FU))});
    }
    return out;
}

/// As people, telephones and word processors write a name.
auto in_other_form(std::string name) -> std::string {
    if (*rc::gen::arbitrary<bool>())
        std::ranges::transform(name, name.begin(), [](char c) { return static_cast<char>(std::toupper(c)); });
    const auto gap = name.find(' ');
    if (gap != std::string::npos) {
        const auto between = *rc::gen::element<std::string>(" ", "-", "\u00A0", "\n", ", ", ".", "");
        name = *rc::gen::arbitrary<bool>() ? name.substr(0, gap) + between + name.substr(gap + 1)
                                           : name.substr(gap + 1) + ", " + name.substr(0, gap);
    }
    switch (*rc::gen::inRange(0, 4)) {
        case 0: name = full_width(name); break;
        case 1: name.insert(1, *rc::gen::element<std::string>("\u200B", "\u00AD", "\u202A", "\u2060")); break;
        default: break;
    }
    const auto marks = *rc::gen::element<std::pair<std::string, std::string>>(
        std::pair{"", ""}, std::pair{"\u201C", "\u201D"}, std::pair{"\u2018", "\u2019"}, std::pair{"(", ")"},
        std::pair{"", "\u2019s"}, std::pair{"", "'s"}, std::pair{"\u00AB", "\u00BB"}, std::pair{"", "\u2026"},
        std::pair{"\u2022", ""}, std::pair{"Mr ", ""}, std::pair{"", "s"}, std::pair{"@", "2"});
    return marks.first + name + marks.second;
}

/// Does a word of the text, folded, begin like the name and end with it?
auto names(std::string_view text, std::string name) -> bool {
    std::ranges::transform(name, name.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
    const auto folded = fold(text);
    for (auto at = folded.text.find(name); at != std::string::npos; at = folded.text.find(name, at + 1))
        if ((at == 0 || !folded.is_word(at - 1)) && !folded.is_word(at + name.size())) return true;
    return false;
}

std::size_t narratives_with_withheld_names = 0;

void expect_unnamed(const RecipientDecision& recipient, const Json& people) {
    for (std::size_t i = 0; i < people.size(); ++i) {
        const auto full = std::string{people.if_array()->at(i)["name"].text()};
        if (full.empty() || is_released(recipient, "/people/" + std::to_string(i) + "/name")) continue;
        const auto gap = full.find(' ');
        auto hidden = std::vector{full.substr(0, gap)};
        if (full.substr(gap + 1) != "Larkspur") hidden.push_back(full.substr(gap + 1));  // the child's own, too
        for (const auto& leaf : case_leaves(recipient.view)) {
            if (leaf.find("/people/") == 0 || leaf.find("source_name") != std::string::npos) continue;
            ++narratives_with_withheld_names;
            for (const auto& name : hidden) RC_ASSERT(!names(recipient.view.at_pointer(leaf)->text(), name));
        }
    }
}

TEST(Property11, NamesOfWithheldPeopleNeverOccurInReleasedNarrative) {
    narratives_with_withheld_names = 0;
    holds_for_random_cases([] {
        std::string to;
        auto document = random_document(to);
        const std::vector<std::string> people{"Ash Larkspur", "Dale Quill", "Finn Larkspur", "Mo Guarded",
                                              "Petra Unmentioned"};
        for (const auto* leaf : {"/concerns/0/text", "/child/views/text", "/risk/if_shared_others",
                                 "/concerns/4/historical_note", "/missing/circumstances", "/missing/last_seen_place"}) {
            const auto name = *rc::gen::elementOf(people);
            const auto gap = name.find(' ');
            const auto part =
                *rc::gen::elementOf(std::vector{name, name.substr(0, gap), name.substr(gap + 1)});
            set_at(document, leaf, "Seen: " + in_other_form(part) + " at the gate.");
        }
        const auto decision = decided(document);
        expect_unnamed(decision.recipients.at(0), document["case"]["people"]);
    });
    EXPECT_GT(narratives_with_withheld_names, 500U) << "or nothing was looked at";
}

TEST(Property12, DoNotInformIsInEveryProjectionOfACaseWithAnException) {
    holds_for_random_cases([] {
        const auto purpose = (*rc::gen::elementOf(every_address())).purpose;
        auto document = random_document(purpose, recipients_of(purpose));
        set_at(document, "/informing/exception", *any_of({"RISK_TO_CHILD", "SUSPECTED_FII", "not a code"}));
        set_at(document, "/informing/exception_facts", "c1");
        const auto decision = decided(document);
        for (const auto& recipient : decision.recipients) {
            if (!recipient.view.is_object()) continue;
            RC_ASSERT(recipient.view["handling"]["do_not_inform"].size() > 0);
            RC_ASSERT(recipient.view["handling"].find("do_not_inform_reason") != nullptr);
        }
    });
}

TEST(Invariant8, EveryLeafIsReleasedOrWithheldOnceAndEveryRefusalSaysWhatWouldChangeIt) {
    holds_for_random_cases([] {
        std::string to;
        const auto document = random_document(to);
        const auto decision = decided(document);
        const auto& recipient = decision.recipients.at(0);
        std::set<std::string> seen;
        for (const auto& leaf : recipient.released) RC_ASSERT(seen.insert(leaf).second);
        for (const auto& leaf : recipient.withheld) {
            RC_ASSERT(seen.insert(leaf.pointer).second);
            RC_ASSERT(!leaf.rule.empty());
        }
        for (const auto& leaf : leaves_of(document["case"])) {
            const auto& schema = case_schema();
            const auto known = schema.trie.find(pattern_of(leaf));
            const bool input = known != no_leaf && schema.leaves[known].decision_input;
            RC_ASSERT(recipient.outcome == Outcome::deny || input || seen.contains(leaf));
        }
        RC_ASSERT(recipient.outcome == Outcome::permit || !recipient.problems.empty());
        RC_ASSERT(recipient.outcome == Outcome::permit || !decision.what_would_change.empty());
        for (const auto& problem : recipient.problems) {
            RC_ASSERT(!problem.rule.empty() && !problem.fix.empty() && problem.type.find('/') != std::string::npos);
            RC_ASSERT(problem.fix.find("ata protection") == std::string::npos);
        }
        RC_ASSERT(!decision.pack.hash.empty());
    });
}

}  // namespace
}  // namespace cg::policy::testing
