#pragma once
/// Runs an independent implementation (a script of this folder, under node) for a test.

#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>

namespace cg::oracle {

/// A folder that goes away with the object.
class TemporaryFolder {
public:
    TemporaryFolder() {
        auto pattern = (std::filesystem::temp_directory_path() / "casegate-oracle-XXXXXX").string();
        CG_ENSURE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    auto operator=(const TemporaryFolder&) -> TemporaryFolder& = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] auto path() const -> const std::filesystem::path& { return path_; }

private:
    std::filesystem::path path_;
};

inline auto read_file(const std::filesystem::path& path) -> Bytes {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(const std::filesystem::path& path, ByteView bytes) {
    std::ofstream out(path, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    CG_ENSURE(out.good());
}

/// Runs `node script words...` with `input` as its standard input.
///
/// Input     `script` is a file of tests/oracles; `words` hold letters, digits and `_-./` only
/// Returns   its standard output
/// Errors    unavailable  node, the npm packages, or a good end of the script is missing; the text says which, and how
/// to
///                        mend it. A test fails on it: it does not skip.
inline auto run(std::string_view script, std::initializer_list<std::string> words, ByteView input = {})
    -> Result<Bytes> {
    namespace fs = std::filesystem;
    const fs::path folder = fs::path{CG_SOURCE_DIR} / "tests/oracles";
    if (!fs::exists(folder / "node_modules")) {
        return fail(Errc::unavailable, "tests/oracles/node_modules is missing: run config/bootstrap.sh tests");
    }
    if (std::system("command -v node >/dev/null 2>&1") != 0) {
        return fail(Errc::unavailable, "node is missing: run config/bootstrap.sh tests");
    }
    const TemporaryFolder scratch;
    write_file(scratch.path() / "in", input);
    const auto quoted = [](const fs::path& path) { return "'" + path.string() + "'"; };
    // Node 18, which some distributions still ship, keeps its Web Crypto behind the module that is loaded first.
    auto command = "cd " + quoted(folder) + " && node --import ./web_crypto.mjs " + std::string{script};
    for (const auto& word : words) {
        CG_ENSURE(std::ranges::all_of(word, [](unsigned char c) {
            return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.' || c == '/';
        }));
        command += " " + word;
    }
    command += " <" + quoted(scratch.path() / "in") + " >" + quoted(scratch.path() / "out") + " 2>" +
               quoted(scratch.path() / "err");
    if (std::system(command.c_str()) != 0) {
        return fail(Errc::unavailable, std::string{script} + " failed: " + to_text(read_file(scratch.path() / "err")));
    }
    return read_file(scratch.path() / "out");
}

}  // namespace cg::oracle
