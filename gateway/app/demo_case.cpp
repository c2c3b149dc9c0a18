// The examples are written for one day. Policy looks at dates, so the demonstration moves them all to today.
#include "config/secrets.hpp"
#include "gateway/app/demo.hpp"

namespace cg::app {
namespace {

constexpr auto written_for =
    std::chrono::sys_days{std::chrono::year{2026} / 3 / 3} + std::chrono::hours{12} + std::chrono::minutes{58};

void move_dates(Json& value, std::chrono::days by_days, std::chrono::milliseconds by) {
    if (auto* items = value.if_array()) {
        for (auto& item : *items) move_dates(item, by_days, by);
    } else if (auto* members = value.if_object()) {
        for (auto& member : *members) move_dates(member.value, by_days, by);
    } else if (auto* text = value.if_string()) {
        if (const auto day = parse_date(*text); day.has_value())
            *text = to_iso_date(Date{std::chrono::sys_days{day.value()} + by_days});
        else if (const auto at = parse_instant(*text); at.has_value())
            *text = to_rfc3339(at.value() + by);
    }
}

}  // namespace

auto read_example(const std::string& name, Instant now) -> Result<Json> {
    const auto file = std::filesystem::path{CG_SHARE_DIR} / "examples" / "cases" / name;
    auto text = config::read_public_file(file);
    if (!text.has_value()) return fail(text.error().code, "the example " + file.string() + " cannot be read");
    CG_TRY(auto json, parse_json(text.value()));
    const auto day = std::chrono::floor<std::chrono::days>(now);
    move_dates(json, day - std::chrono::floor<std::chrono::days>(written_for),
               std::chrono::floor<std::chrono::minutes>(now) - std::chrono::floor<std::chrono::minutes>(written_for));
    return json;
}

}  // namespace cg::app
