#include "config/pack_store.hpp"

#include "config/secrets.hpp"
#include "crypto/hash.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cg::config {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view state_file = "in-force.json";
constexpr std::string_view holder_file = "holder";
constexpr std::string_view request_suffix = ".json";
constexpr std::size_t max_request_bytes = 48U << 20U;  ///< the largest pack, in base64

auto trouble(std::string_view what, const fs::path& where) {
    return fail(Errc::unavailable, std::string{what} + " " + where.string() + ": " + std::strerror(errno));
}

/// Two plain parts at most, such as purposes/early-help.toml: nothing that leads out of the folder.
auto is_pack_path(std::string_view name) -> bool {
    const fs::path path{name};
    if (name.empty() || path.is_absolute() || std::distance(path.begin(), path.end()) > 2) return false;
    return std::ranges::all_of(path,
                               [](const fs::path& part) { return !part.empty() && part != "." && part != ".."; }) &&
           name.find('\0') == std::string_view::npos;
}

auto sync_folder(const fs::path& folder) -> Result<> {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = fd >= 0 && ::fsync(fd) == 0;
    if (fd >= 0) ::close(fd);
    return synced ? Result<>{ok()} : trouble("cannot write the folder", folder);
}

auto make_folder(const fs::path& folder) -> Result<> {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return fail(Errc::unavailable, "the folder " + folder.string() + " cannot be made: " + error.message());
    return ok();
}

/// Somebody with more rights than the gateway leaves nothing behind that it cannot take away.
void give_to_owner_of(const fs::path& folder, const fs::path& file) {
    struct stat facts {};
    if (::geteuid() != 0 || ::stat(folder.c_str(), &facts) != 0) return;
    // Where it cannot be given away it can still be read, since it is a public file.
    [[maybe_unused]] const auto given = ::lchown(file.c_str(), facts.st_uid, facts.st_gid);
}

auto write_all(const fs::path& folder, const std::map<std::string, std::string, std::less<>>& files) -> Result<> {
    for (const auto& [name, text] : files) {
        const auto file = folder / name;
        CG_TRY(make_folder(file.parent_path()));
        CG_TRY(write_public_file(file, text));
    }
    return ok();
}

void absorb(crypto::Sha256Stream& stream, const std::map<std::string, std::string, std::less<>>& files) {
    constexpr std::uint8_t nul = 0;
    for (const auto& [name, text] : files) {
        stream.update(view_bytes(name));
        stream.update({&nul, 1});
        stream.update(crypto::sha256(text));
    }
}

auto files_json(const std::map<std::string, std::string, std::less<>>& files) -> Json {
    auto out = Json::object();
    for (const auto& [name, text] : files) out.set(name, to_base64(view_bytes(text), Base64::standard));
    return out;
}
auto read_files(const Json& json) -> Result<std::map<std::string, std::string, std::less<>>> {
    std::map<std::string, std::string, std::less<>> out;
    const auto* members = json.if_object();
    if (members == nullptr) return fail(Errc::malformed, "a request without files");
    for (const auto& [name, value] : *members) {
        CG_TRY(const auto bytes, from_base64(value.text(), Base64::standard));
        out.emplace(name, to_text(bytes));
    }
    return out;
}

/// What a copy that never ended, a damaged one, or a pointer that was never put in its place has left.
void remove_leftovers(const fs::path& root) {
    std::error_code error;
    fs::directory_iterator it{root / "versions", error};
    for (; !error && it != fs::directory_iterator{}; it.increment(error))
        if (it->path().filename().string().starts_with('.')) fs::remove_all(it->path(), error);
    it = fs::directory_iterator{root, error};
    const auto started = std::string{state_file} + ".new-";
    for (; !error && it != fs::directory_iterator{}; it.increment(error))
        if (it->path().filename().string().starts_with(started)) fs::remove(it->path(), error);
}

auto is_version(std::string_view text) -> bool {
    return text.size() == 64 && from_hex(text).has_value();
}

}  // namespace

auto version_of(const SignedPack& pack) -> std::string {
    crypto::Sha256Stream stream;
    absorb(stream, pack.files);
    absorb(stream, pack.signatures);
    return to_hex(stream.finish());
}

auto PackStore::put(const SignedPack& pack) const -> Result<std::string> {
    const auto good = [](const auto& file) { return is_pack_path(file.first); };
    if (!std::ranges::all_of(pack.files, good) || !std::ranges::all_of(pack.signatures, good))
        return fail(Errc::malformed, "a file of the policy pack has a name that leads elsewhere");
    auto version = version_of(pack);
    if (get(version)) return version;
    const auto versions = folder("versions");
    CG_TRY(make_folder(versions));
    const auto temporary = versions / crypto::random_id(".new-");
    std::error_code error;
    fs::rename(versions / version, versions / crypto::random_id(".damaged-"), error);  // where one lies there
    CG_TRY(make_folder(temporary));
    auto written = write_all(temporary, pack.files);
    if (written) written = write_all(temporary, pack.signatures);
    if (written) written = sync_folder(temporary);
    if (written && ::rename(temporary.c_str(), (versions / version).c_str()) != 0)
        written = trouble("cannot name the version", versions / version);
    if (!written) {
        fs::remove_all(temporary, error);
        return fail(std::move(written).error());
    }
    CG_TRY(sync_folder(versions));
    return version;
}

auto PackStore::get(const std::string& version) const -> Result<SignedPack> {
    if (!is_version(version)) return fail(Errc::not_found, "no such version of the policy");
    auto pack = read_signed_pack(folder("versions") / version);
    std::error_code error;
    if (!pack && !fs::exists(folder("versions") / version, error))
        return fail(Errc::not_found, "no such version of the policy");
    if (!pack || version_of(pack.value()) != version)
        return fail(Errc::corrupt, "the stored policy is not what it was",
                    {Problem{"pack/stored-damaged", "versions/" + version.substr(0, 12),
                             "This copy of the policy was changed or is incomplete: activate the policy again.", ""}});
    return pack;
}

auto PackStore::find(std::string_view pack_hash) const -> Result<SignedPack> {
    std::error_code error;
    fs::directory_iterator it{folder("versions"), error};
    for (; !error && it != fs::directory_iterator{}; it.increment(error)) {
        auto pack = get(it->path().filename().string());
        if (pack && policy::pack_hash(pack.value().files) == pack_hash) return pack;
    }
    return fail(Errc::not_found, "the store has no policy with this hash");
}

auto PackStore::in_force() const -> Result<InForce> {
    const auto text = read_public_file(folder(state_file));
    if (!text && text.error().code == Errc::not_found) return InForce{};
    if (!text) return fail(text.error());
    const auto json = parse_json(text.value());
    const auto damaged = [] { return fail(Errc::corrupt, "in-force.json of the policy store is damaged"); };
    if (!json) return damaged();
    const auto& j = json.value();
    InForce out{std::string{j["current"].text()}, std::string{j["previous"].text()}, std::string{j["logged"].text()},
                std::string{j["followed"].text()}};
    for (const auto* version : {&out.current, &out.previous, &out.logged, &out.followed})
        if (!version->empty() && !is_version(*version)) return damaged();
    return out;
}

auto PackStore::set(const InForce& state) const -> Result<> {
    CG_TRY(make_folder(root_));
    const auto json = Json::object({{"current", state.current},
                                    {"previous", state.previous},
                                    {"logged", state.logged},
                                    {"followed", state.followed}});
    return write_public_file(folder(state_file), to_jcs(json) + "\n");
}

auto PackStore::ask(const PackRequest& request) const -> Result<std::string> {
    CG_TRY(make_folder(folder("requests")));
    auto id = crypto::random_id("ask-");
    const auto json = Json::object({{"action", request.action},
                                    {"by", request.by},
                                    {"from", request.from},
                                    {"files", files_json(request.pack.files)},
                                    {"signatures", files_json(request.pack.signatures)}});
    const auto file = folder("requests") / (id + std::string{request_suffix});
    CG_TRY(write_public_file(file, to_jcs(json)));
    give_to_owner_of(root_, file);
    return id;
}

auto PackStore::waiting() const -> std::vector<std::string> {
    std::vector<std::string> out;
    std::error_code error;
    fs::directory_iterator it{folder("requests"), error};
    for (; !error && it != fs::directory_iterator{}; it.increment(error))
        if (it->path().extension() == request_suffix) out.push_back(it->path().stem().string());
    std::ranges::sort(out);
    return out;
}

auto PackStore::request(const std::string& id) const -> Result<PackRequest> {
    CG_TRY(const auto text,
           read_public_file(folder("requests") / (id + std::string{request_suffix}), max_request_bytes));
    CG_TRY(const auto json, parse_json(text, {.max_bytes = max_request_bytes}));
    PackRequest out;
    out.action = json["action"].text();
    out.by = json["by"].text();
    out.from = json["from"].text();
    CG_TRY(out.pack.files, read_files(json["files"]));
    CG_TRY(out.pack.signatures, read_files(json["signatures"]));
    return out;
}

auto PackStore::answer(const std::string& id, const Json& result) const -> Result<> {
    CG_TRY(make_folder(folder("results")));
    CG_TRY(write_public_file(folder("results") / (id + std::string{request_suffix}), to_jcs(result)));
    static_cast<void>(withdraw(id));
    return ok();
}

auto PackStore::take_answer(const std::string& id) const -> Result<std::optional<Json>> {
    const auto file = folder("results") / (id + std::string{request_suffix});
    const auto text = read_public_file(file);
    if (!text && text.error().code == Errc::not_found) return std::optional<Json>{};
    if (!text) return fail(text.error());
    CG_TRY(auto json, parse_json(text.value()));
    std::error_code error;
    fs::remove(file, error);
    return std::optional{std::move(json)};
}

auto PackStore::withdraw(const std::string& id) const -> bool {
    std::error_code error;
    return fs::remove(folder("requests") / (id + std::string{request_suffix}), error);
}

auto PackStore::claim() const -> Result<> {
    CG_TRY(make_folder(root_));
    const auto file = folder(holder_file);
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) return trouble("cannot open", file);
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    if (::fcntl(fd, F_SETLK, &lock) == 0) {  // the descriptor stays open: the lock lives as long as the process
        remove_leftovers(root_);
        return ok();
    }
    const int error = errno;
    ::close(fd);
    errno = error;
    if (error == EACCES || error == EAGAIN) return fail(Errc::conflict, "another gateway uses this policy store");
    return trouble("cannot lock", file);
}

auto PackStore::holder() const -> int {
    const int fd = ::open(folder(holder_file).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    const bool asked = ::fcntl(fd, F_GETLK, &lock) == 0;
    ::close(fd);
    return asked && lock.l_type != F_UNLCK ? static_cast<int>(lock.l_pid) : 0;
}

}  // namespace cg::config
