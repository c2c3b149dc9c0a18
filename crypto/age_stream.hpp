#pragma once
/// The payload of an age v1 file: chunks of 64 KiB, each sealed with its number and whether it is the last
/// (C2SP age, "Payload").

#include "crypto/age.hpp"
#include "crypto/secret.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"

#include <cstddef>
#include <memory>

namespace cg::crypto {

inline constexpr std::size_t age_nonce_bytes = 16;
inline constexpr std::size_t age_chunk_bytes = 64 * 1024;
inline constexpr std::size_t age_sealed_chunk_bytes = age_chunk_bytes + 16;

/// Seals or opens the chunks of one payload in order.
/// Secret    the payload key, and the last chunk's plaintext, until it goes
class AgeChunks {
public:
    enum class Direction : std::uint8_t { seal, open };
    AgeChunks(Direction direction, const SecretBytes& file_key, ByteView nonce);
    AgeChunks(AgeChunks&&) noexcept;
    auto operator=(AgeChunks&&) noexcept -> AgeChunks&;
    ~AgeChunks();

    /// Lifetime  the result is good until the next call
    [[nodiscard]] auto seal(ByteView chunk, bool last) -> ByteView;
    /// Errors    unauthenticated; the same chunk may then be tried as the last, or not the last
    /// Lifetime  the result is good until the next call
    [[nodiscard]] auto open(ByteView sealed, bool last) -> Result<ByteView>;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Reads a source in pieces of the wanted size, whatever pieces it gives.
/// Secret    what was read is wiped when this goes
class PieceReader {
public:
    explicit PieceReader(ByteSource source);
    PieceReader(const PieceReader&) = delete;
    auto operator=(const PieceReader&) -> PieceReader& = delete;
    ~PieceReader();

    /// Returns   the next `wanted` bytes, fewer only where the source ends; they stay until skipped
    /// Lifetime  until the next call
    [[nodiscard]] auto peek(std::size_t wanted) -> Result<ByteView>;
    void skip(std::size_t count);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace cg::crypto
