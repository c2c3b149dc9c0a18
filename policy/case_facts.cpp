#include "policy/case_facts.hpp"

#include "policy/name_words.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <cctype>

namespace cg::policy {
namespace {

auto lower(char c) noexcept -> int {
    return std::tolower(static_cast<unsigned char>(c));
}

auto only_digits(std::string_view text) -> std::string {
    std::string out;
    std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return c >= '0' && c <= '9'; });
    return out;
}

auto is_minor(const Json& person, Date today) -> bool {
    const auto age = age_on(person, today);
    return age && *age < 18;
}

auto read_person(const Json& tree, Date today) -> Person {
    Person out;
    out.tree = &tree;
    out.id = tree["id"].text();
    out.name = tree["name"].text();
    out.relationship = tree["relationship"].text();
    out.household = tree["household"].is_true();
    // Anything but a plain `false` protects: a value nobody understands must not uncover somebody.
    const auto* is_protected = tree.find("identity_protected");
    out.identity_protected =
        is_protected != nullptr && !(is_protected->if_bool() != nullptr && !*is_protected->if_bool());
    out.poses_risk = tree["poses_risk"].is_true();
    out.minor = is_minor(tree, today);
    out.deceased = has_died(tree, today);
    return out;
}

/// Did the concern come from this person? By name, or by what they are to the child.
auto is_source(const Json& concern, const Person& person) -> bool {
    if (same_name(person.name, concern["source_name"].text())) return true;
    if (person.relationship.empty()) return false;
    return same_ignoring_case(concern["source_role"].text(), person.relationship) ||
           same_ignoring_case(concern["speaker"].text(), person.relationship);
}

auto read_consent(const Json& share) -> Consent {
    Consent out;
    out.who = share["who"].text();
    out.state = share["state"].text();
    out.capacity = share["capacity"].text();
    out.on = read_date(share["on"]);
    out.expires = read_date(share["expires"]);
    const auto& scope = share["scope"];
    const auto both = [&scope](const char* one, const char* other) {
        auto texts = texts_of(scope[one]);
        std::ranges::copy(texts_of(scope[other]), std::back_inserter(texts));
        return texts;
    };
    out.purposes = both("purpose", "purposes");
    out.recipients = texts_of(scope["recipients"]);
    out.groups = both("fields", "groups");
    return out;
}

void read_informing(const Json& informing, CaseFacts& out) {
    out.exceptions = answers_of(informing["exception"]);
    out.told = texts_of(informing["told"]);
    for (const auto person : out.told)
        if (!is_unknown_word(person)) out.informed.push_back({&informing, "/informing", person, true});
    const auto* items = informing["people"].if_array();
    for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
        const auto& item = (*items)[i];
        const auto codes = answers_of(item["exception"]);
        const auto person = item["person"].text();
        const bool named = !is_blank(item["person"]) && !is_unknown_word(person);
        if (codes.empty() && !named) continue;  // says nothing of anybody
        out.informed.push_back({&item, "/informing/people/" + std::to_string(i), person, codes.empty()});
        std::ranges::copy(codes, std::back_inserter(out.exceptions));
        if (codes.empty()) out.told.push_back(person);
    }
}

}  // namespace

auto age_on(const Json& person, Date today) -> std::optional<int> {
    const auto born = read_date(person["date_of_birth"]);
    if (!born) return std::nullopt;
    const int years = static_cast<int>(today.year()) - static_cast<int>(born->year());
    // Somebody born on 29 February is a year older on 1 March of a common year.
    const bool had_birthday = std::pair{today.month(), today.day()} >= std::pair{born->month(), born->day()};
    return had_birthday ? years : years - 1;
}

auto has_responsibility(const Person& person) -> bool {
    const auto word = (*person.tree)["parental_responsibility"].text();
    return word == "yes" || word == "shared-with-LA";
}

auto has_died(const Json& person, Date today) -> bool {
    const auto died = read_date(person["deceased_on"]);
    return died && *died <= today;
}

auto same_digits(std::string_view a, std::string_view b) -> bool {
    const auto left = only_digits(a);
    return !left.empty() && left == only_digits(b);
}

auto national_number(std::string_view digits) noexcept -> std::string_view {
    constexpr std::size_t shortest_abroad = 11;  // with 44 in front
    if (digits.starts_with("0044"))
        digits.remove_prefix(4);
    else if (digits.starts_with("44") && digits.size() >= shortest_abroad)
        digits.remove_prefix(2);
    else if (!digits.starts_with('0'))
        return {};
    if (digits.starts_with('0')) digits.remove_prefix(1);  // also of "+44 (0)"
    return digits;
}

auto same_phone(std::string_view a, std::string_view b) -> bool {
    const auto left = only_digits(a), right = only_digits(b);
    if (left.empty() || right.empty()) return false;
    if (left == right) return true;
    const auto core = [](const std::string& digits) {
        const auto national = national_number(digits);
        return national.empty() ? std::string_view{digits} : national;
    };
    return core(left) == core(right);
}

auto same_ignoring_case(std::string_view a, std::string_view b) noexcept -> bool {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

auto texts_of(const Json& value) -> std::vector<std::string_view> {
    std::vector<std::string_view> out;
    if (value.is_string()) {
        if (!is_blank(value)) out.push_back(value.text());
    } else if (const auto* items = value.if_array()) {
        for (const auto& item : *items)
            if (item.is_string() && !is_blank(item)) out.push_back(item.text());
    }
    return out;
}

auto answers_of(const Json& value) -> std::vector<std::string_view> {
    auto out = texts_of(value);
    std::erase_if(out, is_unknown_word);
    return out;
}

auto CaseFacts::person(std::string_view id) const noexcept -> const Person* {
    if (id.empty()) return nullptr;
    const auto it = std::ranges::find(people, id, &Person::id);
    return it == people.end() ? nullptr : &*it;
}

auto read_case_facts(const Json& case_tree, Date today) -> CaseFacts {
    CaseFacts out;
    out.tree = &case_tree;
    out.today = today;
    out.child_id = case_tree["child"]["id"].text();
    if (const auto* items = case_tree["people"].if_array()) {
        out.people.reserve(items->size());
        for (const auto& item : *items) out.people.push_back(read_person(item, today));
    }
    if (const auto* items = case_tree["concerns"].if_array()) {
        out.concerns.reserve(items->size());
        for (const auto& item : *items)
            out.concerns.push_back({&item, item["id"].text(), item["about"].text(), item["concerning"].text()});
    }
    for (auto& person : out.people) {
        person.linked = std::ranges::any_of(out.concerns, [&person](const Concern& concern) {
            return (!person.id.empty() && (concern.about == person.id || concern.concerning == person.id)) ||
                   is_source(*concern.tree, person);
        });
    }
    out.child_deceased = has_died(case_tree["child"], today);
    out.living = !out.child_deceased || !std::ranges::all_of(out.people, &Person::deceased);
    out.consent = read_consent(case_tree["consent"]["to_share"]);
    if (const auto* items = case_tree["consent"]["others"].if_array())
        for (const auto& item : *items) out.others.push_back(read_consent(item));
    read_informing(case_tree["informing"], out);
    if (const auto who = case_tree["override"]["suspected_person"].text(); !is_unknown_word(who)) out.suspected = who;
    return out;
}

}  // namespace cg::policy
