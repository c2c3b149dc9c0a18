#include "gateway/app/ledger_view.hpp"

#include "config/client_profile.hpp"
#include "config/load.hpp"
#include "config/secrets.hpp"
#include "gateway/app/agency_folder.hpp"
#include "gateway/ledger/entry.hpp"
#include "gateway/ledger/sqlite/sqlite_store.hpp"

namespace cg::app {
namespace {

auto first_line(std::string text) -> std::string {
    return text.substr(0, text.find('\n'));
}

auto read_verifier(const Session& session, const LedgerOptions& options) -> Result<crypto::NoteVerifier> {
    if (!options.log_key.empty()) return crypto::NoteVerifier::parse(options.log_key);
    const auto file = AgencyFolder{session.profile}.log_vkey();
    auto text = config::read_public_file(file);
    if (!text.has_value())
        return fail(Errc::not_found, "the log's public key is not at " + file.string() +
                                         "; name the agency's folder with --profile, or the key with --log-key");
    return crypto::NoteVerifier::parse(first_line(std::move(text).value()));
}

auto read_vault(Session& session, const config::Config& config) -> Result<std::unique_ptr<ledger::Vault>> {
    CG_TRY(const auto* passphrase, session.passphrase());
    CG_TRY(const auto secret, config::read_secret(config.store_secret, "store", *passphrase));
    return std::make_unique<ledger::Vault>(secret);
}

}  // namespace

auto LedgerView::open(Session& session, const LedgerOptions& options, bool personal) -> Result<LedgerView> {
    CG_TRY(auto verifier, read_verifier(session, options));
    auto file = options.file;
    std::unique_ptr<ledger::Vault> vault;
    if (file.empty() || personal) {
        CG_TRY(const auto config, config::load_config(AgencyFolder{session.profile}.gateway_toml()));
        if (file.empty()) file = config.data_dir / "ledger.db";
        if (personal) {
            CG_TRY(vault, read_vault(session, config));
        }
    }
    auto beside = std::filesystem::path{file}.parent_path() / "checkpoint";
    auto store = ledger::sqlite::open_read_only(file);
    if (!store.has_value()) {
        auto error = std::move(store).error();
        error.detail = "the ledger " + file + " cannot be opened: " + error.detail;
        return fail(std::move(error));
    }
    std::error_code none;
    return LedgerView{std::move(store).value(), std::move(verifier), std::move(vault),
                      std::filesystem::exists(beside, none) ? beside.string() : std::string{}};
}

auto check_proof(const LedgerView& view, const ledger::DecisionRecord& record) -> Result<ProofFacts> {
    CG_TRY(const auto proof, crypto::parse_tlog_proof(record.proof));
    ProofFacts facts;
    CG_TRY(facts.checkpoint, crypto::check_tlog_proof(proof, view_bytes(record.leaf), view.verifier()));
    CG_TRY(const auto entries, view.store().entries(record.row.seq, 1));
    CG_TRY(const auto leaf, parse_json(record.leaf));
    if (entries.empty()) return fail(Errc::corrupt, "the record's entry is missing");
    const auto& entry = entries.front();
    const auto group = ledger::public_group(entry.type);
    facts.record_fits =
        leaf["c"][group].text() == to_hex(ledger::commitment(entry.salt, entry.type, group, entry.fields));
    return facts;
}

}  // namespace cg::app
