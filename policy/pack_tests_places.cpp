// Places in a case, by their words.
#include "policy/case_schema.hpp"
#include "policy/pack_tests_read.hpp"

#include <algorithm>
#include <cctype>

namespace cg::policy {
namespace {

/// "date_of_birth" and "Date of birth" as the same words.
auto words_of(std::string_view text) -> std::vector<std::string> {
    std::vector<std::string> out;
    std::string word;
    for (const char c : text) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
            word.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
        } else if (!word.empty()) {
            out.push_back(std::exchange(word, {}));
        }
    }
    if (!word.empty()) out.push_back(std::move(word));
    std::erase(out, "the");
    return out;
}

/// All of `words` in that order, the last of them last.
auto reads_as(const std::vector<std::string>& place, const std::vector<std::string>& words) -> bool {
    if (words.empty() || place.empty() || place.back() != words.back()) return false;
    std::size_t next = 0;
    for (const auto& word : place)
        if (next < words.size() && word == words[next]) ++next;
    return next == words.size();
}

/// The start of a pointer to whoever or whatever is named: a person by id or relationship, a concern or a file by id.
auto owner_prefix(const Json& tree, std::string_view owner) -> std::string {
    const auto words = words_of(owner);
    const auto name = words.size() == 1 ? words.front() : std::string{};
    if (name == "child") return "/child";
    const auto same = [&words](const Json& value) { return words_of(value.text()) == words; };
    for (const char* list : {"people", "concerns", "attachments"}) {
        const auto* items = tree[list].if_array();
        for (std::size_t i = 0; items != nullptr && i < items->size(); ++i)
            if (same((*items)[i]["id"]) || same((*items)[i]["relationship"]))
                return std::string{"/"} + list + "/" + std::to_string(i);
    }
    return {};
}

auto candidates(std::string_view pattern_start, const std::vector<std::string>& words) -> std::vector<std::string> {
    std::vector<std::pair<std::size_t, std::string>> found;
    for (const auto& leaf : case_schema().leaves) {
        if (!leaf.pattern.starts_with(pattern_start)) continue;
        const auto rest = leaf.pattern.substr(pattern_start.size());
        if (rest.find('*') != std::string_view::npos) continue;
        const auto place = words_of(rest);
        if (reads_as(place, words)) found.emplace_back(place.size(), std::string{rest});
    }
    std::ranges::sort(found);
    std::vector<std::string> out;
    for (const auto& [size, rest] : found)
        if (size == found.front().first) out.push_back(rest);
    return out;
}

}  // namespace

auto place_in_case(const Json& case_tree, std::string_view words) -> Result<std::string> {
    if (words.starts_with('/')) return std::string{words};
    std::string prefix;
    auto rest = words;
    if (const auto cut = words.find("'s "); cut != std::string_view::npos) {
        prefix = owner_prefix(case_tree, words.substr(0, cut));
        if (prefix.empty()) return fail(Errc::not_found, "nobody and nothing in the case is called that");
        rest = words.substr(cut + 3);
    }
    auto pattern = prefix;
    if (const auto digit = pattern.find_last_of('/'); digit != std::string::npos && digit != 0)
        pattern = pattern.substr(0, digit) + "/*";
    const auto found = candidates(pattern, words_of(rest));
    if (found.empty())
        return fail(Errc::not_found, "a case has no place of that name; a pointer such as /risk/level works");
    if (found.size() == 1) return prefix + found.front();
    std::string names;
    for (const auto& one : found) names += (names.empty() ? "" : ", ") + prefix + one;
    return fail(Errc::malformed, "this could be " + names + ": write the pointer");
}

auto set_value(Json& tree, std::string_view pointer, Json value) -> bool {
    Json* at = &tree;
    for (auto rest = pointer.substr(1);;) {
        const auto end = rest.find('/');
        const std::string token{rest.substr(0, end)};
        const bool last = end == std::string_view::npos;
        if (auto* items = at->if_array(); items != nullptr) {
            const bool number =
                !token.empty() && token.size() < 6 && token.find_first_not_of("0123456789") == std::string::npos;
            const auto index = number ? std::stoul(token) : items->size() + 1;
            if (index > items->size()) return false;
            if (index == items->size()) items->push_back(last ? Json{} : Json::object());
            at = &(*items)[index];
        } else {
            if (!at->is_object()) *at = Json::object();
            auto* next = at->find(token);
            at = next != nullptr ? next : &at->set(token, last ? Json{} : Json::object());
        }
        if (last) break;
        rest.remove_prefix(end + 1);
    }
    *at = std::move(value);
    return true;
}

void remove_value(Json& tree, std::string_view pointer) {
    const auto slash = pointer.rfind('/');
    Json* at = &tree;
    for (auto rest = pointer.substr(0, slash); !rest.empty();) {
        rest.remove_prefix(1);
        const auto token = rest.substr(0, rest.find('/'));
        rest.remove_prefix(token.size());
        if (auto* items = at->if_array(); items != nullptr) {
            const auto found = std::ranges::find_if(
                *items, [&, i = std::size_t{0}](const Json&) mutable { return std::to_string(i++) == token; });
            if (found == items->end()) return;
            at = &*found;
        } else {
            at = at->find(token);
            if (at == nullptr) return;
        }
    }
    const auto last = pointer.substr(slash + 1);
    if (auto* items = at->if_array(); items != nullptr) {
        if (last.find_first_not_of("0123456789") != std::string_view::npos || last.empty() || last.size() > 5) return;
        const auto index = std::stoul(std::string{last});
        if (index < items->size()) items->erase(items->begin() + static_cast<std::ptrdiff_t>(index));
    } else {
        at->erase(last);
    }
}

}  // namespace cg::policy
