#pragma once
/// Recorded decisions, looked at with another pack: as far as a record without personal data can tell.

#include "policy/pack.hpp"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace cg::policy {

/// How a recorded answer to one recipient would fare.
enum class Fate : std::uint8_t { same, now_refused, maybe_permitted, fields_change, unknown };
[[nodiscard]] auto to_string(Fate fate) noexcept -> std::string_view;

/// Counts over many decisions. No ids, no times, nothing of a person.
struct ReplayCounts {
    std::size_t decisions = 0, unreadable = 0;
    std::array<std::size_t, 5> recipients{};     ///< by Fate
    std::map<std::string, std::size_t> reasons;  ///< why refused, why perhaps permitted, why not known: a code each
    /// (purpose, role, group) to the number of recorded copies in which a value of it would be withheld, or released.
    using Cell = std::tuple<std::string, std::string, std::string>;
    std::map<Cell, std::size_t> now_withheld, now_released, depends;
};

/// Looks at recorded decisions (the `dec` group) with another pack.
///
/// What can be told: whether purpose, role and legal basis are still agreed; whether the recorded state of consent and
/// of telling the family would still do; which released values the tables would now withhold, and which withheld ones
/// they would release. What cannot: a condition that depends on the case, people and their roles, texts, ages; those
/// count as `depends` or `unknown`, unless the pack that decided is at hand and says the same there.
class RecordReplay {
public:
    /// The pack with this hash, or null where it cannot be had.
    using FindPack = std::function<std::shared_ptr<const Pack>(std::string_view hash)>;
    explicit RecordReplay(const Pack& with, FindPack find = {}) : pack_(with), find_(std::move(find)) {}
    void add(const Json& dec);
    [[nodiscard]] auto counts() const -> const ReplayCounts& { return counts_; }

private:
    [[nodiscard]] auto decided_by(std::string_view hash) -> const Pack*;

    const Pack& pack_;
    FindPack find_;
    std::map<std::string, std::shared_ptr<const Pack>, std::less<>> found_;
    ReplayCounts counts_;
};

/// A count that may be published: none, "fewer than 5", or the number.
[[nodiscard]] auto published(std::size_t count) -> std::string;

}  // namespace cg::policy
