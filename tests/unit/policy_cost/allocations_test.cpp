// What a decision asks of memory must not grow with the pack. A program of its own: it counts every operator new.
#include "policy/decide.hpp"
#include "tests/bench/big_pack.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "counting_new.hpp"

namespace cg::policy::testing {
namespace {

struct Cost {
    std::size_t allocations, bytes;
    Outcome outcome;
    auto operator==(const Cost&) const -> bool = default;
};

auto referral() -> Submission {
    std::ifstream in(CG_SOURCE_DIR "/tests/fixtures/policy/referral.json", std::ios::binary);
    auto document = parse_json(std::string{std::istreambuf_iterator<char>(in), {}}).value();
    document.set("recipients", Json::texts(std::vector<std::string>{"csc.front-door@exampleshire"}));
    return parse_submission(std::move(document)).value();
}

auto cost_with(const PackFiles& files, const Submission& submission) -> Cost {
    const auto pack = load_pack(files).value();
    const auto caller = caller_of(*pack->agencies().find(AgencyId::trusted("willow")));
    const auto now = parse_instant("2026-04-13T11:00:00Z").value();
    const auto once = [&] { return decide(*pack, pack->agencies(), submission, caller, now, view_bytes("salt")); };
    static_cast<void>(once());  // what is made once and kept: the shape of a case
    const auto count = allocations.load(), bytes = allocated_bytes.load();
    const auto decision = once();
    return {allocations.load() - count, allocated_bytes.load() - bytes, decision.outcome};
}

TEST(Cost, ADecisionAllocatesTheSameHoweverManyRulesThePackHas) {
    const auto submission = referral();
    ASSERT_LT(bench::count_rules(bench::smallest_pack()), 50U);
    ASSERT_GE(bench::count_rules(bench::pack_with(10'000)), 10'000U);
    const auto few = cost_with(bench::smallest_pack(), submission);
    const auto many = cost_with(bench::pack_with(10'000), submission);
    EXPECT_EQ(few.outcome, Outcome::permit);
    EXPECT_EQ(few.allocations, many.allocations);
    EXPECT_EQ(few.bytes, many.bytes);
    RecordProperty("allocations", static_cast<int>(few.allocations));
    EXPECT_GT(few.allocations, 0U) << "the counter counts";
}

}  // namespace
}  // namespace cg::policy::testing
