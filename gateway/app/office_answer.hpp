#pragma once
/// What commands that hand something to the gateway have in common: the file they read, and the answer they tell.

#include "gateway/app/session.hpp"
#include "gateway/wire/http.hpp"
#include "gateway/base/json.hpp"

#include <optional>
#include <string>

namespace cg::app {

/// A message's bytes; "-": standard input. Errors: not_found, too_large, unavailable
[[nodiscard]] auto read_message(const std::string& file) -> Result<crypto::SecretBytes>;

/// A text that a person gives by option, by file, or on standard input where neither is named.
/// Errors  malformed (both), not_found, too_large; shorter than `least` characters
struct WordsFrom {
    std::string text, file;
};
[[nodiscard]] auto read_words(const WordsFrom& from, std::size_t least, const std::string& what) -> Result<std::string>;

/// "?draft=ID" where a message closes a draft; else nothing.
[[nodiscard]] auto draft_query(const std::string& draft) -> std::string;

/// The decision in an answer. Empty: a problem that carries none.
[[nodiscard]] auto decision_of(const wire::Response& response) -> std::optional<Json>;
/// Whether what was asked for happened: recorded, and nobody was refused who was to get something.
[[nodiscard]] auto went_through(const Json& decision, int status) -> bool;

}  // namespace cg::app
