#include "policy/notice.hpp"

#include "policy/compiled.hpp"
#include "policy/informing.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <vector>

namespace cg::policy {
namespace {

constexpr std::size_t line_width = 80;

auto wrapped(std::string_view text, std::string_view first, std::string_view indent) -> std::string {
    std::string out{first};
    std::size_t column = first.size();
    bool empty = true;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        const auto word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!empty && column + 1 + word.size() > line_width) {
            out.append("\n").append(indent);
            column = indent.size();
            empty = true;
        }
        if (!empty) out.push_back(' ');
        out.append(word);
        column += word.size() + (empty ? 0 : 1);
        empty = false;
    }
    return out.append("\n");
}

auto section(std::string_view heading, std::string_view text) -> std::string {
    return "\n" + std::string{heading} + "\n" + wrapped(text, "", "");
}
auto items(std::string_view heading, const std::vector<std::string>& list) -> std::string {
    auto out = "\n" + std::string{heading} + "\n";
    for (const auto& item : list) out += wrapped(item, "- ", "  ");
    return out;
}

/// Titles of the kinds of information that any recipient of the purpose may get, in the order of the pack.
auto kinds_held(const CompiledPack& pack, const Purpose& purpose) -> std::vector<std::string> {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < pack.groups.size(); ++i) {
        const auto goes = [i](const auto& role) {
            const auto kind = role.second.group_kinds[i];
            return kind != CellKind::forbid && kind != CellKind::not_necessary;
        };
        if (!pack.groups[i].always && pack.groups[i].part_of == no_group && std::ranges::any_of(purpose.roles, goes))
            out.push_back(pack.groups[i].title);
    }
    return out;
}

auto recipients(const CompiledPack& pack, const Purpose& purpose) -> std::vector<std::string> {
    std::vector<std::string> out;
    for (const auto& [role, table] : purpose.roles) out.push_back(pack.roles.find(role)->second.title);
    std::ranges::sort(out);
    return out;
}

auto held_back(const Purpose& purpose, const Submission& about) -> bool {
    if (purpose.not_told_until.empty()) return false;
    const auto told = texts_of(about.case_tree["informing"]["told"]);
    return std::ranges::all_of(told, [](std::string_view who) { return is_unknown_word(who); });
}

}  // namespace

auto family_notice(const Pack& pack, std::string_view purpose_id, const Submission* about) -> Result<std::string> {
    const auto& compiled = pack.compiled();
    const auto found = compiled.purposes.find(purpose_id);
    if (found == compiled.purposes.end()) return fail(Errc::not_found, "the policy has no such purpose");
    const auto& purpose = found->second;
    if (about != nullptr) {
        CG_TRY(may_inform_family(pack, *about));
        if (held_back(purpose, *about))
            return fail(Errc::denied, "no notice to the family",
                        {{"informing/suppressed", "/case/informing/told",
                          "Write no notice yet: for this purpose somebody decides first whether, and when, the family "
                          "is told. Ask them, and write down whom they say may be told.",
                          "informing.suppressed"}});
    }
    auto out = wrapped(compiled.notice.heading, "", "") + "\n" + wrapped(purpose.title, "", "");
    out += items("What we hold", kinds_held(compiled, purpose));
    out += section("Why we may share it", purpose.notice_why);
    out += items("Who may need to know", recipients(compiled, purpose));
    out += section("What you can do", compiled.notice.rights);
    out += section("Whom to ask", compiled.notice.contact);
    return out;
}

}  // namespace cg::policy
