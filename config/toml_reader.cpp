#include "config/toml_reader.hpp"

#include <algorithm>

namespace cg::config {

void TomlNotes::note(std::string_view type, const toml::source_region& place, std::string fix) {
    const auto at = place.begin;
    problems.push_back(
        {std::string{type}, label + ":" + std::to_string(at.line) + ":" + std::to_string(at.column), std::move(fix), ""});
}

TableReader::TableReader(const toml::table* table, std::string name, TomlNotes& notes)
    : table_(table), name_(std::move(name)), notes_(notes) {}

auto TableReader::full_name(std::string_view key) const -> std::string {
    return name_.empty() ? std::string{key} : name_ + "." + std::string{key};
}

void TableReader::note(std::string_view type, std::string_view key, std::string fix) {
    const toml::source_region start{{1, 1}, {1, 1}, nullptr};
    const auto* node = table_ == nullptr ? nullptr : table_->get(key);
    const auto& place = node != nullptr ? node->source() : table_ != nullptr ? table_->source() : start;
    notes_.note(type, place.begin.line == 0 ? start : place, (key.empty() ? std::string{} : full_name(key) + ": ") + std::move(fix));
}

auto TableReader::find(std::string_view key, bool required) -> const toml::node* {
    known_.emplace_back(key);
    const auto* node = table_ == nullptr ? nullptr : table_->get(key);
    if (node == nullptr && required) note("config/missing", key, "add this key");
    return node;
}

auto TableReader::text(std::string_view key) -> std::string {
    const auto* node = find(key, true);
    if (node == nullptr) return {};
    const auto value = node->value_exact<std::string>();
    if (!value)
        note("config/kind", key, "give a text in quotes");
    else if (value->empty())
        note("config/value", key, "give a text that is not empty");
    return value.value_or("");
}

auto TableReader::path(std::string_view key) -> std::filesystem::path {
    const auto value = text(key);
    if (value.empty()) return {};
    return (notes_.base / value).lexically_normal();
}

auto TableReader::texts(std::string_view key) -> std::vector<std::string> {
    std::vector<std::string> out;
    const auto* node = find(key, true);
    if (node == nullptr) return out;
    const auto* items = node->as_array();
    if (items == nullptr) {
        note("config/kind", key, "give an array of texts");
        return out;
    }
    for (const auto& item : *items) {
        if (auto value = item.value_exact<std::string>())
            out.push_back(std::move(*value));
        else
            notes_.note("config/kind", item.source(), full_name(key) + ": give texts only");
    }
    return out;
}

void TableReader::number(std::string_view key, std::uint64_t& value, std::uint64_t least, std::uint64_t most) {
    const auto* node = find(key, false);
    if (node == nullptr) return;
    const auto read = node->value_exact<std::int64_t>();
    if (read && *read >= 0 && static_cast<std::uint64_t>(*read) >= least && static_cast<std::uint64_t>(*read) <= most)
        value = static_cast<std::uint64_t>(*read);
    else
        note("config/value", key, "give a whole number from " + std::to_string(least) + " to " + std::to_string(most));
}

void TableReader::number(std::string_view key, std::uint32_t& value, std::uint32_t least, std::uint32_t most) {
    std::uint64_t wide = value;
    number(key, wide, std::uint64_t{least}, std::uint64_t{most});
    value = static_cast<std::uint32_t>(wide);
}

void TableReader::duration(std::string_view key, std::chrono::milliseconds& value, std::uint64_t least, std::uint64_t most) {
    auto count = static_cast<std::uint64_t>(value.count());
    number(key, count, least, most);
    value = std::chrono::milliseconds{count};
}

void TableReader::flag(std::string_view key, bool& value) {
    const auto* node = find(key, false);
    if (node == nullptr) return;
    if (const auto read = node->value_exact<bool>())
        value = *read;
    else
        note("config/kind", key, "give true or false, without quotes");
}

auto TableReader::keys() const -> std::vector<std::string> {
    std::vector<std::string> out;
    if (table_ == nullptr) return out;
    for (const auto& [key, node] : *table_) out.emplace_back(key.str());
    return out;
}

auto TableReader::table(std::string_view key) -> TableReader {
    const auto* node = find(key, true);
    if (node != nullptr && !node->is_table()) note("config/kind", key, "make this a table");
    return {node == nullptr ? nullptr : node->as_table(), full_name(key), notes_};
}

auto TableReader::optional_table(std::string_view key) -> TableReader {
    const auto* node = find(key, false);
    if (node != nullptr && !node->is_table()) note("config/kind", key, "make this a table");
    return {node == nullptr ? nullptr : node->as_table(), full_name(key), notes_};
}

auto TableReader::tables(std::string_view key) -> std::vector<TableReader> {
    std::vector<TableReader> out;
    const auto* node = find(key, false);
    if (node == nullptr) return out;
    const auto* items = node->as_array();
    const bool all_tables = items != nullptr && std::ranges::all_of(*items, [](const toml::node& item) { return item.is_table(); });
    if (!all_tables) {
        note("config/kind", key, "make this an array of tables");
        return out;
    }
    for (const auto& item : *items) out.emplace_back(item.as_table(), full_name(key), notes_);
    return out;
}

void TableReader::finish() {
    if (table_ == nullptr) return;
    for (const auto& [key, node] : *table_) {
        if (std::ranges::find(known_, key.str()) != known_.end()) continue;
        std::string names;
        for (const auto& name : known_) names += (names.empty() ? "" : ", ") + name;
        notes_.note("config/unknown-key", key.source(), "this key is not known here; known are: " + names);
    }
}

}  // namespace cg::config
