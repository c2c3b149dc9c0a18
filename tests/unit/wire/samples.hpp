#pragma once
// One well-formed example of each thing that travels, and helpers that break it.

#include "gateway/wire/receipt.hpp"
#include "gateway/wire/routing.hpp"
#include "gateway/wire/transmission.hpp"
#include "gateway/wire/view_payload.hpp"

#include <gtest/gtest.h>

namespace cg::wire::testing {

inline const std::string canary = "CANARY Orla Fennimore 07700 900461 999 123 0007 ZZ9 8YX";

inline auto at(std::string_view text) -> Instant { return parse_instant(text).value(); }
inline auto mid(char c = 'a') -> MessageId { return MessageId::trusted("msg-" + std::string(26, c)); }

inline auto routing() -> Routing {
    Routing out;
    out.mid = mid();
    out.from = AgencyId::trusted("millbrook");
    out.to = AgencyId::trusted("northvale");
    out.created = at("2026-05-04T08:00:00Z");
    out.expires = at("2026-05-18T08:00:00.250Z");
    out.envelope_sha256 = crypto::sha256("envelope");
    out.blobs = {{crypto::sha256("one"), 4096}, {crypto::sha256("two"), 70000}};
    return out;
}

inline auto receipt() -> Receipt {
    return {mid(), crypto::sha256("envelope"), ReceiptState::opened, at("2026-05-04T08:00:02Z"), {17, crypto::sha256("leaf")}};
}

inline auto view_payload() -> ViewPayload {
    ViewPayload out;
    out.mid = mid();
    out.from = AgencyId::trusted("millbrook");
    out.to = RecipientId::parse("csc.front-door@northvale").value();
    out.rkid = "0123456789abcdef";
    out.issued = at("2026-05-04T08:00:00Z");
    out.expires = at("2026-05-18T08:00:00Z");
    out.purpose = PurposeId::trusted("early-help");
    out.routing_sha256 = routing_sha256(routing());
    out.view = Json::object({{"handling", Json::object({{"marking", "OFFICIAL-SENSITIVE"}})}, {"child", Json::object({{"name", "Orla Fennimore"}})}});
    out.attachments = {{crypto::sha256("blob"), 5000, "application/pdf", "AGE-SECRET-KEY-PQ-1QQQQ"}};
    return out;
}

inline auto transmission() -> Transmission {
    Transmission out;
    out.routing = Json::object({{"payload", "e30"}, {"protected", "e30"}, {"signature", "AA"}});
    out.envelope = to_bytes("age-encryption.org/v1\n");
    out.proof = "c2sp.org/tlog-proof@v1\n";
    out.opening = Json::object({{"fields", Json::object({{"kid", "0123456789abcdef"}})}, {"s", 4}, {"salt", std::string(64, 'b')}});
    return out;
}

/// Every word of an error, for looking whether it says too much.
inline auto all_words(const Error& error) -> std::string {
    std::string out = error.detail;
    for (const auto& problem : error.problems) out += "\n" + problem.type + " " + problem.pointer + " " + problem.fix + " " + problem.rule;
    return out;
}

/// Pointers to every value below (and not including) the root.
inline void collect_pointers(const Json& value, const std::string& here, std::vector<std::string>& out) {
    if (!here.empty()) out.push_back(here);
    if (const auto* members = value.if_object())
        for (const auto& member : *members) {
            auto pointer = here;
            append_pointer(pointer, member.name);
            collect_pointers(member.value, pointer, out);
        }
    if (const auto* items = value.if_array())
        for (std::size_t i = 0; i < items->size(); ++i) collect_pointers((*items)[i], here + "/" + std::to_string(i), out);
}

inline auto edit(Json& root, const std::string& pointer) -> Json& { return const_cast<Json&>(*root.at_pointer(pointer)); }

/// What every strict reader does with a well-formed example that is damaged at one place: whatever is missing, of another
/// kind or unknown is refused, at that place, without a word of what was there.
template <class Parse>
void expect_strict(const Json& good, const Parse& parse, const std::string& open_part = "\x01") {
    ASSERT_TRUE(parse(good).has_value()) << all_words(parse(good).error());
    std::vector<std::string> pointers;
    collect_pointers(good, "", pointers);
    std::size_t refused = 0;
    for (const auto& pointer : pointers) {
        if (pointer.starts_with(open_part + "/")) continue;
        const auto expect_refused = [&](const Json& bad, std::string_view what) {
            const auto result = parse(bad);
            ASSERT_FALSE(result.has_value()) << what << " at " << pointer;
            EXPECT_EQ(result.error().code, Errc::malformed) << pointer;
            EXPECT_EQ(all_words(result.error()).find("CANARY"), std::string::npos) << what << " at " << pointer;
            ASSERT_FALSE(result.error().problems.empty()) << what << " at " << pointer;
            ++refused;
        };
        for (const Json& other : {Json{nullptr}, Json{canary}, Json{-1}, Json{true}, Json::array({canary}), Json::object({{"x", canary}})}) {
            Json bad = good;
            if (edit(bad, pointer).kind() == other.kind() && !(other.is_string() || other.is_number())) continue;
            if (pointer == open_part && other.is_object()) continue;
            edit(bad, pointer) = other;
            // A free text may well be the canary; then there is nothing to refuse.
            if (other.is_string() && edit(bad, pointer).is_string() && parse(bad).has_value()) continue;
            expect_refused(bad, "another " + std::string{other.kind()});
        }
        if (good.at_pointer(pointer)->is_object() && pointer != open_part) {
            Json bad = good;
            edit(bad, pointer).set(canary, 1);
            expect_refused(bad, "an unknown member");
        }
        const auto slash = pointer.rfind('/');
        if (good.at_pointer(pointer.substr(0, slash))->is_object()) {
            Json bad = good;
            edit(bad, pointer.substr(0, slash)).erase(pointer.substr(slash + 1));
            expect_refused(bad, "missing");
        }
    }
    Json bad = good;
    bad.set(canary, 1);
    ASSERT_FALSE(parse(bad).has_value());
    EXPECT_EQ(all_words(parse(bad).error()).find("CANARY"), std::string::npos);
    EXPECT_GT(refused, pointers.size());
}

}  // namespace cg::wire::testing
