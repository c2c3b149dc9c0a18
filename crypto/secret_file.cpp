// A short secret in a file: scrypt over the passphrase, then ChaCha20-Poly1305 (RFC 8439) with the file's head as
// associated data.

#include "crypto/hash.hpp"
#include "crypto/key_file.hpp"
#include "crypto/keys.hpp"

#include <botan/aead.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace cg::crypto {
namespace {

constexpr std::size_t max_file_bytes = 64U * 1024U;
constexpr std::size_t salt_bytes = 32;
constexpr std::string_view first_line = "-----BEGIN CASEGATE SECRET-----";
constexpr std::string_view last_line = "-----END CASEGATE SECRET-----";
// The key is used for this one message (its salt is fresh), so the nonce need not vary.
constexpr std::array<std::uint8_t, 12> nonce{};

auto is_label(std::string_view label) -> bool {
    return !label.empty() && label.size() <= 64 && std::ranges::all_of(label, [](char c) { return c >= ' ' && c <= '~'; });
}

auto head_lines(std::string_view label, const ScryptCost& cost, ByteView salt) -> std::string {
    std::string out = "version: 1\nlabel: ";
    out += label;
    out += "\nscrypt: " + std::to_string(cost.n) + " " + std::to_string(cost.r) + " " + std::to_string(cost.p) + " ";
    return out + to_base64(salt, Base64::standard) + "\n";
}

auto run_aead(Botan::Cipher_Dir direction, const SecretBytes& key, std::string_view head, ByteView in) {
    const auto aead = Botan::AEAD_Mode::create_or_throw("ChaCha20Poly1305", direction);
    aead->set_key(key.reveal());
    aead->set_associated_data(view_bytes(head));
    aead->start(nonce);
    Botan::secure_vector<std::uint8_t> buffer(in.begin(), in.end());
    aead->finish(buffer);
    return buffer;
}

auto bad_file() { return fail(Errc::malformed, "not a secret file of version 1"); }

auto take_line(std::string_view& text) -> Result<std::string_view> {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return bad_file();
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

auto take_line(std::string_view& text, std::string_view start) -> Result<std::string_view> {
    CG_TRY(auto line, take_line(text));
    if (!line.starts_with(start)) return bad_file();
    line.remove_prefix(start.size());
    return line;
}

auto take_number(std::string_view& line) -> Result<std::uint64_t> {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
    if (error != std::errc{}) return bad_file();
    line.remove_prefix(static_cast<std::size_t>(end - line.data()));
    if (!line.starts_with(' ')) return bad_file();
    line.remove_prefix(1);
    return value;
}

struct Parsed {
    std::string_view label;
    ScryptCost cost;
    Bytes salt;
    Bytes ciphertext;
};

auto parse(std::string_view file) -> Result<Parsed> {
    if (file.size() > max_file_bytes) return bad_file();
    Parsed out;
    CG_TRY(const auto begin, take_line(file));
    CG_TRY(const auto version, take_line(file, "version: "));
    if (begin != first_line || version != "1") return bad_file();
    CG_TRY(out.label, take_line(file, "label: "));
    CG_TRY(auto scrypt, take_line(file, "scrypt: "));
    CG_TRY(out.cost.n, take_number(scrypt));
    CG_TRY(out.cost.r, take_number(scrypt));
    CG_TRY(out.cost.p, take_number(scrypt));
    CG_TRY(out.salt, from_base64(scrypt, Base64::standard));
    if (out.salt.size() != salt_bytes || !is_bearable(out.cost))
        return fail(Errc::malformed, "secret file asks for a key derivation beyond our limits");
    CG_TRY(const auto body, take_line(file));
    CG_TRY(out.ciphertext, from_base64(body, Base64::standard));
    CG_TRY(const auto end, take_line(file));
    if (end != last_line || !file.empty()) return bad_file();
    return out;
}

}  // namespace

auto seal_secret_file(const SecretBytes& secret, std::string_view label, const SecretBytes& passphrase) -> std::string {
    CG_ENSURE(is_label(label) && !passphrase.empty());
    const auto salt = random_bytes(salt_bytes);
    const auto head = head_lines(label, scrypt_cost, salt);
    const auto key = scrypt_key(passphrase, salt, scrypt_cost);
    const auto ciphertext = run_aead(Botan::Cipher_Dir::Encryption, key, head, secret.reveal());
    std::string out{first_line};
    out += "\n" + head + to_base64(ciphertext, Base64::standard) + "\n";
    out += last_line;
    CG_ENSURE(out.size() < max_file_bytes);
    return out + "\n";
}

auto open_secret_file(std::string_view file, std::string_view label, const SecretBytes& passphrase)
    -> Result<SecretBytes> {
    CG_TRY(const auto parsed, parse(file));
    if (parsed.label != label) return fail(Errc::unauthenticated, "secret file holds another kind of secret");
    const auto key = scrypt_key(passphrase, parsed.salt, parsed.cost);
    const auto head = head_lines(parsed.label, parsed.cost, parsed.salt);
    try {
        return SecretBytes::copy_of(run_aead(Botan::Cipher_Dir::Decryption, key, head, parsed.ciphertext));
    } catch (const std::exception&) {
        return fail(Errc::unauthenticated, "secret file: wrong passphrase, or the file is damaged");
    }
}

}  // namespace cg::crypto
