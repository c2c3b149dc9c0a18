// The order of the decision.
#include "policy/gate.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <array>

namespace cg::policy {
namespace {

constexpr std::array gates{
    Gate{"in-force", &in_force_gate}, Gate{"basis", &basis_gate},
    Gate{"consent", &consent_gate},   Gate{"informing", &informing_gate},
    Gate{"referrer", &referrer_gate}, Gate{"risk", &risk_gate},
    Gate{"kind", &kind_gate},         Gate{"accuracy", &accuracy_gate},
    Gate{"voice", &voice_gate},       Gate{"timeliness", &timeliness_gate},
    Gate{"minimum", &minimum_gate},   Gate{"contradiction", &contradiction_gate},
    Gate{"numbers", &number_gate},    Gate{"third-parties", &third_party_gate},
    Gate{"untagged", &prompt_gate},
    Gate{"lookup", &lookup_gate},     Gate{"protocol", &protocol_gate},
    Gate{"record-fields", &record_fields_gate},
};

constexpr std::array per_recipient{
    RecipientGate{"consent-scope", &consent_scope_gate}, RecipientGate{"sensitive-data", &sensitive_data_gate},
    RecipientGate{"confidence", &confidence_gate},       RecipientGate{"contact", &contact_gate},
    RecipientGate{"adequacy", &adequacy_gate},
};

}  // namespace

auto submission_gates() -> std::span<const Gate> {
    return gates;
}
auto recipient_gates() -> std::span<const RecipientGate> {
    return per_recipient;
}

auto Findings::make(int check, std::string_view type, std::string_view pointer, std::string fix) const -> Problem {
    return {std::string{type}, std::string{pointer}, std::move(fix), rule_ + "." + std::to_string(check)};
}
// TI-2: in an emergency what would be refused or held is owed instead.
void Findings::deny(int check, std::string_view type, std::string_view pointer, std::string fix) {
    (emergency_ ? debts : denied).push_back(make(check, type, pointer, std::move(fix)));
}
void Findings::review(int check, std::string_view type, std::string_view pointer, std::string fix) {
    (emergency_ ? debts : reviews).push_back(make(check, type, pointer, std::move(fix)));
}
void Findings::warn(int check, std::string_view type, std::string_view pointer, std::string fix) {
    warnings.push_back(make(check, type, pointer, std::move(fix)));
}
void Findings::deny_always(int check, std::string_view type, std::string_view pointer, std::string fix) {
    denied.push_back(make(check, type, pointer, std::move(fix)));
}

auto is_shown(const GateInput& input, const Evidence& evidence) -> bool {
    const auto* value = input.tree().at_pointer(evidence.pointer);
    if (is_blank(value) || is_unknown_word(value->text())) return false;
    if (value->is_object() || value->is_array()) return value->size() > 0;
    if (evidence.person) return input.facts.person(value->text()) != nullptr;
    return evidence.one_of.empty() || std::ranges::find(evidence.one_of, value->text()) != evidence.one_of.end();
}

auto in_case(std::string_view pointer) -> std::string {
    return std::string{"/case"}.append(pointer);
}
auto in_item(std::string_view list, std::size_t index, std::string_view leaf) -> std::string {
    return std::string{"/case/"}.append(list).append("/").append(std::to_string(index)).append("/").append(leaf);
}

}  // namespace cg::policy
