#pragma once
/// References that cannot be joined: each recipient gets its own (NE-5).

#include "gateway/base/bytes.hpp"

#include <string>
#include <string_view>

namespace cg::policy {

/// An id that is no more than a label inside one message, like `p1` or `ch1`. It says nothing outside it, so it may
/// stay.
[[nodiscard]] auto is_local_label(std::string_view id) noexcept -> bool;

/// `prefix` and 16 characters of lower-case base32 of HMAC-SHA-256(salt, "casegate.reference/1" ‖ 0 ‖ recipient ‖ 0 ‖
/// id): the same for the same recipient and id, and nothing to do with what another recipient sees.
///
/// Secret  salt
[[nodiscard]] auto pairwise_reference(ByteView salt, std::string_view recipient, std::string_view id,
                                      std::string_view prefix) -> std::string;

}  // namespace cg::policy
