// What a recipient reads: one file for every purpose and role, as it prints.
#include "gateway/app/render_view.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "../policy/purpose_cases.hpp"

namespace cg::app {
namespace {

using namespace cg::policy::testing;

auto payload_for(const policy::Decision& decision, const policy::RecipientDecision& recipient, const policy::Caller& sender)
    -> wire::ViewPayload {
    wire::ViewPayload payload;
    payload.mid = MessageId::trusted("msg-aaaaaaaaaaaaaaaaaaaaaaaaaa");
    payload.from = sender.agency;
    payload.to = recipient.to;
    payload.issued = decision.decided_at;
    payload.purpose = PurposeId::trusted(recipient.purpose_label);
    payload.view = recipient.view;
    return payload;
}

void expect_golden(const std::string& name, const std::string& text) {
    const auto path = source_dir + "/tests/fixtures/app/views/" + name;
    if (std::getenv("CG_WRITE_GOLDEN") != nullptr) std::ofstream{path, std::ios::binary} << text;
    EXPECT_EQ(text, read_text(path)) << "if this is meant, run with CG_WRITE_GOLDEN=1: " << path;
}

TEST(RequirementApp, AQ_3_every_view_has_a_plain_text) {
    std::size_t texts = 0;
    for (const auto& one : purpose_cases()) {
        const auto decision = decided(one.document, one.sender);
        for (const auto& recipient : decision.recipients) {
            ASSERT_FALSE(recipient.view.is_null()) << one.purpose << " " << recipient.to_text;
            expect_golden(one.purpose + "." + recipient.to.role.str() + ".txt",
                          render_view(payload_for(decision, recipient, one.sender)));
            ++texts;
        }
    }
    EXPECT_EQ(texts, 19U);
}

TEST(RequirementApp, SE_4_the_marking_is_the_first_line_of_every_text) {
    for (const auto& one : purpose_cases()) {
        const auto decision = decided(one.document, one.sender);
        for (const auto& recipient : decision.recipients) {
            const auto text = render_view(payload_for(decision, recipient, one.sender));
            EXPECT_TRUE(text.starts_with("OFFICIAL-SENSITIVE\n")) << one.purpose;
        }
    }
}

TEST(RequirementApp, AC_4_the_age_of_an_address_is_a_date_in_the_text) {
    auto document = referral();
    set_at(document, "/child/address/checked_on", "2024-01-10");
    const auto decision = decided(document);
    const auto text = render_view(payload_for(decision, decision.recipients.at(0), willow()));
    EXPECT_NE(text.find("address last checked 2024-01-10"), std::string::npos) << text.substr(0, 2000);
}

TEST(RequirementApp, OP_4_why_nobody_may_be_told_reads_as_a_reason) {
    for (const auto& one : purpose_cases()) {
        const auto decision = decided(one.document, one.sender);
        for (const auto& recipient : decision.recipients) {
            const auto text = render_alarms(recipient.view);
            for (const auto* misread : {"never told", "sender: agreed with", ", agreed with", "sender: decided by", ", decided by"})
                EXPECT_EQ(text.find(misread), std::string::npos) << text;
        }
    }
}

}  // namespace
}  // namespace cg::app
