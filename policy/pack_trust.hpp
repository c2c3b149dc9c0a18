#pragma once
/// Whether a pack may be used: two people have signed these very files, its day has come, and whatever it releases
/// beyond the pack before was read by a second person. A pack only names who signs; their keys come from the gateway's
/// own configuration, so that no pack can vouch for itself.
///
/// Threads   pure

#include "crypto/jws.hpp"
#include "gateway/base/time.hpp"
#include "policy/pack.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cg::policy {

/// Someone whose signature counts, as the configuration knows them: a function such as `ig-lead`, not a person's name.
struct Signatory {
    std::string name;
    crypto::VerifyKey key;
};

/// The signatures beside a pack: file name to its text, a flattened JWS (RFC 7515).
using SignatureFiles = std::map<std::string, std::string, std::less<>>;

inline constexpr std::string_view pack_signature_typ = "casegate-pack+jws";
inline constexpr std::string_view widening_signature_typ = "casegate-widening+jws";
inline constexpr std::size_t signatures_needed = 2;

/// From one pack to the next, and what that releases which was withheld before: one line for each, as `diff` words it.
struct PackStep {
    std::string from, to;  ///< hashes
    std::vector<std::string> widenings;
};

/// What comes of putting `after` in the place of `before`.
[[nodiscard]] auto step_between(const Pack& before, const Pack& after) -> PackStep;

/// What a signatory signs: these files, by their hash.
[[nodiscard]] auto pack_statement(const Pack& pack, std::string_view signatory, Instant at) -> Json;
/// What a signatory signs who has read the widenings.
[[nodiscard]] auto widening_statement(const PackStep& step, std::string_view signatory, Instant at) -> Json;

struct SignatureCheck {
    std::vector<std::string> signed_by;  ///< whose good signature is there, the earliest first
    std::vector<Problem> problems;       ///< pointers are file names
};
/// Two good signatures, of two signatories that the pack names, with two keys; and no bad one beside them.
///
/// Input     `hash` of the files as they are now; `named` by the pack
/// Returns   every problem at once: pack/unsigned, one-signature, signature-malformed, signature-invalid,
///           edited-after-signing, signatory-unknown, signatory-not-named, signatory-twice, key-twice
[[nodiscard]] auto check_signatures(std::string_view hash, const std::vector<std::string>& named,
                                    const SignatureFiles& files, const std::vector<Signatory>& signatories)
    -> SignatureCheck;
/// pack/not-yet-in-force, pack/expired.
[[nodiscard]] auto check_dates(const Pack& pack, Instant now) -> std::vector<Problem>;
/// pack/widening-not-countersigned: where a step widens, one of those who signed the pack, other than the first of them,
/// must have signed exactly these widenings between exactly these packs. `signed_by` is that of check_signatures.
[[nodiscard]] auto check_widenings(const PackStep& step, const std::vector<std::string>& signed_by, const SignatureFiles& files,
                                   const std::vector<Signatory>& signatories) -> std::vector<Problem>;

/// The names under `signatories` in pack.toml.
[[nodiscard]] auto named_signatories(const Pack& pack) -> const std::vector<std::string>&;

}  // namespace cg::policy
