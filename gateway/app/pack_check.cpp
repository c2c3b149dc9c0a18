#include "gateway/app/pack_check.hpp"

#include "certs/pki.hpp"
#include "config/secrets.hpp"

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

auto check_successor(const config::SignedPack& candidate, const policy::Pack* in_force, const PackRules& rules,
                     Instant now) -> PackCheck {
    auto out = check_pack(candidate, rules, now);
    if (!out.pack || in_force == nullptr) return out;
    out.step = policy::step_between(*in_force, *out.pack);
    if (rules.require_signatures)
        add(out.problems,
            policy::check_widenings(out.step, out.signed_by, candidate.signatures, rules.signatories));
    return out;
}

auto pack_json(const PackCheck& check) -> Json {
    auto out = Json::object({{"hash", check.hash}});
    if (!check.pack) return out;
    out.set("id", check.pack->id());
    out.set("version", check.pack->version());
    return out;
}

}  // namespace cg::app
