#include "config/pack_dir.hpp"

#include <array>
#include <fstream>
#include <string>
#include <system_error>

namespace cg::config {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t max_file_bytes = 1U << 20U;
constexpr std::uintmax_t max_total_bytes = 16U << 20U;
constexpr std::size_t max_files = 1'000;
constexpr std::array folders{"", "purposes", "overlays", "tests"};
constexpr std::string_view signatures_folder = "signatures";
constexpr std::uintmax_t max_signature_bytes = 64U << 10U;
constexpr std::size_t max_signatures = 64;

auto read_text(const fs::path& path, std::uintmax_t bytes) -> Result<std::string> {
    std::ifstream in(path, std::ios::binary);
    std::string text(static_cast<std::size_t>(bytes), '\0');
    in.read(text.data(), static_cast<std::streamsize>(bytes));
    if (!in || in.peek() != std::ifstream::traits_type::eof())
        return fail(Errc::unavailable,
                    "a file of the policy pack could not be read whole: " + path.filename().string());
    return text;
}

/// Adds the *.toml files of one folder.
auto read_folder(const fs::path& folder, const std::string& prefix, policy::PackFiles& files, std::uintmax_t& total)
    -> Result<> {
    std::error_code error;
    fs::directory_iterator it{folder, error};
    if (error) return fail(Errc::unavailable, "a folder of the policy pack could not be read");
    for (; it != fs::directory_iterator{}; it.increment(error)) {
        if (error) return fail(Errc::unavailable, "a folder of the policy pack could not be read");
        if (it->path().extension() != ".toml" || !it->is_regular_file(error)) continue;
        const auto bytes = it->file_size(error);
        if (error) return fail(Errc::unavailable, "a file of the policy pack could not be read");
        total += bytes;
        if (bytes > max_file_bytes || total > max_total_bytes || files.size() >= max_files)
            return fail(Errc::too_large, "the policy pack is too large (1 MiB a file, 16 MiB and 1000 files in all)");
        CG_TRY(auto text, read_text(it->path(), bytes));
        files.emplace(prefix + it->path().filename().string(), std::move(text));
    }
    return ok();
}

}  // namespace

auto read_pack_dir(const fs::path& folder) -> Result<policy::PackFiles> {
    std::error_code error;
    if (!fs::is_directory(folder, error)) return fail(Errc::not_found, "there is no such policy folder");
    policy::PackFiles files;
    std::uintmax_t total = 0;
    for (const std::string name : folders) {
        const auto path = name.empty() ? folder : folder / name;
        if (!fs::is_directory(path, error)) continue;
        CG_TRY(read_folder(path, name.empty() ? "" : name + "/", files, total));
    }
    if (!files.contains("pack.toml")) return fail(Errc::not_found, "the policy folder holds no pack.toml");
    return files;
}

auto read_signed_pack(const fs::path& folder) -> Result<SignedPack> {
    SignedPack out;
    CG_TRY(out.files, read_pack_dir(folder));
    std::error_code error;
    const auto beside = folder / signatures_folder;
    if (!fs::is_directory(beside, error)) return out;
    fs::directory_iterator it{beside, error};
    for (; !error && it != fs::directory_iterator{}; it.increment(error)) {
        if (it->path().extension() != ".jws" || !it->is_regular_file(error)) continue;
        const auto bytes = it->file_size(error);
        if (error) break;
        if (bytes > max_signature_bytes || out.signatures.size() >= max_signatures)
            return fail(Errc::too_large, "there are too many signatures beside the policy, or one is too large");
        CG_TRY(auto text, read_text(it->path(), bytes));
        out.signatures.emplace(std::string{signatures_folder} + "/" + it->path().filename().string(), std::move(text));
    }
    if (error) return fail(Errc::unavailable, "the signatures beside the policy could not be read");
    return out;
}

}  // namespace cg::config
