#include "certs/directory.hpp"

#include <algorithm>

namespace cg::certs {
namespace {

constexpr std::chrono::minutes clock_skew{5};
constexpr std::size_t max_text_bytes = 1U << 20U;

auto refusal_of(const DescriptorText& text, const Error& error) -> DescriptorRefusal {
    DescriptorRefusal out{text.label, {}, "directory/malformed", error.problems};
    if (!error.problems.empty() && error.problems.front().type.starts_with("directory/")) out.reason = error.problems.front().type;
    return out;
}

auto open_text(const DescriptorText& text, const crypto::VerifyKey& registrar) -> Result<Descriptor> {
    CG_TRY(const auto json, parse_json(text.text, {.max_bytes = max_text_bytes, .max_depth = 8}));
    return open_descriptor(json, registrar);
}

auto refuse(Errc code, std::string type, std::string fix) { return fail(code, type, {Problem{type, "", std::move(fix), ""}}); }

struct Candidate {
    std::string label;
    Descriptor descriptor;
};

}  // namespace

struct Directory::State {
    std::map<AgencyId, Candidate> agencies;
    std::vector<DescriptorRefusal> refusals;
    SequenceMarks marks;

    void refuse(const Candidate& candidate, std::string_view reason) {
        refusals.push_back({candidate.label, candidate.descriptor.agency, "directory/" + std::string{reason}, {}});
    }

    void take(Candidate candidate, Instant now) {
        const auto agency = candidate.descriptor.agency;
        const auto mark = marks.find(agency);
        const auto here = agencies.find(agency);
        if (candidate.descriptor.issued > now + clock_skew) return refuse(candidate, "not-yet-valid");
        if (here != agencies.end()) {
            const bool newer = candidate.descriptor.seq > here->second.descriptor.seq;
            refuse(newer ? here->second : candidate, "duplicate");
            if (newer) here->second = std::move(candidate);
        } else if (mark != marks.end() && candidate.descriptor.seq < mark->second) {
            refuse(candidate, "seq-went-back");
        } else {
            agencies.emplace(agency, std::move(candidate));
        }
    }
};

Directory::Directory() : state_(std::make_shared<State>()) {}

auto Directory::load(std::span<const DescriptorText> untrusted, const crypto::VerifyKey& registrar, Instant now,
                     const SequenceMarks& seen) -> Directory {
    auto state = std::make_shared<State>();
    state->marks = seen;
    for (const auto& text : untrusted) {
        auto descriptor = open_text(text, registrar);
        if (descriptor)
            state->take({text.label, std::move(descriptor).value()}, now);
        else
            state->refusals.push_back(refusal_of(text, descriptor.error()));
    }
    for (const auto& [agency, candidate] : state->agencies) {
        state->marks[agency] = candidate.descriptor.seq;
        if (candidate.descriptor.expires <= now) state->refuse(candidate, "descriptor-expired");
    }
    Directory out;
    out.state_ = std::move(state);
    return out;
}

auto Directory::refusals() const noexcept -> const std::vector<DescriptorRefusal>& { return state_->refusals; }
auto Directory::marks() const noexcept -> const SequenceMarks& { return state_->marks; }

auto Directory::agencies() const -> std::vector<AgencyId> {
    std::vector<AgencyId> out;
    for (const auto& [agency, candidate] : state_->agencies) out.push_back(agency);
    return out;
}

auto Directory::find(const AgencyId& agency) const noexcept -> const Descriptor* {
    const auto found = state_->agencies.find(agency);
    return found == state_->agencies.end() ? nullptr : &found->second.descriptor;
}

auto Directory::in_force(const AgencyId& agency, Instant now) const -> Result<const Descriptor*> {
    const auto* descriptor = find(agency);
    if (descriptor == nullptr)
        return refuse(Errc::not_found, "recipient/agency-unknown", "name an agency that the directory lists");
    if (descriptor->expires <= now)
        return refuse(Errc::denied, "directory/descriptor-expired", "have the agency publish a current directory entry");
    return descriptor;
}

auto Directory::recipient_key(const RecipientId& recipient, Instant now) const -> Result<RoleKey> {
    CG_TRY(const auto* descriptor, in_force(recipient.agency, now));
    const auto role = std::ranges::find(descriptor->roles, recipient.role, &DirectoryRole::role);
    if (role == descriptor->roles.end())
        return refuse(Errc::not_found, "recipient/unknown", "name a role that the agency's directory entry lists");
    const RoleKey* best = nullptr;
    for (const auto& key : role->recipients) {
        const bool in_force = key.not_before <= now && now < key.expires;
        if (in_force && (best == nullptr || key.not_before > best->not_before)) best = &key;
    }
    if (best == nullptr)
        return refuse(Errc::denied, "recipient/key-missing", "have the agency publish a current key for this role");
    return *best;
}

auto Directory::signing_key(const AgencyId& agency, const crypto::Digest& certificate_sha256, Instant now) const
    -> Result<crypto::VerifyKey> {
    const auto no = [](std::string type, std::string fix) { return refuse(Errc::unauthenticated, std::move(type), std::move(fix)); };
    const auto* descriptor = find(agency);
    if (descriptor == nullptr) return no("directory/agency-unknown", "exchange registered directory entries first");
    if (descriptor->expires <= now) return no("directory/descriptor-expired", "publish a current directory entry");
    const auto certificate = std::ranges::find(descriptor->signing, certificate_sha256, &Certificate::sha256);
    if (certificate == descriptor->signing.end()) return no("directory/key-unknown", "sign with a certificate of the directory entry");
    const CertificateRules rules{agency, IdentityKind::gateway, CertificateUsage::signing, nullptr};
    if (certificate_problem(*certificate, rules, now)) return no("directory/key-expired", "sign with a certificate that is in force");
    return certificate->key;
}

auto Directory::log_verifier(const AgencyId& agency) const -> Result<crypto::NoteVerifier> {
    const auto* descriptor = find(agency);
    if (descriptor == nullptr)
        return refuse(Errc::unauthenticated, "directory/agency-unknown", "exchange registered directory entries first");
    return crypto::NoteVerifier::parse(descriptor->log);
}

}  // namespace cg::certs
