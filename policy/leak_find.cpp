// Where a text names what must not be read.
#include "policy/fold.hpp"
#include "policy/leak.hpp"
#include "policy/name_words.hpp"
#include "policy/scrub_rules.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

constexpr std::size_t most_separators = 3;
constexpr std::size_t shortest_plural = 3;

auto is_lead(char c) noexcept -> bool {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

}  // namespace

/// A text in the form that is compared. Most texts are ASCII, and need no table of where each byte came from.
class Redactor::Folded {
public:
    explicit Folded(std::string_view source, Lookalikes lookalikes = Lookalikes::keep) : source_(source) {
        plain_ = std::ranges::all_of(source, [](char c) { return static_cast<unsigned char>(c) < 0x80U && c != '&'; });
        if (!plain_) {
            folded_ = fold(source, lookalikes);
            return;
        }
        folded_.text.resize(source.size());
        std::ranges::transform(source, folded_.text.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    }
    [[nodiscard]] auto size() const noexcept -> std::size_t { return folded_.size(); }
    [[nodiscard]] auto at(std::size_t i) const noexcept -> char { return folded_.text[i]; }
    [[nodiscard]] auto letter(std::size_t i) const noexcept -> bool {
        return plain_ ? at(i) >= 'a' && at(i) <= 'z' : folded_.is(i, fold_letter);
    }
    [[nodiscard]] auto digit(std::size_t i) const noexcept -> bool {
        return plain_ ? at(i) >= '0' && at(i) <= '9' : folded_.is(i, fold_digit);
    }
    [[nodiscard]] auto word(std::size_t i) const noexcept -> bool { return letter(i) || digit(i); }
    [[nodiscard]] auto upper(std::size_t i) const noexcept -> bool {
        return plain_ ? source_[i] != at(i) : folded_.is(i, fold_upper);
    }
    [[nodiscard]] auto offset(std::size_t i) const noexcept -> std::size_t { return plain_ ? i : folded_.origin[i]; }
    [[nodiscard]] auto source() const noexcept -> std::string_view { return source_; }
    [[nodiscard]] auto text(std::size_t from, std::size_t to) const -> std::string_view {
        return std::string_view{folded_.text}.substr(from, to - from);
    }
    [[nodiscard]] auto has_lookalikes() const noexcept -> bool { return folded_.has_lookalikes; }

    /// Between these two, one word ends and another begins: also "Wren2", "MrHidden".
    [[nodiscard]] auto breaks_before(std::size_t i) const noexcept -> bool {
        if (i == 0 || i >= size() || !word(i) || !word(i - 1)) return true;
        return letter(i) != letter(i - 1) || (upper(i) && letter(i) && !upper(i - 1));
    }
    /// Between these two, letters go on, or digits do.
    [[nodiscard]] auto inside(std::size_t i) const noexcept -> bool {
        return i > 0 && i < size() && word(i - 1) && word(i) && letter(i - 1) == letter(i);
    }
    /// Nothing but capitals: then a capital says nothing.
    [[nodiscard]] auto shouts() const noexcept -> bool {
        for (std::size_t i = 0; i < size(); ++i)
            if (letter(i) && !upper(i)) return false;
        return true;
    }
    /// Where the "Mr" in front of a name begins; `from` where there is none.
    [[nodiscard]] auto title_before(std::size_t from) const -> std::size_t {
        auto end = from;
        while (end > 0 && (at(end - 1) == ' ' || at(end - 1) == '.')) --end;
        auto begin = end;
        while (begin > 0 && word(begin - 1)) --begin;
        const auto title = text(begin, end);
        return end < from && title != "the" && is_name_title(title) ? begin : from;
    }

private:
    std::string_view source_;
    FoldedText folded_;
    bool plain_{false};
};

auto Redactor::fits(const Needle& needle, const Folded& text, std::size_t at, std::size_t end) const
    -> std::optional<Match> {
    if (needle.kind == Kind::initials) return fits_initials(needle, text, at, end);
    if (needle.kind == Kind::number || needle.kind == Kind::reference) {
        if (text.inside(at) || text.inside(end)) return std::nullopt;
        return Match{at > 0 && text.at(at - 1) == '+' ? at - 1 : at, end, &needle};
    }
    // Some scripts put no space between words, others write "and" as part of the next one.
    const bool other_script = static_cast<unsigned char>(needle.text.front()) >= 0x80U;
    if (!other_script && !text.breaks_before(at)) return std::nullopt;
    if (needle.capital && !text.upper(at)) return std::nullopt;
    if (needle.last_capital && !text.upper(end - 1)) return std::nullopt;
    const bool plural = needle.kind == Kind::role ||
                        (needle.kind == Kind::name && needle.text.size() >= shortest_plural && text.upper(at));
    if (!text.breaks_before(end)) {
        if (plural && text.at(end) == 's' && text.breaks_before(end + 1))
            ++end;
        else if (!other_script || !is_lead(text.at(end)))
            return std::nullopt;
    }
    if (needle.last_capital && end < text.size() && text.at(end) == '.') ++end;  // the dot of the initial
    return Match{needle.kind == Kind::name ? text.title_before(at) : at, end, &needle};
}

/// "W.H.", "W. H.", "WH"; not "wh", and not an abbreviation that everybody knows.
auto Redactor::fits_initials(const Needle& needle, const Folded& text, std::size_t at, std::size_t end) const
    -> std::optional<Match> {
    if ((at > 0 && text.word(at - 1)) || (end < text.size() && text.word(end))) return std::nullopt;
    std::size_t letters = 0, dots = 0;
    for (auto i = at; i < end; ++i) {
        if (text.word(i)) {
            ++letters;
            if (!text.upper(i)) return std::nullopt;
        } else if (text.at(i) == '.') {
            ++dots;
        } else if (text.at(i) != ' ') {
            return std::nullopt;
        }
    }
    if (dots + 1 == letters) {
        if (end < text.size() && text.at(end) == '.') ++end;
        return Match{text.title_before(at), end, &needle};
    }
    const bool together = end - at == letters;
    if (!together || words_ == nullptr || words_->abbreviations.contains(text.text(at, end)) || text.shouts())
        return std::nullopt;
    return Match{text.title_before(at), end, &needle};
}

void Redactor::find(const Trie& trie, const Folded& text, std::size_t at, std::optional<Match>& best) const {
    auto node = trie.first[static_cast<unsigned char>(text.at(at))];
    for (auto i = at + 1; node != 0; ++i) {
        for (auto n = trie.nodes[node].needle; n != none; n = also_[n])
            if (const auto match = fits(needles_[n], text, at, i); match && (!best || match->end > best->end)) best = match;
        if (i >= text.size()) return;
        if (!text.word(i)) {
            if (!trie.nodes[node].gap) return;
            for (std::size_t n = 0; n < most_separators && i < text.size() && !text.word(i); ++n) ++i;
            if (i >= text.size() || !text.word(i)) return;
        }
        node = step(trie, node, text.at(i));
    }
}

auto Redactor::rewrite(const Folded& text) const -> std::optional<std::string> {
    std::string out;
    std::size_t copied = 0;
    bool found = false;
    const auto copy_up_to = [&](std::size_t end) {
        out.append(text.source().substr(text.offset(copied), text.offset(end) - text.offset(copied)));
    };
    for (std::size_t at = 0; at < text.size();) {
        std::optional<Match> match;
        const auto letter = static_cast<unsigned char>(text.at(at));
        if (names_.first[letter] != 0 && (letter >= 0x80U || text.breaks_before(at))) find(names_, text, at, match);
        if (numbers_.first[letter] != 0 && !text.inside(at)) find(numbers_, text, at, match);
        if (!match) {
            ++at;
            continue;
        }
        copy_up_to(std::max(match->begin, copied));
        out.append(match->needle->token);
        copied = at = match->end;
        found = true;
    }
    if (!found) return std::nullopt;
    out.append(text.source().substr(copied < text.size() ? text.offset(copied) : text.source().size()));
    return out;
}

auto Redactor::rewrite(std::string_view text) const -> std::optional<std::string> {
    const Folded folded{text};
    auto out = rewrite(folded);
    if (!folded.has_lookalikes()) return out;
    auto again = rewrite(Folded{out ? *out : text, Lookalikes::read});
    return again ? again : out;
}

}  // namespace cg::policy
