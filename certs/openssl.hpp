#pragma once
/// OpenSSL's objects with owners, and the few readers that this room shares. Not for use outside it.

#include "crypto/secret.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cg::certs {

template <auto Free>
struct FreeWith {
    template <class T>
    void operator()(T* object) const noexcept {
        Free(object);
    }
};
inline void free_names(GENERAL_NAMES* names) noexcept { GENERAL_NAMES_free(names); }
inline void free_extensions(STACK_OF(X509_EXTENSION) * list) noexcept {
    sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
}
using BioPtr = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using X509Ptr = std::unique_ptr<X509, FreeWith<X509_free>>;
using RequestPtr = std::unique_ptr<X509_REQ, FreeWith<X509_REQ_free>>;
using PkeyPtr = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using StorePtr = std::unique_ptr<X509_STORE, FreeWith<X509_STORE_free>>;
using StoreContextPtr = std::unique_ptr<X509_STORE_CTX, FreeWith<X509_STORE_CTX_free>>;
using NamesPtr = std::unique_ptr<GENERAL_NAMES, FreeWith<free_names>>;
using ExtensionsPtr = std::unique_ptr<STACK_OF(X509_EXTENSION), FreeWith<free_extensions>>;

[[nodiscard]] auto view_bio(std::string_view text) -> BioPtr;  ///< lifetime: borrows the text
[[nodiscard]] auto memory_bio() -> BioPtr;
[[nodiscard]] auto take_text(BIO* bio) -> std::string;
/// Exactly one certificate, PEM or DER; null otherwise.
[[nodiscard]] auto read_x509(ByteView pem_or_der) -> X509Ptr;
[[nodiscard]] auto spki_der(X509_PUBKEY* key) -> Bytes;

/// The alternative names of a certificate or request, by kind. `others` counts those of kinds we do not issue.
struct AlternativeNames {
    std::vector<std::string> uris;
    std::vector<std::string> dns;
    std::vector<std::string> ip;
    std::size_t others = 0;
};
[[nodiscard]] auto read_names(const GENERAL_NAMES* names) -> AlternativeNames;

/// Drops what OpenSSL noted for this thread, so that no later call sees it.
void forget_openssl_errors() noexcept;

}  // namespace cg::certs
