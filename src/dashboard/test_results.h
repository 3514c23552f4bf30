// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/study.h"

#include <optional>
#include <string>
#include <vector>

namespace consilium::dashboard {

/// Mean foreground Dice, or share of landmarks found (0 to 1), of one model on one site's held-out test cases.
struct TestCell
{
    std::optional<double> value;
    int cases = 0;
    std::optional<int> lesions; ///< reference lesions or regions in those cases, where the site counted them
    bool best = false;          ///< no other model exceeds this value, rounded to three digits, in this column
    bool operator==(const TestCell &) const = default;
};

/// One model and how it did everywhere.
struct TestRow
{
    /// In the order of the table.
    enum class Kind {
        Best,     ///< the global model of the best round
        Round,    ///< the global model after a round
        Personal, ///< a site's personal model, which never leaves it
        Update,   ///< a site's own model at the end of the last round
        Local,    ///< trained on one site's data alone
        Other
    };
    std::string model; ///< as in study.db: "best", "round-7", "personal-north"
    Kind kind = Kind::Other;
    std::string owner;           ///< whose model it is; empty for global ones
    int round = 0;               ///< of Kind::Round
    std::vector<TestCell> cells; ///< one a site
    TestCell mean;               ///< over the sites, each weighing alike; no value unless every site has one

    /// The dash at `site` is no gap: the model stays where it was trained.
    bool staysAway(const std::string &site) const { return kind == Kind::Personal && site != owner; }
    bool operator==(const TestRow &) const = default;
};

/// What the final test says: every model at every site.
struct TestResults
{
    std::vector<std::string> sites; ///< by name; the columns
    std::vector<TestRow> rows;      ///< empty before the test; best federated model first
    bool hasLesions = false;
    // Means over the sites, each weighing alike; nothing unless every site has a value.
    std::optional<double> federated; ///< the best global model
    std::optional<double> own;       ///< each site's own local model
    std::optional<double> others;    ///< the local models of the other sites
    std::optional<double> personal;  ///< each site's personal model
    bool operator==(const TestResults &) const = default;
};

TestResults testResults(const storage::StudySnapshot &study);

} // namespace consilium::dashboard
