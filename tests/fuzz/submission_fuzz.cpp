// Arbitrary JSON, read and decided: nothing crashes, and no leaf leaves that the role may not have.
#include "gateway/base/json.hpp"
#include "policy/compiled.hpp"
#include "policy/decide.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

using namespace cg;
using namespace cg::policy;

auto read_pack() -> std::shared_ptr<const Pack> {
    PackFiles files;
    const std::filesystem::path folder = CG_SOURCE_DIR "/config/packs/exampleshire";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".toml") continue;
        std::ifstream in(entry.path(), std::ios::binary);
        files[std::filesystem::relative(entry.path(), folder).string()] = {std::istreambuf_iterator<char>(in), {}};
    }
    auto pack = load_pack(files);
    if (!pack) std::abort();
    return pack.value();
}

void check_leaves(const Json& value, const RoleTable& role, const CompiledPack& pack, PathTrie::Node at) {
    if (const auto* members = value.if_object()) {
        for (const auto& member : *members) check_leaves(member.value, role, pack, pack.trie.member(at, member.name));
    } else if (const auto* items = value.if_array()) {
        for (const auto& item : *items) check_leaves(item, role, pack, pack.trie.item(at));
    } else {
        const auto leaf = pack.trie.leaf(at);
        if (leaf == no_leaf) std::abort();
        const auto kind = role.cells[leaf].kind;
        if (kind == CellKind::forbid || kind == CellKind::not_necessary) std::abort();
    }
}

void check_view(const RecipientDecision& recipient, const Decision& decision, const CompiledPack& pack) {
    if (recipient.view["schema"].text() != "view/1") return;  // a question without identity is scrub_fuzz's matter
    const auto& role = pack.purposes.at(decision.purpose).roles.at(recipient.to.role.str());
    Json rest = recipient.view;
    for (const auto* own : {"schema", "purpose", "to", "handling", "codes"}) rest.erase(own);
    check_leaves(rest, role, pack, PathTrie::root);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto pack = read_pack();
    auto document = parse_json(ByteView{data, size});
    if (!document) return 0;
    const Json tree = document.value().find("case") != nullptr ? document.value()["case"] : document.value();
    auto submission = parse_submission(std::move(document).value());
    if (!submission) {
        if (submission.error().problems.empty()) std::abort();
        // The decision is total: it must stand also what the parser would have refused.
        Submission raw;
        raw.purpose = "child-protection-referral";
        raw.recipients = {"csc.front-door@exampleshire", "health.safeguarding@examplenhs"};
        raw.urgency = "emergency";
        raw.case_tree = tree;
        submission = std::move(raw);
    }
    const Caller caller{AgencyId::trusted("willow"), AgencyKind::statutory, true};
    const auto now = parse_instant("2026-04-13T11:00:00Z").value();
    const auto decision =
        decide(*pack, pack->agencies(), submission.value(), caller, now, view_bytes("0123456789abcdef"));
    for (const auto& recipient : decision.recipients) {
        if (recipient.outcome != Outcome::permit && recipient.problems.empty()) std::abort();
        check_view(recipient, decision, pack->compiled());
    }
    static_cast<void>(to_jcs(to_json(decision, true)));
    static_cast<void>(record_fields(decision, submission.value(), caller));
    return 0;
}
