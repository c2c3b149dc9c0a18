#include "gateway/app/office_answer.hpp"

#include "gateway/app/client.hpp"
#include "gateway/app/files.hpp"
#include "gateway/app/render_decision.hpp"

namespace cg::app {
namespace {

constexpr std::size_t max_bytes = 8U << 20U;
constexpr std::size_t max_words = 16U << 10U;

/// Characters, not bytes: a reason in Welsh or Polish is as long as it looks.
auto length_of(std::string_view text) -> std::size_t {
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    return count;
}

}  // namespace

auto read_message(const std::string& file) -> Result<crypto::SecretBytes> {
    CG_TRY(auto input, Input::open(file));
    return input.read_all(max_bytes);
}

auto read_words(const WordsFrom& from, std::size_t least, const std::string& what) -> Result<std::string> {
    if (!from.text.empty() && !from.file.empty())
        return fail(Errc::malformed, "give the " + what + " once: as a text, or as a file");
    auto words = from.text;
    if (words.empty()) {
        CG_TRY(auto input, Input::open(from.file.empty() ? "-" : from.file));
        CG_TRY(const auto bytes, input.read_all(max_words));
        words = bytes.reveal_text();
    }
    const auto first = words.find_first_not_of(" \t\r\n");
    words = first == std::string::npos ? std::string{} : words.substr(first, words.find_last_not_of(" \t\r\n") + 1 - first);
    if (length_of(words) < least)
        return fail(Errc::malformed, "say a little more: the " + what + " has at least " + std::to_string(least) +
                                         " characters, in your own words");
    return words;
}

auto draft_query(const std::string& draft) -> std::string { return draft.empty() ? draft : "?draft=" + draft; }

auto decision_of(const wire::Response& response) -> std::optional<Json> {
    auto body = body_of(response);
    if (!body.has_value()) return std::nullopt;
    if (response.status >= 200 && response.status < 300) return std::move(body).value();
    if (const auto* decision = body.value().find("decision"); decision != nullptr && decision->is_object())
        return *decision;
    return std::nullopt;
}

auto went_through(const Json& decision, int status) -> bool {
    if (status != 201 && status != 200) return false;
    return shares_nothing(decision["action"].text()) || all_permit(decision);
}

}  // namespace cg::app
