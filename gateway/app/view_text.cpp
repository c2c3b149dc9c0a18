#include "gateway/app/view_text.hpp"

#include "gateway/app/output.hpp"
#include "gateway/app/words.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace cg::app {
namespace {

auto leaf_text(const Json& leaf) -> std::string {
    if (const auto* text = leaf.if_string()) return printable(*text);
    if (leaf.is_null()) return "-";
    if (const auto* flag = leaf.if_bool()) return *flag ? "yes" : "no";
    return to_jcs(leaf);
}

/// A case is stored in the order of its member's names. A reader wants to know first what it is about.
auto reading_order(const JsonObject& members) -> std::vector<const JsonMember*> {
    static constexpr std::array<std::string_view, 22> first{
        "id",    "given_names", "family_name", "name",     "relationship", "date_of_birth", "role",   "kind",
        "text",  "speaker",     "level",       "case_ref", "child",        "concerns",      "people", "risk",
        "views", "address",     "education",   "health",   "referrer",     "network"};
    std::vector<const JsonMember*> out;
    for (const auto& member : members) out.push_back(&member);
    const auto rank = [](const JsonMember* member) {
        return std::pair{!member->value.is_leaf(),
                         std::ranges::find(first, std::string_view{member->name}) - first.begin()};
    };
    std::ranges::stable_sort(out, {}, rank);
    return out;
}

/// Writes a tree of the view, and knows at each value where it stands, so that codes come in words.
class TreeText {
public:
    TreeText(std::string& out, const Json& codes) : out_(out), codes_(codes) {}

    void append(std::string_view name, const Json& value, std::size_t depth, const std::string& place) {
        const std::string indent(depth * 2, ' ');
        if (value.is_leaf()) {
            out_ += wrapped(ink(Ink::faint, label(name) + ": ") + in_words(value, place), indent);
        } else if (value.is_object()) {
            out_ += indent + ink(Ink::strong, label(name)) + "\n";
            members(value, depth + 1, place);
        } else if (const auto* items = value.if_array()) {
            std::size_t number = 0;
            for (const auto& item : *items)
                append(std::string{name} + " " + std::to_string(++number), item, depth, place + "/*");
        }
    }
    void members(const Json& object, std::size_t depth, const std::string& place) {
        if (const auto* members = object.if_object())
            for (const auto* member : reading_order(*members))
                append(member->name, member->value, depth, place + "/" + member->name);
    }

private:
    /// The code stays beside its words: two systems have to mean the same.
    auto in_words(const Json& leaf, const std::string& place) const -> std::string {
        const auto words = codes_[place][leaf.text()].text();
        return words.empty() || words == leaf.text() ? leaf_text(leaf) : printable(words) + " (" + leaf_text(leaf) + ")";
    }

    std::string& out_;
    const Json& codes_;
};

}  // namespace

auto label(std::string_view name) -> std::string {
    auto words = code_words(printable(name));
    if (!words.empty() && words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 'a' + 'A');
    return words;
}

void append_tree(std::string& out, std::string_view name, const Json& value, std::size_t depth) {
    TreeText{out, Json{}}.append(name, value, depth, {});
}

void append_members(std::string& out, const Json& object, std::size_t depth, const Json& codes) {
    TreeText{out, codes}.members(object, depth, {});
}

auto listed(const Json& codes) -> std::string {
    if (codes.is_string()) return code_words(printable(codes.text()));
    std::string out;
    const auto* items = codes.if_array();
    for (const auto& item : items != nullptr ? *items : JsonArray{})
        out += (out.empty() ? "" : ", ") + code_words(printable(item.text()));
    return out;
}

auto line_of(std::string_view name, const std::string& text) -> std::string {
    return text.empty() ? std::string{} : wrapped(ink(Ink::faint, std::string{name} + ": ") + text, "  ");
}

auto moment_words(const Json& at) -> std::string {
    const auto parsed = parse_instant(at.text());
    return parsed.has_value() ? spoken(parsed.value()) : printable(at.text());
}

}  // namespace cg::app
