#include "policy/members.hpp"

#include <algorithm>
#include <string>

namespace cg::policy {

void refuse_unknown_members(const Json& object, std::string_view base, std::initializer_list<std::string_view> known,
                            std::vector<Problem>& problems) {
    const auto* members = object.if_object();
    if (members == nullptr) return;
    for (const auto& member : *members) {
        if (std::ranges::find(known, member.name) != known.end()) continue;
        std::string pointer{base};
        append_pointer(pointer, member.name);
        problems.push_back({"submission/member-unknown", std::move(pointer), "Leave this member out, or correct its name.", ""});
    }
}

}  // namespace cg::policy
