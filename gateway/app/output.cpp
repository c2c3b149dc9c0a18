#include "gateway/app/output.hpp"

#include "gateway/app/exit.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace cg::app {
namespace {

constexpr std::size_t columns = 100;

auto on_terminal() -> bool {
    static const bool yes = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
    return yes;
}

auto ink_code(Ink colour) -> std::string_view {
    switch (colour) {
        case Ink::plain: return "";
        case Ink::strong: return "\x1b[1m";
        case Ink::good: return "\x1b[32m";
        case Ink::bad: return "\x1b[31m";
        case Ink::warn: return "\x1b[33m";
        case Ink::faint: return "\x1b[2m";
    }
    return "";
}

/// Columns that UTF-8 text takes: bytes that begin a character.
auto width(std::string_view text) -> std::size_t {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

auto ink(Ink colour, std::string_view text) -> std::string {
    if (!on_terminal() || colour == Ink::plain) return std::string{text};
    return std::string{ink_code(colour)} + std::string{text} + "\x1b[0m";
}

auto printable(std::string_view untrusted) -> std::string {
    std::string out;
    out.reserve(untrusted.size());
    for (std::size_t i = 0; i < untrusted.size(); ++i) {
        const auto byte = static_cast<unsigned char>(untrusted[i]);
        // U+0080 to U+009F, the C1 controls, are C2 80 to C2 9F.
        const bool c1 = byte == 0xC2 && i + 1 < untrusted.size() && static_cast<unsigned char>(untrusted[i + 1]) < 0xA0;
        if (c1) ++i;
        out.push_back(c1 || (byte < 0x20 && byte != '\n') || byte == 0x7F ? '?' : untrusted[i]);
    }
    return out;
}

auto wrapped(std::string_view text, std::string_view indent) -> std::string {
    const bool is_item = text.starts_with("- ") || text.starts_with("* ") || text.starts_with("> ");
    const auto further = std::string{indent} + (is_item ? "  " : "");
    std::string out;
    std::string line{indent};
    bool empty = true;
    const auto flush = [&] {
        out += line + "\n";
        line = further;
        empty = true;
    };
    while (!text.empty()) {
        const auto end = text.find_first_of(" \n");
        const auto word = text.substr(0, end);
        if (!empty && width(line) + 1 + width(word) > columns) flush();
        if (!word.empty()) {
            if (!empty) line += ' ';
            line += word;
            empty = false;
        }
        if (end == std::string_view::npos) break;
        if (text[end] == '\n') flush();
        text.remove_prefix(end + 1);
    }
    if (!empty) flush();
    return out;
}

auto counted(std::size_t count, std::string_view thing) -> std::string {
    return std::to_string(count) + " " + std::string{thing} + (count == 1 ? "" : "s");
}

auto spoken(Instant at) -> std::string {
    static constexpr std::array months{"January", "February", "March",     "April",   "May",      "June",
                                       "July",    "August",   "September", "October", "November", "December"};
    const auto day = date_of(at);
    const std::chrono::hh_mm_ss time{at - std::chrono::floor<std::chrono::days>(at)};
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%u %s %d, %02d:%02d UTC", static_cast<unsigned>(day.day()),
                  months.at(static_cast<unsigned>(day.month()) - 1), static_cast<int>(day.year()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()));
    return text.data();
}

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

void say(std::string_view line) {
    print(std::string{line} + "\n");
}

void print_json(const Json& value) {
    say(::isatty(STDOUT_FILENO) == 1 ? to_pretty_json(value) : to_jcs(value));
}

auto Table::str() const -> std::string {
    std::vector<std::size_t> widths(rows_.front().size(), 0);
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
    std::string out;
    for (const auto& row : rows_) {
        std::string line = " ";
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += " " + row[i];
            if (i + 1 < row.size()) line.append(widths[i] - width(row[i]) + 1, ' ');
        }
        out += (&row == &rows_.front() ? ink(Ink::faint, line) : line) + "\n";
    }
    return out;
}

auto problems_json(const std::vector<Problem>& problems) -> Json {
    Json out = Json::array();
    for (const auto& problem : problems) {
        Json item = Json::object({{"type", problem.type}, {"pointer", problem.pointer}, {"fix", problem.fix}});
        if (!problem.rule.empty()) item.set("rule", problem.rule);
        out.push(std::move(item));
    }
    return out;
}

auto report(const Session& session, const Error& error) -> int {
    return report(session, error, exit_of(error.code));
}

auto report(const Session& session, const Error& error, int exit_status) -> int {
    if (session.json) {
        auto body = Json::object(
            {{"error", to_string(error.code)}, {"detail", error.detail}, {"problems", problems_json(error.problems)}});
        if (!error.instructions.empty()) body.set("instructions", Json::texts(error.instructions));
        print_json(body);
        return exit_status;
    }
    std::string text;
    for (const auto& line : error.instructions) text += wrapped(printable(line), "  ");
    text += "casegate: " + (error.detail.empty() ? std::string{to_string(error.code)} : error.detail) + "\n";
    for (const auto& problem : error.problems) {
        const auto place = problem.pointer.empty() ? std::string{} : problem.pointer + ": ";
        text += wrapped(place + printable(problem.fix) + " (" + problem.type + ")", "  ");
    }
    std::fputs(text.c_str(), stderr);
    return exit_status;
}

Progress::Progress(std::string what) : what_(std::move(what)), terminal_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
    if (percent_ >= 0) std::fputs("\r\x1b[K", stderr);
}

void Progress::show(std::uint64_t done, std::uint64_t all) {
    if (!terminal_ || all == 0 || std::chrono::steady_clock::now() - began_ < std::chrono::seconds{1}) return;
    const auto percent = static_cast<int>(done * 100 / all);
    if (percent == percent_) return;
    percent_ = percent;
    std::string bar(static_cast<std::size_t>(percent / 4), '#');
    bar.resize(25, '.');
    std::fprintf(stderr, "\r%s [%s] %d %%", what_.c_str(), bar.c_str(), percent);
}

}  // namespace cg::app
