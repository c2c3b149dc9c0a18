#include "policy/toml_tree.hpp"

#include "policy/toml_library.hpp"

#include <algorithm>
#include <array>
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

void Faults::forget_what_follows(const std::vector<std::string>& unreadable) {
    std::erase_if(list_, [&unreadable](const Fault& fault) {
        return std::ranges::any_of(unreadable, [&fault](const std::string& name) {
            return fault.file != name && fault.problem.fix.find(" in " + name) != std::string::npos;
        });
    });
}

auto Faults::take() -> std::vector<Problem> {
    std::ranges::stable_sort(list_, {}, [](const Fault& f) { return std::tuple{f.file, f.line, f.column}; });
    std::vector<Problem> out;
    for (auto& fault : list_) out.push_back(std::move(fault.problem));
    list_.clear();
    return out;
}

namespace {

/// What is wrong with a line, for people who do not program: a part of the parser's words, and ours.
constexpr std::array<std::pair<std::string_view, std::string_view>, 23> syntax_words{{
    {"utf-8", "There are letters in an old encoding: save the file as UTF-8."},
    {"unknown escape sequence", "A backslash has a meaning of its own in a text: write it twice."},
    {"escape sequence", "A backslash has a meaning of its own in a text: write it twice."},
    {"parsing literal string", "A text is not closed: end it with the same quotation mark, on the same line."},
    {"parsing string", "A text is not closed: put a straight quotation mark (\") at its end, on the same line."},
    {"cannot redefine", "This name stands there twice: keep one of the two."},
    {"parsing date", "There is no such day: write it as 2026-09-01, without quotation marks."},
    {"parsing time", "There is no such time: write a day as 2026-09-01, without quotation marks."},
    {"parsing floating-point", "Write a day as 2026-09-01 and a number in digits alone, both without quotation marks."},
    {"integer", "Write a day as 2026-09-01 and a number in digits alone, both without quotation marks."},
    {"parsing boolean", "Write true or false, in small letters."},
    {"parsing array", "A list is written [\"one\", \"two\"]: a comma, a quotation mark or a bracket is missing here or before, "
                      "or is one too many."},
    {"inline table", "Between { and } stands name = value, with commas between, all on one line."},
    {"parsing table header", "A heading is [name] or [name.\"other name\"], alone on its line, with as many brackets on both "
                             "sides."},
    {"expected '='", "Write name = value, with an equals sign between the two."},
    {"could not determine value type", "Write a text between straight quotation marks (\"so\"; curly ones do not count), a day "
                                       "as 2026-09-01, and yes or no as true or false."},
    {"encountered end-of-file", "Something is missing at the end of the file: a value, a quotation mark or a bracket."},
    {"expected value", "Nothing stands after the equals sign: write the value there, or take the line out."},
    {"expected a comment or", "Something stands after the value: a line has one value, and notes begin with #."},
    {"parsing key", "A name is made of letters a to z, digits, - and _; put any other between quotation marks."},
    {"expected keys", "A line begins with a name, with [ or with #: put a name that has other letters between quotation marks."},
    {"maximum nested", "There are too many brackets inside each other."},
    {"", "Compare this line with the example policy."},
}};

/// A character that a reader does not see and a terminal or a browser obeys: controls but tab and line end, and those that
/// turn the direction of writing. With them a policy could show its signatories another text than it has.
auto has_hidden_character(std::string_view text) -> bool {
    constexpr std::array<std::string_view, 3> turning{"\xE2\x80\xAA", "\xE2\x81\xA6", "\xE2\x80\x8E"};  // first of each row
    constexpr std::array<unsigned char, 3> last{0xAE, 0xA9, 0x8F};
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F) return true;
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        if (byte == 0xC2 && next >= 0x80 && next < 0xA0) return true;  // U+0080 to U+009F
        for (std::size_t row = 0; row < turning.size() && i + 2 < text.size(); ++row) {
            const auto& first = turning[row];
            const auto third = static_cast<unsigned char>(text[i + 2]);
            if (text.substr(i, 2) == first.substr(0, 2) && third >= static_cast<unsigned char>(first[2]) && third <= last[row])
                return true;
        }
    }
    return false;
}

void find_hidden_characters(std::string_view file, const TomlNode& node, Faults& faults) {
    constexpr const char* fix = "Take the character out that cannot be seen, and write the text again.";
    if (has_hidden_character(node.text)) faults.add(file, node, "pack/hidden-character", fix);
    for (const auto& item : node.items) find_hidden_characters(file, item, faults);
    for (const auto& [key, value] : node.members) {
        if (has_hidden_character(key)) faults.add(file, value, "pack/hidden-character", fix);
        find_hidden_characters(file, value, faults);
    }
}

}  // namespace

auto parse_toml(std::string_view file, std::string_view text, Faults& faults) -> std::optional<TomlNode> {
    const auto parsed = toml::parse(text);
    if (parsed.succeeded()) {
        auto root = convert(parsed.table());
        find_hidden_characters(file, root, faults);
        return root;
    }
    TomlNode at;
    at.line = parsed.error().source().begin.line;
    at.column = parsed.error().source().begin.column;
    const std::string_view said = parsed.error().description();
    const auto* const words = std::ranges::find_if(
        syntax_words, [said](const auto& one) { return said.find(one.first) != std::string_view::npos; });
    faults.add(file, at, "pack/syntax", std::string{words->second} + " (The parser says: " + std::string{said} + ".)");
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
