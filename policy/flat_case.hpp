#pragma once
/// A case as a list of leaves, each classified once for all recipients.

#include "gateway/base/json.hpp"
#include "policy/compiled.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cg::policy {

enum class ListKind : std::uint8_t { none, people, concerns, attachments, other };

struct FlatLeaf {
    const Json* value;
    std::uint32_t pointer_begin, pointer_size;
    LeafId leaf;          ///< no_leaf: no group names it
    bool decision_input;  ///< never released and never withheld: it is not for recipients
    ListKind list;
    std::uint32_t item;  ///< index in the list
};

/// Lifetime  borrows the case
struct FlatCase {
    std::vector<FlatLeaf> leaves;  ///< in the order of the case
    std::string pointers;
    [[nodiscard]] auto pointer(const FlatLeaf& leaf) const noexcept -> std::string_view {
        return std::string_view{pointers}.substr(leaf.pointer_begin, leaf.pointer_size);
    }
};

[[nodiscard]] auto flatten(const Json& case_tree, const CompiledPack& pack) -> FlatCase;

}  // namespace cg::policy
