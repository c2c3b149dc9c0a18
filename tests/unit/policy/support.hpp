#pragma once
// The example pack and the referral of Wren Larkspur, whose every person is invented, for the tests of policy/.

#include "config/pack_dir.hpp"
#include "gateway/base/json.hpp"
#include "policy/decide.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cg::policy::testing {

inline const std::string source_dir{CG_SOURCE_DIR};
inline constexpr std::string_view salt_text = "a salt of this agency, 32 bytes.";

inline auto read_text(const std::string& path) -> std::string {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline auto example_files() -> PackFiles {
    auto files = config::read_pack_dir(source_dir + "/config/packs/exampleshire");
    return files ? files.value() : PackFiles{};
}

inline auto example_pack() -> const Pack& {
    static const std::shared_ptr<const Pack> pack = [] {
        auto loaded = load_pack(example_files());
        if (!loaded) {
            for (const auto& problem : loaded.error().problems)
                ADD_FAILURE() << problem.pointer << " " << problem.type << ": " << problem.fix;
            std::abort();
        }
        return loaded.value();
    }();
    return *pack;
}

/// The whole submission as JSON: a child protection referral to three recipients that is complete.
inline auto referral() -> Json {
    static const Json document = parse_json(read_text(source_dir + "/tests/fixtures/policy/referral.json")).value();
    return document;
}

inline void set_recipients(Json& document, std::initializer_list<const char*> to) {
    document.set("recipients", Json::texts(std::vector<std::string>(to.begin(), to.end())));
}

/// The same family, lesser worry: the mother was told, and consents (or whatever `state` says).
inline auto child_in_need(std::string_view state) -> Json {
    auto document = referral();
    document.set("purpose", "child-in-need-referral");
    set_recipients(document, {"csc.front-door@exampleshire"});
    auto& tree = *document.find("case");
    tree.find("risk")->set("level", "low");
    tree.find("risk")->set("significant_harm", false);
    tree.set(
        "consent",
        parse_json(R"({"to_share":{"who":"p1","on":"2026-04-10","method":"spoken"},"agreement_to_service":"declined"})")
            .value());
    tree.find("consent")->find("to_share")->set("state", state);
    tree.set(
        "informing",
        parse_json(
            R"({"told":"p1","why_what_how_whom":"all four","by":"DSL","on":"2026-04-10","how":"meeting","reaction":"calm"})")
            .value());
    tree.find("basis")->set("article9", "9.2.h");
    tree.find("basis")->set("schedule1", "S1.2");
    return document;
}

inline auto early_help(std::string_view state) -> Json {
    auto document = child_in_need(state);
    document.set("purpose", "early-help");
    set_recipients(document, {"early-help.hub@exampleshire", "charity.lead-worker@brightside"});
    document.find("case")->find("consent")->find("to_share")->set(
        "scope", parse_json(R"({"recipients":["early-help.hub","charity.lead-worker@brightside"]})").value());
    return document;
}

inline auto at(std::string_view moment) -> Instant {
    return parse_instant(moment).value();
}
inline const Instant that_day = at("2026-04-13T11:00:00Z");

inline auto willow() -> Caller {
    return {AgencyId::trusted("willow"), AgencyKind::statutory, true};
}
inline auto charity() -> Caller {
    return {AgencyId::trusted("brightside"), AgencyKind::charitable, false};
}

inline auto parsed(Json document) -> Submission {
    auto submission = parse_submission(std::move(document));
    if (!submission) {
        for (const auto& problem : submission.error().problems) ADD_FAILURE() << problem.type << " " << problem.pointer;
        std::abort();
    }
    return std::move(submission).value();
}

inline auto decided(Json document, const Caller& caller = willow(), Instant now = that_day) -> Decision {
    return decide(example_pack(), example_pack().agencies(), parsed(std::move(document)), caller, now,
                  view_bytes(salt_text));
}

/// Sets the value at a pointer into the case, making the objects on the way.
inline void set_at(Json& document, std::string_view pointer, Json value) {
    Json* at = document.find("case");
    for (auto rest = pointer.substr(1);;) {
        const auto end = rest.find('/');
        const std::string token{rest.substr(0, end)};
        auto* items = at->if_array();
        Json* next = items != nullptr ? &items->at(std::stoul(token)) : at->find(token);
        if (end == std::string_view::npos) {
            if (items != nullptr)
                *next = std::move(value);
            else
                at->set(token, std::move(value));
            return;
        }
        at = next != nullptr ? next : &at->set(token, Json::object());
        rest.remove_prefix(end + 1);
    }
}
/// Removes the member at a pointer into the case.
inline void remove_at(Json& document, std::string_view pointer) {
    const auto slash = pointer.rfind('/');
    auto* parent = const_cast<Json*>(document["case"].at_pointer(pointer.substr(0, slash)));
    parent->erase(pointer.substr(slash + 1));
}

inline auto has_problem(const RecipientDecision& recipient, std::string_view type, std::string_view pointer = {})
    -> bool {
    return std::ranges::any_of(recipient.problems, [&](const Problem& p) {
        return p.type == type && (pointer.empty() || p.pointer == pointer);
    });
}
inline auto has_warning(const Decision& decision, std::string_view type) -> bool {
    return std::ranges::any_of(decision.warnings, [&](const Problem& p) { return p.type == type; });
}
inline auto types_of(const RecipientDecision& recipient) -> std::vector<std::string> {
    std::vector<std::string> out;
    for (const auto& problem : recipient.problems) out.push_back(problem.type);
    return out;
}

/// "FORBIDDEN fam_numbers" → 2
inline auto withheld_table(const RecipientDecision& recipient) -> std::map<std::string, int> {
    std::map<std::string, int> out;
    for (const auto& leaf : recipient.withheld) ++out[std::string{to_string(leaf.reason)} + " " + leaf.group];
    return out;
}
inline auto is_withheld(const RecipientDecision& recipient, std::string_view pointer, WithheldReason reason) -> bool {
    return std::ranges::any_of(recipient.withheld,
                               [&](const Withheld& w) { return w.pointer == pointer && w.reason == reason; });
}
inline auto is_released(const RecipientDecision& recipient, std::string_view pointer) -> bool {
    return std::ranges::find(recipient.released, pointer) != recipient.released.end();
}

/// Pointers of all leaves.
inline void leaves_of(const Json& value, const std::string& pointer, std::vector<std::string>& out) {
    if (const auto* members = value.if_object()) {
        for (const auto& member : *members) {
            auto inner = pointer;
            append_pointer(inner, member.name);
            leaves_of(member.value, inner, out);
        }
    } else if (const auto* items = value.if_array()) {
        for (std::size_t i = 0; i < items->size(); ++i) leaves_of((*items)[i], pointer + "/" + std::to_string(i), out);
    } else {
        out.push_back(pointer);
    }
}
inline auto leaves_of(const Json& value) -> std::vector<std::string> {
    std::vector<std::string> out;
    leaves_of(value, "", out);
    return out;
}
/// `/people/3/name` → `/people/*/name`.
inline auto pattern_of(const std::string& pointer) -> std::string {
    std::string out;
    for (std::size_t i = 1; i <= pointer.size();) {
        const auto end = std::min(pointer.find('/', i), pointer.size());
        const auto token = pointer.substr(i, end - i);
        const bool index = !token.empty() && token.find_first_not_of("0123456789") == std::string::npos;
        out += index ? "/*" : "/" + token;
        i = end + 1;
    }
    return out;
}

}  // namespace cg::policy::testing
