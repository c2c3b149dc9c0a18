// Who may have how much: purposes and roles in one table.
#include "policy/compiled.hpp"
#include "policy/pack_pages.hpp"
#include "policy/pack_words.hpp"

#include <algorithm>
#include <set>

namespace cg::policy {
namespace {

auto escaped(std::string_view text) -> std::string {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            default: out.push_back(c);
        }
    }
    return out;
}

auto anchor(std::string_view purpose, std::string_view role) -> std::string {
    return std::string{purpose} + "--" + std::string{role};
}

constexpr std::string_view style = R"(
body { font-family: system-ui, sans-serif; line-height: 1.5; color: #0b0c0c; background: #fff; margin: 2rem; max-width: 110rem; }
table { border-collapse: collapse; } caption { text-align: left; font-weight: bold; padding-bottom: .5rem; }
th, td { border: 1px solid #6f777b; padding: .4rem .6rem; text-align: left; vertical-align: top; }
thead th { position: sticky; top: 0; background: #f3f2f1; } tbody th { background: #f3f2f1; }
a { color: #1d4f91; } a:focus { outline: 3px solid #0b0c0c; background: #fd0; }
.wide { overflow-x: auto; } dt { font-weight: bold; margin-top: .6rem; }
@media print { thead th { position: static; } }
)";

auto cell_html(const MatrixCell& cell) -> std::string {
    const auto count = [](std::size_t number, std::string_view word) {
        return number == 0 ? std::string{} : std::to_string(number) + " " + std::string{word} + "<br>";
    };
    return "<td><a href=\"#" + escaped(anchor(cell.purpose, cell.role)) + "\">" + count(cell.required, "required") +
           count(cell.allowed, "allowed") + count(cell.conditional, "conditional") + count(cell.forbidden, "never") +
           count(cell.not_necessary, "not needed") + "</a></td>";
}

auto list_html(std::string_view title, const std::vector<PageLine>& lines) -> std::string {
    if (lines.empty()) return {};
    auto out = "<dt>" + std::string{title} + "</dt>\n";
    for (const auto& line : lines) {
        out += "<dd>" + escaped(line.title) + ": ";
        for (std::size_t i = 0; i < line.values.size(); ++i) out += (i == 0 ? "" : ", ") + escaped(line.values[i]);
        if (!line.condition.empty()) out += " <em>" + escaped(line.condition) + "</em>";
        out += "</dd>\n";
    }
    return out;
}

auto page_html(const RolePage& page) -> std::string {
    auto out = "<section id=\"" + escaped(anchor(page.purpose, page.role)) + "\">\n<h3>" + escaped(page.purpose_title) +
               " to " + escaped(page.role_title) +
               "</h3>\n<p>Agreement: " + escaped(page.agreement.empty() ? "none" : page.agreement) +
               ". People: " + escaped(page.people) + ". <a href=\"#matrix\">Back to the table</a></p>\n";
    for (const auto& line : page.stricter) out += "<p>" + escaped(line) + "</p>\n";
    out += "<dl>\n";
    out += list_html("Required", page.required) + list_html("Allowed", page.allowed) +
           list_html("Only under a condition", page.conditional) + list_html("Never", page.forbidden) +
           list_html("Not needed, so it stays", page.not_necessary);
    return out + "</dl>\n</section>\n";
}

}  // namespace

auto matrix(const Pack& pack) -> std::vector<MatrixCell> {
    std::vector<MatrixCell> out;
    for (const auto& purpose : pack.purposes()) {
        for (const auto& role : pack.roles_of(purpose)) {
            MatrixCell cell{purpose, role};
            for (const auto& one : pack.compiled().purposes.find(purpose)->second.roles.find(role)->second.cells) {
                if (one.kind == CellKind::require) ++cell.required;
                if (one.kind == CellKind::allow) ++cell.allowed;
                if (one.kind == CellKind::when) ++cell.conditional;
                if (one.kind == CellKind::forbid) ++cell.forbidden;
                if (one.kind == CellKind::not_necessary) ++cell.not_necessary;
            }
            out.push_back(std::move(cell));
        }
    }
    return out;
}

auto csv_row(const std::vector<std::string>& cells) -> std::string {
    std::string out;
    for (const auto& cell : cells) {
        auto text = cell;
        if (!text.empty() && std::string_view{"=+-@\t\r"}.find(text.front()) != std::string_view::npos)
            text.insert(0, 1, '\'');
        if (text.find_first_of(",\"\r\n") != std::string::npos) {
            std::string quoted = "\"";
            for (const char c : text) quoted += c == '"' ? std::string{"\"\""} : std::string(1, c);
            text = quoted + "\"";
        }
        out += (&cell == &cells.front() ? "" : ",") + text;
    }
    return out + "\r\n";
}

auto matrix_csv(const Pack& pack) -> std::string {
    auto out = csv_row({"purpose", "role", "required", "allowed", "conditional", "forbidden", "not_necessary"});
    for (const auto& cell : matrix(pack))
        out += csv_row({cell.purpose, cell.role, std::to_string(cell.required), std::to_string(cell.allowed),
                        std::to_string(cell.conditional), std::to_string(cell.forbidden),
                        std::to_string(cell.not_necessary)});
    return out;
}

auto matrix_html(const Pack& pack) -> std::string {
    const auto& compiled = pack.compiled();
    const auto cells = matrix(pack);
    std::set<std::string> roles;
    for (const auto& cell : cells) roles.insert(cell.role);
    const auto title =
        escaped(compiled.title.empty() ? pack.id() : compiled.title) + ", version " + escaped(pack.version());
    auto out =
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\">\n<title>Who may have what: " +
        title + "</title>\n<style>" + std::string{style} +
        "</style>\n</head>\n<body>\n<main>\n<h1>Who may have what</h1>\n<p>" + title +
        ". Each number counts kinds of value; together they are all " + std::to_string(compiled.leaves.size()) +
        ". Follow a cell to its list.</p>\n<div class=\"wide\" id=\"matrix\" tabindex=\"0\" role=\"region\" "
        "aria-labelledby=\"matrix-caption\">\n<table>\n<caption id=\"matrix-caption\">Purposes by recipient "
        "role</caption>\n"
        "<thead><tr><th scope=\"col\">Purpose</th>";
    for (const auto& role : roles) out += "<th scope=\"col\">" + escaped(role_words(compiled, role)) + "</th>";
    out += "</tr></thead>\n<tbody>\n";
    for (const auto& purpose : pack.purposes()) {
        out += "<tr><th scope=\"row\">" + escaped(compiled.purposes.find(purpose)->second.title) + "</th>";
        for (const auto& role : roles) {
            const auto it = std::ranges::find_if(
                cells, [&](const MatrixCell& cell) { return cell.purpose == purpose && cell.role == role; });
            out += it == cells.end() ? "<td>nothing is sent</td>" : cell_html(*it);
        }
        out += "</tr>\n";
    }
    out += "</tbody>\n</table>\n</div>\n<h2>The lists</h2>\n";
    for (const auto& cell : cells)
        if (const auto page = role_page(pack, cell.purpose, cell.role); page.has_value())
            out += page_html(page.value());
    return out + "</main>\n</body>\n</html>\n";
}

}  // namespace cg::policy
