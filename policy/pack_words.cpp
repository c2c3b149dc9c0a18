#include "policy/pack_words.hpp"

#include "policy/words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace cg::policy {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

/// Names of values that do not read as words by themselves.
constexpr std::array leaf_names{
    Entry{"upn", "pupil number (UPN)"},
    Entry{"la_child_id", "number at the council"},
    Entry{"uprn", "property number (UPRN)"},
    Entry{"urn", "school number (URN)"},
    Entry{"nino", "National Insurance number"},
    Entry{"nhs_number", "NHS number"},
    Entry{"pnc_id", "police computer number"},
    Entry{"ric_score", "risk checklist score"},
    Entry{"incidents_12m", "incidents in 12 months"},
    Entry{"attendance_pct", "school attendance"},
    Entry{"gp_practice", "doctor's practice"},
    Entry{"line1", "address line"},
    Entry{"sha256", "fingerprint"},
    Entry{"cp_plan", "child protection plan"},
    Entry{"height_cm", "height"},
};
constexpr std::array owners{
    Entry{"/child/", "the child's "},       Entry{"/concerns/", "a concern's "},
    Entry{"/referrer/", "the referrer's "}, Entry{"/network/", "other professionals' "},
    Entry{"/attachments/", "a file's "},    Entry{"/da/", "domestic abuse: "},
    Entry{"/missing/", "missing child: "},  Entry{"/cp/", "child protection plan: "},
    Entry{"/incident/", "incident: "},      Entry{"/risk/", "risk: "},
    Entry{"/unborn/", "unborn child: "},
};
constexpr std::array conditions{
    Entry{"risk-high", "the risk is high"},           Entry{"person-linked", "the person matters to a concern"},
    Entry{"poses-risk", "the person poses a risk"},   Entry{"own-consent", "that person has consented"},
    Entry{"consent-scope", "the consent names this"}, Entry{"injury-evidence", "it is evidence of an injury"},
};

auto look_up(const auto& table, std::string_view key) -> std::string_view {
    const auto it = std::ranges::find(table, key, &Entry::first);
    return it == table.end() ? std::string_view{} : it->second;
}

auto spaced(std::string_view code) -> std::string {
    std::string out{code};
    std::ranges::replace(out, '_', ' ');
    std::ranges::replace(out, '-', ' ');
    return out;
}

auto owner_of(std::string_view pattern, PeopleFilter people) -> std::string {
    if (pattern.starts_with("/people/")) {
        if (people == PeopleFilter::mother || people == PeopleFilter::mother_consenting) return "the mother's ";
        if (people == PeopleFilter::household) return "household members' ";
        return "people's ";
    }
    for (const auto& [prefix, words] : owners)
        if (pattern.starts_with(prefix)) return std::string{words};
    return {};
}

void add_count(std::string& out, long long count, std::string_view unit) {
    if (count == 0) return;
    if (!out.empty()) out += " and ";
    out += std::to_string(count) + " " + std::string{unit} + (count == 1 ? "" : "s");
}

}  // namespace

auto leaf_name(std::string_view pattern) -> std::string {
    if (pattern.ends_with("/*")) pattern.remove_suffix(2);
    const auto last = pattern.substr(pattern.rfind('/') + 1);
    const auto known = look_up(leaf_names, last);
    return known.empty() ? spaced(last) : std::string{known};
}

auto leaf_words(std::string_view pattern, PeopleFilter people) -> std::string {
    return owner_of(pattern, people) + leaf_name(pattern);
}

auto group_words(const Group& group) -> std::string {
    auto out = group.title.empty() ? spaced(group.name) : group.title;
    // "NHS numbers" keeps its capitals.
    if (out.size() > 1 && std::isupper(static_cast<unsigned char>(out[1])) == 0)
        out[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(out[0])));
    return out;
}

auto condition_words(std::string_view name) -> std::string {
    const auto known = look_up(conditions, name);
    return known.empty() ? spaced(name) : std::string{known};
}

auto condition_words(const Condition& condition) -> std::string {
    // The names stand in `text`: those of `all` first, then those of `any`.
    std::string out;
    std::size_t index = 0;
    for (std::string_view rest = condition.text; !rest.empty(); ++index) {
        const auto end = rest.find(", ");
        const bool alternative = index >= condition.all.size();
        const bool first_alternative = index == condition.all.size();
        if (!out.empty()) out += alternative && !first_alternative ? " or " : " and ";
        if (first_alternative && condition.any.size() > 1 && !condition.all.empty()) out += "either ";
        out += condition_words(rest.substr(0, end));
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 2);
    }
    return "only if " + out;
}

auto people_words(PeopleFilter people) -> std::string_view {
    if (people == PeopleFilter::household) return "members of the household";
    if (people == PeopleFilter::mother) return "the mother";
    if (people == PeopleFilter::mother_consenting) return "the mother, while her consent stands";
    if (people == PeopleFilter::parental_responsibility) return "people with parental responsibility";
    return "the household and everybody who matters to a concern";
}

auto period_words(const Period& period) -> std::string {
    std::string out;
    if (period.months != 0 && period.months % 12 == 0)
        add_count(out, period.months / 12, "year");
    else
        add_count(out, period.months, "month");
    add_count(out, period.days, "day");
    add_count(out, period.working_days, "working day");
    const auto seconds = static_cast<long long>(period.seconds.count());
    if (seconds % 3600 == 0)
        add_count(out, seconds / 3600, "hour");
    else if (seconds % 60 == 0)
        add_count(out, seconds / 60, "minute");
    else
        add_count(out, seconds, "second");
    return out.empty() ? "at once" : out;
}

auto period_words(std::string_view period) -> std::string {
    const auto parsed = parse_period(period);
    return parsed ? period_words(parsed.value()) : std::string{period};
}

auto role_words(const CompiledPack& pack, std::string_view role) -> std::string {
    const auto it = pack.roles.find(role);
    return it == pack.roles.end() || it->second.title.empty() ? std::string{role} : it->second.title;
}

auto code_title(const CompiledPack& pack, std::string_view code) -> std::string {
    if (const auto it = pack.overrides.find(code); it != pack.overrides.end()) return it->second.title;
    if (const auto it = pack.exceptions.find(code); it != pack.exceptions.end()) return it->second.title;
    const auto cited = [&code](const std::string& title) { return title + " (" + std::string{code} + ")"; };
    if (const auto it = pack.basis.find(code); it != pack.basis.end()) return cited(it->second.title);
    if (const auto it = pack.article9.find(code); it != pack.article9.end()) return cited(it->second.title);
    if (const auto it = pack.schedule1.find(code); it != pack.schedule1.end()) return cited(it->second.title);
    return std::string{code};
}

}  // namespace cg::policy
