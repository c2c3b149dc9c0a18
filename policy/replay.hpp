#pragma once
/// Decisions made again: bit for bit from everything that went into one (RC-4), or, with another pack, as far as a
/// record without personal data can tell.

#include "policy/decide.hpp"

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

/// Everything that `decide` was given, but for the pack, which the hash names.
/// Secret  the submission is personal data; the salt is the agency's secret
struct StoredInputs {
    std::string pack_hash;
    std::string submission;  ///< the document's text as it came: the order of members counts
    std::vector<AgencyFacts> agencies;
    Caller caller;
    Instant now{};
    Bytes view_salt;
    // What the relay and the ledger added to the document.
    Consultation consultation;
    std::vector<std::string> recent_override_texts;
    std::vector<Withdrawal> known_withdrawals;
};

[[nodiscard]] auto to_json(const StoredInputs& inputs) -> Json;
/// Errors  malformed
[[nodiscard]] auto parse_stored_inputs(const Json& json) -> Result<StoredInputs>;

/// The same decision again.
/// Errors  conflict: this is another pack than the one that decided; malformed: the submission cannot be read
[[nodiscard]] auto replay(const Pack& pack, const StoredInputs& inputs) -> Result<Decision>;

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
