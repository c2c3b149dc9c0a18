// A pack from arbitrary texts: a bundle of files, each opened by a line "=== <name>". Loading must end in a pack or in
// faults with places, whatever the bytes.
#include "policy/pack.hpp"

#include <cstdlib>
#include <string>
#include <string_view>

namespace {

auto split(std::string_view bundle) -> cg::policy::PackFiles {
    cg::policy::PackFiles files;
    std::string* text = nullptr;
    while (!bundle.empty()) {
        const auto line = bundle.substr(0, bundle.find('\n'));
        bundle.remove_prefix(std::min(line.size() + 1, bundle.size()));
        if (line.starts_with("=== ")) {
            text = &files[std::string{line.substr(4)}];
        } else if (text != nullptr) {
            text->append(line).push_back('\n');
        }
    }
    return files;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto pack = cg::policy::load_pack(split({reinterpret_cast<const char*>(data), size}));
    if (pack) return pack.value()->hash().size() == 71 ? 0 : (std::abort(), 0);
    if (pack.error().problems.empty()) std::abort();  // a refusal without a reason
    for (const auto& problem : pack.error().problems)
        if (problem.type.empty() || problem.fix.empty() || problem.pointer.find(':') == std::string::npos) std::abort();
    return 0;
}
