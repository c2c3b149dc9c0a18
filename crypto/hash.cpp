#include "crypto/hash.hpp"

#include <botan/hash.h>
#include <botan/mac.h>
#include <botan/system_rng.h>

#include <algorithm>

namespace cg::crypto {

auto sha256(ByteView bytes) -> Digest {
    thread_local const auto hash = Botan::HashFunction::create_or_throw("SHA-256");
    Digest out;
    hash->update(bytes.data(), bytes.size());
    hash->final(out.data());
    return out;
}

auto hmac_sha256(ByteView key, ByteView message) -> Digest { return hmac_sha256(key, {message}); }

auto hmac_sha256(ByteView key, std::initializer_list<ByteView> parts) -> Digest {
    thread_local const auto mac = Botan::MessageAuthenticationCode::create_or_throw("HMAC(SHA-256)");
    Digest out;
    mac->set_key(key.data(), key.size());
    for (const auto part : parts) mac->update(part.data(), part.size());
    mac->final(out.data());
    mac->clear();  // no key stays behind in a thread's memory
    return out;
}

struct Sha256Stream::State {
    std::unique_ptr<Botan::HashFunction> hash = Botan::HashFunction::create_or_throw("SHA-256");
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {}
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
auto Sha256Stream::operator=(Sha256Stream&&) noexcept -> Sha256Stream& = default;
Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::update(ByteView bytes) { state_->hash->update(bytes.data(), bytes.size()); }

auto Sha256Stream::finish() -> Digest {
    Digest out;
    state_->hash->final(out.data());
    return out;
}

void random_fill(std::span<std::uint8_t> out) {
    try {
        Botan::system_rng().randomize(out.data(), out.size());
    } catch (const std::exception&) {
        invariant_broken("the operating system gave no random bytes", __FILE__, __LINE__);
    }
}

auto random_bytes(std::size_t count) -> Bytes {
    Bytes out(count);
    random_fill(out);
    return out;
}

auto random_secret(std::size_t count) -> SecretBytes {
    SecretBytes out(count);
    random_fill(out.fill());
    return out;
}

auto random_id(std::string_view prefix) -> std::string {
    constexpr std::string_view digits = "abcdefghijklmnopqrstuvwxyz234567";
    const auto bytes = random_bytes(17);  // 26 digits of 5 bits; the last 6 bits are not used
    std::string out{prefix};
    std::uint32_t window = 0;
    unsigned bits = 0;
    for (const auto byte : bytes) {
        window = (window << 8U) | byte;
        bits += 8;
        while (bits >= 5 && out.size() < prefix.size() + 26) {
            bits -= 5;
            out.push_back(digits[(window >> bits) & 31U]);
        }
    }
    return out;
}

}  // namespace cg::crypto
