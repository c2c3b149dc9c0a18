#include "tests/support/live_agency.hpp"

#include "config/load.hpp"
#include "config/secrets.hpp"
#include "gateway/app/agency_folder.hpp"
#include "gateway/ledger/sqlite/sqlite_store.hpp"
#include "tests/unit/relay/cases.hpp"

#include <csignal>
#include <sstream>
#include <stdexcept>

namespace cg::test {
namespace {

auto yesterday() -> Date {
    return date_of(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) - std::chrono::days{1});
}

/// Moves what happened in the case's own year along with `by`; dates of birth stay.
void shift_dates(Json& value, std::chrono::days by) {
    if (auto* text = value.if_string(); text != nullptr && text->size() >= 10) {
        const auto day = parse_date(std::string_view{*text}.substr(0, 10));
        if (day.has_value() && day.value().year() == std::chrono::year{2026})
            text->replace(0, 10, to_iso_date(Date{std::chrono::sys_days{day.value()} + by}));
    }
    if (auto* items = value.if_array())
        for (auto& item : *items) shift_dates(item, by);
    if (auto* members = value.if_object())
        for (auto& member : *members) shift_dates(member.value, by);
}

/// A submission whose concern arose yesterday.
auto dated_submission(std::string_view purpose, const std::vector<std::string>& recipients, Json content) -> Json {
    const auto base = std::chrono::sys_days{std::chrono::year{2026} / 3 / 3};
    shift_dates(content, std::chrono::sys_days{yesterday()} - base);
    return Json::object({{"schema", "submission/1"},
                         {"purpose", purpose},
                         {"recipients", Json::texts(recipients)},
                         {"actor", Json::object({{"user", "u-17"}, {"role", "designated safeguarding lead"}, {"auth", "passkey"}})},
                         {"case", std::move(content)}});
}

}  // namespace

LiveAgency::LiveAgency(const Federation& federation, std::string id)
    : id_(std::move(id)), folder_(federation.path(id_)), passphrase_(federation.passphrase()),
      ports_{static_cast<std::uint16_t>(federation.office_port(id_)), static_cast<std::uint16_t>(federation.peer_port(id_)),
             static_cast<std::uint16_t>(federation.ops_port(id_))} {}

void LiveAgency::adjust(const std::function<void(config::Config&)>& change) const {
    const auto file = app::AgencyFolder{folder_}.gateway_toml();
    auto settings = must(config::load_config(file), "gateway.toml");
    change(settings);
    if (!config::write_public_file(file, config::to_toml(settings)).has_value()) throw std::runtime_error("gateway.toml");
}

void LiveAgency::quick_keys() const {
    for (const auto* name : {"tls", "signing", "log", "office"}) {
        const auto file = app::AgencyFolder{folder_}.key(name);
        const auto quick = file.string() + ".quick";
        const auto made = run({"openssl", "pkcs8", "-topk8", "-in", file.string(), "-out", quick, "-passin", "pass:" + passphrase_, "-passout",
                               "pass:" + passphrase_, "-scrypt", "-scrypt_N", "2", "-scrypt_r", "1", "-scrypt_p", "1"});
        if (made.status == 0) std::filesystem::rename(quick, file);
    }
}

auto LiveAgency::serve_launch() const -> Launch {
    Launch launch;
    launch.program = CG_PROGRAM;
    launch.arguments = {"serve", "--profile", folder_.string(), "--passphrase-fd", "3", "--ready-fd", "4"};
    launch.passphrase = passphrase_;
    launch.error_file = log_file();
    launch.folder = folder_;
    return launch;
}

auto LiveAgency::ready(std::chrono::milliseconds bound) -> bool {
    return process_ && process_->ready_line(bound).value_or("").starts_with("ready ");
}

void LiveAgency::kill() {
    process_->signal(SIGKILL);
    if (!process_->wait(std::chrono::seconds{30})) throw std::runtime_error("a killed gateway is still there");
}

auto LiveAgency::stop(std::chrono::milliseconds bound) -> int {
    process_->signal(SIGTERM);
    const auto end = process_->wait(bound);
    if (!end) throw std::runtime_error("a gateway did not stop when it was told to");
    return end->status;
}

auto LiveAgency::office(std::chrono::milliseconds patience) const -> net::OfficeClient {
    if (!tls_) {
        const app::AgencyFolder files{folder_};
        net::TlsOptions tls;
        tls.certificate_pem = slurp(files.certificate("office"));
        tls.key_pem = crypto::SecretBytes::copy_of(slurp(files.key("office")));
        tls.passphrase = crypto::SecretBytes::copy_of(passphrase_);
        tls.ca_pem = slurp(files.authorities());
        tls_ = must(net::TlsContext::client(tls), "the office's TLS files");
    }
    net::OfficeClientOptions options;
    options.port = office_port();
    options.agency = id_;
    options.tls = tls_;
    options.patience = patience;
    return net::OfficeClient{std::move(options)};
}

auto LiveAgency::ops() const -> net::OfficeClient {
    net::OfficeClientOptions options;
    options.port = ops_port();
    options.patience = std::chrono::seconds{10};
    return net::OfficeClient{std::move(options)};
}

auto LiveAgency::metric(std::string_view name) const -> std::optional<double> {
    const auto answer = ops().request("GET", "/metrics");
    if (!answer.has_value() || answer.value().status != 200) return std::nullopt;
    std::istringstream lines{answer.value().body};
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(name) && line.size() > name.size() && (line[name.size()] == ' ' || line[name.size()] == '{'))
            return std::stod(line.substr(line.rfind(' ') + 1));
    return std::nullopt;
}

auto LiveAgency::identity(const std::string& role) const -> crypto::AgeIdentity {
    const auto id = must(RoleId::parse(role), "role");
    const auto text = must(config::read_secret(app::AgencyFolder{folder_}.role_key(id), "role:" + role, crypto::SecretBytes::copy_of(passphrase_)), "role key");
    return must(crypto::AgeIdentity::parse(text.reveal_text()), "role key");
}

LedgerFile::LedgerFile(const LiveAgency& agency)
    : store_(must(ledger::sqlite::open_read_only(agency.ledger_file().string()), "the ledger of " + agency.id())),
      vault_(std::make_unique<ledger::Vault>(
          must(config::read_secret(app::AgencyFolder{agency.folder()}.store_secret(), "store", crypto::SecretBytes::copy_of(agency.passphrase())), "store secret"))) {}

auto LedgerFile::entries() -> std::vector<ledger::EntryRow> {
    constexpr std::size_t page = 4096;
    std::vector<ledger::EntryRow> all;
    for (;;) {
        auto some = must(store_->entries(all.size(), page), "entries");
        for (auto& entry : some) all.push_back(std::move(entry));
        if (some.size() < page) return all;
    }
}

auto submission(const std::string& case_ref, const std::vector<std::string>& recipients) -> Json {
    return dated_submission("child-protection-referral", recipients, relay::testing::referral_case(case_ref));
}

auto refused_submission(const std::string& case_ref, const std::vector<std::string>& recipients) -> Json {
    auto content = relay::testing::refused_consent_case();
    content.set("case_ref", case_ref);
    return dated_submission("child-in-need-referral", recipients, std::move(content));
}

auto post_message(net::OfficeClient& office, const std::string& key, std::string_view body) -> Result<wire::Response> {
    return office.request("POST", "/v1/messages", {{"Idempotency-Key", key}}, body);
}

}  // namespace cg::test
