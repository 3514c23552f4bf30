// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/console.h"
#include "node/simulation.h"

namespace consilium::node {

namespace {

std::vector<std::string> rowOf(const std::string &label, const Json &entries, double mean, const std::string &note)
{
    std::vector<std::string> row{label, fmt::format("{:.3f}", mean)};
    for (const auto &entry : entries) {
        const int cases = entry.value("cases", 0);
        row.push_back(cases > 0 ? fmt::format("{:.3f} ({})", headlineOf(entry), cases) : "no cases");
    }
    row.push_back(note);
    return row;
}

/// A label may hold commas and quotes.
std::string quoted(const std::string &text)
{
    std::string result = "\"";
    for (const char c : text)
        result += c == '"' ? std::string("\"\"") : std::string(1, c);
    return result + "\"";
}

std::string csvRows(const std::string &label, const Json &entries)
{
    std::string text;
    for (const auto &entry : entries) {
        const auto model = entry.contains("model") ? label + " " + entry["model"].get<std::string>() : label;
        for (const auto &metric : entry["metrics"])
            text += fmt::format("{},{},{},{},{}\n", quoted(model), quoted(entry["site"].get<std::string>()),
                                quoted(metric["name"].get<std::string>()), metric["value"].get<double>(),
                                metric["support"].get<int>());
    }
    return text;
}

} // namespace

std::string resultsTable(const std::vector<Json> &records, const std::vector<std::string> &sites)
{
    std::vector<std::vector<std::string>> rows{{"test cases", "mean"}};
    for (const auto &site : sites)
        rows[0].push_back(site);
    rows[0].push_back("best round");
    for (const auto &record : records) {
        const auto label = record["label"].get<std::string>();
        const auto note = record.contains("bestRound") ? std::to_string(record["bestRound"].get<int>()) : "";
        rows.push_back(rowOf(label, record["test"], record["mean"].get<double>(), note));
        if (record.contains("personal"))
            rows.push_back(
                rowOf(label + ", own models", record["personal"], record["personalMean"].get<double>(), note));
        if (record.contains("elsewhere"))
            rows.push_back({label + ", on other sites", fmt::format("{:.3f}", record["elsewhere"].get<double>())});
    }
    return alignedTable(rows);
}

std::string resultsCsv(const std::vector<Json> &records)
{
    std::string text = "model,site,metric,value,cases\n";
    for (const auto &record : records) {
        const auto label = record["label"].get<std::string>();
        text += csvRows(label, record.contains("matrix") ? record["matrix"] : record["test"]);
        if (record.contains("personal"))
            text += csvRows(label + ", own models", record["personal"]);
    }
    return text;
}

} // namespace consilium::node
