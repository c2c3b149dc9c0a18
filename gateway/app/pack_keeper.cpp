#include "gateway/app/pack_keeper.hpp"

#include "gateway/obs/log.hpp"

#include <algorithm>
#include <future>
#include <utility>

namespace cg::app {
namespace {

auto answer_json(const Result<PackCheck>& done) -> Json {
    if (!done) {
        Json problems = Json::array();
        for (const auto& problem : done.error().problems)
            problems.push(Json::object({{"type", problem.type}, {"pointer", problem.pointer}, {"fix", problem.fix}}));
        return Json::object({{"in_force", false}, {"detail", done.error().detail}, {"problems", std::move(problems)}});
    }
    return Json::object({{"in_force", true},
                         {"pack", pack_json(done.value())},
                         {"signed_by", Json::texts(done.value().signed_by)},
                         {"widenings", Json::texts(done.value().step.widenings)}});
}

auto refused(std::vector<Problem> problems) -> Error {
    return Error{Errc::malformed, "the policy was refused; the one before stays in force", std::move(problems)};
}

/// An error without a list of problems, as a list.
auto problems_of(const Error& error) -> std::vector<Problem> {
    if (!error.problems.empty()) return error.problems;
    return {Problem{"pack/unreadable", "", error.detail + ".", ""}};
}

/// A pack of which there is nothing to say but what is wrong.
auto unread(std::vector<Problem> problems) -> PackCheck {
    PackCheck out;
    out.problems = std::move(problems);
    return out;
}

}  // namespace

PackKeeper::PackKeeper(const config::Config& config, ledger::Ledger& ledger, std::function<Instant()> now)
    : config_(config), ledger_(ledger), now_(std::move(now)), store_(config.policy.store) {}

auto PackKeeper::rules() const -> Result<PackRules> {
    CG_TRY(auto signatories, read_signatories(config_));
    return PackRules{config_.policy.require_signatures, std::move(signatories)};
}

auto PackKeeper::start() -> Result<std::shared_ptr<const policy::Pack>> {
    const std::lock_guard lock{mutex_};
    CG_TRY(store_.claim());
    Reloaded asked_before;
    for (const auto& id : store_.waiting()) asked_before.answers.emplace_back(id, answer_json(carry_out(id)));
    answer(asked_before);
    CG_TRY(const auto state, store_.in_force());
    if (state.current.empty()) {
        CG_TRY(first());
    } else if (const auto followed = follow_folder(); !followed) {
        obs::event("gw.policy.kept", {{"reason", to_string(followed.error().code)}}, obs::Level::warning);
    }
    std::optional<Error> trouble;
    return load_current(trouble);
}

/// Nothing was ever in force here: the configuration's own pack is the first.
auto PackKeeper::first() -> Result<> {
    CG_TRY(const auto candidate, config::read_signed_pack(config_.pack_dir));
    CG_TRY(activate(candidate, {"loaded", "configuration"}));
    return ok();
}

auto PackKeeper::reload(std::shared_ptr<const policy::Pack> before) -> Reloaded {
    const std::lock_guard lock{mutex_};
    Reloaded out{std::move(before), {}, {}};
    const auto waiting = store_.waiting();
    for (const auto& id : waiting) {
        const auto done = carry_out(id);
        out.answers.emplace_back(id, answer_json(done));
        out.trouble = done ? std::optional<Error>{} : std::optional{done.error()};
    }
    if (waiting.empty())
        if (const auto followed = follow_folder(); !followed) out.trouble = followed.error();
    std::optional<Error> stale;
    auto current = load_current(stale);
    if (!current)
        out.trouble = current.error();
    else
        out.pack = std::move(current).value();
    if (!out.trouble) out.trouble = std::move(stale);
    return out;
}

auto PackKeeper::carry_out(const std::string& id) -> Result<PackCheck> {
    const auto request = store_.request(id);
    if (!request)
        return fail(refuse(unread({Problem{"pack/request-malformed", "", "Ask again with 'casegate policy'.", ""}}),
                           {"activated", ""}));
    const auto& asked = request.value();
    if (asked.action == "rollback") return roll_back(asked.from, {"rolled-back", asked.by});
    return activate(asked.pack, {"activated", asked.by});
}

void PackKeeper::answer(const Reloaded& reloaded) const {
    for (const auto& [id, json] : reloaded.answers)
        if (const auto told = store_.answer(id, json); !told)
            obs::event("gw.policy.answer-not-written", {{"reason", to_string(told.error().code)}}, obs::Level::error);
}

/// In development nobody signs: whoever saves a file and sends SIGHUP sees it in force.
auto PackKeeper::follow_folder() -> Result<> {
    if (config_.policy.require_signatures) return ok();
    CG_TRY(auto state, store_.in_force());
    const auto candidate = config::read_signed_pack(config_.pack_dir);
    if (!candidate) {
        return fail(refuse(unread(problems_of(candidate.error())), {"activated", "configuration"}));
    }
    const auto version = config::version_of(candidate.value());
    if (version == state.followed) return ok();
    CG_TRY(activate(candidate.value(), {"activated", "configuration"}));
    return ok();
}

auto PackKeeper::in_force_now() const -> Result<std::shared_ptr<const policy::Pack>> {
    CG_TRY(const auto state, store_.in_force());
    if (state.current.empty()) return std::shared_ptr<const policy::Pack>{};
    CG_TRY(const auto stored, store_.get(state.current));
    return policy::load_pack(stored.files);
}

auto PackKeeper::activate(const config::SignedPack& candidate, const Attempt& attempt) -> Result<PackCheck> {
    CG_TRY(const auto allowed, rules());
    CG_TRY(auto state, store_.in_force());
    const auto in_force = in_force_now();
    const auto* before = in_force ? in_force.value().get() : nullptr;
    auto check = check_successor(candidate, before, allowed, now_());
    // What cannot be compared with may be a widening. The policy in force itself mends its damaged copy.
    if (!in_force && allowed.require_signatures && config::version_of(candidate) != state.current)
        check.problems.push_back(no_comparison());
    if (!check.problems.empty()) return fail(refuse(check, attempt));
    CG_TRY(auto version, store_.put(candidate));
    if (attempt.by == "configuration") state.followed = version;
    if (version == state.current) {
        CG_TRY(store_.set(state));
        return check;
    }
    // The same policy with other signatures is no step: the way back stays the way to another policy.
    const bool same = before != nullptr && before->hash() == check.hash;
    auto left = std::exchange(state.current, std::move(version));
    if (!same) state.previous = std::move(left);
    CG_TRY(bring_in(check, std::move(state), attempt));
    return check;
}

/// The version before was in force and was signed; going back to it needs no new signature, because whoever has to undo
/// a bad policy may be alone at night. It may widen: that is counted, logged and told like any widening.
auto PackKeeper::roll_back(const std::string& from, const Attempt& attempt) -> Result<PackCheck> {
    CG_TRY(const auto allowed, rules());
    CG_TRY(auto state, store_.in_force());
    if (state.current != from)  // also a roll-back that a crash left behind after it was done
        return fail(refuse(
            unread({Problem{"pack/changed-meanwhile", "",
                            "Another policy came into force since you asked: look at 'casegate policy status'.", ""}}),
            attempt));
    const auto stored =
        state.previous.empty() ? Result<config::SignedPack>{fail(Errc::not_found)} : store_.get(state.previous);
    if (!stored) {
        const auto problem = state.previous.empty() ? Problem{"pack/nothing-before", "",
                                                              "No other policy was in force before this one.", ""}
                                                    : problems_of(stored.error()).front();
        return fail(refuse(unread({problem}), attempt));
    }
    auto check = check_pack(stored.value(), allowed, now_());
    if (!check.problems.empty()) return fail(refuse(check, attempt));
    if (const auto in_force = in_force_now(); in_force && in_force.value() != nullptr)
        check.step = policy::step_between(*in_force.value(), *check.pack);
    std::swap(state.current, state.previous);
    CG_TRY(bring_in(check, std::move(state), attempt));
    return check;
}

/// The pointer first, then the log: after a crash between the two the next start finds the pointer ahead and logs it.
/// Decisions use the pack only after both.
auto PackKeeper::bring_in(const PackCheck& check, config::InForce next, const Attempt& attempt) -> Result<> {
    CG_TRY(const auto before, store_.in_force());
    CG_TRY(store_.set(next));
    if (auto recorded = record(check, attempt, {}); !recorded) {
        CG_TRY(store_.set(before));
        return recorded;
    }
    next.logged = next.current;
    CG_TRY(store_.set(next));
    obs::event("gw.policy.loaded", {{"action", attempt.action},
                                    {"pack", check.pack->version()},
                                    {"hash", check.hash},
                                    {"signatures", check.signed_by.size()},
                                    {"widenings", check.step.widenings.size()}});
    if (!check.step.widenings.empty())
        obs::event("gw.policy.widened",
                   {{"pack", check.pack->version()}, {"hash", check.hash}, {"widenings", check.step.widenings.size()}},
                   obs::Level::warning);
    return ok();
}

auto PackKeeper::refuse(const PackCheck& check, const Attempt& attempt) -> Error {
    for (const auto& problem : check.problems)
        obs::event("gw.policy.rejected", {{"reason", problem.type}, {"place", problem.pointer}, {"hash", check.hash}},
                   obs::Level::error);
    if (const auto recorded = record(check, {"rejected", attempt.by}, check.problems); !recorded)
        obs::event("gw.policy.rejection-not-recorded", {{"reason", to_string(recorded.error().code)}},
                   obs::Level::error);
    return refused(check.problems);
}

auto PackKeeper::record(const PackCheck& check, const Attempt& attempt, const std::vector<Problem>& problems)
    -> Result<> {
    std::vector<std::string> types;
    for (const auto& problem : problems)
        if (std::ranges::find(types, problem.type) == types.end()) types.push_back(problem.type);
    ledger::NewEvent event;
    event.type = "policy/1";
    event.ref = check.hash.empty() ? "none" : check.hash;
    event.fields = Json::object({{"action", attempt.action},
                                 {"pack", pack_json(check)},
                                 {"previous", check.step.from},
                                 {"signed_by", Json::texts(check.signed_by)},
                                 {"widenings", check.step.widenings.size()},
                                 {"problems", Json::texts(types)}});
    event.personal = Json::object({{"by", attempt.by}});
    std::promise<Result<std::uint64_t>> promise;
    auto written = promise.get_future();
    ledger_.record_event(std::move(event),
                         [&promise](Result<std::uint64_t> done) { promise.set_value(std::move(done)); });
    auto done = written.get();
    if (!done) return fail(std::move(done).error());
    return ok();
}

auto PackKeeper::load_current(std::optional<Error>& trouble) -> Result<std::shared_ptr<const policy::Pack>> {
    CG_TRY(const auto allowed, rules());
    CG_TRY(auto state, store_.in_force());
    CG_TRY(const auto stored, store_.get(state.current));
    auto check = check_pack(stored, allowed, now_());
    // A policy that ends at midnight still runs in the morning: it denies by itself (pack/not-in-force), and this says
    // why.
    const bool dates_only = std::ranges::all_of(
        check.problems, [](const Problem& p) { return p.type == "pack/expired" || p.type == "pack/not-yet-in-force"; });
    if (!dates_only || !check.pack) return fail(refused(check.problems));
    if (!check.problems.empty()) trouble = Error{Errc::malformed, "the policy in force is out of date", check.problems};
    if (state.logged != state.current) {
        CG_TRY(record(check, {"loaded", "store"}, {}));
        state.logged = state.current;
        CG_TRY(store_.set(state));
    }
    return check.pack;
}

}  // namespace cg::app
