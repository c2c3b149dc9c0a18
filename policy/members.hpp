#pragma once
/// Formats that say all of their members: anything else is a slip of the pen, and may be the one that matters ("notifiy": false).

#include "gateway/base/json.hpp"
#include "gateway/base/result.hpp"

#include <initializer_list>
#include <string_view>
#include <vector>

namespace cg::policy {

/// A problem for each member that is not among `known`. `base`: the pointer of the object; not an object: nothing is said here.
void refuse_unknown_members(const Json& object, std::string_view base, std::initializer_list<std::string_view> known,
                            std::vector<Problem>& problems);

}  // namespace cg::policy
