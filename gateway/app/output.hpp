#pragma once
/// What people read: colours only on a terminal, text from messages without control characters, errors with what to do.

#include "gateway/app/session.hpp"
#include "gateway/base/json.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cg::app {

enum class Ink : std::uint8_t { plain, strong, good, bad, warn, faint };
/// `text` in that ink where standard output is a terminal (and NO_COLOR is not set); else as it is.
[[nodiscard]] auto ink(Ink colour, std::string_view text) -> std::string;

/// Text that came with a message, safe for a terminal: control characters become '?', but for new lines.
[[nodiscard]] auto printable(std::string_view untrusted) -> std::string;

/// Breaks text at spaces so that lines stay within 100 columns; each line begins with `indent`, and ends with a new
/// line.
[[nodiscard]] auto wrapped(std::string_view text, std::string_view indent) -> std::string;
/// "3 items", "1 item".
[[nodiscard]] auto counted(std::size_t count, std::string_view thing) -> std::string;
/// 2026-03-03T12:58:10Z as "3 March 2026, 12:58 UTC".
[[nodiscard]] auto spoken(Instant at) -> std::string;

/// Writes to standard output.
void print(std::string_view text);
/// A line to standard output.
void say(std::string_view line = {});
/// JSON to standard output, indented on a terminal and JCS elsewhere.
void print_json(const Json& value);

/// Columns of equal width.
class Table {
public:
    explicit Table(std::vector<std::string> heads) : rows_{std::move(heads)} {}
    void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
    [[nodiscard]] auto str() const -> std::string;

private:
    std::vector<std::vector<std::string>> rows_;
};

/// Says what is wrong and how to mend it: on standard error for people, with --json as an object on standard output.
/// Returns  the exit status for the error, so that `return report(session, error)` ends a command
[[nodiscard]] auto report(const Session& session, const Error& error) -> int;
[[nodiscard]] auto report(const Session& session, const Error& error, int exit_status) -> int;
[[nodiscard]] auto problems_json(const std::vector<Problem>& problems) -> Json;

/// A bar on standard error, from the first second on, where that is a terminal.
class Progress {
public:
    explicit Progress(std::string what);
    ~Progress();
    Progress(const Progress&) = delete;
    auto operator=(const Progress&) -> Progress& = delete;
    void show(std::uint64_t done, std::uint64_t all);

private:
    std::string what_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    int percent_ = -1;
    bool terminal_ = false;
};

}  // namespace cg::app
