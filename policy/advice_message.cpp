#include "policy/advice_message.hpp"

#include "policy/scrub_rules.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

constexpr std::size_t most_problems = 100;  // the rest stands in the list of leftovers

auto is_high(const CompiledPack& pack, std::string_view level) -> bool {
    return std::ranges::find(pack.high_risk_levels, level) != pack.high_risk_levels.end();
}
auto empty_rules() -> const ScrubRules& {
    static const ScrubRules none;
    return none;
}

auto same_place(const LeftoverTick& tick, const Leftover& leftover) -> bool {
    return tick.offset == leftover.offset && tick.length == leftover.length && tick.pointer == leftover.pointer &&
           tick.text_sha256 == leftover.text_sha256;  // an edited text needs new ticks
}

}  // namespace

AdviceMessage::AdviceMessage(const GateInput& input, const FlatCase& flat)
    : in_(input), rules_(input.pack.scrub ? *input.pack.scrub : empty_rules()) {
    const auto& advice = in_.submission.advice;
    texts_.push_back({"/advice/question", advice ? std::string_view{advice->question} : std::string_view{}, {}});
    text_of_.assign(in_.facts.concerns.size(), 0);
    for (std::size_t i = 0; i < in_.facts.concerns.size(); ++i) read_concern(i, flat);
    const auto& consultation = in_.submission.consultation;
    scrubbed_ = scrub(in_.tree(), texts_, {rules_, in_.today(), consultation.secret, &consultation.tokens});
    for (const auto& leftover : scrubbed_.leftovers) {
        const bool ticked = advice && std::ranges::any_of(advice->ticks, [&](const auto& tick) { return same_place(tick, leftover); });
        if (!ticked) open_.push_back(leftover);
    }
}

/// NE-4: tagged words obey the same allow list here as everywhere. One scrubbing serves all who are asked, so the narrowest role
/// says; a tag whose words are nowhere closes the whole text.
auto AdviceMessage::may_read(std::string_view tag) const -> bool {
    const auto kind = tag.substr(0, tag.find(':'));
    return std::ranges::all_of(in_.purpose.roles, [kind](const auto& role) {
        return std::ranges::find(role.second.tags, kind) != role.second.tags.end();
    });
}

void AdviceMessage::read_concern(std::size_t index, const FlatCase& flat) {
    const auto& tree = *in_.facts.concerns[index].tree;
    const auto text = tree["text"].text();
    if (text.empty()) return;
    if (const auto* tags = tree["tags"].if_array())
        if (!std::ranges::all_of(*tags, [this](const Json& tag) { return may_read(tag.text()); })) return;
    ScrubText out{in_item("concerns", index, "text"), text, {}};
    const auto leaf = std::ranges::find_if(flat.leaves, [text](const FlatLeaf& one) { return one.value->text().data() == text.data(); });
    for (const auto& span : flat.spans) {
        if (leaf == flat.leaves.end() || !flat.within(leaf->mark, span.mark) || may_read(span.tag)) continue;
        if (!span.found) return;
        out.tagged.push_back(span.words);
    }
    text_of_[index] = texts_.size();
    texts_.push_back(std::move(out));
}

void AdviceMessage::check(Findings& findings) const {
    // AD-5: a file's content and its name are beyond any scrubber.
    if (in_.tree()["attachments"].size() > 0)
        findings.deny_always(1, "advice/attachment-not-allowed", "/case/attachments",
                             "Leave the files out: a question without identity carries none. Describe what they show.");
    if (is_blank(Json{texts_.front().text}))
        findings.deny_always(2, "adequacy/field-missing", "/advice/question", "Say what you want to be advised on.");
    // AD-4: position, never the words.
    for (std::size_t i = 0; i < open_.size() && i < most_problems; ++i) {
        const auto& leftover = open_[i];
        findings.review(3, "advice/possible-identifier", leftover.pointer,
                        "We could not tell whether the " + std::to_string(leftover.length) + " bytes at offset " +
                            std::to_string(leftover.offset) +
                            " identify someone. Remove them, replace them, or confirm that they do not.");
    }
}

auto AdviceMessage::may(const RoleTable& role, std::string_view pattern) const -> bool {
    const auto leaf = in_.pack.trie.find(pattern);
    if (leaf == no_leaf) return false;
    const auto kind = role.cells[leaf].kind;
    return kind == CellKind::allow || kind == CellKind::require || kind == CellKind::when;
}

auto AdviceMessage::child() const -> Json {
    auto out = Json::object({{"token", rules_.child}});
    const auto born = read_date(in_.tree()["child"]["date_of_birth"]);
    if (born) {
        const auto today = in_.today();
        int years = static_cast<int>(today.year()) - static_cast<int>(born->year());
        if (std::pair{today.month(), today.day()} < std::pair{born->month(), born->day()}) --years;
        out.set("age_band", rules_.age_band(std::max(years, 0)));
    } else {
        out.set("age_band", in_.tree().find("unborn") != nullptr ? "unborn" : "not-known");
    }
    return out;
}

auto AdviceMessage::need(const RoleTable& role) const -> std::string {
    if (!may(role, "/child/send/need")) return {};
    const auto it = rules_.needs.find(in_.tree()["child"]["send"]["need"].text());
    return it == rules_.needs.end() ? std::string{} : it->second;
}

/// Roles only, and only of those around the child: a token says what somebody is, never who.
auto AdviceMessage::people(const RoleTable& role) const -> Json {
    Json out = Json::array();
    for (std::size_t i = 0; i < scrubbed_.people.size() && i < in_.facts.people.size(); ++i) {
        const auto& person = in_.facts.people[i];
        const bool shown = role.people == PeopleFilter::all || person.household;
        if (shown && !(person.identity_protected && !role.protected_identities)) out.push(Json{scrubbed_.people[i]});
    }
    return out;
}

auto AdviceMessage::concern(std::size_t index) const -> Json {
    const auto& tree = *in_.facts.concerns[index].tree;
    auto out = Json::object();
    const auto category = tree["category"].text(), kind = tree["kind"].text();
    if (const auto folded = std::string{category}; !folded.empty()) {
        std::string lower = folded;
        std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        if (rules_.categories.contains(lower)) out.set("category", category);
    }
    if (std::ranges::find(in_.pack.concern_kinds, kind) != in_.pack.concern_kinds.end()) out.set("kind", kind);
    if (const auto day = read_date(tree["observed_on"]))
        out.set("day", (std::chrono::sys_days{*day} - std::chrono::sys_days{scrubbed_.day_zero}).count());
    if (text_of_[index] != 0) out.set("text", scrubbed_.texts[text_of_[index]]);
    return out;
}

auto AdviceMessage::risk_level(const RoleTable& role) const -> std::string_view {
    const auto level = in_.tree()["risk"]["level"].text();
    const bool known = std::ranges::find(in_.pack.risk_levels, level) != in_.pack.risk_levels.end();
    return known && may(role, "/risk/level") ? level : std::string_view{};
}

/// Which role of ours the advice goes back to: one that the pack knows, so nothing that could name anybody. The organisation
/// stands on the envelope.
auto AdviceMessage::reply_role() const -> std::string {
    const auto to = RecipientId::parse(in_.tree()["referrer"]["reply_to"].text());
    const bool ours = to.has_value() && to.value().agency == in_.caller.agency && in_.pack.roles.contains(to.value().role.str());
    return ours ? to.value().role.str() : std::string{};
}

// AD-7: built from an allow list, so that no case can make it identify.
auto AdviceMessage::view(const RoleTable& role, const Projection& projection) const -> Json {
    auto out = Json::object({{"schema", "advice/1"}});
    // Says nothing about the case: a random id of the consultation, and none in a dry run.
    if (!in_.submission.consultation.id.empty()) out.set("consultation", in_.submission.consultation.id);
    out.set("purpose", role.label.empty() ? in_.purpose.label : role.label);
    if (auto back = reply_role(); !back.empty()) out.set("reply_role", std::move(back));
    out.set("question", scrubbed_.texts.front());
    auto& about = out.set("child", child());
    if (const auto word = need(role); !word.empty()) about.set("need", word);
    out.set("people", people(role));
    auto& concerns = out.set("concerns", Json::array());
    if (may(role, "/concerns/*/text"))
        for (std::size_t i = 0; i < text_of_.size(); ++i)
            if (projection.concerns[i]) concerns.push(concern(i));
    if (const auto level = risk_level(role); !level.empty()) out.set("risk_level", level);
    out.set("handling", Json::object({{"marking", in_.purpose.marking}, {"identity", "none"}}));
    return out;
}

auto AdviceMessage::told(const RoleTable& role, const Projection& projection) const -> std::vector<std::string> {
    std::vector<std::string> out;
    if (!need(role).empty()) out.emplace_back("/child/send/need");
    if (may(role, "/concerns/*/text"))
        for (std::size_t i = 0; i < text_of_.size(); ++i)
            for (const std::string_view leaf : {"category", "kind", "text"})
                if (projection.concerns[i] && (leaf != "text" || text_of_[i] != 0) && in_.facts.concerns[i].tree->find(leaf) != nullptr)
                    out.push_back("/concerns/" + std::to_string(i) + "/" + std::string{leaf});
    if (!risk_level(role).empty()) out.emplace_back("/risk/level");
    return out;
}

auto AdviceMessage::result() const -> AdviceResult {
    AdviceResult out;
    out.consultation = in_.submission.consultation.id;
    out.replacements = scrubbed_.replacements;
    out.leftovers = open_;
    out.leftovers_resolved = scrubbed_.leftovers.size() - open_.size();
    out.token_map = scrubbed_.token_map;
    if (!out.consultation.empty()) out.token_map.set("consultation", out.consultation);
    return out;
}

void add_advice_instructions(Decision& out, const CompiledPack& pack, const Submission& submission) {
    if (pack.scrub == nullptr) return;
    const bool in_doubt = submission.advice && submission.advice->in_doubt && !out.advice;
    const bool high = is_high(pack, submission.case_tree["risk"]["level"].text());
    if (in_doubt) out.instructions.push_back(pack.scrub->offer);
    if (high && (in_doubt || out.advice)) out.instructions.push_back(pack.scrub->no_delay);
}

}  // namespace cg::policy
