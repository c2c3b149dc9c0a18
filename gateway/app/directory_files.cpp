#include "gateway/app/directory_files.hpp"

#include "config/secrets.hpp"
#include "gateway/obs/log.hpp"

#include <algorithm>
#include <filesystem>

namespace cg::app {
namespace {

namespace fs = std::filesystem;

auto marks_file(const config::Config& config) -> fs::path { return config.data_dir / "directory-marks.json"; }

auto read_marks(const config::Config& config) -> Result<certs::SequenceMarks> {
    certs::SequenceMarks marks;
    std::error_code error;
    if (!fs::exists(marks_file(config), error)) return marks;
    CG_TRY(const auto text, config::read_public_file(marks_file(config)));
    const auto json = parse_json(text);
    const auto* members = json.has_value() ? json.value().if_object() : nullptr;
    if (members == nullptr) return fail(Errc::corrupt, "directory-marks.json is not what this program writes; restore it from a backup");
    for (const auto& member : *members) {
        CG_TRY(auto agency, AgencyId::parse(member.name));
        marks.emplace(std::move(agency), static_cast<std::uint64_t>(std::max<std::int64_t>(0, member.value.integer_or(0))));
    }
    return marks;
}

auto write_marks(const config::Config& config, const certs::SequenceMarks& marks) -> Result<> {
    Json json = Json::object();
    for (const auto& [agency, seq] : marks) json.set(agency.str(), seq);
    return config::write_public_file(marks_file(config), to_jcs(json) + "\n");
}

auto read_texts(const config::Config& config) -> Result<std::vector<certs::DescriptorText>> {
    std::vector<certs::DescriptorText> texts;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(config.directory_dir, error)) {
        if (entry.path().extension() != ".json") continue;
        CG_TRY(auto text, config::read_public_file(entry.path()));
        texts.push_back({entry.path().filename().string(), std::move(text)});
    }
    if (error) return fail(Errc::unavailable, "the directory folder cannot be read: " + error.message());
    std::ranges::sort(texts, {}, &certs::DescriptorText::label);
    return texts;
}

}  // namespace

auto load_directory(const config::Config& config, const crypto::VerifyKey& registrar, Instant now)
    -> Result<std::shared_ptr<const certs::Directory>> {
    std::error_code error;
    fs::create_directories(config.data_dir, error);
    if (error) return fail(Errc::unavailable, "the data folder cannot be made: " + error.message());
    CG_TRY(const auto seen, read_marks(config));
    CG_TRY(const auto texts, read_texts(config));
    auto directory = std::make_shared<const certs::Directory>(certs::Directory::load(texts, registrar, now, seen));
    for (const auto& refusal : directory->refusals())
        obs::event("gw.directory.refused", {{"file", refusal.label}, {"agency", refusal.agency.str()}, {"reason", refusal.reason}},
                   obs::Level::warning);
    if (directory->marks() != seen) {
        CG_TRY(write_marks(config, directory->marks()));
    }
    return directory;
}

}  // namespace cg::app
