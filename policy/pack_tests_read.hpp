#pragma once
/// The tables of a pack's tests as values.

#include "gateway/base/json.hpp"
#include "gateway/base/time.hpp"
#include "policy/pack.hpp"
#include "policy/toml_tree.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cg::policy {

struct TestBase {
    std::string from;
    std::optional<Instant> at;
    Json case_tree;
};

struct TestExpectation {
    std::string outcome;
    std::vector<std::string> released, warnings, obligations;
    std::vector<std::pair<std::string, std::string>> withheld;  ///< group or pointer, and the reason; empty: any
    std::optional<std::vector<std::string>> problems;
};

struct TestRow {
    std::string place, name, base;
    std::vector<std::pair<std::string, Json>> with;  ///< place in words or pointer, and its new value
    std::vector<std::string> without;
    std::string purpose, from, to, urgency;
    std::string question;  ///< of an advice message
    std::optional<Instant> at;
    TestExpectation then;
};

struct TestTables {
    std::map<std::string, TestBase, std::less<>> bases;
    std::vector<TestRow> rows;
};

/// Every `tests/*.toml`. What cannot be read is a fault and left out.
[[nodiscard]] auto read_test_tables(const PackFiles& files, Faults& faults) -> TestTables;

/// The pointer that words mean in this case: "risk level", "the child's date of birth", "mother's phone", "c1's kind".
/// Errors    not_found, malformed (more than one place could be meant; the text names them)
[[nodiscard]] auto place_in_case(const Json& case_tree, std::string_view words) -> Result<std::string>;

/// Sets the value at a pointer, making objects on the way. False: there is no such list item.
[[nodiscard]] auto set_value(Json& tree, std::string_view pointer, Json value) -> bool;
/// Removes the value at a pointer, if it is there.
void remove_value(Json& tree, std::string_view pointer);

}  // namespace cg::policy
