#include "config/load.hpp"

#include "config/secrets.hpp"
#include "config/toml_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace cg::config {
namespace {

constexpr std::size_t max_file_bytes = 1U << 20U;
constexpr std::string_view credential_prefix = "credential:";
constexpr std::uint64_t mebibyte = 1U << 20U;
constexpr std::uint64_t day_ms = 24ULL * 60 * 60 * 1000;

auto parse_host_port(std::string_view text) -> std::optional<HostPort> {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return {};
    HostPort out;
    const auto port = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (port.empty() || error != std::errc{} || end != port.data() + port.size()) return {};
    auto host = text.substr(0, colon);
    const bool in_brackets = host.starts_with('[') && host.ends_with(']');
    if (in_brackets) host = host.substr(1, host.size() - 2);
    const bool is_ip6 = host.find(':') != std::string_view::npos;
    const auto is_host_char = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
    };
    if (host.empty() || is_ip6 != in_brackets || !std::ranges::all_of(host, is_host_char)) return {};
    out.host = host;
    return out;
}

auto is_loopback(const HostPort& at) -> bool {
    return at.host == "localhost" || at.host == "::1" || at.host.starts_with("127.");
}

auto read_host_port(TableReader& in, std::string_view key) -> HostPort {
    const auto text = in.text(key);
    if (text.empty()) return {};
    if (auto at = parse_host_port(text)) return *at;
    in.note("config/value", key, "give host:port, such as 127.0.0.1:8443 or [::1]:8443");
    return {};
}

void read_listeners(TableReader in, Listeners& out) {
    out.office = read_host_port(in, "office");
    out.peer = read_host_port(in, "peer");
    out.ops = read_host_port(in, "ops");
    if (!out.ops.host.empty() && !is_loopback(out.ops))
        in.note("config/value", "ops", "this listener has no TLS: give a loopback address");
    in.finish();
}

void read_policy(TableReader in, Config& out) {
    out.pack_dir = in.path("pack");
    out.policy.store = in.has("store") ? in.path("store") : out.data_dir / "packs";
    in.flag("require_signatures", out.policy.require_signatures);
    auto signatories = in.optional_table("signatories");
    for (const auto& name : signatories.keys()) {
        const auto file = signatories.path(name);
        if (is_plain_name(name, true))
            out.policy.signatories.emplace(name, file);
        else
            signatories.note("config/value", name, "name a signatory by function, such as ig-lead: a-z, 0-9, '-' and '.'");
    }
    in.finish();
}

void read_files(TableReader& root, Config& out) {
    auto tls = root.table("tls");
    out.tls = {tls.path("certificate"), tls.path("key"), tls.path("authorities")};
    tls.finish();
    auto signing = root.table("signing");
    out.signing = {signing.path("certificate"), signing.path("key")};
    signing.finish();
    auto log = root.table("log");
    out.log_key = log.path("key");
    log.finish();
    auto store = root.table("store");
    out.store_secret = store.path("secret");
    store.finish();
    read_policy(root.table("policy"), out);
    auto directory = root.table("directory");
    out.directory_dir = directory.path("dir");
    out.registrar_key = directory.path("registrar");
    directory.finish();
}

void read_passphrase_source(TableReader& in, Config& out) {
    constexpr std::string_view key = "passphrase";
    if (!in.has(key)) return;
    const auto text = in.text(key);
    const std::string_view view = text;
    const bool is_credential = view.starts_with(credential_prefix) && is_plain_name(view.substr(credential_prefix.size()), true);
    if (is_credential)
        out.passphrase = {PassphraseSource::Kind::credential, std::string{view.substr(credential_prefix.size())}};
    else if (view == "descriptor")
        out.passphrase = {};
    else if (!text.empty())
        in.note("config/value", key, "give credential:NAME, or descriptor for --passphrase-fd; never the passphrase itself");
}

void read_log_level(TableReader& in, Config& out) {
    constexpr std::array levels{LogLevel::debug, LogLevel::info, LogLevel::warn, LogLevel::error};
    if (!in.has("log_level")) return;
    const auto text = in.text("log_level");
    const auto* level = std::ranges::find(levels, std::string_view{text}, [](LogLevel l) { return to_string(l); });
    if (level != levels.end())
        out.log_level = *level;
    else if (!text.empty())
        in.note("config/value", "log_level", "give debug, info, warn or error");
}

auto read_rights(TableReader& in) -> std::set<Right> {
    constexpr std::array rights{Right::send, Right::check, Right::read_inbox, Right::ack, Right::review};
    std::set<Right> out;
    for (const auto& text : in.texts("may")) {
        const auto* right = std::ranges::find(rights, std::string_view{text}, [](Right r) { return to_string(r); });
        if (right != rights.end())
            out.insert(*right);
        else
            in.note("config/value", "may", "give send, check, read-inbox and ack only");
    }
    return out;
}

auto read_caller(TableReader& in, const AgencyId& agency) -> Caller {
    Caller out;
    out.identity = in.parsed<certs::Identity>("identity", "give casegate://AGENCY/system/NAME or casegate://AGENCY/person/ID");
    const bool is_read = !out.identity.agency.empty();
    if (is_read && out.identity.kind == certs::IdentityKind::gateway)
        in.note("config/value", "identity", "give a system or a person: gateways call the peer listener");
    if (is_read && !agency.empty() && out.identity.agency != agency)
        in.note("config/value", "identity", "give a system or person of this agency");
    out.rights = read_rights(in);
    if (in.has("roles")) {
        for (const auto& text : in.texts("roles")) {
            if (auto role = RoleId::parse(text))
                out.roles.insert(std::move(role).value());
            else
                in.note("config/value", "roles", "give recipient roles such as csc.front-door");
        }
    }
    in.finish();
    return out;
}

void read_callers(TableReader& root, Config& out) {
    std::set<certs::Identity> seen;
    for (auto& table : root.tables("caller")) {
        out.callers.push_back(read_caller(table, out.agency));
        const auto& identity = out.callers.back().identity;
        if (!identity.agency.empty() && !seen.insert(identity).second) table.note("config/value", "identity", "name each caller once");
    }
}

void read_peers(TableReader in, Config& out) {
    for (const auto& text : in.texts("allow")) {
        if (auto peer = AgencyId::parse(text))
            out.peers.insert(std::move(peer).value());
        else
            in.note("config/value", "allow", "give agency ids such as exampleshire");
    }
    in.finish();
}

void read_limits(TableReader in, Limits& out) {
    in.number("body_bytes", out.body_bytes, 1024, 64 * mebibyte);
    in.number("envelope_bytes", out.envelope_bytes, 4096, 64 * mebibyte);
    in.number("head_bytes", out.head_bytes, 1024U, 64U << 10U);
    in.number("connections", out.connections, 1U, 65536U);
    in.number("connections_per_peer", out.connections_per_peer, 1U, 65536U);
    in.number("queue_length", out.queue_length, 1U, 65536U);
    in.duration("head_time_ms", out.head_time, 100, 60'000);
    in.duration("request_time_ms", out.request_time, 100, 600'000);
    in.duration("idle_time_ms", out.idle_time, 100, 600'000);
    in.finish();
}

void read_delivery(TableReader in, Delivery& out) {
    in.duration("first_retry_ms", out.first_retry, 10, day_ms);
    in.duration("longest_retry_ms", out.longest_retry, 10, day_ms);
    in.duration("attempt_time_ms", out.attempt_time, 100, 600'000);
    in.number("parallel", out.parallel, 1U, 1024U);
    if (out.longest_retry < out.first_retry) in.note("config/value", "longest_retry_ms", "give at least first_retry_ms");
    in.finish();
}

}  // namespace

auto parse_config(std::string_view toml, std::string_view label, const std::filesystem::path& base) -> Result<Config> {
    TomlNotes notes{std::string{label}, base, {}};
    const auto refuse = [&notes] { return fail(Errc::malformed, "the configuration has errors", std::move(notes.problems)); };
    if (toml.size() > max_file_bytes) return fail(Errc::too_large, "the configuration is over 1 MiB");
    const toml::parse_result parsed = toml::parse(toml);
    if (!parsed) {
        // toml++'s own description may quote the input, and a passphrase in the wrong place is input.
        notes.note("config/syntax", parsed.error().source(), "this is not TOML (see toml.io): check quotes, brackets and repeated keys");
        return refuse();
    }
    Config out;
    TableReader root{&parsed.table(), "", notes};
    out.agency = root.parsed<AgencyId>("agency", "give an agency id (a-z, 0-9 and '-')");
    out.data_dir = root.path("data_dir");
    read_passphrase_source(root, out);
    read_log_level(root, out);
    read_listeners(root.table("listen"), out.listen);
    read_files(root, out);
    read_peers(root.table("peers"), out);
    read_callers(root, out);
    read_limits(root.optional_table("limits"), out.limits);
    read_delivery(root.optional_table("delivery"), out.delivery);
    root.finish();
    if (!notes.problems.empty()) return refuse();
    return out;
}

auto load_config(const std::filesystem::path& file) -> Result<Config> {
    CG_TRY(const auto text, read_public_file(file, max_file_bytes));
    return parse_config(text, file.string(), std::filesystem::absolute(file).parent_path());
}

}  // namespace cg::config
