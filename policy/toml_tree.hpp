#pragma once
/// TOML texts as plain values with the line and column of each, and a reader that notices what nobody asked for.

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cg::policy {

struct TomlMember;

struct TomlNode {
    enum class Kind : std::uint8_t { text, integer, flag, date, list, table, other };
    Kind kind{Kind::other};
    std::string text;
    std::int64_t integer{0};
    bool flag{false};
    Date date{};
    std::vector<TomlNode> items;
    std::vector<TomlMember> members;  ///< in the order of the file
    std::uint32_t line{0}, column{0};

    // Defined where TomlMember is complete, as Clang 14 asks.
    TomlNode();
    TomlNode(const TomlNode&);
    TomlNode(TomlNode&&) noexcept;
    auto operator=(const TomlNode&) -> TomlNode&;
    auto operator=(TomlNode&&) noexcept -> TomlNode&;
    ~TomlNode();

    [[nodiscard]] auto find(std::string_view name) const noexcept -> const TomlNode*;
};

struct TomlMember {
    std::string first;  ///< the key
    TomlNode second;
};

/// All that is wrong with a pack, with the place of each. Problem::pointer is `file:line:column`.
class Faults {
public:
    void add(std::string_view file, const TomlNode& at, std::string type, std::string fix);
    void add(std::string_view file, std::string type, std::string fix);
    [[nodiscard]] auto empty() const noexcept -> bool { return list_.empty(); }
    /// Takes out what other files miss because these could not be read, as their words say: `there is no … in roles.toml`.
    void forget_what_follows(const std::vector<std::string>& unreadable);
    [[nodiscard]] auto take() -> std::vector<Problem>;  ///< sorted by file, line and column

private:
    struct Fault {
        std::string file;
        std::uint32_t line, column;
        Problem problem;
    };
    std::vector<Fault> list_;
};

/// Parses one TOML text. Empty, with a fault, where it is none.
[[nodiscard]] auto parse_toml(std::string_view file, std::string_view text, Faults& faults) -> std::optional<TomlNode>;

/// One table, read key by key; finish() reports the keys that were not asked for.
///
/// Lifetime  borrows the node and the faults
class TableReader {
public:
    TableReader(std::string_view file, const TomlNode& table, Faults& faults)
        : file_(file), table_(table), faults_(faults) {}

    /// Missing: a fault and an empty value; the *_or forms take the given value without one.
    auto text(std::string_view key) -> std::string;
    auto text_or(std::string_view key, std::string otherwise) -> std::string;
    auto texts(std::string_view key) -> std::vector<std::string>;
    auto texts_or_none(std::string_view key) -> std::vector<std::string>;
    auto flag_or(std::string_view key, bool otherwise) -> bool;
    auto integer_or(std::string_view key, std::int64_t otherwise) -> std::int64_t;
    auto date(std::string_view key) -> Date;
    auto date_if(std::string_view key) -> std::optional<Date>;
    /// The node, or null without a fault where it is missing; a fault where it is of another kind.
    auto table_if(std::string_view key) -> const TomlNode*;
    auto list_if(std::string_view key) -> const TomlNode*;
    /// The same, and missing is a fault.
    auto table(std::string_view key) -> const TomlNode*;
    /// Items of a list of tables; empty where it is missing.
    auto tables(std::string_view key) -> std::vector<const TomlNode*>;

    /// The key is known, and somebody else says what is wrong with it.
    void ignore(std::string_view key) { asked_.emplace(key); }
    void finish();

    void fault(std::string type, std::string fix) { faults_.add(file_, table_, std::move(type), std::move(fix)); }
    void fault_at(std::string_view key, std::string type, std::string fix);
    [[nodiscard]] auto node() const noexcept -> const TomlNode& { return table_; }
    [[nodiscard]] auto file() const noexcept -> std::string_view { return file_; }
    [[nodiscard]] auto faults() noexcept -> Faults& { return faults_; }

private:
    auto get(std::string_view key, TomlNode::Kind kind, std::string_view wanted, bool needed) -> const TomlNode*;
    auto text_list(const TomlNode* list) -> std::vector<std::string>;

    std::string_view file_;
    const TomlNode& table_;
    Faults& faults_;
    std::set<std::string, std::less<>> asked_;
};

}  // namespace cg::policy
