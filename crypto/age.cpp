#include "crypto/age.hpp"

#include "crypto/age_header.hpp"
#include "crypto/age_stanza.hpp"
#include "crypto/age_stream.hpp"
#include "crypto/hash.hpp"
#include "crypto/hkdf.hpp"

#include <algorithm>

namespace cg::crypto {
namespace {

auto header_mac(const SecretBytes& file_key, std::string_view before_mac) -> Digest {
    return hmac_sha256(hkdf(file_key.reveal(), {}, view_bytes("header")).reveal(), view_bytes(before_mac));
}

auto check_recipients(std::span<const AgeRecipient> to) -> Result<> {
    if (to.empty()) return fail(Errc::malformed, "age: no recipient");
    if (std::ranges::any_of(to, [&](const auto& r) { return r.kind() != to.front().kind(); })) {
        // One classical recipient would undo for the whole file what the others are for.
        return fail(Errc::malformed, "age: post-quantum and classical recipients may not be mixed");
    }
    return ok();
}

struct Opening {
    Bytes head;  ///< header and nonce
    AgeChunks chunks;
};

/// All that comes before the first chunk.
auto begin_sealing(std::span<const AgeRecipient> to) -> Result<Opening> {
    CG_TRY(check_recipients(to));
    const auto file_key = random_secret(age_file_key_bytes);
    AgeHeader header;
    for (const auto& recipient : to) header.stanzas.push_back(wrap_age_file_key(file_key, recipient));
    header.mac = header_mac(file_key, encode_age_header_before_mac(header.stanzas));
    auto head = to_bytes(encode_age_header(header));
    if (head.size() > max_age_header_bytes) return fail(Errc::too_large, "age: too many recipients for one file");
    const auto nonce = random_bytes(age_nonce_bytes);
    head.insert(head.end(), nonce.begin(), nonce.end());
    return Opening{std::move(head), AgeChunks{AgeChunks::Direction::seal, file_key, nonce}};
}

/// Reads the header's text: in growing steps, since its length is not known beforehand.
auto read_header(PieceReader& reader) -> Result<std::string> {
    for (std::size_t wanted = 4096;; wanted *= 4) {
        CG_TRY(const auto bytes, reader.peek(std::min(wanted, max_age_header_bytes)));
        const auto text = view_text(bytes);
        if (!can_begin_age_file(text)) return fail(Errc::malformed, "not an age v1 file");
        if (const auto length = age_header_length(text)) {
            std::string out{text.substr(0, *length)};
            reader.skip(*length);
            return out;
        }
        if (text.size() < std::min(wanted, max_age_header_bytes))
            return fail(Errc::malformed, "age header: has no end");
        if (wanted >= max_age_header_bytes) return fail(Errc::too_large, "age header: longer than 1 MiB");
    }
}

auto begin_opening(PieceReader& reader, std::span<const AgeIdentity* const> identities) -> Result<AgeChunks> {
    CG_TRY(const auto text, read_header(reader));
    CG_TRY(const auto header, parse_age_header(text));
    CG_TRY(const auto file_key, unwrap_age_file_key(header.stanzas, identities));
    if (!equal_in_constant_time(header_mac(file_key, age_header_before_mac(text)), header.mac)) {
        return fail(Errc::unauthenticated, "the age file's header was altered");
    }
    CG_TRY(const auto nonce, reader.peek(age_nonce_bytes));
    if (nonce.size() < age_nonce_bytes) return fail(Errc::malformed, "age header: the payload's nonce is missing");
    AgeChunks chunks{AgeChunks::Direction::open, file_key, nonce};
    reader.skip(age_nonce_bytes);
    return chunks;
}

/// The last chunk there is. A whole chunk that opens as one that others follow is good; the file was cut off behind it.
auto open_last(AgeChunks& chunks, ByteView sealed, bool first, const ByteSink& sink) -> Result<> {
    constexpr auto cut_off = "the age file ends early";
    if (sealed.size() < age_sealed_chunk_bytes - age_chunk_bytes) return fail(Errc::truncated, cut_off);
    auto last = chunks.open(sealed, true);
    if (last) {
        if (last.value().empty() && !first) return fail(Errc::unauthenticated, "the age file's payload was altered");
        return sink(last.value());
    }
    const auto middle = chunks.open(sealed, false);
    if (!middle) return fail(std::move(last).error());
    if (sealed.size() == age_sealed_chunk_bytes) {
        CG_TRY(sink(middle.value()));
    }
    return fail(Errc::truncated, cut_off);
}

/// A chunk with more bytes behind it. When it opens as the last one it is good; what is behind it is not.
auto open_middle(AgeChunks& chunks, ByteView sealed, const ByteSink& sink) -> Result<> {
    auto middle = chunks.open(sealed, false);
    if (middle) return sink(middle.value());
    const auto last = chunks.open(sealed, true);
    if (!last) return fail(std::move(middle).error());
    CG_TRY(sink(last.value()));
    return fail(Errc::unauthenticated, "the age file goes on behind its last chunk");
}

/// The length of the plaintext, if `sealed` is whole; never less than what its good chunks hold.
auto plaintext_bytes(ByteView sealed) -> std::size_t {
    constexpr auto tag_bytes = age_sealed_chunk_bytes - age_chunk_bytes;
    const auto before = age_header_length(view_text(sealed)).value_or(sealed.size()) + age_nonce_bytes;
    if (sealed.size() <= before) return 0;
    const auto payload = sealed.size() - before;
    const auto rest = payload % age_sealed_chunk_bytes;
    return payload / age_sealed_chunk_bytes * age_chunk_bytes + (rest > tag_bytes ? rest - tag_bytes : 0);
}

}  // namespace

auto age_seal(ByteSource source, const ByteSink& sink, std::span<const AgeRecipient> to) -> Result<> {
    CG_TRY(auto opening, begin_sealing(to));
    CG_TRY(sink(opening.head));
    PieceReader reader{std::move(source)};
    for (;;) {
        CG_TRY(const auto bytes, reader.peek(age_chunk_bytes + 1));  // one more tells whether this is the last
        const auto last = bytes.size() <= age_chunk_bytes;
        const auto chunk = last ? bytes : bytes.first(age_chunk_bytes);
        CG_TRY(sink(opening.chunks.seal(chunk, last)));
        if (last) return ok();
        reader.skip(age_chunk_bytes);
    }
}

auto age_open(ByteSource source, const ByteSink& sink, std::span<const AgeIdentity* const> identities) -> Result<> {
    PieceReader reader{std::move(source)};
    CG_TRY(auto chunks, begin_opening(reader, identities));
    for (bool first = true;; first = false) {
        CG_TRY(const auto bytes, reader.peek(age_sealed_chunk_bytes + 1));
        if (bytes.size() <= age_sealed_chunk_bytes) return open_last(chunks, bytes, first, sink);
        CG_TRY(open_middle(chunks, bytes.first(age_sealed_chunk_bytes), sink));
        reader.skip(age_sealed_chunk_bytes);
    }
}

auto age_seal(ByteView plaintext, std::span<const AgeRecipient> to) -> Result<Bytes> {
    CG_TRY(auto opening, begin_sealing(to));
    auto out = std::move(opening.head);
    out.reserve(out.size() + plaintext.size() + (plaintext.size() / age_chunk_bytes + 1) * 16);
    for (;;) {  // straight from memory: a short view pays for no buffers of 64 KiB
        const auto chunk = plaintext.first(std::min(plaintext.size(), age_chunk_bytes));
        plaintext = plaintext.subspan(chunk.size());
        const auto sealed = opening.chunks.seal(chunk, plaintext.empty());
        out.insert(out.end(), sealed.begin(), sealed.end());
        if (plaintext.empty()) return out;
    }
}

auto age_open(ByteView sealed, std::span<const AgeIdentity* const> identities) -> Result<SecretBytes> {
    auto left = sealed;
    SecretBytes out(plaintext_bytes(sealed));
    std::size_t filled = 0;
    const ByteSource source = [&](std::span<std::uint8_t> room) -> Result<std::size_t> {
        const auto count = std::min(room.size(), left.size());
        std::ranges::copy(left.first(count), room.begin());
        left = left.subspan(count);
        return count;
    };
    const ByteSink sink = [&](ByteView chunk) -> Result<> {
        std::ranges::copy(chunk, out.fill().subspan(filled, chunk.size()).begin());
        filled += chunk.size();
        return ok();
    };
    CG_TRY(age_open(source, sink, identities));
    CG_ENSURE(filled == out.size());
    return out;
}

}  // namespace cg::crypto
