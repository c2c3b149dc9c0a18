#include "crypto/keys.hpp"

#include "crypto/key_file.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

namespace {

using cg::Bytes;
using cg::Errc;
using cg::crypto::SecretBytes;
using cg::crypto::SignatureAlg;
using cg::crypto::SigningKey;
using cg::crypto::VerifyKey;

static_assert(!std::is_copy_constructible_v<SigningKey>);
static_assert(std::is_nothrow_move_constructible_v<SigningKey>);

auto passphrase(std::string_view text = "seven green umbrellas") -> SecretBytes { return SecretBytes::copy_of(text); }

/// One key of each kind for all tests: making them is cheap, but a failure should not depend on which.
auto key_of(SignatureAlg alg) -> const SigningKey& {
    static const SigningKey ed25519 = SigningKey::generate(SignatureAlg::ed25519);
    static const SigningKey es256 = SigningKey::generate(SignatureAlg::es256);
    return alg == SignatureAlg::ed25519 ? ed25519 : es256;
}

class SigningKeys : public ::testing::TestWithParam<SignatureAlg> {
protected:
    const SigningKey& key = key_of(GetParam());
    const VerifyKey& verify_key = key.verify_key();
};

INSTANTIATE_TEST_SUITE_P(BothKinds, SigningKeys, ::testing::Values(SignatureAlg::ed25519, SignatureAlg::es256),
                         [](const auto& which) { return which.param == SignatureAlg::ed25519 ? "Ed25519" : "Es256"; });

TEST_P(SigningKeys, SignWhatTheirPublicKeyVerifies) {
    EXPECT_TRUE(rc::check([this](const Bytes& message) {
        const auto signature = key.sign(message);
        RC_ASSERT(signature.size() == 64U);
        RC_ASSERT(verify_key.verifies(message, signature));
        RC_ASSERT_FALSE(SigningKey::generate(GetParam()).verify_key().verifies(message, signature));
    }));
}

TEST_P(SigningKeys, EveryAlteredBitIsNoticed) {
    const Bytes message(40, 0x61);
    const auto signature = key.sign(message);
    for (std::size_t bit = 0; bit < 64U * 8U; ++bit) {
        auto bad = signature;
        bad[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        ASSERT_FALSE(verify_key.verifies(message, bad)) << bit;
    }
    for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
        auto bad = message;
        bad[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        ASSERT_FALSE(verify_key.verifies(bad, signature)) << bit;
    }
}

TEST_P(SigningKeys, ASignatureHasExactlySixtyFourBytes) {
    const Bytes message{1, 2, 3};
    auto signature = key.sign(message);
    signature.push_back(0);
    EXPECT_FALSE(verify_key.verifies(message, signature));
    signature.resize(63);
    EXPECT_FALSE(verify_key.verifies(message, signature));
    EXPECT_FALSE(verify_key.verifies(message, {}));
    EXPECT_FALSE(verify_key.verifies(message, Bytes(64, 0)));
    EXPECT_FALSE(verify_key.verifies(message, Bytes(64, 0xff)));
}

TEST_P(SigningKeys, ThePublicKeyReadsBack) {
    const auto again = VerifyKey::from_spki(verify_key.spki()).value();
    EXPECT_EQ(again.alg(), GetParam());
    EXPECT_EQ(again.spki(), verify_key.spki());
    EXPECT_TRUE(again.verifies(Bytes{1}, key.sign(Bytes{1})));
}

TEST_P(SigningKeys, APublicKeyHasOneSpelling) {
    const auto spki = verify_key.spki();
    auto longer = spki;
    longer.push_back(0);
    EXPECT_TRUE(VerifyKey::from_spki(longer).has_error());
    for (std::size_t size = 0; size < spki.size(); ++size)
        EXPECT_TRUE(VerifyKey::from_spki(cg::ByteView{spki}.first(size)).has_error()) << size;
    for (std::size_t i = 0; i < spki.size(); ++i) {
        auto bad = spki;
        bad[i] ^= 0x01U;
        const auto other = VerifyKey::from_spki(bad);  // a byte of the point may give another valid key
        EXPECT_TRUE(other.has_error() || other.value().spki() == bad);
    }
    const auto pem = "-----BEGIN PUBLIC KEY-----\n" + cg::to_base64(spki, cg::Base64::standard) + "\n-----END PUBLIC KEY-----\n";
    EXPECT_TRUE(VerifyKey::from_spki(cg::view_bytes(pem)).has_error()) << "DER only";
}

TEST_P(SigningKeys, SignFromSeveralThreads) {
    std::vector<int> good(4, 0);
    std::vector<std::jthread> threads;
    for (auto& count : good)
        threads.emplace_back([this, &count] {
            for (int i = 0; i < 50; ++i) {
                const Bytes message(static_cast<std::size_t>(i), 0x42);
                count += verify_key.verifies(message, key.sign(message)) ? 1 : 0;
            }
        });
    threads.clear();
    EXPECT_EQ(good, std::vector<int>(4, 50));
}

TEST_P(SigningKeys, AKeyFileGivesTheKeyBack) {
    const auto pem = key.to_encrypted_pem(passphrase());
    EXPECT_NE(pem.find("-----BEGIN ENCRYPTED PRIVATE KEY-----"), std::string::npos);
    const auto again = SigningKey::from_encrypted_pem(pem, passphrase());
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again.value().alg(), GetParam());
    EXPECT_TRUE(verify_key.verifies(Bytes{7}, again.value().sign(Bytes{7})));
    EXPECT_NE(pem, key.to_encrypted_pem(passphrase())) << "salt and vector are fresh";
}

TEST_P(SigningKeys, AKeyFileDoesNotOpenWithAnotherPassphrase) {
    const auto pem = key.to_encrypted_pem(passphrase());
    for (const auto* text : {"seven green umbrella", "Seven green umbrellas", "x"}) {
        const auto result = SigningKey::from_encrypted_pem(pem, passphrase(text));
        ASSERT_TRUE(result.has_error());
        EXPECT_EQ(result.error().code, Errc::unauthenticated);
    }
    EXPECT_TRUE(SigningKey::from_encrypted_pem(pem, SecretBytes{}).has_error());
}

TEST_P(SigningKeys, ADamagedKeyFileIsNoticed) {
    // PBES2 has no authentication of its own; in CBC a changed byte of ciphertext may still give a well-formed private key.
    const auto pem = key.to_encrypted_pem(passphrase());
    const auto last = pem.find("\n-----END") - 1;
    for (const std::size_t back : {8U, 24U, 30U, 40U, 55U, 70U}) {
        auto bad = pem;
        auto& c = bad[last - back];
        if (c == '\n') continue;
        c = c == 'A' ? 'B' : 'A';
        EXPECT_TRUE(SigningKey::from_encrypted_pem(bad, passphrase()).has_error()) << back;
    }
    EXPECT_TRUE(SigningKey::from_encrypted_pem(pem.substr(0, pem.size() / 2), passphrase()).has_error());
    auto other_key = SigningKey::generate(GetParam()).to_encrypted_pem(passphrase());
    const auto swapped = pem.substr(0, pem.find('\n') + 1) + other_key.substr(other_key.find('\n') + 1);
    EXPECT_EQ(SigningKey::from_encrypted_pem(swapped, passphrase()).error().code, Errc::unauthenticated);
    EXPECT_TRUE(SigningKey::from_encrypted_pem(pem.substr(pem.find('\n') + 1), passphrase()).has_value())
        << "without the line above it, it is still a key file";
}

/// Runs a program of the machine; what it writes to standard output, or nothing where it failed.
auto run(const std::string& command) -> std::string {
    std::unique_ptr<FILE, int (*)(FILE*)> pipe{popen(command.c_str(), "r"), pclose};
    std::string out;
    char buffer[512];
    while (const auto n = fread(buffer, 1, sizeof buffer, pipe.get())) out.append(buffer, n);
    return pclose(pipe.release()) == 0 ? out : std::string{};
}

TEST_P(SigningKeys, OpenSslReadsTheKeyFileAndItsPublicKeyIsTheSame) {
    if (run("command -v openssl").empty()) GTEST_SKIP() << "no openssl command on this machine";
    const auto path = std::filesystem::temp_directory_path() / ("casegate-key-" + std::to_string(::getpid()) + ".pem");
    std::ofstream{path} << key.to_encrypted_pem(passphrase());
    const auto der = run("openssl pkey -in " + path.string() + " -passin 'pass:seven green umbrellas' -pubout -outform DER");
    std::filesystem::remove(path);
    EXPECT_EQ(cg::to_bytes(der), verify_key.spki());
}

TEST(SigningKeysOfOpenSsl, AreReadWhereTheyUseScryptAndAes256) {
    if (run("command -v openssl").empty()) GTEST_SKIP() << "no openssl command on this machine";
    for (const auto* algorithm : {"ed25519", "EC -pkeyopt ec_paramgen_curve:P-256"}) {
        const auto pem = run(std::string{"openssl genpkey -algorithm "} + algorithm +
                             " | openssl pkcs8 -topk8 -v2 aes-256-cbc -scrypt -passout 'pass:seven green umbrellas'");
        const auto key = SigningKey::from_encrypted_pem(pem, passphrase());
        ASSERT_TRUE(key.has_value()) << algorithm;
        EXPECT_TRUE(key.value().verify_key().verifies(Bytes{1}, key.value().sign(Bytes{1})));
    }
    for (const auto* protection : {"-v2 aes-256-cbc -v2prf hmacWithSHA256", "-v2 aes-128-cbc -scrypt"}) {
        const auto pem = run(std::string{"openssl genpkey -algorithm ed25519 | openssl pkcs8 -topk8 "} + protection +
                             " -passout 'pass:seven green umbrellas'");
        EXPECT_EQ(SigningKey::from_encrypted_pem(pem, passphrase()).error().code, Errc::unsupported) << protection;
    }
    const auto big = run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 |"
                         " openssl pkcs8 -topk8 -v2 aes-256-cbc -scrypt -passout 'pass:seven green umbrellas'");
    EXPECT_TRUE(SigningKey::from_encrypted_pem(big, passphrase()).has_error()) << "P-384 is no key of ours";
}

TEST(KeyFiles, RefuseWhatIsNoKeyFile) {
    for (const std::string text : {"", "hello", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n-----END ENCRYPTED PRIVATE KEY-----\n",
                                   "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n"})
        EXPECT_EQ(SigningKey::from_encrypted_pem(text, passphrase()).error().code, Errc::malformed) << text;
    EXPECT_EQ(SigningKey::from_encrypted_pem(std::string(1U << 20U, 'A'), passphrase()).error().code, Errc::malformed);
}

TEST(KeyFiles, DoNotLetAFileChooseHowMuchMemoryWeUse) {
    using cg::crypto::is_bearable;
    EXPECT_TRUE(is_bearable(cg::crypto::scrypt_cost));
    EXPECT_TRUE(is_bearable({16384, 8, 1}));
    EXPECT_TRUE(is_bearable({65536, 8, 1}));
    EXPECT_FALSE(is_bearable({131072, 8, 1})) << "128 MiB";
    EXPECT_FALSE(is_bearable({1U << 20U, 8, 1}));
    EXPECT_FALSE(is_bearable({std::uint64_t{1} << 63U, 1, 1}));
    EXPECT_FALSE(is_bearable({2, std::uint64_t{1} << 63U, 1}));
    EXPECT_FALSE(is_bearable({16384, 8, 1U << 30U})) << "an hour of work";
    EXPECT_FALSE(is_bearable({16383, 8, 1})) << "no power of two";
    for (const auto& cost : {cg::crypto::ScryptCost{0, 8, 1}, {1, 8, 1}, {16384, 0, 1}, {16384, 8, 0}}) EXPECT_FALSE(is_bearable(cost));
}

TEST(Ed25519Keys, GiveTheVectorsOfRfc8032) {
    // RFC 8032 section 7.1, test 3.
    const auto key = VerifyKey::from_ed25519(cg::from_hex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025").value());
    const auto signature = cg::from_hex("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                                        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a").value();
    EXPECT_TRUE(key.value().verifies(Bytes{0xaf, 0x82}, signature));
    EXPECT_FALSE(key.value().verifies(Bytes{0xaf, 0x83}, signature));
    EXPECT_EQ(key.value().ed25519_raw().size(), 32U);
    EXPECT_EQ(VerifyKey::from_spki(key.value().spki()).value().ed25519_raw(), key.value().ed25519_raw());
}

TEST(Ed25519Keys, RefuseASignatureWithALargeS) {
    // S + L verifies in implementations that do not check S < L (RFC 8032 section 5.1.7).
    const auto& key = key_of(SignatureAlg::ed25519);
    const auto order = cg::from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").value();
    auto signature = key.sign(Bytes{1, 2, 3});
    unsigned carry = 0;
    for (std::size_t i = 0; i < 32; ++i) {
        carry += static_cast<unsigned>(signature[32 + i]) + order[i];
        signature[32 + i] = static_cast<std::uint8_t>(carry & 0xffU);
        carry >>= 8U;
    }
    EXPECT_FALSE(key.verify_key().verifies(Bytes{1, 2, 3}, signature));
}

TEST(Ed25519Keys, RefuseKeysOfTheWrongSizeOrOfSmallOrder) {
    EXPECT_TRUE(VerifyKey::from_ed25519(Bytes(31, 1)).has_error());
    EXPECT_TRUE(VerifyKey::from_ed25519(Bytes(33, 1)).has_error());
    EXPECT_TRUE(VerifyKey::from_ed25519(Bytes(32, 0)).has_error()) << "order 4";
    Bytes identity(32, 0);
    identity[0] = 1;
    EXPECT_TRUE(VerifyKey::from_ed25519(identity).has_error()) << "order 1: every signature would fit";
}

TEST(P256Keys, TakeAVectorOfRfc6979) {
    // RFC 6979 appendix A.2.5, P-256 with SHA-256, message "sample".
    const auto spki = cg::from_hex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"
                                   "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                                   "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299").value();
    const auto signature = cg::from_hex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                                        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8").value();
    EXPECT_TRUE(VerifyKey::from_spki(spki).value().verifies(cg::view_bytes("sample"), signature));
    auto off_curve = spki;
    off_curve.back() ^= 1U;
    EXPECT_TRUE(VerifyKey::from_spki(off_curve).has_error());
}

TEST(OtherKeys, AreUnsupported) {
    if (run("command -v openssl").empty()) GTEST_SKIP() << "no openssl command on this machine";
    for (const auto* algorithm : {"RSA", "x25519", "ed448", "EC -pkeyopt ec_paramgen_curve:P-384"}) {
        const auto der = run(std::string{"openssl genpkey -algorithm "} + algorithm + " 2>/dev/null | openssl pkey -pubout -outform DER");
        ASSERT_FALSE(der.empty()) << algorithm;
        EXPECT_TRUE(VerifyKey::from_spki(cg::to_bytes(der)).has_error()) << algorithm;
    }
}

TEST(SecretFiles, GiveTheSecretBack) {
    for (const std::size_t size : {0U, 1U, 32U, 4000U}) {
        const auto secret = SecretBytes::copy_of(cg::ByteView{Bytes(size, 0x3c)});
        const auto file = cg::crypto::seal_secret_file(secret, "blind index", passphrase());
        const auto again = cg::crypto::open_secret_file(file, "blind index", passphrase());
        ASSERT_TRUE(again.has_value());
        EXPECT_TRUE(cg::crypto::equal_in_constant_time(again.value().reveal(), secret.reveal()));
    }
}

TEST(SecretFiles, AreBoundToTheirLabelAndPassphrase) {
    const auto file = cg::crypto::seal_secret_file(passphrase("the secret"), "age identity", passphrase());
    EXPECT_EQ(cg::crypto::open_secret_file(file, "age identity", passphrase("wrong")).error().code, Errc::unauthenticated);
    EXPECT_EQ(cg::crypto::open_secret_file(file, "database key", passphrase()).error().code, Errc::unauthenticated);
    auto relabelled = file;
    relabelled.replace(relabelled.find("age identity"), 12, "database key");
    EXPECT_EQ(cg::crypto::open_secret_file(relabelled, "database key", passphrase()).error().code, Errc::unauthenticated);
}

TEST(SecretFiles, NoticeEveryAlteredByte) {
    const auto file = cg::crypto::seal_secret_file(passphrase("the secret"), "age identity", passphrase());
    for (std::size_t i = 0; i < file.size(); i += 7) {
        auto bad = file;
        bad[i] = bad[i] == 'Q' ? 'R' : 'Q';
        EXPECT_TRUE(cg::crypto::open_secret_file(bad, "age identity", passphrase()).has_error()) << i;
    }
    for (const std::size_t size : {0UL, 10UL, file.size() / 2, file.size() - 1})
        EXPECT_EQ(cg::crypto::open_secret_file(file.substr(0, size), "age identity", passphrase()).error().code, Errc::malformed);
    EXPECT_EQ(cg::crypto::open_secret_file(file + "\n", "age identity", passphrase()).error().code, Errc::malformed);
    auto hungry = file;
    hungry.replace(hungry.find("16384"), 5, "1048576");
    EXPECT_EQ(cg::crypto::open_secret_file(hungry, "age identity", passphrase()).error().code, Errc::malformed);
}

}  // namespace
