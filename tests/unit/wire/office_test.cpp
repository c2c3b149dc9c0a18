#include "gateway/wire/office.hpp"

#include "tests/unit/wire/samples.hpp"

namespace cg::wire {
namespace {

auto entry() -> InboxEntry {
    return {testing::mid(), AgencyId::trusted("millbrook"), "received", testing::at("2026-05-04T08:00:01Z"),
            testing::at("2026-05-18T08:00:00Z"), 4321, 7};
}

TEST(Office, AnInboxListHasItsEntriesAndTheNextPage) {
    const auto list = inbox_list({entry()}, 7);
    EXPECT_EQ(list.at_pointer("/messages/0/mid")->text(), testing::mid().str());
    EXPECT_EQ(list.at_pointer("/messages/0/bytes")->integer_or(0), 4321);
    EXPECT_EQ(list["next"].integer_or(0), 7);
    EXPECT_EQ(inbox_list({}, {}).find("next"), nullptr);
}

TEST(Office, AnInboxMessageCarriesTheEnvelopeAsItCame) {
    const Bytes envelope{0, 1, 2, 255};
    const auto body = inbox_message({entry(), envelope, R"({"payload":"e30"})", ""});
    EXPECT_EQ(from_base64(body["envelope"].text(), Base64::standard).value(), envelope);
    EXPECT_EQ(body.at_pointer("/routing/payload")->text(), "e30");
    EXPECT_EQ(body.find("receipt"), nullptr);
}

TEST(Office, AnAcknowledgementSaysOneOfThreeThings) {
    EXPECT_EQ(parse_ack({}).value(), ReceiptState::acknowledged);
    EXPECT_EQ(parse_ack(view_bytes(R"({"state":"opened"})")).value(), ReceiptState::opened);
    EXPECT_EQ(parse_ack(view_bytes(R"({"state":"rejected"})")).value(), ReceiptState::rejected);
    for (const auto* bad : {R"({"state":"received"})", R"({"state":"lost"})", R"({"state":5})", R"({})", R"([])", R"({"state":"opened","x":1})", "{"})
        EXPECT_FALSE(parse_ack(view_bytes(bad)).has_value()) << bad;
}

TEST(Office, AnAcknowledgementIsAnsweredWithTheReceipt) {
    const auto body = ack_body(testing::mid(), ReceiptState::opened, R"({"payload":"e30"})");
    EXPECT_EQ(body["state"].text(), "opened");
    EXPECT_EQ(body.at_pointer("/receipt/payload")->text(), "e30");
}

TEST(Office, APageIsReadStrictly) {
    EXPECT_EQ(parse_page({}).value().limit, 100U);
    const auto page = parse_page({{"after", "12"}, {"limit", "5"}}).value();
    EXPECT_EQ(page.after, 12U);
    EXPECT_EQ(page.limit, 5U);
    using Query = std::vector<std::pair<std::string, std::string>>;
    for (const Query& bad : {Query{{"limit", "0"}}, Query{{"limit", "1001"}}, Query{{"after", "-1"}}, Query{{"after", "1x"}},
                             Query{{"after", ""}}, Query{{"after", "1"}, {"after", "2"}}, Query{{"sort", "x"}}})
        EXPECT_FALSE(parse_page(bad).has_value());
    EXPECT_EQ(parse_page({{"limit", "0"}, {"after", "x"}}).error().problems.size(), 2U);
}

}  // namespace
}  // namespace cg::wire
