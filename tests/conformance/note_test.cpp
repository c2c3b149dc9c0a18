// Go's sumdb/note opens our notes and we open its; Go's sumdb/tlog holds our proofs for good.
#include "crypto/note.hpp"
#include "gateway/base/json.hpp"
#include "tests/oracles/oracle.hpp"

#include <gtest/gtest.h>

#include <map>

namespace cg::crypto {
namespace {

const std::string name = "log.harbour-view.example/2027";

/// The Go program of tests/oracles/note_verify, built once for all tests of this file.
class GoNote : public testing::Test {
protected:
    static void SetUpTestSuite() {
        if (std::system("command -v go >/dev/null 2>&1") != 0) return;
        folder_ = std::make_unique<oracle::TemporaryFolder>();
        // Debian keeps the packages of its libraries in one GOPATH; no module is fetched.
        const auto command = "cd '" + folder_->path().string() + "' && GO111MODULE=off GOFLAGS= GOPATH=/usr/share/gocode " +
                             "go build -o note_verify '" CG_SOURCE_DIR "/tests/oracles/note_verify/main.go' >err 2>&1";
        built_ = std::system(command.c_str()) == 0;
    }
    static void TearDownTestSuite() { folder_.reset(); }
    void SetUp() override {
        ASSERT_NE(folder_, nullptr) << "go is missing: run config/bootstrap.sh tests";
        ASSERT_TRUE(built_) << cg::to_text(ByteView{oracle::read_file(folder_->path() / "err")}) << "is golang-golang-x-mod-dev installed?";
    }
    /// Standard output of the program, or nothing where it refuses.
    static auto run(const std::string& words, std::string_view input) -> std::optional<std::string> {
        const auto path = folder_->path();
        oracle::write_file(path / "in", view_bytes(input));
        const auto command = "cd '" + path.string() + "' && ./note_verify " + words + " <in >out 2>err";
        if (std::system(command.c_str()) != 0) return std::nullopt;
        return cg::to_text(ByteView{oracle::read_file(path / "out")});
    }

    SigningKey key_ = SigningKey::generate(SignatureAlg::ed25519);
    NoteVerifier verifier_{name, key_.verify_key()};

private:
    static inline std::unique_ptr<oracle::TemporaryFolder> folder_;
    static inline bool built_ = false;
};

TEST_F(GoNote, OpensOurCheckpoints) {
    for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{INT64_MAX}}) {
        const auto text = to_text(Checkpoint{name, size, sha256(std::to_string(size))});
        EXPECT_EQ(run("open '" + verifier_.vkey() + "'", sign_note(text, name, key_)), text);
    }
    const std::string odd = "with an\n\nempty line and an \xc3\xa8\n";
    EXPECT_EQ(run("open '" + verifier_.vkey() + "'", sign_note(odd, name, key_)), odd);
}

TEST_F(GoNote, RefusesOurCheckpointsWhenTheyWereAltered) {
    auto note = sign_note(to_text(Checkpoint{name, 7, {}}), name, key_);
    ASSERT_TRUE(run("open '" + verifier_.vkey() + "'", note).has_value());
    note[note.find("\n7\n") + 1] = '8';
    EXPECT_FALSE(run("open '" + verifier_.vkey() + "'", note).has_value());
}

TEST_F(GoNote, SignsWhatWeOpen) {
    const Checkpoint checkpoint{name, 1234, sha256(std::string_view{"root"})};
    const auto out = run("sign " + name, to_text(checkpoint));
    ASSERT_TRUE(out.has_value());
    const auto end = out->find('\n');
    const auto verifier = NoteVerifier::parse(std::string_view{*out}.substr(0, end));
    ASSERT_TRUE(verifier.has_value());
    EXPECT_EQ(open_checkpoint(out->substr(end + 1), verifier.value()).value(), checkpoint);
    auto bad = out->substr(end + 1);
    bad[bad.find("1234")] = '9';
    EXPECT_EQ(open_checkpoint(bad, verifier.value()).error().code, Errc::unauthenticated);
}

TEST_F(GoNote, HoldsAllOurProofsForGoodAndNoAlteredOne) {
    constexpr std::uint64_t most = 70;
    std::map<NodeId, Digest> nodes;
    std::vector<Digest> roots{merkle_empty_root()};
    std::vector<Digest> leaves;
    CompactRange range;
    for (std::uint64_t i = 0; i < most; ++i) {
        std::vector<Node> completed;
        leaves.push_back(merkle_leaf(view_bytes("entry " + std::to_string(i))));
        range.append(leaves.back(), completed);
        for (const auto& node : completed) nodes.emplace(node.id, node.hash);
        roots.push_back(range.root());
    }
    const auto read = [&nodes](NodeId id) -> Result<Digest> { return nodes.at(id); };
    const auto hash = [](const Digest& digest) { return Json{to_base64(digest, Base64::standard)}; };
    Json good = Json::array();
    Json bad = Json::array();
    const auto add = [&](std::uint64_t index, std::uint64_t old_size, std::uint64_t size, const std::vector<Digest>& proof) {
        Json hashes = Json::array();
        for (const auto& digest : proof) hashes.push(hash(digest));
        Json item = Json::object({{"Index", index}, {"OldSize", old_size}, {"Size", size}, {"Leaf", hash(leaves[index])},
                                  {"OldRoot", hash(roots[old_size])}, {"Root", hash(roots[size])}, {"Hashes", hashes}});
        good.push(item);
        item.set("Root", hash(roots[size - 1]));
        bad.push(item);
    };
    for (std::uint64_t size = 1; size <= most; ++size) {
        for (std::uint64_t i = 0; i < size; ++i) add(i, 0, size, inclusion_proof(i, size, read).value());
        for (std::uint64_t old_size = 1; old_size < size; ++old_size) add(0, old_size, size, consistency_proof(old_size, size, read).value());
    }
    EXPECT_EQ(run("prove", to_jcs(good)), std::to_string(good.size()) + "\n");
    EXPECT_EQ(run("prove", to_jcs(bad)), "0\n");
}

}  // namespace
}  // namespace cg::crypto
