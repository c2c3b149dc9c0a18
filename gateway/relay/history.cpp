#include "gateway/relay/history.hpp"

namespace cg::relay {
namespace {

/// Enough to hold the run of equal texts that a pack may ask about.
constexpr std::size_t latest_records = 50;

/// One for each time that a person wrote it: a message that was held and then let go has two records and was written once.
auto add_override_texts(const Gateway& gateway, policy::Submission& submission, const std::optional<DecisionId>& held) -> Result<> {
    ledger::Query query;
    query.actor = submission.actor.user;
    query.limit = latest_records;
    CG_TRY(const auto rows, gateway.ledger().search(query));
    for (const auto& row : rows) {
        if (held && row.id == *held) continue;
        CG_TRY(const auto record, gateway.ledger().show(row.id));
        if (!record.personal || record.dec.find("review") != nullptr) continue;
        const auto text = (*record.personal)["override"]["text"].text();
        if (text.empty()) continue;
        submission.recent_override_texts.emplace_back(text);
        submission.recent_override_of.push_back(row.id.str());
    }
    return ok();
}

auto add_withdrawals(const Gateway& gateway, policy::Submission& submission) -> Result<> {
    ledger::Query query;
    query.subject = submission.case_tree["case_ref"].text();
    query.purpose = "consent-withdrawal";
    query.limit = latest_records;
    if (query.subject.empty()) return ok();
    CG_TRY(const auto rows, gateway.ledger().search(query));
    for (const auto& row : rows) {
        CG_TRY(const auto record, gateway.ledger().show(row.id));
        if (!record.personal) continue;
        const auto& withdrawal = (*record.personal)["withdrawal"];
        if (!withdrawal["who"].text().empty())
            submission.known_withdrawals.push_back({std::string{withdrawal["who"].text()}, record.row.decided_at});
    }
    return ok();
}

}  // namespace

auto add_history(const Gateway& gateway, policy::Submission& submission, const std::optional<DecisionId>& held) -> Result<> {
    if (!submission.case_tree["override"]["text"].text().empty()) {
        CG_TRY(add_override_texts(gateway, submission, held));
    }
    if (submission.case_tree["consent"]["to_share"]["state"].text() == "given") {
        CG_TRY(add_withdrawals(gateway, submission));
    }
    return ok();
}

}  // namespace cg::relay
