#include "crypto/age_stream.hpp"

#include "crypto/hkdf.hpp"

#include <botan/aead.h>
#include <botan/exceptn.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace cg::crypto {
namespace {

using SecureBuffer = Botan::secure_vector<std::uint8_t>;

/// Eleven bytes of big-endian chunk number, and a byte that marks the last.
auto chunk_nonce(std::uint64_t number, bool last) -> std::array<std::uint8_t, 12> {
    std::array<std::uint8_t, 12> out{};
    for (std::size_t i = 0; i < 8; ++i) out[10 - i] = static_cast<std::uint8_t>((number >> (8 * i)) & 0xffU);
    out[11] = last ? 1 : 0;
    return out;
}

}  // namespace

// ---- chunks ---------------------------------------------------------------------------------------------------------

struct AgeChunks::State {
    std::unique_ptr<Botan::AEAD_Mode> mode;
    std::uint64_t number = 0;
    SecureBuffer buffer;
};

AgeChunks::AgeChunks(Direction direction, const SecretBytes& file_key, ByteView nonce)
    : state_(std::make_unique<State>()) {
    const auto seal = direction == Direction::seal;
    state_->mode = Botan::AEAD_Mode::create_or_throw(
        "ChaCha20Poly1305", seal ? Botan::Cipher_Dir::Encryption : Botan::Cipher_Dir::Decryption);
    state_->mode->set_key(hkdf(file_key.reveal(), nonce, view_bytes("payload")).reveal());
}
AgeChunks::AgeChunks(AgeChunks&&) noexcept = default;
auto AgeChunks::operator=(AgeChunks&&) noexcept -> AgeChunks& = default;
AgeChunks::~AgeChunks() = default;

auto AgeChunks::seal(ByteView chunk, bool last) -> ByteView {
    CG_ENSURE(chunk.size() <= age_chunk_bytes);
    auto& buffer = state_->buffer;
    buffer.reserve(chunk.size() + state_->mode->tag_size());  // the tag then fits without another copy
    buffer.assign(chunk.begin(), chunk.end());
    state_->mode->start(chunk_nonce(state_->number++, last));
    state_->mode->finish(buffer);
    return buffer;
}

auto AgeChunks::open(ByteView sealed, bool last) -> Result<ByteView> {
    auto& buffer = state_->buffer;
    buffer.assign(sealed.begin(), sealed.end());
    try {
        state_->mode->start(chunk_nonce(state_->number, last));
        state_->mode->finish(buffer);
    } catch (const Botan::Invalid_Authentication_Tag&) {
        state_->mode->reset();
        std::ranges::fill(buffer, std::uint8_t{0});
        return fail(Errc::unauthenticated, "the age file's payload was altered");
    }
    ++state_->number;
    return ByteView{buffer};
}

// ---- reading --------------------------------------------------------------------------------------------------------

struct PieceReader::State {
    ByteSource source;
    SecureBuffer buffer;
    std::size_t filled = 0;
    bool ended = false;
};

PieceReader::PieceReader(ByteSource source) : state_(std::make_unique<State>()) {
    state_->source = std::move(source);
}
PieceReader::~PieceReader() = default;

auto PieceReader::peek(std::size_t wanted) -> Result<ByteView> {
    auto& [source, buffer, filled, ended] = *state_;
    if (buffer.size() < wanted) buffer.resize(wanted);
    while (filled < wanted && !ended) {
        CG_TRY(const auto got, source(std::span{buffer}.subspan(filled, wanted - filled)));
        CG_ENSURE(got <= wanted - filled);
        ended = got == 0;
        filled += got;
    }
    return ByteView{buffer}.first(std::min(filled, wanted));
}

void PieceReader::skip(std::size_t count) {
    auto& state = *state_;
    CG_ENSURE(count <= state.filled);
    state.filled -= count;
    if (state.filled > 0) std::memmove(state.buffer.data(), state.buffer.data() + count, state.filled);
}

}  // namespace cg::crypto
