#include "tests/bench/big_pack.hpp"

#include "config/pack_dir.hpp"

#include <regex>
#include <stdexcept>

namespace cg::bench {
namespace {

/// Every quoted name inside a role's lists: `require`, `allow`, `forbid`, `not_necessary`, `groups`.
auto rules_of(const std::string& purpose) -> std::size_t {
    static const std::regex list{R"((?:require|allow|forbid|not_necessary|groups) = \[([^\]]*)\])"};
    static const std::regex name{R"("[^"]+")"};
    std::size_t count = 0;
    for (std::sregex_iterator it{purpose.begin(), purpose.end(), list}, end; it != end; ++it) {
        const auto names = (*it)[1].str();
        count += static_cast<std::size_t>(std::distance(std::sregex_iterator{names.begin(), names.end(), name}, std::sregex_iterator{}));
    }
    return count;
}

}  // namespace

auto example_pack() -> policy::PackFiles {
    auto files = config::read_pack_dir(CG_SOURCE_DIR "/config/packs/exampleshire");
    if (!files) throw std::runtime_error("the example pack cannot be read");
    return std::move(files).value();
}

auto smallest_pack() -> policy::PackFiles {
    const std::string kept = "purposes/child-protection-referral.toml";
    auto files = example_pack();
    std::erase_if(files, [&kept](const auto& file) { return file.first.starts_with("purposes/") && file.first != kept; });
    auto& purpose = files.at(kept);
    purpose.resize(purpose.find("[roles.\"police.public-protection\"]"));
    return files;
}

auto count_rules(const policy::PackFiles& files) -> std::size_t {
    std::size_t count = 0;
    for (const auto& [name, text] : files)
        if (name.starts_with("purposes/")) count += rules_of(text);
    return count;
}

auto pack_with(std::size_t rules) -> policy::PackFiles {
    auto files = example_pack();
    const auto model = files.at("purposes/early-help.toml");
    for (std::size_t have = count_rules(files), n = 1; have < rules; ++n) {
        const auto id = "made-up-" + std::to_string(n);
        auto text = std::regex_replace(model, std::regex{"\nid = \"[^\"]*\""}, "\nid = \"" + id + "\"");
        text = std::regex_replace(text, std::regex{"\nshort = \"[^\"]*\""}, "\nshort = \"m" + std::to_string(n) + "\"");
        have += rules_of(text);
        files.emplace("purposes/" + id + ".toml", std::move(text));
    }
    return files;
}

}  // namespace cg::bench
