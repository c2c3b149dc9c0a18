// The strict parser: Boost.JSON's tokenizer (RFC 8259, UTF-8) with the rules of I-JSON (RFC 7493) added.

#include "gateway/base/json.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>

namespace cg {
namespace {

namespace bj = boost::json;

constexpr std::int64_t largest_exact_integer = std::int64_t{1} << 53U;
constexpr double first_with_exponent = 1e21;  // ECMAScript writes smaller whole numbers as integers
constexpr const char* beyond_exact = "this integer is beyond 2^53: send it as a string";

/// Builds the tree, and knows at each moment where in the document it stands.
class Handler {
public:
    static constexpr std::size_t max_object_size = SIZE_MAX;
    static constexpr std::size_t max_array_size = SIZE_MAX;
    static constexpr std::size_t max_key_size = SIZE_MAX;
    static constexpr std::size_t max_string_size = SIZE_MAX;

    [[nodiscard]] auto refusal() const -> const std::optional<std::string>& { return refusal_; }
    [[nodiscard]] auto take_root() -> Json { return std::move(root_); }

    /// RFC 6901 pointer to the value that is being read, or to the nearest thing around it that has a short one.
    [[nodiscard]] auto pointer() const -> std::string {
        constexpr std::size_t max_pointer = 1024;
        std::string out;
        for (const auto& level : levels_) {
            if (!level.is_array && !level.has_name) break;
            std::string longer = out;
            append_pointer(longer, level.is_array ? std::to_string(level.container.size()) : level.name);
            if (longer.size() > max_pointer) break;
            out = std::move(longer);
        }
        return out;
    }

    auto on_document_begin(bj::error_code&) -> bool { return true; }
    auto on_document_end(bj::error_code&) -> bool { return true; }
    auto on_object_begin(bj::error_code&) -> bool { return open(Json::object(), false); }
    auto on_array_begin(bj::error_code&) -> bool { return open(Json::array(), true); }
    auto on_object_end(std::size_t, bj::error_code&) -> bool { return close(); }
    auto on_array_end(std::size_t, bj::error_code&) -> bool { return close(); }

    auto on_key_part(bj::string_view part, std::size_t, bj::error_code&) -> bool { return append(part); }
    auto on_key(bj::string_view part, std::size_t, bj::error_code& error) -> bool {
        append(part);
        auto& level = levels_.back();
        level.name = std::exchange(text_, {});
        level.has_name = true;
        if (is_duplicate(level)) return refuse("this member stands here twice", error);
        return true;
    }
    auto on_string_part(bj::string_view part, std::size_t, bj::error_code&) -> bool { return append(part); }
    auto on_string(bj::string_view part, std::size_t, bj::error_code&) -> bool {
        append(part);
        place(Json{std::exchange(text_, {})});
        return true;
    }
    auto on_number_part(bj::string_view part, bj::error_code&) -> bool { return append(part); }
    auto on_int64(std::int64_t, bj::string_view part, bj::error_code& error) -> bool { return number(part, error); }
    auto on_uint64(std::uint64_t, bj::string_view part, bj::error_code& error) -> bool { return number(part, error); }
    auto on_double(double, bj::string_view part, bj::error_code& error) -> bool { return number(part, error); }
    auto on_bool(bool value, bj::error_code&) -> bool {
        place(Json{value});
        return true;
    }
    auto on_null(bj::error_code&) -> bool {
        place(Json{});
        return true;
    }
    auto on_comment_part(bj::string_view, bj::error_code&) -> bool { return true; }
    auto on_comment(bj::string_view, bj::error_code&) -> bool { return true; }

private:
    struct Level {
        Json container;
        bool is_array;
        bool has_name = false;
        std::string name{};                        ///< the member that is being read
        std::set<std::string> names{};  ///< of a large object: an ordered set, since a sender can choose names that collide
    };

    auto append(bj::string_view part) -> bool {
        text_.append(part.data(), part.size());
        return true;
    }

    auto refuse(std::string why, bj::error_code& error) -> bool {
        refusal_ = std::move(why);
        error = bj::make_error_code(bj::error::extra_data);  // any error stops the tokenizer; refusal_ says which
        return false;
    }

    static auto is_duplicate(Level& level) -> bool {
        constexpr std::size_t few = 24;
        const auto& members = *level.container.if_object();
        if (members.size() < few) return level.container.find(level.name) != nullptr;
        if (level.names.empty())
            for (const auto& member : members) level.names.insert(member.name);
        return !level.names.insert(level.name).second;
    }

    void place(Json value) {
        if (levels_.empty()) {
            root_ = std::move(value);
            return;
        }
        auto& level = levels_.back();
        if (level.is_array) {
            level.container.push(std::move(value));
        } else {
            // Known to be new, so this need not search for it again.
            level.container.if_object()->push_back({std::move(level.name), std::move(value)});
            level.has_name = false;
        }
    }

    auto open(Json empty, bool is_array) -> bool {
        levels_.push_back({std::move(empty), is_array});
        return true;
    }

    auto close() -> bool {
        Json done = std::move(levels_.back().container);
        levels_.pop_back();
        place(std::move(done));
        return true;
    }

    auto number(bj::string_view part, bj::error_code& error) -> bool {
        append(part);
        const auto literal = std::exchange(text_, {});
        if (literal.find_first_of(".eE") == std::string::npos) return integer(literal, error);
        double value = 0;
        const auto [end, problem] = std::from_chars(literal.data(), literal.data() + literal.size(), value);
        if (problem == std::errc::result_out_of_range) {
            // from_chars reports overflow and underflow alike. An underflow is zero; an overflow is refused.
            if (!is_below_one(literal)) return refuse("this number is too large", error);
            value = 0;
        }
        // Its canonical form would be an integer that this parser refuses; what is accepted can be said back.
        if (std::abs(value) > static_cast<double>(largest_exact_integer) && std::abs(value) < first_with_exponent)
            return refuse(beyond_exact, error);
        place(Json{value});
        return true;
    }

    auto integer(std::string_view literal, bj::error_code& error) -> bool {
        std::int64_t value = 0;  // exact, where a double would round 2^53 + 1 to 2^53
        const auto [end, problem] = std::from_chars(literal.data(), literal.data() + literal.size(), value);
        if (problem != std::errc{} || value > largest_exact_integer || value < -largest_exact_integer)
            return refuse(beyond_exact, error);
        place(Json{value});
        return true;
    }

    /// Whether a number that is far from 1 is far below it. The digits alone say so, whatever the locale.
    static auto is_below_one(std::string_view literal) -> bool {
        const auto e = std::min(literal.find_first_of("eE"), literal.size());
        const auto mantissa = literal.substr(0, e);
        auto exponent = literal.substr(std::min(e + 1, literal.size()));
        if (exponent.starts_with('+')) exponent.remove_prefix(1);
        std::int64_t power = 0;
        std::from_chars(exponent.data(), exponent.data() + exponent.size(), power);  // the tokenizer bounds it
        const auto point = std::min(mantissa.find('.'), mantissa.size());
        const auto first = mantissa.find_first_of("123456789");
        if (first == std::string_view::npos) return true;
        return power + static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first) <= 0;
    }

    Json root_;
    std::vector<Level> levels_;  ///< the open containers, outermost first
    std::string text_;           ///< the key, string or number that is being collected
    std::optional<std::string> refusal_;
};

auto is_json_space(std::uint8_t c) noexcept -> bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

auto refuse(Errc code, std::string pointer, std::string fix) {
    return fail(code, "JSON refused: " + fix, {Problem{"json/malformed", std::move(pointer), std::move(fix), ""}});
}

auto place_in_text(ByteView text, std::size_t at) -> std::string {
    const auto before = text.first(std::min(at, text.size()));
    const auto line = 1 + std::ranges::count(before, std::uint8_t{'\n'});
    const auto last = std::ranges::find(before.rbegin(), before.rend(), std::uint8_t{'\n'});
    const auto column = 1 + std::distance(before.rbegin(), last);
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

auto refuse_at(const Handler& handler, bj::error_code error, const std::string& where, const JsonLimits& limits) {
    const auto with = [&](std::string fix) { return refuse(Errc::malformed, handler.pointer(), std::move(fix)); };
    if (handler.refusal()) return with(*handler.refusal() + " (" + where + ")");
    if (error == bj::error::too_deep) return with("nest at most " + std::to_string(limits.max_depth) + " levels deep");
    if (error == bj::error::exponent_overflow) return with("this number has too large an exponent (" + where + ")");
    if (error == bj::error::incomplete) return with("send the whole text: it ends early, at " + where);
    return with("mend what is not JSON at " + where + ": " + error.message());
}

}  // namespace

auto parse_json(ByteView untrusted, const JsonLimits& limits) -> Result<Json> {
    if (untrusted.size() > limits.max_bytes)
        return refuse(Errc::too_large, "", "send at most " + std::to_string(limits.max_bytes) + " bytes of JSON");
    if (std::ranges::all_of(untrusted, is_json_space))
        return refuse(Errc::malformed, "", "send a JSON text: there is none, the input is empty");
    if (untrusted.size() >= 3 && untrusted[0] == 0xef && untrusted[1] == 0xbb && untrusted[2] == 0xbf)
        return refuse(Errc::malformed, "", "leave out the byte-order mark at the start");
    bj::parse_options options;
    options.max_depth = limits.max_depth;
    bj::basic_parser<Handler> parser{options};
    bj::error_code error;
    const auto used = parser.write_some(false, reinterpret_cast<const char*>(untrusted.data()), untrusted.size(), error);
    if (error) return refuse_at(parser.handler(), error, place_in_text(untrusted, used), limits);
    const auto rest = std::ranges::find_if_not(untrusted.subspan(used), is_json_space);
    if (rest != untrusted.end())
        return refuse(Errc::malformed, "", "leave out what follows the end of the JSON text at " +
                                               place_in_text(untrusted, static_cast<std::size_t>(rest - untrusted.begin())));
    return parser.handler().take_root();
}

auto parse_json(std::string_view untrusted, const JsonLimits& limits) -> Result<Json> {
    return parse_json(view_bytes(untrusted), limits);
}

}  // namespace cg
