// answers.toml: what is said, and by when, if something is not shared, is asked for, is put right or is taken back.
#include "policy/pack_load.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

auto read_period(TableReader& reader, std::string_view key) -> std::optional<Period> {
    const auto text = reader.text_or(key, "");
    if (text.empty()) return std::nullopt;
    auto period = parse_period(text);
    if (period) return period.value();
    reader.fault_at(key, "pack/period", "Write a period such as PT4H, P5D, P12M or 'P1D working'.");
    return std::nullopt;
}

void load_deadlines(TableReader& file, Answers& out) {
    const auto* table = file.table_if("deadlines");
    if (table == nullptr) return;
    TableReader reader{file.file(), *table, file.faults()};
    out.review_within = read_period(reader, "review");
    out.discuss_within = read_period(reader, "discussion");
    out.answer_within = read_period(reader, "answer");
    out.record_within = read_period(reader, "record");
    if (const auto* draft = reader.table_if("draft")) {
        TableReader inner{file.file(), *draft, file.faults()};
        out.draft_within = read_period(inner, "within");
        out.draft_levels = inner.texts("levels");
        inner.finish();
    }
    reader.finish();
}

void load_hidden(TableReader& refusals, Answers& out) {
    const auto* table = refusals.table_if("neither_confirm_nor_deny");
    if (table == nullptr) return;
    TableReader reader{refusals.file(), *table, refusals.faults()};
    out.hidden_purposes = reader.texts_or_none("purposes");
    out.hidden_text = reader.text("text");
    out.hidden_after = read_period(reader, "after");
    reader.finish();
}

void load_refusal_rules(TableReader& file, Answers& out) {
    const auto* table = file.table_if("refusals");
    if (table == nullptr) return;
    TableReader reader{file.file(), *table, file.faults()};
    const auto least = reader.integer_or("text_min", 1);
    if (least < 1 || least > 10'000) reader.fault_at("text_min", "pack/limit", "text_min is 1 to 10000.");
    out.refusal_text_min = static_cast<std::size_t>(std::clamp<std::int64_t>(least, 1, 10'000));
    out.organisational_interest = reader.texts_or_none("organisational_interest");
    if (const auto* retention = reader.table("retention")) {
        TableReader inner{file.file(), *retention, file.faults()};
        out.retention_class = inner.text("class");
        out.retention_anchor = inner.text("anchor");
        out.retention_period = inner.text("period");
        if (const auto kept = parse_period(out.retention_period);
            !out.retention_period.empty() && (!kept || is_nothing(kept.value())))
            inner.fault_at("period", "pack/period", "Write how long, such as P6Y.");
        out.retention_then = inner.text("then");
        if (!out.retention_then.empty() && out.retention_then != "review" && out.retention_then != "destroy")
            inner.fault_at("then", "pack/code-unknown", "Say 'review' or 'destroy'.");
        inner.finish();
    }
    out.general_text = reader.text("general_text");
    load_hidden(reader, out);
    reader.finish();
}

void load_texts(TableReader& file, std::string_view key, TextMap<std::string>& out) {
    const auto* table = file.table_if(key);
    if (table == nullptr) return;
    for (const auto& [code, node] : table->members) {
        TableReader reader{file.file(), node, file.faults()};
        out[code] = reader.text("text");
        reader.finish();
    }
}

}  // namespace

void load_answers(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults) {
    TableReader reader{file, root, faults};
    auto& out = pack.answers;
    load_deadlines(reader, out);
    load_refusal_rules(reader, out);
    load_texts(reader, "correction", out.corrections);
    load_texts(reader, "outcome", out.outcomes);
    if (const auto* table = reader.table_if("notices")) {
        TableReader notices{file, *table, faults};
        out.correction_notice = notices.text("correction_without_content");
        out.withdrawal_notice = notices.text("consent_withdrawn");
        notices.finish();
    }
    reader.finish();
}

}  // namespace cg::policy
