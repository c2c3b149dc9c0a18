#include "policy/pack_tests_read.hpp"

namespace cg::policy {
namespace {

constexpr std::string_view tests_folder = "tests/";

class TablesReader {
public:
    TablesReader(std::string_view file, Faults& faults, TestTables& out) : file_(file), faults_(faults), out_(out) {}

    void read(const TomlNode& root) {
        TableReader reader{file_, root, faults_};
        static_cast<void>(reader.text_or("about", ""));
        if (const auto* bases = reader.table_if("base"))
            for (const auto& [name, node] : bases->members) read_base(name, node);
        for (const auto* node : reader.tables("row")) read_row(*node);
        reader.finish();
    }

private:
    void read_base(const std::string& name, const TomlNode& node) {
        TableReader reader{file_, node, faults_};
        static_cast<void>(reader.text_or("about", ""));
        TestBase base;
        base.from = reader.text("from");
        base.at = moment(reader);
        if (const auto* tree = reader.table("case")) {
            base.case_tree = to_json(*tree);
            if (base.case_tree["schema"].text().empty()) base.case_tree.set("schema", "case/1");
        }
        reader.finish();
        if (!out_.bases.emplace(name, std::move(base)).second)
            reader.fault("pack/test-case", "There is another case of this name: give it one of its own.");
    }

    void read_row(const TomlNode& node) {
        TableReader reader{file_, node, faults_};
        TestRow row;
        row.place = std::string{file_} + ":" + std::to_string(node.line) + ":" + std::to_string(node.column);
        row.name = reader.text("name");
        if (const auto* given = reader.table("given")) read_given(*given, row);
        if (const auto* when = reader.table("when")) read_when(*when, row);
        if (const auto* then = reader.table("then")) read_then(*then, row.then);
        reader.finish();
        out_.rows.push_back(std::move(row));
    }

    void read_given(const TomlNode& node, TestRow& row) {
        TableReader reader{file_, node, faults_};
        row.base = reader.text("case");
        if (const auto* with = reader.table_if("with"))
            for (const auto& [place, value] : with->members) row.with.emplace_back(place, to_json(value));
        row.without = reader.texts_or_none("without");
        reader.finish();
    }

    void read_when(const TomlNode& node, TestRow& row) {
        TableReader reader{file_, node, faults_};
        row.purpose = reader.text("purpose");
        row.to = reader.text("to");
        row.from = reader.text_or("from", "");
        row.urgency = reader.text_or("urgency", "");
        row.question = reader.text_or("question", "");
        row.at = moment(reader);
        reader.finish();
    }

    void read_then(const TomlNode& node, TestExpectation& out) {
        TableReader reader{file_, node, faults_};
        out.outcome = reader.text("outcome");
        if (!out.outcome.empty() && out.outcome != "PERMIT" && out.outcome != "DENY" && out.outcome != "REVIEW")
            reader.fault_at("outcome", "pack/code-unknown", "Say PERMIT, DENY or REVIEW.");
        out.released = reader.texts_or_none("released");
        if (const auto* withheld = reader.table_if("withheld"))
            for (const auto& [what, reason] : withheld->members) out.withheld.emplace_back(what, reason.text);
        if (node.find("problems") != nullptr) out.problems = reader.texts("problems");
        out.warnings = reader.texts_or_none("warnings");
        out.obligations = reader.texts_or_none("obligations");
        reader.finish();
    }

    /// `at = "2026-04-13T11:00:00Z"`, or `on = 2026-04-13` for noon of that day.
    auto moment(TableReader& reader) -> std::optional<Instant> {
        const auto text = reader.text_or("at", "");
        const auto day = reader.date_if("on");
        if (day) return Instant{std::chrono::sys_days{*day} + std::chrono::hours{12}};
        if (text.empty()) return std::nullopt;
        auto at = parse_instant(text);
        if (at) return at.value();
        reader.fault_at("at", "pack/wrong-type", "Write the moment in quotes, such as \"2026-04-13T11:00:00Z\".");
        return std::nullopt;
    }

    auto to_json(const TomlNode& node) -> Json {
        switch (node.kind) {
            case TomlNode::Kind::text: return Json{node.text};
            case TomlNode::Kind::integer: return Json{node.integer};
            case TomlNode::Kind::flag: return Json{node.flag};
            case TomlNode::Kind::date: return Json{to_iso_date(node.date)};
            case TomlNode::Kind::list: {
                Json out = Json::array();
                for (const auto& item : node.items) out.push(to_json(item));
                return out;
            }
            case TomlNode::Kind::table: {
                Json out = Json::object();
                for (const auto& [key, value] : node.members) out.set(key, to_json(value));
                return out;
            }
            case TomlNode::Kind::other: break;
        }
        faults_.add(file_, node, "pack/wrong-type", "Write moments in quotes, and numbers without a point.");
        return {};
    }

    std::string_view file_;
    Faults& faults_;
    TestTables& out_;
};

}  // namespace

auto read_test_tables(const PackFiles& files, Faults& faults) -> TestTables {
    TestTables out;
    for (const auto& [name, text] : files) {
        if (!name.starts_with(tests_folder)) continue;
        if (const auto root = parse_toml(name, text, faults)) TablesReader{name, faults, out}.read(*root);
    }
    return out;
}

}  // namespace cg::policy
