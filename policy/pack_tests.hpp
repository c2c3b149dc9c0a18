#pragma once
/// A pack's own tests: tables of given / when / then in `tests/*.toml`, written by the people who answer for the
/// policy.
///
/// `[base.NAME]` is a case to start from: `from` (the sending organisation), `at` (the moment) and `[base.NAME.case]`,
/// the case itself. `[[row]]` is one test: `name`; `given = { case, with = { place = value }, without = [place] }`;
/// `when = { purpose, to, from, urgency, at, on, question }`; `then = { outcome, released = [group or pointer], withheld = {
/// group or pointer = reason }, problems = [type], warnings = [type], obligations = [type] }`. What `then` does not
/// mention is not looked at; `problems` must be all there are. A place is a pointer into the case, or words: "risk
/// level", "mother's phone", "c1's kind".

#include "gateway/base/result.hpp"
#include "policy/pack.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cg::policy {

struct TestResult {
    std::string place;  ///< `file:line:column`
    std::string name;
    std::vector<std::string> differences;  ///< in words; empty: passed
};

/// Which rules the rows had a say of: every field group of every purpose and role (a condition both where it holds and
/// where it does not, a value with an answer of its own apart), and every gate of every purpose.
struct RuleCoverage {
    std::size_t rules{0}, hit{0};
    std::vector<std::string> missed;  ///< rule ids
    [[nodiscard]] auto complete() const noexcept -> bool { return hit == rules; }
};

struct PackTestReport {
    std::vector<TestResult> rows;
    RuleCoverage coverage;
    std::vector<Problem> faults;  ///< tables that cannot be run: type `pack/…`, pointer `file:line:column`
    [[nodiscard]] auto failed() const -> std::size_t;
};

/// Runs every row of the pack's tests against the pack.
/// Threads   pure
[[nodiscard]] auto run_pack_tests(const Pack& pack) -> PackTestReport;

}  // namespace cg::policy
