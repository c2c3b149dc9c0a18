#pragma once
/// The body of `POST /v1/envelopes` between gateways: {routing, envelope, proof, opening}.

#include "gateway/base/bytes.hpp"
#include "gateway/base/json.hpp"

#include <cstdint>
#include <string>

namespace cg::wire {

struct TransmissionLimits {
    std::size_t max_body_bytes = 24U << 20U;
    std::size_t max_envelope_bytes = 16U << 20U;
    std::size_t max_proof_bytes = 64U << 10U;
};

struct Transmission {
    Json routing;      ///< the signed routing, a flattened JWS: see read_signed_routing
    Bytes envelope;    ///< an age file
    std::string proof; ///< C2SP tlog-proof of the release in the sender's log
    Json opening;      ///< {"fields":{…},"s":seq,"salt":64 hex digits}: opens the release leaf's commitment
};

/// JCS.
[[nodiscard]] auto to_text(const Transmission& transmission) -> std::string;
/// Strict; what is accepted prints to the JCS of what was read.
///
/// Input   untrusted
/// Errors  malformed, too_large
[[nodiscard]] auto parse_transmission(ByteView untrusted, const TransmissionLimits& limits = {}) -> Result<Transmission>;

}  // namespace cg::wire
