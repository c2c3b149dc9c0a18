// Arbitrary JSON, read as each kind of message that is no submission, and decided: nothing crashes, nothing is refused without
// saying why, and nothing of whom is asked about leaves to a role that may not have it.
#include "gateway/base/json.hpp"
#include "policy/compiled.hpp"
#include "policy/followup.hpp"
#include "policy/refusal.hpp"
#include "policy/request.hpp"

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

void expect(bool holds) {
    if (!holds) std::abort();
}

template <class T>
auto readable(const Result<T>& result) -> bool {
    expect(result.has_value() || !result.error().problems.empty());
    return result.has_value();
}

void check_request(const Pack& pack, const Json& document, const Caller& caller, Instant now) {
    const auto request = parse_request(Json{document});
    if (!readable(request)) return;
    const auto decision = decide_request(pack, pack.agencies(), request.value(), caller, now, view_bytes("0123456789abcdef"));
    const auto& compiled = pack.compiled();
    for (const auto& recipient : decision.recipients) {
        expect(recipient.outcome == Outcome::permit || !recipient.problems.empty());
        const auto* person = recipient.view["person"].if_object();
        if (person == nullptr) continue;
        const auto& role = compiled.purposes.at(decision.purpose).roles.at(recipient.to.role.str());
        for (const auto& member : *person) {
            const auto leaf = compiled.trie.find("/child/" + member.name);
            if (leaf == no_leaf) continue;  // an object, such as the address
            const auto kind = role.cells[leaf].kind;
            expect(kind != CellKind::forbid && kind != CellKind::not_necessary);
        }
    }
    static_cast<void>(record_fields(decision, request.value().base, caller));
}

void check_refusal(const Pack& pack, const Json& document, const Caller& caller, Instant now) {
    const auto refusal = parse_refusal(Json{document});
    if (!readable(refusal)) return;
    const auto decision = decide_refusal(pack, pack.agencies(), refusal.value(), now);
    if (!readable(decision)) return;
    for (const auto& recipient : decision.value().recipients) expect(recipient.view.is_null());
    static_cast<void>(record_fields(decision.value(), refusal.value().base, caller));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto pack = read_pack();
    const auto document = parse_json(ByteView{data, size});
    if (!document) return 0;
    const Caller caller{AgencyId::trusted("exampleshire"), AgencyKind::statutory, true};
    const auto now = parse_instant("2026-04-13T11:00:00Z").value();
    check_request(*pack, document.value(), caller, now);
    check_refusal(*pack, document.value(), caller, now);
    const auto reply = parse_reply(Json{document.value()});
    if (readable(reply)) static_cast<void>(readable(decide_reply(*pack, pack->agencies(), reply.value(), now)));
    const auto withdrawal = parse_withdrawal(Json{document.value()});
    if (readable(withdrawal))
        static_cast<void>(decide_withdrawal(*pack, withdrawal.value(), {}, now, view_bytes("0123456789abcdef")));
    return 0;
}
