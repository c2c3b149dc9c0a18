#include "policy/path_trie.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

/// Takes the next token off a pointer; `/` in front is eaten.
auto take_token(std::string_view& pattern) -> std::string_view {
    pattern.remove_prefix(1);
    const auto end = pattern.find('/');
    const auto token = pattern.substr(0, end);
    pattern.remove_prefix(token.size());
    return token;
}

/// A length is compared at once, and hardly two names of one object have the same.
auto shorter_first(std::string_view a, std::string_view b) noexcept -> bool {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

}  // namespace

auto PathTrie::descend(Node from, std::string_view token) -> Node {
    const auto fresh = static_cast<Node>(nodes_.size());
    if (token == "*") {
        if (nodes_[from].item != nowhere) return nodes_[from].item;
        nodes_[from].item = fresh;
    } else {
        auto& members = nodes_[from].members;
        const auto it = std::ranges::lower_bound(members, token, &shorter_first, &Member::name);
        if (it != members.end() && it->name == token) return it->node;
        members.insert(it, Member{std::string{token}, fresh});
    }
    nodes_.emplace_back();
    return fresh;
}

auto PathTrie::add(std::string_view pattern, LeafId leaf) -> bool {
    if (!pattern.starts_with('/') || pattern.ends_with('/') || pattern.find("//") != std::string_view::npos)
        return false;
    Node at = root;
    while (!pattern.empty()) at = descend(at, take_token(pattern));
    if (nodes_[at].leaf != no_leaf) return false;
    nodes_[at].leaf = leaf;
    return true;
}

auto PathTrie::member(Node from, std::string_view name) const noexcept -> Node {
    if (from == nowhere) return nowhere;
    // Few members have the same length: past the shorter ones, the first that fits is found by looking.
    const auto& members = nodes_[from].members;
    auto it = std::ranges::lower_bound(members, name.size(), {}, [](const Member& m) { return m.name.size(); });
    for (; it != members.end() && it->name.size() == name.size(); ++it)
        if (it->name.front() == name.front() && it->name == name) return it->node;
    return nowhere;
}

auto PathTrie::beside(const PathTrie& other) const -> std::vector<Node> {
    std::vector<Node> out(nodes_.size(), nowhere);
    out[root] = root;
    for (Node at = 0; at < nodes_.size(); ++at) {  // a node stands before those below it
        for (const auto& member : nodes_[at].members) out[member.node] = other.member(out[at], member.name);
        if (nodes_[at].item != nowhere) out[nodes_[at].item] = other.item(out[at]);
    }
    return out;
}

auto PathTrie::find(std::string_view pattern) const noexcept -> LeafId {
    if (!pattern.starts_with('/')) return no_leaf;
    Node at = root;
    while (!pattern.empty() && at != nowhere) {
        const auto token = take_token(pattern);
        at = token == "*" ? item(at) : member(at, token);
    }
    return leaf(at);
}

}  // namespace cg::policy
