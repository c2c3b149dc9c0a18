// Answers that are neither a submission nor a refusal: more time is needed, or what an adviser says.
#include "policy/compiled.hpp"
#include "policy/members.hpp"
#include "policy/request.hpp"
#include "policy/summary.hpp"
#include "policy/words.hpp"

namespace cg::policy {
namespace {

auto fault(std::string type, std::string pointer, std::string fix) -> Problem {
    return {std::move(type), std::move(pointer), std::move(fix), "reply"};
}

auto reply_json(const Reply& reply) -> Json {
    if (!reply.outcome.empty())
        return Json::object({{"schema", "outcome-reply/1"}, {"request", reply.request}, {"outcome_code", reply.outcome}});
    if (reply.advice.empty())
        return Json::object({{"schema", "holding-reply/1"}, {"request", reply.request}, {"outcome", "REVIEW"}});
    return Json::object({{"schema", "advice-reply/1"},
                         {"request", reply.request},
                         {"adviser", Json::object({{"role", reply.base.actor.role}})},
                         {"advice", reply.advice},
                         {"name_requested", reply.name_requested}});
}

}  // namespace

auto parse_reply(Json document) -> Result<Reply> {
    std::vector<Problem> problems;
    Reply out;
    const auto schema = document["schema"].text();
    const bool advice = schema == "advice-reply/1";
    const bool outcome = schema == "outcome-reply/1";
    if (!advice && !outcome && schema != "holding-reply/1")
        problems.push_back(fault("submission/schema", "/schema",
                                 "Set the schema to \"advice-reply/1\", \"holding-reply/1\" or \"outcome-reply/1\"."));
    if (advice)
        refuse_unknown_members(document, "", {"schema", "actor", "reply_to", "advice", "name_requested"}, problems);
    else if (outcome)
        refuse_unknown_members(document, "", {"schema", "actor", "reply_to", "outcome"}, problems);
    else
        refuse_unknown_members(document, "", {"schema", "actor", "reply_to"}, problems);
    const auto& actor = document["actor"];
    refuse_unknown_members(actor, "/actor", {"user", "role", "auth"}, problems);
    for (const auto& [name, value] : {std::pair{"user", &out.base.actor.user}, std::pair{"role", &out.base.actor.role},
                                      std::pair{"auth", &out.base.actor.auth}}) {
        *value = actor[name].text();
        if (value->empty())
            problems.push_back(fault("submission/member-missing", std::string{"/actor/"} + name, "Say who answers."));
    }
    if (!RecipientId::parse(document["reply_to"].text()))
        problems.push_back(fault("recipient/unknown", "/reply_to", "Name whoever asked, as role@agency: the message says it."));
    out.base.recipients = {std::string{document["reply_to"].text()}};
    out.base.urgency = "routine";
    out.base.purpose = "answer";
    out.base.case_tree = Json::object({{"schema", "case/1"}});
    out.advice = document["advice"].text();
    const auto* name_requested = document.find("name_requested");
    out.name_requested = name_requested != nullptr && name_requested->is_true();
    if (name_requested != nullptr && !name_requested->is_bool())
        problems.push_back(fault("submission/wrong-type", "/name_requested", "Give true or false here."));
    if (advice && is_blank(document["advice"]))
        problems.push_back(fault("submission/member-missing", "/advice", "Write the advice."));
    if (outcome) out.outcome = document["outcome"].text();
    if (outcome && out.outcome.empty())
        problems.push_back(fault("submission/member-missing", "/outcome", "Say what was done: a code of the policy's list."));
    if (!problems.empty()) return fail(Errc::malformed, "not a complete reply", std::move(problems));
    return out;
}

auto decide_reply(const Pack& whole, const AgencyLookup& agencies, const Reply& reply, Instant now) -> Result<Decision> {
    const auto& pack = whole.compiled();
    Decision out;
    start_decision(out, pack, nullptr, reply.base, now);
    auto& recipient = out.recipients.emplace_back();
    recipient.to_text = reply.base.recipients.front();
    CG_TRY(recipient.to, RecipientId::parse(recipient.to_text));
    if (agencies.find(recipient.to.agency) == nullptr)
        return fail(Errc::malformed, "an unknown requester",
                    {fault("recipient/unknown", "/reply_to", "No such organisation is in the directory: check its id.")});
    recipient.purpose_label = "answer";
    recipient.reply = reply_json(reply);
    if (!reply.outcome.empty()) {  // IT-2
        const auto words = pack.answers.outcomes.find(reply.outcome);
        if (words == pack.answers.outcomes.end())
            return fail(Errc::malformed, "an unknown outcome",
                        {fault("outcome/unknown", "/outcome", "Choose an outcome of the policy's list.")});
        recipient.reply.set("said", words->second);
    }
    const bool holding = reply.advice.empty() && reply.outcome.empty();
    recipient.outcome = holding ? Outcome::review : Outcome::permit;
    out.outcome = recipient.outcome;
    out.action = holding ? "considering" : reply.outcome.empty() ? "advised" : "outcome";
    out.codes.consent_state = out.codes.told = "not-recorded";
    out.tests.fill("not-tested");
    out.retention = {pack.answers.retention_class, pack.answers.retention_anchor, pack.answers.retention_period,
                     pack.answers.retention_then};
    return out;
}

}  // namespace cg::policy
