// Words that suggest a sensitive kind of information which nobody tagged (NE-4). A prompt to the writer, never a
// verdict.
#include "policy/gate.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

auto small(char c) noexcept -> char {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
auto is_letter(char c) noexcept -> bool {
    return (small(c) >= 'a' && small(c) <= 'z') || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

/// Tags that the words of a text suggest, each once.
auto suggested(const CompiledPack& pack, std::string_view text) -> std::vector<std::string_view> {
    std::vector<std::string_view> out;
    std::string word;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && is_letter(text[i])) {
            word.push_back(small(text[i]));
            continue;
        }
        if (word.empty()) continue;
        const auto it = pack.tag_words.find(word);
        if (it != pack.tag_words.end() && std::ranges::find(out, it->second) == out.end()) out.emplace_back(it->second);
        word.clear();
    }
    return out;
}

auto kind_of(std::string_view tag) -> std::string_view {
    return tag.substr(0, tag.find(':'));
}

/// Is something in this concern tagged so, as a whole or in part?
auto tagged(const Json& concern, std::string_view kind) -> bool {
    const auto tags = texts_of(concern["tags"]);
    if (std::ranges::find(tags, kind, kind_of) != tags.end()) return true;
    const auto* spans = concern["spans"].if_array();
    return spans != nullptr &&
           std::ranges::any_of(*spans, [kind](const Json& span) { return kind_of(span["tag"].text()) == kind; });
}

}  // namespace

void prompt_gate(const GateInput& in, Findings& findings) {
    for (std::size_t i = 0; i < in.facts.concerns.size(); ++i) {
        const auto& concern = *in.facts.concerns[i].tree;
        for (const auto* leaf : {"text", "opinion_basis", "historical_note"})
            for (const auto kind : suggested(in.pack, concern[leaf].text()))
                if (!tagged(concern, kind))
                    findings.warn(1, "accuracy/untagged", in_item("concerns", i, leaf),
                                  "This seems to speak of " + in.pack.tags.find(kind)->second.title +
                                      ": if so, tag it '" + std::string{kind} +
                                      "', the whole concern or the words, so that only those who need it read it.");
    }
}

// A flag under a misspelt name protects nobody, and nobody notices. The name itself may be personal: it is not repeated.
void note_unknown_members(const FlatCase& flat, Findings& findings) {
    const auto count = std::ranges::count_if(
        flat.leaves, [](const FlatLeaf& leaf) { return leaf.leaf == no_leaf && !leaf.decision_input; });
    if (count > 0)
        findings.warn(1, "case/member-unknown", "/case",
                      std::to_string(count) +
                          " values stand under names that the policy does not know: they stay with you, and no rule sees "
                          "them. Look for misspelt names, such as 'identityProtected' for 'identity_protected'.");
}

}  // namespace cg::policy
