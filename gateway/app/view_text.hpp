#pragma once
/// Pieces of a message as text: what the renderers of its kinds share.

#include "gateway/base/json.hpp"

#include <string>
#include <string_view>

namespace cg::app {

/// "date_of_birth" as "Date of birth".
[[nodiscard]] auto label(std::string_view name) -> std::string;
/// Names and values, indented, in the order in which a reader wants them.
void append_tree(std::string& out, std::string_view name, const Json& value, std::size_t depth);
/// The same of each member of an object. `codes` = {pattern: {code: words}} says what codes mean (AQ-3), e.g. of "/child/sex".
void append_members(std::string& out, const Json& object, std::size_t depth, const Json& codes);
/// Codes of a list, or of a single text, in words.
[[nodiscard]] auto listed(const Json& codes) -> std::string;
/// "Name: text" in one paragraph; nothing where the text is empty.
[[nodiscard]] auto line_of(std::string_view name, const std::string& text) -> std::string;
[[nodiscard]] auto moment_words(const Json& at) -> std::string;

}  // namespace cg::app
