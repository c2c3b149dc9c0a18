#include "gateway/wire/receipt.hpp"

#include "gateway/wire/signed.hpp"

#include <array>

namespace cg::wire {
namespace {

constexpr std::size_t max_receipt_bytes = 4U << 10U;
constexpr std::uint64_t max_leaf_index = std::uint64_t{1} << 53U;
constexpr std::array states{ReceiptState::received, ReceiptState::opened, ReceiptState::acknowledged, ReceiptState::rejected};

auto read_leaf(const Json& json, std::string pointer, std::vector<Problem>& problems) -> LeafRef {
    ObjectReader in{json, std::move(pointer), problems};
    LeafRef leaf;
    leaf.index = in.integer("index", 0, max_leaf_index);
    leaf.hash = in.hash("hash");
    in.finish();
    return leaf;
}

}  // namespace

auto to_string(ReceiptState state) noexcept -> std::string_view {
    switch (state) {
        case ReceiptState::received: return "received";
        case ReceiptState::opened: return "opened";
        case ReceiptState::acknowledged: return "acknowledged";
        case ReceiptState::rejected: return "rejected";
    }
    return "";
}

auto parse_receipt_state(std::string_view text) -> std::optional<ReceiptState> {
    for (const auto state : states)
        if (to_string(state) == text) return state;
    return {};
}

auto to_json(const Receipt& receipt) -> Json {
    return Json::object(
        {{"v", 1},
         {"mid", receipt.mid.str()},
         {"envelope_sha256", to_hex(receipt.envelope_sha256)},
         {"state", to_string(receipt.state)},
         {"at", to_rfc3339(receipt.at)},
         {"leaf", Json::object({{"index", receipt.leaf.index}, {"hash", to_hex(receipt.leaf.hash)}})}});
}

auto receipt_from_json(const Json& json) -> Result<Receipt> {
    std::vector<Problem> problems;
    ObjectReader in{json, "", problems};
    Receipt out;
    static_cast<void>(in.integer("v", 1, 1));
    out.mid = in.parsed<MessageId>("mid");
    out.envelope_sha256 = in.hash("envelope_sha256");
    const auto words = in.text("state", 16);
    if (const auto state = parse_receipt_state(words))
        out.state = *state;
    else if (!words.empty())
        in.note("format/value", "state", "give received, opened, acknowledged or rejected");
    out.at = in.instant("at");
    if (const Json& leaf = in.object("leaf"); leaf.is_object()) out.leaf = read_leaf(leaf, in.pointer_of("leaf"), problems);
    in.finish();
    if (!problems.empty()) return fail(refuse("receipt refused", std::move(problems)));
    return out;
}

auto parse_receipt(ByteView untrusted) -> Result<Receipt> {
    CG_TRY(const auto json, parse_canonical(untrusted, max_receipt_bytes));
    return receipt_from_json(json);
}

auto sign_receipt(const Receipt& receipt, const crypto::SigningKey& key, const crypto::Digest& certificate_sha256) -> Json {
    return crypto::sign_jws(key, {std::string{receipt_typ}, certificate_sha256, ""}, view_bytes(to_jcs(to_json(receipt))));
}

auto read_signed_receipt(const Json& jws) -> Result<Unverified<Receipt>> {
    CG_TRY(auto read, read_signed(jws, receipt_typ));
    CG_TRY(auto receipt, parse_receipt(read.payload));
    return Unverified<Receipt>{std::move(receipt), read.certificate_sha256, std::move(read.signature)};
}

}  // namespace cg::wire
