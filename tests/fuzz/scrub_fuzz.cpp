// A case and a text from bytes: offsets stay inside the text, and no number or name of the case is left in any folding.
#include "gateway/base/json.hpp"
#include "policy/compiled.hpp"
#include "policy/fold.hpp"
#include "policy/pack.hpp"
#include "policy/scrub.hpp"
#include "policy/scrub_rules.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

using namespace cg;
using namespace cg::policy;

auto read_pack() -> std::shared_ptr<const Pack> {
    PackFiles files;
    const std::filesystem::path folder = CG_SOURCE_DIR "/config/packs/exampleshire";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".toml") continue;
        std::ifstream in(entry.path(), std::ios::binary);
        files[std::filesystem::relative(entry.path(), folder).string()] = {std::istreambuf_iterator<char>(in), {}};
    }
    auto pack = load_pack(files);
    if (!pack) std::abort();
    return pack.value();
}

auto without_tokens(const std::string& text) -> std::string {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto close = text[i] == '[' ? text.find(']', i) : std::string::npos;
        if (close != std::string::npos) {
            out.push_back('\x01');
            i = close + 1;
        } else {
            out.push_back(text[i++]);
        }
    }
    return out;
}

}  // namespace

/// Lines: given name, family name, telephone, NHS number; then the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto pack = read_pack();
    std::string_view rest{reinterpret_cast<const char*>(data), size};
    std::string lines[4];
    for (auto& line : lines) {
        line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    }
    const auto tree = Json::object({{"child", Json::object({{"given_names", lines[0]}, {"family_name", lines[1]}, {"nhs_number", lines[3]}})},
                                    {"people", Json::array({Json::object({{"id", "p1"}, {"relationship", "mother"}, {"name", "Tamsin " + lines[1]}, {"phone", lines[2]}})})}});
    const auto out = scrub(tree, {{"/advice/question", rest, {}}}, {*pack->compiled().scrub, parse_date("2026-03-03").value(), {}});
    if (out.texts.size() != 1) std::abort();
    std::size_t last = 0;
    for (const auto& leftover : out.leftovers) {
        if (leftover.length == 0 || leftover.offset < last || leftover.offset + leftover.length > rest.size()) std::abort();
        last = leftover.offset + leftover.length;
    }
    const auto left = without_tokens(out.texts[0]);
    for (const auto* value : {&lines[2], &lines[3]}) {
        const auto number = compact(*value);
        const auto digits = std::count_if(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
        // Digits alone, written as one: the plainest form of all.
        if (digits >= 7 && static_cast<std::size_t>(digits) == number.size() && value->size() <= 60 && left.find(number) != std::string::npos) std::abort();
    }
    return 0;
}
