// A descriptor's text: strict both ways.

#include "certs/descriptor.hpp"
#include "crypto/age.hpp"
#include "crypto/note.hpp"
#include "gateway/base/object_reader.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace cg::certs {
namespace {

constexpr std::size_t max_name_bytes = 200;
constexpr std::size_t max_area_bytes = 64;
constexpr std::size_t max_areas = 64;
constexpr std::size_t max_roles = 64;
constexpr std::size_t max_keys = 8;
constexpr std::size_t max_holders = 256;
constexpr std::size_t max_certificates = 8;
constexpr std::size_t max_host_bytes = 253;
constexpr std::size_t max_certificate_chars = 12U << 10U;
constexpr std::size_t max_recipient_bytes = 4096;
constexpr std::size_t max_vkey_bytes = 512;
constexpr std::uint64_t max_seq = std::uint64_t{1} << 53U;
constexpr std::array kinds{AgencyKind::statutory, AgencyKind::charitable, AgencyKind::independent, AgencyKind::provider};

/// Names are shown to people: no control characters.
auto is_showable(std::string_view text) -> bool {
    return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}
auto is_phone(std::string_view text) -> bool {
    if (text.starts_with('+')) text.remove_prefix(1);
    return !text.empty() && text.front() != ' ' && text.back() != ' ' &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || c == ' '; });
}
auto is_host(std::string_view text) -> bool {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
    });
}

auto showable(ObjectReader& in, std::string_view name, std::size_t max_bytes) -> std::string {
    auto text = in.text(name, max_bytes);
    if (!is_showable(text)) in.note("format/value", name, "leave out control characters");
    return text;
}

auto item_pointer(const ObjectReader& in, std::string_view name, std::size_t index) -> std::string {
    return in.pointer_of(name) + "/" + std::to_string(index);
}

auto read_areas(ObjectReader& in) -> std::vector<std::string> {
    std::vector<std::string> out;
    for (const auto& item : in.array("areas", max_areas)) {
        const auto text = item.text();
        if (text.empty() || text.size() > max_area_bytes || !is_showable(text))
            in.note("format/value", "areas", "give each area as a text of 1 to 64 bytes");
        out.emplace_back(text);
    }
    return out;
}

auto read_peer(ObjectReader& in, std::vector<Problem>& problems) -> PeerEndpoint {
    PeerEndpoint out;
    const Json& endpoints = in.object("endpoints");
    if (!endpoints.is_object()) return out;
    ObjectReader all{endpoints, in.pointer_of("endpoints"), problems};
    if (const Json& peer = all.object("peer"); peer.is_object()) {
        ObjectReader one{peer, all.pointer_of("peer"), problems};
        out.host = one.text("host", max_host_bytes);
        if (!out.host.empty() && !is_host(out.host)) one.note("format/value", "host", "give a DNS name or an IP address, in lower case");
        out.port = static_cast<std::uint16_t>(one.integer("port", 1, 65535));
        one.finish();
    }
    all.finish();
    return out;
}

auto read_role_key(const Json& json, std::string pointer, std::vector<Problem>& problems) -> RoleKey {
    ObjectReader in{json, std::move(pointer), problems};
    RoleKey out;
    out.kid = in.text("kid", 16, 16);
    out.recipient = in.text("recipient", max_recipient_bytes);
    if (!out.recipient.empty()) {
        const auto recipient = crypto::AgeRecipient::parse(out.recipient);
        if (!recipient || recipient.value().kind() != crypto::AgeKind::mlkem768x25519)
            in.note("format/value", "recipient", "give an age recipient that begins with age1pq1");
        else if (!out.kid.empty() && out.kid != recipient_kid(out.recipient))
            in.note("format/value", "kid", "give the first 16 hex digits of SHA-256 of the recipient's text");
    }
    out.not_before = in.instant("not_before");
    out.expires = in.instant("expires");
    if (in.has("not_before") && in.has("expires") && out.expires <= out.not_before)
        in.note("format/value", "expires", "set it after not_before");
    in.finish();
    return out;
}

auto read_holders(ObjectReader& in, const AgencyId& agency) -> std::vector<Identity> {
    std::vector<Identity> out;
    for (const auto& item : in.array("holders", max_holders)) {
        auto holder = Identity::parse(item.text());
        if (holder && holder.value().agency == agency && holder.value().kind != IdentityKind::gateway)
            out.push_back(std::move(holder).value());
        else
            in.note("format/value", "holders", "name persons and systems of this agency, as casegate:// identities");
    }
    return out;
}

auto read_role(const Json& json, std::string pointer, const AgencyId& agency, std::vector<Problem>& problems) -> DirectoryRole {
    ObjectReader in{json, std::move(pointer), problems};
    DirectoryRole out;
    out.role = in.parsed<RoleId>("role");
    std::set<std::string> kids;
    for (const auto& key : in.array("recipients", max_keys)) {
        out.recipients.push_back(read_role_key(key, item_pointer(in, "recipients", out.recipients.size()), problems));
        if (!kids.insert(out.recipients.back().kid).second) in.note("format/value", "recipients", "name each key once");
    }
    out.holders = read_holders(in, agency);
    in.finish();
    return out;
}

auto read_certificate_entry(const Json& json, std::string pointer, const AgencyId& agency, std::vector<Problem>& problems)
    -> Certificate {
    ObjectReader in{json, std::move(pointer), problems};
    const auto sha256 = in.hash("sha256");
    const auto text = in.text("certificate", max_certificate_chars);
    in.finish();
    if (text.empty()) return {};
    const auto der = from_base64(text, Base64::standard);
    auto read = der ? read_certificate(der.value()) : Result<Certificate>{fail(der.error())};
    if (!read || der.value() != read.value().der) {
        in.note("format/value", "certificate", "give a DER certificate of the agency's gateway in padded base64");
        return {};
    }
    if (read.value().identity != Identity::gateway_of(agency))
        in.note("format/value", "certificate", "give a certificate whose identity is this agency's gateway");
    if (in.has("sha256") && read.value().sha256 != sha256)
        in.note("format/value", "sha256", "give SHA-256 of the certificate's bytes");
    return std::move(read).value();
}

void read_signing(ObjectReader& in, Descriptor& out, std::vector<Problem>& problems) {
    std::set<crypto::Digest> seen;
    for (const auto& item : in.array("signing", max_certificates, 1)) {
        out.signing.push_back(read_certificate_entry(item, item_pointer(in, "signing", out.signing.size()), out.agency, problems));
        if (!seen.insert(out.signing.back().sha256).second) in.note("format/value", "signing", "name each certificate once");
    }
}

void read_roles(ObjectReader& in, Descriptor& out, std::vector<Problem>& problems) {
    std::set<RoleId> seen;
    for (const auto& item : in.array("roles", max_roles)) {
        out.roles.push_back(read_role(item, item_pointer(in, "roles", out.roles.size()), out.agency, problems));
        if (!seen.insert(out.roles.back().role).second) in.note("format/value", "roles", "name each role once");
    }
}

void read_duty(ObjectReader& in, Descriptor& out, std::vector<Problem>& problems) {
    const Json& duty = in.object("duty");
    if (!duty.is_object()) return;
    ObjectReader one{duty, in.pointer_of("duty"), problems};
    out.duty.role = showable(one, "role", max_name_bytes);
    out.duty.phone = one.text("phone", 24, 3);
    if (!out.duty.phone.empty() && !is_phone(out.duty.phone)) one.note("format/value", "phone", "give digits and spaces, after one + at most");
    one.finish();
}

void read_identity(ObjectReader& in, Descriptor& out) {
    out.agency = in.parsed<AgencyId>("agency");
    out.name = showable(in, "name", max_name_bytes);
    const auto kind_text = in.text("kind", 16);
    if (const auto kind = parse_agency_kind(kind_text))
        out.kind = *kind;
    else if (!kind_text.empty())
        in.note("format/value", "kind", "give statutory, charitable, independent or provider");
    out.public_authority = in.boolean("public_authority");
    out.areas = read_areas(in);
}

void read_rest(ObjectReader& in, Descriptor& out) {
    out.tls = in.parsed<Identity>("tls");
    if (!out.tls.agency.empty() && out.tls != Identity::gateway_of(out.agency))
        in.note("format/value", "tls", "name this agency's gateway");
    out.log = in.text("log", max_vkey_bytes);
    const auto verifier = crypto::NoteVerifier::parse(out.log);
    if (!out.log.empty() && (!verifier || verifier.value().vkey() != out.log))
        in.note("format/value", "log", "give the verifier key of the agency's log");
    out.seq = in.integer("seq", 1, max_seq);
    out.issued = in.instant("iat");
    out.expires = in.instant("exp");
    if (in.has("iat") && in.has("exp") && out.expires <= out.issued) in.note("format/value", "exp", "set it after iat");
}

auto role_json(const DirectoryRole& role) -> Json {
    Json recipients = Json::array();
    for (const auto& key : role.recipients)
        recipients.push(Json::object({{"kid", key.kid},
                                      {"recipient", key.recipient},
                                      {"not_before", to_rfc3339(key.not_before)},
                                      {"expires", to_rfc3339(key.expires)}}));
    Json holders = Json::array();
    for (const auto& holder : role.holders) holders.push(holder.str());
    return Json::object({{"role", role.role.str()}, {"recipients", std::move(recipients)}, {"holders", std::move(holders)}});
}

}  // namespace

auto to_string(AgencyKind kind) noexcept -> std::string_view {
    switch (kind) {
        case AgencyKind::statutory: return "statutory";
        case AgencyKind::charitable: return "charitable";
        case AgencyKind::independent: return "independent";
        case AgencyKind::provider: return "provider";
    }
    return "";
}

auto parse_agency_kind(std::string_view text) -> std::optional<AgencyKind> {
    for (const auto kind : kinds)
        if (to_string(kind) == text) return kind;
    return {};
}

auto recipient_kid(std::string_view recipient) -> std::string { return to_hex(crypto::sha256(recipient)).substr(0, 16); }

auto to_json(const Descriptor& descriptor) -> Json {
    Json roles = Json::array();
    for (const auto& role : descriptor.roles) roles.push(role_json(role));
    Json signing = Json::array();
    for (const auto& certificate : descriptor.signing)
        signing.push(Json::object({{"sha256", to_hex(certificate.sha256)},
                                   {"certificate", to_base64(certificate.der, Base64::standard)}}));
    return Json::object(
        {{"v", 1},
         {"agency", descriptor.agency.str()},
         {"name", descriptor.name},
         {"kind", to_string(descriptor.kind)},
         {"public_authority", descriptor.public_authority},
         {"areas", Json::texts(descriptor.areas)},
         {"endpoints", Json::object({{"peer", Json::object({{"host", descriptor.peer.host}, {"port", descriptor.peer.port}})}})},
         {"roles", std::move(roles)},
         {"signing", std::move(signing)},
         {"tls", descriptor.tls.str()},
         {"log", descriptor.log},
         {"duty", Json::object({{"role", descriptor.duty.role}, {"phone", descriptor.duty.phone}})},
         {"seq", descriptor.seq},
         {"iat", to_rfc3339(descriptor.issued)},
         {"exp", to_rfc3339(descriptor.expires)}});
}

auto descriptor_from_json(const Json& json) -> Result<Descriptor> {
    std::vector<Problem> problems;
    ObjectReader in{json, "", problems};
    Descriptor out;
    static_cast<void>(in.integer("v", 1, 1));
    read_identity(in, out);
    out.peer = read_peer(in, problems);
    read_roles(in, out, problems);
    read_signing(in, out, problems);
    read_duty(in, out, problems);
    read_rest(in, out);
    in.finish();
    if (!problems.empty()) return fail(Errc::malformed, "descriptor refused", std::move(problems));
    return out;
}

}  // namespace cg::certs
