#include "policy/pack_trust.hpp"

#include "policy/compiled.hpp"
#include "policy/pack_diff.hpp"
#include "policy/uk_time.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace cg::policy {
namespace {

/// One file, taken apart and not yet believed.
struct Claim {
    std::string file;
    std::string typ, signatory;
    crypto::JwsSignature signature;
    Json statement;
};

auto problem(std::string_view type, std::string_view file, std::string fix) -> Problem {
    return {std::string{type}, std::string{file}, std::move(fix), ""};
}

auto read_claim(const std::string& file, std::string_view text) -> std::optional<Claim> {
    const auto json = parse_json(text);
    if (!json) return {};
    auto jws = crypto::parse_jws(json.value());
    if (!jws || jws.value().signatures.size() != 1) return {};
    auto statement = parse_json(view_text(jws.value().payload));
    if (!statement) return {};
    auto& signature = jws.value().signatures.front();
    Claim claim{file, signature.header.typ, signature.header.kid, std::move(signature), std::move(statement).value()};
    const bool known = claim.typ == pack_signature_typ || claim.typ == widening_signature_typ;
    if (!known || claim.signatory.empty() || claim.statement["signatory"].text() != claim.signatory) return {};
    return claim;
}

auto find(const std::vector<Signatory>& signatories, std::string_view name) -> const Signatory* {
    const auto it = std::ranges::find(signatories, name, &Signatory::name);
    return it == signatories.end() ? nullptr : &*it;
}

/// Collects the good signatures over one hash.
class Checker {
public:
    Checker(std::string_view hash, const std::vector<std::string>& named, const std::vector<Signatory>& signatories)
        : hash_(hash), named_(named), signatories_(signatories) {}

    void look_at(const std::string& file, std::string_view text) {
        const auto claim = read_claim(file, text);
        if (!claim)
            return note("pack/signature-malformed", file,
                        "This file is no signature of a policy: remove it, or sign again with 'casegate policy sign'.");
        if (claim->typ != pack_signature_typ) return;  // what it says is asked for where a step is checked
        const auto* signatory = find(signatories_, claim->signatory);
        if (signatory == nullptr)
            return note(
                "pack/signatory-unknown", file,
                "This gateway's configuration knows no such signatory: remove the file, or add their public key "
                "under [policy.signatories].");
        if (std::ranges::find(named_, claim->signatory) == named_.end())
            note("pack/signatory-not-named", file,
                 "The policy does not name this signatory: have one sign whom 'signatories' in pack.toml names.");
        else if (!claim->signature.verifies(signatory->key))
            note("pack/signature-invalid", file,
                 "This signature was not made with the signatory's key: have them sign again.");
        else if (claim->statement["pack"]["hash"].text() != hash_)
            note("pack/edited-after-signing", file,
                 "The policy was changed after this signature: undo the change, or have it signed again.");
        else
            count(*claim, *signatory);
    }

    auto finish() -> SignatureCheck {
        std::ranges::sort(good_);
        SignatureCheck out;
        for (const auto& [at, name] : good_) out.signed_by.push_back(name);
        if (good_.empty())
            note("pack/unsigned", "signatures/",
                 "Nobody has signed this policy: two of its signatories sign it with 'casegate policy sign'.");
        else if (good_.size() < signatures_needed)
            note("pack/one-signature", "signatures/",
                 "One signature is not enough: a second, different signatory signs it with 'casegate policy sign'.");
        out.problems = std::move(problems_);
        return out;
    }

private:
    void count(const Claim& claim, const Signatory& signatory) {
        if (std::ranges::find(good_, signatory.name, &std::pair<std::string, std::string>::second) != good_.end())
            return note("pack/signatory-twice", claim.file,
                        "The same signatory signed twice, which counts once: remove this file.");
        if (!keys_.insert(signatory.key.spki()).second)
            return note("pack/key-twice", claim.file,
                        "Two signatories share one key, so this counts once: give each a key of their own.");
        good_.emplace_back(claim.statement["signed_at"].text(), signatory.name);
    }
    void note(std::string_view type, std::string_view file, std::string fix) {
        problems_.push_back(problem(type, file, std::move(fix)));
    }

    std::string_view hash_;
    const std::vector<std::string>& named_;
    const std::vector<Signatory>& signatories_;
    std::vector<std::pair<std::string, std::string>> good_;  ///< when, who
    std::set<Bytes> keys_;
    std::vector<Problem> problems_;
};

auto says(const Json& statement, const PackStep& step) -> bool {
    return statement["from"].text() == step.from && statement["to"].text() == step.to &&
           statement["widenings"] == Json::texts(step.widenings);
}

}  // namespace

auto step_between(const Pack& before, const Pack& after) -> PackStep {
    PackStep out{before.hash(), after.hash(), {}};
    for (auto& change : diff(before, after).changes)
        if (change.widening) out.widenings.push_back(std::move(change.text));
    return out;
}

auto pack_statement(const Pack& pack, std::string_view signatory, Instant at) -> Json {
    return Json::object(
        {{"statement", "This is the sharing policy."},
         {"pack", Json::object({{"id", pack.id()}, {"version", pack.version()}, {"hash", pack.hash()}})},
         {"signatory", signatory},
         {"signed_at", to_rfc3339(at)}});
}

auto widening_statement(const PackStep& step, std::string_view signatory, Instant at) -> Json {
    return Json::object({{"statement", "I have read what is released from now on that was withheld before."},
                         {"from", step.from},
                         {"to", step.to},
                         {"widenings", Json::texts(step.widenings)},
                         {"signatory", signatory},
                         {"signed_at", to_rfc3339(at)}});
}

auto check_signatures(std::string_view hash, const std::vector<std::string>& named, const SignatureFiles& files,
                      const std::vector<Signatory>& signatories) -> SignatureCheck {
    Checker checker{hash, named, signatories};
    for (const auto& [file, text] : files) checker.look_at(file, text);
    return checker.finish();
}

auto check_dates(const Pack& pack, Instant now) -> std::vector<Problem> {
    std::vector<Problem> out;
    const auto today = uk_date(now);  // as the decision itself counts
    const auto& until = pack.compiled().in_force_until;
    if (today < pack.in_force_from())
        out.push_back(problem("pack/not-yet-in-force", "pack.toml",
                              "This policy is in force from " + to_iso_date(pack.in_force_from()) +
                                  ": load it on that day, or correct 'in_force_from'."));
    if (until && today >= *until)
        out.push_back(
            problem("pack/expired", "pack.toml",
                    "This policy was in force until " + to_iso_date(*until) + ": load the one that follows it."));
    return out;
}

auto check_widenings(const PackStep& step, const std::vector<std::string>& signed_by, const SignatureFiles& files,
                     const std::vector<Signatory>& signatories) -> std::vector<Problem> {
    if (step.widenings.empty()) return {};
    for (const auto& [file, text] : files) {
        const auto claim = read_claim(file, text);
        if (!claim || claim->typ != widening_signature_typ) continue;
        // One of those whose signature of the policy counts, with a key that counts there; and not the first of them.
        const auto at = std::ranges::find(signed_by, claim->signatory);
        if (at == signed_by.end() || at == signed_by.begin()) continue;
        const auto* signatory = find(signatories, claim->signatory);
        if (signatory != nullptr && claim->signature.verifies(signatory->key) && says(claim->statement, step)) return {};
    }
    return {problem(
        "pack/widening-not-countersigned", "signatures/",
        "This policy releases what the one in force withholds (" + std::to_string(step.widenings.size()) +
            (step.widenings.size() == 1 ? " change" : " changes") +
            "): a second signatory, other than the first who signed, reads the list and signs it with 'casegate "
            "policy sign --against' the policy in force.")};
}

auto named_signatories(const Pack& pack) -> const std::vector<std::string>& {
    return pack.compiled().signatories;
}

}  // namespace cg::policy
