#pragma once
/// Reading TOML tables of a fixed form: every key known and of its kind, all errors noted with their place. Not for use
/// outside this room.

#include "gateway/base/result.hpp"
#include "policy/toml_library.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cg::config {

/// What one reading has in common. Lifetime: borrowed by every TableReader of it.
struct TomlNotes {
    std::string label;            ///< names the file in errors
    std::filesystem::path base;   ///< relative paths are relative to this
    std::vector<Problem> problems;

    void note(std::string_view type, const toml::source_region& place, std::string fix);
};

/// Secret  no problem holds a value; unknown keys are told by their place
class TableReader {
public:
    /// `name` is how the table is called in errors ("" for the file itself); a null table stands for one that is absent.
    TableReader(const toml::table* table, std::string name, TomlNotes& notes);

    [[nodiscard]] auto has(std::string_view key) const -> bool { return table_ != nullptr && table_->contains(key); }
    /// Required.
    [[nodiscard]] auto text(std::string_view key) -> std::string;
    [[nodiscard]] auto path(std::string_view key) -> std::filesystem::path;
    [[nodiscard]] auto texts(std::string_view key) -> std::vector<std::string>;
    [[nodiscard]] auto table(std::string_view key) -> TableReader;
    /// Optional: the value is changed where the key is there.
    void number(std::string_view key, std::uint64_t& value, std::uint64_t least, std::uint64_t most);
    void number(std::string_view key, std::uint32_t& value, std::uint32_t least, std::uint32_t most);
    void duration(std::string_view key, std::chrono::milliseconds& value, std::uint64_t least, std::uint64_t most);
    void flag(std::string_view key, bool& value);
    /// All keys of a table whose names are the operator's own. None of them is unknown.
    [[nodiscard]] auto keys() const -> std::vector<std::string>;
    /// Optional tables.
    [[nodiscard]] auto optional_table(std::string_view key) -> TableReader;
    [[nodiscard]] auto tables(std::string_view key) -> std::vector<TableReader>;

    template <class T>
    [[nodiscard]] auto parsed(std::string_view key, std::string fix) -> T {
        const auto value = text(key);
        if (value.empty()) return T{};
        auto result = T::parse(value);
        if (result) return std::move(result).value();
        note("config/value", key, std::move(fix));
        return T{};
    }

    /// Notes a problem at a key, or at the table where the key is absent or "".
    void note(std::string_view type, std::string_view key, std::string fix);
    void finish();

private:
    [[nodiscard]] auto find(std::string_view key, bool required) -> const toml::node*;
    [[nodiscard]] auto full_name(std::string_view key) const -> std::string;

    const toml::table* table_;
    std::string name_;
    TomlNotes& notes_;
    std::vector<std::string> known_;
};

}  // namespace cg::config
