// The C2SP/CCTV age test files (npm cctv-age): each says what reading it must come to.
#include "crypto/age.hpp"
#include "crypto/age_header.hpp"
#include "crypto/hash.hpp"
#include "tests/oracles/oracle.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

namespace cg::crypto {
namespace {

struct Case {
    std::string name;
    std::string expect;
    std::string payload_sha256;
    std::vector<AgeIdentity> identities;
    bool armored = false;
    Bytes file;
};

struct Outcome {
    Errc code{};  // 0: opened
    std::string detail;
    Bytes released;
    bool in_armor = false;  // refused before the file inside was looked at
};

auto read_case(const std::filesystem::path& head) -> Case {
    Case out;
    out.name = head.stem().string();
    out.file = oracle::read_file(std::filesystem::path{head}.replace_extension(".age"));
    std::ifstream in(head);
    static const std::set<std::string> known{"expect",  "payload",    "identity", "passphrase",
                                             "armored", "compressed", "file key", "comment"};
    for (std::string line; std::getline(in, line);) {
        const auto colon = line.find(": ");
        const auto key = line.substr(0, colon);
        const auto value = line.substr(colon + 2);
        EXPECT_TRUE(known.contains(key)) << out.name << " has an unknown key: " << key;
        if (key == "expect") out.expect = value;
        if (key == "payload") out.payload_sha256 = value;
        if (key == "armored") out.armored = value == "yes";
        if (key == "identity") {
            auto identity = AgeIdentity::parse(value);
            EXPECT_TRUE(identity.has_value()) << out.name;
            if (identity) out.identities.push_back(std::move(identity).value());
        }
    }
    return out;
}

auto read_cases() -> Result<std::vector<Case>> {
    const oracle::TemporaryFolder folder;
    CG_TRY(oracle::run("cctv_age.mjs", {folder.path().string()}));
    std::vector<Case> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
        if (entry.path().extension() == ".head") out.push_back(read_case(entry.path()));
    }
    std::ranges::sort(out, {}, &Case::name);
    return out;
}

auto open_stream(ByteView file, const std::vector<AgeIdentity>& identities) -> Outcome {
    std::vector<const AgeIdentity*> borrowed;
    for (const auto& identity : identities) borrowed.push_back(&identity);
    Outcome out;
    const auto result = age_open(
        [&](std::span<std::uint8_t> room) -> Result<std::size_t> {
            const auto count = std::min({room.size(), file.size(), std::size_t{10'007}});  // pieces that fit nothing
            std::ranges::copy(file.first(count), room.begin());
            file = file.subspan(count);
            return count;
        },
        [&](ByteView chunk) -> Result<> {
            out.released.insert(out.released.end(), chunk.begin(), chunk.end());
            return ok();
        },
        borrowed);
    if (!result) out.code = result.error().code, out.detail = result.error().detail;
    return out;
}

auto open_case(const Case& c) -> Outcome {
    if (!c.armored) return open_stream(c.file, c.identities);
    const auto plain = age_dearmor(view_text(c.file));
    if (!plain) return {plain.error().code, plain.error().detail, {}, true};
    return open_stream(plain.value(), c.identities);
}

// What we answer, in the words of the test files.
auto in_their_words(const Outcome& outcome) -> std::string {
    if (outcome.code == Errc{}) return "success";
    if (outcome.in_armor) return "armor failure";
    if (outcome.code == Errc::malformed) return "header failure";
    if (outcome.code == Errc::truncated) return "payload failure";
    if (outcome.code != Errc::unauthenticated) return std::string{to_string(outcome.code)};
    if (outcome.detail == "no identity here opens the age file") return "no match";
    if (outcome.detail == "the age file's header was altered") return "HMAC failure";
    if (outcome.detail == "the age file's payload was altered") return "payload failure";
    if (outcome.detail == "the age file goes on behind its last chunk") return "payload failure";
    return outcome.detail;
}

TEST(CctvAge, EveryFileBehavesAsItStates) {
    auto cases = read_cases();
    ASSERT_TRUE(cases.has_value()) << cases.error().detail;
    std::map<std::string, int> counts;
    for (const auto& c : cases.value()) {
        const auto outcome = open_case(c);
        if (outcome.code == Errc::unsupported) {
            EXPECT_NE(outcome.detail.find("scrypt"), std::string::npos) << c.name;
            EXPECT_TRUE(c.name.starts_with("scrypt") || c.name == "armor_scrypt") << c.name;
            ++counts["unsupported"];
            continue;
        }
        EXPECT_EQ(in_their_words(outcome), c.expect) << c.name << ": " << outcome.detail;
        ++counts[c.expect];
        if (c.expect == "success" || c.expect == "payload failure") {
            EXPECT_EQ(to_hex(sha256(outcome.released)), c.payload_sha256) << c.name;
        } else {
            EXPECT_TRUE(outcome.released.empty()) << c.name;
        }
    }
    for (const auto& [what, count] : counts) std::cout << "cctv-age: " << count << " " << what << "\n";
    const std::map<std::string, int> expected{{"success", 24},        {"no match", 10},      {"HMAC failure", 1},
                                              {"header failure", 45}, {"armor failure", 22}, {"payload failure", 19},
                                              {"unsupported", 22}};
    EXPECT_EQ(counts, expected);
    EXPECT_EQ(cases.value().size(), 143U);
}

TEST(CctvAge, EveryHeaderThatIsReadIsWrittenBackTheSame) {
    auto cases = read_cases();
    ASSERT_TRUE(cases.has_value()) << cases.error().detail;
    int read = 0;
    for (const auto& c : cases.value()) {
        if (c.armored) continue;
        const auto text = view_text(c.file);
        const auto length = age_header_length(text);
        if (!length) continue;
        const auto header = parse_age_header(text.substr(0, *length));
        if (!header) continue;
        EXPECT_EQ(encode_age_header(header.value()), text.substr(0, *length)) << c.name;
        ++read;
    }
    EXPECT_GT(read, 60);
}

TEST(CctvAge, EveryArmorThatIsReadIsWrittenBackTheSame) {
    auto cases = read_cases();
    ASSERT_TRUE(cases.has_value()) << cases.error().detail;
    int read = 0;
    for (const auto& c : cases.value()) {
        EXPECT_TRUE(!c.armored || is_age_armored(c.file) || c.expect == "armor failure") << c.name;
        const auto plain = age_dearmor(view_text(c.file));
        if (!plain) continue;
        EXPECT_TRUE(c.armored) << c.name;
        auto text = to_text(c.file);
        std::erase(text, '\r');  // line ends and white space around it may differ, nothing else
        text.erase(0, text.find_first_not_of(" \t\n"));
        text.erase(text.find_last_not_of(" \t\n") + 1);
        EXPECT_EQ(age_armor(plain.value()), text + "\n") << c.name;
        ++read;
    }
    EXPECT_GT(read, 8);
}

}  // namespace
}  // namespace cg::crypto
