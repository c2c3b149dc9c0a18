#include "gateway/ledger/vault.hpp"

#include "crypto/aead.hpp"

#include <algorithm>

namespace cg::ledger {
namespace {

auto derive(const crypto::SecretBytes& secret, std::string_view label) -> crypto::SecretBytes {
    auto digest = crypto::hmac_sha256(secret.reveal(), view_bytes(label));
    auto key = crypto::SecretBytes::copy_of(ByteView{digest});
    crypto::wipe(std::span{digest});
    return key;
}

auto folded(std::string_view text) -> std::string {
    constexpr std::string_view blank = " \t\r\n\f\v";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    std::string out{text.substr(first, text.find_last_not_of(blank) - first + 1)};
    std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

auto context(std::string_view what, std::uint64_t seq) -> std::string {
    return std::string{"casegate.personal/1 "}.append(what).append(" ").append(std::to_string(seq));
}

auto answer_context(std::string_view what, const DecisionId& decision) -> std::string {
    return std::string{"casegate.answer/1 "}.append(what).append(" ").append(decision.str());
}

}  // namespace

Vault::Vault(const crypto::SecretBytes& store_secret)
    : wrap_key_(derive(store_secret, "casegate.store/1 wrap")),
      blind_key_(derive(store_secret, "casegate.store/1 blind")),
      check_(crypto::hmac_sha256(store_secret.reveal(), view_bytes("casegate.store/1 check"))) {}

auto Vault::blind(std::string_view kind, std::initializer_list<std::string_view> parts) const -> Blind {
    // Each part goes in with its length: ("ab","c") and ("a","bc") are not the same.
    std::string message{kind};
    for (const auto part : parts) message.append(1, '\0').append(std::to_string(part.size())).append(":").append(part);
    const auto digest = crypto::hmac_sha256(blind_key_.reveal(), view_bytes(message));
    crypto::wipe(message);
    Blind out{};
    std::copy_n(digest.begin(), out.size(), out.begin());
    return out;
}

auto Vault::blind_folded(std::string_view kind, std::string_view text) const -> Blind {
    auto plain = folded(text);
    const auto out = blind(kind, {plain});
    crypto::wipe(plain);
    return out;
}

auto Vault::submission(std::string_view caller, std::string_view key) const -> Blind {
    return blind("submission", {caller, key});
}

auto Vault::order(std::string_view case_key, std::string_view agency, Lane lane) const -> Blind {
    auto plain = folded(case_key);
    const auto out = blind("order", {plain, agency, lane == Lane::emergency ? "emergency" : "normal"});
    crypto::wipe(plain);
    return out;
}

auto Vault::seal_held(std::uint64_t seq, std::string_view content) const -> HeldRow {
    const auto key = crypto::random_secret(crypto::aead_key_bytes);
    return {.seq = seq,
            .wrapped_key = crypto::aead_seal(wrap_key_, key.reveal(), view_bytes(context("held key", seq))),
            .sealed = crypto::aead_seal(key, view_bytes(content), view_bytes(context("held", seq)))};
}

auto Vault::open_held(const HeldRow& row) const -> Result<crypto::SecretBytes> {
    CG_TRY(const auto key, crypto::aead_open(wrap_key_, row.wrapped_key, view_bytes(context("held key", row.seq))));
    if (key.size() != crypto::aead_key_bytes) return fail(Errc::unauthenticated, "held content does not open");
    return crypto::aead_open(key, row.sealed, view_bytes(context("held", row.seq)));
}

auto Vault::seal_answer(const DecisionId& decision, std::string_view response) const -> std::string {
    const auto key = crypto::random_secret(crypto::aead_key_bytes);
    const auto wrapped = crypto::aead_seal(wrap_key_, key.reveal(), view_bytes(answer_context("key", decision)));
    const auto sealed = crypto::aead_seal(key, view_bytes(response), view_bytes(answer_context("text", decision)));
    return to_base64(wrapped, Base64::url).append(".").append(to_base64(sealed, Base64::url));
}

auto Vault::open_answer(const DecisionId& decision, std::string_view stored) const -> Result<std::string> {
    const auto dot = stored.find('.');
    if (dot == std::string_view::npos) return fail(Errc::unauthenticated, "an answer does not open");
    CG_TRY(const auto wrapped, from_base64(stored.substr(0, dot), Base64::url));
    CG_TRY(const auto sealed, from_base64(stored.substr(dot + 1), Base64::url));
    CG_TRY(const auto key, crypto::aead_open(wrap_key_, wrapped, view_bytes(answer_context("key", decision))));
    if (key.size() != crypto::aead_key_bytes) return fail(Errc::unauthenticated, "an answer does not open");
    CG_TRY(const auto text, crypto::aead_open(key, sealed, view_bytes(answer_context("text", decision))));
    return std::string{text.reveal_text()};
}

auto Vault::seal(std::uint64_t seq, const Salt& salt, std::string_view fields) const -> PersonalRow {
    const auto key = crypto::random_secret(crypto::aead_key_bytes);
    crypto::SecretBytes plain{salt.size() + fields.size()};
    std::ranges::copy(salt, plain.fill().begin());
    std::ranges::copy(view_bytes(fields), plain.fill().subspan(salt.size()).begin());
    return {.seq = seq,
            .wrapped_key = crypto::aead_seal(wrap_key_, key.reveal(), view_bytes(context("key", seq))),
            .sealed = crypto::aead_seal(key, plain.reveal(), view_bytes(context("fields", seq)))};
}

auto Vault::open(const PersonalRow& row) const -> Result<Personal> {
    CG_TRY(const auto key, crypto::aead_open(wrap_key_, row.wrapped_key, view_bytes(context("key", row.seq))));
    if (key.size() != crypto::aead_key_bytes) return fail(Errc::unauthenticated, "personal details do not open");
    CG_TRY(const auto plain, crypto::aead_open(key, row.sealed, view_bytes(context("fields", row.seq))));
    Personal out;
    if (plain.size() < out.salt.size()) return fail(Errc::unauthenticated, "personal details do not open");
    std::copy_n(plain.reveal().begin(), out.salt.size(), out.salt.begin());
    out.fields = crypto::SecretBytes::copy_of(plain.reveal().subspan(out.salt.size()));
    return out;
}

}  // namespace cg::ledger
