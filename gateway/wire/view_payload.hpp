#pragma once
/// What the sender signs and seals for one recipient: the view, and everything that ties it to this message, this recipient
/// and this key, so that it cannot be passed on as if it were meant for another.

#include "gateway/wire/routing.hpp"

namespace cg::wire {

inline constexpr std::string_view view_typ = "casegate-view+jws";

struct AttachmentRef {
    crypto::Digest sha256{};  ///< of the ciphertext blob
    std::uint64_t bytes = 0;
    std::string media_type;   ///< "application/pdf"
    std::string key;          ///< one-time `AGE-SECRET-KEY-PQ-1…`; secret, only ever inside an envelope
};

struct ViewPayload {
    MessageId mid;
    AgencyId from;
    RecipientId to;
    std::string rkid;                  ///< the recipient key that it is sealed to: 16 hex digits
    Instant issued;
    Instant expires;
    PurposeId purpose;
    crypto::Digest routing_sha256{};
    Json view;                         ///< the minimised case with `handling`: an object
    std::vector<AttachmentRef> attachments;
};

/// Secret  holds case content: wipe what you write it into
[[nodiscard]] auto to_json(const ViewPayload& payload) -> Json;
/// Strict about everything but the view, which is any object. Errors: malformed.
[[nodiscard]] auto view_payload_from_json(const Json& json) -> Result<ViewPayload>;
/// The same from payload bytes, which must be JCS.
[[nodiscard]] auto parse_view_payload(ByteView untrusted) -> Result<ViewPayload>;

[[nodiscard]] auto sign_view(const ViewPayload& payload, const crypto::SigningKey& key, const crypto::Digest& certificate_sha256) -> Json;
/// Errors  malformed, unsupported
[[nodiscard]] auto read_signed_view(const Json& jws) -> Result<Unverified<ViewPayload>>;

}  // namespace cg::wire
