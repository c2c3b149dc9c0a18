// PKCS#10 requests and public key files. Issuing is in authority.cpp.

#include "certs/pki.hpp"
#include "certs/pki_parts.hpp"

#include <openssl/pem.h>

#include <algorithm>

namespace cg::certs {
namespace {

constexpr std::size_t max_dns_bytes = 253;
constexpr std::size_t max_hosts = 16;

auto is_dns_name(std::string_view text) -> bool {
    const auto is_name_char = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    };
    return !text.empty() && text.size() <= max_dns_bytes && text.front() != '.' && text.back() != '.' &&
           text.find("..") == std::string_view::npos && std::ranges::all_of(text, is_name_char);
}

auto password_callback(char* buffer, int size, int /*writing*/, void* user) -> int {
    const auto passphrase = static_cast<const crypto::SecretBytes*>(user)->reveal();
    if (passphrase.size() > static_cast<std::size_t>(size)) return -1;
    std::ranges::copy(passphrase, buffer);
    return static_cast<int>(passphrase.size());
}

auto add_name(GENERAL_NAMES* names, int kind, const std::string& text) -> bool {
    std::unique_ptr<GENERAL_NAME, FreeWith<GENERAL_NAME_free>> name{GENERAL_NAME_new()};
    ASN1_STRING* value = kind == GEN_IPADD ? a2i_IPADDRESS(text.c_str()) : ASN1_IA5STRING_new();
    if (value == nullptr) return false;
    if (kind != GEN_IPADD) ASN1_STRING_set(value, text.data(), static_cast<int>(text.size()));
    GENERAL_NAME_set0_value(name.get(), kind, value);
    return sk_GENERAL_NAME_push(names, name.release()) > 0;
}

}  // namespace

auto load_key(const KeyFile& file) -> Result<PkeyPtr> {
    if (file.pem.find("-----BEGIN ENCRYPTED PRIVATE KEY-----") == std::string_view::npos)
        return fail(Errc::malformed, "not an encrypted PEM private key");
    const auto bio = view_bio(file.pem);
    PkeyPtr key{PEM_read_bio_PrivateKey(bio.get(), nullptr, password_callback,
                                        const_cast<crypto::SecretBytes*>(&file.passphrase))};
    forget_openssl_errors();
    if (!key) return fail(Errc::unauthenticated, "wrong passphrase, or a damaged key file");
    return key;
}

auto digest_for(const EVP_PKEY* key) -> const EVP_MD* {
    return EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 ? nullptr : EVP_sha256();
}

auto set_subject(X509_NAME* name, const std::string& organisation, const std::string& common_name) -> bool {
    const auto add = [name](const char* field, const std::string& text) {
        return text.empty() || X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, reinterpret_cast<const std::uint8_t*>(text.data()),
                                                          static_cast<int>(text.size()), -1, 0) == 1;
    };
    return add("O", organisation) && add("CN", common_name);
}

auto make_names(const Identity& identity, const HostNames& hosts) -> Result<NamesPtr> {
    NamesPtr names{GENERAL_NAMES_new()};
    bool good = hosts.dns.size() + hosts.ip.size() <= max_hosts && add_name(names.get(), GEN_URI, identity.str());
    for (const auto& name : hosts.dns) good = good && is_dns_name(name) && add_name(names.get(), GEN_DNS, name);
    for (const auto& address : hosts.ip) good = good && add_name(names.get(), GEN_IPADD, address);
    forget_openssl_errors();
    if (!good) return fail(Errc::malformed, "a host name or IP address that a certificate cannot hold");
    return names;
}

auto read_public_spki(X509_PUBKEY* key) -> Result<crypto::VerifyKey> { return crypto::VerifyKey::from_spki(spki_der(key)); }

auto parse_request(std::string_view pem) -> RequestPtr {
    const auto bio = view_bio(pem);
    RequestPtr request{PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr)};
    forget_openssl_errors();
    return request;
}

auto make_key_file(crypto::SignatureAlg alg, const crypto::SecretBytes& passphrase) -> std::string {
    return crypto::SigningKey::generate(alg).to_encrypted_pem(passphrase);
}

auto make_request(const Identity& identity, const HostNames& hosts, const KeyFile& key_file) -> Result<std::string> {
    CG_TRY(const auto key, load_key(key_file));
    CG_TRY(const auto names, make_names(identity, hosts));
    const RequestPtr request{X509_REQ_new()};
    const ExtensionsPtr extensions{sk_X509_EXTENSION_new_null()};
    bool good = sk_X509_EXTENSION_push(extensions.get(), X509V3_EXT_i2d(NID_subject_alt_name, 0, names.get())) > 0;
    good = good && X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1;
    good = good && set_subject(X509_REQ_get_subject_name(request.get()), identity.agency.str(), std::string{to_string(identity.kind)});
    good = good && X509_REQ_set_pubkey(request.get(), key.get()) == 1;
    good = good && X509_REQ_add_extensions(request.get(), extensions.get()) == 1;
    good = good && X509_REQ_sign(request.get(), key.get(), digest_for(key.get())) > 0;
    const auto bio = memory_bio();
    good = good && PEM_write_bio_X509_REQ(bio.get(), request.get()) == 1;
    forget_openssl_errors();
    if (!good) return fail(Errc::malformed, "the request cannot be written");
    return take_text(bio.get());
}

auto read_request(std::string_view pem) -> Result<RequestFacts> {
    const auto request = parse_request(pem);
    if (!request) return fail(Errc::malformed, "not a PEM certificate request");
    auto* key = X509_REQ_get0_pubkey(request.get());
    const bool self_signed = key != nullptr && X509_REQ_verify(request.get(), key) == 1;
    forget_openssl_errors();
    if (!self_signed) return fail(Errc::unauthenticated, "the request is not signed with its own key");
    const ExtensionsPtr extensions{X509_REQ_get_extensions(request.get())};
    const NamesPtr names{static_cast<GENERAL_NAMES*>(X509V3_get_d2i(extensions.get(), NID_subject_alt_name, nullptr, nullptr))};
    auto read = read_names(names.get());
    if (read.uris.size() != 1 || read.others != 0) return fail(Errc::malformed, "the request does not ask for one identity");
    CG_TRY(auto identity, Identity::parse(read.uris.front()));
    HostNames hosts{std::move(read.dns), std::move(read.ip)};
    CG_TRY(const auto checked, make_names(identity, hosts));
    CG_TRY(auto verify_key, read_public_spki(X509_REQ_get_X509_PUBKEY(request.get())));
    return RequestFacts{std::move(identity), std::move(hosts), std::move(verify_key)};
}

auto public_key_pem(const crypto::VerifyKey& key) -> std::string {
    const auto der = key.spki();
    const auto bio = memory_bio();
    CG_ENSURE(PEM_write_bio(bio.get(), "PUBLIC KEY", "", der.data(), static_cast<long>(der.size())) > 0);
    return take_text(bio.get());
}

auto read_public_key(std::string_view pem) -> Result<crypto::VerifyKey> {
    const auto bio = view_bio(pem);
    char* name = nullptr;
    char* header = nullptr;
    std::uint8_t* data = nullptr;
    long size = 0;
    const bool read = PEM_read_bio(bio.get(), &name, &header, &data, &size) == 1;
    const bool is_public_key = read && std::string_view{name} == "PUBLIC KEY";
    const Bytes der = read ? Bytes{data, data + size} : Bytes{};
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(data);
    forget_openssl_errors();
    if (!is_public_key) return fail(Errc::malformed, "not a PEM public key");
    return crypto::VerifyKey::from_spki(der);
}

}  // namespace cg::certs
