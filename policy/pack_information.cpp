// information.toml: what was collected for what, sensitive kinds of narrative and the words that suggest them.
#include "policy/pack_load.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace cg::policy {
namespace {

template <class Read>
void each_table(TableReader& file, std::string_view section, Read read) {
    const auto* table = file.table_if(section);
    if (table == nullptr) return;
    for (const auto& [name, node] : table->members) {
        if (node.kind != TomlNode::Kind::table) {
            file.faults().add(file.file(), node, "pack/wrong-type", "This must be a table.");
            continue;
        }
        TableReader reader{file.file(), node, file.faults()};
        read(name, reader);
        reader.finish();
    }
}

void read_words(TableReader& reader, const std::string& tag, CompiledPack& pack) {
    for (auto word : reader.texts_or_none("words")) {
        const bool one_word = !word.empty() && std::ranges::all_of(word, [](char c) {
            return std::isalpha(static_cast<unsigned char>(c)) != 0 || (static_cast<unsigned char>(c) & 0x80U) != 0;
        });
        std::ranges::transform(word, word.begin(),
                               [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
        if (!one_word)
            reader.fault_at("words", "pack/word", "Write single words, of letters only.");
        else if (!pack.tag_words.emplace(std::move(word), tag).second)
            reader.fault_at("words", "pack/word", "This word suggests another tag already.");
    }
}

}  // namespace

void load_information(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults) {
    TableReader reader{file, root, faults};
    pack.confidence_gates = reader.texts("confidence_gates");
    each_table(reader, "collected_for", [&pack](const std::string& code, TableReader& table) {
        pack.collected_for[code] = {table.text("title"), table.flag_or("for_any", false),
                                    table.flag_or("for_none", false)};
    });
    each_table(reader, "tag", [&pack](const std::string& tag, TableReader& table) {
        pack.tags[tag] = {table.text("title"), table.flag_or("special", false), table.flag_or("offence", false)};
        read_words(table, tag, pack);
    });
    each_table(reader, "category", [&pack](const std::string& code, TableReader& table) {
        pack.concern_categories[code] = table.text("title");
    });
    reader.finish();
}

}  // namespace cg::policy
