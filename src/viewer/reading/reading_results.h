// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/paired_comparison.h"
#include "viewer/reading/reading_record.h"

namespace consilium::viewer {

/// One answer with the models' names. A checklist gives a row for each of its items, 0 when it was not ticked; a
/// comment is a row of the question "comment".
struct ResultRow
{
    std::string reader;
    std::size_t position = 0;        ///< in this reader's order, from 1
    std::string caseId, left, right; ///< models by side
    std::string question;
    std::string item;                  ///< of a checklist
    std::string side;                  ///< "left", "right"; empty when asked for the case
    std::string model;                 ///< on that side
    std::string answer;                ///< choice: the model's name or "equal"
    std::chrono::milliseconds time{0}; ///< this reader took for the case
};

/// A choice between two models.
struct ChoiceSummary
{
    std::string question;
    std::string reader; ///< empty: all readers, where a case goes to the model that more of them chose
    std::string first, second;
    std::size_t firstWins = 0, secondWins = 0, equal = 0;
    double p = 1;                                     ///< sign test over the cases that were decided
    std::optional<evaluation::Proportion> firstShare; ///< of the cases that were decided, Wilson's interval
};

/// A Likert question for one model (or for the case: then without one), over all readers and cases.
struct ScaleSummary
{
    std::string question, model;
    std::size_t answers = 0;
    double median = 0, lowerQuartile = 0, upperQuartile = 0;
};

/// A Likert question asked for both sides: first minus second, a case counting once with the mean of its readers.
struct ScaleComparison
{
    std::string question, first, second;
    std::size_t cases = 0;
    double medianDifference = 0;
    evaluation::SignedRank test;
};

/// One item of a checklist for one model, over all readers.
struct ItemSummary
{
    std::string question, item, model;
    std::size_t readings = 0; ///< answered
    std::size_t ticked = 0;   ///< of them, with at least one
    std::size_t total = 0;    ///< how many altogether
};

/// Agreement between readers on one question.
struct ReaderAgreement
{
    std::string question;
    std::string item;    ///< of a checklist: whether it was ticked; empty for the number altogether
    std::string measure; ///< "kappa", "kappa linear", "kappa quadratic", "Fleiss kappa", "ICC(2,1)", "ICC(3,1)", ...
    std::vector<std::string> readers;
    std::optional<double> value, low, high; ///< 95 %; Fleiss' kappa has no interval here
    std::size_t subjects = 0, leftOut = 0;  ///< leftOut: not answered by all that are compared
    std::string note;                       ///< why there is no value
};

struct ReaderTime
{
    std::string reader;
    std::size_t cases = 0;
    std::chrono::milliseconds median{0}, total{0};
};

struct ReadingResults
{
    std::string session, title;
    std::vector<std::string> models;
    std::vector<std::string> readers;                         ///< that count, by name
    std::vector<std::pair<std::string, std::string>> leftOut; ///< reader, and why
    std::vector<ResultRow> rows;                              ///< by reader, then in reading order
    std::vector<ReaderTime> times;
    std::vector<ChoiceSummary> choices;
    std::vector<ScaleSummary> scales;
    std::vector<ScaleComparison> comparisons;
    std::vector<ItemSummary> items;
    std::vector<ReaderAgreement> agreement; ///< with two readers or more
};

/// Readers that finished and, in a blinded session, unblinded count; the others are named in leftOut. Errors: Invalid
/// (no records, or of different plans); Unavailable (no reader counts yet).
Result<ReadingResults> resultsOf(std::vector<ReadingRecord> records);

/// Of <study>/reading/<session>. Errors: as resultsOf and readSessionRecords.
Result<ReadingResults> readingResults(const std::filesystem::path &sessionFolder);

/// Fills choices, scales, comparisons, items and agreement; `records` are those that count.
void summarise(const std::vector<ReadingRecord> &records, ReadingResults &results);

/// RFC 4180: a header line, lines ended by CR LF, fields quoted where they must be; seconds with three decimals.
std::string resultsCsv(const std::vector<ResultRow> &rows);
Json resultsJson(const ReadingResults &results);
/// By the ending of `file`: .json, else CSV. Errors: Io.
Result<> writeResults(const ReadingResults &results, const std::filesystem::path &file);

} // namespace consilium::viewer
