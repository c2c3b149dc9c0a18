// Invariant 5 from outside: case content is nowhere but in the sealed copies. Values that occur nowhere else go through a federation
// in every way; then all that the gateways wrote, said and show is searched for them.
#include "crypto/age.hpp"
#include "tests/crash/canary.hpp"
#include "tests/support/live_agency.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include <unistd.h>

namespace cg::test {
namespace {

const std::vector<std::string> both{"csc.front-door@exampleshire", "police.public-protection@examplepolice"};

/// Root may look into every process; a test as root does without that right.
auto rights_of_a_debugger() -> std::vector<int> {
    constexpr int cap_sys_ptrace = 19;  // linux/capability.h
    return ::geteuid() == 0 ? std::vector<int>{cap_sys_ptrace} : std::vector<int>{};
}

class CanaryTest : public ::testing::Test {
protected:
    void start_all() {
        for (auto* agency : all_) agency->launch();
        for (auto* agency : all_) ASSERT_TRUE(agency->ready()) << agency->id() << ": " << agency->process().err();
    }

    /// A submission with canaries in it; `mark` tells its values from others'.
    auto planted(Json submission, std::string_view mark) -> std::string {
        const auto canaries = plant_canaries(submission, mark);
        EXPECT_GT(canaries.size(), 30U);
        search_.add(canaries);
        return to_jcs(submission);
    }

    /// Sends, and keeps the answer's body to be searched, too.
    auto send(std::string_view method, const std::string& target, const std::string& body, const std::string& key = {}) -> int {
        auto office = sender_.office();
        net::OfficeClient::Headers headers;
        if (!key.empty()) headers.emplace_back("Idempotency-Key", key);
        const auto answer = must(office.request(method, target, headers, body), target);
        last_body_ = answer.body;
        said_.emplace_back(std::string{method} + " " + target.substr(0, 24) + " " + std::to_string(answer.status), answer.body);
        for (const auto& [name, value] : answer.headers) said_.emplace_back("header " + name, value);
        return answer.status;
    }

    /// What an office does besides sharing: each with words that nothing but a sealed part of a record may hold.
    void around_a_decision() {
        auto words = [this, n = 0](std::string_view what) mutable {
            const auto canary = "Zqaround" + std::to_string(1000 + ++n) + "Kwy";
            search_.add({{std::string{what}, canary}});
            return "These words, " + canary + ", are long enough to be a reason.";
        };
        const auto actor = Json::object({{"user", words("a user")}, {"role", words("a role")}, {"auth", "passkey"}});

        auto held = must(parse_json(planted(submission("x", {both.front()}), "hld")), "json");
        held.find("case")->set("home_authority", "othershire");
        ASSERT_EQ(send("POST", "/v1/messages", to_jcs(held), "canary-held"), 202) << last_body_;
        ASSERT_EQ(send("GET", "/v1/reviews", ""), 200);

        auto no_share = Json::object({{"schema", "no-share/1"}, {"purpose", "child-protection-referral"}, {"actor", actor}});
        no_share.set("reasons", Json::object({{"codes", Json::array({"NOT_NECESSARY"})}, {"text", words("a reason")}}));
        no_share.set("case", must(parse_json(planted(submission("x", both), "nsh")), "json")["case"]);
        for (const char* link : {"request", "supersedes", "advice_of"}) no_share.set(link, words("a link that is none"));
        ASSERT_EQ(send("POST", "/v1/no-share", to_jcs(no_share), "canary-no-share"), 201) << last_body_;

        auto withdrawal = Json::object({{"schema", "withdrawal/1"}, {"actor", actor}, {"case_ref", words("a case")}, {"who", "p1"}, {"on", "2026-03-03"}});
        withdrawal.set("notify", false);
        withdrawal.set("why_not", words("why nobody is told"));
        ASSERT_EQ(send("POST", "/v1/consents", to_jcs(withdrawal), "canary-withdrawal"), 201) << last_body_;

        auto told = Json::object({{"schema", "phone-share/1"}, {"told_at", "2026-03-03T12:05:00Z"}});
        told.set("submission", must(parse_json(planted(submission("x", both), "phn")), "json"));
        ASSERT_EQ(send("POST", "/v1/phone-shares", to_jcs(told), "canary-phone"), 201) << last_body_;
        const std::string id{must(parse_json(last_body_), "json")["decision_id"].text()};
        const auto done = Json::object({{"schema", "done/1"}, {"duty", "inform-review"}, {"actor", actor}, {"on", "2026-03-03T12:05:00Z"}, {"note", words("a note")}});
        ASSERT_EQ(send("POST", "/v1/messages/" + id + "/done", to_jcs(done)), 201) << last_body_;
        ASSERT_EQ(send("GET", "/v1/messages/" + id, ""), 200);
        const auto draft = Json::object({{"schema", "draft/1"}, {"id", "D-1"}, {"risk_level", "high"}, {"actor", actor}});
        ASSERT_EQ(send("POST", "/v1/drafts", to_jcs(draft)), 201) << last_body_;
        ASSERT_EQ(send("GET", "/v1/duties?before=9999-01-01T00:00:00Z", ""), 200);
    }

    /// Words where only names of fields belong. The answer repeats them to whoever wrote them, so it alone is not searched.
    void words_for_names() {
        const std::string canary = "Zqnameqv4713Kwy";
        search_.add({{"the name of a value", canary}});
        auto body = submission("x", both);
        body.find("case")->find("child")->set("uncle " + canary, "is at home at night");
        body.find("recipients")->push(canary);
        auto office = sender_.office();
        const auto ask = [&](const char* key) {
            return must(office.request("POST", "/v1/messages", {{"Idempotency-Key", key}}, to_jcs(body)), "words for names");
        };
        const auto first = ask("canary-names");
        EXPECT_EQ(first.status, 201) << first.body;
        EXPECT_THAT(first.body, ::testing::HasSubstr(canary)) << "or nothing here means anything";
        EXPECT_EQ(ask("canary-names").body, first.body);
        body.set("purpose", canary);
        EXPECT_EQ(ask("canary-names-2").status, 403);
    }

    void drain() {
        ASSERT_TRUE(eventually(
            [this] {
                return std::ranges::all_of(all_, [](const LiveAgency* agency) { return agency->metric("casegate_outbox_queued") == 0.0; });
            },
            std::chrono::minutes{2}));
    }

    /// The envelope of the newest message in a recipient's inbox, opened with the role's own key.
    static auto open_newest(LiveAgency& receiver, const std::string& role) -> std::string {
        auto office = receiver.office();
        const auto list = must(parse_json(must(office.request("GET", "/v1/inbox"), "inbox").body), "inbox");
        const auto* messages = list["messages"].if_array();
        if (messages == nullptr || messages->empty()) throw std::runtime_error("nothing arrived");
        const auto mid = std::string{messages->back()["mid"].text()};
        const auto message = must(parse_json(must(office.request("GET", "/v1/inbox/" + mid), "message").body), "message");
        const auto sealed = must(from_base64(message["envelope"].text(), Base64::standard), "envelope");
        const auto identity = receiver.identity(role);
        const std::array<const crypto::AgeIdentity*, 1> identities{&identity};
        return std::string{must(crypto::age_open(sealed, identities), "opening").reveal_text()};
    }

    void search_all() {
        std::size_t bytes = 0, files = 0;
        const auto look = [&](const std::string& where, const std::string& text) {
            bytes += text.size();
            EXPECT_THAT(search_.found_in(text), ::testing::IsEmpty()) << "in " << where << ": " << search_.around(text);
        };
        for (auto* agency : all_) {
            for (const auto& entry : std::filesystem::recursive_directory_iterator{agency->folder()}) {
                if (!entry.is_regular_file()) continue;
                files += 1;
                look(entry.path().string(), slurp(entry.path()));
            }
            look(agency->id() + " standard output", agency->process().out());
            look(agency->id() + " metrics", must(agency->ops().request("GET", "/metrics"), "metrics").body);
            look(agency->id() + " readyz", must(agency->ops().request("GET", "/readyz"), "readyz").body);
            const auto proc = "/proc/" + std::to_string(agency->process().pid());
            look(agency->id() + " command line", slurp(proc + "/cmdline"));
            look(agency->id() + " environment", slurp(proc + "/environ"));
        }
        for (const auto& [what, text] : said_) look("the answer to " + what, text);
        std::printf("%zu patterns searched for in %zu files and %zu answers, %zu bytes\n", search_.size(), files, said_.size(), bytes);
    }

    Federation federation_{sender_and_two};
    LiveAgency sender_{federation_, "willow"}, council_{federation_, "exampleshire"}, police_{federation_, "examplepolice"};
    std::vector<LiveAgency*> all_{&sender_, &council_, &police_};
    CanarySearch search_;
    std::string last_body_;
    std::vector<std::pair<std::string, std::string>> said_;
};

TEST(CanarySearchTest, FindsAValueInEveryFormAndAtEveryAlignment) {
    CanarySearch search;
    search.add({{"/x", "Zqžv1001Kwy"}});
    const std::string value = "Zqžv1001Kwy";
    EXPECT_THAT(search.found_in("nothing of it"), ::testing::IsEmpty());
    EXPECT_THAT(search.found_in("a " + value + " b"), ::testing::ElementsAre("/x as UTF-8"));
    EXPECT_THAT(search.found_in("Zq\\u017ev1001Kwy"), ::testing::ElementsAre("/x as escaped JSON"));
    EXPECT_THAT(search.found_in(to_hex(view_bytes(value))), ::testing::ElementsAre("/x as hexadecimal"));
    for (const std::string before : {"", "1", "12", "123", "1234"})
        for (const auto form : {Base64::standard, Base64::url, Base64::unpadded})
            EXPECT_THAT(search.found_in(to_base64(view_bytes(before + value + "after"), form)), ::testing::ElementsAre("/x as base64"))
                << before.size();
}

TEST_F(CanaryTest, SE_5_case_content_is_nowhere_but_in_the_sealed_copies) {
    start_all();
    words_for_names();
    const auto shared = planted(submission("x", both), "shr");
    ASSERT_EQ(send("POST", "/v1/messages", shared, "canary-1"), 201) << last_body_;
    ASSERT_EQ(send("POST", "/v1/messages", shared, "canary-1"), 201);
    ASSERT_GE(send("POST", "/v1/messages", planted(refused_submission("x", both), "ref"), "canary-2"), 400);
    ASSERT_THAT(last_body_, ::testing::HasSubstr("dec-")) << "a refusal is recorded, too";
    auto overridden = refused_submission("x", both);
    overridden.find("case")->set("override", Json::object({{"reason", "x"}, {"text", "x"}, {"facts", Json::array({"x"})}, {"who_else", "x"},
                                                          {"how", "x"}, {"staff_role", "x"}, {"line_manager_role", "x"}, {"harm", "x"}}));
    ASSERT_NE(send("POST", "/v1/messages", planted(std::move(overridden), "ovr"), "canary-3"), 500);
    ASSERT_THAT(last_body_, ::testing::HasSubstr("dec-"));

    around_a_decision();
    // Bad requests: each holds its values where the reader stumbles.
    const auto bad = planted(submission("x", both), "bad");
    EXPECT_EQ(send("POST", "/v1/messages", bad.substr(0, bad.size() - 9), "canary-4"), 400);
    EXPECT_EQ(send("POST", "/v1/messages", bad + "x", "canary-5"), 400);
    EXPECT_EQ(send("POST", "/v1/messages", bad), 400) << "no key";
    EXPECT_EQ(send("POST", "/v1/messages", bad, "canary-1"), 409) << "the key of another submission";
    auto wrong_types = must(parse_json(bad), "json");
    wrong_types.find("case")->find("child")->set("address", wrong_types["case"]["child"]["given_names"]);
    wrong_types.find("case")->set("concerns", wrong_types["case"]["case_ref"]);
    EXPECT_EQ(send("POST", "/v1/messages", to_jcs(wrong_types), "canary-6"), 422);
    const std::string loose = "Zqlooseqv4711Kwy";
    search_.add({{"a request line", loose}});
    EXPECT_EQ(send("GET", "/v1/messages/" + loose, ""), 404);
    EXPECT_EQ(send("GET", "/v1/inbox?after=" + loose, ""), 422);
    EXPECT_EQ(send("POST", "/v1/" + loose, "{}"), 404);
    EXPECT_EQ(send("POST", "/v1/messages", R"({"schema":")" + loose + R"("})", loose), 422);
    EXPECT_EQ(send("POST", "/v1/messages", R"({"a":")" + loose + R"(","a":1})", "canary-7"), 400);

    // A check shows its asker the views, so its answer is the one that is not searched.
    auto office = sender_.office();
    const auto checked = must(office.request("POST", "/v1/checks", {}, planted(submission("x", both), "chk")), "check");
    ASSERT_EQ(checked.status, 200);

    drain();
    // The same search finds them where they must be, in the opened copies (inside a signature's base64) and in the check's answer:
    // had they not been sent, or the search been blind, nothing below would mean anything.
    EXPECT_GT(search_.found_in(open_newest(council_, "csc.front-door")).size(), 10U);
    EXPECT_GT(search_.found_in(open_newest(police_, "police.public-protection")).size(), 5U);
    EXPECT_GT(search_.found_in(checked.body).size(), 10U);
    const auto control = council_.folder().parent_path() / "control";
    {
        std::ofstream{control} << shared;
    }
    EXPECT_GT(search_.found_in(slurp(control)).size(), 30U);

    search_all();
    for (auto* agency : all_) EXPECT_EQ(agency->stop(), 0);
    for (auto* agency : all_)
        for (const auto& entry : std::filesystem::recursive_directory_iterator{agency->data()})
            if (entry.is_regular_file()) {
                EXPECT_THAT(search_.found_in(slurp(entry.path())), ::testing::IsEmpty()) << entry.path() << ", after it stopped";
            }
}

/// Whether a process of the same user, without any special right, may look into that one: not if it may not be dumped.
auto others_may_look_into(const Process& process) -> bool {
    Launch launch;
    launch.program = "/bin/cat";
    launch.arguments = {"/proc/" + std::to_string(process.pid()) + "/environ"};
    launch.without_capabilities = rights_of_a_debugger();
    auto cat = Process::start(std::move(launch));
    const auto end = cat.wait(std::chrono::seconds{30});
    EXPECT_TRUE(end.has_value() && end->status < 126);
    return end.has_value() && end->status == 0;
}

TEST_F(CanaryTest, NoCoreDumpIsWrittenAndNobodyLooksIntoTheProcess) {
    auto launch = sender_.serve_launch();
    launch.without_capabilities = rights_of_a_debugger();
    sender_.launch(std::move(launch));
    ASSERT_TRUE(sender_.ready()) << sender_.process().err();
    const auto limits = slurp("/proc/" + std::to_string(sender_.process().pid()) + "/limits");
    const auto line = limits.substr(limits.find("Max core file size"), 80);
    EXPECT_THAT(line, ::testing::MatchesRegex("Max core file size +0 +0 +bytes.*")) << line;

    // Whether a process may be looked into can be asked only as somebody whom the kernel could refuse, which root is not on
    // every machine, not even without that right.
    if (::geteuid() == 0) return;
    Launch other;
    other.program = "/bin/sleep";
    other.arguments = {"600"};
    other.without_capabilities = rights_of_a_debugger();
    auto sleeper = Process::start(std::move(other));
    ASSERT_TRUE(eventually([&] { return slurp("/proc/" + std::to_string(sleeper.pid()) + "/comm") == "sleep\n"; }));
    EXPECT_TRUE(others_may_look_into(sleeper)) << "or the next line would mean nothing";
    EXPECT_FALSE(others_may_look_into(sender_.process()));
}

}  // namespace
}  // namespace cg::test
