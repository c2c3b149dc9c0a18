#include "gateway/app/pack_check.hpp"

#include "certs/pki.hpp"
#include "config/secrets.hpp"
#include "policy/lint.hpp"
#include "policy/uk_time.hpp"

#include <algorithm>
#include <iterator>

namespace cg::app {
namespace {

void add(std::vector<Problem>& to, std::vector<Problem> more) {
    std::ranges::move(more, std::back_inserter(to));
}

}  // namespace

auto read_signatories(const config::Config& config) -> Result<std::vector<policy::Signatory>> {
    std::vector<policy::Signatory> out;
    for (const auto& [name, file] : config.policy.signatories) {
        const auto pem = config::read_public_file(file);
        auto key = pem ? certs::read_public_key(pem.value()) : Result<crypto::VerifyKey>{fail(pem.error())};
        if (!key) return fail(key.error().code, "the public key of signatory " + name + ": " + key.error().detail);
        out.push_back({name, std::move(key).value()});
    }
    return out;
}

auto check_pack(const config::SignedPack& candidate, const PackRules& rules, Instant now) -> PackCheck {
    PackCheck out;
    out.hash = policy::pack_hash(candidate.files);
    auto pack = policy::load_pack(candidate.files);
    if (pack)
        out.pack = std::move(pack).value();
    else
        add(out.problems, pack.error().problems);
    if (rules.require_signatures) {
        std::vector<std::string> everyone;  // of files that cannot be read nobody knows whom they name
        for (const auto& signatory : rules.signatories) everyone.push_back(signatory.name);
        auto signatures = policy::check_signatures(out.hash, out.pack ? policy::named_signatories(*out.pack) : everyone,
                                                   candidate.signatures, rules.signatories);
        out.signed_by = std::move(signatures.signed_by);
        add(out.problems, std::move(signatures.problems));
    }
    if (out.pack) add(out.problems, policy::check_dates(*out.pack, now));
    return out;
}

auto lint_errors(const policy::PackFiles& files, Instant now) -> std::vector<Problem> {
    std::vector<Problem> out;
    for (auto& finding : policy::lint(files, policy::uk_date(now)))
        if (finding.error) out.push_back({std::move(finding.id), std::move(finding.place), std::move(finding.fix), ""});
    return out;
}

auto check_successor(const config::SignedPack& candidate, const policy::Pack* in_force, const PackRules& rules,
                     Instant now) -> PackCheck {
    auto out = check_pack(candidate, rules, now);
    for (auto& error : lint_errors(candidate.files, now)) {
        const auto told = [&error](const Problem& one) { return one.type == error.type && one.pointer == error.pointer; };
        if (std::ranges::none_of(out.problems, told)) out.problems.push_back(std::move(error));
    }
    if (!out.pack || in_force == nullptr) return out;
    out.step = policy::step_between(*in_force, *out.pack);
    if (rules.require_signatures)
        add(out.problems,
            policy::check_widenings(out.step, out.signed_by, candidate.signatures, rules.signatories));
    return out;
}

auto no_comparison() -> Problem {
    return {"pack/no-comparison", "",
            "The policy in force cannot be read, so nobody can tell what this one releases beyond it: activate that policy "
            "again, or roll back, and then this one. Where neither can be done, stop the gateway, move the policy store "
            "away and start it: the configuration's own policy is then the first, and the log says so.",
            ""};
}

auto pack_json(const PackCheck& check) -> Json {
    auto out = Json::object({{"hash", check.hash}});
    if (!check.pack) return out;
    out.set("id", check.pack->id());
    out.set("version", check.pack->version());
    return out;
}

}  // namespace cg::app
