#include "policy/handling.hpp"

#include "policy/informing.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <array>

namespace cg::policy {
namespace {

constexpr std::string_view others_at_address = "anyone else at the address";
constexpr std::string_view somebody_else = "a person who is not named here";

void add_once(std::vector<std::string>& list, std::string word) {
    if (std::ranges::find(list, word) == list.end()) list.push_back(std::move(word));
}

auto reasons_not_to_inform(const CompiledPack& pack, const Purpose& purpose, const CaseFacts& facts) -> Json {
    const auto known = [](const auto& codes, std::string_view code) {
        return codes.contains(code) ? std::string{code} : std::string{"not-recorded"};
    };
    std::vector<std::string> reasons;
    for (const auto code : facts.exceptions) add_once(reasons, known(pack.exceptions, code));
    // The override that names a suspected person (CO-7).
    if (!facts.suspected.empty()) add_once(reasons, known(pack.overrides, (*facts.tree)["override"]["reason"].text()));
    if (!purpose.not_told_until.empty()) add_once(reasons, purpose.not_told_until);
    if (reasons.empty()) reasons.emplace_back("THE_POLICY_FORBIDS_IT");
    return reasons.size() == 1 ? Json{reasons.front()} : Json::texts(reasons);
}

class HandlingWriter {
public:
    HandlingWriter(const ViewInput& input, const Projection& projection)
        : in_(input), facts_(input.common.facts), projection_(projection) {}

    auto write() -> Json {
        const auto& role = in_.projection_input.role;
        const auto& purpose = in_.common.purpose;
        out_.reserve(10);
        put("marking", Json{purpose.marking});
        if (role.tell_basis && !in_.basis.empty()) put("basis", Json{in_.basis});
        if (role.tell_consent) put("consent", Json{consent_state()});
        if (role.tell_family) put("family_told", family_told());
        put("onward", Json{purpose.onward});
        if (has_do_not_inform(purpose, facts_)) do_not_inform();
        identity_protected();
        // AC-4, SE-9: what the recipient has to know of an address before using it.
        if (!projection_.old_checks.empty()) put("checked", Json::texts(projection_.old_checks));
        if (projection_.restricted_shown) put("address_restricted", Json{true});
        put("withheld", role.tell_withheld ? withheld() : not_told());
        if (in_.complete_by) put("complete_by", Json{to_rfc3339(*in_.complete_by)});
        asked();
        return Json{std::move(out_)};
    }

private:
    void put(const char* name, Json value) { out_.push_back({name, std::move(value)}); }

    auto consent_state() const -> std::string_view {
        const auto& states = in_.common.pack.consent_states;
        const bool known = std::ranges::find(states, facts_.consent.state) != states.end();
        return known ? facts_.consent.state : std::string_view{"not-recorded"};
    }

    auto shown(const Person& person) const -> bool {
        const auto index = static_cast<std::size_t>(&person - facts_.people.data());
        if (!projection_.people[index]) return false;
        // A role that gets nobody's id has nothing that the id could point to.
        const auto pointer = "/people/" + std::to_string(index) + "/id";
        return std::ranges::find(projection_.released, pointer) != projection_.released.end();
    }

    /// Ids become words where the person is not in the view.
    auto told_word(std::string_view told) const -> std::string {
        if (told == "all" || is_unknown_word(told)) return std::string{told};
        if (const auto* person = facts_.person(told); person != nullptr && shown(*person))
            return view_id(in_.projection_input, told);
        return told == facts_.child_id && !told.empty() ? "the child" : std::string{somebody_else};
    }
    auto family_told() const -> Json {
        if (facts_.told.empty()) return Json{"not-recorded"};
        if (facts_.told.size() == 1) return Json{told_word(facts_.told.front())};
        std::vector<std::string> words;
        for (const auto told : facts_.told) add_once(words, told_word(told));
        return Json::texts(words);
    }

    auto must_not_know(const Person& person) const -> bool {
        if (is_never_told(person)) return true;
        if (policy::must_not_know(in_.common.pack, facts_, person)) return true;
        const bool at_home = (person.household && !person.minor) || person.poses_risk;
        return at_home && !in_.common.purpose.not_told_until.empty() &&
               std::ranges::find(facts_.told, person.id) == facts_.told.end();
    }

    /// Whoever the purpose says is not told whatever happens, such as the person who harms a victim.
    auto is_never_told(const Person& person) const -> bool {
        return !person.id.empty() &&
               std::ranges::any_of(in_.common.purpose.never_told, [&](const std::string& pointer) {
                   const auto* id = facts_.tree->at_pointer(pointer);
                   return id != nullptr && id->text() == person.id;
               });
    }

    void do_not_inform() {
        std::vector<std::string> who;
        for (const auto& person : facts_.people) {
            if (!must_not_know(person)) continue;
            if (shown(person) && !person.id.empty())
                add_once(who, view_id(in_.projection_input, person.id));
            else
                add_once(who, std::string{person.household ? others_at_address : somebody_else});
        }
        if (!facts_.suspected.empty() && facts_.person(facts_.suspected) == nullptr)
            add_once(who, std::string{somebody_else});
        // OP-3: also whoever the case does not name.
        if (who.empty() || nobody_at_home(in_.common.pack, facts_)) add_once(who, std::string{others_at_address});
        put("do_not_inform", Json::texts(who));
        put("do_not_inform_reason", reasons_not_to_inform(in_.common.pack, in_.common.purpose, facts_));
    }

    /// Who gets no free text cannot meet a person whose identity is protected, and need not hear that there is one.
    auto reads_free_text() const -> bool {
        const auto& leaves = in_.projection_input.flat.leaves;
        for (std::size_t i = 0; i < leaves.size(); ++i)
            if (projection_.verdicts[i] == Verdict::release && leaves[i].value->is_string() &&
                in_.common.pack.leaves[leaves[i].leaf].use == LeafUse::narrative)
                return true;
        return false;
    }

    void identity_protected() {
        std::vector<std::string> who;
        for (const auto& person : facts_.people) {
            if (!person.identity_protected) continue;
            if (shown(person) && !person.id.empty())
                add_once(who, view_id(in_.projection_input, person.id));
            else if (!shown(person) && projection_.protected_person_hidden && reads_free_text())
                add_once(who, "a member of the public");
        }
        if (!who.empty()) put("identity_protected", Json::texts(who));
    }

    auto withheld() const -> Json {
        const auto& role = in_.projection_input.role;
        JsonObject out;
        const auto add = [&out](WithheldReason reason, const auto& groups) {
            if (!groups.empty()) out.push_back({std::string{to_string(reason)}, Json::texts(groups)});
        };
        add(WithheldReason::forbidden, role.forbidden);
        add(WithheldReason::not_necessary, role.not_necessary);
        std::vector<WithheldReason> done;
        for (const auto& [reason, group] : projection_.case_reasons) {
            if (std::ranges::find(done, reason) != done.end()) continue;
            done.push_back(reason);
            std::vector<std::string_view> groups;
            for (const auto& [other, name] : projection_.case_reasons)
                if (other == reason) groups.emplace_back(in_.common.pack.groups[name].name);
            add(reason, groups);
        }
        return Json{std::move(out)};
    }

    /// What other members do not say: by when to acknowledge, and what the purpose asks of this role.
    void asked() {
        static constexpr std::array<std::string_view, 5> said{"do-not-inform", "protect-identity", "ask-sender", "no-onward",
                                                              "complete-by"};
        Json list = Json::array();
        for (const auto& obligation : in_.obligations) {
            if (std::ranges::find(said, obligation.type) != said.end()) continue;
            auto one = Json::object({{"type", obligation.type}, {"text", obligation.text}});
            if (obligation.due) one.set("due", to_rfc3339(*obligation.due));
            list.push(std::move(one));
        }
        if (list.size() > 0) put("asked", std::move(list));
    }

    /// The names of groups can say what kind of message this is: some roles hear only that there is more.
    static auto not_told() -> Json {
        return Json::object({{"NOT_NECESSARY", Json::texts(std::vector<std::string>{"other information"})}});
    }

    const ViewInput& in_;
    const CaseFacts& facts_;
    const Projection& projection_;
    JsonObject out_;
};

}  // namespace

auto has_do_not_inform(const Purpose& purpose, const CaseFacts& facts) -> bool {
    return !facts.exceptions.empty() || !facts.suspected.empty() || !purpose.not_told_until.empty() ||
           !purpose.never_told.empty();
}

void add_do_not_inform(Json& handling, const CompiledPack& pack, const Purpose& purpose, const CaseFacts& facts) {
    if (!has_do_not_inform(purpose, facts)) return;
    handling.set("do_not_inform", Json::texts(std::vector<std::string_view>{others_at_address}));
    handling.set("do_not_inform_reason", reasons_not_to_inform(pack, purpose, facts));
}

namespace {

auto words_of_codes(const ViewInput& input, const Projection& projection) -> Json {
    auto out = Json::object();
    const auto& pack = input.common.pack;
    const auto& leaves = input.projection_input.flat.leaves;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        if (projection.verdicts[i] != Verdict::release || leaves[i].leaf == no_leaf) continue;
        const auto& leaf = pack.leaves[leaves[i].leaf];
        if (!leaf.coded) continue;
        const auto& known = pack.displays.find(leaf.pattern)->second;
        const auto code = leaves[i].value->text();
        const auto words = std::ranges::find(known, code, &std::pair<std::string, std::string>::first);
        if (words == known.end()) continue;
        auto* place = out.find(leaf.pattern);
        if (place == nullptr) place = &out.set(leaf.pattern, Json::object());
        place->set(code, words->second);
    }
    return out;
}

}  // namespace

auto make_view(const ViewInput& input, Projection& projection) -> Json {
    JsonObject view;
    view.reserve(projection.blocks.size() + 5);
    view.push_back({"schema", Json{"view/1"}});
    view.push_back({"purpose", Json{input.label}});
    view.push_back({"to", Json{input.projection_input.recipient}});
    view.push_back({"handling", HandlingWriter{input, projection}.write()});
    if (auto codes = words_of_codes(input, projection); codes.size() > 0) view.push_back({"codes", std::move(codes)});
    for (auto& block : projection.blocks) view.push_back(std::move(block));
    return Json{std::move(view)};
}

}  // namespace cg::policy
