#include "gateway/wire/view_payload.hpp"

#include "gateway/wire/signed.hpp"

#include <algorithm>

namespace cg::wire {
namespace {

constexpr std::size_t max_view_bytes = 16U << 20U;
constexpr std::uint64_t max_attachment_bytes = std::uint64_t{1} << 40U;
constexpr std::size_t max_media_type_bytes = 127;
constexpr std::size_t max_key_bytes = 4096;
constexpr std::string_view one_time_key_prefix = "AGE-SECRET-KEY-PQ-1";

auto read_attachment(const Json& json, std::string pointer, std::vector<Problem>& problems) -> AttachmentRef {
    ObjectReader in{json, std::move(pointer), problems};
    AttachmentRef out;
    out.sha256 = in.hash("sha256");
    out.bytes = in.integer("bytes", 1, max_attachment_bytes);
    out.media_type = in.text("media_type", max_media_type_bytes);
    out.key = in.text("key", max_key_bytes);
    if (!out.key.empty() && !out.key.starts_with(one_time_key_prefix))
        in.note("format/value", "key", "give an age post-quantum identity");
    in.finish();
    return out;
}

auto is_kid(std::string_view text) -> bool {
    return text.size() == 16 && std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

auto to_json(const ViewPayload& payload) -> Json {
    Json attachments = Json::array();
    for (const auto& item : payload.attachments)
        attachments.push(Json::object({{"sha256", to_hex(item.sha256)},
                                       {"bytes", item.bytes},
                                       {"media_type", item.media_type},
                                       {"key", item.key}}));
    return Json::object({{"v", 1},
                         {"mid", payload.mid.str()},
                         {"from", payload.from.str()},
                         {"to", payload.to.str()},
                         {"rkid", payload.rkid},
                         {"iat", to_rfc3339(payload.issued)},
                         {"exp", to_rfc3339(payload.expires)},
                         {"purpose", payload.purpose.str()},
                         {"routing_sha256", to_hex(payload.routing_sha256)},
                         {"view", payload.view},
                         {"attachments", std::move(attachments)}});
}

auto view_payload_from_json(const Json& json) -> Result<ViewPayload> {
    std::vector<Problem> problems;
    ObjectReader in{json, "", problems};
    ViewPayload out;
    static_cast<void>(in.integer("v", 1, 1));
    out.mid = in.parsed<MessageId>("mid");
    out.from = in.parsed<AgencyId>("from");
    out.to = in.parsed<RecipientId>("to");
    out.rkid = in.text("rkid", 16);
    if (!out.rkid.empty() && !is_kid(out.rkid)) in.note("format/value", "rkid", "give 16 lower-case hex digits");
    out.issued = in.instant("iat");
    out.expires = in.instant("exp");
    out.purpose = in.parsed<PurposeId>("purpose");
    out.routing_sha256 = in.hash("routing_sha256");
    out.view = in.object("view");
    for (const auto& item : in.array("attachments", max_blobs))
        out.attachments.push_back(
            read_attachment(item, in.pointer_of("attachments") + "/" + std::to_string(out.attachments.size()), problems));
    in.finish();
    if (problems.empty() && out.expires <= out.issued) in.note("format/value", "exp", "set it after iat");
    if (!problems.empty()) return fail(refuse("view payload refused", std::move(problems)));
    return out;
}

auto parse_view_payload(ByteView untrusted) -> Result<ViewPayload> {
    CG_TRY(const auto json, parse_canonical(untrusted, max_view_bytes));
    return view_payload_from_json(json);
}

auto sign_view(const ViewPayload& payload, const crypto::SigningKey& key, const crypto::Digest& certificate_sha256) -> Json {
    std::string text = to_jcs(to_json(payload));
    Json jws = crypto::sign_jws(key, {std::string{view_typ}, certificate_sha256, ""}, view_bytes(text));
    crypto::wipe(text);
    return jws;
}

auto read_signed_view(const Json& jws) -> Result<Unverified<ViewPayload>> {
    CG_TRY(auto read, read_signed(jws, view_typ));
    auto payload = parse_view_payload(read.payload);
    crypto::wipe(read.payload);
    CG_TRY(auto claimed, std::move(payload));
    return Unverified<ViewPayload>{std::move(claimed), read.certificate_sha256, std::move(read.signature)};
}

}  // namespace cg::wire
