#pragma once
/// The parts of `casegate demo`: four invented agencies on this machine, and the story that is told with them.

#include "gateway/app/child.hpp"
#include "gateway/base/json.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace cg::app {

/// One agency of the demonstration.
struct DemoAgency {
    std::string id;
    std::string name;
    std::string role;  ///< what it receives as
    std::uint16_t office = 0, peer = 0, ops = 0;
};

/// Four agencies, each a `casegate serve` process of its own, and a development authority that vouches for them.
class DemoFederation {
public:
    /// Makes everything below `dir` and starts the agencies.
    /// Errors  unavailable and others, in words for the person at the terminal
    [[nodiscard]] static auto start(const std::filesystem::path& dir) -> Result<DemoFederation>;

    [[nodiscard]] auto agencies() const -> const std::vector<DemoAgency>& { return agencies_; }
    [[nodiscard]] auto agency(std::string_view id) const -> const DemoAgency&;
    [[nodiscard]] auto folder(std::string_view id) const -> std::filesystem::path { return dir_ / id; }
    [[nodiscard]] auto dir() const -> const std::filesystem::path& { return dir_; }
    [[nodiscard]] auto passphrase() const -> const std::string& { return passphrase_; }
    /// Runs a command in the name of an agency. Errors: unavailable.
    [[nodiscard]] auto run(std::string_view id, std::vector<std::string> arguments) const -> Result<Ran>;
    /// The same with --json; `status` is what it must end with. Errors: also corrupt (another status, or no JSON).
    [[nodiscard]] auto ask(std::string_view id, std::vector<std::string> arguments, int status) const -> Result<Json>;
    /// The id of the first agency whose process has ended; empty: all run.
    [[nodiscard]] auto ended() -> std::string;

private:
    DemoFederation(std::filesystem::path dir, std::string passphrase, std::vector<DemoAgency> agencies)
        : dir_(std::move(dir)), passphrase_(std::move(passphrase)), agencies_(std::move(agencies)) {}
    [[nodiscard]] auto sign_policy() const -> Result<>;
    [[nodiscard]] auto set_up() const -> Result<>;
    [[nodiscard]] auto start_all() -> Result<>;
    [[nodiscard]] auto write_curl_settings() const -> Result<>;

    std::filesystem::path dir_;
    std::string passphrase_;
    std::vector<DemoAgency> agencies_;
    std::vector<Child> children_;  ///< last: stopped first
};

/// An example submission with all its dates moved so that its day is today.
/// Errors  not_found, malformed
[[nodiscard]] auto read_example(const std::string& name, Instant now) -> Result<Json>;

/// Tells the story. Each step checks that what it shows is so. `stopped` is asked between steps.
/// Returns  the id of the referral's decision
/// Errors   corrupt (something was not as the story says), cancelled, and those of its commands
[[nodiscard]] auto tell_story(const DemoFederation& federation, const std::function<bool()>& stopped)
    -> Result<std::string>;

}  // namespace cg::app
