#include "gateway/ledger/verify_tree.hpp"

#include <algorithm>

namespace cg::ledger {
namespace {

auto compare(Store& store, unsigned level, std::uint64_t first, const std::vector<crypto::Digest>& row, Findings& findings)
    -> Result<> {
    auto kept = store.nodes(level, first, row.size());
    if (kept.has_error() && kept.error().code != Errc::corrupt) return fail(std::move(kept).error());
    const auto count = kept.has_value() ? kept.value().size() : 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (i < count && kept.value()[i] == row[i]) continue;
        const auto from = (first + i) << level;
        const auto to = ((first + i + 1) << level) - 1;
        findings.problems.push_back({from, {}, i < count ? "tree/hash-altered" : "tree/hash-missing",
                                     "the kept hash over entries " + std::to_string(from) + " to " + std::to_string(to) +
                                         (i < count ? " is not theirs" : " is missing")});
        if (i >= count) break;  // what follows is read no more: one finding says it
    }
    return ok();
}

}  // namespace

auto check_subtrees(Store& store, unsigned level, std::uint64_t first, std::vector<crypto::Digest> row, unsigned top,
                    Findings& findings) -> Result<std::vector<crypto::Digest>> {
    std::vector<crypto::Digest> left;  // from the smallest to the largest
    while (!row.empty()) {
        if (level > 0) {  // the leaves themselves were compared with their entries
            CG_TRY(compare(store, level, first, row, findings));
        }
        if (level == top) {
            left.insert(left.end(), row.rbegin(), row.rend());
            break;
        }
        if (row.size() % 2 != 0) left.push_back(row.back());
        std::vector<crypto::Digest> above;
        for (std::size_t i = 0; i + 1 < row.size(); i += 2) above.push_back(crypto::merkle_node(row[i], row[i + 1]));
        row = std::move(above);
        first /= 2;
        ++level;
    }
    std::ranges::reverse(left);
    return left;
}

}  // namespace cg::ledger
