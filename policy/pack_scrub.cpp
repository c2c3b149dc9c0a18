// scrub.toml: the words that the scrubber works with.
#include "policy/case_schema.hpp"
#include "policy/compiled.hpp"
#include "policy/fold.hpp"
#include "policy/pack_load.hpp"
#include "policy/scrub_rules.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cg::policy {
namespace {

/// Words are compared in folded form, so that is how they are kept.
auto folded(std::string_view word) -> std::string {
    return fold(word).text;
}

/// Texts, each one or many words.
auto words_in(const std::vector<std::string>& texts) -> WordSet {
    WordSet out;
    for (const auto& text : texts) {
        std::string word;
        for (const char c : folded(text) + " ") {
            if (c != ' ' && c != '\n')
                word.push_back(c);
            else if (!word.empty())
                out.insert(std::exchange(word, {}));
        }
    }
    return out;
}

auto words(TableReader& reader, std::string_view key) -> WordSet {
    return words_in(reader.texts(key));
}

/// `name = ["other", …]`: each stands for each of the others.
auto circles(TableReader& file, std::string_view key) -> WordMap<std::vector<std::string>> {
    WordMap<std::vector<std::string>> out;
    const auto* table = file.table(key);
    if (table == nullptr) return out;
    TableReader reader{file.file(), *table, file.faults()};
    for (const auto& [name, node] : table->members) {
        std::vector<std::string> circle{folded(name)};
        for (const auto& other : reader.texts(name)) circle.push_back(folded(other));
        for (const auto& one : circle)
            for (const auto& other : circle)
                if (one != other && std::ranges::find(out[one], other) == out[one].end()) out[one].push_back(other);
    }
    reader.finish();
    return out;
}

auto form_of(TableReader& reader) -> GazetteerForm {
    using Named = std::pair<std::string_view, GazetteerForm>;
    using enum GazetteerForm;
    static constexpr std::array forms{
        Named{"given-names", given_names}, Named{"family-name", family_name}, Named{"person-name", person_name},
        Named{"staff-name", staff_name},   Named{"place", place},             Named{"address", address},
        Named{"word", word},               Named{"postcode", postcode},       Named{"phone", phone},
        Named{"birth-date", birth_date},   Named{"number", number},           Named{"email", email},
        Named{"words", GazetteerForm::words}};
    const auto text = reader.text("form");
    std::string names;
    for (const auto& [name, form] : forms) {
        if (name == text) return form;
        names += (names.empty() ? "'" : ", '") + std::string{name} + "'";
    }
    if (!text.empty()) reader.fault_at("form", "pack/code-unknown", "Say one of " + names + ".");
    return number;
}

void read_gazetteer(TableReader& file, ScrubRules& out) {
    for (const auto* node : file.tables("gazetteer")) {
        TableReader reader{file.file(), *node, file.faults()};
        const auto form = form_of(reader);
        const auto kind = reader.text("kind"), token = reader.text_or("token", "");
        for (const auto& leaf : reader.texts("leaves")) {
            if (case_schema().trie.find(leaf) == no_leaf)
                reader.fault_at("leaves", "pack/leaf-unknown", "A case has no such value: write it like \"/child/given_names\".");
            out.gazetteer.push_back({leaf, form, kind, token});
        }
        reader.finish();
    }
    if (out.gazetteer.empty())
        file.fault("pack/gazetteer-missing", "Say which values of a case identify people: add [[gazetteer]].");
}

void read_bands(TableReader& file, ScrubRules& out) {
    for (const auto* node : file.tables("age_bands")) {
        TableReader reader{file.file(), *node, file.faults()};
        out.bands.push_back({static_cast<int>(reader.integer_or("from", 0)), static_cast<int>(reader.integer_or("to", -1)),
                             reader.text("text")});
        reader.finish();
    }
    if (out.bands.empty()) file.fault("pack/age-bands-missing", "Give at least one age band: add [[age_bands]].");
}

void read_words(TableReader& file, ScrubRules& out) {
    const auto* table = file.table("words");
    if (table == nullptr) return;
    TableReader reader{file.file(), *table, file.faults()};
    out.titles = words(reader, "titles");
    out.kin = words(reader, "kin");
    out.particles = words(reader, "particles");
    out.everyday = words(reader, "everyday");
    out.abbreviations = words(reader, "abbreviations");
    out.names_follow = words_in(reader.texts_or_none("names_follow"));
    out.no_name_follows = words_in(reader.texts_or_none("no_name_follows"));
    out.people_do = words_in(reader.texts_or_none("people_do"));
    out.place_words = words(reader, "place_words");
    out.quoted_after = words(reader, "quoted_after");
    out.reference_words = words(reader, "reference_words");
    out.vehicle_words = words(reader, "vehicle_words");
    out.ethnicity_words = words(reader, "ethnicity");
    out.disability_words = words(reader, "disability");
    out.relationships = words(reader, "relationships");
    out.categories = words(reader, "categories");
    out.common = words(reader, "common");
    out.also_names = words(reader, "also_names");
    for (const auto* list : {&out.titles, &out.kin, &out.everyday, &out.place_words, &out.reference_words})
        out.common.insert(list->begin(), list->end());
    reader.finish();
}

void read_texts(TableReader& file, ScrubRules& out) {
    if (const auto* table = file.table("tokens")) {
        TableReader reader{file.file(), *table, file.faults()};
        out.child = reader.text("child");
        out.staff = reader.text("staff");
        out.family = reader.text("family");
        out.person = reader.text("person");
        out.name = reader.text("name");
        reader.finish();
    }
    if (const auto* table = file.table("needs")) {
        TableReader reader{file.file(), *table, file.faults()};
        for (const auto& [code, node] : table->members) out.needs[code] = reader.text(code);
        reader.finish();
    }
    if (const auto* table = file.table("instructions")) {
        TableReader reader{file.file(), *table, file.faults()};
        out.offer = reader.text("offer");
        out.no_delay = reader.text("no_delay");
        reader.finish();
    }
}

}  // namespace

void load_scrub(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults) {
    TableReader reader{file, root, faults};
    auto rules = std::make_shared<ScrubRules>();
    read_words(reader, *rules);
    read_texts(reader, *rules);
    read_bands(reader, *rules);
    read_gazetteer(reader, *rules);
    rules->nicknames = circles(reader, "nicknames");
    rules->street_words = circles(reader, "street_words");
    reader.finish();
    pack.scrub = std::move(rules);
}

}  // namespace cg::policy
