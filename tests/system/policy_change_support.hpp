#pragma once
/// One agency whose policy is signed by two, for tests that change it while its gateway runs.

#include "config/load.hpp"
#include "config/pack_store.hpp"
#include "gateway/ledger/sqlite/sqlite_store.hpp"
#include "tests/system/federation.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace cg::test {

namespace fs = std::filesystem;

/// GET of a path at 127.0.0.1, over plain HTTP. Status 0: nobody answers.
struct PlainAnswer {
    int status = 0;
    Json body;
};
inline auto plain_get(int port, const std::string& path) -> PlainAnswer {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string text;
    const auto question = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
        ::send(fd, question.data(), question.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(question.size())) {
        std::array<char, 4096> buffer{};
        for (ssize_t got = 0; (got = ::recv(fd, buffer.data(), buffer.size(), 0)) > 0;)
            text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    ::close(fd);
    PlainAnswer out;
    if (std::sscanf(text.c_str(), "HTTP/1.1 %d", &out.status) != 1) return {};
    const auto body = text.find("\r\n\r\n");
    auto json = parse_json(std::string_view{text}.substr(body + 4));
    if (json.has_value()) out.body = std::move(json).value();
    return out;
}

inline auto read_whole(const fs::path& file) -> std::string {
    std::ifstream in{file, std::ios::binary};
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}
inline void write_whole(const fs::path& file, std::string_view text) {
    std::ofstream{file, std::ios::binary | std::ios::trunc} << text;
}

/// Two signatories with keys, and policies to sign: made once for all tests of a program.
class Signatories {
public:
    static auto get() -> const Signatories& {
        static const Signatories all;
        return all;
    }
    [[nodiscard]] auto key(const std::string& name) const -> std::string { return path(name + ".key.pem"); }
    [[nodiscard]] auto path(const std::string& name) const -> std::string { return (folder_.path() / name).string(); }

    /// A copy of the example policy as version `version`, unsigned. Returns its folder.
    [[nodiscard]] auto draft(const std::string& name, const std::string& version) const -> fs::path {
        const auto folder = folder_.path() / name;
        fs::remove_all(folder);
        fs::copy(CG_SOURCE_DIR "/config/packs/exampleshire", folder, fs::copy_options::recursive);
        edit(folder / "pack.toml", "version = \"2026.2\"", "version = \"" + version + "\"");
        return folder;
    }
    /// Replaces a text that is there.
    static void edit(const fs::path& file, const std::string& from, const std::string& to) {
        auto text = read_whole(file);
        const auto at = text.find(from);
        CG_ENSURE(at != std::string::npos);
        write_whole(file, text.replace(at, from.size(), to));
    }
    auto sign(const fs::path& folder, const std::string& name, const fs::path& against = {},
              const std::string& key_of = {}) const -> RunResult {
        std::vector<std::string> words{
            "policy", "sign", folder.string(), "--as", name, "--key", key(key_of.empty() ? name : key_of)};
        // A profile without a gateway, or what is in force there would be compared with.
        words.insert(words.end(), {"--profile", folder_.path().string()});
        if (!against.empty()) words.insert(words.end(), {"--against", against.string()});
        return casegate(words, {.input = {}, .passphrase = passphrase});
    }
    /// Signed by both.
    [[nodiscard]] auto pack(const std::string& name, const std::string& version, const fs::path& against = {}) const
        -> fs::path {
        auto folder = draft(name, version);
        for (const char* who : {"ig-lead", "caldicott-guardian"}) CG_ENSURE(sign(folder, who, against).status == 0);
        return folder;
    }

    static constexpr const char* passphrase = "a passphrase of signatories";

private:
    Signatories() {
        for (const char* name : {"ig-lead", "caldicott-guardian", "stranger"})
            CG_ENSURE(casegate({"policy", "key", name, "--out", folder_.path().string()},
                               {.input = {}, .passphrase = passphrase})
                          .status == 0);
    }
    oracle::TemporaryFolder folder_;
};

/// willow, whose configuration asks for signatures.
class SignedAgency {
public:
    explicit SignedAgency(const fs::path& first_policy)
        : fed_({{"willow", "school.dsl"}},
               {"--pack", first_policy.string(), "--signatory", "ig-lead=" + Signatories::get().path("ig-lead.pub.pem"),
                "--signatory", "caldicott-guardian=" + Signatories::get().path("caldicott-guardian.pub.pem")}) {}

    [[nodiscard]] auto fed() -> Federation& { return fed_; }
    [[nodiscard]] auto start() -> bool { return fed_.start("willow"); }
    void hang_up() { ::kill(fed_.gateway("willow").pid(), SIGHUP); }
    [[nodiscard]] auto readyz() const -> PlainAnswer { return plain_get(fed_.ops_port("willow"), "/readyz"); }
    [[nodiscard]] auto hash_in_force() const -> std::string {
        return std::string{readyz().body["pack"]["hash"].text()};
    }
    [[nodiscard]] auto run(std::vector<std::string> words) const -> RunResult {
        return fed_.run(std::move(words), "willow");
    }
    [[nodiscard]] auto activate(const fs::path& folder) const -> RunResult {
        return run({"policy", "activate", folder.string()});
    }
    [[nodiscard]] auto store() const -> config::PackStore {
        return config::PackStore{config::load_config(fed_.path("willow") + "/gateway.toml").value().policy.store};
    }
    /// The public part of each policy/1 entry, in order.
    [[nodiscard]] auto entries() const -> std::vector<Json> {
        std::vector<Json> out;
        const auto file = fed_.path("willow") + "/data/ledger.db";
        const auto ledger = ledger::sqlite::open_read_only(file).value();
        const auto rows = ledger->entries(0, 1'000).value();
        for (const auto& row : rows)
            if (row.type == "policy/1") out.push_back(parse_json(row.fields).value());
        return out;
    }
    [[nodiscard]] auto log() const -> std::string { return read_whole(fed_.path("willow") + "/gateway.log"); }
    [[nodiscard]] auto log_holds() const -> bool { return run({"log", "verify"}).status == 0; }

private:
    Federation fed_;
};

inline auto hash_of(const fs::path& folder) -> std::string {
    return policy::pack_hash(config::read_pack_dir(folder).value());
}

}  // namespace cg::test
