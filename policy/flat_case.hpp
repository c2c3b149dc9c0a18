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

using MarkId = std::uint16_t;
inline constexpr MarkId no_mark = 0xFFFF;

/// Words of free text that a sender tagged as sensitive (NE-4).
struct Span {
    std::string_view words, tag;
    MarkId mark;
    std::uint32_t index;  ///< in the list of its object
    bool found{false};    ///< the words stand in free text of its object
};

/// What a sender says of an object and of everything inside it.
struct Mark {
    std::string pointer;
    const Json* tree{nullptr};
    MarkId parent{no_mark};
    std::string_view collected_for;   ///< FW-4
    MarkId confidential_at{no_mark};  ///< FW-5: the mark that says so
};

struct FlatLeaf {
    const Json* value;
    std::uint32_t pointer_begin, pointer_size;
    LeafId leaf;          ///< no_leaf: no group names it
    bool decision_input;  ///< never released and never withheld: it is not for recipients
    ListKind list;
    std::uint32_t item;  ///< index in the list
    MarkId mark;         ///< of the nearest object around it that says something
};

/// Lifetime  borrows the case
struct FlatCase {
    std::vector<FlatLeaf> leaves;  ///< in the order of the case
    std::string pointers;
    std::vector<Mark> marks;  ///< an outer one before those inside it
    std::vector<Span> spans;
    [[nodiscard]] auto pointer(const FlatLeaf& leaf) const noexcept -> std::string_view {
        return std::string_view{pointers}.substr(leaf.pointer_begin, leaf.pointer_size);
    }
    /// Is `inner` the mark `outer`, or one inside it?
    [[nodiscard]] auto within(MarkId inner, MarkId outer) const noexcept -> bool {
        while (inner != no_mark && inner != outer) inner = marks[inner].parent;
        return inner == outer;
    }
};

[[nodiscard]] auto flatten(const Json& case_tree, const CompiledPack& pack) -> FlatCase;

}  // namespace cg::policy
