#include "gateway/ledger/entry.hpp"

#include <algorithm>

namespace cg::ledger {
namespace {

constexpr std::string_view commit_label{"casegate.commit/1", 18};  // the closing 0 is part of it
constexpr std::array<std::uint8_t, 1> zero{0};
static_assert(commit_label.back() == '\0');

}  // namespace

auto public_group(std::string_view type) noexcept -> std::string_view {
    return type == entry_type::release || type == entry_type::receipt ? group::out : group::dec;
}

auto is_entry_type(std::string_view type) noexcept -> bool {
    if (type.size() < 3 || type.size() > 32 || !type.ends_with("/1")) return false;
    type.remove_suffix(2);
    return std::ranges::all_of(type, [](char c) { return c >= 'a' && c <= 'z'; });
}

auto fresh_salt() -> Salt {
    Salt salt{};
    crypto::random_fill(salt);
    return salt;
}

auto commitment(ByteView salt, std::string_view type, std::string_view group, std::string_view fields)
    -> crypto::Digest {
    return crypto::hmac_sha256(salt, {view_bytes(commit_label), view_bytes(type), zero, view_bytes(group), zero,
                                      view_bytes(fields)});
}

auto leaf_bytes(std::string_view type, std::uint64_t seq, std::span<const Commitment> commitments) -> std::string {
    std::string out = R"({"c":{)";
    for (const auto& c : commitments) {
        if (out.back() != '{') out += ',';
        out.append("\"").append(c.group).append("\":\"").append(to_hex(c.value)).append("\"");
    }
    out.append("},\"s\":").append(std::to_string(seq)).append(",\"t\":\"").append(type).append("\"}");
    return out;
}

}  // namespace cg::ledger
