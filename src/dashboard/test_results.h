// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/study.h"

#include <optional>
#include <string>
#include <vector>

namespace consilium::dashboard {

/// Mean foreground Dice, or share of landmarks found (0 to 1), on one site's held-out test cases.
struct TestRow
{
    std::string site; ///< whose cases
    int cases = 0;
    std::optional<double> federated; ///< the federated model ("best")
    std::optional<double> own;       ///< the model trained on this site's data alone
    std::optional<double> others;    ///< mean over the local models of the other sites
};

/// What the final test says. Means weigh every site alike.
struct TestResults
{
    std::vector<TestRow> rows; ///< by site name; empty before the test
    TestRow mean;              ///< a column's mean, where every row has it
};

TestResults testResults(const storage::StudySnapshot &study);

} // namespace consilium::dashboard
