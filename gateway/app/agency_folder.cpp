#include "gateway/app/agency_folder.hpp"

#include "config/secrets.hpp"
#include "gateway/base/object_reader.hpp"

namespace cg::app {
namespace {

constexpr std::size_t name_bytes = 200;

auto role_json(const certs::DirectoryRole& role) -> Json {
    Json keys = Json::array();
    for (const auto& key : role.recipients)
        keys.push(Json::object({{"recipient", key.recipient},
                                {"not_before", to_rfc3339(key.not_before)},
                                {"expires", to_rfc3339(key.expires)}}));
    Json holders = Json::array();
    for (const auto& holder : role.holders) holders.push(holder.str());
    return Json::object({{"role", role.role.str()}, {"keys", std::move(keys)}, {"holders", std::move(holders)}});
}

auto read_role(const Json& json, const std::string& pointer, std::vector<Problem>& problems) -> certs::DirectoryRole {
    certs::DirectoryRole role;
    ObjectReader in{json, pointer, problems};
    role.role = in.parsed<RoleId>("role");
    for (const auto& item : in.array("keys", 16)) {
        certs::RoleKey key;
        ObjectReader one{item, pointer + "/keys", problems};
        key.recipient = one.text("recipient", 4096);
        key.kid = certs::recipient_kid(key.recipient);
        key.not_before = one.instant("not_before");
        key.expires = one.instant("expires");
        one.finish();
        role.recipients.push_back(std::move(key));
    }
    for (const auto& item : in.array("holders", 256)) {
        auto holder = certs::Identity::parse(item.text());
        if (holder.has_value())
            role.holders.push_back(std::move(holder).value());
        else
            in.note("format/value", "holders",
                    "give each holder as casegate://agency/system/name or casegate://agency/person/id");
    }
    in.finish();
    return role;
}

}  // namespace

auto wished_identity(std::string_view name, const AgencyId& agency) -> certs::Identity {
    if (name == office_system) return {agency, certs::IdentityKind::system, office_system};
    return certs::Identity::gateway_of(agency);
}

auto facts_text(const certs::Descriptor& facts) -> std::string {
    Json roles = Json::array();
    for (const auto& role : facts.roles) roles.push(role_json(role));
    return to_pretty_json(
               Json::object({{"agency", facts.agency.str()},
                             {"name", facts.name},
                             {"kind", to_string(facts.kind)},
                             {"public_authority", facts.public_authority},
                             {"areas", Json::texts(facts.areas)},
                             {"peer", Json::object({{"host", facts.peer.host}, {"port", facts.peer.port}})},
                             {"roles", std::move(roles)},
                             {"log", facts.log},
                             {"duty", Json::object({{"role", facts.duty.role}, {"phone", facts.duty.phone}})},
                             {"seq", facts.seq}})) +
           "\n";
}

auto read_facts(const AgencyFolder& folder) -> Result<certs::Descriptor> {
    CG_TRY(const auto text, config::read_public_file(folder.facts()));
    CG_TRY(const auto json, parse_json(text));
    std::vector<Problem> problems;
    ObjectReader in{json, "", problems};
    certs::Descriptor facts;
    facts.agency = in.parsed<AgencyId>("agency");
    facts.name = in.text("name", name_bytes);
    const auto kind = certs::parse_agency_kind(in.text("kind", 32));
    if (!kind) in.note("format/value", "kind", "give statutory, charitable, independent or provider");
    facts.kind = kind.value_or(certs::AgencyKind::statutory);
    facts.public_authority = in.boolean("public_authority");
    for (const auto& area : in.array("areas", 256)) facts.areas.emplace_back(area.text());
    ObjectReader peer{in.object("peer"), "/peer", problems};
    facts.peer.host = peer.text("host", 255);
    facts.peer.port = static_cast<std::uint16_t>(peer.integer("port", 1, 65535));
    peer.finish();
    std::size_t index = 0;
    for (const auto& role : in.array("roles", 256))
        facts.roles.push_back(read_role(role, "/roles/" + std::to_string(index++), problems));
    facts.log = in.text("log", 512);
    ObjectReader duty{in.object("duty"), "/duty", problems};
    facts.duty = {duty.text("role", name_bytes), duty.text("phone", 32)};
    duty.finish();
    facts.seq = in.integer("seq", 0, std::uint64_t{1} << 53U);
    in.finish();
    if (!problems.empty()) return fail(Errc::malformed, "agency.json does not fit", std::move(problems));
    facts.tls = certs::Identity::gateway_of(facts.agency);
    return facts;
}

auto make_private_folder(const std::filesystem::path& dir) -> Result<> {
    std::error_code error;
    std::filesystem::create_directories(dir, error);
    if (!error) std::filesystem::permissions(dir, std::filesystem::perms::owner_all, error);
    if (error) return fail(Errc::unavailable, "the folder " + dir.string() + " cannot be made: " + error.message());
    return ok();
}

}  // namespace cg::app
