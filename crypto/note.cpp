// C2SP signed-note: https://c2sp.org/signed-note

#include "crypto/note.hpp"

#include "crypto/note_text.hpp"

#include <algorithm>
#include <array>

namespace cg::crypto {
namespace {

constexpr std::size_t max_note_bytes = 256U * 1024U;
constexpr std::size_t max_signatures = 64;
constexpr std::uint8_t ed25519_type = 0x01;
constexpr std::size_t id_bytes = 4;
constexpr std::string_view dash = "\xe2\x80\x94 ";  // U+2014 and a space

auto big_endian(std::uint32_t id) -> std::array<std::uint8_t, id_bytes> {
    return {static_cast<std::uint8_t>(id >> 24U), static_cast<std::uint8_t>(id >> 16U & 0xffU),
            static_cast<std::uint8_t>(id >> 8U & 0xffU), static_cast<std::uint8_t>(id & 0xffU)};
}

auto key_id(std::string_view name, const VerifyKey& key) -> std::uint32_t {
    auto input = to_bytes(name);
    input.push_back('\n');
    input.push_back(ed25519_type);
    std::ranges::copy(key.ed25519_raw(), std::back_inserter(input));
    const auto digest = sha256(ByteView{input});
    std::uint32_t id = 0;
    for (std::size_t i = 0; i < id_bytes; ++i) id = id << 8U | digest[i];
    return id;
}

/// White space of Unicode outside ASCII, as UTF-8; control characters are refused apart.
constexpr std::array<std::string_view, 19> wide_spaces{
    "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82", "\xe2\x80\x83",
    "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a",
    "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"};

auto is_key_name(std::string_view name) -> bool {
    return !name.empty() && is_note_text(name) && name.find_first_of(" +\n") == std::string_view::npos &&
           std::ranges::none_of(wide_spaces, [name](auto s) { return name.find(s) != std::string_view::npos; });
}

struct SignatureLine {
    std::string_view name;
    Bytes id_and_signature;
};

/// `line` without its new line.
auto parse_signature_line(std::string_view line) -> Result<SignatureLine> {
    const auto bad = [] { return fail(Errc::malformed, "note has a signature line that is none"); };
    if (!line.starts_with(dash)) return bad();
    line.remove_prefix(dash.size());
    const auto space = line.find(' ');
    if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) return bad();
    auto bytes = from_base64(line.substr(space + 1), Base64::standard);
    if (bytes.has_error() || bytes.value().size() <= id_bytes) return bad();
    return SignatureLine{line.substr(0, space), std::move(bytes).value()};
}

auto parse_signatures(std::string_view block) -> Result<std::vector<SignatureLine>> {
    std::vector<SignatureLine> out;
    while (!block.empty()) {
        if (out.size() == max_signatures) return fail(Errc::too_large, "note has too many signatures");
        CG_TRY(const auto line, take_note_line(block));
        CG_TRY(auto signature, parse_signature_line(line));
        out.push_back(std::move(signature));
    }
    if (out.empty()) return fail(Errc::malformed, "note has no signature");
    return out;
}

}  // namespace

NoteVerifier::NoteVerifier(std::string name, VerifyKey key)
    : name_(std::move(name)), key_(std::move(key)), id_(0) {
    CG_ENSURE(is_key_name(name_) && key_.alg() == SignatureAlg::ed25519);
    id_ = key_id(name_, key_);
}

auto NoteVerifier::parse(std::string_view vkey) -> Result<NoteVerifier> {
    const auto bad = [] { return fail(Errc::malformed, "not a note verifier key of the form name+hash+key"); };
    const auto first = vkey.find('+');
    const auto second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
    if (second == std::string_view::npos) return bad();
    const auto name = vkey.substr(0, first);
    const auto encoded = from_base64(vkey.substr(second + 1), Base64::standard);
    if (!is_key_name(name) || encoded.has_error() || encoded.value().empty()) return bad();
    if (encoded.value().front() != ed25519_type) return fail(Errc::unsupported, "note verifier key is not of type 0x01");
    CG_TRY(auto key, VerifyKey::from_ed25519(ByteView{encoded.value()}.subspan(1)));
    NoteVerifier out{std::string{name}, std::move(key)};
    if (vkey.substr(first + 1, second - first - 1) != to_hex(big_endian(out.id())))
        return fail(Errc::malformed, "note verifier key does not fit its own hash");
    return out;
}

auto NoteVerifier::vkey() const -> std::string {
    Bytes encoded{ed25519_type};
    std::ranges::copy(key_.ed25519_raw(), std::back_inserter(encoded));
    return name_ + "+" + to_hex(big_endian(id_)) + "+" + to_base64(encoded, Base64::standard);
}

auto sign_note(std::string_view text, std::string_view name, const SigningKey& key) -> std::string {
    CG_ENSURE(text.ends_with('\n') && is_note_text(text) && is_key_name(name));
    CG_ENSURE(key.alg() == SignatureAlg::ed25519);
    const auto id = big_endian(key_id(name, key.verify_key()));
    Bytes bytes{id.begin(), id.end()};
    std::ranges::copy(key.sign(view_bytes(text)), std::back_inserter(bytes));
    std::string out{text};
    out += "\n";
    out += dash;
    out += name;
    return out + " " + to_base64(bytes, Base64::standard) + "\n";
}

auto open_note(std::string_view note, const NoteVerifier& verifier) -> Result<std::string> {
    if (note.size() > max_note_bytes) return fail(Errc::too_large, "note is too large");
    if (!is_note_text(note)) return fail(Errc::malformed, "note is not UTF-8 text without control characters");
    const auto blank = note.rfind("\n\n");  // the last empty line parts the text from the signatures
    if (blank == std::string_view::npos) return fail(Errc::malformed, "note has no signature block");
    const auto text = note.substr(0, blank + 1);
    CG_TRY(const auto signatures, parse_signatures(note.substr(blank + 2)));
    const auto id = big_endian(verifier.id());
    bool good = false;
    for (const auto& line : signatures) {
        const ByteView bytes{line.id_and_signature};
        if (line.name != verifier.name() || !std::ranges::equal(bytes.first(id_bytes), id)) continue;
        if (!verifier.key().verifies(view_bytes(text), bytes.subspan(id_bytes)))
            return fail(Errc::unauthenticated, "note has a bad signature");
        good = true;
    }
    if (!good) return fail(Errc::unauthenticated, "note is not signed by the expected key");
    return std::string{text};
}

}  // namespace cg::crypto
