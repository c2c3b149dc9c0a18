#include "policy/minimise.hpp"

#include "policy/leak.hpp"
#include "policy/reference.hpp"
#include "policy/spans.hpp"
#include "policy/verdict.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace cg::policy {
namespace {

constexpr std::string_view a_member_of_the_public = "a member of the public";
constexpr std::string_view member_of_the_public = "member of the public";

auto reason_lies_in_case(WithheldReason reason) -> bool {
    return reason != WithheldReason::forbidden && reason != WithheldReason::not_necessary;
}

auto role_token(std::string_view relationship) -> std::string {
    if (relationship.empty() || is_unknown_word(relationship)) return "[PERSON]";
    std::string out{"["};
    for (const char c : relationship) out.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
    return out.append("]");
}

/// What free text calls a person: `[SIBLING]`, or words that do not point at somebody who asked to be protected.
auto token_for(const Person& person) -> std::string {
    return person.identity_protected ? std::string{a_member_of_the_public} : role_token(person.relationship);
}

/// A number may stand for a text: a telephone without its 0.
auto words_in(const Json& value) -> std::string {
    return value.is_number() ? to_es_number(*value.if_number()) : std::string{value.text()};
}

class Projector {
public:
    explicit Projector(const ProjectionInput& input) : in_(input), judge_(input), redactor_(input.pack.scrub.get()) {}

    auto run() -> Projection {
        judge_all();
        if (!given_names_.empty()) redactor_.keep_name(given_names_ + " " + family_name_);
        hide_people();
        redactor_.prepare();
        build();
        for (std::size_t i = 0; i < in_.facts.people.size(); ++i) out_.people.push_back(!judge_.person(i));
        for (std::size_t i = 0; i < in_.facts.concerns.size(); ++i) {
            out_.concerns.push_back(judge_.concern_shown(i));
            out_.concern_texts.push_back(judge_.concern_texts(i));
        }
        out_.conditions_met = std::move(judge_).conditions_met();
        return std::move(out_);
    }

private:
    void judge_all() {
        out_.verdicts.reserve(in_.flat.leaves.size());
        out_.released.reserve(in_.flat.leaves.size());
        for (const auto& leaf : in_.flat.leaves) {
            if (leaf.leaf != no_leaf) hide_reference(leaf, in_.pack.leaves[leaf.leaf].use);
            if (leaf.decision_input) {
                out_.verdicts.push_back(Verdict::skip);
            } else if (const auto reason = judge_.judge(leaf)) {
                out_.verdicts.push_back(Verdict::withhold);
                withhold(leaf, *reason);
            } else {
                out_.verdicts.push_back(Verdict::release);
                release(leaf);
            }
        }
    }

    void withhold(const FlatLeaf& leaf, WithheldReason reason) {
        const auto group = judge_.group_of(leaf);
        const bool unknown = group == no_group;
        out_.withheld.push_back(
            {std::string{in_.flat.pointer(leaf)}, unknown ? "unknown" : in_.pack.groups[group].name, reason,
             unknown ? in_.purpose.short_name + "." + in_.role.role + ".unknown" : in_.role.group_rules[group]});
        if (unknown) return;
        if (reason_lies_in_case(reason)) note_reason(reason, group);
        const auto& known = in_.pack.leaves[leaf.leaf];
        if (leaf.list == ListKind::people && known.use == LeafUse::name) return;  // see hide_people
        if (known.use == LeafUse::name) hidden_names_.emplace_back(leaf.value->text(), known.token);
        if (known.use == LeafUse::number) redactor_.hide_number(words_in(*leaf.value), known.token);
    }

    /// NE-5: also where somebody wrote a reference into a text, each recipient reads its own.
    void hide_reference(const FlatLeaf& leaf, LeafUse use) {
        const auto text = leaf.value->text();
        if (use == LeafUse::case_reference && leaf.value->is_string()) {
            case_references_.emplace_back(text, pairwise_reference(in_.salt, in_.recipient, text, "r-"));
            redactor_.hide_reference(text, case_references_.back().second);
        }
        if ((use == LeafUse::label || use == LeafUse::reference) && !is_local_label(text))
            redactor_.hide_reference(text, view_id(in_, text));
    }
    [[nodiscard]] auto case_reference(std::string_view text) const -> std::string {
        const auto known = std::ranges::find(case_references_, text, &std::pair<std::string_view, std::string>::first);
        return known->second;  // every one was looked at before anything is built
    }

    void note_reason(WithheldReason reason, GroupId group) {
        const std::pair entry{reason, group};
        if (std::ranges::find(out_.case_reasons, entry) == out_.case_reasons.end()) out_.case_reasons.push_back(entry);
    }

    void release(const FlatLeaf& leaf) {
        out_.released.emplace_back(in_.flat.pointer(leaf));
        const auto& known = in_.pack.leaves[leaf.leaf];
        const auto text = leaf.value->text();
        if (known.use == LeafUse::name) redactor_.keep_name(text);
        if (known.use == LeafUse::number) redactor_.keep_number(words_in(*leaf.value));
        if (known.pattern == "/child/given_names") given_names_ = text;
        if (known.pattern == "/child/family_name") family_name_ = text;
        note_sensitive(leaf, known, text);
        if (leaf.mark != no_mark && std::ranges::find(out_.marks, leaf.mark) == out_.marks.end())
            out_.marks.push_back(leaf.mark);
        if (!known.checked.empty()) note_check(leaf, known);
        if (!known.restricted_when.empty() && is_restricted(*in_.facts.tree, known)) out_.restricted_shown = true;
        if (!in_.flat.spans.empty() && known.use == LeafUse::narrative) withhold_spans(leaf);
    }

    void note_sensitive(const FlatLeaf& leaf, const Leaf& known, std::string_view text) {
        const auto says_something = [&] { return !is_blank(leaf.value) && !is_unknown_word(text); };
        const bool news = (known.special && !out_.special) || (known.offence && !out_.offence);
        // FW-11: the tests of data protection are for the living.
        if (news && says_something() && !of_deceased(leaf, known)) {
            out_.special = out_.special || known.special;
            out_.offence = out_.offence || known.offence;
        }
        if (known.tag) note_tag(text);
    }
    void note_tag(std::string_view tag) {
        const auto rule = in_.pack.tags.find(tag.substr(0, tag.find(':')));
        if (rule == in_.pack.tags.end()) return;
        out_.special = out_.special || rule->second.special;
        out_.offence = out_.offence || rule->second.offence;
    }
    auto of_deceased(const FlatLeaf& leaf, const Leaf& known) const -> bool {
        if (leaf.list == ListKind::people) return in_.facts.people[leaf.item].deceased;
        return in_.facts.child_deceased && known.pattern.starts_with("/child/");
    }

    /// AC-4: an address or a contact goes with its age where that is great.
    void note_check(const FlatLeaf& leaf, const Leaf& known) {
        const auto day = read_date(*leaf.value);
        if (!day || *day >= subtract_months(in_.today, in_.pack.checked_months)) return;
        auto words = known.checked;
        if (leaf.list == ListKind::people) words += " of " + view_id(in_, in_.facts.people[leaf.item].id);
        out_.old_checks.push_back(words + " last checked " + to_iso_date(*day));
    }

    /// Tagged words that were cut out of a text that goes, and tags of those that stay in it.
    void withhold_spans(const FlatLeaf& leaf) {
        for (const auto& span : in_.flat.spans) {
            if (!in_.flat.within(leaf.mark, span.mark) || leaf.value->text().find(span.words) == std::string_view::npos)
                continue;
            if (judge_.tag_allowed(span.tag)) {
                note_tag(span.tag);
                continue;
            }
            const auto group = judge_.group_of(leaf);
            const auto pointer = in_.flat.marks[span.mark].pointer + "/spans/" + std::to_string(span.index) + "/words";
            if (std::ranges::find(out_.withheld, pointer, &Withheld::pointer) != out_.withheld.end()) continue;
            out_.withheld.push_back({pointer, in_.pack.groups[group].name, WithheldReason::sensitive_tag_not_allowed,
                                     in_.role.group_rules[group]});
            note_reason(WithheldReason::sensitive_tag_not_allowed, group);
        }
    }

    /// A name that belongs to somebody in the case is called after them, whatever field it stood in.
    void hide_people() {
        for (std::size_t i = 0; i < in_.facts.people.size(); ++i) {
            const auto& person = in_.facts.people[i];
            const auto reason = judge_.person(i);
            if (!reason) continue;
            redactor_.hide_name(person.name, token_for(person));
            if (*reason != WithheldReason::identity_protected) continue;
            redactor_.hide_role(person.relationship, member_of_the_public);
            out_.protected_person_hidden = true;
        }
        std::set<std::string_view> done;
        for (const auto& [name, token] : hidden_names_) {
            if (!done.insert(name).second) continue;
            const auto same = [name = name](const Person& person) { return same_ignoring_case(person.name, name); };
            const auto person = std::ranges::find_if(in_.facts.people, same);
            redactor_.hide_name(name, person == in_.facts.people.end() ? token : token_for(*person));
        }
    }

    void build() {
        if (const auto* members = in_.facts.tree->if_object()) {
            out_.blocks.reserve(members->size());
            for (const auto& [name, value] : *members) {
                Json inner;
                const bool schema = name == "schema";  // the view's own stands in its place
                if (build(value, inner) && !schema) out_.blocks.push_back({name, std::move(inner)});
            }
        }
    }

    /// Copies what is released of a value. False: nothing is. Visits leaves in the order in which they were flattened.
    auto build(const Json& value, Json& out) -> bool {
        if (const auto* members = value.if_object()) {
            JsonObject kept;
            for (const auto& [name, item] : *members) {
                Json inner;
                if (!build(item, inner)) continue;
                if (kept.empty()) kept.reserve(members->size());
                kept.push_back({name, std::move(inner)});
            }
            if (kept.empty()) return false;
            out = Json{std::move(kept)};
            return true;
        }
        if (const auto* items = value.if_array()) {
            JsonArray kept;
            for (const auto& item : *items) {
                Json inner;
                if (!build(item, inner)) continue;
                if (kept.empty()) kept.reserve(items->size());
                kept.push_back(std::move(inner));
            }
            if (kept.empty()) return false;
            out = Json{std::move(kept)};
            return true;
        }
        const auto index = next_++;
        if (out_.verdicts[index] != Verdict::release) return false;
        out = leaf_value(in_.flat.leaves[index]);
        return true;
    }

    auto leaf_value(const FlatLeaf& leaf) -> Json {
        const auto& known = in_.pack.leaves[leaf.leaf];
        const auto text = leaf.value->text();
        switch (known.use) {
            case LeafUse::narrative: return narrative(leaf);
            case LeafUse::label:
            case LeafUse::reference: return leaf.value->is_string() ? Json{view_id(in_, text)} : *leaf.value;
            case LeafUse::case_reference:
                return leaf.value->is_string() ? Json{case_reference(text)} : *leaf.value;
            case LeafUse::plain: return known.tag ? tag(text) : *leaf.value;
            case LeafUse::name:
            case LeafUse::number: return *leaf.value;
        }
        return {};
    }

    auto narrative(const FlatLeaf& leaf) -> Json {
        auto out = told_narrative(leaf);
        if (leaf.value->is_string() && out.text() != leaf.value->text())
            out_.reworded.emplace_back(in_.flat.pointer(leaf));
        return out;
    }
    auto told_narrative(const FlatLeaf& leaf) const -> Json {
        if (leaf.list == ListKind::concerns && judge_.source_protected(leaf.item) && tells_source(leaf))
            return Json{member_of_the_public};
        if (!leaf.value->is_string() || in_.flat.spans.empty()) return checked_narrative(*leaf.value);
        return checked_narrative(Json{cut_words(leaf.value->text(), judge_.words_to_cut(leaf))});
    }
    /// What the source is, and who spoke where that is the source as well.
    auto tells_source(const FlatLeaf& leaf) const -> bool {
        const auto& pattern = in_.pack.leaves[leaf.leaf].pattern;
        const auto& concern = *in_.facts.concerns[leaf.item].tree;
        return pattern == "/concerns/*/source_role" ||
               (pattern == "/concerns/*/speaker" &&
                same_ignoring_case(concern["speaker"].text(), concern["source_role"].text()));
    }
    /// NE-3: without the names and numbers of whoever and whatever stays behind.
    auto checked_narrative(const Json& value) const -> Json {
        if (redactor_.empty() || !(value.is_string() || value.is_number())) return value;
        auto rewritten = redactor_.rewrite(words_in(value));
        if (!rewritten) return value;
        if (*rewritten == a_member_of_the_public) return Json{member_of_the_public};
        if (rewritten->starts_with(a_member_of_the_public)) rewritten->front() = 'A';
        return Json{std::move(*rewritten)};
    }

    /// `health:p1` names a person by id.
    auto tag(std::string_view text) const -> Json {
        const auto colon = text.find(':');
        if (colon == std::string_view::npos) return Json{text};
        const auto kind = text.substr(0, colon);
        const auto id = text.substr(colon + 1);
        const auto* person = in_.facts.person(id);
        const bool shown =
            person != nullptr && !judge_.person(static_cast<std::size_t>(person - in_.facts.people.data()));
        if (!shown && id != in_.facts.child_id) return Json{kind};
        return Json{std::string{kind} + ":" + view_id(in_, id)};
    }

    const ProjectionInput& in_;
    Judge judge_;
    Projection out_;
    Redactor redactor_;
    std::vector<std::pair<std::string_view, std::string_view>> hidden_names_;
    std::vector<std::pair<std::string_view, std::string>> case_references_;
    std::string given_names_, family_name_;  ///< where they are released
    std::size_t next_{0};
};

}  // namespace

auto view_id(const ProjectionInput& input, std::string_view id) -> std::string {
    if (is_local_label(id) || is_unknown_word(id)) return std::string{id};
    return pairwise_reference(input.salt, input.recipient, id, "x-");
}

auto project(const ProjectionInput& input) -> Projection {
    return Projector{input}.run();
}

}  // namespace cg::policy
