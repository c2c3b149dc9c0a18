#include "crypto/note.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

namespace {

using cg::Base64;
using cg::Errc;
using cg::crypto::Checkpoint;
using cg::crypto::NoteVerifier;
using cg::crypto::SignatureAlg;
using cg::crypto::SigningKey;

const std::string name = "log.harbour-view.example/2027";

auto key() -> const SigningKey& {
    static const SigningKey the_key = SigningKey::generate(SignatureAlg::ed25519);
    return the_key;
}
auto verifier() -> const NoteVerifier& {
    static const NoteVerifier the_verifier{name, key().verify_key()};
    return the_verifier;
}
auto code_of(std::string_view note, const NoteVerifier& by = verifier()) -> Errc {
    const auto result = cg::crypto::open_note(note, by);
    EXPECT_TRUE(result.has_error()) << note;
    return result.has_error() ? result.error().code : Errc{};
}
auto some_checkpoint() -> Checkpoint { return {name, 1234, cg::crypto::sha256(std::string_view{"root"})}; }

TEST(SignedNote, OpensWhatItSigned) {
    for (const std::string text : {"one line\n", "two\nlines\n", "with an\n\nempty line\n", "\n", "\xc3\xa8 subito sera\n"}) {
        const auto note = cg::crypto::sign_note(text, name, key());
        EXPECT_TRUE(note.starts_with(text + "\n\xe2\x80\x94 " + name + " "));
        EXPECT_EQ(cg::crypto::open_note(note, verifier()).value(), text);
    }
}

TEST(SignedNote, HasTheKeyIdOfTheSpecification) {
    auto input = cg::to_bytes(name + "\n\x01");
    for (const auto byte : key().verify_key().ed25519_raw()) input.push_back(byte);
    const auto digest = cg::crypto::sha256(cg::ByteView{input});
    EXPECT_EQ(verifier().id(), std::uint32_t{digest[0]} << 24U | std::uint32_t{digest[1]} << 16U | std::uint32_t{digest[2]} << 8U | digest[3]);
}

TEST(SignedNote, TakesTheNoteOfTheGoPackage) {
    // The example of golang.org/x/mod/sumdb/note.
    const auto peter = NoteVerifier::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").value();
    const std::string note = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
                             "\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    EXPECT_EQ(peter.name(), "PeterNeumann");
    EXPECT_EQ(peter.id(), 0xc74f20a3U);
    EXPECT_TRUE(cg::crypto::open_note(note, peter).has_value());
    EXPECT_EQ(code_of(note), Errc::unauthenticated);
}

TEST(SignedNote, FailsWhenAnyByteIsAltered) {
    const auto note = cg::crypto::sign_note("a text\nof two lines\n", name, key());
    for (std::size_t i = 0; i < note.size(); ++i) {
        for (const char c : {'a', '\n', ' ', '+', 'Z', '\x01', '\xff'}) {
            if (note[i] == c) continue;
            auto bad = note;
            bad[i] = c;
            ASSERT_TRUE(cg::crypto::open_note(bad, verifier()).has_error()) << i;
        }
    }
    for (std::size_t size = 0; size < note.size(); ++size)
        ASSERT_TRUE(cg::crypto::open_note(note.substr(0, size), verifier()).has_error()) << size;
    EXPECT_EQ(code_of(note + "x"), Errc::malformed);
    EXPECT_EQ(code_of(note + "\n"), Errc::malformed);
}

/// The signature line of `by`, without the note around it.
auto signature_line(const std::string& text, const std::string& by, const SigningKey& with) -> std::string {
    return cg::crypto::sign_note(text, by, with).substr(text.size() + 1);
}

TEST(SignedNote, PassesOverTheSignaturesOfOthers) {
    const std::string text = "agreed\n";
    const auto other = SigningKey::generate(SignatureAlg::ed25519);
    const auto note = text + "\n" + signature_line(text, "witness.example", other) + signature_line(text, name, other) +
                      signature_line(text, name, key()) + "\xe2\x80\x94 unknown.example AAAAAAA=\n";
    EXPECT_EQ(cg::crypto::open_note(note, verifier()).value(), text) << "one of the same name has another id";
    EXPECT_TRUE(cg::crypto::open_note(note, NoteVerifier{"witness.example", other.verify_key()}).has_value());
}

TEST(SignedNote, IsRefusedWholeWhenAKnownSignatureIsBad) {
    const std::string text = "agreed\n";
    const auto good = signature_line(text, name, key());
    const auto bad = signature_line("something else\n", name, key());
    EXPECT_EQ(code_of(text + "\n" + good + bad), Errc::unauthenticated);
    EXPECT_EQ(code_of(text + "\n" + bad + good), Errc::unauthenticated);
    EXPECT_TRUE(cg::crypto::open_note(text + "\n" + good + good, verifier()).has_value());
}

TEST(SignedNote, MustBeUtf8WithoutControlCharacters) {
    for (const auto& text : std::vector<std::string>{"a\tb\n", "a\rb\n", std::string{"a\0b\n", 4}, std::string{"a\x1f\n"}, std::string{"\xff\n"}, std::string{"\xc0\x80\n"},
                                   std::string{"\xed\xa0\x80\n"}, std::string{"\xf4\x90\x80\x80\n"}, std::string{"\xe2\x82\n"}}) {
        const auto signature = key().sign(cg::view_bytes(text));
        cg::Bytes bytes{static_cast<std::uint8_t>(verifier().id() >> 24U), static_cast<std::uint8_t>(verifier().id() >> 16U),
                        static_cast<std::uint8_t>(verifier().id() >> 8U), static_cast<std::uint8_t>(verifier().id())};
        bytes.insert(bytes.end(), signature.begin(), signature.end());
        EXPECT_EQ(code_of(text + "\n\xe2\x80\x94 " + name + " " + cg::to_base64(bytes, Base64::standard) + "\n"), Errc::malformed);
    }
}

TEST(SignedNote, RefusesSignatureLinesThatAreNone) {
    const std::string text = "agreed\n";
    const auto good = signature_line(text, name, key());
    for (const std::string line : {"- a AAAAAAA=\n", "\xe2\x80\x94  AAAAAAA=\n", "\xe2\x80\x94 a\n", "\xe2\x80\x94 a AAAA\n", "\xe2\x80\x94 a AAAAAA==\n",
                                   "\xe2\x80\x94 a+b AAAAAAA=\n", "\xe2\x80\x94 a AAAAAAA\n", "\xe2\x80\x94 a AAAAAAA= \n", "\xe2\x80\x94 a  AAAAAAA=\n",
                                   "\xe2\x80\x94 a AAAAAAB=\n", "\xe2\x80\x94" "a AAAAAAA=\n", "\xe2\x80\x94 a\xc2\xa0" "b AAAAAAA=\n",
                                   "\xe2\x80\x94 a\xe2\x80\xa8" "b AAAAAAA=\n", "\xe2\x80\x94 a\xe3\x80\x80 AAAAAAA=\n", "extra\n"}) {
        EXPECT_EQ(code_of(text + "\n" + line + good), Errc::malformed) << line;
        EXPECT_EQ(code_of(text + "\n" + good + line), Errc::malformed) << line;
    }
    for (const std::string note : {"", "\n", "\n\n", "agreed\n", "agreed\n\n", "agreed"}) EXPECT_EQ(code_of(note), Errc::malformed) << note;
}

TEST(SignedNote, HasLimits) {
    const std::string text = "agreed\n";
    const auto good = signature_line(text, name, key());
    std::string others;
    for (int i = 0; i < 63; ++i) others += "\xe2\x80\x94 w" + std::to_string(i) + " AAAAAAA=\n";
    EXPECT_TRUE(cg::crypto::open_note(text + "\n" + others + good, verifier()).has_value());
    EXPECT_EQ(code_of(text + "\n" + others + good + good), Errc::too_large);
    EXPECT_EQ(code_of(std::string(300U * 1024U, 'x') + "\n\n" + good), Errc::too_large);
}

TEST(NoteVerifiers, HaveATextForm) {
    const auto again = NoteVerifier::parse(verifier().vkey()).value();
    EXPECT_EQ(again.name(), name);
    EXPECT_EQ(again.id(), verifier().id());
    EXPECT_EQ(again.vkey(), verifier().vkey());
    EXPECT_EQ(again.key().ed25519_raw(), key().verify_key().ed25519_raw());
}

TEST(NoteVerifiers, RefuseEverythingElse) {
    const auto good = verifier().vkey();
    for (std::size_t i = 0; i < good.size(); ++i) {
        for (const char c : {'0', 'A', '+', ' ', '='}) {
            auto bad = good;
            if (bad[i] == c) continue;
            bad[i] = c;
            ASSERT_TRUE(NoteVerifier::parse(bad).has_error()) << bad;
        }
        ASSERT_TRUE(NoteVerifier::parse(good.substr(0, i)).has_error());
    }
    EXPECT_TRUE(NoteVerifier::parse(good + "=").has_error());
    EXPECT_TRUE(NoteVerifier::parse("").has_error());
    EXPECT_TRUE(NoteVerifier::parse("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").has_error());
    EXPECT_EQ(NoteVerifier::parse("w+c74f20a3+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").error().code, Errc::unsupported);
}

TEST(Checkpoints, HaveThreeLines) {
    const auto text = cg::crypto::to_text(some_checkpoint());
    EXPECT_EQ(text, name + "\n1234\n" + cg::to_base64(some_checkpoint().root, Base64::standard) + "\n");
    EXPECT_EQ(cg::crypto::parse_checkpoint(text).value(), some_checkpoint());
    const auto note = cg::crypto::sign_note(text, name, key());
    EXPECT_EQ(cg::crypto::open_checkpoint(note, verifier()).value(), some_checkpoint());
}

TEST(Checkpoints, ReadBackWhateverTheyHold) {
    EXPECT_TRUE(rc::check([] {
        Checkpoint checkpoint{*rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange(' ', '~'))),
                              *rc::gen::oneOf(rc::gen::inRange<std::uint64_t>(0, 300), rc::gen::inRange<std::uint64_t>(0, INT64_MAX)), {}};
        checkpoint.root = cg::crypto::sha256(checkpoint.origin);
        RC_ASSERT(cg::crypto::parse_checkpoint(cg::crypto::to_text(checkpoint)).value() == checkpoint);
    }));
}

TEST(Checkpoints, RefuseEverythingElse) {
    const auto root = cg::to_base64(cg::crypto::Digest{}, Base64::standard) + "\n";
    for (const auto& text : std::vector<std::string>{"", "o\n", "o\n1\n", "o\n1\n" + root.substr(0, 44), "\n1\n" + root, "o\n01\n" + root, "o\n\n" + root, "o\n-1\n" + root,
                                   "o\n+1\n" + root, "o\n1 \n" + root, "o\n0x1\n" + root, "o\n1.0\n" + root, "o\n9223372036854775808\n" + root,
                                   "o\n99999999999999999999999\n" + root, "o\n1\nAAAA\n", "o\n1\n" + root.substr(1), "o\n1\n" + root + "extension\n",
                                   "o\n1\n" + root + "\n", "o\r\n1\n" + root, "o\n1\n" + root.substr(0, 43) + "\n"})
        EXPECT_TRUE(cg::crypto::parse_checkpoint(text).has_error()) << text;
    EXPECT_TRUE(cg::crypto::parse_checkpoint("o\n0\n" + root).has_value());
    EXPECT_TRUE(cg::crypto::parse_checkpoint("o\n9223372036854775807\n" + root).has_value());
}

TEST(Checkpoints, OfAnotherLogAreRefused) {
    auto foreign = some_checkpoint();
    foreign.origin = "log.elsewhere.example";
    const auto note = cg::crypto::sign_note(cg::crypto::to_text(foreign), name, key());
    EXPECT_TRUE(cg::crypto::open_note(note, verifier()).has_value());
    EXPECT_EQ(cg::crypto::open_checkpoint(note, verifier()).error().code, Errc::unauthenticated);
}

/// A log of five entries, and the proof of one of them.
struct ProvenLog {
    std::vector<std::string> entries{"a", "b", "c", "d", "e"};
    cg::crypto::TlogProof proof;

    explicit ProvenLog(std::uint64_t index) {
        cg::crypto::CompactRange range;
        std::vector<cg::crypto::Node> nodes;
        for (const auto& entry : entries) range.append(cg::crypto::merkle_leaf(cg::view_bytes(entry)), nodes);
        const auto read = [&nodes](cg::crypto::NodeId id) -> cg::Result<cg::crypto::Digest> {
            return std::ranges::find(nodes, id, &cg::crypto::Node::id)->hash;
        };
        proof.index = index;
        proof.hashes = cg::crypto::inclusion_proof(index, entries.size(), read).value();
        proof.checkpoint = cg::crypto::sign_note(cg::crypto::to_text(Checkpoint{name, entries.size(), range.root()}), name, key());
    }
};

TEST(LogProofs, ProveTheirEntryAndNoOther) {
    for (std::uint64_t index = 0; index < 5; ++index) {
        const ProvenLog log{index};
        const auto again = cg::crypto::parse_tlog_proof(cg::crypto::to_text(log.proof)).value();
        for (std::uint64_t other = 0; other < 5; ++other) {
            const auto result = cg::crypto::check_tlog_proof(again, cg::view_bytes(log.entries[other]), verifier());
            EXPECT_EQ(result.has_value(), other == index);
            EXPECT_TRUE(result.has_value() ? result.value().size == 5 : result.error().code == Errc::unauthenticated);
        }
    }
}

TEST(LogProofs, AreWrittenAsTheSpecificationSays) {
    const ProvenLog log{4};
    ASSERT_EQ(log.proof.hashes.size(), 1U);
    EXPECT_EQ(cg::crypto::to_text(log.proof), "c2sp.org/tlog-proof@v1\nindex 4\n" + cg::to_base64(log.proof.hashes[0], Base64::standard) +
                                                  "\n\n" + log.proof.checkpoint);
}

TEST(LogProofs, FailWhenAnyByteIsAltered) {
    const ProvenLog log{2};
    const auto text = cg::crypto::to_text(log.proof);
    const auto holds = [&log](std::string_view altered) {
        const auto proof = cg::crypto::parse_tlog_proof(altered);
        return proof.has_value() && cg::crypto::check_tlog_proof(proof.value(), cg::view_bytes(log.entries[2]), verifier()).has_value();
    };
    ASSERT_TRUE(holds(text));
    for (std::size_t i = 0; i < text.size(); ++i) {
        for (const char c : {'0', 'A', '\n', '='}) {
            auto bad = text;
            if (bad[i] == c) continue;
            bad[i] = c;
            ASSERT_FALSE(holds(bad)) << i;
        }
        ASSERT_FALSE(holds(text.substr(0, i))) << i;
    }
    EXPECT_FALSE(holds(text + "\n"));
}

TEST(LogProofs, AreReadStrictly) {
    const ProvenLog log{2};
    const auto hash = cg::to_base64(cg::crypto::Digest{}, Base64::standard) + "\n";
    const auto proof = [&log](const std::string& head) { return head + "\n" + log.proof.checkpoint; };
    EXPECT_TRUE(cg::crypto::parse_tlog_proof(proof("c2sp.org/tlog-proof@v1\nindex 0\n" + hash)).has_value());
    for (const auto& head : std::vector<std::string>{"", "c2sp.org/tlog-proof@v2\nindex 0\n", "c2sp.org/tlog-proof@v1\n",
                                   "c2sp.org/tlog-proof@v1\nindex\n", "c2sp.org/tlog-proof@v1\nindex 00\n",
                                   "c2sp.org/tlog-proof@v1\nindex -1\n", "c2sp.org/tlog-proof@v1\nIndex 0\n",
                                   "c2sp.org/tlog-proof@v1\nextra AAAA\nindex 0\n", "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n" + hash,
                                   "c2sp.org/tlog-proof@v1\nindex 0\n" + hash.substr(0, 43) + "\n"})
        EXPECT_TRUE(cg::crypto::parse_tlog_proof(proof(head)).has_error()) << head;
    EXPECT_TRUE(cg::crypto::parse_tlog_proof("c2sp.org/tlog-proof@v1\nindex 0\n\n").has_error()) << "no checkpoint";
    std::string many = "c2sp.org/tlog-proof@v1\nindex 0\n";
    for (int i = 0; i < 64; ++i) many += hash;
    EXPECT_TRUE(cg::crypto::parse_tlog_proof(proof(many)).has_error()) << "deeper than any tree";
    EXPECT_EQ(cg::crypto::parse_tlog_proof(std::string(300U * 1024U, 'x')).error().code, Errc::too_large);
}

}  // namespace
