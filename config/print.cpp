// A configuration as text: for people (describe) and for the loader (to_toml).

#include "config/load.hpp"

#include <utility>

namespace cg::config {
namespace {

auto quoted(std::string_view text) -> std::string {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            out += {'\\', c};
        else if (byte < 0x20 || byte == 0x7f)
            out += std::string{"\\u00"} + digits[byte >> 4U] + digits[byte & 15U];
        else
            out += c;
    }
    return out + "\"";
}
auto quoted(const std::filesystem::path& path) -> std::string { return quoted(std::string_view{path.native()}); }

template <class Range, class Text>
auto list(const Range& range, const Text& text) -> std::string {
    std::string out = "[";
    for (const auto& item : range) out += (out.size() > 1 ? ", " : "") + quoted(std::string_view{text(item)});
    return out + "]";
}

auto passphrase_text(const PassphraseSource& source) -> std::string {
    return source.kind == PassphraseSource::Kind::credential ? "credential:" + source.credential : "descriptor";
}

/// One table: its name ("" for the top) and its keys, with values as TOML.
struct Section {
    std::string name;
    std::vector<std::pair<std::string, std::string>> entries;
};

auto caller_section(const Caller& caller) -> Section {
    return {"caller",
            {{"identity", quoted(std::string_view{caller.identity.str()})},
             {"may", list(caller.rights, [](Right right) { return to_string(right); })},
             {"roles", list(caller.roles, [](const RoleId& role) { return role.str(); })}}};
}

auto policy_section(const Config& c) -> Section {
    return {"policy",
            {{"pack", quoted(c.pack_dir)},
             {"store", quoted(c.policy.store)},
             {"require_signatures", c.policy.require_signatures ? "true" : "false"}}};
}
auto signatories_section(const Config& c) -> Section {
    Section out{"policy.signatories", {}};
    for (const auto& [name, file] : c.policy.signatories) out.entries.emplace_back(quoted(std::string_view{name}), quoted(file));
    return out;
}

auto file_sections(const Config& c) -> std::vector<Section> {
    return {{"tls",
             {{"certificate", quoted(c.tls.certificate)}, {"key", quoted(c.tls.key)}, {"authorities", quoted(c.tls.authorities)}}},
            {"signing", {{"certificate", quoted(c.signing.certificate)}, {"key", quoted(c.signing.key)}}},
            {"log", {{"key", quoted(c.log_key)}}},
            {"store", {{"secret", quoted(c.store_secret)}}},
            policy_section(c),
            signatories_section(c),
            {"directory", {{"dir", quoted(c.directory_dir)}, {"registrar", quoted(c.registrar_key)}}}};
}

auto limit_sections(const Config& c) -> std::vector<Section> {
    const auto ms = [](std::chrono::milliseconds time) { return std::to_string(time.count()); };
    return {{"limits",
             {{"body_bytes", std::to_string(c.limits.body_bytes)},
              {"envelope_bytes", std::to_string(c.limits.envelope_bytes)},
              {"head_bytes", std::to_string(c.limits.head_bytes)},
              {"connections", std::to_string(c.limits.connections)},
              {"connections_per_peer", std::to_string(c.limits.connections_per_peer)},
              {"queue_length", std::to_string(c.limits.queue_length)},
              {"head_time_ms", ms(c.limits.head_time)},
              {"request_time_ms", ms(c.limits.request_time)},
              {"idle_time_ms", ms(c.limits.idle_time)}}},
            {"delivery",
             {{"first_retry_ms", ms(c.delivery.first_retry)},
              {"longest_retry_ms", ms(c.delivery.longest_retry)},
              {"attempt_time_ms", ms(c.delivery.attempt_time)},
              {"parallel", std::to_string(c.delivery.parallel)}}}};
}

auto sections(const Config& c) -> std::vector<Section> {
    std::vector<Section> out;
    out.push_back({"",
                   {{"agency", quoted(std::string_view{c.agency.str()})},
                    {"data_dir", quoted(c.data_dir)},
                    {"passphrase", quoted(std::string_view{passphrase_text(c.passphrase)})},
                    {"log_level", quoted(to_string(c.log_level))}}});
    out.push_back({"listen",
                   {{"office", quoted(std::string_view{c.listen.office.str()})},
                    {"peer", quoted(std::string_view{c.listen.peer.str()})},
                    {"ops", quoted(std::string_view{c.listen.ops.str()})}}});
    for (auto& section : file_sections(c)) out.push_back(std::move(section));
    out.push_back({"peers", {{"allow", list(c.peers, [](const AgencyId& agency) { return agency.str(); })}}});
    for (auto& section : limit_sections(c)) out.push_back(std::move(section));
    for (const auto& caller : c.callers) out.push_back(caller_section(caller));
    return out;
}

}  // namespace

auto describe(const Config& config) -> std::string {
    std::string out;
    for (const auto& section : sections(config))
        for (const auto& [key, value] : section.entries)
            out += (section.name.empty() ? "" : section.name + ".") + key + " = " + value + "\n";
    return out;
}

auto to_toml(const Config& config) -> std::string {
    std::string out;
    for (const auto& section : sections(config)) {
        if (section.name == "caller")
            out += "\n[[caller]]\n";
        else if (!section.name.empty())
            out += "\n[" + section.name + "]\n";
        for (const auto& [key, value] : section.entries) out += key + " = " + value + "\n";
    }
    return out;
}

}  // namespace cg::config
