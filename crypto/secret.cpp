#include "crypto/secret.hpp"

#include <botan/allocator.h>
#include <botan/mem_ops.h>

#include <algorithm>
#include <utility>

namespace cg::crypto {

SecretBytes::SecretBytes(std::size_t size)
    : data_(size == 0 ? nullptr : static_cast<std::uint8_t*>(Botan::allocate_memory(size, 1))), size_(size) {
    if (size > 0) std::fill_n(data_, size, std::uint8_t{0});
}

auto SecretBytes::copy_of(ByteView bytes) -> SecretBytes {
    SecretBytes out(bytes.size());
    std::ranges::copy(bytes, out.data_);
    return out;
}

auto SecretBytes::copy_of(std::string_view text) -> SecretBytes { return copy_of(view_bytes(text)); }

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

auto SecretBytes::operator=(SecretBytes&& other) noexcept -> SecretBytes& {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
}

SecretBytes::~SecretBytes() {
    if (data_ != nullptr) Botan::deallocate_memory(data_, size_, 1);  // wipes before it gives the memory back
}

void wipe(std::span<std::uint8_t> memory) noexcept { Botan::secure_scrub_memory(memory.data(), memory.size()); }

void wipe(std::string& text) noexcept {
    Botan::secure_scrub_memory(text.data(), text.size());
    text.clear();
}

void wipe(Bytes& bytes) noexcept {
    Botan::secure_scrub_memory(bytes.data(), bytes.size());
    bytes.clear();
}

auto equal_in_constant_time(ByteView a, ByteView b) noexcept -> bool {
    return a.size() == b.size() && Botan::constant_time_compare(a.data(), b.data(), a.size());
}

}  // namespace cg::crypto
