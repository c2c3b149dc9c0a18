// Property 10: a new pack that lets something leave which stayed before is a widening, and a widening of the tables lets
// something leave. Packs are edited at random as their authors edit them; cases are random, too.
#include "policy/pack_diff.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cctype>
#include <set>

#include "pack_edit.hpp"
#include "random_case.hpp"

namespace cg::policy::testing {
namespace {

using Words = std::set<std::string>;

auto words_of(std::string_view text) -> Words {
    Words out;
    std::string word;
    for (const char c : std::string{text} + " ") {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0)
            word.push_back(c);
        else if (!word.empty())
            out.insert(std::exchange(word, {}));
    }
    return out;
}

/// What a recipient is told of the case: for each released place the words of its value that come from the case.
auto told(const Json& document, const RecipientDecision& recipient) -> std::map<std::string, Words> {
    std::map<std::string, Words> out;
    if (!recipient.view.is_object()) return out;
    for (const auto& pointer : case_leaves(recipient.view)) {
        const auto* value = recipient.view.at_pointer(pointer);
        if (value == nullptr) continue;
        auto& words = out["the view's " + pattern_of(pointer)];
        for (const auto& word : words_of(value->is_string() ? value->text() : to_jcs(*value))) words.insert(word);
    }
    // Lists close up where an item is left out: places are told as the case has them.
    std::map<std::string, Words> by_place;
    for (const auto& pointer : recipient.released) {
        const auto* value = document["case"].at_pointer(pointer);
        if (value == nullptr) continue;
        Words kept;
        const auto seen = out.find("the view's " + pattern_of(pointer));
        if (seen == out.end()) continue;
        for (const auto& word : words_of(value->is_string() ? value->text() : to_jcs(*value)))
            if (seen->second.contains(word)) kept.insert(word);
        by_place[pointer] = std::move(kept);
    }
    return by_place;
}

/// The first place where the second is told something that the first is not; empty: none.
auto more_told(const std::map<std::string, Words>& before, const std::map<std::string, Words>& after) -> std::string {
    for (const auto& [place, words] : after) {
        const auto was = before.find(place);
        if (was == before.end()) return place;
        if (!std::ranges::includes(was->second, words)) return place + " (words)";
    }
    return {};
}

auto one_of(const std::set<std::string>& items) -> std::string {
    return *rc::gen::elementOf(std::vector<std::string>(items.begin(), items.end()));
}
auto some_of(const std::vector<std::string>& items) -> std::set<std::string> {
    const auto list = *rc::gen::resize(3, rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(items)));
    return {list.begin(), list.end()};
}

auto purpose_file(const std::string& purpose) -> std::string {
    return "purposes/" + purpose + ".toml";
}
auto groups_of(const RoleText& role) -> std::set<std::string> {
    std::set<std::string> out;
    for (const auto* key : {"require", "allow", "forbid", "not_necessary"})
        if (const auto it = role.lists.find(key); it != role.lists.end()) out.insert(it->second.begin(), it->second.end());
    for (const auto& when : role.whens) out.insert(when.groups.begin(), when.groups.end());
    return out;
}

const std::vector<std::string> condition_list{"risk-high",       "person-linked",  "own-consent",        "consent-scope",
                                              "injury-evidence", "officer-safety", "health-raises-risk", "abuse-linked"};

/// Something about who may have what.
void edit_role(RoleText& role) {
    const auto group = one_of(groups_of(role));
    switch (*rc::gen::inRange(0, 8)) {
        case 0: role.people = *rc::gen::element<std::string>("all", "household", "mother", "mother-consenting", "parental-responsibility"); return;
        case 1: role.protected_identities = !role.protected_identities; return;
        case 2: role.tags = some_of({"health", "offence", "sexual-life", "immigration"}); return;
        case 3: role.lists["concern_categories"] = some_of({"PHY", "EMO", "NEG", "SAB"}); return;
        case 4: {
            auto all = some_of(condition_list);
            const auto any = some_of(condition_list);
            if (all.empty() && any.empty()) all.insert("risk-high");
            return role.when(group, all, any);
        }
        case 5:
            if (!role.leaves.empty()) role.leaves.erase(role.leaves.begin());
            return;
        default: role.move(group, *rc::gen::element<std::string>("allow", "require", "forbid", "not_necessary")); return;
    }
}

/// Takes one item out of a list of fields.toml, such as `names`.
void drop_mark(std::string& fields) {
    const auto key = *rc::gen::element<std::string>("names", "numbers", "narrative", "references", "labels", "restricted",
                                                    "case_references", "special", "offence", "only_with", "restricted_when");
    std::vector<std::size_t> places;
    for (auto at = fields.find("\n" + key + " = "); at != std::string::npos; at = fields.find("\n" + key + " = ", at + 1))
        places.push_back(at);
    RC_PRE(!places.empty());
    const auto begin = *rc::gen::elementOf(places);
    auto end = fields.find('\n', begin + 1);
    if (fields[end - 1] == '[') end = fields.find("\n]", begin) + 2;
    fields.erase(begin, end - begin);
}

/// Puts a value into another group, without its marks.
void move_leaf(std::string& fields) {
    const auto leaf = *rc::gen::element<std::string>(
        "/child/education/setting", "/child/health/gp_practice", "/child/description/hair", "/missing/online",
        "/da/ric_score", "/network/*/phone", "/people/*/date_of_birth", "/child/first_language");
    const auto to = *rc::gen::element<std::string>("network", "school", "risk", "views", "attendance");
    RC_PRE(replace_once(fields, quoted(leaf) + ", ", "") || replace_once(fields, ", " + quoted(leaf), ""));
    const auto group = fields.find("[groups." + to + "]");
    fields.insert(fields.find("leaves = [", group) + 10, quoted(leaf) + ", ");
}

void rename_group(PackFiles& files) {
    const auto name = *rc::gen::element<std::string>("missing", "risk", "network", "concern", "fam_contact");
    RC_PRE(replace_once(files["fields.toml"], "[groups." + name + "]", "[groups." + name + "_x]"));
    for (auto& [file, text] : files)
        if (!file.starts_with("tests/"))
            while (replace_once(text, quoted(name), quoted(name + "_x"))) {
            }
}

struct Swap {
    std::string file, from, to;
};
/// A line of a gate, of the law or of a list, one way or the other.
void edit_setting(PackFiles& files, const std::string& purpose) {
    const auto file = purpose_file(purpose);
    const auto swap = *rc::gen::elementOf(std::vector<Swap>{
        {file, "gate = \"consent-or-override\"", "gate = \"none\""},
        {file, "gate = \"consent\"", "gate = \"none\""},
        {file, "gate = \"required\"", "gate = \"none\""},
        {file, "gate = \"expected\"", "gate = \"none\""},
        {file, "informed_first = true", "informed_first = false"},
        {file, "risk_answers = true", "risk_answers = false"},
        {file, "voice = true", "voice = false"},
        {file, "agreement_sought = true", "agreement_sought = false"},
        {file, "compatible_by_default = true\n", ""},
        {file, "allowed = [", "allowed = [\"6.1.d\", "},
        {"codes.toml", "high_risk_levels = [\"high\"", "high_risk_levels = [\"low\", \"medium\", \"high\""},
        {"codes.toml", "injury_categories = [", "injury_categories = [\"EMO\", "},
        {"codes.toml", "schedule1 = true\n", ""},
        {"information.toml", "for_none = true\n", ""},
        {"information.toml", "[collected_for.fundraising]", "[collected_for.jumble-sales]"},
        {"areas.toml", "[areas.exampleshire]", "[areas.elsewhere]"},
        {"areas.toml", "safety_planning = [", "safety_planning = [\"csc.front-door\", "},
        {"roles.toml", "area_bound = true\n", ""},
        {"roles.toml", "trusted_with = [\"safe-contact\"]", "trusted_with = [\"safe-contact\", \"restricted-address\"]"},
        {"roles.toml", "[roles.\"health.safeguarding\"]\n", "[roles.\"health.safeguarding\"]\ntrusted_with = [\"safe-contact\"]\n"},
        {"agencies.toml", "areas = [\"exampleshire\"]", "areas = [\"sampleshire\"]"},
    });
    RC_PRE(replace_once(files[swap.file], swap.from, swap.to));
}

void edit_overlay(PackFiles& files, const Address& address) {
    auto& text = files["overlays/willow.toml"];
    text = "[purposes." + address.purpose + ".roles.\"" + address.role + "\"]\n" +
           *rc::gen::element<std::string>("forbid", "not_necessary") + " = " +
           toml_list(some_of({"attach", "network", "school", "views", "status", "id_more", "desc", "source"})) + "\n";
}

void edit(PackFiles& files, const Address& address) {
    switch (*rc::gen::inRange(0, 12)) {
        case 0: return drop_mark(files["fields.toml"]);
        case 1: return move_leaf(files["fields.toml"]);
        case 2: return rename_group(files);
        case 3:
        case 4:
        case 5: return edit_setting(files, address.purpose);
        case 6: return edit_overlay(files, address);
        case 7: files.erase("overlays/willow.toml"); return;
        default: files = edited(purpose_file(address.purpose), address.role, &edit_role, std::move(files)); return;
    }
}

auto random_pack(PackFiles files, const Address& address) -> std::pair<PackFiles, std::shared_ptr<const Pack>> {
    for (auto n = *rc::gen::inRange(1, 4); n > 0; --n) edit(files, address);
    auto pack = load_pack(files);
    RC_PRE(pack.has_value());
    return {std::move(files), pack.value()};
}

auto decided_with(const Pack& pack, const Json& document) -> Decision {
    return decide(pack, pack.agencies(), parsed(document), willow(), that_day, view_bytes(salt_text));
}

/// Whoever is told less may need less for it: what was refused for a sensitive value, or for a concern that lacks something, goes
/// once that stays. That is no widening of the pack, and the values themselves are looked at by the other cases.
auto refused_for_what_it_held(const RecipientDecision& recipient) -> bool {
    return std::ranges::any_of(recipient.problems, [](const Problem& problem) {
        return std::ranges::any_of(std::array{".sensitive-data", ".confidence", ".contact", ".adequacy"}, [&problem](const char* gate) {
            return problem.rule.find(gate) != std::string::npos;
        });
    });
}

auto widenings_of(const PackDiff& changes) -> std::string {
    std::string out;
    for (const auto& change : changes.changes) out += (change.widening ? "+ " : "- ") + change.text + "\n";
    return out;
}

TEST(Property10, WhateverAnEditedPackLetsLeaveThatStayedBeforeIsAWidening) {
    EXPECT_TRUE(rc::check([] {
        const auto address = *rc::gen::elementOf(every_address());
        const auto [files, before] = random_pack(example_files(), address);
        const auto after = random_pack(files, address).second;
        const auto changes = diff(*before, *after);
        if (changes.widens()) return;  // whether rightly so is the other property
        for (int n = 0; n < 3; ++n) {
            const auto document = random_document(address.purpose, {address.to});
            const auto then = decided_with(*before, document), now = decided_with(*after, document);
            if (refused_for_what_it_held(then.recipients.at(0))) continue;
            const auto place = more_told(told(document, then.recipients.at(0)), told(document, now.recipients.at(0)));
            if (!place.empty()) RC_FAIL(address.to + " is told more at " + place + "\n" + widenings_of(changes));
        }
    }));
}

TEST(Property10, AWideningOfATableLetsSomethingLeave) {
    EXPECT_TRUE(rc::check([] {
        const auto address = *rc::gen::elementOf(every_address());
        const auto files = edited(purpose_file(address.purpose), address.role, [](RoleText& role) {
            role.move(one_of(groups_of(role)), *rc::gen::element<std::string>("allow", "forbid", "not_necessary"));
        });
        const auto pack = load_pack(files);
        RC_PRE(pack.has_value());
        auto document = complete_case(address.purpose, address.to);
        const auto changes = diff(example_pack(), *pack.value());
        const auto then = decided_with(example_pack(), document), now = decided_with(*pack.value(), document);
        RC_PRE(then.outcome == Outcome::permit && now.outcome == Outcome::permit);
        const auto place = more_told(told(document, then.recipients.at(0)), told(document, now.recipients.at(0)));
        if (!place.empty()) RC_ASSERT(changes.widens());
        for (const auto& change : changes.changes) {
            if (!change.widening || change.kind != "released" || change.text.find(", only if") != std::string::npos) continue;
            const auto& compiled = pack.value()->compiled();
            const auto& group = compiled.groups.at(compiled.group_ids.at(change.subject));
            const bool there = std::ranges::any_of(group.leaves, [&](LeafId id) {
                const auto& leaf = compiled.leaves[id];  // restricted values need another case than this one
                return leaf.restricted.empty() && leaf.only_with == no_leaf &&
                       std::ranges::any_of(leaves_of(document["case"]), [&](const std::string& pointer) {
                           return pattern_of(pointer) == leaf.pattern;
                       });
            });
            if (there && place.empty()) RC_FAIL("nothing more leaves, and yet: " + change.text);
        }
    }));
}

}  // namespace
}  // namespace cg::policy::testing
