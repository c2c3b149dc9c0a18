#pragma once
/// JSON Pointer patterns with `*` for "any item", compiled so that one walk down a case names every leaf.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cg::policy {

using LeafId = std::uint16_t;
inline constexpr LeafId no_leaf = 0xFFFF;

/// Threads  immutable after the last add
class PathTrie {
public:
    using Node = std::uint32_t;
    static constexpr Node root = 0;
    static constexpr Node nowhere = 0xFFFFFFFF;

    PathTrie() : nodes_(1) {}

    /// False where the pattern is no pointer (`/a/b`, `/a/*/b`) or is there already.
    auto add(std::string_view pattern, LeafId leaf) -> bool;

    [[nodiscard]] auto member(Node from, std::string_view name) const noexcept -> Node;
    [[nodiscard]] auto item(Node from) const noexcept -> Node { return from == nowhere ? nowhere : nodes_[from].item; }
    [[nodiscard]] auto leaf(Node at) const noexcept -> LeafId { return at == nowhere ? no_leaf : nodes_[at].leaf; }
    [[nodiscard]] auto has_members(Node at) const noexcept -> bool {
        return at != nowhere && !nodes_[at].members.empty();
    }
    [[nodiscard]] auto has_items(Node at) const noexcept -> bool { return at != nowhere && nodes_[at].item != nowhere; }
    /// For each node of this trie, the one of the other that the same names lead to; nowhere where it has none.
    [[nodiscard]] auto beside(const PathTrie& other) const -> std::vector<Node>;
    /// The leaf that a pattern names, or no_leaf.
    [[nodiscard]] auto find(std::string_view pattern) const noexcept -> LeafId;

private:
    struct Member {
        std::string name;
        Node node;
    };
    struct Entry {
        std::vector<Member> members;  // by length, then name
        Node item{nowhere};
        LeafId leaf{no_leaf};
    };
    auto descend(Node from, std::string_view token) -> Node;
    std::vector<Entry> nodes_;
};

}  // namespace cg::policy
