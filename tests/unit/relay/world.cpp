#include "tests/unit/relay/world.hpp"

#include "certs/pki.hpp"
#include "config/pack_dir.hpp"
#include "gateway/ledger/memory/memory_store.hpp"
#include "gateway/relay/api.hpp"
#include "gateway/relay/inbound.hpp"
#include "gateway/wire/transmission.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <future>
#include <sstream>

namespace cg::relay::testing {
namespace {

/// The value of a Result that a test's world cannot do without.
template <class T>
auto must(Result<T> result) -> T {
    if (!result.has_value()) {
        ADD_FAILURE() << "the test's world: " << result.error().detail;
        for (const auto& problem : result.error().problems) ADD_FAILURE() << problem.pointer << ": " << problem.fix;
        std::abort();
    }
    return std::move(result).value();
}

const crypto::SecretBytes& passphrase() {
    static const auto secret = crypto::SecretBytes::copy_of("a passphrase for tests");
    return secret;
}

struct Authority {
    std::string key_pem = certs::make_key_file(crypto::SignatureAlg::es256, passphrase());
    std::string certificate;
};

struct Signing {
    Signer signer;
    certs::Certificate certificate;
};

/// Making keys and certificates takes a while (scrypt), so each agency's are made once for all tests of a run.
auto signing_parts(const AgencyId& id) -> const Signing& {
    static Authority authority;
    static std::map<AgencyId, Signing> made;
    if (const auto it = made.find(id); it != made.end()) return it->second;
    const certs::Validity validity{must(parse_instant("2026-01-01T00:00:00Z")), must(parse_instant("2036-01-01T00:00:00Z"))};
    if (authority.certificate.empty())
        authority.certificate = must(certs::make_authority("Test CA", {authority.key_pem, passphrase()}, validity));
    const auto key = certs::make_key_file(crypto::SignatureAlg::ed25519, passphrase());
    const auto identity = certs::Identity::gateway_of(id);
    const auto request = must(certs::make_request(identity, {}, {key, passphrase()}));
    auto certificate = must(certs::read_certificate(must(certs::issue_certificate(
        request, identity, certs::Issue::signing, validity, authority.certificate, {authority.key_pem, passphrase()}))));
    Signer signer{must(crypto::SigningKey::from_encrypted_pem(key, passphrase())), certificate.sha256};
    return made.emplace(id, Signing{std::move(signer), std::move(certificate)}).first->second;
}

/// The example pack, read once.
auto example_pack() -> const std::shared_ptr<const policy::Pack>& {
    static const auto pack = must(policy::load_pack(must(config::read_pack_dir(CG_SOURCE_DIR "/config/packs/exampleshire"))));
    return pack;
}

auto ask(const wire::Handler& handler, wire::Request request) -> wire::Response {
    auto answer = std::make_shared<std::promise<wire::Response>>();
    auto future = answer->get_future();
    handler(std::move(request), [answer](wire::Response response) { answer->set_value(std::move(response)); });
    return future.get();
}

template <class T, class Write>
auto written(const Write& write) -> Result<T> {
    auto answer = std::make_shared<std::promise<std::shared_ptr<Result<T>>>>();
    auto future = answer->get_future();
    write([answer](Result<T> done) { answer->set_value(std::make_shared<Result<T>>(std::move(done))); });
    return std::move(*future.get());
}

}  // namespace

World::World()
    : now_(must(parse_instant("2026-03-03T12:58:10Z"))),
      registrar_(std::make_unique<crypto::SigningKey>(crypto::SigningKey::generate(crypto::SignatureAlg::ed25519))) {
    pack_ = example_pack();
    add("willow", {"school.dsl"});
    add("exampleshire", {"csc.front-door", "early-help.hub", "advice.desk"});
    add("examplepolice", {"police.public-protection"});
    add("examplenhs", {"health.safeguarding"});
    std::vector<certs::DescriptorText> texts;
    for (const auto& [id, agency] : agencies_) texts.push_back({id, signed_descriptor(id)});
    directory_ = std::make_shared<const certs::Directory>(certs::Directory::load(texts, registrar_->verify_key(), now_));
    EXPECT_TRUE(directory_->refusals().empty());
    for (auto& [id, agency] : agencies_) open(agency);
}

World::~World() = default;

auto World::agency(std::string_view id) -> Agency& { return agencies_.find(id)->second; }

void World::add(std::string_view name, const std::vector<std::string>& roles) {
    const auto id = must(AgencyId::parse(name));
    const auto& [signer, certificate] = signing_parts(id);
    Agency agency{.id = id,
                  .signer = signer,
                  .signing_certificate = certificate,
                  .roles = {},
                  .log_name = id.str() + ".test/log",
                  .log_vkey = {},
                  .log_key = crypto::SigningKey::generate(crypto::SignatureAlg::ed25519),
                  .ledger = nullptr,
                  .gateway = nullptr,
                  .courier = nullptr,
                  .office = {},
                  .peer = {},
                  .events = {},
                  .system_uri = "casegate://" + id.str() + "/system/cases",
                  .gateway_uri = certs::Identity::gateway_of(id).str()};
    agency.log_vkey = crypto::NoteVerifier{agency.log_name, agency.log_key->verify_key()}.vkey();
    for (const auto& role : roles)
        agency.roles.emplace(must(RoleId::parse(role)), crypto::AgeIdentity::generate(crypto::AgeKind::mlkem768x25519));
    agencies_.emplace(id.str(), std::move(agency));
}

void World::open(Agency& agency) {
    ledger::Keys keys{agency.log_name, std::move(*agency.log_key), crypto::random_secret(32)};
    agency.log_key.reset();
    ledger::Options options;
    options.now = [this] { return now_; };
    options.sign_receipt = [&agency](const ledger::ReceiptFacts& facts) { return sign_receipt(agency.signer, facts); };
    agency.ledger = must(ledger::Ledger::open(ledger::make_memory_store(), std::move(keys), std::move(options)));
    Gateway::Parts parts;
    parts.self = agency.id;
    parts.signer = &agency.signer;
    parts.view_salt = crypto::random_secret(32);
    parts.callers = {{agency.system_uri, {Permission::check, Permission::send, Permission::read_inbox, Permission::acknowledge, Permission::review}},
                     {"casegate://" + agency.id.str() + "/system/reader", {Permission::read_inbox}},
                     {"casegate://" + agency.id.str() + "/person/u-head", {Permission::send, Permission::review}}};
    parts.ledger = agency.ledger.get();
    parts.now = [this] { return now_; };
    parts.wake_courier = [] {};
    parts.observe = [&agency](const Event& event) { agency.events.emplace_back(event.name); };
    agency.gateway = std::make_unique<Gateway>(std::move(parts), pack_, directory_);
    CourierCodec codec;
    codec.body = [](const ledger::OutboxItem& item, const ledger::Transmission& transmission) -> Result<std::string> {
        if (item.kind == ledger::OutboxKind::receipt) return transmission.receipt;
        CG_TRY(auto routing, parse_json(transmission.routing));
        return to_text(wire::Transmission{std::move(routing), transmission.envelope, transmission.proof, transmission.opening});
    };
    codec.check_receipt = [&agency](const ledger::OutboxItem& item, std::string_view receipt) {
        return check_receipt(*agency.gateway, item.to, item.mid, receipt);
    };
    codec.jitter = [] { return 0.5; };
    agency.courier = std::make_unique<Courier>(*agency.ledger, CourierOptions{}, std::move(codec));
    agency.office = office_handler(*agency.gateway);
    agency.peer = peer_handler(*agency.gateway);
}

auto World::office(std::string_view at, std::string method, std::string path, std::string body, std::string key,
                   std::string caller) -> wire::Response {
    auto& here = agency(at);
    wire::Request request;
    request.method = std::move(method);
    if (const auto at_query = path.find('?'); at_query != std::string::npos) {  // one or more of name=value
        std::istringstream query{path.substr(at_query + 1)};
        for (std::string pair; std::getline(query, pair, '&');)
            request.query.emplace_back(pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1));
        path.resize(at_query);
    }
    request.path = std::move(path);
    request.body = to_bytes(body);
    request.content_type = body.empty() ? "" : "application/json";
    request.idempotency_key = std::move(key);
    request.peer.uri = caller.empty() ? here.system_uri : std::move(caller);
    request.peer.key = caller_key().verify_key();
    return ask(here.office, std::move(request));
}

auto World::caller_key() -> const crypto::SigningKey& {
    static const auto key = crypto::SigningKey::generate(crypto::SignatureAlg::ed25519);
    return key;
}

auto World::peer(std::string_view at, std::string_view from, std::string path, std::string body) -> wire::Response {
    wire::Request request;
    request.method = "POST";
    request.path = std::move(path);
    request.body = to_bytes(body);
    request.content_type = "application/json";
    request.peer.uri = agency(from).gateway_uri;
    return ask(agency(at).peer, std::move(request));
}

void World::deliver() {
    for (bool busy = true; busy;) {
        busy = false;
        for (auto& [id, agency] : agencies_) {
            std::deque<CourierAction> todo;
            const auto add_all = [&todo](std::vector<CourierAction> actions) {
                for (auto& action : actions) todo.push_back(std::move(action));
            };
            add_all(agency.courier->woken(now_));
            while (!todo.empty()) {
                auto action = std::move(todo.front());
                todo.pop_front();
                busy = busy || !std::holds_alternative<WakeAt>(action);
                add_all(carry_out(agency, action));
            }
        }
    }
}

auto World::carry_out(Agency& agency, CourierAction& action) -> std::vector<CourierAction> {
    auto& courier = *agency.courier;
    auto& ledger = *agency.ledger;
    if (auto* send = std::get_if<Send>(&action)) {
        if (const auto it = down.find(send->item.to.str()); it != down.end())
            return courier.answered(send->item, fail(Errc::unavailable, it->second), now_);
        last_sent_ = send->body;
        const auto answer = peer(send->item.to.str(), agency.id.str(), send->path, send->body);
        return courier.answered(send->item, answer, now_);
    }
    const auto recorded = [&](const ledger::OutboxItem& item, const auto& write) {
        const auto done = written<void>(write);
        return courier.recorded(item, done.has_value(), now_);
    };
    if (auto* receipt = std::get_if<RecordReceipt>(&action)) {
        return recorded(receipt->item, [&](auto done) {
            ledger.record_receipt(receipt->item.mid, receipt->item.to, receipt->receipt.envelope_sha256, receipt->receipt.state,
                                  receipt->text, done);
        });
    }
    if (auto* sent = std::get_if<RecordReceiptSent>(&action))
        return recorded(sent->item, [&](auto done) { ledger.record_receipt_sent(sent->item.id, done); });
    if (auto* attempt = std::get_if<RecordAttempt>(&action)) {
        return recorded(attempt->item, [&](auto done) {
            ledger.record_attempt(attempt->item.id, attempt->error_code, attempt->next, done);
        });
    }
    return {};  // WakeAt: the test moves the clock and calls deliver() again
}

auto World::descriptor(const Agency& agency) const -> certs::Descriptor {
    certs::Descriptor out;
    out.agency = agency.id;
    out.name = "Test agency " + agency.id.str();
    out.kind = certs::AgencyKind::statutory;
    out.public_authority = true;
    out.areas = {"exampleshire"};
    out.peer = {"127.0.0.1", 8444};
    for (const auto& [role, identity] : agency.roles) {
        const auto recipient = identity.recipient().str();
        out.roles.push_back({role,
                             {{certs::recipient_kid(recipient), recipient, now_ - std::chrono::hours{24}, now_ + std::chrono::hours{24 * 365}}},
                             {must(certs::Identity::parse(agency.system_uri))}});
    }
    out.signing = {agency.signing_certificate};
    out.tls = certs::Identity::gateway_of(agency.id);
    out.log = agency.log_vkey;
    out.duty = {"Duty desk", "01632 960000"};
    out.seq = 1;
    out.issued = now_ - std::chrono::hours{1};
    out.expires = now_ + std::chrono::hours{24 * 30};
    return out;
}

auto World::signed_descriptor(std::string_view id, const std::function<void(certs::Descriptor&)>& change) -> std::string {
    auto& signing = agency(id);
    auto plain = descriptor(signing);
    if (change) change(plain);
    const auto once = must(certs::sign_descriptor(plain, signing.signer.key, signing.signer.certificate_sha256));
    return to_jcs(must(certs::register_descriptor(once, *registrar_)));
}

auto World::directory_with(std::string_view changed, const std::function<void(certs::Descriptor&)>& change)
    -> std::shared_ptr<const certs::Directory> {
    std::vector<certs::DescriptorText> texts;
    for (const auto& [id, agency] : agencies_)
        texts.push_back({id, signed_descriptor(id, id == changed ? change : std::function<void(certs::Descriptor&)>{})});
    return std::make_shared<const certs::Directory>(certs::Directory::load(texts, registrar_->verify_key(), now_));
}

void World::use_directory(std::shared_ptr<const certs::Directory> directory) {
    directory_ = std::move(directory);
    for (auto& [id, agency] : agencies_) agency.gateway->replace(directory_);
}

auto World::submission(std::string_view purpose, const std::vector<std::string>& recipients, Json case_tree) -> std::string {
    return to_jcs(Json::object({{"schema", "submission/1"},
                                {"purpose", purpose},
                                {"recipients", Json::texts(recipients)},
                                {"actor", Json::object({{"user", "u-204"}, {"role", "designated safeguarding lead"}, {"auth", "passkey"}})},
                                {"case", std::move(case_tree)}}));
}

}  // namespace cg::relay::testing
