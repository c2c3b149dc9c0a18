// Log proofs: what is accepted is written back the same, and nothing is proven under a key that signed no checkpoint.
#include "crypto/note.hpp"

#include <cstdlib>

namespace {

void must(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = cg::view_text({data, size});
    static const auto verifier =
        cg::crypto::NoteVerifier::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").value();
    const auto proof = cg::crypto::parse_tlog_proof(text);
    if (proof.has_error()) return 0;
    must(cg::crypto::to_text(proof.value()) == text);
    must(cg::crypto::check_tlog_proof(proof.value(), cg::ByteView{data, size}, verifier).has_error());
    // The proof by itself, against sizes and roots that the input chooses: a hash is never that of something above it.
    const auto& hashes = proof.value().hashes;
    if (hashes.empty()) return 0;
    const std::uint64_t tree_size = proof.value().checkpoint.size();
    must(!cg::crypto::verifies_inclusion({}, proof.value().index, tree_size, hashes, hashes.back()));
    must(!cg::crypto::verifies_consistency(proof.value().index, hashes.back(), tree_size, hashes.back(), hashes));
    return 0;
}
