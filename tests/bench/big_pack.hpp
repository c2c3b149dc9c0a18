#pragma once
/// A policy pack with many more rules than anybody has, to show that a decision costs the same.

#include "policy/pack.hpp"

#include <cstddef>

namespace cg::bench {

/// The example pack.
[[nodiscard]] auto example_pack() -> policy::PackFiles;
/// One purpose with one role, which decides about each group once: as few rules as a case of all groups can have.
[[nodiscard]] auto smallest_pack() -> policy::PackFiles;
/// The example pack with purposes added until their roles decide about at least `rules` groups.
[[nodiscard]] auto pack_with(std::size_t rules) -> policy::PackFiles;
/// Groups that the roles of all purposes decide about.
[[nodiscard]] auto count_rules(const policy::PackFiles& files) -> std::size_t;

}  // namespace cg::bench
