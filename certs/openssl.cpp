#include "certs/openssl.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace cg::certs {
namespace {

auto is_white(std::string_view text) -> bool { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

auto text_of(const ASN1_STRING* string) -> std::string {
    const auto* data = ASN1_STRING_get0_data(string);
    return {data, data + ASN1_STRING_length(string)};
}

auto ip_text(const ASN1_STRING* address) -> std::string {
    std::array<char, INET6_ADDRSTRLEN> out{};
    const int family = ASN1_STRING_length(address) == 4 ? AF_INET : AF_INET6;
    if (family == AF_INET6 && ASN1_STRING_length(address) != 16) return {};
    if (inet_ntop(family, ASN1_STRING_get0_data(address), out.data(), out.size()) == nullptr) return {};
    return out.data();
}

auto read_pem(std::string_view text) -> X509Ptr {
    const auto bio = view_bio(text);
    X509Ptr certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
    if (!certificate || !is_white(take_text(bio.get()))) return {};
    return certificate;
}

}  // namespace

auto view_bio(std::string_view text) -> BioPtr {
    BioPtr bio{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
    CG_ENSURE(bio != nullptr);
    return bio;
}

auto memory_bio() -> BioPtr {
    BioPtr bio{BIO_new(BIO_s_mem())};
    CG_ENSURE(bio != nullptr);
    return bio;
}

auto take_text(BIO* bio) -> std::string {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio, &data);
    return size > 0 ? std::string{data, static_cast<std::size_t>(size)} : std::string{};
}

auto read_x509(ByteView pem_or_der) -> X509Ptr {
    constexpr std::string_view begin = "-----BEGIN CERTIFICATE-----";
    constexpr std::size_t max_certificate_bytes = 64U << 10U;
    if (pem_or_der.empty() || pem_or_der.size() > max_certificate_bytes) return {};
    X509Ptr certificate;
    if (const auto text = view_text(pem_or_der); text.starts_with(begin)) {
        certificate = read_pem(text);
    } else {
        const auto* at = pem_or_der.data();
        certificate.reset(d2i_X509(nullptr, &at, static_cast<long>(pem_or_der.size())));
        if (at != pem_or_der.data() + pem_or_der.size()) certificate.reset();
    }
    forget_openssl_errors();
    return certificate;
}

auto spki_der(X509_PUBKEY* key) -> Bytes {
    std::uint8_t* der = nullptr;
    const int size = key == nullptr ? 0 : i2d_X509_PUBKEY(key, &der);
    if (size <= 0) return {};
    Bytes out{der, der + size};
    OPENSSL_free(der);
    return out;
}

auto read_names(const GENERAL_NAMES* names) -> AlternativeNames {
    AlternativeNames out;
    for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names); ++i) {
        int kind = 0;
        const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, i), &kind);
        const auto* string = static_cast<const ASN1_STRING*>(value);
        if (kind == GEN_URI)
            out.uris.push_back(text_of(string));
        else if (kind == GEN_DNS)
            out.dns.push_back(text_of(string));
        else if (kind == GEN_IPADD)
            out.ip.push_back(ip_text(string));
        else
            ++out.others;
    }
    return out;
}

void forget_openssl_errors() noexcept { ERR_clear_error(); }

}  // namespace cg::certs
