#include "policy/fold.hpp"

#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <utility>

namespace cg::policy {
namespace {

struct Form {
    std::string text;  // folded; empty: leaves nothing behind
    std::uint8_t flags{0};
    char glyph{0};  // the Latin letter or digit that it looks like; 0: none
};

auto utf8_of(const icu::UnicodeString& text) -> std::string {
    std::string out;
    text.toUTF8String(out);
    return out;
}

/// Dashes, quotes and spaces that NFKC leaves apart.
auto plain_punctuation(UChar32 c) -> char {
    switch (c) {
        case 0x2018: case 0x2019: case 0x201A: case 0x201B: case 0x02BC: case 0x02B9: case 0x02BB: case 0x2032:
        case 0x00B4: case 0x0060: case 0xFF07: case 0x055A: case 0xA78C: return '\'';
        case 0x201C: case 0x201D: case 0x201E: case 0x201F: case 0x00AB: case 0x00BB: return '"';
        case 0x2044: case 0x2215: return '/';
        case 0x2022: case 0x00B7: case 0x2024: return '.';
        default: break;
    }
    if (u_charType(c) == U_DASH_PUNCTUATION || c == 0x2212 || c == 0x2043) return '-';
    return u_isUWhiteSpace(c) ? ' ' : '\0';
}

/// One code point at a time, so that every folded byte knows where it came from. Decomposing and dropping the marks
/// makes composed and decomposed spellings alike.
class UnicodeFolder {
public:
    UnicodeFolder() {
        UErrorCode status = U_ZERO_ERROR;
        casefold_ = icu::Normalizer2::getNFKCCasefoldInstance(status);
        decompose_ = icu::Normalizer2::getNFKDInstance(status);
        latin_.reset(icu::Transliterator::createInstance("Latin-ASCII", UTRANS_FORWARD, status));
        spoof_.reset(uspoof_open(&status));
        ready_ = U_SUCCESS(status) != 0;
        for (UChar32 c = first_common; c < last_common; ++c)
            common_[static_cast<std::size_t>(c - first_common)] = make(c);
    }

    [[nodiscard]] auto form(UChar32 c) const -> Form {
        if (c >= first_common && c < last_common) return common_[static_cast<std::size_t>(c - first_common)];
        return make(c);
    }

private:
    static constexpr UChar32 first_common = 0x80, last_common = 0x250, fraction_slash = 0x2044;

    [[nodiscard]] auto make(UChar32 c) const -> Form {
        Form out;
        if (const char plain = plain_punctuation(c); plain != '\0') {
            out.text.push_back(plain);
            return out;
        }
        if (const char hidden = letter_in_disguise(c); hidden != '\0') {
            out.text.push_back(hidden);
            out.flags = fold_letter;
            return out;
        }
        out.flags = flags_of(c);
        if (const int digit = u_charDigitValue(c); digit >= 0 && u_charType(c) == U_DECIMAL_DIGIT_NUMBER) {
            out.text.push_back(static_cast<char>('0' + digit));
            out.flags = fold_digit;
            return out;
        }
        if (!ready_) {  // no Unicode data: the character stands for itself, and is reported as another script
            out.text = utf8_of(icu::UnicodeString{c});
            return out;
        }
        out.text = folded(c);
        if (out.text.empty()) out.flags = 0;
        place_sign(out);
        out.glyph = lookalike(c, out);
        return out;
    }

    /// What is no letter by itself: "⒭" is an r and "⒐" a 9, but a picture or "™" stands between letters like an asterisk. And
    /// what nobody can compare ("ɹ", "�", a private character) is shown to the sender like another script.
    static void place_sign(Form& out) {
        const bool plain = std::ranges::all_of(out.text, [](char byte) { return static_cast<unsigned char>(byte) < 0x80U; });
        if (!plain && out.flags != 0) out.flags = static_cast<std::uint8_t>(out.flags | fold_other_script);
        if (out.flags != 0) return;
        const auto letters = std::ranges::count_if(out.text, [](char byte) { return byte >= 'a' && byte <= 'z'; });
        const bool numbered = out.text.find_first_of("0123456789") != std::string::npos && out.text.find('/') == std::string::npos;
        if (!plain || letters > 1)
            out.text = "*";
        else if (letters == 1 || numbered)
            std::erase_if(out.text, [](char byte) { return byte == '(' || byte == ')' || byte == '.'; });
    }

    /// Letters that are drawn as flags, and the tags that nobody sees.
    static auto letter_in_disguise(UChar32 c) -> char {
        constexpr UChar32 first_flag = 0x1F1E6, last_flag = 0x1F1FF, tags = 0xE0000;
        if (c >= first_flag && c <= last_flag) return static_cast<char>('a' + (c - first_flag));
        if (c < tags + 'A' || c > tags + 'z') return '\0';
        const auto letter = static_cast<char>(c - tags);
        return letter >= 'a' ? letter : letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : '\0';
    }

    /// Letters, and what may stand for one: dots for fingers, and what no font and no standard knows.
    static auto like_a_letter(UChar32 c) -> bool {
        const auto type = U_GET_GC_MASK(c);
        constexpr UChar32 replacement = 0xFFFD, first_dots = 0x2800, last_dots = 0x28FF;
        return u_isUAlphabetic(c) || (type & (U_GC_M_MASK | U_GC_CO_MASK | U_GC_CN_MASK)) != 0 || c == replacement ||
               (c >= first_dots && c <= last_dots);
    }

    static auto flags_of(UChar32 c) -> std::uint8_t {
        unsigned flags = 0;
        if (u_isUUppercase(c)) flags |= fold_upper;
        if (like_a_letter(c)) flags |= fold_letter;
        UErrorCode status = U_ZERO_ERROR;
        const auto script = uscript_getScript(c, &status);
        if ((flags & fold_letter) != 0 && script != USCRIPT_LATIN && script != USCRIPT_COMMON &&
            script != USCRIPT_INHERITED)
            flags |= fold_other_script;
        return static_cast<std::uint8_t>(flags);
    }

    [[nodiscard]] auto folded(UChar32 c) const -> std::string {
        UErrorCode status = U_ZERO_ERROR;
        const auto lower = casefold_->normalize(icu::UnicodeString{c}, status);
        const auto apart = decompose_->normalize(lower, status);
        icu::UnicodeString kept;
        for (int32_t i = 0; i < apart.length(); i = apart.moveIndex32(i, 1)) {
            const auto part = apart.char32At(i);
            const auto type = u_charType(part);
            if ((type == U_NON_SPACING_MARK && u_getCombiningClass(part) != 0) || type == U_ENCLOSING_MARK) continue;
            if (part == fraction_slash) kept.insert(0, ' ');  // "6½" is "6 1/2"
            kept.append(part == fraction_slash ? UChar32{'/'} : part);
        }
        if (c < 0x1F00 && u_isUAlphabetic(c)) latin_->transliterate(kept);  // "®" would become "(R)"
        kept.foldCase();
        return utf8_of(kept);
    }

    /// By Unicode's own table of confusable characters (UTS 39).
    [[nodiscard]] auto lookalike(UChar32 c, const Form& form) const -> char {
        if ((form.flags & fold_other_script) == 0 || spoof_ == nullptr) return 0;
        UErrorCode status = U_ZERO_ERROR;
        icu::UnicodeString skeleton;
        uspoof_getSkeletonUnicodeString(spoof_.get(), 0, icu::UnicodeString{c}, skeleton, &status);
        skeleton.foldCase();
        if (U_FAILURE(status) || skeleton.length() != 1) return 0;
        const auto found = skeleton.charAt(0);
        return (found >= 'a' && found <= 'z') || (found >= '0' && found <= '9') ? static_cast<char>(found) : '\0';
    }

    struct CloseSpoof {
        void operator()(USpoofChecker* checker) const { uspoof_close(checker); }
    };
    const icu::Normalizer2* casefold_{nullptr};
    const icu::Normalizer2* decompose_{nullptr};
    std::unique_ptr<icu::Transliterator> latin_;
    std::unique_ptr<USpoofChecker, CloseSpoof> spoof_;
    bool ready_{false};
    std::array<Form, static_cast<std::size_t>(last_common - first_common)> common_;
};

auto folder() -> const UnicodeFolder& {
    static const UnicodeFolder one;
    return one;
}

/// An HTML character reference at the front of `text`: its code point and its length.
struct Reference {
    UChar32 code;
    std::size_t length;
};
auto named_reference(std::string_view name) -> UChar32 {
    using Named = std::pair<std::string_view, UChar32>;
    static constexpr std::array known{
        Named{"amp", '&'},       Named{"lt", '<'},        Named{"gt", '>'},       Named{"quot", '"'},
        Named{"apos", '\''},     Named{"nbsp", 0xA0},     Named{"rsquo", 0x2019}, Named{"lsquo", 0x2018},
        Named{"rdquo", 0x201D},  Named{"ldquo", 0x201C},  Named{"ndash", 0x2013}, Named{"mdash", 0x2014},
        Named{"hyphen", 0x2010}, Named{"shy", 0xAD},      Named{"zwj", 0x200D},   Named{"zwnj", 0x200C},
        Named{"ensp", 0x2002},   Named{"emsp", 0x2003},   Named{"thinsp", 0x2009}, Named{"period", '.'},
        Named{"comma", ','},     Named{"commat", '@'},    Named{"sol", '/'},      Named{"lowbar", '_'},
        Named{"szlig", 0xDF},    Named{"aelig", 0xE6},    Named{"AElig", 0xC6},   Named{"oslash", 0xF8},
        Named{"Oslash", 0xD8},   Named{"num", '#'},       Named{"plus", '+'},     Named{"tab", '\t'},
        Named{"newline", '\n'},
    };
    for (const auto& [word, code] : known)
        if (word == name) return code;
    // &eacute; and its like: the accent folds away.
    static constexpr std::array accents{"acute", "grave", "circ", "uml", "tilde", "cedil", "ring", "caron"};
    if (name.size() > 4)
        for (const std::string_view accent : accents)
            if (name.substr(1) == accent) return static_cast<unsigned char>(name[0]);
    return 0;
}
auto reference_at(std::string_view text) -> std::optional<Reference> {
    if (text.size() < 4 || text[0] != '&') return std::nullopt;
    const auto end = text.substr(0, 12).find(';');
    if (end == std::string_view::npos || end < 2) return std::nullopt;
    auto body = text.substr(1, end - 1);
    if (body[0] != '#') {
        const auto code = named_reference(body);
        return code == 0 ? std::nullopt : std::optional{Reference{code, end + 1}};
    }
    body.remove_prefix(1);
    const bool hex = !body.empty() && (body[0] == 'x' || body[0] == 'X');
    if (hex) body.remove_prefix(1);
    std::uint32_t code = 0;
    const auto [stop, error] = std::from_chars(body.data(), body.data() + body.size(), code, hex ? 16 : 10);
    if (error != std::errc{} || stop != body.data() + body.size() || code == 0 || code > 0x10FFFF) return std::nullopt;
    return Reference{static_cast<UChar32>(code), end + 1};
}

class Folding {
public:
    Folding(std::string_view from, Lookalikes lookalikes) : from_(from), lookalikes_(lookalikes) {
        out_.text.reserve(from.size());
        out_.origin.reserve(from.size() + 1);
        out_.flags.reserve(from.size() + 1);
    }
    auto run() -> FoldedText {
        for (std::size_t at = 0; at < from_.size();) {
            const auto begin = at;
            const char c = from_[at];
            if (c == '&') {
                if (const auto reference = reference_at(from_.substr(at))) {
                    at += reference->length;
                    add(reference->code, begin);
                    continue;
                }
            }
            if (static_cast<unsigned char>(c) < 0x80U) {
                ++at;
                add_ascii(c, begin);
            } else {
                add(next(at), begin);
            }
        }
        out_.origin.push_back(static_cast<std::uint32_t>(from_.size()));
        out_.flags.push_back(0);
        return std::move(out_);
    }

private:
    auto next(std::size_t& at) const -> UChar32 {
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(from_.data());
        auto i = static_cast<std::int64_t>(at);
        UChar32 c = 0;
        U8_NEXT(bytes, i, static_cast<std::int64_t>(from_.size()), c);
        at = static_cast<std::size_t>(i);
        return c < 0 ? 0xFFFD : c;
    }
    /// A letter may fold to a mark and a letter, a fraction to digits and a stroke: each of them is what it is.
    static auto flags_of_byte(char byte, unsigned flags) -> unsigned {
        if (static_cast<unsigned char>(byte) >= 0x80U) return flags;
        if (byte >= 'a' && byte <= 'z') return (flags & fold_upper) | fold_letter;
        return byte >= '0' && byte <= '9' ? unsigned{fold_digit} : 0U;
    }
    void put(char c, unsigned flags, std::size_t begin) {
        out_.text.push_back(c);
        out_.origin.push_back(static_cast<std::uint32_t>(begin));
        out_.flags.push_back(static_cast<std::uint8_t>(flags));
    }
    void add_ascii(char c, std::size_t begin) {
        if (c >= 'A' && c <= 'Z') return put(static_cast<char>(c + ('a' - 'A')), fold_upper | fold_letter, begin);
        if (c >= 'a' && c <= 'z') return put(c, fold_letter, begin);
        if (c >= '0' && c <= '9') return put(c, fold_digit, begin);
        if (c == '`') return put('\'', 0, begin);
        if (static_cast<unsigned char>(c) < 0x20U && c != '\n') return put(' ', 0, begin);
        put(c, 0, begin);
    }
    void add(UChar32 c, std::size_t begin) {
        if (c < 0x80) return add_ascii(static_cast<char>(c), begin);
        const auto form = folder().form(c);
        if (form.glyph != 0) {
            out_.has_lookalikes = true;
            if (lookalikes_ == Lookalikes::read) {
                const bool digit = form.glyph <= '9';
                return put(form.glyph,
                           (form.flags & fold_upper) | fold_glyph | (digit ? unsigned{fold_digit} : unsigned{fold_letter}),
                           begin);
            }
        }
        for (const char byte : form.text) put(byte, flags_of_byte(byte, form.flags), begin);
    }

    std::string_view from_;
    Lookalikes lookalikes_;
    FoldedText out_;
};

}  // namespace

auto fold(std::string_view text, Lookalikes lookalikes) -> FoldedText {
    return Folding{text, lookalikes}.run();
}

auto compact(std::string_view text, Lookalikes lookalikes) -> std::string {
    const auto folded = fold(text, lookalikes);
    std::string out;
    for (std::size_t i = 0; i < folded.size(); ++i)
        if (folded.is_word(i)) out.push_back(folded.text[i]);
    return out;
}

auto in_latin(std::string_view text) -> std::string {
    static const std::unique_ptr<const icu::Transliterator> transliterator = [] {
        UErrorCode status = U_ZERO_ERROR;
        std::unique_ptr<const icu::Transliterator> made{icu::Transliterator::createInstance("Any-Latin; Latin-ASCII", UTRANS_FORWARD, status)};
        return U_SUCCESS(status) != 0 ? std::move(made) : nullptr;
    }();
    if (transliterator == nullptr) return {};
    auto out = icu::UnicodeString::fromUTF8(icu::StringPiece{text.data(), static_cast<std::int32_t>(text.size())});
    transliterator->transliterate(out);
    return utf8_of(out);
}

}  // namespace cg::policy
