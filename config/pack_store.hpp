#pragma once
/// Where policy packs lie that are or were in force, outside anybody's working folder:
///
///   versions/<version>/   the files of a pack and its signatures; never changed. The name is the hash of all that is
///   in it in-force.json         which version is in force, which one before it, and which one the log last told of
///   requests/  results/   what an administrator asks of the running gateway, and what came of it
///
/// Durable   what a call has written is on disk when it returns; a reader sees the old or the new, never half of it
/// Threads   one writer at a time

#include "config/pack_dir.hpp"
#include "gateway/base/json.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cg::config {

/// Versions by name; empty: none.
struct InForce {
    std::string current, previous;
    std::string logged;    ///< the version that the latest entry of the log names
    std::string followed;  ///< the working folder as it was last looked at (development)
    auto operator==(const InForce&) const -> bool = default;
};

/// What somebody asks for, and with which pack.
struct PackRequest {
    std::string action;  ///< `activate` or `rollback`
    std::string by;      ///< the user of the operating system who asks. Personal
    SignedPack pack;     ///< for `activate`
    std::string from;    ///< for `rollback`: the version to go back from
};

/// 64 hexadecimal digits over all files and signatures, with their names.
[[nodiscard]] auto version_of(const SignedPack& pack) -> std::string;

class PackStore {
public:
    explicit PackStore(std::filesystem::path root) : root_(std::move(root)) {}

    /// Copies a pack in, whole or not at all. The same pack again changes nothing; a damaged copy is replaced.
    /// Errors  malformed (a file's name leads elsewhere), unavailable
    [[nodiscard]] auto put(const SignedPack& pack) const -> Result<std::string>;
    /// Errors  not_found; corrupt: what is there is not what its name says; unavailable
    [[nodiscard]] auto get(const std::string& version) const -> Result<SignedPack>;
    /// The newest version whose pack has this hash. Errors: not_found, unavailable.
    [[nodiscard]] auto find(std::string_view pack_hash) const -> Result<SignedPack>;

    /// Empty where nothing was ever in force. Errors: corrupt, unavailable.
    [[nodiscard]] auto in_force() const -> Result<InForce>;
    [[nodiscard]] auto set(const InForce& state) const -> Result<>;

    /// Files a request; gives its id. Errors: unavailable.
    [[nodiscard]] auto ask(const PackRequest& request) const -> Result<std::string>;
    /// Ids of requests that wait, in order of their names.
    [[nodiscard]] auto waiting() const -> std::vector<std::string>;
    /// Errors  malformed, not_found, too_large, unavailable
    [[nodiscard]] auto request(const std::string& id) const -> Result<PackRequest>;
    /// Leaves the answer and takes the request away.
    [[nodiscard]] auto answer(const std::string& id, const Json& result) const -> Result<>;
    /// Takes the answer. None: not there yet.
    [[nodiscard]] auto take_answer(const std::string& id) const -> Result<std::optional<Json>>;
    /// Withdraws a request that nobody has carried out. False: it is too late.
    [[nodiscard]] auto withdraw(const std::string& id) const -> bool;

    /// Claims the store for this process, for as long as it lives. Errors: conflict (another gateway has it),
    /// unavailable.
    [[nodiscard]] auto claim() const -> Result<>;
    /// The process that has claimed it; 0: none.
    [[nodiscard]] auto holder() const -> int;

private:
    [[nodiscard]] auto folder(std::string_view name) const -> std::filesystem::path { return root_ / name; }
    std::filesystem::path root_;
};

}  // namespace cg::config
