#include "config/client_profile.hpp"

#include "config/secrets.hpp"
#include "config/toml_reader.hpp"

namespace cg::config {
namespace {

void read_gateway(TableReader in, ClientProfile& out) {
    out.gateway.host = in.text("host");
    std::uint32_t port = 0;
    in.number("port", port, 1U, 65535U);
    if (port == 0) in.note("config/missing", "port", "give the port of the gateway's office listener");
    out.gateway.port = static_cast<std::uint16_t>(port);
    out.gateway_config = in.path("config");
    in.finish();
}

void read_roles(TableReader& root, ClientProfile& out) {
    for (auto& table : root.tables("role")) {
        auto role = table.parsed<RoleId>("id", "give a role id such as csc.front-door");
        auto key = table.path("key");
        table.finish();
        if (!role.empty() && !out.roles.emplace(std::move(role), std::move(key)).second)
            table.note("config/value", "id", "name each role once");
    }
}

auto read_profile(TableReader& root) -> ClientProfile {
    ClientProfile out;
    out.agency = root.parsed<AgencyId>("agency", "give an agency id (a-z, 0-9 and '-')");
    read_gateway(root.table("gateway"), out);
    auto tls = root.table("tls");
    out.tls = {tls.path("certificate"), tls.path("key"), tls.path("authorities")};
    tls.finish();
    auto directory = root.table("directory");
    out.directory_dir = directory.path("dir");
    out.registrar_key = directory.path("registrar");
    directory.finish();
    read_roles(root, out);
    root.finish();
    return out;
}

auto quoted(const std::string& text) -> std::string {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

}  // namespace

auto load_client_profile(const std::filesystem::path& folder) -> Result<ClientProfile> {
    const auto file = folder / client_profile_name;
    auto text = read_public_file(file);
    if (!text.has_value()) {
        return fail(text.error().code, "no agency's folder here: there is no " + file.string() +
                                           ". Name the folder with --profile DIR, or make one with `casegate init`");
    }
    TomlNotes notes{file.string(), std::filesystem::absolute(folder), {}};
    const toml::parse_result parsed = toml::parse(text.value());
    if (!parsed) {
        notes.note("config/syntax", parsed.error().source(),
                   "this is not TOML (see toml.io): check quotes, brackets and repeated keys");
        return fail(Errc::malformed, "the client settings have errors", std::move(notes.problems));
    }
    TableReader root{&parsed.table(), "", notes};
    auto profile = read_profile(root);
    if (!notes.problems.empty())
        return fail(Errc::malformed, "the client settings have errors", std::move(notes.problems));
    return profile;
}

auto to_toml(const ClientProfile& profile) -> std::string {
    std::string out =
        "# How this office reaches its own gateway. Written by `casegate init`; paths are relative to this file.\n";
    out += "agency = " + quoted(profile.agency.str()) + "\n\n[gateway]\n";
    out += "host = " + quoted(profile.gateway.host) + "\nport = " + std::to_string(profile.gateway.port) + "\n";
    out += "config = " + quoted(profile.gateway_config.string()) + "\n\n[tls]\n";
    out += "certificate = " + quoted(profile.tls.certificate.string()) + "\nkey = " + quoted(profile.tls.key.string()) +
           "\n";
    out += "authorities = " + quoted(profile.tls.authorities.string()) + "\n\n[directory]\n";
    out += "dir = " + quoted(profile.directory_dir.string()) +
           "\nregistrar = " + quoted(profile.registrar_key.string()) + "\n";
    out += "\n# The keys that messages to each role are opened with.\n";
    for (const auto& [role, file] : profile.roles)
        out += "[[role]]\nid = " + quoted(role.str()) + "\nkey = " + quoted(file.string()) + "\n";
    return out;
}

}  // namespace cg::config
