#include "policy/submission.hpp"

#include "gateway/base/ids.hpp"
#include "policy/case_schema.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace cg::policy {
namespace {

constexpr std::size_t max_recipients = 64;
constexpr std::array<std::string_view, 11> members{"schema",         "purpose",   "recipients", "actor",
                                                   "case",           "request",   "supersedes", "follow_up_to",
                                                   "converted_from", "advice_of", "advice"};
constexpr std::array<std::string_view, 4> advice_members{"question", "follow_up_to", "in_doubt", "leftovers"};
constexpr std::array<std::string_view, 5> tick_members{"pointer", "offset", "length", "text_sha256", "decision"};
constexpr std::size_t max_ticks = 1024;
constexpr std::array<std::string_view, 3> actor_members{"user", "role", "auth"};
constexpr std::array<std::string_view, 5> urgencies{"routine", "normal", "standard", "urgent", "emergency"};

class Reader {
public:
    std::vector<Problem> problems;

    void add(std::string type, std::string pointer, std::string fix) {
        problems.push_back({std::move(type), std::move(pointer), std::move(fix), {}});
    }
    /// A text that must be there and not be empty.
    auto text(const Json& from, std::string_view base, std::string_view name) -> std::string {
        auto pointer = std::string{base} + "/" + std::string{name};
        const auto* value = from.find(name);
        if (value == nullptr)
            add("submission/member-missing", std::move(pointer), "Add this member; it is a text.");
        else if (!value->is_string())
            add("submission/wrong-type", std::move(pointer), "Give a text here.");
        else if (value->text().empty())
            add("submission/member-missing", std::move(pointer), "Give a text that is not empty.");
        else
            return std::string{value->text()};
        return {};
    }
    auto optional_text(const Json& from, std::string_view name, std::string_view base = "") -> std::string {
        const auto* value = from.find(name);
        return value == nullptr || value->is_null() ? std::string{} : text(from, base, name);
    }
    auto count(const Json& from, std::string_view base, std::string_view name) -> std::size_t {
        const auto value = from[name].integer_or(-1);
        if (value < 0) add("submission/wrong-type", std::string{base} + "/" + std::string{name}, "Give a whole number here.");
        return value < 0 ? 0 : static_cast<std::size_t>(value);
    }
    void refuse_unknown(const Json& from, std::string_view base, std::span<const std::string_view> known) {
        for (const auto& member : *from.if_object()) {
            if (std::ranges::find(known, member.name) != known.end()) continue;
            auto pointer = std::string{base};
            append_pointer(pointer, member.name);
            add("submission/member-unknown", std::move(pointer),
                "Leave this member out: submission/1 has no such member.");
        }
    }
    /// Is the member there as an object? Says what is wrong where not.
    auto has_object(const Json& from, std::string_view name) -> bool {
        const auto* value = from.find(name);
        const auto pointer = "/" + std::string{name};
        if (value == nullptr)
            add("submission/member-missing", pointer, "Add this member; it is an object.");
        else if (!value->is_object())
            add("submission/wrong-type", pointer, "Give an object here.");
        else
            return true;
        return false;
    }
};

auto read_recipients(Reader& reader, const Json& document) -> std::vector<std::string> {
    std::vector<std::string> out;
    const auto* list = document.find("recipients");
    if (list == nullptr) {
        reader.add("submission/member-missing", "/recipients", "Name at least one recipient as role@agency.");
        return out;
    }
    const auto* items = list->if_array();
    if (items == nullptr) {
        reader.add("submission/wrong-type", "/recipients", "Give a list of texts, each role@agency.");
        return out;
    }
    if (items->empty())
        reader.add("submission/member-missing", "/recipients", "Name at least one recipient as role@agency.");
    if (items->size() > max_recipients) {
        reader.add("submission/too-many", "/recipients", "Name at most 64 recipients in one submission.");
        return out;
    }
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < items->size(); ++i) {
        const auto pointer = "/recipients/" + std::to_string(i);
        if (!(*items)[i].is_string())
            reader.add("submission/wrong-type", pointer, "Give a text, role@agency.");
        else if (!seen.insert((*items)[i].text()).second)
            reader.add("submission/recipient-repeated", pointer, "Name each recipient once.");
        else
            out.emplace_back((*items)[i].text());
    }
    return out;
}

void read_actor(Reader& reader, const Json& document, Actor& out) {
    if (!reader.has_object(document, "actor")) return;
    const auto& actor = document["actor"];
    reader.refuse_unknown(actor, "/actor", actor_members);
    out = {reader.text(actor, "/actor", "user"), reader.text(actor, "/actor", "role"),
           reader.text(actor, "/actor", "auth")};
}

/// AD-4: each tick names the text that it was made for.
auto read_ticks(Reader& reader, const Json& list) -> std::vector<LeftoverTick> {
    std::vector<LeftoverTick> out;
    const auto* items = list.if_array();
    if (items == nullptr || items->size() > max_ticks) {
        reader.add("submission/wrong-type", "/advice/leftovers", "Give a list of at most 1024 ticks.");
        return out;
    }
    for (std::size_t i = 0; i < items->size(); ++i) {
        const auto& tick = (*items)[i];
        const auto base = "/advice/leftovers/" + std::to_string(i);
        if (!tick.is_object()) {
            reader.add("submission/wrong-type", base, "Give an object here.");
            continue;
        }
        reader.refuse_unknown(tick, base, tick_members);
        if (reader.text(tick, base, "decision") != "not-identifying")
            reader.add("submission/wrong-type", base + "/decision", "Say 'not-identifying', or change the text.");
        out.push_back({reader.text(tick, base, "pointer"), reader.count(tick, base, "offset"),
                       reader.count(tick, base, "length"), reader.text(tick, base, "text_sha256")});
    }
    return out;
}

void read_advice(Reader& reader, const Json& document, Submission& out) {
    const auto* block = document.find("advice");
    if (block == nullptr || block->is_null()) return;
    if (!block->is_object()) return reader.add("submission/wrong-type", "/advice", "Give an object here.");
    reader.refuse_unknown(*block, "/advice", advice_members);
    AdviceBlock advice;
    advice.question = reader.optional_text(*block, "question", "/advice");
    advice.follow_up_to = reader.optional_text(*block, "follow_up_to", "/advice");
    if (const auto* doubt = block->find("in_doubt")) {
        if (!doubt->is_bool()) reader.add("submission/wrong-type", "/advice/in_doubt", "Give true or false here.");
        advice.in_doubt = doubt->is_true();
    }
    if (const auto* list = block->find("leftovers")) advice.ticks = read_ticks(reader, *list);
    out.advice = std::move(advice);
}

void read_case(Reader& reader, Json& document, Submission& out) {
    if (!reader.has_object(document, "case")) return;
    auto& tree = *document.find("case");
    if (tree["schema"].text() != "case/1")
        reader.add("submission/schema", "/case/schema", "Set the case's schema to \"case/1\".");
    check_case_shape(tree, "/case", reader.problems);
    const auto* urgency = tree["timing"].find("urgency");
    out.urgency = urgency == nullptr ? "routine" : std::string{urgency->text()};
    if (urgency != nullptr && urgency->is_string() && std::ranges::find(urgencies, out.urgency) == urgencies.end())
        reader.add("case/urgency", "/case/timing/urgency", "Say 'routine', 'urgent' or 'emergency'.");
    out.case_tree = std::move(tree);
}

}  // namespace

auto is_link(std::string_view text) -> bool {
    return DecisionId::parse(text) || MessageId::parse(text) || is_random_id(text, "k-");
}

auto parse_submission(Json document) -> Result<Submission> {
    Reader reader;
    Submission out;
    if (!document.is_object()) {
        reader.add("submission/wrong-type", "", "Send one JSON object, submission/1.");
        return fail(Errc::malformed, "not a submission", std::move(reader.problems));
    }
    if (document["schema"].text() != "submission/1")
        reader.add("submission/schema", "/schema", "Set the schema to \"submission/1\".");
    reader.refuse_unknown(document, "", members);
    out.purpose = reader.text(document, "", "purpose");
    out.recipients = read_recipients(reader, document);
    read_actor(reader, document, out.actor);
    out.follow_up_to = reader.optional_text(document, "follow_up_to");
    out.request = reader.optional_text(document, "request");
    out.supersedes = reader.optional_text(document, "supersedes");
    out.converted_from = reader.optional_text(document, "converted_from");
    out.advice_of = reader.optional_text(document, "advice_of");
    read_advice(reader, document, out);
    read_case(reader, document, out);
    if (!reader.problems.empty()) return fail(Errc::malformed, "not a complete submission", std::move(reader.problems));
    return out;
}

}  // namespace cg::policy
