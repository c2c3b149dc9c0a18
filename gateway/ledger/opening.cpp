#include "gateway/ledger/opening.hpp"

#include "gateway/ledger/entry.hpp"

#include <algorithm>

namespace cg::ledger {
namespace {

auto digest_of(const Json& value) -> Result<crypto::Digest> {
    CG_TRY(const auto bytes, from_hex(value.text()));
    crypto::Digest digest{};
    if (bytes.size() != digest.size()) return fail(Errc::malformed, "opening: not 32 bytes in hexadecimal");
    std::ranges::copy(bytes, digest.begin());
    return digest;
}

auto count_of(const Json& value) -> Result<std::uint64_t> {
    const auto number = value.integer_or(-1);
    if (number < 0) return fail(Errc::malformed, "opening: not a whole number from 0");
    return static_cast<std::uint64_t>(number);
}

}  // namespace

auto make_opening(std::uint64_t seq, ByteView salt, Json fields) -> Json {
    return Json::object({{"s", seq}, {"salt", to_hex(salt)}, {"fields", std::move(fields)}});
}

auto check_opening(const Json& opening) -> Result<OpenedRelease> {
    if (!opening.is_object() || opening.size() != 3) return fail(Errc::malformed, "opening: exactly s, salt and fields");
    const auto& fields = opening["fields"];
    if (!fields.is_object() || fields.size() != 4)
        return fail(Errc::malformed, "opening: fields are exactly bytes, envelope_sha256, kid and mid");
    OpenedRelease out;
    CG_TRY(out.seq, count_of(opening["s"]));
    CG_TRY(const auto salt, digest_of(opening["salt"]));
    CG_TRY(out.mid, MessageId::parse(fields["mid"].text()));
    CG_TRY(out.envelope_sha256, digest_of(fields["envelope_sha256"]));
    CG_TRY(out.bytes, count_of(fields["bytes"]));
    out.kid = fields["kid"].text();
    if (out.kid.empty()) return fail(Errc::malformed, "opening: no kid");
    const Commitment commitments[] = {{group::out, commitment(salt, entry_type::release, group::out, to_jcs(fields))}};
    out.leaf = leaf_bytes(entry_type::release, out.seq, commitments);
    return out;
}

}  // namespace cg::ledger
