#include "gateway/app/words.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace cg::app {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

constexpr Entry groups[] = {
    {"envelope", "reference of the case"},
    {"first_name", "the child's first name"},
    {"id", "who the child is"},
    {"id_more", "more about the child"},
    {"unborn", "the unborn child"},
    {"nhs", "NHS number"},
    {"upn", "pupil number"},
    {"la_id", "the council's number for the child"},
    {"addr", "home address"},
    {"school", "school"},
    {"attendance", "school attendance"},
    {"health", "the child's health"},
    {"send", "special educational needs"},
    {"status", "legal and social care status"},
    {"desc", "what the child looks like"},
    {"views", "the child's own words"},
    {"fam", "family members"},
    {"fam_contact", "how to reach family members"},
    {"fam_health", "family members' health"},
    {"fam_crime", "family members' offences"},
    {"fam_numbers", "family members' official numbers"},
    {"concern", "concerns"},
    {"source", "who reported a concern"},
    {"referrer", "who refers"},
    {"network", "others who work with the family"},
    {"risk", "the risk judgement"},
    {"attach", "attachments"},
    {"da", "domestic abuse"},
    {"da_contact", "safe contact of the victim"},
    {"da_place", "where the victim lives now"},
    {"da_flag", "domestic abuse flag"},
    {"missing", "missing episode"},
    {"cp", "child protection plan"},
    {"incident", "incident"},
    {"unknown", "something no policy names"},
};
constexpr Entry reasons[] = {
    {"NOT_NECESSARY", "not needed for this"},
    {"FORBIDDEN", "this role may never have it for this purpose"},
    {"CONDITION_NOT_MET", "only under a condition that is not met"},
    {"THIRD_PARTY_NOT_RELEVANT", "about somebody who does not matter here"},
    {"IDENTITY_PROTECTED", "would give away somebody who is protected"},
    {"NOT_ABOUT_THIS_CHILD", "not about this child"},
    {"SENSITIVE_TAG_NOT_ALLOWED", "too sensitive for this role"},
    {"PURPOSE_INCOMPATIBLE", "was collected for something else"},
    {"OUTSIDE_CONSENT_SCOPE", "outside what was agreed to"},
    {"STALE_UNEXPLAINED", "old, and nobody noted why it still matters"},
};
constexpr Entry notes[] = {
    {"words-replaced", "Your words read otherwise in this copy: without who and what stays behind"},
    {"asked-not-said", "You asked for this; its name would say what this is about, so it was left out here"},
    {"compatible-by-default", "Collected for something else, and goes because a child's safety is a reason to"},
    {"IDENTIFIER_UNKNOWN_NO_DELAY", "The identifier is not known; that is no reason to wait"},
    {"IDENTIFIER_INCLUDED", "The identifier goes with this copy"},
    {"IDENTIFIER_MORE_DETRIMENTAL", "The identifier stays: sending it would do more harm"},
};
constexpr Entry outcomes[] = {{"PERMIT", "yes"}, {"DENY", "no"}, {"REVIEW", "a person must look first"}};
constexpr Entry states[] = {
    {"queued", "waiting to be sent"},
    {"sent", "on its way"},
    {"received", "received, with a signed receipt"},
    {"opened", "opened by the recipient"},
    {"acknowledged", "taken over by the recipient"},
    {"rejected", "sent back by the recipient"},
    {"expired", "expired before it could be delivered"},
    {"recalled", "recalled"},
    {"dead_letter", "given up: somebody must look"},
    {"dead-letter", "given up: somebody must look"},
};
constexpr Entry actions[] = {
    {"no-share", "decided not to share"},
    {"considering", "answered: it takes more time"},
    {"advised", "advice given"},
    {"outcome", "said what was done"},
    {"consent-withdrawn", "consent taken back"},
    {"requested", "asked for information"},
    {"shared-by-phone", "told by telephone"},
    {"corrected", "corrected"},
    {"converted", "advice made into a referral"},
    {"returned", "given back to whoever wrote it"},
    {"held", "held: a second person looks first"},
};
constexpr Entry bases[] = {
    {"6.1.a", "consent (UK GDPR Article 6(1)(a))"},
    {"6.1.c", "legal obligation (UK GDPR Article 6(1)(c))"},
    {"6.1.d", "vital interests (UK GDPR Article 6(1)(d))"},
    {"6.1.e", "public task (UK GDPR Article 6(1)(e))"},
    {"6.1.ea", "recognised legitimate interest (UK GDPR Article 6(1)(ea))"},
    {"6.1.f", "legitimate interests (UK GDPR Article 6(1)(f))"},
};

auto look_up(std::span<const Entry> table, std::string_view code) -> std::string {
    const auto it = std::ranges::find(table, code, &Entry::first);
    return it != table.end() ? std::string{it->second} : code_words(code);
}

}  // namespace

auto group_words(std::string_view group) -> std::string {
    return look_up(groups, group);
}
auto reason_words(std::string_view reason) -> std::string {
    return look_up(reasons, reason);
}
auto note_words(std::string_view note) -> std::string {
    return look_up(notes, note);
}
auto outcome_words(std::string_view outcome) -> std::string {
    return look_up(outcomes, outcome);
}
auto state_words(std::string_view state) -> std::string {
    return look_up(states, state);
}
auto basis_words(std::string_view basis) -> std::string {
    return look_up(bases, basis);
}

auto action_words(std::string_view action) -> std::string { return look_up(actions, action); }

auto time_left(Instant due, Instant at) -> std::string {
    using namespace std::chrono;
    const auto length = due < at ? at - due : due - at;
    const auto minutes_all = floor<minutes>(length).count();
    std::string text = minutes_all >= 48 * 60 ? std::to_string(minutes_all / (24 * 60)) + " days"
                       : minutes_all >= 60
                           ? std::to_string(minutes_all / 60) + " h " + std::to_string(minutes_all % 60) + " min"
                           : std::to_string(minutes_all) + " min";
    return due < at ? "overdue by " + text : text + " left";
}

auto code_words(std::string_view code) -> std::string {
    std::string words{code};
    // Only codes are taken apart: lower-case names, and RISK_TO_CHILD. OFFICIAL-SENSITIVE is how a marking is written.
    const bool shouted = std::ranges::none_of(words, [](char c) { return c >= 'a' && c <= 'z'; });
    if (shouted && words.find('_') == std::string::npos) return words;
    for (auto& c : words) {
        if (c == '-' || c == '_') c = ' ';
        if (shouted && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return words;
}

}  // namespace cg::app
