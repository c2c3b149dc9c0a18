#include "policy/flat_case.hpp"

#include "policy/case_schema.hpp"

#include <charconv>

namespace cg::policy {
namespace {

/// Escapes only what RFC 6901 asks for; most tokens need nothing.
void append_token(std::string& pointer, std::string_view token) {
    if (token.find_first_of("~/") != std::string_view::npos) return append_pointer(pointer, token);
    pointer.push_back('/');
    pointer.append(token);
}

class Flattener {
public:
    Flattener(const CompiledPack& pack, FlatCase& out) : pack_(pack), out_(out) {}

    void visit(const Json& value, PathTrie::Node at, PathTrie::Node schema_at) {
        if (const auto* members = value.if_object()) {
            for (const auto& [name, inner] : *members) {
                const auto mark = pointer_.size();
                append_token(pointer_, name);
                if (mark == 0) list_name_ = name;
                visit(inner, pack_.trie.member(at, name), case_schema().trie.member(schema_at, name));
                pointer_.resize(mark);
            }
        } else if (const auto* items = value.if_array()) {
            visit_items(*items, at, schema_at);
        } else {
            add(value, at, schema_at);
        }
    }

private:
    void visit_items(const JsonArray& items, PathTrie::Node at, PathTrie::Node schema_at) {
        const bool outermost = list_ == ListKind::none;
        if (outermost) list_ = kind_of(list_name_);
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (outermost) item_ = static_cast<std::uint32_t>(i);
            const auto mark = pointer_.size();
            char digits[20];
            const auto end = std::to_chars(digits, digits + sizeof digits, i).ptr;
            append_token(pointer_, {digits, static_cast<std::size_t>(end - digits)});
            visit(items[i], pack_.trie.item(at), case_schema().trie.item(schema_at));
            pointer_.resize(mark);
        }
        if (outermost) list_ = ListKind::none;
    }

    /// Only the lists at the top of a case are lists of people, concerns and files.
    [[nodiscard]] auto kind_of(std::string_view name) const -> ListKind {
        if (pointer_.size() != name.size() + 1) return ListKind::other;
        if (name == "people") return ListKind::people;
        if (name == "concerns") return ListKind::concerns;
        return name == "attachments" ? ListKind::attachments : ListKind::other;
    }

    void add(const Json& value, PathTrie::Node at, PathTrie::Node schema_at) {
        const auto leaf = pack_.trie.leaf(at);
        const auto schema_leaf = leaf == no_leaf ? case_schema().trie.leaf(schema_at) : no_leaf;
        const bool input = schema_leaf != no_leaf && case_schema().leaves[schema_leaf].decision_input;
        const auto begin = static_cast<std::uint32_t>(out_.pointers.size());
        out_.pointers += pointer_;
        out_.leaves.push_back({&value, begin, static_cast<std::uint32_t>(pointer_.size()), leaf, input, list_, item_});
    }

    const CompiledPack& pack_;
    FlatCase& out_;
    std::string pointer_;
    std::string_view list_name_;
    ListKind list_{ListKind::none};
    std::uint32_t item_{0};
};

}  // namespace

auto flatten(const Json& case_tree, const CompiledPack& pack) -> FlatCase {
    FlatCase out;
    out.leaves.reserve(256);
    out.pointers.reserve(8192);
    Flattener{pack, out}.visit(case_tree, PathTrie::root, PathTrie::root);
    return out;
}

}  // namespace cg::policy
