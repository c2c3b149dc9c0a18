#include "policy/toml_tree.hpp"

#include "policy/toml_library.hpp"

#include <algorithm>
#include <tuple>

namespace cg::policy {
namespace {

auto convert(const toml::node& node) -> TomlNode;

void fill_table(TomlNode& out, const toml::table& table) {
    out.kind = TomlNode::Kind::table;
    for (const auto& [key, value] : table) {
        auto inner = convert(value);
        if (inner.line == 0) {  // a table made by its dotted key has no place of its own
            inner.line = key.source().begin.line;
            inner.column = key.source().begin.column;
        }
        out.members.push_back({std::string{key.str()}, std::move(inner)});
    }
    std::ranges::stable_sort(out.members, {}, [](const auto& m) { return std::pair{m.second.line, m.second.column}; });
}

auto convert(const toml::node& node) -> TomlNode {
    TomlNode out;
    out.line = node.source().begin.line;
    out.column = node.source().begin.column;
    if (const auto* table = node.as_table()) {
        fill_table(out, *table);
    } else if (const auto* list = node.as_array()) {
        out.kind = TomlNode::Kind::list;
        for (const auto& item : *list) out.items.push_back(convert(item));
    } else if (const auto* text = node.as_string()) {
        out.kind = TomlNode::Kind::text;
        out.text = text->get();
    } else if (const auto* number = node.as_integer()) {
        out.kind = TomlNode::Kind::integer;
        out.integer = number->get();
    } else if (const auto* flag = node.as_boolean()) {
        out.kind = TomlNode::Kind::flag;
        out.flag = flag->get();
    } else if (const auto* day = node.as_date()) {
        out.kind = TomlNode::Kind::date;
        out.date = Date{std::chrono::year{day->get().year}, std::chrono::month{day->get().month},
                        std::chrono::day{day->get().day}};
    }
    return out;
}

}  // namespace

TomlNode::TomlNode() = default;
TomlNode::TomlNode(const TomlNode&) = default;
TomlNode::TomlNode(TomlNode&&) noexcept = default;
auto TomlNode::operator=(const TomlNode&) -> TomlNode& = default;
auto TomlNode::operator=(TomlNode&&) noexcept -> TomlNode& = default;
TomlNode::~TomlNode() = default;

auto TomlNode::find(std::string_view name) const noexcept -> const TomlNode* {
    const auto it = std::ranges::find(members, name, &TomlMember::first);
    return it == members.end() ? nullptr : &it->second;
}

void Faults::add(std::string_view file, const TomlNode& at, std::string type, std::string fix) {
    const auto line = std::max(at.line, 1U);
    const auto column = std::max(at.column, 1U);
    auto place = std::string{file} + ":" + std::to_string(line) + ":" + std::to_string(column);
    list_.push_back({std::string{file}, line, column, {std::move(type), std::move(place), std::move(fix), {}}});
}

void Faults::add(std::string_view file, std::string type, std::string fix) {
    add(file, TomlNode{}, std::move(type), std::move(fix));
}

auto Faults::take() -> std::vector<Problem> {
    std::ranges::stable_sort(list_, {}, [](const Fault& f) { return std::tuple{f.file, f.line, f.column}; });
    std::vector<Problem> out;
    for (auto& fault : list_) out.push_back(std::move(fault.problem));
    list_.clear();
    return out;
}

auto parse_toml(std::string_view file, std::string_view text, Faults& faults) -> std::optional<TomlNode> {
    const auto parsed = toml::parse(text);
    if (parsed.succeeded()) return convert(parsed.table());
    TomlNode at;
    at.line = parsed.error().source().begin.line;
    at.column = parsed.error().source().begin.column;
    faults.add(file, at, "pack/syntax", "This is not TOML: " + std::string{parsed.error().description()} + ".");
    return std::nullopt;
}

auto TableReader::get(std::string_view key, TomlNode::Kind kind, std::string_view wanted, bool needed)
    -> const TomlNode* {
    asked_.emplace(key);
    const auto* node = table_.find(key);
    if (node == nullptr) {
        if (needed)
            fault("pack/key-missing", "Add '" + std::string{key} + "' here; it is " + std::string{wanted} + ".");
        return nullptr;
    }
    if (node->kind == kind) return node;
    faults_.add(file_, *node, "pack/wrong-type", "'" + std::string{key} + "' must be " + std::string{wanted} + ".");
    return nullptr;
}

auto TableReader::text(std::string_view key) -> std::string {
    const auto* node = get(key, TomlNode::Kind::text, "a text in quotes", true);
    if (node == nullptr) return {};
    if (node->text.empty())
        faults_.add(file_, *node, "pack/key-missing", "'" + std::string{key} + "' must not be empty.");
    return node->text;
}

auto TableReader::text_or(std::string_view key, std::string otherwise) -> std::string {
    const auto* node = get(key, TomlNode::Kind::text, "a text in quotes", false);
    return node == nullptr ? std::move(otherwise) : node->text;
}

auto TableReader::text_list(const TomlNode* list) -> std::vector<std::string> {
    std::vector<std::string> out;
    if (list == nullptr) return out;
    for (const auto& item : list->items) {
        if (item.kind == TomlNode::Kind::text)
            out.push_back(item.text);
        else
            faults_.add(file_, item, "pack/wrong-type", "Every item of this list must be a text in quotes.");
    }
    return out;
}

auto TableReader::texts(std::string_view key) -> std::vector<std::string> {
    return text_list(get(key, TomlNode::Kind::list, "a list of texts", true));
}

auto TableReader::texts_or_none(std::string_view key) -> std::vector<std::string> {
    return text_list(get(key, TomlNode::Kind::list, "a list of texts", false));
}

auto TableReader::flag_or(std::string_view key, bool otherwise) -> bool {
    const auto* node = get(key, TomlNode::Kind::flag, "true or false", false);
    return node == nullptr ? otherwise : node->flag;
}

auto TableReader::integer_or(std::string_view key, std::int64_t otherwise) -> std::int64_t {
    const auto* node = get(key, TomlNode::Kind::integer, "a whole number", false);
    return node == nullptr ? otherwise : node->integer;
}

auto TableReader::date(std::string_view key) -> Date {
    const auto* node = get(key, TomlNode::Kind::date, "a date without quotes, such as 2026-09-01", true);
    return node == nullptr ? Date{} : node->date;
}

auto TableReader::date_if(std::string_view key) -> std::optional<Date> {
    const auto* node = get(key, TomlNode::Kind::date, "a date without quotes, such as 2026-09-01", false);
    return node == nullptr ? std::nullopt : std::optional{node->date};
}

auto TableReader::table_if(std::string_view key) -> const TomlNode* {
    return get(key, TomlNode::Kind::table, "a table", false);
}

auto TableReader::table(std::string_view key) -> const TomlNode* {
    return get(key, TomlNode::Kind::table, "a table", true);
}

auto TableReader::list_if(std::string_view key) -> const TomlNode* {
    return get(key, TomlNode::Kind::list, "a list", false);
}

auto TableReader::tables(std::string_view key) -> std::vector<const TomlNode*> {
    std::vector<const TomlNode*> out;
    const auto* list = list_if(key);
    if (list == nullptr) return out;
    for (const auto& item : list->items) {
        if (item.kind == TomlNode::Kind::table)
            out.push_back(&item);
        else
            faults_.add(file_, item, "pack/wrong-type", "Every item of this list must be a table.");
    }
    return out;
}

void TableReader::fault_at(std::string_view key, std::string type, std::string fix) {
    const auto* node = table_.find(key);
    faults_.add(file_, node == nullptr ? table_ : *node, std::move(type), std::move(fix));
}

void TableReader::finish() {
    for (const auto& [key, value] : table_.members) {
        if (!asked_.contains(key))
            faults_.add(file_, value, "pack/key-unknown",
                        "Nothing reads '" + key + "' here: correct its spelling or remove it.");
    }
}

}  // namespace cg::policy
