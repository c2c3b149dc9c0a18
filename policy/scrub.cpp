#include "policy/scrub.hpp"

#include "crypto/hash.hpp"
#include "policy/fold.hpp"
#include "policy/gazetteer.hpp"
#include "policy/scrub_patterns.hpp"
#include "policy/spans.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

/// The latest day that something was seen or heard: nothing later is known of.
auto find_day_zero(const Json& tree, Date today) -> Date {
    std::optional<Date> latest;
    if (const auto* items = tree["concerns"].if_array())
        for (const auto& item : *items)
            if (const auto day = read_date(item["observed_on"]); day && *day <= today && (!latest || *day > *latest)) latest = day;
    return latest.value_or(today);
}

/// Spans that overlap become one, under the token of the longest; equally long, of the lowest rank. Nothing of any of
/// them stays readable.
auto joined(std::vector<ScrubSpan> spans) -> std::vector<ScrubSpan> {
    std::ranges::sort(spans, [](const ScrubSpan& a, const ScrubSpan& b) {
        return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
    });
    std::vector<ScrubSpan> out;
    std::uint32_t best = 0;  // length of the span that names the cluster
    for (const auto& span : spans) {
        if (span.begin >= span.end) continue;
        const auto length = span.end - span.begin;
        if (out.empty() || span.begin >= out.back().end) {
            out.push_back(span);
            best = length;
            continue;
        }
        auto& last = out.back();
        last.end = std::max(last.end, span.end);
        if (length > best || (length == best && span.rank < last.rank)) {
            last.rank = span.rank;
            last.kind = span.kind;
            last.token = span.token;
            best = length;
        }
    }
    return out;
}

class TextScrubber {
public:
    TextScrubber(const Gazetteer& gazetteer, const ScrubOptions& options, Date day_zero)
        : gazetteer_(gazetteer), rules_(options.rules), day_zero_(day_zero) {}

    void scrub(const ScrubText& in, ScrubResult& out) {
        const auto text = fold(in.text);
        TokenStore tokens;
        std::vector<ScrubSpan> found;
        gazetteer_.find(text, found);
        if (text.has_lookalikes) gazetteer_.find(fold(in.text, Lookalikes::read), found);
        find_dates(text, {day_zero_, gazetteer_.birth_dates(), rules_}, tokens, found);
        find_patterns(text, rules_, found);
        find_spoken_numbers(text, found);
        find_tagged(in, found);
        std::vector<ScrubSpan> masks, open;
        for (const auto& span : found) (span.token.empty() ? open : masks).push_back(span);
        masks = merge_neighbours(joined(std::move(masks)), in.text);
        for (auto& span : open)
            if (span.kind != "digits") span.kind = "name-like-word";
        std::erase_if(open, [&](const ScrubSpan& span) { return is_masked(masks, span.begin, span.end); });
        find_leftovers(text, {rules_, gazetteer_.near(), masks}, open);
        if (gazetteer_.is_full() && !in.text.empty()) open.push_back({0, static_cast<std::uint32_t>(in.text.size()), 0, "too-many-names", {}});
        report(in, joined(std::move(open)), out);
        for (const auto& span : masks) ++out.replacements[std::string{span.kind}];
        out.texts.push_back(replaced(in.text, masks));
    }

private:
    static void find_tagged(const ScrubText& in, std::vector<ScrubSpan>& found) {
        for (const auto words : in.tagged)
            for (auto at = words.empty() ? std::string_view::npos : in.text.find(words); at != std::string_view::npos; at = in.text.find(words, at + 1))
                found.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + words.size()), 0, "tagged", withheld_words});
    }

    /// "[CHILD] [FAMILY]" is one person, and so is "[CHILD] [CHILD]".
    [[nodiscard]] auto merge_neighbours(std::vector<ScrubSpan> spans, std::string_view text) const -> std::vector<ScrubSpan> {
        std::vector<ScrubSpan> out;
        for (const auto& span : spans) {
            if (!out.empty() && span.kind == "gazetteer:name" && out.back().kind == span.kind) {
                const auto between = text.substr(out.back().end, span.begin - out.back().end);
                const bool near = between.size() <= 3 && between.find_first_not_of(" -,") == std::string_view::npos;
                const bool comma = between.find(',') != std::string_view::npos;
                const bool one = span.token == out.back().token && !comma;
                const bool family = span.token == rules_.family || out.back().token == rules_.family;
                if (near && (one || (family && span.token != out.back().token))) {
                    if (out.back().token == rules_.family) out.back().token = span.token;
                    out.back().end = span.end;
                    continue;
                }
            }
            out.push_back(span);
        }
        return out;
    }

    /// A typographic apostrophe after a token becomes a plain one, so that "[CHILD]'s" reads the same everywhere.
    static auto replaced(std::string_view text, const std::vector<ScrubSpan>& spans) -> std::string {
        constexpr std::string_view curly = "\xE2\x80\x99";
        std::string out;
        std::size_t copied = 0;
        for (const auto& span : spans) {
            out.append(text.substr(copied, span.begin - copied)).append(span.token);
            copied = span.end;
            if (text.substr(copied).starts_with(curly)) {
                out.push_back('\'');
                copied += curly.size();
            }
        }
        return out.append(text.substr(copied));
    }

    static void report(const ScrubText& in, const std::vector<ScrubSpan>& open, ScrubResult& out) {
        if (open.empty()) return;
        const auto digest = to_hex(crypto::sha256(in.text));
        for (const auto& span : open)
            out.leftovers.push_back({in.pointer, span.begin, span.end - span.begin, std::string{span.kind}, digest});
    }

    const Gazetteer& gazetteer_;
    const ScrubRules& rules_;
    Date day_zero_;
};

/// Who each token is, and a reference that differs between consultations.
auto token_map(const Gazetteer& gazetteer, ByteView secret) -> Json {
    Json tokens = Json::array();
    for (const auto& person : gazetteer.people()) {
        auto item = Json::object({{"token", person.token}, {"id", person.id}, {"relationship", person.relationship}, {"names", Json::texts(person.names)}});
        if (!secret.empty()) {
            const auto mac = crypto::hmac_sha256(secret, {view_bytes("casegate.token-ref/1"), view_bytes(person.id), view_bytes(person.token)});
            item.set("ref", "t-" + to_hex(mac).substr(0, 16));
        }
        tokens.push(std::move(item));
    }
    return Json::object({{"tokens", std::move(tokens)}});
}

}  // namespace

auto scrub(const Json& case_tree, const std::vector<ScrubText>& texts, const ScrubOptions& options) -> ScrubResult {
    ScrubResult out;
    out.day_zero = find_day_zero(case_tree, options.today);
    const Gazetteer gazetteer{case_tree, options.rules, options.today, {options.consultation_secret, options.earlier_tokens}};
    TextScrubber scrubber{gazetteer, options, out.day_zero};
    out.texts.reserve(texts.size());
    for (const auto& text : texts) scrubber.scrub(text, out);
    out.token_map = token_map(gazetteer, options.consultation_secret);
    for (std::size_t i = 0; i < gazetteer.people_in_case(); ++i) out.people.push_back(gazetteer.people()[i + 1].token);
    return out;
}

}  // namespace cg::policy
