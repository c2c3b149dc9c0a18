#include "gateway/relay/gateway.hpp"

namespace cg::relay {
namespace {

/// certs and policy do not see each other, so each has its own word for the same four kinds.
auto policy_kind(certs::AgencyKind kind) -> policy::AgencyKind {
    switch (kind) {
        case certs::AgencyKind::statutory: return policy::AgencyKind::statutory;
        case certs::AgencyKind::charitable: return policy::AgencyKind::charitable;
        case certs::AgencyKind::independent: return policy::AgencyKind::independent;
        case certs::AgencyKind::provider: return policy::AgencyKind::provider;
    }
    CG_ENSURE(false);
    return policy::AgencyKind::independent;
}

}  // namespace

DirectoryFacts::DirectoryFacts(const certs::Directory& directory, const policy::Pack& pack) {
    for (const auto& id : directory.agencies()) {
        const auto* descriptor = directory.find(id);
        policy::AgencyFacts facts;
        facts.id = id;
        facts.title = descriptor->name;
        facts.kind = policy_kind(descriptor->kind);
        facts.public_authority = descriptor->public_authority;
        if (const auto* known = pack.agencies().find(id)) facts.competent_authority = known->competent_authority;
        facts.areas = descriptor->areas;
        for (const auto& role : descriptor->roles) facts.roles.push_back(role.role);
        facts_.emplace(id, std::move(facts));
    }
}

auto DirectoryFacts::find(const AgencyId& id) const -> const policy::AgencyFacts* {
    const auto it = facts_.find(id);
    return it == facts_.end() ? nullptr : &it->second;
}

}  // namespace cg::relay
