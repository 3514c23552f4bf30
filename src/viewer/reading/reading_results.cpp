// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/reading/reading_results.h"

#include "evaluation/statistics.h"

#include <algorithm>
#include <cmath>

namespace consilium::viewer {

namespace {

std::string answerText(const Answer &answer, const ResultRow &row)
{
    if (const auto *choice = std::get_if<Choice>(&answer))
        return *choice == Choice::Equal ? "equal" : *choice == Choice::Left ? row.left : row.right;
    if (const auto *grade = std::get_if<int>(&answer))
        return std::to_string(*grade);
    return std::get<std::string>(answer);
}

void addRows(const ReadingRecord &record, std::vector<ResultRow> &rows)
{
    const auto model = [&](int index) { return record.plan.models[static_cast<std::size_t>(index)]; };
    for (std::size_t i = 0; i < record.readings.size(); ++i) {
        const Reading &reading = record.readings[i];
        ResultRow row;
        row.reader = record.reader;
        row.position = i + 1;
        row.caseId = reading.item.caseId;
        row.left = model(reading.item.left);
        row.right = model(reading.item.right);
        row.time = reading.time;
        for (const ReadingStep &step : steps(record.plan)) {
            const ReadingQuestion &question = record.plan.questions[step.question];
            const auto found = reading.answers.find(answerKey(record.plan, step));
            if (found == reading.answers.end())
                continue;
            row.question = question.id;
            row.side = !step.side ? "" : *step.side == Side::Left ? "left" : "right";
            row.model = !step.side ? "" : *step.side == Side::Left ? row.left : row.right;
            const auto *checked = std::get_if<Checked>(&found->second);
            if (!checked) {
                row.item.clear();
                row.answer = answerText(found->second, row);
                if (!row.answer.empty())
                    rows.push_back(row);
                continue;
            }
            for (const ChecklistItem &item : question.items) {
                const auto count = checked->find(item.id);
                row.item = item.id;
                row.answer = std::to_string(count == checked->end() ? 0 : count->second);
                rows.push_back(row);
            }
        }
        if (!reading.comment.empty()) {
            row.question = "comment";
            row.item = row.side = row.model = "";
            row.answer = reading.comment;
            rows.push_back(row);
        }
    }
}

ReaderTime timeOf(const ReadingRecord &record)
{
    ReaderTime time{record.reader, record.readings.size(), {}, {}};
    std::vector<double> times;
    for (const Reading &reading : record.readings) {
        times.push_back(static_cast<double>(reading.time.count()));
        time.total += reading.time;
    }
    time.median = std::chrono::milliseconds(std::llround(evaluation::median(times).value_or(0)));
    return time;
}

} // namespace

Result<ReadingResults> resultsOf(std::vector<ReadingRecord> records)
{
    if (records.empty())
        return fail(ErrorCode::Invalid, "No one has read in this session yet");
    std::sort(records.begin(), records.end(), [](const auto &a, const auto &b) { return a.reader < b.reader; });
    ReadingResults results;
    results.session = records.front().session;
    results.title = records.front().plan.title;
    results.models = records.front().plan.models;
    std::vector<ReadingRecord> counting;
    for (auto &record : records) {
        if (record.planHash != records.front().planHash)
            return fail(ErrorCode::Invalid, "{} and {} read in '{}' with different plans", records.front().reader,
                        record.reader, results.session);
        if (!record.finished)
            results.leftOut.emplace_back(record.reader, "has not finished");
        else if (record.plan.blinded && !record.unblinded)
            results.leftOut.emplace_back(record.reader, "has not unblinded");
        else
            counting.push_back(record);
    }
    if (counting.empty())
        return fail(ErrorCode::Unavailable, "No reader of '{}' has finished{} yet", results.session,
                    records.front().plan.blinded ? " and unblinded" : "");
    for (const auto &record : counting) {
        results.readers.push_back(record.reader);
        results.times.push_back(timeOf(record));
        addRows(record, results.rows);
    }
    summarise(counting, results);
    return results;
}

Result<ReadingResults> readingResults(const std::filesystem::path &sessionFolder)
{
    auto records = readSessionRecords(sessionFolder);
    if (!records)
        return fail(records.error());
    return resultsOf(std::move(*records));
}

} // namespace consilium::viewer
