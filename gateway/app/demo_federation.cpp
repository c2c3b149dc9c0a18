#include "config/secrets.hpp"
#include "crypto/hash.hpp"
#include "gateway/app/agency_folder.hpp"
#include "gateway/app/demo.hpp"

#include <algorithm>
#include <array>
#include <future>

namespace cg::app {
namespace {

constexpr auto ready_bound =
    std::chrono::seconds{120};  // seconds, even on a busy machine; the bound is for one that hangs

constexpr std::array demo_signatories{"ig-lead", "caldicott-guardian"};  // as the example policy names them

/// What went wrong in a command, in its own words.
auto failed(const std::string& what, const Ran& ran) {
    return fail(Errc::unavailable,
                what + " did not work (exit " + std::to_string(ran.status) + "): " + ran.err + ran.out);
}

auto four_agencies() -> Result<std::vector<DemoAgency>> {
    std::vector<DemoAgency> out{{"willow", "Willow Primary School", "school.dsl"},
                                {"exampleshire", "Exampleshire Council", "csc.front-door"},
                                {"examplepolice", "Example Police", "police.public-protection"},
                                {"examplenhs", "Example Health Trust", "health.safeguarding"}};
    CG_TRY(const auto ports, free_ports(out.size() * 3));
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i].office = ports[3 * i];
        out[i].peer = ports[3 * i + 1];
        out[i].ops = ports[3 * i + 2];
    }
    return out;
}

/// Runs several commands at once; the first that fails is the answer.
auto run_together(std::vector<std::pair<std::string, std::vector<std::string>>> commands, const std::string& passphrase)
    -> Result<> {
    std::vector<std::pair<std::string, std::future<Result<Ran>>>> under_way;
    for (auto& [what, arguments] : commands)
        under_way.emplace_back(what, std::async(std::launch::async, [words = std::move(arguments), &passphrase] {
                                   return run_self(words, passphrase);
                               }));
    std::optional<Error> first;
    for (auto& [what, future] : under_way) {
        auto ran = future.get();
        if (first) continue;
        if (!ran.has_value())
            first = std::move(ran).error();
        else if (ran.value().status != 0)
            first = Error{Errc::unavailable, what + " did not work: " + ran.value().err + ran.value().out, {}};
    }
    if (first) return fail(std::move(*first));
    return ok();
}

}  // namespace

auto DemoFederation::agency(std::string_view id) const -> const DemoAgency& {
    const auto it = std::ranges::find(agencies_, id, &DemoAgency::id);
    CG_ENSURE(it != agencies_.end());
    return *it;
}

auto DemoFederation::run(std::string_view id, std::vector<std::string> arguments) const -> Result<Ran> {
    arguments.insert(arguments.end(), {"--profile", folder(id).string()});
    return run_self(std::move(arguments), passphrase_);
}

auto DemoFederation::ask(std::string_view id, std::vector<std::string> arguments, int status) const -> Result<Json> {
    const auto what = arguments.front();
    arguments.emplace_back("--json");
    CG_TRY(const auto ran, run(id, std::move(arguments)));
    auto json = parse_json(ran.out, {.max_bytes = 64U << 20U, .max_depth = 64});
    if (ran.status != status || !json.has_value()) return failed("casegate " + what, ran);
    return json;
}

/// The example policy, signed by two invented signatories, as a gateway asks for it.
auto DemoFederation::sign_policy() const -> Result<> {
    const auto policy = dir_ / "policy";
    std::error_code error;
    std::filesystem::copy(CG_SHARE_DIR "/packs/exampleshire", policy, std::filesystem::copy_options::recursive, error);
    if (error) return fail(Errc::unavailable, "the example policy cannot be copied: " + error.message());
    const auto keys = (dir_ / "signatories").string();
    std::vector<std::pair<std::string, std::vector<std::string>>> make;
    for (const auto* name : demo_signatories) make.push_back({"casegate policy key", {"policy", "key", name, "--out", keys}});
    CG_TRY(run_together(std::move(make), passphrase_));
    for (const auto* name : demo_signatories) {
        CG_TRY(run_together({{"casegate policy sign",
                              {"policy", "sign", policy.string(), "--as", name, "--key", keys + "/" + name + ".key.pem"}}},
                            passphrase_));
    }
    return ok();
}

auto DemoFederation::set_up() const -> Result<> {
    const auto fed = (dir_ / "federation").string();
    CG_TRY(sign_policy());
    std::vector<std::pair<std::string, std::vector<std::string>>> make{
        {"casegate authority init", {"authority", "init", fed}}};
    for (const auto& one : agencies_) {
        std::vector<std::string> words{"init",
                                       folder(one.id).string(),
                                       "--agency",
                                       one.id,
                                       "--name",
                                       one.name,
                                       "--public-authority",
                                       "--area",
                                       "exampleshire",
                                       "--role",
                                       one.role,
                                       "--office-port",
                                       std::to_string(one.office),
                                       "--peer-port",
                                       std::to_string(one.peer),
                                       "--ops-port",
                                       std::to_string(one.ops),
                                       "--pack",
                                       (dir_ / "policy").string()};
        for (const auto* name : demo_signatories)
            words.insert(words.end(), {"--signatory", std::string{name} + "=" + (dir_ / "signatories" / name).string() + ".pub.pem"});
        for (const auto& other : agencies_)
            if (other.id != one.id) words.insert(words.end(), {"--peer", other.id});
        make.emplace_back("casegate init", std::move(words));
    }
    CG_TRY(run_together(std::move(make), passphrase_));
    std::vector<std::pair<std::string, std::vector<std::string>>> issue, describe;
    std::vector<std::string> publish;
    for (const auto& one : agencies_) {
        const auto dir = folder(one.id).string();
        issue.push_back({"casegate authority issue", {"authority", "issue", fed, "--agency", one.id, "--from", dir}});
        describe.push_back({"casegate directory describe", {"directory", "describe", "--profile", dir}});
        publish.insert(publish.end(), {"--publish", dir});
    }
    CG_TRY(run_together(std::move(issue), passphrase_));
    CG_TRY(run_together(std::move(describe), passphrase_));
    for (const auto& one : agencies_) {
        std::vector<std::string> words{"authority", "register", fed, "--from", folder(one.id).string()};
        if (one.id == agencies_.back().id) words.insert(words.end(), publish.begin(), publish.end());
        CG_TRY(run_together({{"casegate authority register", std::move(words)}}, passphrase_));
    }
    return ok();
}

auto DemoFederation::start_all() -> Result<> {
    for (const auto& one : agencies_) {
        CG_TRY(auto child, Child::start({"serve", "--profile", folder(one.id).string()}, passphrase_,
                                        (folder(one.id) / "gateway.log").string()));
        children_.push_back(std::move(child));
    }
    for (std::size_t i = 0; i < children_.size(); ++i) {
        const auto line = children_[i].ready_line(ready_bound);
        if (line.has_value()) continue;
        const auto log = folder(agencies_[i].id) / "gateway.log";
        const auto why = config::read_public_file(log);
        return fail(Errc::unavailable, "the gateway of " + agencies_[i].id + " did not start (" + log.string() +
                                           "): " + (why.has_value() ? why.value() : line.error().detail));
    }
    return ok();
}

auto DemoFederation::write_curl_settings() const -> Result<> {
    for (const auto& one : agencies_) {
        const auto at = [&](const char* name) { return std::filesystem::absolute(folder(one.id) / name).string(); };
        // curl reads the passphrase from here, so that it is neither on the command line nor in the environment.
        CG_TRY(config::write_private_file(folder(one.id) / "curl.conf",
                                          "cert = \"" + at("certs/office.pem") + "\"\nkey = \"" +
                                              at("keys/office.key.pem") + "\"\npass = \"" + passphrase_ +
                                              "\"\ncacert = \"" + at("certs/authorities.pem") +
                                              "\"\nsilent\nshow-error\nheader = \"Content-Type: application/json\"\n"));
    }
    return config::write_private_file(dir_ / "passphrase", passphrase_ + "\n");
}

auto DemoFederation::start(const std::filesystem::path& dir) -> Result<DemoFederation> {
    CG_TRY(auto agencies, four_agencies());
    CG_TRY(make_private_folder(dir / "cases"));
    CG_TRY(make_private_folder(dir));
    DemoFederation out{std::filesystem::absolute(dir), crypto::random_id("demo-"), std::move(agencies)};
    CG_TRY(out.set_up());
    CG_TRY(out.write_curl_settings());
    CG_TRY(out.start_all());
    return out;
}

auto DemoFederation::ended() -> std::string {
    for (std::size_t i = 0; i < children_.size(); ++i)
        if (!children_[i].running()) return agencies_[i].id;
    return {};
}

}  // namespace cg::app
