// npm canonicalize and to_jcs write the same.
#include "gateway/base/json.hpp"
#include "tests/oracles/oracle.hpp"
#include "tests/unit/base/json_gen.hpp"

#include <gtest/gtest.h>

#include <bit>

namespace {

using cg::Json;

auto lines_of(const cg::Bytes& bytes) -> std::vector<std::string> {
    std::vector<std::string> out;
    for (auto text = cg::view_text(bytes); !text.empty();) {
        const auto end = std::min(text.find('\n'), text.size() - 1);
        out.emplace_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    return out;
}

/// As many samples of a generator, of growing size, always the same ones.
template <class T>
auto samples(const rc::Gen<T>& gen, int count, std::uint64_t seed) -> std::vector<T> {
    std::vector<T> out;
    rc::Random random{seed};
    for (int i = 0; i < count; ++i) out.push_back(gen(random.split(), i % 100).value());
    return out;
}

TEST(JcsConformance, CanonicalizeAgreesOnRandomTrees) {
    const auto trees = samples(cg::testing::any_json(4), 3000, 1);
    Json asked = Json::array();
    for (const auto& tree : trees) asked.push(tree);
    const auto out = cg::oracle::run("canonicalize.mjs", {"trees"}, cg::view_bytes(cg::to_pretty_json(asked)));
    ASSERT_TRUE(out.has_value()) << out.error().detail;
    const auto lines = lines_of(out.value());
    ASSERT_EQ(lines.size(), trees.size());
    std::size_t characters = 0;
    for (std::size_t i = 0; i < trees.size(); ++i) {
        ASSERT_EQ(cg::to_jcs(trees[i]), lines[i]) << "tree " << i;
        characters += lines[i].size();
    }
    EXPECT_GT(characters, 100'000U) << "the trees are too small to say much";
}

TEST(JcsConformance, CanonicalizeAgreesOnNumbersGivenByTheirBits) {
    auto numbers = samples(cg::testing::any_number(), 30000, 2);
    for (int power = -324; power <= 308; ++power) {  // where the written form changes its layout, and its neighbours
        const double value = std::strtod(("1e" + std::to_string(power)).c_str(), nullptr);
        for (const double v : {value, std::nextafter(value, 0.0), std::nextafter(value, 1e308), -value}) numbers.push_back(v);
    }
    std::string asked;
    for (const double number : numbers) {
        const auto bits = std::bit_cast<std::uint64_t>(number);
        for (int shift = 60; shift >= 0; shift -= 4) asked.push_back("0123456789abcdef"[bits >> shift & 15U]);
        asked.push_back('\n');
    }
    const auto out = cg::oracle::run("canonicalize.mjs", {"numbers"}, cg::view_bytes(asked));
    ASSERT_TRUE(out.has_value()) << out.error().detail;
    const auto lines = lines_of(out.value());
    ASSERT_EQ(lines.size(), numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) ASSERT_EQ(cg::to_es_number(numbers[i]), lines[i]);
}

}  // namespace
