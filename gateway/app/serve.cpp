#include "gateway/app/serve.hpp"

#include "gateway/app/duty_watch.hpp"

#include "certs/directory.hpp"
#include "certs/pki.hpp"
#include "config/load.hpp"
#include "config/secrets.hpp"
#include "crypto/hash.hpp"
#include "gateway/app/courier_driver.hpp"
#include "gateway/app/directory_files.hpp"
#include "gateway/app/ops.hpp"
#include "gateway/app/pack_keeper.hpp"
#include "gateway/app/private_memory.hpp"
#include "gateway/ledger/sqlite/sqlite_store.hpp"
#include "gateway/net/server.hpp"
#include "gateway/obs/log.hpp"
#include "gateway/relay/api.hpp"
#include "gateway/relay/inbound.hpp"

#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <mutex>

namespace cg::app {
namespace {

constexpr int exit_ok = 0;
constexpr int exit_bad_input = 65;
constexpr int exit_unavailable = 69;

/// Says on standard error what is wrong and where, for whoever starts the gateway.
auto report(std::string_view what, const Error& error) -> int {
    std::fprintf(stderr, "casegate: %.*s: %s\n", static_cast<int>(what.size()), what.data(), error.detail.c_str());
    for (const auto& problem : error.problems)
        std::fprintf(stderr, "  %s: %s (%s)\n", problem.pointer.c_str(), problem.fix.c_str(), problem.type.c_str());
    return error.code == Errc::unavailable || error.code == Errc::corrupt ? exit_unavailable : exit_bad_input;
}

auto now() -> Instant { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

/// A secret of this agency for one use, drawn from the one that is kept.
auto derived(const crypto::SecretBytes& secret, std::string_view use) -> crypto::SecretBytes {
    return crypto::SecretBytes::copy_of(crypto::hmac_sha256(secret.reveal(), view_bytes(use)));
}

/// All that is read at start, before anything runs.
struct Loaded {
    config::Config config;
    crypto::VerifyKey registrar;
    std::shared_ptr<const certs::Directory> directory;
    relay::Signer signer;
    crypto::SigningKey log_key;
    crypto::SecretBytes store_secret;
    crypto::SecretBytes passphrase;
};

auto load_all(const ServeOptions& options) -> Result<Loaded> {
    CG_TRY(auto config, config::load_config(options.config));
    CG_TRY(auto passphrase, config::read_passphrase(config.passphrase, options.passphrase_fd));
    CG_TRY(const auto registrar_pem, config::read_public_file(config.registrar_key));
    CG_TRY(auto registrar, certs::read_public_key(registrar_pem));
    CG_TRY(auto directory, load_directory(config, registrar, now()));
    CG_TRY(const auto signing_pem, config::read_public_file(config.signing.certificate));
    CG_TRY(const auto certificate, certs::read_certificate(signing_pem));
    CG_TRY(auto signing_key, config::read_signing_key(config.signing.key, passphrase));
    CG_TRY(auto log_key, config::read_signing_key(config.log_key, passphrase));
    CG_TRY(auto store_secret, config::read_secret(config.store_secret, "store", passphrase));
    return Loaded{std::move(config),  registrar,
                  std::move(directory), relay::Signer{std::move(signing_key), certificate.sha256},
                  std::move(log_key), std::move(store_secret), std::move(passphrase)};
}

auto open_ledger(Loaded& loaded, const relay::Signer& signer) -> Result<std::unique_ptr<ledger::Ledger>> {
    const auto& config = loaded.config;
    std::error_code error;
    std::filesystem::create_directories(config.data_dir, error);
    if (error) return fail(Errc::unavailable, "the data folder cannot be made: " + error.message());
    CG_TRY(auto store, ledger::sqlite::open(config.data_dir / "ledger.db"));
    ledger::Keys keys{config.agency.str() + ".casegate/log", std::move(loaded.log_key), std::move(loaded.store_secret)};
    ledger::Options options;
    options.now = now;
    options.sign_receipt = [&signer](const ledger::ReceiptFacts& facts) { return relay::sign_receipt(signer, facts); };
    options.checkpoint_file = (config.data_dir / "checkpoint").string();
    options.max_waiting = config.limits.queue_length;
    return ledger::Ledger::open(std::move(store), std::move(keys), std::move(options));
}

auto permissions(const config::Config& config) -> std::map<std::string, std::set<relay::Permission>> {
    std::map<std::string, std::set<relay::Permission>> out;
    for (const auto& caller : config.callers) {
        auto& mine = out[caller.identity.str()];
        for (const auto right : caller.rights) {
            switch (right) {
                case config::Right::send: mine.insert(relay::Permission::send); break;
                case config::Right::check: mine.insert(relay::Permission::check); break;
                case config::Right::read_inbox: mine.insert(relay::Permission::read_inbox); break;
                case config::Right::review: mine.insert(relay::Permission::review); break;
                case config::Right::ack: mine.insert(relay::Permission::acknowledge); break;
            }
        }
    }
    return out;
}

/// Whose certificate may use the office listener: systems and people of this agency that the configuration names.
auto office_authorise(const config::Config& config) -> net::Authorise {
    return [&config](const net::PeerCertificate& peer) -> std::string {
        const auto identity = certs::Identity::parse(peer.uri);
        if (!identity.has_value()) return "no-identity";
        if (identity.value().agency != config.agency) return "wrong-agency";
        if (identity.value().kind == certs::IdentityKind::gateway) return "wrong-kind";
        return config.find_caller(peer.uri) != nullptr ? "" : "unknown-caller";
    };
}

/// Whose certificate may use the peer listener: gateways of the agencies that the configuration allows.
auto peer_authorise(const config::Config& config) -> net::Authorise {
    return [&config](const net::PeerCertificate& peer) -> std::string {
        const auto identity = certs::Identity::parse(peer.uri);
        if (!identity.has_value()) return "no-identity";
        if (identity.value().kind != certs::IdentityKind::gateway) return "wrong-kind";
        return config.peers.contains(identity.value().agency) ? "" : "wrong-agency";
    };
}

auto tls_options(const Loaded& loaded) -> Result<net::TlsOptions> {
    net::TlsOptions options;
    CG_TRY(options.certificate_pem, config::read_public_file(loaded.config.tls.certificate));
    CG_TRY(options.key_pem, config::read_private_file(loaded.config.tls.key));
    options.passphrase = crypto::SecretBytes::copy_of(loaded.passphrase.reveal());
    CG_TRY(options.ca_pem, config::read_public_file(loaded.config.tls.authorities));
    return options;
}

auto net_limits(const config::Limits& limits, std::uint64_t body_bytes) -> net::Limits {
    net::Limits out;
    out.head_bytes = limits.head_bytes;
    out.body_bytes = body_bytes;
    out.connections = limits.connections;
    out.connections_per_certificate = limits.connections_per_peer;
    out.head = limits.head_time;
    out.handler = limits.request_time;
    out.idle = limits.idle_time;
    return out;
}

auto listener(std::string name, const config::HostPort& at, std::shared_ptr<const net::TlsContext> tls, wire::Handler handler,
              const net::Limits& limits) -> net::ListenerOptions {
    net::ListenerOptions options;
    options.name = std::move(name);
    options.address = at.host;
    options.port = at.port;
    options.tls = std::move(tls);
    options.handler = std::move(handler);
    options.limits = limits;
    return options;
}

auto start_server(net::Runtime& runtime, const Loaded& loaded, const relay::Gateway& gateway, wire::Handler ops)
    -> Result<std::unique_ptr<net::Server>> {
    const auto& config = loaded.config;
    CG_TRY(const auto tls, tls_options(loaded));
    CG_TRY(auto office_tls, net::TlsContext::server(tls, office_authorise(config)));
    CG_TRY(auto peer_tls, net::TlsContext::server(tls, peer_authorise(config)));
    // An envelope travels as base64 in JSON, with its proof: a third more than its bytes, and a little.
    const auto peer_body = config.limits.envelope_bytes / 2 * 3 + (1U << 20U);
    std::vector<net::ListenerOptions> listeners;
    listeners.push_back(listener("office", config.listen.office, std::move(office_tls), relay::office_handler(gateway),
                                 net_limits(config.limits, config.limits.body_bytes)));
    listeners.push_back(listener("peer", config.listen.peer, std::move(peer_tls), relay::peer_handler(gateway),
                                 net_limits(config.limits, peer_body)));
    listeners.push_back(listener("ops", config.listen.ops, nullptr, std::move(ops), net_limits(config.limits, 0)));
    return net::Server::start(runtime, std::move(listeners));
}

/// SIGHUP: the policy and the directory are read anew, each whole or not at all.
void reload(const Loaded& loaded, relay::Gateway& gateway, PackKeeper& packs, ReloadState& state) {
    const auto before = gateway.pack();
    auto reloaded = packs.reload(before);
    if (reloaded.pack->hash() != before->hash()) gateway.replace(reloaded.pack);
    const bool pack_ok = !reloaded.trouble;
    state.set("pack", reloaded.trouble);
    packs.answer(reloaded);
    auto directory = load_directory(loaded.config, loaded.registrar, now());
    const bool directory_ok = directory.has_value();
    if (directory_ok)
        state.set("directory", std::nullopt);
    else
        state.set("directory", Error{Errc::unavailable, "The directory cannot be read; the one before stays in force.", {}});
    if (directory_ok) gateway.replace(directory.value());
    obs::event("gw.config.reloaded", {{"pack", gateway.pack()->version()}, {"pack_ok", pack_ok}, {"directory_ok", directory_ok}});
}

void tell_ready(const ServeOptions& options, const net::Server& server) {
    obs::event("gw.start.ready", {{"office", server.port("office")}, {"peer", server.port("peer")}, {"ops", server.port("ops")}});
    if (!options.ready_fd) return;
    const auto line = "ready office=" + std::to_string(server.port("office")) + " peer=" + std::to_string(server.port("peer")) +
                      " ops=" + std::to_string(server.port("ops")) + "\n";
    if (write(*options.ready_fd, line.data(), line.size()) < 0) obs::event("gw.start.nobody-waits", {}, obs::Level::warning);
    close(*options.ready_fd);
}

/// Blocks until somebody says stop.
class StopSign {
public:
    void set() {
        const std::lock_guard lock{mutex_};
        set_ = true;
        changed_.notify_all();
    }
    void wait() {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return set_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool set_ = false;
};

auto run(const ServeOptions& options, Loaded& loaded) -> int {
    const auto signer = std::make_unique<relay::Signer>(std::move(loaded.signer));
    auto view_salt = derived(loaded.store_secret, "casegate.view-salt/1");
    auto ledger = open_ledger(loaded, *signer);
    if (!ledger.has_value()) return report("the ledger cannot be opened", ledger.error());
    static_cast<void>(std::signal(SIGHUP, SIG_IGN));  // until there is somebody to hear it
    PackKeeper packs{loaded.config, *ledger.value(), now};
    const auto pack = packs.start();
    if (!pack.has_value()) return report("cannot start: the policy", pack.error());

    const auto client_options = tls_options(loaded);
    if (!client_options.has_value()) return report("the TLS files", client_options.error());
    auto client_tls = net::TlsContext::client(client_options.value());
    if (!client_tls.has_value()) return report("the TLS files", client_tls.error());

    net::Runtime runtime;
    net::PeerClient client{runtime, client_tls.value()};
    CourierDriver courier{runtime, client, loaded.config.delivery};
    relay::Gateway gateway{{loaded.config.agency, signer.get(), std::move(view_salt), permissions(loaded.config), ledger.value().get(), now,
                            [&courier] { courier.wake(); }, observe, {}},
                           pack.value(), loaded.directory};
    ReloadState reloads;
    auto server = start_server(runtime, loaded, gateway, ops_handler(gateway, courier, reloads));
    if (!server.has_value()) return report("the listeners cannot be started", server.error());

    StopSign stop;
    runtime.on_signals([&stop] { stop.set(); }, [&] { reload(loaded, gateway, packs, reloads); });
    if (packs.asked()) reload(loaded, gateway, packs, reloads);  // whoever asked before we listened to signals
    courier.start(gateway);
    auto duties = std::make_unique<DutyWatch>(runtime, gateway);
    tell_ready(options, *server.value());
    stop.wait();

    obs::event("gw.stop.begun");
    server.value()->stop(std::chrono::seconds{5});  // in flight ends, so that whoever was promised an answer gets it
    duties.reset();
    courier.stop();
    client.stop();
    ledger.value().reset();  // writes what waits
    obs::event("gw.stop.done");
    obs::flush();
    return exit_ok;
}

}  // namespace

auto serve(const ServeOptions& options) -> int {
    // A core dump would hold case content in the clear.
    if (!keep_memory_private()) obs::event("gw.start.core-dumps-not-disabled", {}, obs::Level::warning);
    auto loaded = load_all(options);
    if (!loaded.has_value()) return report("cannot start", loaded.error());
    if (loaded.value().directory->find(loaded.value().config.agency) == nullptr)
        return report("cannot start", Error{Errc::malformed, "the directory has no registered descriptor of this agency", {}});
    return run(options, loaded.value());
}

}  // namespace cg::app
