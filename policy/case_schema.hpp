#pragma once
/// The shape of `case/1`: which leaves it knows, of which type, and which of them are inputs to the decision only.

#include "gateway/base/json.hpp"
#include "gateway/base/result.hpp"
#include "policy/path_trie.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace cg::policy {

enum class LeafType : std::uint8_t { text, number, flag, date, instant, any };

struct SchemaLeaf {
    std::string_view pattern;
    LeafType type;
    bool decision_input;  ///< goes to the record, and never into a view except as `handling`
};

struct CaseSchema {
    std::vector<SchemaLeaf> leaves;  ///< by leaf id
    PathTrie trie;
};

/// Threads  built once, then immutable
[[nodiscard]] auto case_schema() -> const CaseSchema&;

/// Can a case have something at this pointer: a value, or an object or list of values? A number stands for an item.
[[nodiscard]] auto is_case_place(std::string_view pointer) -> bool;

/// Adds one problem for each known leaf of another type, each container where a leaf belongs or the reverse, each id
/// that stands twice, and each list that is too long. Pointers start with `prefix`. A leaf that may be unknown takes the
/// words of is_unknown_word.
///
/// Bounds  2 000 entries in a list of case/1, 6 000 in all
void check_case_shape(const Json& untrusted_case, std::string_view prefix, std::vector<Problem>& problems);

}  // namespace cg::policy
