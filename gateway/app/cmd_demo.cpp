// casegate demo: the whole way of a message, with four invented agencies on this machine.
#include "gateway/app/demo.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/session.hpp"

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>

namespace cg::app {
namespace {

namespace fs = std::filesystem;

struct DemoOptions {
    std::string dir;
    bool once = false;
};

/// SIGINT, SIGTERM and SIGHUP are held back from here on and asked for.
class StopSignals {
public:
    StopSignals() {
        ::sigemptyset(&set_);
        for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&set_, number);
        ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    }
    /// Whether one has come within `bound`; once it has, it stays so.
    auto come(std::chrono::milliseconds bound) -> bool {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(bound);
        const timespec wait{seconds.count(), std::chrono::nanoseconds{bound - seconds}.count()};
        come_ = come_ || ::sigtimedwait(&set_, nullptr, &wait) > 0;
        return come_;
    }

private:
    sigset_t set_{};
    bool come_ = false;
};

/// Where the demonstration writes: the folder that was named (new or empty), or a temporary one.
auto choose_folder(const DemoOptions& options) -> Result<fs::path> {
    if (options.dir.empty()) {
        auto pattern = (fs::temp_directory_path() / "casegate-demo-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr)
            return fail(Errc::unavailable, "no temporary folder can be made; name one with --dir");
        return fs::path{pattern};
    }
    std::error_code error;
    if (fs::exists(options.dir, error) && !fs::is_empty(options.dir, error))
        return fail(Errc::conflict, "the folder " + options.dir + " is not empty; name a new one with --dir");
    return fs::path{options.dir};
}

/// How this program is called from here.
auto program() -> std::string {
    std::error_code error;
    const auto self = fs::read_symlink("/proc/self/exe", error);
    if (error) return "casegate";
    const auto near = fs::relative(self, error).string();
    if (error || near.starts_with("..")) return self.string();
    return near.find('/') == std::string::npos ? "./" + near : near;
}

void invite(const DemoFederation& fed, const std::string& decision, bool kept) {
    const auto& willow = fed.agency("willow");
    const auto dir = fed.dir().string();
    const auto self = program();
    say("\n" + ink(Ink::strong, "Your turn") + ": the agencies keep running. In another terminal, try:\n");
    say("  # what would happen to this message? Change the file and ask again");
    say("  curl -K " + dir + "/willow/curl.conf --data-binary @" + dir +
        "/cases/child-protection-referral.json https://127.0.0.1:" + std::to_string(willow.office) + "/v1/checks");
    say("\n  # what has the health trust got?");
    say("  " + self + " inbox --profile " + dir + "/examplenhs --passphrase-fd 3 3< " + dir + "/passphrase");
    say("\n  # the same record again, this time with names");
    say("  " + self + " log show --personal " + decision + " --profile " + dir + "/willow --passphrase-fd 3 3< " + dir +
        "/passphrase");
    say("\nAll that it wrote is under " + dir + (kept ? "" : " (which goes when it stops; --dir DIR keeps it)") +
        ". Ctrl-C stops everything.");
}

/// Until somebody stops us, or one of the agencies is gone.
auto keep_running(DemoFederation& fed, StopSignals& signals) -> Result<> {
    while (!signals.come(std::chrono::milliseconds{500}))
        if (const auto gone = fed.ended(); !gone.empty())
            return fail(Errc::corrupt,
                        "the gateway of " + gone + " has ended; see " + (fed.folder(gone) / "gateway.log").string());
    say("\nStopping.");
    return ok();
}

auto play(const fs::path& dir, const DemoOptions& options, StopSignals& signals) -> Result<> {
    say("Casegate passes case messages between agencies. This shows one from end to end, in a few seconds.");
    say(ink(Ink::faint, "Making keys and certificates, and starting four gateways …"));
    CG_TRY(auto fed, DemoFederation::start(dir));
    CG_TRY(const auto decision, tell_story(fed, [&] { return signals.come(std::chrono::milliseconds{0}); }));
    if (options.once) return ok();
    invite(fed, decision, !options.dir.empty());
    return keep_running(fed, signals);
}

auto demo(const Session& session, const DemoOptions& options) -> int {
    const auto dir = choose_folder(options);
    if (!dir.has_value()) return report(session, dir.error());
    StopSignals signals;
    const auto played = play(dir.value(), options, signals);
    const bool cancelled = !played.has_value() && played.error().code == Errc::cancelled;
    if (options.dir.empty() && (played.has_value() || cancelled)) {
        std::error_code ignored;  // a temporary folder that stays is a nuisance, and no more
        fs::remove_all(dir.value(), ignored);
    }
    if (cancelled) return 128 + SIGINT;
    if (!played.has_value()) return report(session, played.error());
    if (options.once)
        say("\n" +
            ink(Ink::good, "That was all of it: sent, refused, opened, recorded, verified. Nothing is left running."));
    return exit_ok;
}

}  // namespace

void add_demo(CLI::App& root, Session& session) {
    auto options = std::make_shared<DemoOptions>();
    auto* cmd = root.add_subcommand(
        "demo", "Start here: four invented agencies, one referral from end to end, on this machine");
    cmd->add_option("--dir", options->dir, "Keep all that it writes in this new folder (default: a temporary one)");
    cmd->add_flag("--once", options->once, "End when the story is told, instead of leaving the agencies running");
    cmd->footer(
        "Nobody and nothing in it is real. It listens on 127.0.0.1 alone and needs no network.\n\n"
        "Example:\n"
        "  casegate demo --dir /tmp/my-demo");
    cmd->callback([&session, options] { session.run = [&session, options] { return demo(session, *options); }; });
}

}  // namespace cg::app
