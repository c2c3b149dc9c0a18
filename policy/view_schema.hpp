#pragma once
/// What a receiving system can rely on: the shape of every view that a role may get for a purpose (AQ-3).

#include "gateway/base/json.hpp"
#include "gateway/base/result.hpp"
#include "policy/pack.hpp"

#include <string>
#include <string_view>

namespace cg::policy {

/// A JSON Schema (2020-12) of `view/1` for one purpose and role: the fields that this role may get, and no others. Codes
/// carry the words they stand for (`const` and `title`), so that a display needs no list of its own.
///
/// Errors   not_found  the pack has no such purpose, or the purpose no such role
/// Threads  pure
[[nodiscard]] auto view_schema(const Pack& pack, std::string_view purpose, std::string_view role) -> Result<Json>;

/// What a code means at a place of a case (`/child/sex`, `F`); empty where the pack has no words for it.
///
/// Lifetime  borrows the pack
[[nodiscard]] auto display_of(const Pack& pack, std::string_view pattern, std::string_view code) -> std::string_view;

}  // namespace cg::policy
