// casegate seal: makes an age file.
#include "gateway/app/client.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/raw_age.hpp"

#include <CLI/CLI.hpp>

namespace cg::app {
namespace {

struct SealOptions {
    std::string file = "-", out;
    std::vector<std::string> to;
    bool armor = false;
};

/// `age1…` as it is; `role@agency` by the directory.
auto recipient(const Session& session, const std::string& text) -> Result<crypto::AgeRecipient> {
    if (text.find('@') == std::string::npos) {
        auto parsed = crypto::AgeRecipient::parse(text);
        if (!parsed.has_value())
            return fail(parsed.error().code,
                        "--to is no recipient that this program can seal to: give age1…, age1pq1… or role@agency");
        return parsed;
    }
    CG_TRY(const auto to, RecipientId::parse(text));
    CG_TRY(const auto profile, config::load_client_profile(session.profile));
    CG_TRY(const auto directory, read_directory(profile.directory_dir, profile.registrar_key));
    CG_TRY(const auto key, directory.recipient_key(to, now()));
    return crypto::AgeRecipient::parse(key.recipient);
}

auto seal(const Session& session, const SealOptions& options) -> int {
    std::vector<crypto::AgeRecipient> recipients;
    for (const auto& text : options.to) {
        auto one = recipient(session, text);
        if (!one.has_value()) return report(session, one.error());
        recipients.push_back(std::move(one).value());
    }
    const auto sealed = seal_age(options.file, options.out, recipients, options.armor);
    return sealed.has_value() ? exit_ok : report(session, sealed.error());
}

}  // namespace

void add_seal(CLI::App& root, Session& session) {
    auto options = std::make_shared<SealOptions>();
    auto* cmd = root.add_subcommand("seal", "Seal any file as an age file (age v1), readable by every age tool");
    cmd->add_option("FILE", options->file, "File to seal; '-' or nothing: standard input");
    cmd->add_option("--to", options->to,
                    "Whom to seal to: age1pq1…, age1…, or role@agency of the directory; may be repeated")
        ->required()
        ->allow_extra_args(false);
    cmd->add_option("-o,--output", options->out, "Write here (default: standard output)");
    cmd->add_flag("-a,--armor", options->armor, "As text, for mail and chat (up to 64 MiB)");
    cmd->footer(
        "age1pq1… keys stand against a quantum computer; they cannot be mixed with age1… keys in one file. This is "
        "plain\n"
        "sealing: it decides nothing and writes nothing down. Case messages go through `casegate send`.\n\n"
        "Example:\n"
        "  casegate seal --to csc.front-door@exampleshire --profile willow -o letter.pdf.age letter.pdf");
    cmd->callback([&session, options] { session.run = [&session, options] { return seal(session, *options); }; });
}

}  // namespace cg::app
