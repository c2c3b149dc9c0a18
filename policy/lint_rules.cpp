// The kinds of findings: what each means, and why it matters.
#include "policy/lint.hpp"

namespace cg::policy {

auto lint_rules() -> const std::vector<LintRule>& {
    static const std::vector<LintRule> rules{
        {"pack/agency-id", "This is no id of an organisation.", "Messages are addressed to role@organisation."},
        {"pack/agreement-missing", "The purpose rests on no sharing agreement.",
         "A message names the agreement it was shared under; without one nobody can say why it was allowed."},
        {"pack/allow-forbid-overlap", "The same information is allowed and forbidden.",
         "Forbidden always wins, so the permission would do nothing and its author would not know."},
        {"pack/apd-missing", "No appropriate policy document is named.",
         "Special-category data may be shared for safeguarding only where there is such a document (Data Protection "
         "Act "
         "2018, Schedule 1)."},
        {"pack/code-unknown", "This word is not one of those that are known here.",
         "A word that nothing knows would silently do nothing."},
        {"pack/condition-missing", "A 'when' names no condition.", "Nothing would tell when the information may go."},
        {"pack/condition-unknown", "There is no such condition.", "Nothing would tell when the information may go."},
        {"pack/file-missing", "A file that every pack needs is missing.", "The policy would be incomplete."},
        {"pack/file-unknown", "Nothing reads this file.", "Its author may believe that it counts."},
        {"pack/group-decided-twice", "A field group is decided more than once for a role.",
         "Two answers for the same information: a reader could not tell which counts."},
        {"pack/group-undecided", "Some field groups are not decided for a role.",
         "What nobody decided stays behind unseen; a policy says so itself."},
        {"pack/group-unknown", "There is no such field group.",
         "A group that does not exist allows and forbids nothing."},
        {"pack/key-missing", "Something that must be said is missing.", "The policy would be incomplete."},
        {"pack/key-unknown", "Nothing reads this line.", "A misspelt line would silently do nothing."},
        {"pack/leaf-repeated", "The same value is in two field groups.", "Two groups could give two answers for it."},
        {"pack/leaf-unknown", "A case has no such value here.", "The line would silently do nothing."},
        {"pack/limit", "A limit is outside its range.",
         "The check that uses it would never, or always, find something."},
        {"pack/no-governing-document", "No governing document is named.",
         "Every decision names the documents that stand behind it (FW-1)."},
        {"pack/period", "This is no period of time.", "A deadline or a retention could not be worked out."},
        {"pack/purpose-id", "This is no id of a purpose.", "Systems name the purpose by its id."},
        {"pack/purpose-repeated", "A purpose is described twice.", "A reader could not tell which description counts."},
        {"pack/reason-too-vague", "A reason for refusing says nothing.",
         "Data protection law is no barrier to justified sharing; a person who is refused must be able to act on the "
         "reason (FW-1, FW-6)."},
        {"pack/retention-missing", "It is not said how long records are kept.",
         "Information must not be kept longer than is needed, and must not be lost before."},
        {"pack/records-missing", "It is not said who answers for the processing.",
         "The record of processing activities (UK GDPR Article 30) would lack these items."},
        {"pack/role-id", "This is no id of a role.", "Messages are addressed to role@organisation."},
        {"pack/role-unheld", "No organisation holds this role.",
         "A message to it could never be delivered, and nobody would notice until it mattered."},
        {"pack/role-unknown", "There is no such role.", "A role that does not exist can receive nothing."},
        {"pack/syntax", "The file cannot be read as TOML.", "Nothing in it counts."},
        {"pack/too-many-leaves", "There are more values than a pack can hold.", "The rest would have no answer."},
        {"pack/wrong-type", "A value is of the wrong kind.", "It cannot be read as what it should say."},
        {"pack/basis-missing", "The purpose rests on no legal basis.",
         "Nothing could be shared lawfully for it (FW-2)."},
        {"pack/code-unused", "No purpose names this code.",
         "Somebody who reads the list may believe that it can be used."},
        {"pack/do-not-inform-removed", "A role is to be kept from the notice not to tell the family.",
         "Whoever receives the message without it may tell the wrong person. It goes into every message all the same "
         "(OP-4)."},
        {"pack/emergency-minimum-missing", "It is not said what an emergency message should say at the least.",
         "An emergency basis lets an incomplete message go; nobody would know how incomplete."},
        {"pack/field-unclassified", "Values that a case can have are in no field group.",
         "They would never leave, and no policy would say why."},
        {"pack/no-longer-in-force", "The policy's last day is over.", "Decisions need a policy that is in force."},
        {"pack/not-yet-in-force", "The policy's first day is still to come.",
         "Decisions need a policy that is in force."},
        {"pack/role-unused", "No purpose sends to this role.", "Somebody may believe that it receives messages."},
        {"pack/rule-redundant", "A line says what is so without it.",
         "Whoever changes the one and not the other would change nothing, or not what they meant."},
        {"pack/rule-unreachable", "A rule can never apply.",
         "Its author may believe that it protects or allows something."},
        {"pack/signatories-too-few", "Fewer than two signatories are named.",
         "No single person may change what is shared."},
        {"pack/test-case", "A case for tests has the name of another.", "A reader could not tell which a test means."},
        {"pack/value-without-task", "The role receives values that no task of it needs.",
         "Only what is necessary may be shared (NE-1)."},
        {"pack/voice-not-asked", "The child's own view is not asked for.",
         "Children should be heard about what happens to them (OP-9)."},
    };
    return rules;
}

}  // namespace cg::policy
