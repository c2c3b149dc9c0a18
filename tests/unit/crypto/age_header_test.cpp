#include "crypto/age_header.hpp"

#include "crypto/hash.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace cg::crypto {
namespace {

const std::string mac(43, 'A');

auto with_stanza(std::string_view stanza) -> std::string {
    return "age-encryption.org/v1\n" + std::string{stanza} + "--- " + mac + "\n";
}

TEST(AgeHeader, WhatIsWrittenIsReadTheSame) {
    EXPECT_TRUE(rc::check([] {
        AgeHeader header;
        const auto stanzas = *rc::gen::inRange(1, 5);
        for (int i = 0; i < stanzas; ++i) {
            const auto word = rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange<char>('!', '\x7f')));
            const auto words = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(word));
            header.stanzas.push_back({words, random_bytes(*rc::gen::inRange<std::size_t>(0, 200))});
        }
        random_fill(header.mac);
        const auto text = encode_age_header(header);
        const auto read = parse_age_header(text);
        RC_ASSERT(read.has_value());
        RC_ASSERT(encode_age_header(read.value()) == text);
        RC_ASSERT(read.value().mac == header.mac);
        RC_ASSERT(read.value().stanzas.size() == header.stanzas.size());
        RC_ASSERT(read.value().stanzas[0].body == header.stanzas[0].body);
        RC_ASSERT(read.value().stanzas[0].arguments == header.stanzas[0].arguments);
        RC_ASSERT(age_header_length(text + "payload\n--- \n") == text.size());
        RC_ASSERT(age_header_before_mac(text) == encode_age_header_before_mac(header.stanzas));
    }));
}

TEST(AgeHeader, ABodyOfWholeLinesEndsWithAnEmptyOne) {
    const AgeHeader header{{{{"kind"}, Bytes(48)}}, {}};
    const auto text = encode_age_header(header);
    EXPECT_EQ(text, with_stanza("-> kind\n" + std::string(64, 'A') + "\n\n"));
    EXPECT_TRUE(parse_age_header(text).has_value());
    EXPECT_FALSE(parse_age_header(with_stanza("-> kind\n" + std::string(64, 'A') + "\n")).has_value());
}

TEST(AgeHeader, WhatCouldBeWrittenAnotherWayIsRefused) {
    ASSERT_TRUE(parse_age_header(with_stanza("-> a b\nAAAA\n")).has_value());
    for (const auto& text : {with_stanza(""),
                             with_stanza("->\nAAAA\n"),
                             with_stanza("-> \nAAAA\n"),
                             with_stanza("->  a\nAAAA\n"),
                             with_stanza("-> a \nAAAA\n"),
                             with_stanza("-> a\r\nAAAA\n"),
                             with_stanza("-> a\nAAAA\r\n"),
                             with_stanza("-> a\nAAAA=\n"),
                             with_stanza("-> a\nAAB\n"),
                             with_stanza("-> a\nAAAA \n"),
                             with_stanza("-> a\n" + std::string(65, 'A') + "\n"),
                             with_stanza("-> \x7f\nAAAA\n"),
                             with_stanza("-> \xc3\xa9\nAAAA\n"),
                             with_stanza("-> a\nA-AA\n"),
                             with_stanza("-> a\nAAAA\nAAAA\n"),
                             with_stanza("-> a\nAAAA\n") + "x",
                             "age-encryption.org/v2\n-> a\n\n--- " + mac + "\n",
                             "age-encryption.org/v1\r\n-> a\n\n--- " + mac + "\n",
                             "age-encryption.org/v1\n-> a\n\n---  " + mac + "\n",
                             "age-encryption.org/v1\n-> a\n\n--- " + mac + " \n",
                             "age-encryption.org/v1\n-> a\n\n--- " + mac + "A\n",
                             "age-encryption.org/v1\n-> a\n\n---" + mac + "\n",
                             "age-encryption.org/v1\n-> a\n\n--- " + mac.substr(1) + "B\n",
                             "age-encryption.org/v1\n-> a\n\n--- " + mac,
                             std::string{}}) {
        const auto read = parse_age_header(text);
        ASSERT_FALSE(read.has_value()) << text;
        EXPECT_EQ(read.error().code, Errc::malformed);
    }
}

}  // namespace
}  // namespace cg::crypto
