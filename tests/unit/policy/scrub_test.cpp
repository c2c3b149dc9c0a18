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
    return scrub(tree, {{"/advice/question", text}}, {*example_pack().compiled().scrub, date_of(that_day), secret});
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
    const auto out = scrub(tree, {{"/case/concerns/0/text", in}}, {*example_pack().compiled().scrub, parse_date("2026-03-03").value(), {}});
    EXPECT_EQ(out.texts[0], wanted);
    ASSERT_EQ(out.leftovers.size(), 1);
    EXPECT_EQ(in.substr(out.leftovers[0].offset, out.leftovers[0].length), "Bea");
    for (const auto& [kind, count] : out.replacements) std::printf("%s %zu\n", kind.c_str(), count);
}

}  // namespace
}  // namespace cg::policy
