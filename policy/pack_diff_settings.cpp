// What a pack's texts say, key by key.
#include "policy/pack_diff_parts.hpp"
#include "policy/pack_words.hpp"
#include "policy/toml_tree.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace cg::policy {
namespace {

using Path = std::vector<std::string>;

/// One text a scope: a purpose by its id, since its file may be renamed.
struct Flat {
    std::map<Path, std::vector<std::string>> values;  ///< a list's items are sorted
    std::set<Path> tables;
};

auto scalar(const TomlNode& node) -> std::string {
    switch (node.kind) {
        case TomlNode::Kind::text: return node.text;
        case TomlNode::Kind::integer: return std::to_string(node.integer);
        case TomlNode::Kind::flag: return node.flag ? "true" : "false";
        case TomlNode::Kind::date: return to_iso_date(node.date);
        case TomlNode::Kind::list:
        case TomlNode::Kind::table:
        case TomlNode::Kind::other: break;
    }
    std::string out;
    for (const auto& item : node.items) out += (out.empty() ? "" : " or ") + scalar(item);
    // Of a table in a list, the words that a person would read come last.
    for (const auto& [key, value] : node.members) out += (out.empty() ? "" : ", ") + key + " " + scalar(value);
    return out;
}

void flatten(const TomlNode& table, Path& path, Flat& out) {
    for (const auto& [key, node] : table.members) {
        path.push_back(key);
        if (node.kind == TomlNode::Kind::table) {
            out.tables.insert(path);
            flatten(node, path, out);
        } else if (node.kind == TomlNode::Kind::list) {
            auto& items = out.values[path];
            for (const auto& item : node.items) items.push_back(scalar(item));
            std::ranges::sort(items);
        } else {
            out.values[path] = {scalar(node)};
        }
        path.pop_back();
    }
}

/// By scope and, for purposes, id: `purpose early-help`.
auto flatten_all(const CompiledPack& pack) -> std::map<std::string, Flat> {
    std::map<std::string, Flat> out;
    for (const auto& [file, text] : pack.sources) {
        if (file.starts_with("tests/")) continue;
        Faults none;
        const auto root = parse_toml(file, text, none);
        if (!root) continue;
        const auto* id = root->find("id");
        auto name = file.starts_with("purposes/") && id != nullptr ? "purpose " + id->text
                                                                   : file.substr(0, file.rfind(".toml"));
        constexpr std::string_view overlays = "overlays/";
        if (name.starts_with(overlays)) name.replace(0, overlays.size(), "overlay ");
        Path path;
        flatten(*root, path, out[name]);
    }
    return out;
}

auto as_number(const std::string& text) -> long long {
    long long out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

/// The end of a period or a day, to compare; empty: none, which is later than all.
auto reach(const std::string& text) -> std::optional<Instant> {
    if (text.empty()) return std::nullopt;
    if (const auto day = parse_date(text)) return Instant{std::chrono::sys_days{day.value()}};
    const auto period = parse_period(text);
    const Instant start{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}};
    return period ? std::optional{add(start, period.value(), {})} : std::optional{start};
}
auto is_longer(const std::string& before, const std::string& after) -> bool {
    const auto from = reach(before), to = reach(after);
    return from && (!to || *to > *from);
}

auto position(std::string_view values, std::string_view word) -> std::size_t {
    std::size_t out = 0;
    for (; !values.empty(); ++out) {
        const auto value = values.substr(0, values.find(';'));
        if (value == word) return out;
        values.remove_prefix(std::min(value.size() + 1, values.size()));
    }
    return out;
}

/// Is it one of the words that ';' separates?
auto holds_word(std::string_view words, std::string_view word) -> bool {
    return position(words, word) < position(words, {});
}

class SettingsDiff {
public:
    SettingsDiff(const CompiledPack& before, const CompiledPack& after, std::vector<Change>& out)
        : before_(before), after_(after), out_(out) {}

    void run() {
        const auto from = flatten_all(before_), to = flatten_all(after_);
        for (const auto& [name, flat] : to) {
            const auto it = from.find(name);
            if (it != from.end())
                compare(name, it->second, flat);
            else if (!name.starts_with("purpose "))  // a whole purpose is told by diff_tables
                compare(name, {}, flat);
        }
        for (const auto& [name, flat] : from)
            if (!to.contains(name) && !name.starts_with("purpose ")) compare(name, flat, {});
    }

private:
    void compare(const std::string& name, const Flat& from, const Flat& to) {
        scope_ = name.substr(0, name.find(' '));
        purpose_ = scope_ == "purpose" ? name.substr(scope_.size() + 1) : std::string{};
        std::set<Path> paths;
        for (const auto& [path, value] : from.values) paths.insert(path);
        for (const auto& [path, value] : to.values) paths.insert(path);
        entries(from, to, paths);
        static const std::vector<std::string> nothing;
        for (const auto& path : paths) {
            const auto a = from.values.find(path), b = to.values.find(path);
            const auto& old_value = a == from.values.end() ? nothing : a->second;
            const auto& new_value = b == to.values.end() ? nothing : b->second;
            if (old_value != new_value) setting(path, old_value, new_value);
        }
    }

    /// Entries that came or went are told as one; their keys are left out of `paths`, but for those that count alone.
    void entries(const Flat& from, const Flat& to, std::set<Path>& paths) {
        const auto each = [&](const Flat& here, const Flat& there, bool added) {
            for (const auto& path : here.tables) {
                const auto* rule = entry_rule(scope_, path);
                if (rule == nullptr || there.tables.contains(path)) continue;
                std::erase_if(paths, [&path, rule](const Path& one) {
                    return one.size() > path.size() && std::equal(path.begin(), path.end(), one.begin()) &&
                           !holds_word(rule->keys, one[path.size()]);
                });
                if (!rule->kind.empty()) entry(*rule, path.back(), added);
            }
        };
        each(to, from, true);
        each(from, to, false);
    }
    void entry(const EntryRule& rule, const std::string& name, bool added) {
        const auto title = code_title(added ? after_ : before_, name);
        auto text = (added ? "NEW: " : "REMOVED: ") + std::string{rule.title} + " " + name;
        if (title != name) text += " (" + title + ")";
        out_.push_back({added && rule.added_widens, std::string{rule.kind}, {}, {}, name, std::move(text), {}});
    }

    void setting(const Path& path, const std::vector<std::string>& from, const std::vector<std::string>& to) {
        const auto* rule = setting_rule(scope_, path);
        static constexpr SettingRule unknown{"", "", Direction::any, "unclassified", ""};
        const auto& r = rule == nullptr ? unknown : *rule;
        if (r.direction == Direction::elsewhere) return;
        const bool list = r.direction == Direction::more || r.direction == Direction::fewer ||
                          r.direction == Direction::choices || from.size() > 1 || to.size() > 1;
        const auto title = title_of(r, path);
        if (list)
            list_change(r, path, title, from, to);
        else
            value_change(r, path, title, from.empty() ? default_of(r) : from.front(),
                         to.empty() ? default_of(r) : to.front());
    }
    static auto default_of(const SettingRule& rule) -> std::string {
        return rule.direction == Direction::order ? std::string{} : std::string{rule.value};
    }

    auto title_of(const SettingRule& rule, const Path& path) const -> std::string {
        std::string all;
        for (const auto& key : path) all += (all.empty() ? "" : ".") + key;
        auto out = rule.title.empty() ? "'" + all + "' in " + scope_ : std::string{rule.title};
        if (const auto place = out.find('%'); place != std::string::npos) {
            std::string_view pattern = rule.path;
            for (const auto& key : path) {
                if (pattern.substr(0, pattern.find('/')).starts_with('*')) {
                    out.replace(place, 1, scope_ == "codes" ? code_title(after_, key) : key);
                    break;
                }
                pattern.remove_prefix(std::min(pattern.find('/'), pattern.size() - 1) + 1);
            }
        }
        return out;
    }

    /// True where the change may let more leave.
    static auto widens(const SettingRule& rule, const std::string& from, const std::string& to) -> bool {
        switch (rule.direction) {
            case Direction::on: return to == "true";
            case Direction::off: return to == "false";
            case Direction::greater: return as_number(to) > as_number(from);
            case Direction::less: return as_number(to) < as_number(from);
            case Direction::longer: return is_longer(from, to);
            case Direction::earlier: return to.empty() || (!from.empty() && to < from);
            case Direction::order: return position(rule.value, to) > position(rule.value, from);
            case Direction::any: return true;
            case Direction::elsewhere:
            case Direction::neutral:
            case Direction::more:
            case Direction::fewer:
            case Direction::choices: return false;
        }
        return true;
    }

    void value_change(const SettingRule& rule, const Path& path, const std::string& title, const std::string& from,
                      const std::string& to) {
        if (from == to) return;
        const bool widening = widens(rule, from, to);
        add(rule, path, widening,
            title + whose(path) + ": now " + value_words(to) + " (was " + value_words(from) + ")");
    }

    void list_change(const SettingRule& rule, const Path& path, const std::string& title,
                     const std::vector<std::string>& from, const std::vector<std::string>& to) {
        std::vector<std::string> added, gone;
        std::ranges::set_difference(to, from, std::back_inserter(added));
        std::ranges::set_difference(from, to, std::back_inserter(gone));
        bool added_widens = rule.direction == Direction::more || rule.direction == Direction::any;
        bool gone_widens = rule.direction == Direction::fewer || rule.direction == Direction::any;
        if (rule.direction == Direction::choices) {
            added_widens = !from.empty();
            gone_widens = to.empty();
        }
        if (!added.empty()) add(rule, path, added_widens, title + whose(path) + ": added " + items_words(added));
        if (!gone.empty()) add(rule, path, gone_widens, title + whose(path) + ": taken out " + items_words(gone));
    }

    auto whose(const Path& path) const -> std::string {
        if (purpose_.empty()) return {};
        const auto role = role_of(path);
        return (role.empty() ? "" : ", " + role) + " for " + purpose_;
    }
    auto role_of(const Path& path) const -> std::string {
        return scope_ == "purpose" && path.size() > 2 && path.front() == "roles" ? path[1] : std::string{};
    }

    auto value_words(const std::string& value) const -> std::string {
        if (value.empty()) return "nothing";
        if (value == "true") return "yes";
        if (value == "false") return "no";
        if (value.starts_with('P')) return period_words(value);
        const auto title = code_title(after_, value);
        return title != value ? title : code_title(before_, value);
    }
    auto items_words(const std::vector<std::string>& items) const -> std::string {
        std::string out;
        for (const auto& item : items) out += (out.empty() ? "" : "; ") + value_words(item);
        return out;
    }

    void add(const SettingRule& rule, const Path& path, bool widening, std::string text) {
        const auto* head = widening ? "RELAXED: " : rule.direction == Direction::neutral ? "CHANGED: " : "TIGHTENED: ";
        if (rule.direction == Direction::any) head = "CHANGED, COUNTS AS WIDER: ";
        out_.push_back({widening, std::string{rule.kind}, purpose_, role_of(path), path.back(), head + text, {}});
    }

    const CompiledPack &before_, &after_;
    std::vector<Change>& out_;
    std::string scope_, purpose_;
};

}  // namespace

void diff_settings(const CompiledPack& before, const CompiledPack& after, std::vector<Change>& out) {
    SettingsDiff{before, after, out}.run();
}

}  // namespace cg::policy
