#include "gateway/obs/log.hpp"

#include "gateway/base/time.hpp"
#include "gateway/obs/repeat_limit.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cmath>
#include <memory>
#include <mutex>
#include <span>
#include <utility>

namespace cg::obs {
namespace {

using Sink = std::function<void(std::string_view)>;

class FunctionSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit FunctionSink(Sink to) : sink_(std::move(to)) {}

protected:
    void sink_it_(const spdlog::details::log_msg& message) override { sink_({message.payload.data(), message.payload.size()}); }
    void flush_() override {}

private:
    Sink sink_;
};

auto make_logger(const Sink& sink) -> std::shared_ptr<spdlog::logger> {
    spdlog::sink_ptr out;
    if (sink) out = std::make_shared<FunctionSink>(sink);
    else out = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    out->set_pattern("%v");
    return std::make_shared<spdlog::logger>("casegate", std::move(out));
}

/// All that the log remembers between two lines.
struct Log {
    std::mutex mutex;  // guards the two below; a line is written outside of it
    std::shared_ptr<spdlog::logger> logger = make_logger({});
    RepeatLimit repeats;
    std::atomic<Level> least{Level::info};

    auto current() -> std::shared_ptr<spdlog::logger> {
        const std::lock_guard lock{mutex};
        return logger;
    }
};

auto log() -> Log& {
    static Log instance;
    return instance;
}

auto level_name(Level level) noexcept -> std::string_view {
    constexpr std::array<std::string_view, 4> names{"debug", "info", "warning", "error"};
    return names[static_cast<std::size_t>(level)];
}

/// SE-5: events carry ids and codes alone, and none of them can pass itself off as another line.
/// Printable ASCII as it is, all else escaped as one byte: a line of the log is one line whatever came in.
void append_text(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += '"';
    for (const char c : text.substr(0, max_text_bytes)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte > 0x7e) {
            out += "\\u00";
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
            continue;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    out += '"';
}

void append_value(std::string& out, const Field& field) {
    if (const auto* text = std::get_if<std::string_view>(&field.value)) return append_text(out, *text);
    if (const auto* yes = std::get_if<bool>(&field.value)) {
        out += *yes ? "true" : "false";
        return;
    }
    std::array<char, 32> digits{};
    char* end = digits.data();
    if (const auto* number = std::get_if<double>(&field.value)) {
        if (!std::isfinite(*number)) {
            out += "null";
            return;
        }
        end = std::to_chars(digits.data(), digits.data() + digits.size(), *number).ptr;
    } else {
        end = std::to_chars(digits.data(), digits.data() + digits.size(), std::get<std::int64_t>(field.value)).ptr;
    }
    out.append(digits.data(), end);
}

auto to_line(std::string_view kind, std::span<const Field> fields, Level level) -> std::string {
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    std::string line = "{\"at\":\"" + to_rfc3339(now) + "\",\"level\":\"";
    line += level_name(level);
    line += "\",\"event\":";
    append_text(line, kind);
    for (const auto& field : fields) {
        line += ',';
        append_text(line, field.name);
        line += ':';
        append_value(line, field);
    }
    line += '}';
    return line;
}

void write(std::string_view kind, std::span<const Field> fields, Level level) {
    const auto logger = log().current();
    // The level was looked at already; spdlog takes the line as data, not as a format.
    logger->log(spdlog::level::critical, spdlog::string_view_t{to_line(kind, fields, level)});
}

constexpr char key_separator = '\x1f';

void tell(const std::vector<RepeatLimit::Repeated>& repeated) {
    for (const auto& [key, count] : repeated) {
        const auto cut = key.find(key_separator);
        const auto kind = std::string_view{key}.substr(0, cut);
        const auto source = cut == std::string::npos ? std::string_view{"several"} : std::string_view{key}.substr(cut + 1);
        const std::array fields{Field{"of", kind}, Field{"source", source}, Field{"repeats", count}};
        write("obs.repeated", fields, Level::warning);
    }
}

}  // namespace

void event(std::string_view kind, std::span<const Field> fields, Level level) {
    if (level < log().least.load(std::memory_order_relaxed)) return;
    write(kind, fields, level);
}

void peer_event(std::string_view kind, std::string_view source, std::initializer_list<Field> fields, Level level) {
    if (level < log().least.load(std::memory_order_relaxed)) return;
    std::string key{kind};
    key += key_separator;
    key += source.substr(0, max_text_bytes);
    std::vector<RepeatLimit::Repeated> over;
    bool allowed = false;
    {
        auto& shared = log();
        const auto now = RepeatLimit::Clock::now();
        const std::lock_guard lock{shared.mutex};
        over = shared.repeats.take_over(now);
        allowed = shared.repeats.allow(key, now);
    }
    tell(over);
    if (allowed) write(kind, {fields.begin(), fields.size()}, level);
}

void set_level(Level least) { log().least.store(least, std::memory_order_relaxed); }

void set_sink(Sink sink) {
    auto logger = make_logger(sink);
    auto& shared = log();
    const std::lock_guard lock{shared.mutex};
    shared.logger = std::move(logger);
    shared.repeats = RepeatLimit{};
}

void flush() {
    std::vector<RepeatLimit::Repeated> all;
    {
        auto& shared = log();
        const std::lock_guard lock{shared.mutex};
        all = shared.repeats.take_all();
    }
    tell(all);
    log().current()->flush();
}

}  // namespace cg::obs
