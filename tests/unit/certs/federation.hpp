#pragma once
// A small federation made afresh for each test: one authority, one registrar, and agencies with keys of their own.

#include "certs/directory.hpp"
#include "certs/openssl.hpp"
#include "certs/pki.hpp"
#include "crypto/age.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>

#include <map>

namespace cg::certs::testing {

inline auto at(std::string_view text) -> Instant { return parse_instant(text).value(); }
inline const Instant now = at("2026-05-04T08:00:00Z");
inline constexpr std::chrono::days day{1};
inline const Validity this_year{now - 60 * day, now + 300 * day};

inline auto passphrase() -> const crypto::SecretBytes& {
    static const auto secret = crypto::SecretBytes::copy_of(std::string_view{"seven brass kettles"});
    return secret;
}

/// A key file as other tools write them, with a quick derivation: the slow one is tried in pki_test.cpp.
inline auto quick_key_file() -> std::string {
    const PkeyPtr key{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
    const auto bio = memory_bio();
    const auto secret = passphrase().reveal_text();
    CG_ENSURE(PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), EVP_aes_256_cbc(), secret.data(), static_cast<int>(secret.size()),
                                            nullptr, nullptr) == 1);
    return take_text(bio.get());
}

struct Authority {
    std::string key = quick_key_file();
    std::string certificate = make_authority("Test authority", {key, passphrase()}, this_year).value();

    auto issue(const Identity& who, Issue usage, const std::string& key_pem, const Validity& validity = this_year,
               const HostNames& hosts = {{"localhost"}, {"127.0.0.1", "::1"}}) const -> std::string {
        const auto request = make_request(who, hosts, {key_pem, passphrase()}).value();
        return issue_certificate(request, who, usage, validity, certificate, {key, passphrase()}).value();
    }
};
inline auto authority() -> const Authority& {
    static const Authority one;
    return one;
}
inline auto tls_key() -> const std::string& {
    static const auto pem = quick_key_file();
    return pem;
}
inline auto signing_key() -> const crypto::SigningKey& {
    static const auto key = crypto::SigningKey::generate(crypto::SignatureAlg::ed25519);
    return key;
}
inline auto signing_key_pem() -> const std::string& {
    static const auto pem = signing_key().to_encrypted_pem(passphrase());
    return pem;
}
inline auto registrar() -> const crypto::SigningKey& {
    static const auto key = crypto::SigningKey::generate(crypto::SignatureAlg::ed25519);
    return key;
}

inline auto agency(std::string_view name) -> AgencyId { return AgencyId::parse(name).value(); }

inline auto role_key(Instant not_before, Instant expires) -> RoleKey {
    const auto text = crypto::AgeIdentity::generate(crypto::AgeKind::mlkem768x25519).recipient().str();
    return {recipient_kid(text), text, not_before, expires};
}

inline auto signing_certificate(const AgencyId& id, const Validity& validity = this_year) -> Certificate {
    static std::map<std::pair<AgencyId, Instant>, Certificate> made;
    auto& one = made[{id, validity.not_before}];
    if (one.der.empty())
        one = read_certificate(authority().issue(Identity::gateway_of(id), Issue::signing, signing_key_pem(), validity)).value();
    return one;
}

inline auto descriptor(std::string_view name = "millbrook") -> Descriptor {
    Descriptor out;
    out.agency = agency(name);
    out.name = "Millbrook Primary School";
    out.kind = AgencyKind::independent;
    out.public_authority = false;
    out.areas = {"ZZ-north", "ZZ-south"};
    out.peer = {"gateway.millbrook.example", 8444};
    out.roles = {{RoleId::trusted("school.dsl"),
                  {role_key(now - 10 * day, now + 20 * day), role_key(now - day, now + 90 * day)},
                  {Identity{out.agency, IdentityKind::person, "p-12"}, Identity{out.agency, IdentityKind::system, "mis"}}},
                 {RoleId::trusted("school.office"), {}, {}}};
    out.signing = {signing_certificate(out.agency)};
    out.tls = Identity::gateway_of(out.agency);
    const auto log = crypto::SigningKey::generate(crypto::SignatureAlg::ed25519);
    out.log = crypto::NoteVerifier{std::string{name} + ".casegate/log", log.verify_key()}.vkey();
    out.duty = {"Duty lead", "+44 7700 900461"};
    out.seq = 3;
    out.issued = now - day;
    out.expires = now + 30 * day;
    return out;
}

inline auto signed_by_agency(const Descriptor& d) -> Json { return sign_descriptor(d, signing_key(), d.signing.front().sha256).value(); }
inline auto registered(const Descriptor& d) -> Json { return register_descriptor(signed_by_agency(d), registrar()).value(); }
inline auto text_of(const Descriptor& d, std::string label = "one.json") -> DescriptorText { return {std::move(label), to_jcs(registered(d))}; }

inline auto all_words(const Error& error) -> std::string {
    std::string out = error.detail;
    for (const auto& problem : error.problems) out += "\n" + problem.type + " " + problem.pointer + " " + problem.fix;
    return out;
}
inline auto first_type(const Error& error) -> std::string { return error.problems.empty() ? "" : error.problems.front().type; }

}  // namespace cg::certs::testing
