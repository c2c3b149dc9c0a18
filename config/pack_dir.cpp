#include "config/pack_dir.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace cg::config {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t max_file_bytes = 1U << 20U;
constexpr std::uintmax_t max_total_bytes = 16U << 20U;
constexpr std::size_t max_files = 1'000;
constexpr int max_depth = 4;
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

/// `roles.toml`, and what was meant to be such a file: `roles.TOML`, `roles.toml.txt`. What editors leave beside a file
/// they keep is none: `roles.toml~`, `.roles.toml.swp`, `roles.toml.bak`.
auto is_meant_to_count(std::string name) -> bool {
    constexpr std::array<std::string_view, 5> kept_by_editors{"~", ".bak", ".orig", ".rej", ".swp"};
    std::ranges::transform(name, name.begin(),
                           [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
    return !name.starts_with('.') && name.find(".toml") != std::string::npos &&
           std::ranges::none_of(kept_by_editors, [&name](std::string_view end) { return name.ends_with(end); });
}

/// Reads a folder with what lies in its folders, and keeps all that is wrong. A file under a name that a pack does not know
/// is read as well: the loader says so, since its author believes that it counts.
class DirReader {
public:
    auto read(const fs::path& root) -> Result<policy::PackFiles> {
        read_folder(root, "", 0);
        if (!problems_.empty()) {
            std::ranges::sort(problems_, {}, &Problem::pointer);
            return fail(code_, "files of the policy cannot be read", std::move(problems_));
        }
        return std::move(files_);
    }

private:
    void read_folder(const fs::path& folder, const std::string& prefix, int depth) {
        std::error_code error;
        fs::directory_iterator it{folder, error};
        for (; !error && it != fs::directory_iterator{}; it.increment(error)) {
            const auto name = it->path().filename().string();
            std::error_code none;
            if (is_meant_to_count(name))
                read_file(it->path(), prefix + name);
            else if (it->is_directory(none) && !name.starts_with('.') && depth < max_depth &&
                     !(depth == 0 && name == signatures_folder))
                read_folder(it->path(), prefix + name + "/", depth + 1);
        }
        if (error) wrong(Errc::unavailable, "pack/file-unreadable", prefix, "This folder cannot be read: give yourself the right to.");
    }

    void read_file(const fs::path& path, const std::string& name) {
        std::error_code error;
        if (!fs::is_regular_file(path, error))
            return wrong(Errc::unavailable, "pack/file-unreadable", name,
                         "This is a folder, or a link that leads nowhere: put the file itself here, or take it away.");
        const auto bytes = fs::file_size(path, error);
        total_ += error || bytes > max_file_bytes ? 0 : bytes;  // one that is too large does not make others so
        if (!error && (bytes > max_file_bytes || total_ > max_total_bytes || files_.size() >= max_files))
            return wrong(Errc::too_large, "pack/file-too-large", name,
                         "A policy has at most 1000 files of 1 MiB each, and 16 MiB in all: is this the right file?");
        auto text = error ? Result<std::string>{fail(Errc::unavailable)} : read_text(path, bytes);
        if (!text)
            return wrong(Errc::unavailable, "pack/file-unreadable", name,
                         "This file cannot be read, or changed while it was read: see that you may read it, and try again.");
        files_.emplace(name, std::move(text).value());
    }

    void wrong(Errc code, std::string type, const std::string& name, std::string fix) {
        if (problems_.empty()) code_ = code;
        problems_.push_back({std::move(type), name, std::move(fix), ""});
    }

    policy::PackFiles files_;
    std::uintmax_t total_ = 0;
    std::vector<Problem> problems_;
    Errc code_ = Errc::unavailable;
};

}  // namespace

auto read_pack_dir(const fs::path& folder) -> Result<policy::PackFiles> {
    std::error_code error;
    if (!fs::is_directory(folder, error)) return fail(Errc::not_found, "there is no such policy folder");
    // First, so that a folder which is none is not searched through.
    if (!fs::exists(fs::symlink_status(folder / "pack.toml", error)))
        return fail(Errc::not_found, "the policy folder holds no pack.toml");
    return DirReader{}.read(folder);
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
