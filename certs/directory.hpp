#pragma once
/// The agencies of a federation, from their signed descriptors: where recipients are resolved and keys are found.

#include "certs/descriptor.hpp"
#include "crypto/note.hpp"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cg::certs {

/// A descriptor's text and what to call it in a report (a file name).
struct DescriptorText {
    std::string label;
    std::string text;
};

/// A descriptor that is not used, or will not be for long.
struct DescriptorRefusal {
    std::string label;
    AgencyId agency;      ///< empty where the text could not be believed
    std::string reason;   ///< directory/malformed, /agency-signature, /registrar-signature, /descriptor-expired,
                          ///< /not-yet-valid, /seq-went-back, /duplicate
    std::vector<Problem> problems;  ///< details of directory/malformed
};

/// The highest `seq` seen of each agency; kept by the caller between loads.
using SequenceMarks = std::map<AgencyId, std::uint64_t>;

/// Immutable; cheap to copy.
///
/// Threads   safe to share
class Directory {
public:
    Directory();

    /// A bad descriptor is left out and reported; it does not take the others down. Two of one agency: the higher `seq`
    /// counts, and the other is reported as directory/duplicate. An expired one is reported, and lookups say so.
    [[nodiscard]] static auto load(std::span<const DescriptorText> untrusted, const crypto::VerifyKey& registrar, Instant now,
                                   const SequenceMarks& seen = {}) -> Directory;

    [[nodiscard]] auto refusals() const noexcept -> const std::vector<DescriptorRefusal>&;
    /// `seen` with what was accepted.
    [[nodiscard]] auto marks() const noexcept -> const SequenceMarks&;
    /// In order of id; expired ones included.
    [[nodiscard]] auto agencies() const -> std::vector<AgencyId>;

    /// Null where unknown; an expired one is found. Lifetime: this directory's.
    [[nodiscard]] auto find(const AgencyId& agency) const noexcept -> const Descriptor*;
    /// The same, and it is in force.
    /// Errors  not_found recipient/agency-unknown; denied directory/descriptor-expired
    [[nodiscard]] auto in_force(const AgencyId& agency, Instant now) const -> Result<const Descriptor*>;

    /// The key to seal for a recipient with: of those in force the one that began last.
    /// Errors  with one Problem: not_found recipient/agency-unknown, recipient/unknown (no such role there);
    ///         denied recipient/key-missing (none in force), directory/descriptor-expired
    [[nodiscard]] auto recipient_key(const RecipientId& recipient, Instant now) const -> Result<RoleKey>;

    /// The key that a signature names by its certificate's thumbprint.
    /// Errors  unauthenticated with one Problem: directory/agency-unknown, directory/descriptor-expired,
    ///         directory/key-unknown, directory/key-expired
    [[nodiscard]] auto signing_key(const AgencyId& agency, const crypto::Digest& certificate_sha256, Instant now) const
        -> Result<crypto::VerifyKey>;

    /// Errors  unauthenticated: directory/agency-unknown. Expiry is not looked at: old checkpoints stay checkable.
    [[nodiscard]] auto log_verifier(const AgencyId& agency) const -> Result<crypto::NoteVerifier>;

private:
    struct State;
    std::shared_ptr<const State> state_;
};

}  // namespace cg::certs
