#include "crypto/hkdf.hpp"

#include <botan/kdf.h>

namespace cg::crypto {

// The kept object finds the algorithm by name once; the copy that holds a key goes, wiped, when the call ends.

auto hkdf_extract(ByteView salt, ByteView key_material) -> SecretBytes {
    thread_local const auto kind = Botan::KDF::create_or_throw("HKDF-Extract(SHA-256)");
    SecretBytes out(32);
    kind->new_object()->derive_key(out.fill(), key_material, salt, {});
    return out;
}

auto hkdf_expand(ByteView pseudorandom_key, ByteView info, std::size_t length) -> SecretBytes {
    thread_local const auto kind = Botan::KDF::create_or_throw("HKDF-Expand(SHA-256)");
    SecretBytes out(length);
    kind->new_object()->derive_key(out.fill(), pseudorandom_key, {}, info);
    return out;
}

auto hkdf(ByteView key_material, ByteView salt, ByteView info) -> SecretBytes {
    return hkdf_expand(hkdf_extract(salt, key_material).reveal(), info, 32);
}

}  // namespace cg::crypto
