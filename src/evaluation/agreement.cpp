// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/agreement.h"

#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>
#include <limits>

namespace consilium::evaluation {

namespace {

constexpr double kNormal975 = 1.959963984540054;
constexpr double kRounding = 1e-12;

using Table = std::vector<std::vector<double>>;

Table weightTable(int categories, KappaWeights weights)
{
    Table table(static_cast<std::size_t>(categories), std::vector<double>(static_cast<std::size_t>(categories), 0));
    for (int i = 0; i < categories; ++i) {
        for (int j = 0; j < categories; ++j) {
            const double distance = std::abs(i - j) / std::max(1.0, categories - 1.0);
            double &weight = table[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
            if (weights == KappaWeights::None)
                weight = i == j;
            else
                weight = 1 - (weights == KappaWeights::Linear ? distance : distance * distance);
        }
    }
    return table;
}

Result<> checkTables(const Table &counts, const Table &weights)
{
    const std::size_t size = counts.size();
    if (size < 2 || weights.size() != size)
        return fail(ErrorCode::Invalid,
                    "Kappa needs a square table of two categories or more, and weights of its size");
    for (std::size_t i = 0; i < size; ++i) {
        if (counts[i].size() != size || weights[i].size() != size)
            return fail(ErrorCode::Invalid, "Row {} of the table of counts or of weights has another length", i + 1);
        for (std::size_t j = 0; j < size; ++j)
            if (!(counts[i][j] >= 0) || !(weights[i][j] <= 1))
                return fail(ErrorCode::Invalid, "Counts must be 0 or more and weights at most 1");
    }
    return {};
}

tl::unexpected<Error> undefinedKappa()
{
    return fail(ErrorCode::Unavailable, "Kappa is not defined: every answer is the same");
}

} // namespace

Result<Kappa> kappaOfTable(const Table &counts, const Table &weights)
{
    if (auto checked = checkTables(counts, weights); !checked)
        return fail(checked.error());
    const std::size_t size = counts.size();
    double total = 0;
    std::vector<double> rows(size), columns(size);
    for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t j = 0; j < size; ++j) {
            total += counts[i][j];
            rows[i] += counts[i][j];
            columns[j] += counts[i][j];
        }
    }
    if (total <= 0)
        return fail(ErrorCode::Invalid, "There is no case that both readers answered");
    Kappa result;
    result.subjects = static_cast<std::size_t>(std::llround(total));
    std::vector<double> meanOfRow(size), meanOfColumn(size);
    for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t j = 0; j < size; ++j) {
            result.observed += weights[i][j] * counts[i][j] / total;
            result.expected += weights[i][j] * rows[i] * columns[j] / (total * total);
            meanOfRow[i] += weights[i][j] * columns[j] / total;
            meanOfColumn[j] += weights[i][j] * rows[i] / total;
        }
    }
    const double room = 1 - result.expected;
    if (room < kRounding)
        return undefinedKappa();
    result.kappa = (result.observed - result.expected) / room;

    // Equation 13 of Fleiss, Cohen and Everitt.
    double spread = 0;
    for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t j = 0; j < size; ++j) {
            const double term = weights[i][j] * room - (meanOfRow[i] + meanOfColumn[j]) * (1 - result.observed);
            spread += counts[i][j] / total * term * term;
        }
    }
    const double centre = result.observed * result.expected - 2 * result.expected + result.observed;
    const double variance = (spread - centre * centre) / (total * room * room * room * room);
    result.standardError = std::sqrt(std::max(0.0, variance));
    result.low = std::max(-1.0, result.kappa - kNormal975 * result.standardError);
    result.high = std::min(1.0, result.kappa + kNormal975 * result.standardError);
    return result;
}

Result<Kappa> cohenKappa(std::span<const Category> first, std::span<const Category> second, int categories,
                         KappaWeights weights)
{
    if (first.size() != second.size())
        return fail(ErrorCode::Invalid, "The readers answered {} and {} cases", first.size(), second.size());
    if (categories < 2)
        return fail(ErrorCode::Invalid, "Kappa needs two categories or more");
    const auto inside = [&](const Category &category) {
        return !category || (*category >= 0 && *category < categories);
    };
    Table counts(static_cast<std::size_t>(categories), std::vector<double>(static_cast<std::size_t>(categories), 0));
    std::size_t leftOut = 0;
    for (std::size_t i = 0; i < first.size(); ++i) {
        if (!inside(first[i]) || !inside(second[i]))
            return fail(ErrorCode::Invalid, "Answer {} is none of the {} categories", i + 1, categories);
        if (first[i] && second[i])
            ++counts[static_cast<std::size_t>(*first[i])][static_cast<std::size_t>(*second[i])];
        else
            ++leftOut;
    }
    auto result = kappaOfTable(counts, weightTable(categories, weights));
    if (result)
        result->leftOut = leftOut;
    return result;
}

Result<FleissKappa> fleissKappaOfCounts(std::span<const std::vector<int>> counts)
{
    if (counts.empty() || counts.front().size() < 2)
        return fail(ErrorCode::Invalid, "Kappa needs subjects and two categories or more");
    const std::size_t categories = counts.front().size();
    FleissKappa result;
    std::vector<double> shares(categories);
    double answers = 0;
    int readers = 0;
    bool sameReaders = true;
    for (const auto &row : counts) {
        if (row.size() != categories || std::any_of(row.begin(), row.end(), [](int n) { return n < 0; }))
            return fail(ErrorCode::Invalid, "A row of counts has another length or a negative count");
        double answered = 0, pairs = 0;
        for (const int n : row) {
            answered += n;
            pairs += static_cast<double>(n) * (n - 1);
        }
        if (answered < 2) {
            ++result.leftOut;
            continue;
        }
        sameReaders = sameReaders && (readers == 0 || readers == static_cast<int>(answered));
        readers = static_cast<int>(answered);
        ++result.subjects;
        result.observed += pairs / (answered * (answered - 1));
        answers += answered;
        for (std::size_t j = 0; j < categories; ++j)
            shares[j] += row[j];
    }
    if (result.subjects == 0)
        return fail(ErrorCode::Invalid, "There is no case that two readers answered");
    result.observed /= static_cast<double>(result.subjects);
    double spread = 0, skew = 0;
    for (double &share : shares) {
        share /= answers;
        result.expected += share * share;
        spread += share * (1 - share);
        skew += share * (1 - share) * (1 - 2 * share);
    }
    if (1 - result.expected < kRounding)
        return undefinedKappa();
    result.kappa = (result.observed - result.expected) / (1 - result.expected);
    if (sameReaders) {
        const double pairs = static_cast<double>(result.subjects) * readers * (readers - 1);
        result.nullStandardError = std::sqrt(2 / pairs * std::max(0.0, spread * spread - skew)) / spread;
    }
    return result;
}

Result<FleissKappa> fleissKappa(std::span<const std::vector<Category>> answers, int categories)
{
    if (categories < 2)
        return fail(ErrorCode::Invalid, "Kappa needs two categories or more");
    std::vector<std::vector<int>> counts;
    std::size_t missing = 0;
    for (const auto &row : answers) {
        if (row.size() != answers.front().size())
            return fail(ErrorCode::Invalid, "Rows of answers have different numbers of readers");
        std::vector<int> &count = counts.emplace_back(static_cast<std::size_t>(categories), 0);
        std::size_t answered = 0;
        for (const Category &category : row) {
            if (!category)
                continue;
            if (*category < 0 || *category >= categories)
                return fail(ErrorCode::Invalid, "An answer is none of the {} categories", categories);
            ++count[static_cast<std::size_t>(*category)];
            ++answered;
        }
        if (answered >= 2)
            missing += row.size() - answered;
    }
    auto result = fleissKappaOfCounts(counts);
    if (result)
        result->missingAnswers = missing;
    return result;
}

namespace {

double fisher975(double numerator, double denominator)
{
    return boost::math::quantile(boost::math::fisher_f(numerator, denominator), 0.975);
}

/// Mean squares of a table of n subjects by k readers.
struct MeanSquares
{
    double n = 0, k = 0;
    double subjects = 0; ///< between subjects, n - 1 degrees of freedom
    double readers = 0;  ///< between readers, k - 1
    double within = 0;   ///< within subjects, n (k - 1)
    double residual = 0; ///< (n - 1)(k - 1)
};

MeanSquares meanSquares(const Table &rows)
{
    MeanSquares result;
    result.n = static_cast<double>(rows.size());
    result.k = static_cast<double>(rows.front().size());
    std::vector<double> columns(rows.front().size());
    double grand = 0;
    for (const auto &row : rows) {
        for (std::size_t j = 0; j < row.size(); ++j) {
            columns[j] += row[j] / result.n;
            grand += row[j] / (result.n * result.k);
        }
    }
    for (const auto &row : rows) {
        double mean = 0;
        for (const double value : row)
            mean += value / result.k;
        result.subjects += result.k * (mean - grand) * (mean - grand);
        for (std::size_t j = 0; j < row.size(); ++j) {
            result.within += (row[j] - mean) * (row[j] - mean);
            const double rest = row[j] - mean - columns[j] + grand;
            result.residual += rest * rest;
        }
    }
    for (const double column : columns)
        result.readers += result.n * (column - grand) * (column - grand);
    result.subjects /= result.n - 1;
    result.readers /= result.k - 1;
    result.within /= result.n * (result.k - 1);
    result.residual /= (result.n - 1) * (result.k - 1);
    return result;
}

/// ICC of a ratio F of mean squares: single (F - 1) / (F + k - 1), average 1 - 1 / F.
void fromRatio(double between, double error, double k, double lowQuantile, double highQuantile,
               IntraclassCorrelation &single, IntraclassCorrelation &average)
{
    if (error <= 0) {
        single = average = {1, 1, 1};
        return;
    }
    const double ratio = between / error;
    const auto one = [&](double f) { return (f - 1) / (f + k - 1); };
    const auto all = [](double f) { return f > 0 ? 1 - 1 / f : -std::numeric_limits<double>::infinity(); };
    const double low = ratio / lowQuantile, high = ratio * highQuantile;
    single = {one(ratio), one(low), one(high)};
    average = {all(ratio), all(low), all(high)};
}

void agreementForms(const MeanSquares &m, IntraclassCorrelation &single, IntraclassCorrelation &average)
{
    const double n = m.n, k = m.k;
    const double r = (m.subjects - m.residual) / (m.subjects + (k - 1) * m.residual + k * (m.readers - m.residual) / n);
    single.value = r;
    average.value = (m.subjects - m.residual) / (m.subjects + (m.readers - m.residual) / n);
    const double a = k * r * m.readers, b = m.residual * (n * (1 + (k - 1) * r) - k * r);
    if (a == 0 && b == 0) {
        single.low = single.high = average.low = average.high = r;
        return;
    }
    const double freedom = (k - 1) * (n - 1) * (a + b) * (a + b) / ((n - 1) * a * a + b * b);
    const double upper = fisher975(n - 1, freedom), lower = fisher975(freedom, n - 1);
    const double rest = k * m.readers + (k * n - k - n) * m.residual;
    single.low = n * (m.subjects - upper * m.residual) / (upper * rest + n * m.subjects);
    single.high = n * (lower * m.subjects - m.residual) / (rest + n * lower * m.subjects);
    const auto ofMean = [&](double value) { return k * value / (1 + (k - 1) * value); };
    average.low = ofMean(single.low);
    average.high = ofMean(single.high);
}

} // namespace

Result<IntraclassCorrelations> intraclassCorrelations(std::span<const std::vector<std::optional<double>>> values)
{
    IntraclassCorrelations result;
    if (values.empty() || values.front().size() < 2)
        return fail(ErrorCode::Invalid, "Intraclass correlation needs two readers or more");
    result.readers = values.front().size();
    Table rows;
    for (const auto &row : values) {
        if (row.size() != result.readers)
            return fail(ErrorCode::Invalid, "Rows of numbers have different numbers of readers");
        if (std::any_of(row.begin(), row.end(), [](const auto &value) { return value && !std::isfinite(*value); }))
            return fail(ErrorCode::Invalid, "A reader's number is not finite");
        if (std::any_of(row.begin(), row.end(), [](const auto &value) { return !value; })) {
            ++result.leftOut;
            continue;
        }
        auto &whole = rows.emplace_back();
        for (const auto &value : row)
            whole.push_back(*value);
    }
    result.subjects = rows.size();
    if (rows.size() < 2)
        return fail(ErrorCode::Invalid, "Intraclass correlation needs two cases that all readers answered");
    MeanSquares m = meanSquares(rows);
    const double scale = m.subjects + m.within + m.readers;
    if (scale <= 0)
        return fail(ErrorCode::Unavailable, "Intraclass correlation is not defined: every number is the same");
    // What is left of equal numbers after rounding is no disagreement.
    for (double *square : {&m.subjects, &m.readers, &m.within, &m.residual})
        if (*square < kRounding * scale)
            *square = 0;
    const double subjects = m.n - 1, within = m.n * (m.k - 1), residual = (m.n - 1) * (m.k - 1);
    fromRatio(m.subjects, m.within, m.k, fisher975(subjects, within), fisher975(within, subjects), result.oneWay,
              result.oneWayAverage);
    agreementForms(m, result.agreement, result.agreementAverage);
    if (m.subjects <= 0 && m.residual <= 0)
        result.consistency = result.consistencyAverage = {0, 0, 0};
    else
        fromRatio(m.subjects, m.residual, m.k, fisher975(subjects, residual), fisher975(residual, subjects),
                  result.consistency, result.consistencyAverage);
    return result;
}

} // namespace consilium::evaluation
