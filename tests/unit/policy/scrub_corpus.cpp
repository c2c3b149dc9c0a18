#include "scrub_corpus.hpp"

#include <array>
#include <functional>
#include <random>

namespace cg::policy::testing {
namespace {

using Text = std::string;
using Texts = std::vector<Text>;

const Texts given_names{
    "Oluwaseun", "Ngozi",   "Wanjiru",  "Siobhán", "Niamh",    "Caoimhe",  "Rhys",    "Eilidh",  "Łukasz",   "Małgorzata", "Zoë",   "Renée",
    "José",      "Xiomara", "Þórdís",   "Åsa",     "Jürgen",   "Ayşe",     "Mehmet",  "Farzana", "Imran",    "Harpreet",   "Gurdeep", "Thuy",
    "Minh",      "Haruki",  "Yuki",     "Precious", "Blessing", "Kwabena", "Tariq",   "Nasreen", "Agnieszka", "Bogdan",    "Ileana", "Dragan",
    "Tamsin",    "Barnaby", "Marigold", "Robert",  "Elizabeth", "William", "Katherine", "Mohammed", "Jo",    "Al",         "Bo",    "Ed",
    "Anne-Marie", "D'Arcy", "Mary Jane", "Наталья", "Дмитрий",  "محمد",    "فاطمة",   "小明",    "Ελένη",    "Μαρία",      "Grace", "Mark"};
const Texts family_names{
    "O'Sullivan", "Mac Giolla", "Nwachukwu", "Adeyemi-Cole", "Szczepański", "Grünwald", "Ó Briain", "D'Souza", "van der Meulen", "al-Hashimi",
    "Fernández",  "Yılmaz",     "Kaur",      "Nguyen",       "Takahashi",   "Boateng",  "Thistlewood", "Penhaligon", "Quartermaine", "Oakenshaw",
    "Harrowgate", "Smith",      "Lee",       "Ng",           "Иванова",     "Παπαδοπούλου", "حسين",   "王",      "Begum",          "Featherstonehaugh",
    "Llewellyn",  "Ødegård",    "Müller",    "Brankovic",    "Popescu",     "Rosewarne"};
const Texts strangers{"Philomena Wetherby", "Cuthbert", "Jocasta", "Ottoline", "Ranulph", "Zebedee Farnsworth", "Tiberius", "Peregrine",
                      "Hyacinth Bucklebury", "Euphemia", "Lysander", "Rowena", "Thaddeus", "Wilhelmina", "Ignatius", "Persephone"};
const Texts strangers_with_a_word_for_a_name{"Walker", "Turner", "Hall", "Parker", "Fisher", "Law", "Manning", "Wells", "Chance", "Power"};
const Texts streets{"Marchmont Crescent", "Tolgarrick Road", "Ferncliffe Avenue", "Saltmarsh Lane", "Bluebell Close", "Hollowpond Street",
                    "Kestrelgate Drive",  "Old Tannery Yard", "Larchwood Gardens", "Wexcombe Terrace"};
const Texts towns{"Penmarrow", "Little Thornbeck", "Ashcombe Regis", "Skelderdale", "Wynford-on-Sea", "Carrickmoor"};
const Texts schools{"Hawthorn Vale Primary School", "St Petroc's Academy", "Meadowlark Infant School", "Kingfisher Community College",
                    "Our Lady of the Fens RC School", "Bracken Ridge High School"};
const Texts surgeries{"Quayside Surgery", "Limetree Medical Practice", "Old Brewery Health Centre"};

struct Written {
    Text how, text;
};

/// Every draw is a statement of its own: the order of operands is the compiler's, and the corpus is the same for all.
struct Maker {
    std::mt19937 random;
    Narrative out;

    auto number(int from, int to) -> int { return std::uniform_int_distribution<int>{from, to}(random); }
    auto chance(int percent) -> bool { return number(1, 100) <= percent; }
    auto pick(const Texts& from) -> const Text& { return from[static_cast<std::size_t>(number(0, static_cast<int>(from.size()) - 1))]; }
    auto digits(int count) -> Text {
        Text text;
        for (int i = 0; i < count; ++i) text.push_back(static_cast<char>('0' + number(0, 9)));
        return text;
    }

    auto person(const Texts& given, const Texts& family) -> Text {
        auto name = pick(given) + " ";
        return name += pick(family);
    }
    auto postcode(int most, const char* unit) -> Text {
        auto text = "ZZ" + std::to_string(number(1, most)) + " ";
        text += digits(1);
        return text += unit;
    }
    auto crime_reference() -> Text {
        auto text = std::to_string(number(1, 99)) + "/";
        return text += digits(5) + "/26";
    }

    void say(std::string_view words) { out.text += words; }
    void plant(const Text& kind, const Written& written) { plant(kind, written.how, written.text); }
    void plant(const Text& kind, const Text& how, const Text& written, bool own = true) {
        const auto begin = out.text.size();
        out.text += written;
        out.planted.push_back({kind, how, own, begin, out.text.size()});
    }
};

// ---- ways of writing -------------------------------------------------------------------------------------------------

auto replace_all(Text text, std::string_view from, std::string_view to) -> Text {
    for (auto at = text.find(from); at != Text::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
    return text;
}
auto ascii_map(const Text& text, const std::function<Text(char)>& map) -> Text {
    Text made;
    for (const char c : text) made += static_cast<unsigned char>(c) < 0x80U ? map(c) : Text{c};
    return made;
}
auto full_width(const Text& text) -> Text {
    return ascii_map(text, [](char c) -> Text {
        if (c <= ' ') return Text{c};
        const unsigned code = 0xFF00U + static_cast<unsigned char>(c) - 0x20U;
        return {static_cast<char>(0xE0U | (code >> 12U)), static_cast<char>(0x80U | ((code >> 6U) & 0x3FU)), static_cast<char>(0x80U | (code & 0x3FU))};
    });
}
auto upper(const Text& text) -> Text {
    return ascii_map(text, [](char c) { return Text{c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c}; });
}
auto lower(const Text& text) -> Text {
    return ascii_map(text, [](char c) { return Text{c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c}; });
}
auto entities(const Text& text) -> Text {
    return ascii_map(text, [](char c) -> Text { return c == '\'' ? "&#39;" : c == ' ' ? "&nbsp;" : Text{c}; });
}
auto numeric_entities(const Text& text) -> Text {
    return ascii_map(text, [](char c) { return "&#" + std::to_string(static_cast<int>(c)) + ";"; });
}
auto curly(const Text& text) -> Text { return replace_all(text, "'", "\u2019"); }
auto lookalikes(Text text) -> Text {  // Cyrillic letters that look Latin
    for (const auto& [from, to] : {std::pair{"a", "а"}, {"e", "е"}, {"o", "о"}, {"c", "с"}, {"p", "р"}}) text = replace_all(text, from, to);
    return text;
}
auto is_first_byte(char c) -> bool { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }
auto threaded(const Text& text, std::string_view with) -> Text {
    Text made;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i > 0 && is_first_byte(text[i])) made += with;
        made.push_back(text[i]);
    }
    return made;
}
auto decomposed(Text text) -> Text {
    for (const auto& [from, to] : {std::pair{"é", "e\u0301"}, {"á", "a\u0301"}, {"ü", "u\u0308"}, {"ë", "e\u0308"}, {"ń", "n\u0301"}, {"í", "i\u0301"}, {"ó", "o\u0301"}})
        text = replace_all(text, from, to);
    return text;
}
auto without_accents(Text text) -> Text {
    for (const auto& [from, to] : {std::pair{"é", "e"}, {"á", "a"}, {"ü", "u"}, {"ë", "e"}, {"ń", "n"}, {"í", "i"}, {"ó", "o"}, {"Ó", "O"}, {"ł", "l"}, {"Ł", "L"},
                                   {"ø", "o"}, {"Ø", "O"}, {"å", "a"}, {"Å", "A"}, {"ı", "i"}, {"ş", "s"}})
        text = replace_all(text, from, to);
    return text;
}
auto without_spaces(const Text& text) -> Text { return replace_all(text, " ", ""); }
auto grouped(const Text& text, std::initializer_list<std::size_t> sizes, std::string_view gap) -> Text {
    Text made;
    std::size_t at = 0;
    for (const auto size : sizes) {
        if (at >= text.size()) break;
        if (at > 0) made += gap;
        made += text.substr(at, size);
        at += size;
    }
    if (at < text.size()) made += Text{gap} + text.substr(at);
    return made;
}
auto arabic_digits(const Text& text) -> Text {
    return ascii_map(text, [](char c) -> Text {
        if (c < '0' || c > '9') return Text{c};
        return {static_cast<char>(0xD9U), static_cast<char>(0xA0U + static_cast<unsigned>(c - '0'))};
    });
}

struct Way {
    const char* name;
    std::function<Text(const Text&)> write;
};
const std::vector<Way> name_ways{
    {"plain", [](const Text& t) { return t; }},
    {"possessive", [](const Text& t) { return t + "'s"; }},
    {"possessive, curly", [](const Text& t) { return t + "\u2019s"; }},
    {"curly apostrophe", curly},
    {"capitals", upper},
    {"small letters", lower},
    {"full-width", full_width},
    {"zero-width joiners", [](const Text& t) { return threaded(t, "\u200D"); }},
    {"soft hyphens", [](const Text& t) { return threaded(t, "\u00AD"); }},
    {"HTML entities", entities},
    {"HTML numbers", numeric_entities},
    {"look-alike letters", lookalikes},
    {"combining accents", decomposed},
    {"no accents", without_accents},
    {"no-break spaces", [](const Text& t) { return replace_all(t, " ", "\u00A0"); }},
    {"line break inside", [](const Text& t) { return replace_all(t, " ", "\n"); }},
    {"two spaces", [](const Text& t) { return replace_all(t, " ", "  "); }},
};
/// Six Latin letters or more: long enough that a break inside is no two words.
auto is_long_word(const Text& text) -> bool {
    if (text.size() < 6) return false;
    for (const char c : text)
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) return false;
    return true;
}
auto broken(const Text& text, std::string_view gap) -> Text { return text.substr(0, 4) + Text{gap} + text.substr(4); }
auto in_digits(Text text) -> Text {  // "R0bert", "W1ll1am"
    for (const auto& [from, to] : {std::pair{"o", "0"}, {"i", "1"}}) text = replace_all(text, from, to);
    return text;
}

const std::vector<Way> number_ways{
    {"plain", [](const Text& t) { return t; }},
    {"run together", without_spaces},
    {"spaced 3-3-4", [](const Text& t) { return grouped(without_spaces(t), {3, 3, 4}, " "); }},
    {"hyphens", [](const Text& t) { return grouped(without_spaces(t), {3, 3, 4}, "-"); }},
    {"dots", [](const Text& t) { return grouped(without_spaces(t), {3, 3, 4}, "."); }},
    {"spaced out", [](const Text& t) { return threaded(without_spaces(t), " "); }},
    {"pairs", [](const Text& t) { return grouped(without_spaces(t), {2, 2, 2, 2, 2, 2}, " "); }},
    {"line break inside", [](const Text& t) { return grouped(without_spaces(t), {5}, "\n"); }},
    {"no-break spaces", [](const Text& t) { return grouped(without_spaces(t), {4, 3}, "\u00A0"); }},
    {"full-width", [](const Text& t) { return full_width(without_spaces(t)); }},
    {"Arabic digits", [](const Text& t) { return arabic_digits(without_spaces(t)); }},
    {"zero-width joiners", [](const Text& t) { return threaded(without_spaces(t), "\u200B"); }},
    {"HTML numbers", [](const Text& t) { return numeric_entities(without_spaces(t)); }},
    {"small letters", lower},
    {"mathematical dashes", [](const Text& t) { return grouped(without_spaces(t), {4, 3}, "\u2212"); }},
};

auto in_words(const Text& digits) -> Text {
    static constexpr std::array said{"oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
    Text out;
    for (const char c : without_spaces(digits)) out += (out.empty() ? "" : " ") + Text{said[static_cast<std::size_t>(c - '0')]};
    return out;
}

/// Names people are called by, of the given names above. Written down here for the corpus alone.
auto pet_name(const Text& given) -> Text {
    if (given == "Robert") return "Bobby";
    if (given == "Elizabeth") return "Lizzie";
    if (given == "William") return "Bill";
    if (given == "Katherine") return "Katie";
    if (given == "Mohammed") return "Mo";
    if (given == "Oluwaseun") return "Seun";
    if (given == "Małgorzata") return "Gosia";
    return {};
}

// ---- dates -----------------------------------------------------------------------------------------------------------

constexpr std::array months{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
struct Day {
    int year, month, day;
};
auto two(int n) -> Text { return (n < 10 ? "0" : "") + std::to_string(n); }
auto ending(int day) -> Text {
    if (day % 10 == 1 && day != 11) return "st";
    if (day % 10 == 2 && day != 12) return "nd";
    return day % 10 == 3 && day != 13 ? "rd" : "th";
}
struct DateWay {
    const char* name;
    std::function<Text(Day)> write;
};
const std::vector<DateWay> date_ways{
    {"dd/mm/yyyy", [](Day d) { return two(d.day) + "/" + two(d.month) + "/" + std::to_string(d.year); }},
    {"d.m.yy", [](Day d) { return std::to_string(d.day) + "." + std::to_string(d.month) + "." + two(d.year % 100); }},
    {"yyyy-mm-dd", [](Day d) { return std::to_string(d.year) + "-" + two(d.month) + "-" + two(d.day); }},
    {"dd-mm-yyyy", [](Day d) { return two(d.day) + "-" + two(d.month) + "-" + std::to_string(d.year); }},
    {"d Month yyyy", [](Day d) { return std::to_string(d.day) + " " + months[static_cast<std::size_t>(d.month - 1)] + " " + std::to_string(d.year); }},
    {"dth Month, yyyy", [](Day d) { return std::to_string(d.day) + ending(d.day) + " " + months[static_cast<std::size_t>(d.month - 1)] + ", " + std::to_string(d.year); }},
    {"dth of Month yyyy", [](Day d) { return std::to_string(d.day) + ending(d.day) + " of " + months[static_cast<std::size_t>(d.month - 1)] + " " + std::to_string(d.year); }},
    {"Month dth yyyy", [](Day d) { return Text{months[static_cast<std::size_t>(d.month - 1)]} + " " + std::to_string(d.day) + ending(d.day) + " " + std::to_string(d.year); }},
    {"d Mon yy", [](Day d) { return std::to_string(d.day) + " " + Text{months[static_cast<std::size_t>(d.month - 1)]}.substr(0, 3) + " " + two(d.year % 100); }},
    {"ddmmyyyy", [](Day d) { return two(d.day) + two(d.month) + std::to_string(d.year); }},
    {"full-width", [](Day d) { return full_width(two(d.day) + "/" + two(d.month) + "/" + std::to_string(d.year)); }},
    {"capitals", [](Day d) { return std::to_string(d.day) + " " + upper(months[static_cast<std::size_t>(d.month - 1)]) + " " + std::to_string(d.year); }},
    {"spaced", [](Day d) { return two(d.day) + " / " + two(d.month) + " / " + std::to_string(d.year); }},
    {"line break inside", [](Day d) { return std::to_string(d.day) + "\n" + months[static_cast<std::size_t>(d.month - 1)] + "\n" + std::to_string(d.year); }},
};

// ---- a family --------------------------------------------------------------------------------------------------------

struct Family {
    Text given, family, preferred, nhs, upn, la, line1, number_and_street, street, town, postcode, school, surgery, mother, mother_phone,
        partner, partner_phone, nino, pnc, sibling, sibling_nhs, teacher, school_phone, case_ref, plan, email;
    Day born, mother_born;
};

auto make_family(Maker& m) -> Family {
    Family f;
    f.given = m.pick(given_names);
    f.family = m.pick(family_names);
    if (m.chance(6)) f.family.clear();  // no surname
    if (m.chance(3)) f.given = "X";
    f.preferred = m.chance(60) ? m.pick({"Pumpkin", "Jojo", "Bear", "Tiggy", "Moppet", "Kiki", "Beanie"}) : "";
    f.nhs = "999" + m.digits(7);
    f.upn = "P" + m.digits(12);
    f.la = "LA-" + m.digits(5);
    f.street = m.pick(streets);
    if (m.chance(5) && !f.family.empty()) f.street = "Boateng Road";
    f.number_and_street = std::to_string(m.number(1, 240)) + " " + f.street;
    f.line1 = m.chance(25) ? "Juniper Cottage, " + f.number_and_street : f.number_and_street;
    f.town = m.pick(towns);
    f.postcode = m.postcode(99, "ZZ");
    f.school = m.pick(schools);
    f.surgery = m.pick(surgeries);
    f.mother = m.pick(given_names) + (f.family.empty() ? "" : " " + f.family);
    f.partner = m.person(given_names, family_names);
    f.sibling = m.pick(given_names) + (f.family.empty() ? "" : " " + f.family);
    f.mother_phone = "07700 900" + m.digits(3);
    f.partner_phone = "07700 900" + m.digits(3);
    f.nino = "QQ" + m.digits(6) + "A";
    f.pnc = "2099/" + m.digits(7) + "G";
    f.sibling_nhs = "999" + m.digits(7);
    f.teacher = m.person(given_names, family_names);
    f.school_phone = "01632 960" + m.digits(3);
    f.case_ref = "C-" + m.digits(6);
    f.plan = "EHC-" + m.digits(4);
    f.email = "office." + m.digits(4) + "@hawthorn.example";
    f.born = {m.number(2009, 2024), m.number(1, 12), m.number(1, 28)};
    f.mother_born = {m.number(1975, 2002), m.number(1, 12), m.number(1, 28)};
    return f;
}

auto iso(Day d) -> Text { return std::to_string(d.year) + "-" + two(d.month) + "-" + two(d.day); }

auto case_of(const Family& f) -> Json {
    auto child = Json::object({{"id", "ch1"}, {"given_names", f.given}, {"date_of_birth", iso(f.born)}, {"nhs_number", f.nhs}, {"upn", f.upn},
                               {"la_child_id", f.la},
                               {"address", Json::object({{"line1", f.line1}, {"town", f.town}, {"postcode", f.postcode}})},
                               {"education", Json::object({{"setting", f.school}})},
                               {"health", Json::object({{"gp_practice", f.surgery}})},
                               {"send", Json::object({{"plan_ref", f.plan}})}});
    if (!f.family.empty()) child.set("family_name", f.family);
    if (!f.preferred.empty()) child.set("preferred_name", f.preferred);
    auto people = Json::array(
        {Json::object({{"id", "p1"}, {"relationship", "mother"}, {"household", true}, {"name", f.mother}, {"phone", f.mother_phone}, {"nino", f.nino}, {"date_of_birth", iso(f.mother_born)}}),
         Json::object({{"id", "p2"}, {"relationship", "parents-partner"}, {"household", true}, {"name", f.partner}, {"phone", f.partner_phone}, {"pnc_id", f.pnc}}),
         Json::object({{"id", "p3"}, {"relationship", "sibling"}, {"household", true}, {"name", f.sibling}, {"nhs_number", f.sibling_nhs}})});
    return Json::object({{"schema", "case/1"}, {"case_ref", f.case_ref}, {"child", std::move(child)}, {"people", std::move(people)},
                         {"concerns", Json::array({Json::object({{"id", "c1"}, {"source_name", f.teacher}, {"observed_on", "2026-03-03"}})})},
                         {"referrer", Json::object({{"name", f.teacher}, {"phone", f.school_phone}, {"organisation", f.school}, {"reply_to", f.email}})}});
}

// ---- telling ---------------------------------------------------------------------------------------------------------

auto first_character(const Text& text) -> Text {
    std::size_t n = 1;
    while (n < text.size() && !is_first_byte(text[n])) ++n;
    return text.substr(0, n);
}
auto is_latin(const Text& text) -> bool { return static_cast<unsigned char>(text[0]) < 0xCDU; }

void name(Maker& m, const Text& text) {
    const auto& way = name_ways[static_cast<std::size_t>(m.number(0, static_cast<int>(name_ways.size()) - 1))];
    m.plant("name", way.name, way.write(text));
}
void value(Maker& m, const Text& kind, const Text& text, bool own = true) {
    const auto& way = number_ways[static_cast<std::size_t>(m.number(0, static_cast<int>(number_ways.size()) - 1))];
    m.plant(kind, way.name, way.write(text), own);
}
void date(Maker& m, const Text& kind, Day day, bool own) {
    const auto& way = date_ways[static_cast<std::size_t>(m.number(0, static_cast<int>(date_ways.size()) - 1))];
    m.plant(kind, way.name, way.write(day), own);
}

using Sentence = std::function<void(Maker&, const Family&)>;
const std::vector<Sentence> sentences{
    [](Maker& m, const Family& f) { name(m, f.given); m.say(" came to school without a coat and asked for food. "); },
    [](Maker& m, const Family& f) { m.say("The class teacher spoke with "); name(m, f.given + (f.family.empty() ? "" : " " + f.family)); m.say(" after lunch, and there was a bruise on the left arm. "); },
    [](Maker& m, const Family& f) { m.say("It was "); name(m, f.mother); m.say(" who answered the door; she looked tired and upset. "); },
    [](Maker& m, const Family& f) { name(m, f.partner); m.say(" shouted at the children in the playground. "); },
    [](Maker& m, const Family& f) { m.say("The little one, "); name(m, f.sibling); m.say(", was left alone in the evening. "); },
    [](Maker& m, const Family& f) { m.say("This was written down by "); name(m, f.teacher); m.say(" on the same day. "); },
    [](Maker& m, const Family& f) { if (f.preferred.empty()) return; m.say("At home they say "); m.plant("name", "preferred name", f.preferred); m.say(" is lazy. "); },
    [](Maker& m, const Family& f) { if (const auto pet = pet_name(f.given); !pet.empty()) { m.say("Friends shouted to "); m.plant("name", "nickname", pet); m.say(" to run. "); } },
    [](Maker& m, const Family& f) { if (f.family.empty() || !is_latin(f.given) || !is_latin(f.family) || f.given == "X") return; m.say("Some notes only say "); m.plant("name", "initials", first_character(f.given) + "." + first_character(f.family) + "."); m.say(" and nothing else. "); },
    [](Maker& m, const Family& f) { if (f.family.empty() || !is_latin(f.family)) return; m.say("A classmate wrote that "); m.plant("name", "initial of the surname", f.given + " " + first_character(f.family) + "."); m.say(" hides food. "); },
    [](Maker& m, const Family& f) { if (f.family.empty() || f.given == "X") return; m.say("Filed under "); m.plant("name", "surname first", f.family + ", " + f.given); m.say(" last week. "); },
    [](Maker& m, const Family& f) { if (f.family.empty() || f.given == "X") return; m.say("The folder is called "); m.plant("name", "run together", without_spaces(f.given + f.family)); m.say(" on the drive. "); },
    [](Maker& m, const Family& f) { if (!is_long_word(f.given)) return; m.say("They said "); m.plant("name", "misspelt spacing", broken(f.given, " ")); m.say(" was there. "); },
    [](Maker& m, const Family& f) { if (!is_long_word(f.given)) return; m.say("They said "); m.plant("name", "hyphenated at the line's end", broken(f.given, "-\n")); m.say(" was there. "); },
    [](Maker& m, const Family& f) { if (!is_long_word(f.given)) return; m.say("They said "); m.plant("name", "digits for letters", in_digits(f.given)); m.say(" was there. "); },
    [](Maker& m, const Family& f) { if (!is_long_word(f.given)) return; m.say("They said "); m.plant("name", "spelled out", threaded(f.given, ".")); m.say(" was there. "); },
    [](Maker& m, const Family& f) { if (!is_long_word(f.given) || !is_long_word(f.family)) return; m.say("The file "); m.plant("name", "file name", lower(f.given) + "_" + f.family); m.say("_2.docx is on the drive. "); },
    [](Maker& m, const Family& f) { m.say("Ring "); m.plant("phone", "letters for digits", replace_all(replace_all(f.mother_phone, "0", "O"), "1", "l")); m.say(" in the evening. "); },
    [](Maker& m, const Family& f) { if (f.family.empty()) return; m.say("We asked Mrs "); m.plant("name", "title and surname", f.family); m.say(" to come in. "); },
    [](Maker& m, const Family& f) { m.say("Her telephone is "); value(m, "phone", f.mother_phone); m.say(" in the evening. "); },
    [](Maker& m, const Family& f) { m.say("He can be reached on "); m.plant("phone", "+44", "+44 " + f.partner_phone.substr(1)); m.say(" at work. "); },
    [](Maker& m, const Family& f) { m.say("Or on "); m.plant("phone", "+44 (0)", "+44 (0)" + f.partner_phone.substr(1)); m.say(" if need be. "); },
    [](Maker& m, const Family& f) { m.say("The number at the hospital is "); value(m, "nhs", f.nhs); m.say(", as we were told. "); },
    [](Maker& m, const Family& f) { m.say("For the younger child it is "); value(m, "nhs", f.sibling_nhs); m.say(". "); },
    [](Maker& m, const Family& f) { m.say("Our system has "); value(m, "upn", f.upn); m.say(" on the register. "); },
    [](Maker& m, const Family& f) { m.say("Benefits were paid under "); value(m, "nino", f.nino); m.say(" until the summer. "); },
    [](Maker& m, const Family& f) { m.say("Police know him as "); m.plant("pnc", m.chance(50) ? Written{"plain", f.pnc} : Written{"small letters", lower(f.pnc)}); m.say(", they said. "); },
    [](Maker& m, const Family& f) { m.say("They live at "); const auto& way = name_ways[static_cast<std::size_t>(m.number(4, static_cast<int>(name_ways.size()) - 1))]; m.plant("address", way.name, way.write(f.number_and_street)); m.say(" with a dog. "); },
    [](Maker& m, const Family& f) { m.say("It happened on "); m.plant("address", "street alone", f.street); m.say(" near the shop. "); },
    [](Maker& m, const Family& f) { m.say("The letter went to "); m.plant("postcode", m.chance(30) ? Written{"run together", without_spaces(f.postcode)} : m.chance(50) ? Written{"small letters", lower(f.postcode)} : Written{"hyphen", replace_all(f.postcode, " ", "-")}); m.say(" and came back. "); },
    [](Maker& m, const Family& f) { m.say("They moved to "); m.plant("town", "plain", f.town); m.say(" last year. "); },
    [](Maker& m, const Family& f) { m.say("A move away from "); m.plant("school", m.chance(50) ? Written{"plain", f.school} : Written{"capitals", upper(f.school)}); m.say(" is planned. "); },
    [](Maker& m, const Family& f) { m.say("The family uses "); m.plant("organisation", "plain", f.surgery); m.say(" for their health. "); },
    [](Maker& m, const Family& f) { m.say("Date of birth "); date(m, "date-of-birth", f.born, true); m.say(" was given. "); },
    [](Maker& m, const Family& f) { m.say("She was born "); date(m, "date-of-birth", f.mother_born, true); m.say(" and grew up in care. "); },
    [](Maker& m, const Family& f) { m.say("See "); value(m, "reference", f.case_ref); m.say(" and "); m.plant("reference", "plain", f.la); m.say(". "); },
    [](Maker& m, const Family& f) { m.say("The plan "); m.plant("reference", "plain", f.plan); m.say(" ends soon. "); },
    [](Maker& m, const Family& f) { m.say("Write to "); m.plant("email", "plain", f.email); m.say(" for more. "); },
    [](Maker& m, const Family& f) { m.say("On the tape they say "); m.plant("nhs", "in words", in_words(f.nhs)); m.say(", as we were told. "); },
    [](Maker& m, const Family& f) { m.say("On the tape they say "); m.plant("phone", "in words", in_words(f.mother_phone)); m.say(", as we were told. "); },
    [](Maker& m, const Family& f) { m.say("The birthday is on "); m.plant("date-of-birth", "without the year", std::to_string(f.born.day) + ending(f.born.day) + " " + months[static_cast<std::size_t>(f.born.month - 1)]); m.say(", they said. "); },
};
const std::vector<Sentence> foreign{
    [](Maker& m, const Family&) { m.say("We then heard that "); m.plant("name", "capitalised", m.pick(strangers), false); m.say(" knows more. "); },
    [](Maker& m, const Family&) { m.say("Aunty "); m.plant("name", "after a family word, small", lower(m.pick(strangers).substr(0, 6)), false); m.say(" knows too. "); },
    [](Maker& m, const Family&) { m.say("Then Mrs "); m.plant("name", "a word of everyday language, after a title", m.pick(strangers_with_a_word_for_a_name), false); m.say(" rang the office. "); },
    [](Maker& m, const Family&) { m.say("We spoke with Philomena "); m.plant("name", "a word of everyday language, after a name", m.pick(strangers_with_a_word_for_a_name), false); m.say(" about it. "); },
    [](Maker& m, const Family&) { m.say("Someone rang from "); value(m, "phone", "01632 960" + m.digits(3), false); m.say(" about it. "); },
    [](Maker& m, const Family&) { m.say("Another record says "); value(m, "10 digits", m.digits(10), false); m.say(" for this. "); },
    [](Maker& m, const Family&) { m.say("An old form has "); value(m, "upn", "B" + m.digits(12), false); m.say(" at the top. "); },
    [](Maker& m, const Family&) { m.say("A payslip shows "); value(m, "nino", "QQ" + m.digits(6) + "C", false); m.say(" in print. "); },
    [](Maker& m, const Family&) { m.say("Custody has "); m.plant("pnc", "plain", "2098/" + m.digits(6) + "L", false); m.say(" on file. "); },
    [](Maker& m, const Family&) { m.say("A parcel went to "); m.plant("postcode", "plain", m.postcode(9, "ZQ"), false); m.say(" instead. "); },
    [](Maker& m, const Family&) { m.say("His account is "); m.plant("handle", "plain", "@night.rider" + m.digits(2), false); m.say(" there. "); },
    [](Maker& m, const Family&) { m.say("Messages come from "); m.plant("email", "plain", "rider" + m.digits(3) + "@mail.example", false); m.say(" at night. "); },
    [](Maker& m, const Family&) { m.say("There is a page at "); m.plant("url", "plain", "https://social.example/u/" + m.digits(5), false); m.say(" about her. "); },
    [](Maker& m, const Family&) { m.say("They came in a car, reg "); m.plant("vehicle", "plain", "ZZ" + m.digits(2) + " ZZZ", false); m.say(", and left. "); },
    [](Maker& m, const Family&) { m.say("His passport "); m.plant("passport", "plain", m.digits(9), false); m.say(" was shown. "); },
    [](Maker& m, const Family&) { m.say("Crime ref "); m.plant("crime reference", "plain", m.crime_reference(), false); m.say(" was given. "); },
    [](Maker& m, const Family&) { m.say("The login came from "); m.plant("ip", "plain", "203.0.113." + std::to_string(m.number(1, 254)), false); m.say(" last night. "); },
    [](Maker& m, const Family&) { m.say("This was first seen on "); date(m, "date", {2026, m.number(1, 2), m.number(1, 28)}, false); m.say(" in class. "); },
    [](Maker& m, const Family&) { m.say("The friend is "); const int n = m.number(4, 16); m.plant("age", "plain", std::to_string(n) + " years old", false); m.say(" and comes often. "); },
};
const Texts filler{
    "There were no other marks. ", "The room was cold and there was little food. ", "Staff were worried and kept a note of it. ",
    "She said it does not hurt any more. ", "We do not know who else was there. ", "Attendance has been poor since the holiday. ",
    "He looked frightened when it was time to go home. ", "Nobody has spoken with the family yet. ", "The school nurse saw the bruise as well. "};

}  // namespace

auto make_narrative(std::uint32_t number) -> Narrative {
    Maker m{std::mt19937{0x5C0BU + number}, {}};
    const auto family = make_family(m);
    m.out.case_tree = case_of(family);
    const int length = m.number(6, 16);
    for (int i = 0; i < length; ++i) {
        const auto kind = m.number(1, 100);
        const auto& from = kind <= 62 ? sentences : foreign;
        if (kind > 85) m.say(m.pick(filler));
        else from[static_cast<std::size_t>(m.number(0, static_cast<int>(from.size()) - 1))](m, family);
    }
    return std::move(m.out);
}

}  // namespace cg::policy::testing
