#pragma once
/// A policy pack: the law, the purposes and the matrix of who may have what, compiled once and then never changed.

#include "gateway/base/json.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "policy/agency.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cg::policy {

struct CompiledPack;  // policy/compiled.hpp, for this room only

/// Relative file name (`pack.toml`, `purposes/early-help.toml`) to its text.
using PackFiles = std::map<std::string, std::string, std::less<>>;

/// Threads   immutable; shared freely
class Pack {
public:
    explicit Pack(std::unique_ptr<const CompiledPack> compiled);
    ~Pack();
    Pack(const Pack&) = delete;
    auto operator=(const Pack&) -> Pack& = delete;

    [[nodiscard]] auto id() const noexcept -> const std::string&;
    [[nodiscard]] auto version() const noexcept -> const std::string&;
    /// `sha256:` and 64 hexadecimal digits over file names and contents.
    [[nodiscard]] auto hash() const noexcept -> const std::string&;
    [[nodiscard]] auto in_force_from() const noexcept -> Date;
    [[nodiscard]] auto purposes() const -> std::vector<std::string>;
    /// Roles that a purpose may be sent to; empty for an unknown purpose.
    [[nodiscard]] auto roles_of(std::string_view purpose) const -> std::vector<std::string>;
    /// The organisations of agencies.toml. Lifetime: borrows this.
    [[nodiscard]] auto agencies() const noexcept -> const AgencyLookup&;
    [[nodiscard]] auto agency_list() const -> std::vector<AgencyFacts>;
    /// The texts it was made of. Lifetime: borrows this.
    [[nodiscard]] auto files() const noexcept -> const PackFiles&;
    [[nodiscard]] auto compiled() const noexcept -> const CompiledPack& { return *compiled_; }

private:
    std::unique_ptr<const CompiledPack> compiled_;
};

/// Reads, checks and compiles a pack.
///
/// Input     TOML texts: pack.toml, fields.toml, roles.toml, codes.toml, purposes/*.toml, and agencies.toml if wanted
/// Errors    malformed, with every fault of every file at once: type `pack/…`, pointer `file:line:column`, fix in
///           words. TOML syntax, unknown or missing keys, wrong types, unknown groups, leaves or codes, a (purpose,
///           role) that leaves a group undecided or decides it twice, vague reason codes, no governing document,
///           missing retention or agreement
/// Threads   pure
[[nodiscard]] auto load_pack(const PackFiles& files) -> Result<std::shared_ptr<const Pack>>;

/// What Pack::hash() is, also of files that are no pack.
[[nodiscard]] auto pack_hash(const PackFiles& files) -> std::string;

}  // namespace cg::policy
