#include "crypto/age.hpp"

#include "crypto/age_header.hpp"
#include "crypto/age_stream.hpp"
#include "crypto/hash.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>

namespace cg::crypto {
namespace {

constexpr std::size_t tag = 16;

auto hybrid() -> const AgeIdentity& {
    static const auto identity = AgeIdentity::generate(AgeKind::mlkem768x25519);
    return identity;
}
auto classical() -> const AgeIdentity& {
    static const auto identity = AgeIdentity::generate(AgeKind::x25519);
    return identity;
}

auto seal(ByteView plain, const AgeIdentity& to) -> Bytes {
    return age_seal(plain, {{to.recipient()}}).value();
}

auto open(ByteView sealed, const AgeIdentity& with) -> Result<SecretBytes> {
    const AgeIdentity* const identities[] = {&with};
    return age_open(sealed, identities);
}

/// A source that gives its bytes in pieces of `piece`.
auto source_of(ByteView bytes, std::size_t piece) -> ByteSource {
    return [bytes, piece](std::span<std::uint8_t> out) mutable -> Result<std::size_t> {
        const auto count = std::min({out.size(), bytes.size(), piece});
        std::ranges::copy(bytes.first(count), out.begin());
        bytes = bytes.subspan(count);
        return count;
    };
}

auto sink_into(Bytes& out) -> ByteSink {
    return [&out](ByteView chunk) -> Result<> {
        out.insert(out.end(), chunk.begin(), chunk.end());
        return ok();
    };
}

TEST(Age, WhatIsSealedOpensToTheSame) {
    EXPECT_TRUE(rc::check([] {
        const auto size = *rc::gen::inRange<std::size_t>(0, 3 * age_chunk_bytes);
        const auto& identity = *rc::gen::arbitrary<bool>() ? hybrid() : classical();
        const auto plain = random_bytes(size);
        const auto opened = open(seal(plain, identity), identity);
        RC_ASSERT(opened.has_value());
        RC_ASSERT(std::ranges::equal(opened.value().reveal(), plain));
    }));
}

TEST(Age, StreamsInAnyPiecesAreTheSameFile) {
    EXPECT_TRUE(rc::check([] {
        const auto plain = random_bytes(*rc::gen::inRange<std::size_t>(0, 3 * age_chunk_bytes));
        Bytes sealed;
        Bytes opened;
        const AgeIdentity* const identities[] = {&hybrid()};
        const auto piece = *rc::gen::inRange<std::size_t>(1, 2 * age_chunk_bytes);
        RC_ASSERT(age_seal(source_of(plain, piece), sink_into(sealed), {{hybrid().recipient()}}).has_value());
        RC_ASSERT(sealed.size() == seal(plain, hybrid()).size());
        RC_ASSERT(age_open(source_of(sealed, piece), sink_into(opened), identities).has_value());
        RC_ASSERT(opened == plain);
    }));
}

TEST(Age, ChunksAreCutWhereTheFormatSays) {
    const auto overhead = seal({}, hybrid()).size() - tag;
    for (const auto& [size, chunks] :
         std::initializer_list<std::pair<std::size_t, std::size_t>>{{0, 1},
                                                                    {1, 1},
                                                                    {age_chunk_bytes - 1, 1},
                                                                    {age_chunk_bytes, 1},
                                                                    {age_chunk_bytes + 1, 2},
                                                                    {2 * age_chunk_bytes, 2}}) {
        EXPECT_EQ(seal(Bytes(size), hybrid()).size(), overhead + size + chunks * tag) << size;
    }
}

TEST(Age, EveryAlteredByteIsNoticed) {
    for (const auto* identity : {&hybrid(), &classical()}) {
        const auto sealed = seal(view_bytes("altered in one place"), *identity);
        for (std::size_t at = 0; at < sealed.size(); ++at) {
            auto altered = sealed;
            altered[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
            EXPECT_FALSE(open(altered, *identity).has_value()) << at;
        }
    }
}

TEST(Age, EveryTruncationIsNoticed) {
    for (const auto* identity : {&hybrid(), &classical()}) {
        const auto sealed = seal(view_bytes("cut off"), *identity);
        for (std::size_t size = 0; size < sealed.size(); ++size) {
            EXPECT_FALSE(open(ByteView{sealed}.first(size), *identity).has_value()) << size;
        }
    }
}

TEST(Age, ATruncationBetweenChunksSaysSo) {
    const auto sealed = seal(Bytes(2 * age_chunk_bytes + 5), hybrid());
    const auto head = seal({}, hybrid()).size() - tag;
    for (const auto size : {head, head + 3, head + age_sealed_chunk_bytes, head + age_sealed_chunk_bytes + tag - 1}) {
        const auto opened = open(ByteView{sealed}.first(size), hybrid());
        ASSERT_FALSE(opened.has_value()) << size;
        EXPECT_EQ(opened.error().code, Errc::truncated) << size;
    }
    const auto inside = open(ByteView{sealed}.first(sealed.size() - 1), hybrid());
    ASSERT_FALSE(inside.has_value());
    EXPECT_EQ(inside.error().code, Errc::unauthenticated);
}

TEST(Age, ChunksCannotChangePlaces) {
    auto sealed = seal(random_bytes(3 * age_chunk_bytes), hybrid());
    const auto first = sealed.end() - 3 * age_sealed_chunk_bytes;
    std::swap_ranges(first, first + age_sealed_chunk_bytes, first + age_sealed_chunk_bytes);
    const auto opened = open(sealed, hybrid());
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::unauthenticated);
}

TEST(Age, BytesBehindTheEndAreRefused) {
    for (const std::size_t size : {std::size_t{10}, age_chunk_bytes}) {
        auto sealed = seal(Bytes(size), hybrid());
        sealed.push_back(0);
        const auto opened = open(sealed, hybrid());
        ASSERT_FALSE(opened.has_value());
        EXPECT_EQ(opened.error().code, Errc::unauthenticated);
    }
}

TEST(Age, InMemoryAndInPiecesTheSameIsRefused) {
    EXPECT_TRUE(rc::check([] {
        auto sealed = seal(Bytes(*rc::gen::inRange<std::size_t>(0, 3 * age_chunk_bytes)), hybrid());
        const auto body = seal({}, hybrid()).size();
        sealed.resize(*rc::gen::inRange<std::size_t>(0, sealed.size() + 40));
        if (*rc::gen::arbitrary<bool>() && sealed.size() > body) sealed[*rc::gen::inRange(body, sealed.size())] ^= 1U;
        const AgeIdentity* const identities[] = {&hybrid()};
        Bytes released;
        const auto streamed = age_open(source_of(sealed, 30'000), sink_into(released), identities);
        const auto whole = open(sealed, hybrid());
        RC_ASSERT(streamed.has_value() == whole.has_value());
        RC_ASSERT((whole.has_value() || streamed.error().detail == whole.error().detail));
        RC_ASSERT(std::ranges::all_of(released, [](auto byte) { return byte == 0; }));
    }));
}

TEST(Age, NobodyElseOpensIt) {
    const auto other = AgeIdentity::generate(AgeKind::mlkem768x25519);
    const auto sealed = seal(view_bytes("for one only"), hybrid());
    for (const auto* identity : {&other, &classical()}) {
        const auto opened = open(sealed, *identity);
        ASSERT_FALSE(opened.has_value());
        EXPECT_EQ(opened.error().code, Errc::unauthenticated);
    }
    EXPECT_EQ(age_open(sealed, {}).error().code, Errc::unauthenticated);
}

TEST(Age, EachOfSeveralRecipientsOpensIt) {
    std::vector<AgeIdentity> identities;
    std::vector<AgeRecipient> to;
    for (int i = 0; i < 3; ++i)
        to.push_back(identities.emplace_back(AgeIdentity::generate(AgeKind::mlkem768x25519)).recipient());
    const auto sealed = age_seal(view_bytes("for three"), to);
    ASSERT_TRUE(sealed.has_value());
    for (const auto& identity : identities)
        EXPECT_EQ(open(sealed.value(), identity).value().reveal_text(), "for three");
    const AgeIdentity* const many[] = {&classical(), &hybrid(), &identities[2]};
    EXPECT_EQ(age_open(sealed.value(), many).value().reveal_text(), "for three");
}

TEST(Age, PostQuantumAndClassicalRecipientsAreNotMixed) {
    const std::array both{hybrid().recipient(), classical().recipient()};
    EXPECT_EQ(age_seal(view_bytes("x"), both).error().code, Errc::malformed);
    EXPECT_EQ(age_seal(view_bytes("x"), {}).error().code, Errc::malformed);
}

TEST(Age, TheSameTextSealsDifferentlyEachTime) {
    const auto a = seal(view_bytes("the same"), hybrid());
    const auto b = seal(view_bytes("the same"), hybrid());
    EXPECT_EQ(a.size(), b.size());
    EXPECT_NE(a, b);
}

TEST(Age, UnknownStanzasAreIgnoredButCovered) {
    // an unknown stanza in front changes what the MAC covers: read past, then refused for the MAC, not for its kind
    const auto sealed = to_text(seal(view_bytes("x"), hybrid()));
    const auto first = sealed.find("-> ");
    const auto with_grease = sealed.substr(0, first) + "-> zz-grease a b\nAAAA\n" + sealed.substr(first);
    const auto opened = open(view_bytes(with_grease), hybrid());
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().detail, "the age file's header was altered");
}

TEST(Age, APassphraseFileIsRefusedInWords) {
    const std::string file =
        "age-encryption.org/v1\n-> scrypt rF0/NwblUHHTpgQgRpe5CQ 10\ngUjEymFKMVXQEKdMMHL24oYexjE3TIC0O0zGSqJ2aUY\n"
        "--- IoK3BkiDBQxFzrfbXXjeVmbnIWS0pnVyW7GmFLm3uBk\n";
    const auto opened = open(view_bytes(file), hybrid());
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::unsupported);
    EXPECT_NE(opened.error().detail.find("passphrase"), std::string::npos);
}

TEST(Age, AHeaderWithoutEndIsBounded) {
    std::string file = "age-encryption.org/v1\n-> X25519 " + std::string(3U << 20U, 'a');
    std::size_t read = 0;
    const AgeIdentity* const identities[] = {&hybrid()};
    const auto from = source_of(view_bytes(file), 100'000);
    Bytes out;
    const auto opened = age_open(
        [&](std::span<std::uint8_t> room) {
            auto count = from(room);
            read += count.value();
            return count;
        },
        sink_into(out), identities);
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::too_large);
    EXPECT_LE(read, max_age_header_bytes);
    EXPECT_EQ(open(view_bytes(file.substr(0, 50'000)), hybrid()).error().code, Errc::malformed);
}

TEST(Age, WhatIsNoAgeFileIsRefusedAtOnce) {
    for (const std::string_view text :
         {"", "{}", "age-encryption.org/v2\n", "age-encryption.org/v1", "-----BEGIN AGE ENCRYPTED FILE-----\n"}) {
        const auto opened = open(view_bytes(text), hybrid());
        ASSERT_FALSE(opened.has_value());
        EXPECT_EQ(opened.error().code, Errc::malformed) << text;
    }
}

TEST(Age, AFailureOfSourceOrSinkComesBack) {
    const ByteSource broken_source = [](std::span<std::uint8_t>) -> Result<std::size_t> {
        return fail(Errc::unavailable, "disk");
    };
    const ByteSink broken_sink = [](ByteView) -> Result<> { return fail(Errc::cancelled, "stop"); };
    Bytes out;
    const AgeIdentity* const identities[] = {&hybrid()};
    const std::array to{hybrid().recipient()};
    const auto sealed = seal(Bytes(100'000), hybrid());
    EXPECT_EQ(age_seal(broken_source, sink_into(out), to).error().code, Errc::unavailable);
    EXPECT_EQ(age_seal(source_of(sealed, 100), broken_sink, to).error().code, Errc::cancelled);
    EXPECT_EQ(age_open(broken_source, sink_into(out), identities).error().code, Errc::unavailable);
    EXPECT_EQ(age_open(source_of(sealed, 100), broken_sink, identities).error().code, Errc::cancelled);
}

}  // namespace
}  // namespace cg::crypto
