#pragma once
/// Secret memory: locked where the system lets us, wiped when it goes, not copyable by accident.

#include "gateway/base/bytes.hpp"

#include <cstddef>
#include <span>
#include <string_view>

namespace cg::crypto {

/// Owns secret bytes. Moves, never copies; compares and prints not at all.
///
/// Secret    memory comes from Botan's locked pool and is wiped on destruction and on move-assignment
class SecretBytes {
public:
    SecretBytes() noexcept = default;
    /// `size` zero bytes, to be filled through `fill()`.
    explicit SecretBytes(std::size_t size);
    /// Copies `bytes` in; the caller wipes its own copy.
    [[nodiscard]] static auto copy_of(ByteView bytes) -> SecretBytes;
    [[nodiscard]] static auto copy_of(std::string_view text) -> SecretBytes;

    SecretBytes(const SecretBytes&) = delete;
    auto operator=(const SecretBytes&) -> SecretBytes& = delete;
    SecretBytes(SecretBytes&& other) noexcept;
    auto operator=(SecretBytes&& other) noexcept -> SecretBytes&;
    ~SecretBytes();

    /// Borrow for one call; do not store the view.
    [[nodiscard]] auto reveal() const noexcept -> ByteView { return {data_, size_}; }
    [[nodiscard]] auto reveal_text() const noexcept -> std::string_view { return view_text(reveal()); }
    [[nodiscard]] auto fill() noexcept -> std::span<std::uint8_t> { return {data_, size_}; }
    [[nodiscard]] auto size() const noexcept -> std::size_t { return size_; }
    [[nodiscard]] auto empty() const noexcept -> bool { return size_ == 0; }

private:
    std::uint8_t* data_ = nullptr;
    std::size_t size_ = 0;
};

/// Overwrites ordinary memory in a way the compiler may not drop. For plaintext that had to pass through a string.
void wipe(std::span<std::uint8_t> memory) noexcept;
void wipe(std::string& text) noexcept;
void wipe(Bytes& bytes) noexcept;

/// Equal, in time that does not depend on where they differ.
[[nodiscard]] auto equal_in_constant_time(ByteView a, ByteView b) noexcept -> bool;

}  // namespace cg::crypto
