// displays.toml: what codes mean, in words (AQ-3).
#include "policy/pack_load.hpp"

#include <string>

namespace cg::policy {

void load_displays(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults) {
    TableReader reader{file, root, faults};
    if (const auto* places = reader.table("displays")) {
        for (const auto& [pattern, node] : places->members) {
            TableReader codes{file, node, faults};
            if (const auto leaf = pack.trie.find(pattern); leaf != no_leaf)
                pack.leaves[leaf].coded = true;
            else
                codes.fault("pack/leaf-unknown", "There is no value '" + pattern + "' in fields.toml.");
            auto& words = pack.displays[pattern];
            for (const auto& [code, value] : node.members) words.emplace_back(code, codes.text(code));
            codes.finish();
        }
    }
    reader.finish();
}

}  // namespace cg::policy
