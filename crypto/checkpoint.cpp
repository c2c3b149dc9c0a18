// C2SP tlog-checkpoint and tlog-proof: https://c2sp.org/tlog-checkpoint https://c2sp.org/tlog-proof

#include "crypto/note.hpp"
#include "crypto/note_text.hpp"

namespace cg::crypto {
namespace {

constexpr std::string_view proof_magic = "c2sp.org/tlog-proof@v1";
constexpr std::size_t max_proof_bytes = 256U * 1024U;
constexpr std::size_t max_proof_hashes = 63;  // the depth of a tree of 2^63 leaves

}  // namespace

auto to_text(const Checkpoint& checkpoint) -> std::string {
    CG_ENSURE(!checkpoint.origin.empty() && checkpoint.origin.find('\n') == std::string::npos);
    return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
           to_base64(checkpoint.root, Base64::standard) + "\n";
}

auto parse_checkpoint(std::string_view text) -> Result<Checkpoint> {
    Checkpoint out;
    CG_TRY(const auto origin, take_note_line(text));
    CG_TRY(const auto size, take_note_line(text));
    CG_TRY(const auto root, take_note_line(text));
    if (origin.empty() || !is_note_text(origin)) return fail(Errc::malformed, "checkpoint has no origin");
    if (!text.empty()) return fail(Errc::malformed, "checkpoint has extension lines");
    out.origin = origin;
    CG_TRY(out.size, parse_note_number(size));
    CG_TRY(out.root, parse_note_hash(root));
    return out;
}

auto open_checkpoint(std::string_view note, const NoteVerifier& verifier) -> Result<Checkpoint> {
    CG_TRY(const auto text, open_note(note, verifier));
    CG_TRY(auto checkpoint, parse_checkpoint(text));
    if (checkpoint.origin != verifier.name())
        return fail(Errc::unauthenticated, "checkpoint is of another log than the one that signed it");
    return checkpoint;
}

auto to_text(const TlogProof& proof) -> std::string {
    std::string out{proof_magic};
    out += "\nindex " + std::to_string(proof.index) + "\n";
    for (const auto& hash : proof.hashes) out += to_base64(hash, Base64::standard) + "\n";
    return out + "\n" + proof.checkpoint;
}

auto parse_tlog_proof(std::string_view text) -> Result<TlogProof> {
    constexpr std::string_view index_label = "index ";
    if (text.size() > max_proof_bytes) return fail(Errc::too_large, "log proof is too large");
    CG_TRY(const auto magic, take_note_line(text));
    CG_TRY(const auto index, take_note_line(text));
    if (magic != proof_magic || !index.starts_with(index_label)) return fail(Errc::malformed, "not a log proof");
    TlogProof out;
    CG_TRY(out.index, parse_note_number(index.substr(index_label.size())));
    for (;;) {
        CG_TRY(const auto line, take_note_line(text));
        if (line.empty()) break;
        if (out.hashes.size() == max_proof_hashes) return fail(Errc::malformed, "log proof has too many hashes");
        CG_TRY(const auto hash, parse_note_hash(line));
        out.hashes.push_back(hash);
    }
    if (text.empty()) return fail(Errc::malformed, "log proof has no checkpoint");
    out.checkpoint = text;
    return out;
}

auto check_tlog_proof(const TlogProof& proof, ByteView leaf, const NoteVerifier& verifier) -> Result<Checkpoint> {
    CG_TRY(auto checkpoint, open_checkpoint(proof.checkpoint, verifier));
    if (!verifies_inclusion(merkle_leaf(leaf), proof.index, checkpoint.size, proof.hashes, checkpoint.root))
        return fail(Errc::unauthenticated, "log proof does not lead from the entry to the checkpoint");
    return checkpoint;
}

}  // namespace cg::crypto
