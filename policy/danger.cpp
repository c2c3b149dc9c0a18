#include "policy/danger.hpp"

#include "policy/compiled.hpp"
#include "policy/words.hpp"

namespace cg::policy {
namespace {

auto means(const Json& value, std::string_view word) -> bool {
    return value.is_string() && same_words_form(value.text()) == word;
}

auto in_danger(const Json& case_tree) -> bool {
    const auto& danger = case_tree["risk"]["immediate_danger"];
    return danger.is_true() || means(danger, "true") || means(danger, "yes") ||
           means(case_tree["timing"]["urgency"], "emergency");
}

auto instructions(const CompiledPack& pack, bool danger) -> std::vector<std::string> {
    std::vector<std::string> out;
    if (danger) out.push_back(pack.danger_text);
    out.push_back(pack.refusal_instruction);
    return out;
}

template <class Parsed>
auto telling_first(const Pack& pack, Json document, Result<Parsed> (*parse)(Json)) -> Result<Parsed> {
    auto first = first_instructions(pack, document);
    auto parsed = parse(std::move(document));
    if (parsed) return parsed;
    auto error = std::move(parsed).error();
    error.instructions = std::move(first);
    return boost::outcome_v2::failure(std::move(error));
}

}  // namespace

auto first_instructions(const Pack& pack, const Json& document) -> std::vector<std::string> {
    return instructions(pack.compiled(), in_danger(document["case"]) || in_danger(document["submission"]["case"]));
}
auto first_instructions_for_case(const CompiledPack& pack, const Json& case_tree) -> std::vector<std::string> {
    return instructions(pack, in_danger(case_tree));
}

auto parse_submission(const Pack& pack, Json document) -> Result<Submission> {
    return telling_first<Submission>(pack, std::move(document), &parse_submission);
}
auto parse_refusal(const Pack& pack, Json document) -> Result<Refusal> {
    return telling_first<Refusal>(pack, std::move(document), &parse_refusal);
}

}  // namespace cg::policy
