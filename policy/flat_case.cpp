#include "policy/flat_case.hpp"

#include "policy/case_schema.hpp"

#include <charconv>

namespace cg::policy {
namespace {

/// Escapes only what RFC 6901 asks for; most tokens need nothing.
void append_token(std::string& pointer, std::string_view token) {
    for (const char c : token)
        if (c == '~' || c == '/') return append_pointer(pointer, token);
    pointer.push_back('/');
    pointer.append(token);
}

class Flattener {
public:
    Flattener(const CompiledPack& pack, FlatCase& out) : pack_(pack), schema_(case_schema()), out_(out) {}

    void visit(const Json& value, PathTrie::Node at, PathTrie::Node schema_at) {
        if (const auto* members = value.if_object()) {
            const auto outer = mark_;
            if (schema_.trie.member(schema_at, collected_for) != PathTrie::nowhere) read_mark(value);
            for (const auto& [name, inner] : *members) {
                const auto mark = pointer_.size();
                append_token(pointer_, name);
                if (mark == 0) list_name_ = name;
                const auto next = pack_.trie.member(at, name);
                visit(inner, next, next != PathTrie::nowhere ? pack_.in_schema[next] : schema_.trie.member(schema_at, name));
                pointer_.resize(mark);
            }
            mark_ = outer;
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
            visit(items[i], pack_.trie.item(at), schema_.trie.item(schema_at));
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
        const auto schema_leaf = leaf == no_leaf ? schema_.trie.leaf(schema_at) : no_leaf;
        const bool input = schema_leaf != no_leaf && schema_.leaves[schema_leaf].decision_input;
        const auto begin = static_cast<std::uint32_t>(out_.pointers.size());
        out_.pointers += pointer_;
        out_.leaves.push_back(
            {&value, begin, static_cast<std::uint32_t>(pointer_.size()), leaf, input, list_, item_, mark_});
    }

    void read_mark(const Json& value) {
        const auto* purpose = value.find(collected_for);
        const auto* secret = value.find("confidential");
        const auto* spans = value.find("spans");
        if ((purpose == nullptr && secret == nullptr && spans == nullptr) || out_.marks.size() >= no_mark) return;
        Mark mark{pointer_, &value, mark_, {}, no_mark};
        if (mark_ != no_mark) {
            mark.collected_for = out_.marks[mark_].collected_for;
            mark.confidential_at = out_.marks[mark_].confidential_at;
        }
        const auto id = static_cast<MarkId>(out_.marks.size());
        if (purpose != nullptr) mark.collected_for = purpose->text();
        // Anything but a plain `false` is a confidence: a value that nobody understands must not open one.
        if (secret != nullptr)
            mark.confidential_at = secret->if_bool() != nullptr && !*secret->if_bool() ? no_mark : id;
        out_.marks.push_back(std::move(mark));
        if (spans != nullptr) read_spans(*spans, id);
        mark_ = id;
    }
    void read_spans(const Json& spans, MarkId mark) {
        const auto* items = spans.if_array();
        if (items == nullptr) return;
        for (std::size_t i = 0; i < items->size(); ++i)
            out_.spans.push_back(
                {(*items)[i]["words"].text(), (*items)[i]["tag"].text(), mark, static_cast<std::uint32_t>(i)});
    }

    static constexpr std::string_view collected_for = "collected_for";
    const CompiledPack& pack_;
    const CaseSchema& schema_;
    FlatCase& out_;
    MarkId mark_{no_mark};
    std::string pointer_;
    std::string_view list_name_;
    ListKind list_{ListKind::none};
    std::uint32_t item_{0};
};

void find_spans(const CompiledPack& pack, FlatCase& flat) {
    for (const auto& leaf : flat.leaves) {
        if (leaf.leaf == no_leaf || pack.leaves[leaf.leaf].use != LeafUse::narrative) continue;
        for (auto& span : flat.spans)
            span.found = span.found || (!span.words.empty() && flat.within(leaf.mark, span.mark) &&
                                        leaf.value->text().find(span.words) != std::string_view::npos);
    }
}

}  // namespace

auto flatten(const Json& case_tree, const CompiledPack& pack) -> FlatCase {
    FlatCase out;
    out.leaves.reserve(256);
    out.pointers.reserve(8192);
    Flattener{pack, out}.visit(case_tree, PathTrie::root, PathTrie::root);
    if (!out.spans.empty()) find_spans(pack, out);
    return out;
}

}  // namespace cg::policy
