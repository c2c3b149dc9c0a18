#pragma once
/// The notice for a family, in plain words from the pack (OP-8).

#include "gateway/base/result.hpp"
#include "policy/pack.hpp"
#include "policy/submission.hpp"

#include <string>
#include <string_view>

namespace cg::policy {

/// What we hold, why we may share it, who may need to know, and what the family can do. The same for everybody: it holds
/// nothing about the case. Written for people under strain: short sentences, no law.
///
/// Input     `about`: the case whose family would be given it; null: the leaflet for anybody
/// Errors    not_found  the pack has no such purpose; denied, `informing/suppressed`: nobody at home may be told of this
///           case (OP-3), or not before somebody decides so
/// Threads   pure
[[nodiscard]] auto family_notice(const Pack& pack, std::string_view purpose, const Submission* about)
    -> Result<std::string>;

}  // namespace cg::policy
