// What people and systems read: the family's notice, the view's schema, the words for codes.
#include "policy/compiled.hpp"
#include "policy/followup.hpp"
#include "policy/notice.hpp"
#include "policy/request.hpp"
#include "policy/view_schema.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "purpose_cases.hpp"

namespace cg::policy::testing {
namespace {

/// Compares with a file under tests/fixtures/policy; CG_WRITE_GOLDEN=1 writes it.
void expect_golden(const std::string& name, const std::string& text) {
    const auto path = source_dir + "/tests/fixtures/policy/" + name;
    if (std::getenv("CG_WRITE_GOLDEN") != nullptr) std::ofstream{path, std::ios::binary} << text;
    EXPECT_EQ(text, read_text(path)) << "if this is meant, run with CG_WRITE_GOLDEN=1: " << path;
}

TEST(Requirement, OP_8_there_is_a_notice_in_plain_words_for_every_purpose) {
    const auto purposes = example_pack().purposes();
    EXPECT_EQ(purposes.size(), 12U);
    for (const auto& purpose : purposes) {
        const auto notice = family_notice(example_pack(), purpose, nullptr);
        ASSERT_TRUE(notice) << purpose;
        for (const auto* part : {"What we hold", "Why we may share it", "Who may need to know"})
            EXPECT_NE(notice.value().find(part), std::string::npos) << purpose;
        expect_golden("notices/" + purpose + ".txt", notice.value());
    }
    EXPECT_EQ(family_notice(example_pack(), "party", nullptr).error().code, Errc::not_found);
}

TEST(Requirement, OP_8_no_notice_is_written_where_nobody_at_home_may_be_told) {
    for (const auto* code : {"SUSPECTED_SEXUAL_ABUSE", "SUSPECTED_FII"}) {
        auto document = referral();
        set_at(document, "/informing/exception", code);
        const auto about = parsed(document);
        const auto notice = family_notice(example_pack(), "child-protection-referral", &about);
        ASSERT_FALSE(notice) << code;
        EXPECT_EQ(notice.error().problems.front().type, "informing/suppressed");
    }
    const auto open = parsed(child_in_need("given"));
    EXPECT_TRUE(family_notice(example_pack(), "child-in-need-referral", &open));
}

TEST(Requirement, OP_8_no_notice_before_the_chair_of_a_strategy_discussion_decided) {
    auto document = child_in_need("given");
    set_at(document, "/informing/told", "none");
    const auto before = parsed(document);
    EXPECT_EQ(family_notice(example_pack(), "strategy-discussion", &before).error().problems.front().type,
              "informing/suppressed");
    set_at(document, "/informing/told", "p1");
    const auto after = parsed(document);
    EXPECT_TRUE(family_notice(example_pack(), "strategy-discussion", &after));
}

// ---- AQ-3: the receiving system ----------------------------------------------------------------------------------------------------

/// Does the value fit the part of JSON Schema that view schemas use? Says the first place where not.
auto misfit(const Json& schema, const Json& value, const std::string& at) -> std::string {
    if (const auto* constant = schema.find("const"))
        return to_jcs(*constant) == to_jcs(value) ? "" : at + ": another constant";
    const auto is = [&value](std::string_view type) {
        if (type == "string") return value.is_string();
        if (type == "number") return value.is_number();
        if (type == "boolean") return value.is_bool();
        if (type == "array") return value.is_array();
        return type == "object" && value.if_object() != nullptr;
    };
    if (const auto* type = schema.find("type")) {
        const auto names = texts_in(*type);
        if (std::ranges::none_of(names, is)) return at + ": wrong type";
    }
    if (const auto* choices = schema["anyOf"].if_array())
        if (std::ranges::none_of(*choices, [&](const Json& one) { return misfit(one, value, at).empty(); }))
            return at + ": none of the choices";
    if (const auto* items = value.if_array())
        for (const auto& item : *items)
            if (auto inner = misfit(schema["items"], item, at + "/*"); !inner.empty()) return inner;
    const auto* members = value.if_object();
    if (members == nullptr) return "";
    for (const auto& name : texts_in(schema["required"]))
        if (value.find(name) == nullptr) return at + "/" + name + ": missing";
    for (const auto& member : *members) {
        const auto* known = schema["properties"].find(member.name);
        const auto* rest = schema.find("additionalProperties");
        if (known == nullptr && (rest == nullptr || rest->is_bool())) return at + "/" + member.name + ": not in the schema";
        if (auto inner = misfit(known != nullptr ? *known : *rest, member.value, at + "/" + member.name); !inner.empty())
            return inner;
    }
    return "";
}

auto schema_for(std::string_view purpose, std::string_view role) -> Json {
    auto schema = view_schema(example_pack(), purpose, role);
    EXPECT_TRUE(schema) << purpose << " " << role;
    return schema ? schema.value() : Json{};
}

TEST(Requirement, AQ_3_every_view_fits_the_schema_of_its_purpose_and_role) {
    std::size_t views = 0;
    for (const auto& one : purpose_cases()) {
        const auto decision = decided(one.document, one.sender);
        for (const auto& recipient : decision.recipients) {
            EXPECT_EQ(recipient.outcome, Outcome::permit)
                << one.purpose << " " << recipient.to_text << " "
                << (recipient.problems.empty() ? "" : recipient.problems.front().type + recipient.problems.front().pointer);
            if (recipient.view.is_null()) continue;
            ++views;
            EXPECT_EQ(misfit(schema_for(decision.purpose, recipient.to.role.str()), recipient.view, ""), "")
                << one.purpose << " " << recipient.to_text;
        }
    }
    EXPECT_EQ(views, 19U) << "every role of every purpose about an identified person";
}

TEST(Requirement, AQ_3_a_view_with_every_warning_for_its_reader_fits_the_schema) {
    auto document = referral();
    set_at(document, "/child/address/checked_on", "2024-01-10");
    set_at(document, "/child/address/restricted", true);
    set_at(document, "/people/0/contact_checked_on", "2023-11-02");
    set_at(document, "/timing/urgency", "emergency");
    remove_at(document, "/child/date_of_birth");
    auto decision = decided(document);
    auto& council = decision.recipients.at(0);
    ASSERT_EQ(council.outcome, Outcome::permit);
    for (const auto* told : {"checked", "address_restricted", "complete_by", "do_not_inform", "identity_protected"})
        ASSERT_NE(council.view["handling"].find(told), nullptr) << told;
    const std::map<std::string, std::string> copies{{council.to_text, "msg-aaaaaaaaaaaaaaaaaaaaaaaaaa"}};
    const auto code = example_pack().compiled().answers.corrections.begin()->first;
    ASSERT_TRUE(mark_correction(decision, example_pack(), code, copies));
    ASSERT_TRUE(council.view["correction"].is_object());
    EXPECT_EQ(misfit(schema_for("child-protection-referral", "csc.front-door"), council.view, ""), "");
}

TEST(Requirement, AQ_3_the_schema_has_no_place_for_what_the_role_may_not_have) {
    const auto& pack = example_pack().compiled();
    for (const auto& [id, purpose] : pack.purposes) {
        for (const auto& [name, role] : purpose.roles) {
            const auto schema = schema_for(id, name);
            EXPECT_EQ(schema["$schema"].text(), "https://json-schema.org/draft/2020-12/schema");
            EXPECT_EQ(schema["additionalProperties"].is_true(), false);
            for (std::size_t i = 0; i < pack.leaves.size(); ++i) {
                const auto kind = role.cells[i].kind;
                if (kind != CellKind::forbid && kind != CellKind::not_necessary) continue;
                const Json* at = &schema;
                std::string_view rest{pack.leaves[i].pattern};
                while (at != nullptr && !rest.empty()) {
                    rest.remove_prefix(1);
                    const auto end = std::min(rest.find('/'), rest.size());
                    const auto token = rest.substr(0, end);
                    at = token == "*" ? at->find("items") : (*at)["properties"].find(token);
                    rest.remove_prefix(end);
                }
                EXPECT_EQ(at, nullptr) << id << " " << name << " " << pack.leaves[i].pattern;
            }
        }
    }
    auto stray = decided(referral()).recipients.at(1);
    stray.view.find("child")->set("upn", "B801200005001");
    EXPECT_EQ(misfit(schema_for("child-protection-referral", "police.public-protection"), stray.view, ""),
              "/child/upn: not in the schema");
}

TEST(Requirement, AQ_3_codes_have_words) {
    EXPECT_EQ(display_of(example_pack(), "/child/sex", "F"), "female");
    EXPECT_EQ(display_of(example_pack(), "/concerns/*/category", "NEG"), "neglect");
    EXPECT_EQ(display_of(example_pack(), "/child/sex", "?"), "");
    EXPECT_EQ(display_of(example_pack(), "/child/shoe_size", "F"), "");
    const auto& lists = example_pack().compiled();
    for (const auto& level : lists.risk_levels) EXPECT_FALSE(display_of(example_pack(), "/risk/level", level).empty());
    for (const auto& kind : lists.concern_kinds)
        EXPECT_FALSE(display_of(example_pack(), "/concerns/*/kind", kind).empty()) << kind;
    const auto schema = schema_for("child-protection-referral", "csc.front-door");
    const auto& sex = schema["properties"]["child"]["properties"]["sex"];
    EXPECT_EQ(sex["anyOf"].if_array()->front()["title"].text(), "female");
    EXPECT_EQ(view_schema(example_pack(), "party", "x").error().code, Errc::not_found);
    EXPECT_EQ(view_schema(example_pack(), "early-help", "lado").error().code, Errc::not_found);
}

TEST(Requirement, AQ_3_a_view_says_what_its_codes_mean_and_no_other_code) {
    auto document = referral();
    set_at(document, "/child/sex", "F");
    set_at(document, "/child/ethnicity", "a word of the sender's own");
    const auto decision = decided(document);
    const auto& codes = decision.recipients.at(0).view["codes"];
    EXPECT_EQ(to_jcs(codes["/child/sex"]), R"({"F":"female"})");
    EXPECT_TRUE(codes["/child/ethnicity"].is_null());
    for (const auto& one : purpose_cases())
        for (const auto& recipient : decided(one.document, one.sender).recipients)
            for (const auto& place : *recipient.view["codes"].if_object()) {
                const auto& pattern = place.name;
                EXPECT_TRUE(std::ranges::any_of(recipient.released, [&](const std::string& pointer) {
                    return pattern_of(pointer) == pattern;
                })) << one.purpose << " " << recipient.to_text << " " << pattern;
            }
}

TEST(Requirement, AQ_3_a_view_says_what_is_asked_of_its_reader_and_by_when) {
    const auto plan = decided(plan_transfer());
    const auto& asked = plan.recipients.at(0).view["handling"]["asked"];
    ASSERT_GT(asked.size(), 0U) << to_jcs(plan.recipients.at(0).view["handling"]);
    for (const auto& recipient : decided(referral()).recipients) {
        const auto* list = recipient.view["handling"]["asked"].if_array();
        ASSERT_NE(list, nullptr) << recipient.to_text;
        for (const auto& one : *list) {
            EXPECT_FALSE(one["text"].text().empty());
            EXPECT_NE(one["type"].text(), "do-not-inform") << "it has a member of its own";
        }
        EXPECT_TRUE(std::ranges::any_of(*list, [](const Json& one) {
            return one["type"].text() == "ack-by" && parse_instant(one["due"].text()).has_value();
        })) << recipient.to_text;
    }
}

// ---- neutral words: the purpose itself can disclose (NE-3) ------------------------------------------------------------------------

TEST(Requirement, OP_4_a_neutral_purpose_does_not_tell_what_it_is_about) {
    const auto decision = decided(safety_meeting());
    ASSERT_EQ(decision.recipients.size(), 4U);
    for (const std::size_t i : {2U, 3U}) {
        const auto& recipient = decision.recipients[i];
        auto view = to_jcs(recipient.view);
        ASSERT_FALSE(recipient.view.is_null()) << recipient.to_text << " " << types_of(recipient).front();
        std::ranges::transform(view, view.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
        });
        for (const auto* word : {"marac", "domestic", "abuse", "perpetrator", "victim", "consent", "6.1."})
            EXPECT_EQ(view.find(word), std::string::npos) << recipient.to_text << " learns '" << word << "'";
    }
    EXPECT_TRUE(decision.recipients[2].view["da"].is_null());
}

TEST(Requirement, OP_4_the_person_who_does_harm_is_never_told_even_where_the_victim_was) {
    const auto decision = decided(safety_meeting());
    const auto& coordinator = decision.recipients[0];
    ASSERT_FALSE(coordinator.view.is_null()) << types_of(coordinator).front();
    EXPECT_EQ(texts_in(coordinator.view["handling"]["do_not_inform"]), (std::vector<std::string>{"p2"}));
    const auto& housing = decision.recipients[3];  // does not get p2: an id would point nowhere
    EXPECT_EQ(texts_in(housing.view["handling"]["do_not_inform"]),
              (std::vector<std::string>{"anyone else at the address"}));
}

TEST(Requirement, OP_4_whom_not_to_tell_is_said_in_words_to_a_role_that_gets_nobody) {
    const auto decision = decided(safety_meeting());
    const auto& handling = decision.recipients[2].view["handling"];  // the school gets the child alone
    EXPECT_EQ(texts_in(handling["do_not_inform"]), (std::vector<std::string>{"anyone else at the address"}));
    EXPECT_TRUE(handling["identity_protected"].is_null()) << "it reads no text in which somebody could be met";
}

/// What becomes of a request about Wren.
auto asking(const std::string& purpose, const std::string& from_role, const std::string& to, Json informing = {},
            std::string_view asked = {}) -> Decision {
    auto document = json(R"({"schema":"request/1","actor":{"user":"u-1","role":"social worker","auth":"passkey"},
        "basis":{"article6":"6.1.e","article6_ref":"Children Act 1989 s.47"},
        "person":{"nhs_number":"9990002118","given_names":"Wren","family_name":"Larkspur","date_of_birth":"2016-10-09"},
        "why":"Wren may be at risk."})");
    document.set("asked", asked.empty() ? json(R"(["attendance"])") : Json::texts(std::vector<std::string_view>{"attendance", asked}));
    document.set("purpose", purpose);
    document.set("policy", example_pack().compiled().purposes.at(purpose).agreement);
    document.set("requester", Json::object({{"role", from_role}}));
    document.set("to", Json::texts(std::vector<std::string>{to}));
    if (!informing.is_null()) document.set("informing", std::move(informing));
    auto request = parse_request(document);
    EXPECT_TRUE(request);
    return decide_request(example_pack(), example_pack().agencies(), request.value(), council(), that_day,
                          view_bytes(salt_text));
}
/// … as the recipient reads it.
auto request_to(const std::string& purpose, const std::string& from_role, const std::string& to, Json informing = {}) -> Json {
    const auto decision = asking(purpose, from_role, to, std::move(informing));
    EXPECT_EQ(first_of(decision).outcome, Outcome::permit) << types_of(first_of(decision)).size();
    return first_of(decision).view;
}

TEST(Requirement, OP_4_a_request_says_whom_not_to_tell_of_it) {
    const auto quiet = request_to("child-protection-referral", "csc.front-door", "police.public-protection@examplepolice",
                                  json(R"({"told":"none","exception":["SUSPECTED_FII","my own words"],"exception_facts":"c1"})"));
    EXPECT_EQ(texts_in(quiet["handling"]["do_not_inform"]), (std::vector<std::string>{"anyone else at the address"}));
    EXPECT_EQ(texts_in(quiet["handling"]["do_not_inform_reason"]), (std::vector<std::string>{"SUSPECTED_FII", "not-recorded"}));
    EXPECT_EQ(to_jcs(quiet).find("my own words"), std::string::npos);
    const auto open = request_to("child-protection-referral", "csc.front-door", "police.public-protection@examplepolice");
    EXPECT_EQ(open["handling"].find("do_not_inform"), nullptr) << "nobody gave a reason";
    for (const auto& [purpose, from, to] :
         {std::tuple{"strategy-discussion", "csc.chair", "school.dsl@willow"}, {"marac", "csc.front-door", "school.dsl@fernbank"}})
        EXPECT_GT(request_to(purpose, from, to)["handling"]["do_not_inform"].size(), 0U) << purpose << " says so by itself";
}

TEST(Requirement, OP_4_a_request_for_a_neutral_purpose_does_not_tell_what_it_is_about_either) {
    auto text = to_jcs(request_to("marac", "csc.front-door", "school.dsl@fernbank"));
    std::ranges::transform(text, text.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
    for (const auto* word : {"marac", "domestic", "abuse", "6.1.", "article6"})
        EXPECT_EQ(text.find(word), std::string::npos) << "the school learns '" << word << "': " << text;
    const auto coordinator = request_to("marac", "csc.front-door", "marac.coordinator@exampleshire");
    EXPECT_EQ(coordinator["policy"].text(), "EX-MARAC-OP-2") << "who may know is told";
}

TEST(Requirement, OP_4_who_asks_and_what_for_does_not_tell_it_either) {
    for (const auto* role : {"marac.coordinator", "idva.service"}) {
        const auto told = asking("marac", role, "school.dsl@fernbank");
        EXPECT_TRUE(has_problem(first_of(told), "request/role-discloses", "/requester/role")) << role;
        EXPECT_TRUE(first_of(told).view.is_null());
        EXPECT_TRUE(first_of(asking("marac", role, "school.dsl@fernbank", {}, "da")).notes.empty()) << "nothing was asked";
        EXPECT_EQ(first_of(asking("marac", role, "marac.coordinator@exampleshire")).outcome, Outcome::permit)
            << "who may know is asked";
    }
    for (const auto* group : {"da", "da_contact", "da_place", "da_flag"}) {
        const auto school = asking("marac", "csc.front-door", "school.dsl@fernbank", {}, group);
        EXPECT_EQ(to_jcs(first_of(school).view["asked"]), R"(["attendance"])") << group;
        ASSERT_EQ(first_of(school).notes.size(), 1U);
        EXPECT_EQ(first_of(school).notes.front().code, "asked-not-said");
        EXPECT_EQ(first_of(school).notes.front().pointer, "/asked/1");
        const auto coordinator = asking("marac", "csc.front-door", "marac.coordinator@exampleshire", {}, group);
        EXPECT_EQ(first_of(coordinator).view["asked"].size(), 2U);
        EXPECT_TRUE(first_of(coordinator).notes.empty());
    }
}

TEST(Requirement, SE_9_where_a_victim_is_now_goes_only_to_roles_with_a_duty_to_plan_for_their_safety) {
    auto document = safety_meeting();
    const auto here = decided(document);
    EXPECT_TRUE(is_released(here.recipients[1], "/da/current_address"));
    EXPECT_TRUE(is_withheld(here.recipients[2], "/da/current_address", WithheldReason::forbidden));
    EXPECT_TRUE(is_released(here.recipients[3], "/da/current_address"));
    set_at(document, "/home_authority", "sampleshire");  // its protocol gives the landlord no such duty
    const auto there = decided(document);
    EXPECT_TRUE(is_withheld(there.recipients[3], "/da/current_address", WithheldReason::condition_not_met));
}

}  // namespace
}  // namespace cg::policy::testing
