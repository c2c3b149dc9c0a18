// Notes, checkpoints and verifier keys: what is accepted is written back the same, and no note but one known fits the key.
#include "crypto/note.hpp"

#include <cstdlib>

namespace {

void must(bool holds) {
    if (!holds) std::abort();
}

/// The example of Go's sumdb/note.
constexpr std::string_view vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view signed_text =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = cg::view_text({data, size});
    static const auto verifier = cg::crypto::NoteVerifier::parse(vkey).value();
    const auto opened = cg::crypto::open_note(text, verifier);
    if (opened.has_value()) must(opened.value() == signed_text);
    const auto checkpoint = cg::crypto::parse_checkpoint(text);
    if (checkpoint.has_value()) must(cg::crypto::to_text(checkpoint.value()) == text);
    const auto other = cg::crypto::NoteVerifier::parse(text);
    if (other.has_value()) must(other.value().vkey() == text);
    return 0;
}
