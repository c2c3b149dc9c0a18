#include "gateway/wire/routing.hpp"

#include "gateway/wire/signed.hpp"

#include <algorithm>

namespace cg::wire {
namespace {

constexpr std::size_t max_routing_bytes = 64U << 10U;
constexpr std::uint64_t max_blob_bytes = std::uint64_t{1} << 40U;

auto read_blob(const Json& json, std::string pointer, std::vector<Problem>& problems) -> BlobRef {
    ObjectReader in{json, std::move(pointer), problems};
    BlobRef blob;
    blob.bytes = in.integer("bytes", 1, max_blob_bytes);
    blob.sha256 = in.hash("sha256");
    in.finish();
    return blob;
}

void check_blobs(const std::vector<BlobRef>& blobs, ObjectReader& in) {
    std::vector<crypto::Digest> hashes;
    for (const auto& blob : blobs) hashes.push_back(blob.sha256);
    std::ranges::sort(hashes);
    if (std::ranges::adjacent_find(hashes) != hashes.end()) in.note("format/value", "blobs", "name each blob once");
}

}  // namespace

auto to_json(const Routing& routing) -> Json {
    Json blobs = Json::array();
    for (const auto& blob : routing.blobs) blobs.push(Json::object({{"bytes", blob.bytes}, {"sha256", to_hex(blob.sha256)}}));
    return Json::object({{"v", 1},
                         {"mid", routing.mid.str()},
                         {"from", routing.from.str()},
                         {"to", routing.to.str()},
                         {"created", to_rfc3339(routing.created)},
                         {"expires", to_rfc3339(routing.expires)},
                         {"envelope_sha256", to_hex(routing.envelope_sha256)},
                         {"blobs", std::move(blobs)}});
}

auto routing_from_json(const Json& json) -> Result<Routing> {
    std::vector<Problem> problems;
    ObjectReader in{json, "", problems};
    Routing out;
    static_cast<void>(in.integer("v", 1, 1));
    out.mid = in.parsed<MessageId>("mid");
    out.from = in.parsed<AgencyId>("from");
    out.to = in.parsed<AgencyId>("to");
    out.created = in.instant("created");
    out.expires = in.instant("expires");
    out.envelope_sha256 = in.hash("envelope_sha256");
    for (const auto& blob : in.array("blobs", max_blobs))
        out.blobs.push_back(read_blob(blob, in.pointer_of("blobs") + "/" + std::to_string(out.blobs.size()), problems));
    in.finish();
    if (problems.empty() && out.expires <= out.created) in.note("format/value", "expires", "set it after created");
    if (problems.empty()) check_blobs(out.blobs, in);
    if (!problems.empty()) return fail(refuse("routing refused", std::move(problems)));
    return out;
}

auto parse_routing(ByteView untrusted) -> Result<Routing> {
    CG_TRY(const auto json, parse_canonical(untrusted, max_routing_bytes));
    return routing_from_json(json);
}

auto routing_sha256(const Routing& routing) -> crypto::Digest {
    Json json = to_json(routing);
    json.erase("envelope_sha256");
    return crypto::sha256(to_jcs(json));
}

auto sign_routing(const Routing& routing, const crypto::SigningKey& key, const crypto::Digest& certificate_sha256) -> Json {
    return crypto::sign_jws(key, {std::string{routing_typ}, certificate_sha256, ""}, view_bytes(to_jcs(to_json(routing))));
}

auto read_signed_routing(const Json& jws) -> Result<Unverified<Routing>> {
    CG_TRY(auto read, read_signed(jws, routing_typ));
    CG_TRY(auto routing, parse_routing(read.payload));
    return Unverified<Routing>{std::move(routing), read.certificate_sha256, std::move(read.signature)};
}

}  // namespace cg::wire
