#include "policy/request.hpp"

#include "policy/compiled.hpp"
#include "policy/gate.hpp"
#include "policy/handling.hpp"
#include "policy/members.hpp"
#include "policy/summary.hpp"
#include "policy/uk_time.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cg::policy {
namespace {

constexpr std::string_view rule = "request";
constexpr std::array<std::string_view, 15> members{"schema", "identifier", "time",  "requester", "to",  "actor",   "purpose", "policy",
                                                   "basis",  "person",     "asked", "why",       "urgency", "reconsiders", "informing"};
constexpr std::array<std::string_view, 5> person_leaves{"nhs_number", "given_names", "family_name", "date_of_birth", "address"};
constexpr std::string_view child_id = "ch1";

auto fault(int check, std::string type, std::string pointer, std::string fix) -> Problem {
    return {std::move(type), std::move(pointer), std::move(fix), std::string{rule} + "." + std::to_string(check)};
}

/// The person asked about as a case, so that the same tables decide who may know of them. What is asked and why is a concern:
/// free text goes only where concerns may go, and is searched for names like any other.
auto person_as_case(const Json& document) -> Json {
    const auto& person = document["person"];
    auto child = Json::object({{"id", child_id}});
    for (const auto leaf : person_leaves)
        if (const auto* value = person.find(leaf)) child.set(leaf, *value);
    if (const auto* gender = person.find("gender")) child.set("sex", *gender);
    if (const auto* uprn = person.find("uprn")) {
        if (child.find("address") == nullptr) child.set("address", Json::object());
        child.find("address")->set("uprn", *uprn);
    }
    auto out = Json::object({{"schema", "case/1"}, {"child", std::move(child)}});
    if (const auto* why = document.find("why"))
        out.set("concerns", Json::array({Json::object({{"id", "c1"}, {"about", child_id}, {"kind", "professional-judgement"},
                                                       {"text", *why}})}));
    out.set("basis", document["basis"].is_object() ? document["basis"] : Json::object());
    if (const auto* informing = document.find("informing")) out.set("informing", *informing);
    if (const auto* urgency = document.find("urgency")) out.set("timing", Json::object({{"urgency", *urgency}}));
    return out;
}

auto as_submission(const Json& document) -> Json {
    auto out = Json::object({{"schema", "submission/1"}, {"case", person_as_case(document)}});
    for (const auto* member : {"purpose", "actor"})
        if (const auto* value = document.find(member)) out.set(member, *value);
    if (const auto* to = document.find("to")) out.set("recipients", *to);
    if (const auto* earlier = document.find("reconsiders")) out.set("supersedes", *earlier);
    return out;
}

/// Pointers into the submission that we made, as pointers into the request that was sent.
auto back(std::string pointer) -> std::string {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 8> places{{
        {"/case/child/address/uprn", "/person/uprn"},
        {"/case/child/sex", "/person/gender"},
        {"/case/child", "/person"},
        {"/case/concerns/0/text", "/why"},
        {"/case/basis", "/basis"},
        {"/case/informing", "/informing"},
        {"/case/timing/urgency", "/urgency"},
        {"/recipients", "/to"},
    }};
    for (const auto& [ours, theirs] : places)
        if (pointer.starts_with(ours)) return std::string{theirs} + pointer.substr(ours.size());
    return pointer == "/supersedes" ? "/reconsiders" : pointer;
}

/// A number, or a name with more: enough to find the right child, and not another.
void check_person(const Json& document, std::vector<Problem>& problems) {
    const auto& person = document["person"];
    const auto has = [&person](std::string_view leaf) { return !is_blank(person[leaf]) && !is_unknown_word(person[leaf].text()); };
    if (has("nhs_number") || (has("family_name") && (has("date_of_birth") || has("given_names")))) return;
    problems.push_back(fault(1, "request/person-unclear", "/person",
                             "Say whom you ask about: an NHS number, or a family name with given names or a date of birth."));
}

/// CO-8: whoever asks states purpose, basis and agreement, too.
void check_basis(const GateInput& in, const InformationRequest& request, Findings& out) {
    const auto code = in.tree()["basis"]["article6"].text();
    const auto it = in.pack.basis.find(code);
    if (it == in.pack.basis.end()) {
        out.deny(1, "request/basis-missing", "/basis/article6", "Name the legal basis on which you ask.");
    } else if (std::ranges::find(in.purpose.basis_allowed, code) == in.purpose.basis_allowed.end()) {
        out.deny(2, "request/basis-missing", "/basis/article6", "This basis is not one that the purpose allows: name another.");
    } else {
        for (const auto& evidence : it->second.evidence)
            if (evidence.pointer.starts_with("/basis/") && is_blank(in.tree().at_pointer(evidence.pointer)))
                out.deny(3, "request/basis-missing", evidence.pointer, "Write down " + evidence.what + ".");
    }
    if (request.policy.empty())
        out.deny(4, "request/basis-missing", "/policy", "Name the agreement that you ask under: the policy lists it.");
    else if (request.policy != in.purpose.agreement)
        out.deny(5, "request/policy-mismatch", "/policy",
                 "The agreement for this purpose is another one: look at the policy in force, and ask under that.");
    if (!request.why_given)
        out.deny(6, "request/basis-missing", "/why", "Say why you need it: whoever answers must weigh it.");
}

}  // namespace

auto parse_request(Json document) -> Result<InformationRequest> {
    std::vector<Problem> problems;
    if (!document.is_object())
        return fail(Errc::malformed, "not a request", {fault(1, "submission/wrong-type", "", "Send one JSON object, request/1.")});
    if (document["schema"].text() != "request/1")
        problems.push_back(fault(1, "submission/schema", "/schema", "Set the schema to \"request/1\"."));
    for (const auto& member : *document.if_object()) {
        if (std::ranges::find(members, member.name) != members.end()) continue;
        std::string pointer;
        append_pointer(pointer, member.name);
        problems.push_back(
            fault(2, "submission/member-unknown", std::move(pointer), "Leave this member out: request/1 has no such member."));
    }
    refuse_unknown_members(document["requester"], "/requester", {"role"}, problems);
    refuse_unknown_members(document["person"], "/person",
                           {"nhs_number", "given_names", "family_name", "date_of_birth", "gender", "address", "uprn"}, problems);
    InformationRequest out;
    out.identifier = document["identifier"].text();
    out.requester_role = document["requester"]["role"].text();
    if (out.requester_role.empty() || !RoleId::parse(out.requester_role))
        problems.push_back(fault(3, "submission/member-missing", "/requester/role", "Name your own role: the answer goes to it."));
    out.policy = document["policy"].text();
    for (const auto group : texts_of(document["asked"])) out.asked.emplace_back(group);
    out.why_given = !is_blank(document["why"]);
    check_person(document, problems);
    auto base = parse_submission(as_submission(document));
    if (base) {
        out.base = std::move(base).value();
    } else {
        for (auto problem : base.error().problems) {
            problem.pointer = back(std::move(problem.pointer));
            problems.push_back(std::move(problem));
        }
    }
    if (!problems.empty()) return fail(Errc::malformed, "not a complete request", std::move(problems));
    return out;
}

namespace {

/// Does this role hear another word for the purpose, so that nothing else may say it?
auto is_neutral(const RoleTable& role) -> bool { return !role.tell_basis; }

class RequestDecider {
public:
    RequestDecider(const CompiledPack& pack, const AgencyLookup& agencies, const InformationRequest& request,
                   const Caller& caller, Instant now, ByteView salt)
        : pack_(pack), agencies_(agencies), request_(request), caller_(caller), now_(now), salt_(salt),
          facts_(read_case_facts(request.base.case_tree, uk_date(now))), emergency_(request.base.urgency == "emergency") {}

    auto run() -> Decision {
        const auto it = pack_.purposes.find(request_.base.purpose);
        const auto* purpose = it == pack_.purposes.end() ? nullptr : &it->second;
        start_decision(out_, pack_, purpose, request_.base, now_);
        out_.emergency = emergency_;
        Findings common{emergency_};
        common.begin(std::string{rule});
        if (purpose == nullptr) {
            common.deny_always(7, "request/purpose-unknown", "/purpose", "Choose a purpose that the policy knows.");
        } else {
            const GateInput input{pack_, *purpose, request_.base, facts_, caller_, now_, emergency_};
            check_basis(input, request_, common);
            check_asked(common);
            flat_ = flatten(request_.base.case_tree, pack_);
        }
        for (std::size_t i = 0; i < request_.base.recipients.size(); ++i) decide_one(purpose, common, i);
        out_.basis = request_.base.case_tree["basis"]["article6"].text();
        if (!pack_.basis.contains(out_.basis)) out_.basis.clear();
        out_.warnings = std::move(common.warnings);
        if (!common.debts.empty()) {
            out_.complete_by = add(now_, purpose->complete_within, pack_.holidays);
            out_.obligations.push_back(
                {"complete-by", out_.complete_by, "Supply what was left out of the request because of the emergency."});
        }
        for (auto& debt : common.debts) out_.warnings.push_back(std::move(debt));
        out_.rules.push_back({std::string{rule}, common.denied.empty() ? "pass" : "fail"});
        finish_decision(out_, pack_, facts_, request_.base);
        if (out_.outcome == Outcome::permit) out_.action = "requested";
        return std::move(out_);
    }

private:
    /// Only words of the policy: any other could be anybody's name.
    auto asked_of(const RoleTable& role) const -> std::vector<std::string> {
        std::vector<std::string> out;
        for (const auto& name : request_.asked)
            if (const auto id = pack_.group_ids.find(name);
                id != pack_.group_ids.end() && !(is_neutral(role) && pack_.groups[id->second].discloses))
                out.push_back(name);
        return out;
    }

    void check_asked(Findings& out) const {
        if (request_.asked.empty())
            out.warn(8, "request/asked-nothing", "/asked", "Name the kinds of information you need; nobody should have to guess.");
        for (std::size_t i = 0; i < request_.asked.size(); ++i)
            if (!pack_.group_ids.contains(request_.asked[i]))
                out.deny(9, "request/asked-unknown", "/asked/" + std::to_string(i),
                         "Use the names of field groups that the policy knows.");
    }

    void decide_one(const Purpose* purpose, const Findings& common, std::size_t index) {
        auto& recipient = out_.recipients.emplace_back();
        recipient.to_text = request_.base.recipients[index];
        if (auto to = RecipientId::parse(recipient.to_text)) recipient.to = std::move(to).value();
        Findings own{emergency_};
        own.begin(std::string{rule} + ".recipient");
        if (purpose != nullptr) project_for(*purpose, recipient, index, own);
        const bool denied = !common.denied.empty() || !own.denied.empty();
        const bool review = !own.reviews.empty();
        recipient.outcome = denied ? Outcome::deny : review ? Outcome::review : Outcome::permit;
        for (const auto* list : {&common.denied, &std::as_const(own).denied, &std::as_const(own).reviews})
            recipient.problems.insert(recipient.problems.end(), list->begin(), list->end());
        for (auto& problem : recipient.problems) problem.pointer = back(problem.pointer);
        if (!denied) return;
        recipient.view = Json{};
        recipient.released.clear();
        recipient.notes.clear();
    }

    void project_for(const Purpose& purpose, RecipientDecision& recipient, std::size_t index, Findings& own) {
        const auto pointer = "/recipients/" + std::to_string(index);
        const auto role = purpose.roles.find(recipient.to.role.str());
        if (recipient.to.role.empty())
            return own.deny_always(1, "recipient/unknown", pointer, "Write the recipient as role@agency, in small letters.");
        if (role == purpose.roles.end())
            return own.deny_always(2, "recipient/role-not-permitted", pointer,
                                   "The policy does not share with this role for this purpose: ask another.");
        const GateInput input{pack_, purpose, request_.base, facts_, caller_, now_, emergency_};
        recipient_gate(input, recipient.to, agencies_.find(recipient.to.agency), index, own);
        check_names(role->second, own);
        const auto to = recipient.to.str();
        auto projection = project({pack_, purpose, role->second, facts_, flat_, to, salt_, uk_date(now_)});
        const auto names_child = [](const std::string& released) { return released.starts_with("/child/") && released != "/child/id"; };
        if (std::ranges::none_of(projection.released, names_child))
            own.deny_always(3, "request/person-unclear", "/person",
                            "This role may not be told anything by which it could find the child: ask another.");
        recipient.purpose_label = role->second.label.empty() ? purpose.label : role->second.label;
        note_unsaid(role->second, recipient);
        recipient.view = view(purpose, role->second, recipient, projection);
        recipient.released = std::move(projection.released);
        recipient.withheld = std::move(projection.withheld);
    }

    /// Whoever asks hears which words were not passed on.
    void note_unsaid(const RoleTable& role, RecipientDecision& recipient) const {
        if (!is_neutral(role)) return;
        for (std::size_t i = 0; i < request_.asked.size(); ++i)
            if (const auto id = pack_.group_ids.find(request_.asked[i]);
                id != pack_.group_ids.end() && pack_.groups[id->second].discloses)
                recipient.notes.push_back({"asked-not-said", "/asked/" + std::to_string(i)});
    }

    /// A role that hears a neutral word would hear the other one from the name of who asks.
    void check_names(const RoleTable& role, Findings& own) const {
        const auto asker = pack_.roles.find(request_.requester_role);
        if (is_neutral(role) && asker != pack_.roles.end() && asker->second.discloses)
            own.deny_always(4, "request/role-discloses", "/requester/role",
                            "The name of your role says what this is about, and this recipient must not learn it: ask in "
                            "the name of another role of your organisation.");
    }

    auto view(const Purpose& purpose, const RoleTable& role, const RecipientDecision& recipient, Projection& projection) const
        -> Json {
        auto out = Json::object({{"schema", "request/1"}, {"purpose", recipient.purpose_label}, {"to", recipient.to.str()}});
        out.set("requester", Json::object({{"role", request_.requester_role}, {"organisation", caller_.agency.str()}}));
        out.set("reply_to", request_.requester_role + "@" + caller_.agency.str());
        // Where the purpose goes by a neutral word, the agreement and the law behind it would say it all the same.
        if (role.tell_basis) {
            out.set("policy", purpose.agreement);
            out.set("basis", basis());
        }
        out.set("asked", Json::texts(asked_of(role)));
        if (const auto by = pack_.answers.answer_within) out.set("answer_by", to_rfc3339(add(now_, *by, pack_.holidays)));
        auto& handling = out.set("handling", Json::object({{"marking", purpose.marking}}));
        add_do_not_inform(handling, pack_, purpose, facts_);
        for (auto& block : projection.blocks) {
            if (block.name == "child") out.set("person", std::move(block.value));
            else if (block.name == "concerns") out.set("why", block.value.if_array()->front()["text"]);
        }
        return out;
    }

    /// Codes only: the words beside them may name somebody.
    auto basis() const -> Json {
        const auto& given = request_.base.case_tree["basis"];
        auto out = Json::object();
        out.set("article6", given["article6"]);
        const auto paragraph = given["annex1_paragraph"].text();
        const auto digit = [](char c) { return c >= '0' && c <= '9'; };
        if (!paragraph.empty() && paragraph.size() <= 2 && std::ranges::all_of(paragraph, digit))
            out.set("annex1_paragraph", paragraph);
        return out;
    }

    const CompiledPack& pack_;
    const AgencyLookup& agencies_;
    const InformationRequest& request_;
    const Caller& caller_;
    Instant now_;
    ByteView salt_;
    CaseFacts facts_;
    bool emergency_;
    FlatCase flat_;
    Decision out_;
};

}  // namespace

auto decide_request(const Pack& pack, const AgencyLookup& agencies, const InformationRequest& request, const Caller& caller,
                    Instant now, ByteView view_salt) -> Decision {
    return RequestDecider{pack.compiled(), agencies, request, caller, now, view_salt}.run();
}

auto known_groups(const Pack& pack, const std::vector<std::string>& groups) -> std::vector<std::string> {
    std::vector<std::string> out;
    for (const auto& group : groups)
        if (pack.compiled().group_ids.contains(group)) out.push_back(group);
    return out;
}

auto answer_by(const Pack& pack, Instant asked_at) -> std::optional<Instant> {
    const auto& within = pack.compiled().answers.answer_within;
    return within ? std::optional{add(asked_at, *within, pack.compiled().holidays)} : std::nullopt;
}

}  // namespace cg::policy
