#include "gateway/wire/transmission.hpp"

#include "gateway/wire/signed.hpp"

namespace cg::wire {
namespace {

/// The form only; whether it opens the leaf is for who checks the proof.
void check_opening(const Json& opening, std::string pointer, std::vector<Problem>& problems) {
    ObjectReader in{opening, std::move(pointer), problems};
    static_cast<void>(in.object("fields"));
    static_cast<void>(in.integer("s", 0, std::uint64_t{1} << 53U));
    static_cast<void>(in.hash("salt"));
    in.finish();
}

auto read_envelope(ObjectReader& in, std::size_t max_bytes) -> Bytes {
    const auto text = in.text("envelope", (max_bytes + 2) / 3 * 4);
    if (text.empty()) return {};
    auto bytes = from_base64(text, Base64::standard);
    if (bytes && bytes.value().size() <= max_bytes) return std::move(bytes).value();
    in.note("format/value", "envelope", "give at most " + std::to_string(max_bytes) + " bytes in padded base64");
    return {};
}

}  // namespace

auto to_text(const Transmission& transmission) -> std::string {
    return to_jcs(Json::object({{"routing", transmission.routing},
                                {"envelope", to_base64(transmission.envelope, Base64::standard)},
                                {"proof", transmission.proof},
                                {"opening", transmission.opening}}));
}

auto parse_transmission(ByteView untrusted, const TransmissionLimits& limits) -> Result<Transmission> {
    CG_TRY(const auto json, parse_json(untrusted, {.max_bytes = limits.max_body_bytes, .max_depth = 16}));
    std::vector<Problem> problems;
    ObjectReader in{json, "", problems};
    Transmission out;
    out.routing = in.object("routing");
    out.envelope = read_envelope(in, limits.max_envelope_bytes);
    out.proof = in.text("proof", limits.max_proof_bytes);
    out.opening = in.object("opening");
    if (out.opening.is_object()) check_opening(out.opening, in.pointer_of("opening"), problems);
    in.finish();
    if (!problems.empty()) return fail(refuse("transmission refused", std::move(problems)));
    return out;
}

}  // namespace cg::wire
