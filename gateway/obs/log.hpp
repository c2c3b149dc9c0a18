#pragma once
/// The operational log: one JSON object a line, to standard error. Events with ids, codes and numbers; never a payload.
///
/// Secret    a text value is an id or a code of ours. Free text, names, values of a message and a peer's own words have no
///           way in: what is not printable ASCII is escaped, what is longer than max_text_bytes is cut.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace cg::obs {

enum class Level : std::uint8_t { debug, info, warning, error };

inline constexpr std::size_t max_text_bytes = 200;

/// One member of an event. Lifetime: borrows its texts for the call only.
struct Field {
    std::string_view name;
    std::variant<std::string_view, std::int64_t, double, bool> value;

    Field(std::string_view n, std::string_view id_or_code) : name(n), value(id_or_code) {}
    Field(std::string_view n, const std::string& id_or_code) : name(n), value(std::string_view{id_or_code}) {}
    Field(std::string_view n, const char* id_or_code) : name(n), value(std::string_view{id_or_code}) {}
    Field(std::string_view n, bool yes) : name(n), value(yes) {}
    Field(std::string_view n, double number) : name(n), value(number) {}
    template <std::integral Number>
        requires(!std::same_as<Number, bool>)
    Field(std::string_view n, Number number) : name(n), value(static_cast<std::int64_t>(number)) {}
};

/// Writes one line: {"at":…,"level":…,"event":kind, fields…}.
///
/// Input     `kind` is a dotted constant such as "gw.message.decided"
/// Threads   any
void event(std::string_view kind, std::span<const Field> fields, Level level = Level::info);
inline void event(std::string_view kind, std::initializer_list<Field> fields = {}, Level level = Level::info) {
    event(kind, std::span<const Field>{fields.begin(), fields.size()}, level);
}

/// The same for what a peer can cause at will: at most five lines a minute for each (kind, source), the rest are counted
/// and told in one line with `repeats` when the minute is over.
///
/// Input     `source` tells peers apart: a certificate's digest, an address, a listener
/// Threads   any
void peer_event(std::string_view kind, std::string_view source, std::initializer_list<Field> fields,
                Level level = Level::warning);

/// Lines below this level are not written. Default: info.
void set_level(Level least);
/// Sends lines to `sink` instead of standard error; an empty function: back to standard error. For tests.
void set_sink(std::function<void(std::string_view line)> sink);
/// Tells what is still counted and not told, and writes out what is buffered. Call at the end of the program.
void flush();

}  // namespace cg::obs
