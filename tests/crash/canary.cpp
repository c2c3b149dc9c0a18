#include "tests/crash/canary.hpp"

#include "gateway/base/bytes.hpp"
#include "gateway/base/time.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace cg::test {
namespace {

/// Leaves that policy or the format reads as a code, a reference or a flag: another value there is another case.
const std::set<std::string, std::less<>> codes{
    "schema", "purpose", "recipients", "auth", "home_authority", "id", "sex", "ethnicity", "first_language", "interpreter",
    "relationship", "parental_responsibility", "about", "concerning", "category", "kind", "level", "who", "state", "told", "exception",
    "expected_by_subject", "article6", "article9", "schedule1", "schedule1_reason", "confidence_gate", "urgency", "phoned_role",
    "agreement_to_service", "cp_plan", "looked_after", "legal", "early_help", "reply_to", "speaker", "agreement_sought",
    "agreement_result", "year_group", "medication_with_child", "mental_health", "substance_use", "offences", "method"};

/// When something happened decides what policy says; other dates are free.
const std::set<std::string, std::less<>> moments{"on", "said_on", "observed_on", "recorded_on", "checked_on", "inform_review_on",
                                                 "concern_arose", "phoned_at"};

class Planter {
public:
    Planter(std::string_view mark, std::vector<Canary>& out) : mark_(mark), out_(out) {}

    void plant(Json& value, const std::string& where, std::string_view name) {
        if (auto* items = value.if_array())
            for (std::size_t i = 0; i < items->size(); ++i) plant((*items)[i], where + "/" + std::to_string(i), name);
        if (auto* members = value.if_object())
            for (auto& member : *members) plant(member.value, where + "/" + member.name, member.name);
        if (codes.contains(name) || moments.contains(name)) return;
        if (auto* text = value.if_string()) {
            *text = text_for(name);
            out_.push_back({where, *text});
        } else if (value.is_number()) {
            value = Json{number()};
            out_.push_back({where, to_jcs(value)});
        }
    }

private:
    auto next() -> unsigned { return ++count_; }
    auto text_for(std::string_view name) -> std::string {
        const auto n = next();
        if (name == "date_of_birth") return "20" + two(9 + n % 8) + "-" + two(1 + n % 12) + "-" + two(1 + n * 7 % 28);
        if (name == "phone") return "07700 900" + two(n) + std::to_string(n % 10);
        if (name == "postcode") return "ZZ9 " + std::to_string(n % 10) + "QX";
        if (name == "nhs_number") return "9993100005";  // in no policy's tests
        // A letter beyond ASCII, so that a form that escapes it looks different.
        return "Zq" + std::string{mark_} + "žv" + std::to_string(1000 + n) + "Kwy Xanthor";
    }
    /// A percentage that nobody would count.
    auto number() -> double { return 61.8033988 + next(); }
    static auto two(unsigned n) -> std::string { return (n % 100 < 10 ? "0" : "") + std::to_string(n % 100); }

    std::string_view mark_;
    std::vector<Canary>& out_;
    unsigned count_ = 0;
};

/// What JSON writers that stay within ASCII make of it.
auto escaped(std::string_view utf8) -> std::string {
    std::string out;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto byte = static_cast<unsigned char>(utf8[i]);
        if (byte < 0x80) {
            out += utf8[i];
            continue;
        }
        // Two-byte sequences are all that canaries have.
        const unsigned code = ((byte & 0x1FU) << 6U) | (static_cast<unsigned char>(utf8[++i]) & 0x3FU);
        constexpr std::string_view digits = "0123456789abcdef";
        out += "\\u0";
        for (const unsigned shift : {8U, 4U, 0U}) out += digits[(code >> shift) & 0xFU];
    }
    return out;
}

auto upper(std::string text) -> std::string {
    std::ranges::transform(text, text.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}
auto lower(std::string text) -> std::string {
    std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

/// The characters of base64 that the value alone decides, when it begins `shift` bytes into a group of three.
auto base64_core(std::string_view value, std::size_t shift, Base64 form) -> std::string {
    const auto text = to_base64(view_bytes(std::string(shift, 'A') + std::string{value}), form);
    const std::size_t first = (shift * 8 + 5) / 6;
    const std::size_t last = (shift + value.size()) * 8 / 6;
    return text.substr(first, last - first);
}

}  // namespace

auto plant_canaries(Json& submission, std::string_view mark) -> std::vector<Canary> {
    std::vector<Canary> out;
    Planter{mark, out}.plant(submission, "", "");
    return out;
}

void CanarySearch::add(const std::vector<Canary>& canaries) {
    std::map<std::string, std::string> forms;
    for (const auto& canary : canaries) {
        // Digits shorter than this turn up by chance in a long file.
        if (canary.value.size() < 7) continue;
        forms.emplace(canary.value, canary.where + " as UTF-8");
        forms.emplace(lower(canary.value), canary.where + " in lower case");
        forms.emplace(escaped(canary.value), canary.where + " as escaped JSON");
        const auto hex = to_hex(view_bytes(canary.value));
        forms.emplace(hex, canary.where + " as hexadecimal");
        forms.emplace(upper(hex), canary.where + " as hexadecimal");
        for (std::size_t shift = 0; shift < 3; ++shift)
            for (const auto form : {Base64::standard, Base64::url})
                forms.emplace(base64_core(canary.value, shift, form), canary.where + " as base64");
    }
    for (auto& [bytes, what] : forms) patterns_.push_back({bytes, what});
}

auto CanarySearch::found_in(std::string_view haystack) const -> std::vector<std::string> {
    std::set<std::string> found;
    for (const auto& pattern : patterns_)
        if (haystack.find(pattern.bytes) != std::string_view::npos) found.insert(pattern.what);
    return {found.begin(), found.end()};
}

auto CanarySearch::around(std::string_view haystack) const -> std::string {
    constexpr std::size_t margin = 160;
    for (const auto& pattern : patterns_) {
        const auto at = haystack.find(pattern.bytes);
        if (at == std::string_view::npos) continue;
        const auto from = at - std::min(at, margin);
        std::string out{haystack.substr(from, at - from + pattern.bytes.size() + margin)};
        std::ranges::replace_if(out, [](char c) { return c >= 0 && c < ' '; }, '.');
        return out;
    }
    return {};
}

}  // namespace cg::test
