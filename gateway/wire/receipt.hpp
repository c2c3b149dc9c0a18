#pragma once
/// A receipt: the recipient's agency signs what became of an envelope. Flattened JWS (`casegate-receipt+jws`), payload JCS.

#include "gateway/wire/routing.hpp"

#include <optional>

namespace cg::wire {

inline constexpr std::string_view receipt_typ = "casegate-receipt+jws";

enum class ReceiptState : std::uint8_t { received, opened, acknowledged, rejected };
[[nodiscard]] auto to_string(ReceiptState state) noexcept -> std::string_view;
[[nodiscard]] auto parse_receipt_state(std::string_view text) -> std::optional<ReceiptState>;

/// Where the recipient's own log records it.
struct LeafRef {
    std::uint64_t index = 0;
    crypto::Digest hash{};
    auto operator==(const LeafRef&) const -> bool = default;
};

struct Receipt {
    MessageId mid;
    crypto::Digest envelope_sha256{};
    ReceiptState state{};
    Instant at;
    LeafRef leaf;
    auto operator==(const Receipt&) const -> bool = default;
};

[[nodiscard]] auto to_json(const Receipt& receipt) -> Json;
/// Strict; all problems at once. Errors: malformed.
[[nodiscard]] auto receipt_from_json(const Json& json) -> Result<Receipt>;
/// The same from payload bytes, which must be JCS.
[[nodiscard]] auto parse_receipt(ByteView untrusted) -> Result<Receipt>;

[[nodiscard]] auto sign_receipt(const Receipt& receipt, const crypto::SigningKey& key, const crypto::Digest& certificate_sha256) -> Json;
/// Input   untrusted
/// Errors  malformed, unsupported
[[nodiscard]] auto read_signed_receipt(const Json& jws) -> Result<Unverified<Receipt>>;

}  // namespace cg::wire
