#include "policy/pack_tests.hpp"

#include "policy/compiled.hpp"
#include "policy/decide.hpp"
#include "policy/pack_tests_read.hpp"
#include "policy/rule_coverage.hpp"

#include <algorithm>
#include <set>

namespace cg::policy {
namespace {

constexpr std::string_view test_salt = "a salt for the tests of packs, and for nothing else";

class RowRunner {
public:
    RowRunner(const Pack& pack, const TestTables& tables, RuleCounter& counter)
        : pack_(pack), tables_(tables), counter_(counter) {}

    auto run(const TestRow& row) -> TestResult {
        out_ = {row.place, row.name, {}};
        auto submission = submission_of(row);
        if (submission.has_value()) decide_row(row, *submission);
        return std::move(out_);
    }

private:
    void differs(std::string text) { out_.differences.push_back(std::move(text)); }

    auto submission_of(const TestRow& row) -> std::optional<Submission> {
        const auto base = tables_.bases.find(row.base);
        if (base == tables_.bases.end()) return differs("there is no base case '" + row.base + "'"), std::nullopt;
        base_ = &base->second;
        auto tree = base_->case_tree;
        change(row, tree);
        if (!row.urgency.empty()) static_cast<void>(set_value(tree, "/timing/urgency", Json{row.urgency}));
        auto document =
            Json::object({{"schema", "submission/1"},
                          {"purpose", row.purpose},
                          {"recipients", Json::texts(std::vector<std::string>{row.to})},
                          {"actor", Json::object({{"user", "tester"}, {"role", "tester"}, {"auth", "none"}})},
                          {"case", std::move(tree)}});
        if (!row.question.empty()) document.set("advice", Json::object({{"question", row.question}}));
        auto submission = parse_submission(std::move(document));
        if (submission.has_value()) return std::move(submission).value();
        for (const auto& problem : submission.error().problems)
            differs("the case is not one that can be sent: " + problem.pointer + ": " + problem.fix);
        return std::nullopt;
    }

    void change(const TestRow& row, Json& tree) {
        const auto place = [&](const std::string& words) -> std::optional<std::string> {
            auto pointer = place_in_case(tree, words);
            if (pointer.has_value()) return std::move(pointer).value();
            differs("'" + words + "': " + pointer.error().detail);
            return std::nullopt;
        };
        for (const auto& [words, value] : row.with)
            if (const auto pointer = place(words); pointer && !set_value(tree, *pointer, value))
                differs("'" + words + "': the case has no such item");
        for (const auto& words : row.without)
            if (const auto pointer = place(words)) remove_value(tree, *pointer);
    }

    void decide_row(const TestRow& row, const Submission& submission) {
        const auto agency = AgencyId::parse(row.from.empty() ? base_->from : row.from);
        const auto* facts = agency.has_value() ? pack_.agencies().find(agency.value()) : nullptr;
        if (facts == nullptr) return differs("agencies.toml has no such sender");
        const auto at = row.at ? row.at : base_->at;
        if (!at) return differs("say 'at' or 'on': neither this row nor its case does");
        const auto decision =
            decide(pack_, pack_.agencies(), submission, caller_of(*facts), *at, view_bytes(test_salt));
        counter_.add(decision);
        compare(row.then, decision);
    }

    void compare(const TestExpectation& then, const Decision& decision) {
        const auto& recipient = decision.recipients.front();
        const std::string outcome{to_string(recipient.outcome)};
        if (outcome != then.outcome) {
            std::string why;
            for (const auto& problem : recipient.problems)
                why += (why.empty() ? " because of " : ", ") + problem.type +
                       (problem.pointer.empty() ? "" : " at " + problem.pointer);
            differs("the answer is " + outcome + ", not " + then.outcome + why);
        }
        for (const auto& what : then.released) compare_released(what, recipient);
        for (const auto& [what, reason] : then.withheld) compare_withheld(what, reason, recipient);
        if (then.problems) compare_problems(*then.problems, recipient);
        for (const auto& type : then.warnings)
            if (std::ranges::find(decision.warnings, type, &Problem::type) == decision.warnings.end())
                differs("nobody is warned of " + type);
        for (const auto& type : then.obligations)
            if (std::ranges::find(recipient.obligations, type, &Obligation::type) == recipient.obligations.end() &&
                std::ranges::find(decision.obligations, type, &Obligation::type) == decision.obligations.end())
                differs("nobody has to " + type);
    }

    /// The patterns of a group, or the one pointer.
    auto is_in(const std::string& what, const std::string& pointer) const -> bool {
        if (what.starts_with('/')) return pointer == what;
        const auto& pack = pack_.compiled();
        const auto group = pack.group_ids.find(what);
        if (group == pack.group_ids.end()) return false;
        return std::ranges::any_of(pack.groups[group->second].leaves,
                                   [&](LeafId leaf) { return fits(pack.leaves[leaf].pattern, pointer); });
    }
    static auto fits(std::string_view pattern, std::string_view pointer) -> bool {
        while (!pattern.empty() && !pointer.empty()) {
            pattern.remove_prefix(1);
            pointer.remove_prefix(1);
            const auto wanted = pattern.substr(0, pattern.find('/')), token = pointer.substr(0, pointer.find('/'));
            if (wanted != "*" && wanted != token) return false;
            pattern.remove_prefix(wanted.size());
            pointer.remove_prefix(token.size());
        }
        return pattern.empty() && pointer.empty();
    }
    auto known(const std::string& what) -> bool {
        if (what.starts_with('/') || pack_.compiled().group_ids.contains(what)) return true;
        differs("there is no field group '" + what + "'");
        return false;
    }

    void compare_released(const std::string& what, const RecipientDecision& recipient) {
        if (!known(what)) return;
        if (std::ranges::any_of(recipient.released, [&](const std::string& p) { return is_in(what, p); })) return;
        for (const auto& one : recipient.withheld)
            if (is_in(what, one.pointer))
                return differs(what + " is not released: " + std::string{to_string(one.reason)} + " (" + one.rule +
                               ")");
        differs(what + (recipient.outcome == Outcome::deny ? " is not released: the answer is DENY"
                                                           : " is not released: the case has nothing of it"));
    }

    void compare_withheld(const std::string& what, const std::string& reason, const RecipientDecision& recipient) {
        if (!known(what)) return;
        for (const auto& pointer : recipient.released)
            if (is_in(what, pointer)) return differs(what + " is released: " + pointer);
        bool any = false;
        std::set<std::string> reasons;
        for (const auto& one : recipient.withheld) {
            if (!is_in(what, one.pointer)) continue;
            any = any || reason.empty() || to_string(one.reason) == reason;
            reasons.emplace(to_string(one.reason));
        }
        if (any) return;
        std::string found;
        for (const auto& one : reasons) found += (found.empty() ? "" : ", ") + one;
        differs(what + (found.empty() ? " is not withheld: the case has nothing of it"
                                      : " is withheld as " + found + ", not as " + reason));
    }

    void compare_problems(const std::vector<std::string>& wanted, const RecipientDecision& recipient) {
        std::set<std::string> found, expected{wanted.begin(), wanted.end()};
        for (const auto& problem : recipient.problems) found.insert(problem.type);
        for (const auto& type : expected)
            if (!found.contains(type)) differs("there is no problem " + type);
        for (const auto& type : found)
            if (!expected.contains(type)) differs("there is a problem " + type);
    }

    const Pack& pack_;
    const TestTables& tables_;
    RuleCounter& counter_;
    const TestBase* base_{nullptr};
    TestResult out_;
};

}  // namespace

auto PackTestReport::failed() const -> std::size_t {
    return static_cast<std::size_t>(
        std::ranges::count_if(rows, [](const TestResult& row) { return !row.differences.empty(); }));
}

auto run_pack_tests(const Pack& pack) -> PackTestReport {
    PackTestReport out;
    Faults faults;
    const auto tables = read_test_tables(pack.compiled().sources, faults);
    RuleCounter counter{pack.compiled()};
    RowRunner runner{pack, tables, counter};
    for (const auto& row : tables.rows) out.rows.push_back(runner.run(row));
    out.coverage = counter.coverage();
    out.faults = faults.take();
    return out;
}

}  // namespace cg::policy
