#include "policy/explain.hpp"

#include "policy/pack_words.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cg::policy {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

constexpr std::array gate_texts{
    Entry{"in-force", "The policy is in force on the day of the decision."},
    Entry{"basis",
          "A legal basis is named that this purpose and this kind of organisation may use, with its evidence."},
    Entry{"consent",
          "Consent to share was given, or the policy's reason for sharing without it is written down with facts."},
    Entry{"informing",
          "The family was told why, what, how and with whom, or a reason for not telling them is written down with "
          "facts."},
    Entry{"override", "The reason that stands in for consent is one of the policy's, with its facts and in own words."},
    Entry{"referrer", "Nobody refers in their own cause: a concern about them, or their own family, is read by another."},
    Entry{"risk",
          "The four questions are answered: what may happen, to this person and to others, if this is shared and if it "
          "is not."},
    Entry{"kind", "Every concern says whether it is fact, opinion, professional judgement or reported by somebody."},
    Entry{"accuracy", "Every concern has its date and its source, and what is old says why it still matters."},
    Entry{"voice", "The child's own words are there, or why they are not."},
    Entry{"timeliness", "It was sent within the time that the purpose allows."},
    Entry{"minimum", "In an emergency: the least that the recipient needs to act is there."},
    Entry{"contradiction", "Nothing in the case contradicts something else in it."},
    Entry{"lookup", "What is looked up is asked for as the policy allows."},
    Entry{"protocol", "The protocol of the child's home area covers this."},
    Entry{"record-fields", "What this organisation's own procedure asks to be written down is there."},
    Entry{"numbers", "Official numbers have the form that they must have."},
    Entry{"third-parties",
          "Everybody else who is named matters to the concern, and the record says how they are affected."},
    Entry{"members", "Every value stands under a name that the policy knows."},
    Entry{"untagged", "Sensitive passages are marked as what they are."},
    Entry{"recipient", "The recipient's role exists there and is one that this purpose shares with."},
    Entry{"consent-scope", "The consent covers this recipient."},
    Entry{"sensitive-data", "For special-category or offence data that leave, the condition of law is named."},
    Entry{"adequacy", "The recipient gets everything that this role needs for this purpose."},
    Entry{"confidence",
          "For what was told in confidence, the effect of sharing was weighed against that of not sharing."},
    Entry{"contact", "The safe ways to reach somebody do not contradict each other."},
    Entry{"purpose", "The policy knows this purpose."},
};

auto gate_text(std::string_view gate) -> std::string_view {
    const auto* it = std::ranges::find(gate_texts, gate, &Entry::first);
    return it == gate_texts.end() ? std::string_view{} : it->second;
}

/// `…consent.3` is check 3 of a gate.
auto without_check(std::string_view rule) -> std::string_view {
    const auto dot = rule.rfind('.');
    if (dot == std::string_view::npos || dot + 1 == rule.size()) return rule;
    const auto tail = rule.substr(dot + 1);
    const bool number = std::ranges::all_of(tail, [](char c) { return c >= '0' && c <= '9'; });
    return number ? rule.substr(0, dot) : rule;
}

auto group_text(const CompiledPack& pack, std::string_view role, std::string_view group) -> std::string {
    const auto it = pack.group_ids.find(group);
    if (it == pack.group_ids.end()) return {};
    return "Whether " + role_words(pack, role) + " may have " + group_words(pack.groups[it->second]) + ".";
}

/// `cp.csc.front-door.fam_numbers`: the purpose, the role with its dots, and what it is about.
auto role_rule(const CompiledPack& pack, const Purpose& purpose, std::string_view rest) -> std::string {
    for (const auto& [role, table] : purpose.roles) {
        if (rest.size() <= role.size() + 1 || !rest.starts_with(role) || rest[role.size()] != '.') continue;
        const auto what = rest.substr(role.size() + 1);
        if (const auto text = gate_text(what); !text.empty()) return std::string{text};
        return group_text(pack, role, what);
    }
    return {};
}

auto texts(const Json& list) -> std::vector<std::string> {
    std::vector<std::string> out;
    if (const auto* items = list.if_array())
        for (const auto& item : *items) out.emplace_back(item.text());
    return out;
}

void push_once(std::vector<std::string>& list, const std::string& text) {
    if (std::ranges::find(list, text) == list.end()) list.push_back(text);
}

auto recipient_words(const Json& recipient, const Pack* pack) -> RecipientWords {
    RecipientWords out;
    out.to = recipient["to"].text();
    out.outcome = recipient["outcome"].text();
    out.released = static_cast<std::size_t>(recipient["released_count"].integer_or(0));
    if (const auto* problems = recipient["problems"].if_array()) {
        for (const auto& problem : *problems) {
            const auto rule = problem["rule"].text();
            out.rules.push_back({std::string{rule}, std::string{problem["type"].text()}, rule_words(pack, rule)});
            if (pack == nullptr) continue;
            const auto& changes = pack->compiled().what_would_change;
            if (const auto it = changes.find(problem["type"].text()); it != changes.end())
                for (const auto& text : it->second) push_once(out.would_change, text);
        }
    }
    if (const auto* withheld = recipient["withheld"].if_array()) {
        for (const auto& item : *withheld) {
            out.withheld += static_cast<std::size_t>(item["count"].integer_or(0));
            out.rules.push_back({std::string{item["rule"].text()}, std::string{item["reason"].text()},
                                 rule_words(pack, item["rule"].text())});
        }
    }
    return out;
}

auto document_words(const std::string& id, const Pack* pack) -> DocumentWords {
    DocumentWords out{id, "", "", ""};
    if (pack == nullptr) return out;
    const auto& list = pack->compiled().document_list;
    const auto it = std::ranges::find(list, id, &Document::id);
    if (it == list.end()) return out;
    out.title = it->title;
    out.address = it->address;
    if (it->read_on.ok()) out.read_on = to_iso_date(it->read_on);
    return out;
}

}  // namespace

auto rule_words(const Pack* pack, std::string_view rule) -> std::string {
    const auto gate_rule = without_check(rule);
    const auto dot = gate_rule.find('.');
    if (dot == std::string_view::npos) return {};
    const auto rest = gate_rule.substr(dot + 1);
    if (const auto text = gate_text(rest); !text.empty()) return std::string{text};
    if (pack != nullptr) {
        const auto& compiled = pack->compiled();
        for (const auto& [id, purpose] : compiled.purposes) {
            if (purpose.short_name != gate_rule.substr(0, dot)) continue;
            if (auto text = role_rule(compiled, purpose, rest); !text.empty()) return text;
        }
    }
    return std::string{gate_text(gate_rule.substr(gate_rule.rfind('.') + 1))};
}

auto explain(const Json& dec, const Pack* pack) -> Explanation {
    Explanation out;
    const auto& ref = dec["pack"];
    out.purpose = dec["purpose"].text();
    out.agreement = ref["agreement"].text();
    out.procedure = ref["procedure"].text();
    out.policy_document = ref["appropriate_policy_document"].text();
    out.pack = std::string{ref["id"].text()} + " " + std::string{ref["version"].text()};
    if (pack != nullptr && pack->hash() != ref["hash"].text()) pack = nullptr;  // another policy's words would be wrong
    out.pack_known = pack != nullptr;
    out.rules_edition = texts(ref["rules_edition"]);
    for (const auto& id : texts(ref["documents"])) out.documents.push_back(document_words(id, pack));
    if (const auto* rules = dec["rules"].if_array())
        for (const auto& rule : *rules)
            out.rules.push_back({std::string{rule["id"].text()}, std::string{rule["result"].text()},
                                 rule_words(pack, rule["id"].text())});
    if (const auto* recipients = dec["recipients"].if_array())
        for (const auto& recipient : *recipients) out.recipients.push_back(recipient_words(recipient, pack));
    return out;
}

}  // namespace cg::policy
