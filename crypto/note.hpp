#pragma once
/// Signed notes, checkpoints and proofs as other transparency tools read them: C2SP signed-note, tlog-checkpoint, tlog-proof.

#include "crypto/keys.hpp"
#include "crypto/merkle.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cg::crypto {

/// Who may have signed a note: name, and an Ed25519 key. Text form: `<name>+<hash hex>+<base64 of 0x01 ‖ key>` (vkey).
class NoteVerifier {
public:
    /// Requires a name without white space and '+', and an Ed25519 key.
    NoteVerifier(std::string name, VerifyKey key);
    /// Errors  malformed, unsupported
    [[nodiscard]] static auto parse(std::string_view vkey) -> Result<NoteVerifier>;
    [[nodiscard]] auto name() const noexcept -> const std::string& { return name_; }
    [[nodiscard]] auto key() const noexcept -> const VerifyKey& { return key_; }
    /// The four-byte key id of the note's signature line.
    [[nodiscard]] auto id() const noexcept -> std::uint32_t { return id_; }
    [[nodiscard]] auto vkey() const -> std::string;

private:
    std::string name_;
    VerifyKey key_;
    std::uint32_t id_;
};

/// A whole note: `text`, an empty line, and one signature line ("— name base64\n").
/// Input  `text` ends with a new line and is UTF-8 without control characters; `name` has no white space and no '+'; the key
///        is Ed25519
[[nodiscard]] auto sign_note(std::string_view text, std::string_view name, const SigningKey& key) -> std::string;

/// The text of a note that carries a good signature by `verifier`. Signatures by others are passed over.
/// Bounds  256 KiB, 64 signatures
/// Errors  malformed, too_large, unauthenticated
[[nodiscard]] auto open_note(std::string_view note, const NoteVerifier& verifier) -> Result<std::string>;

/// The head of a log. Text form: origin, decimal size, base64 root, each on a line (no extension lines).
struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;
    Digest root{};
    auto operator==(const Checkpoint&) const -> bool = default;
};
[[nodiscard]] auto to_text(const Checkpoint& checkpoint) -> std::string;
/// Errors  malformed
[[nodiscard]] auto parse_checkpoint(std::string_view text) -> Result<Checkpoint>;
/// open_note, then parse_checkpoint, and the origin is the verifier's name.
/// Errors  malformed, too_large, unauthenticated
[[nodiscard]] auto open_checkpoint(std::string_view note, const NoteVerifier& verifier) -> Result<Checkpoint>;

/// An inclusion proof that stands alone (C2SP tlog-proof): index, hashes, and the signed checkpoint that they lead to.
struct TlogProof {
    std::uint64_t index = 0;
    std::vector<Digest> hashes;
    std::string checkpoint;  ///< the signed note
};
[[nodiscard]] auto to_text(const TlogProof& proof) -> std::string;
/// `extra` data, which nothing would authenticate, is refused.
/// Bounds  256 KiB, 63 hashes
/// Errors  malformed, too_large
[[nodiscard]] auto parse_tlog_proof(std::string_view text) -> Result<TlogProof>;
/// Whether `leaf` (the leaf's bytes) is in the log of `verifier` at the proof's index.
/// Returns  the checkpoint
/// Errors   malformed and too_large (the checkpoint), unauthenticated
[[nodiscard]] auto check_tlog_proof(const TlogProof& proof, ByteView leaf, const NoteVerifier& verifier) -> Result<Checkpoint>;

}  // namespace cg::crypto
