// What an organisation's own record needs beside the core (RC-10).
#include "policy/gate.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {

void record_fields_gate(const GateInput& in, Findings& findings) {
    const auto overlay = in.pack.overlays.find(in.caller.agency.str());
    if (overlay == in.pack.overlays.end()) return;
    const auto* given = in.tree()["record_fields"].if_array();
    for (const auto& name : overlay->second.record_fields) {
        const auto fills = [&name](const Json& field) {
            return field["name"].text() == name && !is_blank(field["value"]);
        };
        if (given == nullptr || std::ranges::none_of(*given, fills))
            findings.deny(1, "record/field-missing", "/case/record_fields",
                          "Your organisation records '" + name + "' as well: add it.");
    }
}

}  // namespace cg::policy
