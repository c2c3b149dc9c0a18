// A pack as pages, tables and registers: what they say is what the engine does.
#include "policy/pack_pages.hpp"

#include <gtest/gtest.h>

#include "pack_edit.hpp"

namespace cg::policy::testing {
namespace {

auto line_of(const std::vector<PageLine>& lines, std::string_view group) -> const PageLine* {
    const auto it = std::ranges::find(lines, group, &PageLine::group);
    return it == lines.end() ? nullptr : &*it;
}

TEST(RolePage, AnswersWhetherTheCharityMaySeeTheMothersMentalHealth) {
    const auto page = role_page(example_pack(), "early-help", "charity.lead-worker").value();
    const auto* health = line_of(page.conditional, "fam_health");
    ASSERT_NE(health, nullptr);
    EXPECT_NE(std::ranges::find(health->values, "mental health"), health->values.end());
    EXPECT_NE(health->condition.find("that person has consented"), std::string::npos) << health->condition;
    EXPECT_NE(line_of(page.forbidden, "fam_crime"), nullptr);
    EXPECT_EQ(line_of(page.allowed, "fam_crime"), nullptr);
    EXPECT_EQ(page.agreement, "ISA-EX-021");
    EXPECT_NE(page.people.find("mother"), std::string::npos);
    EXPECT_NE(page.consent.find("no override"), std::string::npos);
    EXPECT_NE(page.retention.find("6 years"), std::string::npos) << page.retention;
    EXPECT_FALSE(page.holders.empty());
}

TEST(RolePage, TellsSingleValuesApartFromTheirGroup) {
    const auto page = role_page(example_pack(), "early-help", "charity.lead-worker").value();
    const auto* allowed = line_of(page.allowed, "addr");
    const auto* stays = line_of(page.not_necessary, "addr");
    ASSERT_NE(allowed, nullptr);
    ASSERT_NE(stays, nullptr);
    EXPECT_FALSE(allowed->whole);
    EXPECT_EQ(stays->leaves, std::vector<std::string>{"/child/address/uprn"});
    // Only the first name of who the child is.
    ASSERT_NE(line_of(page.required, "id"), nullptr);
    EXPECT_EQ(line_of(page.required, "id")->values, std::vector<std::string>{"given names"});
}

TEST(RolePage, ReasonsThatStandInForConsentAreListedWhereverConsentIsSpokenOf) {
    const auto page = role_page(example_pack(), "child-in-need-referral", "csc.front-door").value();
    ASSERT_FALSE(page.overrides.empty());
    std::string principles;
    const auto met = caldicott_page(example_pack(), "child-in-need-referral").value();
    for (const auto& one : met)
        for (const auto& where : one.where) principles += where + "\n";
    const auto policies = to_jcs(sharing_policies(example_pack()));
    for (const auto& reason : page.overrides) {
        EXPECT_NE(principles.find(reason), std::string::npos) << reason;
        EXPECT_NE(policies.find("May stand in for consent: " + reason), std::string::npos) << reason;
    }
}

TEST(RolePage, SaysWhatStaysAlthoughItIsAllowed) {
    const auto charity = role_page(example_pack(), "early-help", "charity.lead-worker").value();
    const auto address = std::ranges::find_if(charity.allowed, [](const PageLine& line) {
        return std::ranges::find(line.leaves, "/child/address/line1") != line.leaves.end();
    });
    ASSERT_NE(address, charity.allowed.end());
    EXPECT_NE(address->condition.find("not where it is restricted"), std::string::npos) << address->condition;
    const auto trusted = role_page(example_pack(), "child-protection-referral", "csc.front-door").value();
    EXPECT_EQ(line_of(trusted.required, "addr")->condition, "");
    // Without the trust that a safe telephone needs, neither the note nor the number goes.
    auto files = example_files();
    const auto role = files["roles.toml"].find("[roles.\"early-help.hub\"]");
    files["roles.toml"].erase(files["roles.toml"].find("trusted_with", role), std::string{"trusted_with = [\"safe-contact\"]\n"}.size());
    const auto hub = role_page(*loaded(files), "early-help", "early-help.hub").value();
    const auto said_of = [&hub](std::string_view leaf) {
        for (const auto& line : hub.allowed)
            if (std::ranges::find(line.leaves, leaf) != line.leaves.end()) return line.condition;
        return std::string{"not allowed"};
    };
    EXPECT_NE(said_of("/people/*/safe_contact").find("stays: this role is not trusted"), std::string::npos);
    EXPECT_NE(said_of("/people/*/phone").find("not where there is a note on safe contact"), std::string::npos);
    EXPECT_EQ(said_of("/people/*/contact_checked_on"), "");
}

TEST(RolePage, SaysWhatOneOrganisationKeepsBackAsWellAndWhichConcernsARoleIsToldOf) {
    auto files = edited("purposes/early-help.toml", "early-help.hub",
                        [](RoleText& role) { role.lists["concern_categories"] = {"NEG"}; });
    files["overlays/willow.toml"] = "[purposes.early-help.roles.\"early-help.hub\"]\nforbid = [\"network\"]\n";
    const auto pack = loaded(files);
    const auto page = role_page(*pack, "early-help", "early-help.hub").value();
    ASSERT_EQ(page.stricter.size(), 1U);
    EXPECT_NE(page.stricter.front().find("sends less. It keeps back as well: other professionals involved (role, organisation, phone)."),
              std::string::npos)
        << page.stricter.front();
    ASSERT_EQ(page.concern_kinds.size(), 1U);
    EXPECT_NE(page.concern_kinds.front().find("(NEG)"), std::string::npos);
    EXPECT_NE(matrix_html(*pack).find("sends less"), std::string::npos);
    EXPECT_TRUE(role_page(example_pack(), "early-help", "early-help.hub").value().stricter.empty());
}

TEST(RolePage, NamesWhatThereIsWhereSomethingIsUnknown) {
    const auto no_purpose = role_page(example_pack(), "curiosity", "x");
    ASSERT_FALSE(no_purpose.has_value());
    EXPECT_NE(no_purpose.error().detail.find("early-help"), std::string::npos);
    const auto no_role = role_page(example_pack(), "early-help", "press.office");
    ASSERT_FALSE(no_role.has_value());
    EXPECT_NE(no_role.error().detail.find("charity.lead-worker"), std::string::npos);
}

TEST(RolePage, EveryValueStandsOnEveryPageExactlyOnce) {
    const auto& pack = example_pack();
    std::size_t pages = 0;
    for (const auto& purpose : pack.purposes()) {
        for (const auto& role : pack.roles_of(purpose)) {
            const auto page = role_page(pack, purpose, role).value();
            std::vector<std::string> leaves;
            for (const auto* lines :
                 {&page.required, &page.allowed, &page.conditional, &page.forbidden, &page.not_necessary})
                for (const auto& line : *lines) leaves.insert(leaves.end(), line.leaves.begin(), line.leaves.end());
            std::ranges::sort(leaves);
            EXPECT_EQ(std::ranges::adjacent_find(leaves), leaves.end()) << purpose << role;
            EXPECT_EQ(leaves.size(), pack.compiled().leaves.size()) << purpose << role;
            ++pages;
        }
    }
    EXPECT_GE(pages, 20U);
}

TEST(CaldicottPage, HasTheEightPrinciplesForEveryPurpose) {
    for (const auto& purpose : example_pack().purposes()) {
        const auto list = caldicott_page(example_pack(), purpose).value();
        ASSERT_EQ(list.size(), 8U) << purpose;
        for (const auto& one : list) {
            ASSERT_FALSE(one.where.empty()) << purpose << one.principle;
            for (const auto& where : one.where) EXPECT_FALSE(where.empty());
        }
    }
    EXPECT_FALSE(caldicott_page(example_pack(), "curiosity").has_value());
}

TEST(Matrix, CountsWhatTheEngineReleases) {
    const auto& pack = example_pack();
    const auto cells = matrix(pack);
    EXPECT_GE(cells.size(), 20U);
    for (const auto& cell : cells) {
        EXPECT_EQ(cell.required + cell.allowed + cell.conditional + cell.forbidden + cell.not_necessary,
                  pack.compiled().leaves.size())
            << cell.purpose << cell.role;
        const auto page = role_page(pack, cell.purpose, cell.role).value();
        const auto count = [](const std::vector<PageLine>& lines) {
            std::size_t out = 0;
            for (const auto& line : lines) out += line.leaves.size();
            return out;
        };
        EXPECT_EQ(count(page.required), cell.required);
        EXPECT_EQ(count(page.conditional), cell.conditional);
        EXPECT_EQ(count(page.forbidden), cell.forbidden);
    }
}

/// The table against decisions: what a decision withholds as forbidden, and only that, stands among the forbidden.
TEST(Matrix, AgreesWithDecisionsLeafByLeaf) {
    auto document = referral();
    set_recipients(document, {"csc.front-door@exampleshire", "police.public-protection@examplepolice",
                              "health.safeguarding@examplenhs"});
    const auto decision = decided(document);
    for (const auto& recipient : decision.recipients) {
        const auto page = role_page(example_pack(), decision.purpose, recipient.to.role.str()).value();
        std::set<std::string> forbidden, open;
        for (const auto& line : page.forbidden) forbidden.insert(line.leaves.begin(), line.leaves.end());
        for (const auto* lines : {&page.required, &page.allowed, &page.conditional})
            for (const auto& line : *lines) open.insert(line.leaves.begin(), line.leaves.end());
        std::size_t seen = 0;
        for (const auto& one : recipient.withheld) {
            EXPECT_EQ(one.reason == WithheldReason::forbidden, forbidden.contains(pattern_of(one.pointer)))
                << one.pointer;
            seen += one.reason == WithheldReason::forbidden ? 1U : 0U;
        }
        EXPECT_GT(seen, 0U);
        for (const auto& pointer : recipient.released) EXPECT_TRUE(open.contains(pattern_of(pointer))) << pointer;
    }
}

TEST(Matrix, EveryCellOfThePageLinksToItsList) {
    const auto html = matrix_html(example_pack());
    for (const auto& cell : matrix(example_pack())) {
        const auto id = cell.purpose + "--" + cell.role;
        EXPECT_NE(html.find("href=\"#" + id + "\""), std::string::npos) << id;
        EXPECT_NE(html.find("<section id=\"" + id + "\""), std::string::npos) << id;
    }
    for (const auto* part :
         {"<html lang=\"en-GB\">", "<caption", "scope=\"col\"", "scope=\"row\"", "<title>", "<main>"})
        EXPECT_NE(html.find(part), std::string::npos) << part;
    for (const auto* none : {"<script", "http://", "https://", "<img", "@import", "onclick"})
        EXPECT_EQ(html.find(none), std::string::npos) << none;
}

TEST(Matrix, ThePageEscapesWhatThePackSays) {
    auto files = example_files();
    ASSERT_TRUE(
        replace_once(files["pack.toml"], "title = \"Exampleshire multi-agency", "title = \"<b>&\\\"Exampleshire"));
    const auto html = matrix_html(*loaded(files));
    EXPECT_EQ(html.find("<b>"), std::string::npos);
    EXPECT_NE(html.find("&lt;b&gt;&amp;&quot;Exampleshire"), std::string::npos);
}

TEST(Csv, QuotesAndDefusesCells) {
    EXPECT_EQ(csv_row({"a", "b,c", "say \"x\"", ""}), "a,\"b,c\",\"say \"\"x\"\"\",\r\n");
    EXPECT_EQ(csv_row({"=1+1", "+4", "@x", "-"}), "'=1+1,'+4,'@x,'-\r\n");
    EXPECT_EQ(csv_row({"two\nlines"}), "\"two\nlines\"\r\n");
}

TEST(Csv, TheMatrixHasARowForEveryCell) {
    const auto csv = matrix_csv(example_pack());
    EXPECT_TRUE(csv.starts_with("purpose,role,required,allowed,conditional,forbidden,not_necessary\r\n"));
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(csv, '\n')), matrix(example_pack()).size() + 1);
    EXPECT_NE(csv.find("\r\nearly-help,charity.lead-worker,"), std::string::npos);
}

// UK GDPR Article 30(1): (a) controller and contacts, (b) purposes, (c) people and data, (d) recipients, (e) transfers,
// (f) time limits, (g) security.
TEST(Article30, EveryEntryHasEveryItem) {
    const auto register_ = article30(example_pack());
    ASSERT_EQ(register_.size(), matrix(example_pack()).size());
    for (const auto& entry : *register_.if_array()) {
        const auto id = std::string{entry["purpose_id"].text()} + " " + std::string{entry["role"].text()};
        for (const auto* item :
             {"controller", "controller_contact", "joint_controllers", "representative", "data_protection_officer",
              "purposes", "categories_of_recipients", "transfers_abroad", "time_limits", "security_measures"})
            EXPECT_FALSE(entry[item].text().empty()) << id << " " << item;
        EXPECT_GT(entry["legal_bases"].size(), 0U) << id;
        EXPECT_TRUE(entry["special_category_data"].is_bool()) << id;
    }
    const auto csv = article30_csv(example_pack());
    EXPECT_TRUE(csv.starts_with("purpose_id,role,controller,"));
    EXPECT_NE(csv.find("Early help"), std::string::npos);
}

TEST(Article30, SaysWhoseDataAndWhichKindsGo) {
    const auto register_ = article30(example_pack());
    for (const auto& entry : *register_.if_array()) {
        if (entry["purpose_id"].text() != "child-protection-referral") continue;
        const bool police = entry["role"].text() == "police.public-protection";
        const bool health = entry["role"].text() == "health.safeguarding";
        if (!police && !health) continue;
        EXPECT_EQ(entry["criminal_offence_data"].is_true(), police);
        EXPECT_GT(entry["categories_of_people"].size(), 1U);
    }
}

TEST(Article30, WhatThePackDoesNotSayIsSaidToBeUnsaid) {
    auto files = example_files();
    auto& text = files["pack.toml"];
    text.resize(text.find("[records]"));
    const auto register_ = article30(*loaded(files));
    EXPECT_EQ((*register_.if_array())[0]["controller"].text(), "not stated in the policy");
}

TEST(SharingPolicies, HaveTheMembersOfTheDraft) {
    const auto policies = sharing_policies(example_pack());
    ASSERT_EQ(policies.size(), matrix(example_pack()).size());
    std::set<std::string> uris;
    for (const auto& one : *policies.if_array()) {
        for (const auto* member : {"uri", "identifier", "party", "data", "purpose", "start", "end", "permittedUse",
                                   "restrictions", "recipientDuties", "securityMeasures", "legalCompliance"})
            EXPECT_NE(one.find(member), nullptr) << member;
        EXPECT_TRUE(uris.insert(std::string{one["uri"].text()}).second);
        EXPECT_EQ(one["start"].text(), "2025-01-01");
        EXPECT_GT(one["party"].size(), 1U);
        EXPECT_GT(one["restrictions"].size(), 1U);
        // Nothing that the policy keeps back is among the data.
        for (const auto& data : *one["data"].if_array()) EXPECT_FALSE(data["necessity"].text().empty());
    }
}

}  // namespace
}  // namespace cg::policy::testing
