// Properties over random cases, purposes and roles. The numbers are those of the domain notes; "Invariant" names are
// the design's own.
#include "policy/compiled.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

#include "support.hpp"

namespace cg::policy::testing {
namespace {

const std::vector<std::pair<std::string, std::string>> addresses{
    {"child-protection-referral", "csc.front-door@exampleshire"},
    {"child-protection-referral", "police.public-protection@examplepolice"},
    {"child-protection-referral", "health.safeguarding@examplenhs"},
    {"child-in-need-referral", "csc.front-door@exampleshire"},
    {"early-help", "early-help.hub@exampleshire"},
    {"early-help", "charity.lead-worker@brightside"}};

auto any_of(std::initializer_list<Json> values) -> rc::Gen<Json> {
    return rc::gen::elementOf(std::vector<Json>(values));
}

/// Changes that a case may come with: people in and out of the household, protected or not, at any risk, tagged or not.
void vary(Json& document) {
    for (const auto* i : {"0", "1", "2", "3", "4"}) {
        const auto person = std::string{"/people/"} + i;
        set_at(document, person + "/household", *any_of({true, false, "not-known"}));
        set_at(document, person + "/identity_protected", *any_of({true, false, false}));
        set_at(document, person + "/poses_risk", *any_of({true, false}));
    }
    set_at(document, "/risk/level", *any_of({"low", "medium", "high", "imminent"}));
    set_at(document, "/timing/urgency", *any_of({"routine", "urgent", "emergency"}));
    if (*rc::gen::arbitrary<bool>())
        set_at(document, "/concerns/2/tags",
               Json::texts(*rc::gen::container<std::vector<std::string>>(
                   rc::gen::element<std::string>("health:p1", "offence:p2", "immigration", "sexual-life:ch1"))));
    if (*rc::gen::arbitrary<bool>())
        set_at(document, "/consent/to_share/scope",
               Json::object(
                   {{"groups", Json::texts(*rc::gen::container<std::vector<std::string>>(
                                   rc::gen::element<std::string>("school", "send", "addr", "views", "fam_health")))}}));
    const auto leaves = leaves_of(document["case"]);
    for (const auto& leaf :
         *rc::gen::resize(6, rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(leaves))))
        if (document["case"].at_pointer(leaf) != nullptr && leaf.find("/tags/") == std::string::npos &&
            leaf.find("/groups/") == std::string::npos && leaf != "/schema")
            remove_at(document, leaf);
}

auto random_document(const std::string& purpose, std::initializer_list<const char*> to) -> Json {
    auto document = purpose == "child-protection-referral" ? referral()
                    : purpose == "early-help"              ? early_help(*rc::gen::element("given", "given", "refused"))
                                              : child_in_need(*rc::gen::element("given", "given", "refused"));
    set_recipients(document, to);
    vary(document);
    return document;
}
auto random_document(std::string& to) -> Json {
    const auto address = *rc::gen::elementOf(addresses);
    to = address.second;
    return random_document(address.first, {to.c_str()});
}

/// What the pack's table says of a leaf, read leaf by leaf and apart from the engine's walk.
auto cell_kind(const RecipientDecision& recipient, const std::string& purpose, const std::string& pointer) -> CellKind {
    const auto& pack = example_pack().compiled();
    const auto leaf = pack.trie.find(pattern_of(pointer));
    if (leaf == no_leaf) return CellKind::not_necessary;
    return pack.purposes.at(purpose).roles.at(recipient.to.role.str()).cells[leaf].kind;
}
auto may_leave(CellKind kind) -> bool {
    return kind != CellKind::forbid && kind != CellKind::not_necessary;
}

/// Leaves of a view that come from the case: all but what the view adds.
auto case_leaves(const Json& view) -> std::vector<std::string> {
    if (!view.is_object()) return {};  // refused: nothing leaves
    Json rest = view;
    for (const auto* own : {"schema", "purpose", "to", "handling"}) rest.erase(own);
    return leaves_of(rest);
}

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
            if ((kind == CellKind::allow || kind == CellKind::when) && leaf.find("/tags/") == std::string::npos)
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

TEST(Property6, NoViewHoldsALeafAllowedOnlyToAnotherRecipient) {
    holds_for_random_cases([] {
        const auto document = random_document(
            "child-protection-referral", {"police.public-protection@examplepolice", "health.safeguarding@examplenhs"});
        const auto decision = decided(document);
        for (const auto& recipient : decision.recipients) {
            for (const auto& leaf : case_leaves(recipient.view))
                RC_ASSERT(may_leave(cell_kind(recipient, decision.purpose, leaf)));
            auto alone = document;
            set_recipients(alone, {recipient.to_text.c_str()});
            RC_ASSERT(to_jcs(decided(alone).recipients.at(0).view) == to_jcs(recipient.view));
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

auto in_other_form(const std::string& name) -> std::string {
    auto out = name;
    switch (*rc::gen::inRange(0, 4)) {
        case 0:
            std::ranges::transform(out, out.begin(), [](char c) { return static_cast<char>(std::toupper(c)); });
            return out;
        case 1: std::ranges::replace(out, ' ', '-'); return out;
        case 2: return out.replace(out.find(' '), 1, "\xC2\xA0");
        default: return out + "\xE2\x80\x99s";
    }
}

TEST(Property11, NamesOfWithheldPeopleNeverOccurInReleasedNarrative) {
    holds_for_random_cases([] {
        std::string to;
        auto document = random_document(to);
        const std::vector<std::string> names{"Ash Larkspur", "Dale Quill", "Finn Larkspur", "Mo Guarded",
                                             "Petra Unmentioned"};
        for (const auto* leaf :
             {"/concerns/0/text", "/child/views/text", "/risk/if_shared_others", "/concerns/4/historical_note"}) {
            const auto name = *rc::gen::elementOf(names);
            const auto part = *rc::gen::element<std::string>(in_other_form(name), name.substr(0, name.find(' ')), name);
            set_at(document, leaf, "Seen: " + part + " at the gate.");
        }
        const auto decision = decided(document);
        const auto& recipient = decision.recipients.at(0);
        const auto& people = *document["case"]["people"].if_array();
        for (std::size_t i = 0; i < people.size(); ++i) {
            const auto full = std::string{people[i]["name"].text()};
            if (full.empty() || is_released(recipient, "/people/" + std::to_string(i) + "/name")) continue;
            const auto given = full.substr(0, full.find(' '));
            for (const auto& leaf : case_leaves(recipient.view)) {
                if (leaf.find("/people/") == 0 || leaf.find("source_name") != std::string::npos) continue;
                auto text = std::string{recipient.view.at_pointer(leaf)->text()};
                std::ranges::transform(text, text.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
                for (auto name : {full, given}) {
                    std::ranges::transform(name, name.begin(),
                                           [](char c) { return static_cast<char>(std::tolower(c)); });
                    const auto found = text.find(name);
                    const bool word = found != std::string::npos &&
                                      (found == 0 || !std::isalpha(static_cast<unsigned char>(text[found - 1]))) &&
                                      (found + name.size() == text.size() ||
                                       !std::isalpha(static_cast<unsigned char>(text[found + name.size()])));
                    RC_ASSERT(!word);
                }
            }
        }
    });
}

TEST(Property12, DoNotInformIsInEveryProjectionOfACaseWithAnException) {
    holds_for_random_cases([] {
        auto document = random_document("child-protection-referral",
                                        {"csc.front-door@exampleshire", "police.public-protection@examplepolice",
                                         "health.safeguarding@examplenhs"});
        set_at(document, "/informing/exception", *any_of({"RISK_TO_CHILD", "SUSPECTED_FII", "not a code"}));
        const auto decision = decided(document);
        for (const auto& recipient : decision.recipients) {
            if (!recipient.view.is_object()) continue;
            RC_ASSERT(recipient.view["handling"]["do_not_inform"].size() > 0);
            RC_ASSERT(recipient.view["handling"].find("do_not_inform_reason") != nullptr);
        }
    });
}

TEST(Invariant3, OnlyTheNecessaryLeavesAndUnknownLeavesStayEverywhere) {
    for (const auto& [purpose, to] : addresses) {
        auto document = purpose == "child-protection-referral" ? referral()
                        : purpose == "early-help"              ? early_help("given")
                                                               : child_in_need("given");
        set_recipients(document, {to.c_str()});
        for (const auto* leaf : {"/canary", "/child/canary", "/people/0/canary", "/concerns/0/canary", "/risk/canary",
                                 "/consent/canary", "/child/address/canary", "/attachments/0/canary", "/canaries/a/b"})
            set_at(document, leaf, "CANARY");
        const auto decision = decided(document);
        const auto& recipient = decision.recipients.at(0);
        EXPECT_EQ(recipient.outcome, Outcome::permit) << to;
        EXPECT_EQ(to_jcs(recipient.view).find("CANARY"), std::string::npos);
        EXPECT_EQ(std::ranges::count(recipient.withheld, "unknown", &Withheld::group), 9) << to;
        EXPECT_TRUE(is_withheld(recipient, "/canaries/a/b", WithheldReason::not_necessary));
    }
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
            static const std::set<std::string> inputs{"basis", "consent", "override", "informing", "timing"};
            const bool input = inputs.contains(leaf.substr(1, leaf.find('/', 1) - 1));
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
