#pragma once
// The example pack with a line changed, and decisions under it.

#include <gtest/gtest.h>

#include "support.hpp"

namespace cg::policy::testing {

/// One text of the pack changed: the first `from` becomes `to`.
struct Change {
    std::string_view file, from, to;
};

inline auto pack_with(std::initializer_list<Change> changes) -> std::shared_ptr<const Pack> {
    auto files = example_files();
    for (const auto& change : changes) {
        auto& text = files.find(change.file)->second;
        const auto at = text.find(change.from);
        EXPECT_NE(at, std::string::npos) << change.file << ": " << change.from;
        if (at != std::string::npos) text.replace(at, change.from.size(), change.to);
    }
    auto pack = load_pack(files);
    if (!pack) {
        for (const auto& problem : pack.error().problems)
            ADD_FAILURE() << problem.pointer << " " << problem.type << ": " << problem.fix;
        std::abort();
    }
    return pack.value();
}

inline auto decided_under(const Pack& pack, const Submission& submission, const Caller& caller = willow(),
                          Instant now = that_day) -> Decision {
    return decide(pack, pack.agencies(), submission, caller, now, view_bytes(salt_text));
}
inline auto decided_under(const Pack& pack, Json document, const Caller& caller = willow(), Instant now = that_day)
    -> Decision {
    return decided_under(pack, parsed(std::move(document)), caller, now);
}

inline auto json(std::string_view text) -> Json {
    return parse_json(text).value();
}
inline auto first_of(const Decision& decision) -> const RecipientDecision& {
    return decision.recipients.at(0);
}
inline auto fix_of(const RecipientDecision& recipient, std::string_view type) -> std::string {
    const auto it = std::ranges::find(recipient.problems, type, &Problem::type);
    return it == recipient.problems.end() ? std::string{} : it->fix;
}
inline auto warning_fix(const Decision& decision, std::string_view type) -> std::string {
    const auto it = std::ranges::find(decision.warnings, type, &Problem::type);
    return it == decision.warnings.end() ? std::string{} : it->fix;
}
inline auto has_obligation(const std::vector<Obligation>& list, std::string_view type) -> bool {
    return std::ranges::find(list, type, &Obligation::type) != list.end();
}
/// Texts of a handling entry, whether it is one text or a list.
inline auto texts_in(const Json& value) -> std::vector<std::string> {
    if (value.is_string()) return {std::string{value.text()}};
    std::vector<std::string> out;
    if (const auto* items = value.if_array())
        for (const auto& item : *items) out.emplace_back(item.text());
    return out;
}
inline auto holds_text(const Json& value, std::string_view text) -> bool {
    const auto texts = texts_in(value);
    return std::ranges::find(texts, text) != texts.end();
}

}  // namespace cg::policy::testing
