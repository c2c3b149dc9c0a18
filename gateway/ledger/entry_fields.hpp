#pragma once
/// What each type of entry commits to. Writing and verification share these, so that they cannot drift apart.
///
/// Threads   pure

#include "gateway/ledger/store.hpp"
#include "gateway/ledger/vault.hpp"

#include <set>
#include <string>
#include <vector>

namespace cg::ledger {

/// Binds the whole record: `record` is the caller's `dec` group; the rest is what the store also keeps in columns.
/// `stored_answer` as it is kept, sealed, so that whoever holds no secret can verify it.
[[nodiscard]] auto decision_fields(const NewDecision& decision, std::string_view stored_answer) -> Json;
[[nodiscard]] auto personal_fields(const NewDecision& decision) -> Json;
/// Exactly bytes, envelope_sha256, kid and mid: the recipient's agency sees them.
[[nodiscard]] auto release_fields(const Release& release) -> Json;
[[nodiscard]] auto erasure_fields(const DecisionId& id, const std::string& reason_code) -> Json;

/// The id of the nth duty of that kind under that decision or draft: kind + ":" + ref, from the second on with "#2" and so on.
[[nodiscard]] auto duty_id(std::string_view kind, std::string_view ref, std::size_t nth) -> std::string;
/// Sets `duties` and `duties_done`, where there are any.
void set_duties(Json& fields, const std::vector<NewDuty>& duties, const std::vector<std::string>& done);

/// Which end of the delivery a receipt entry was written at.
enum class Side : std::uint8_t { sender, recipient };
[[nodiscard]] auto receipt_fields(Side side, std::string_view mid, const crypto::Digest& envelope_sha256,
                                  DeliveryState state) -> Json;

/// The keys that a decision is found by, each once.
[[nodiscard]] auto search_keys(const Vault& vault, const std::string& actor, const std::vector<std::string>& subjects)
    -> std::set<Blind>;
struct PersonalSearch {
    std::string actor;
    std::vector<std::string> subjects;
};
/// Errors  corrupt
[[nodiscard]] auto personal_search(std::string_view personal_jcs) -> Result<PersonalSearch>;

}  // namespace cg::ledger
