// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "viewer/cases/csv_field.h"
#include "viewer/reading/reading_results.h"

namespace consilium::viewer {

namespace {

std::string seconds(std::chrono::milliseconds time)
{
    return fmt::format("{}.{:03}", time.count() / 1000, time.count() % 1000);
}

Json numberOrNull(const std::optional<double> &value)
{
    return value ? Json(*value) : Json();
}

} // namespace

std::string resultsCsv(const std::vector<ResultRow> &rows)
{
    std::string text = "reader,position,case,left,right,question,item,side,model,answer,seconds\r\n";
    for (const ResultRow &row : rows)
        text += csvField(row.reader) + "," + std::to_string(row.position) + "," + csvField(row.caseId) + "," +
                csvField(row.left) + "," + csvField(row.right) + "," + csvField(row.question) + "," +
                csvField(row.item) + "," + row.side + "," + csvField(row.model) + "," + csvField(row.answer) + "," +
                seconds(row.time) + "\r\n";
    return text;
}

Json resultsJson(const ReadingResults &results)
{
    Json json{{"session", results.session},
              {"title", results.title},
              {"models", results.models},
              {"readers", results.readers}};
    for (const char *list : {"leftOut", "rows", "times", "choices", "scales", "comparisons", "items", "agreement"})
        json[list] = Json::array();
    for (const auto &[reader, why] : results.leftOut)
        json["leftOut"].push_back({{"reader", reader}, {"why", why}});
    for (const auto &row : results.rows)
        json["rows"].push_back({{"reader", row.reader},
                                {"position", row.position},
                                {"case", row.caseId},
                                {"left", row.left},
                                {"right", row.right},
                                {"question", row.question},
                                {"item", row.item},
                                {"side", row.side},
                                {"model", row.model},
                                {"answer", row.answer},
                                {"seconds", static_cast<double>(row.time.count()) / 1000}});
    for (const auto &time : results.times)
        json["times"].push_back({{"reader", time.reader},
                                 {"cases", time.cases},
                                 {"medianSeconds", static_cast<double>(time.median.count()) / 1000},
                                 {"totalSeconds", static_cast<double>(time.total.count()) / 1000}});
    for (const auto &choice : results.choices) {
        Json entry{{"question", choice.question},   {"reader", choice.reader},
                   {"first", choice.first},         {"second", choice.second},
                   {"firstWins", choice.firstWins}, {"secondWins", choice.secondWins},
                   {"equal", choice.equal},         {"p", choice.p},
                   {"firstShare", Json()}};
        if (choice.firstShare)
            entry["firstShare"] = {{"share", choice.firstShare->share},
                                   {"low", choice.firstShare->low},
                                   {"high", choice.firstShare->high}};
        json["choices"].push_back(std::move(entry));
    }
    for (const auto &scale : results.scales)
        json["scales"].push_back({{"question", scale.question},
                                  {"model", scale.model},
                                  {"answers", scale.answers},
                                  {"median", scale.median},
                                  {"lowerQuartile", scale.lowerQuartile},
                                  {"upperQuartile", scale.upperQuartile}});
    for (const auto &comparison : results.comparisons)
        json["comparisons"].push_back({{"question", comparison.question},
                                       {"first", comparison.first},
                                       {"second", comparison.second},
                                       {"cases", comparison.cases},
                                       {"medianDifference", comparison.medianDifference},
                                       {"pairs", comparison.test.pairs},
                                       {"positiveRanks", comparison.test.positive},
                                       {"p", comparison.test.p},
                                       {"exact", comparison.test.exact}});
    for (const auto &item : results.items)
        json["items"].push_back({{"question", item.question},
                                 {"item", item.item},
                                 {"model", item.model},
                                 {"readings", item.readings},
                                 {"ticked", item.ticked},
                                 {"total", item.total}});
    for (const auto &agreement : results.agreement)
        json["agreement"].push_back({{"question", agreement.question},
                                     {"item", agreement.item},
                                     {"measure", agreement.measure},
                                     {"readers", agreement.readers},
                                     {"value", numberOrNull(agreement.value)},
                                     {"low", numberOrNull(agreement.low)},
                                     {"high", numberOrNull(agreement.high)},
                                     {"subjects", agreement.subjects},
                                     {"leftOut", agreement.leftOut},
                                     {"note", agreement.note}});
    return json;
}

Result<> writeResults(const ReadingResults &results, const std::filesystem::path &file)
{
    if (file.extension() == ".json")
        return writeJson(file, resultsJson(results));
    return writeFileAtomically(file, resultsCsv(results.rows));
}

} // namespace consilium::viewer
