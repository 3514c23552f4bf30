// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/node_program.h"

#include <QDir>
#include <QJsonArray>
#include <QTemporaryDir>

#include <algorithm>

/// What tests of strategies on data share: datasets become a plan, a plan becomes runs of `simulate`.
namespace consilium::test {

class SimulatedRuns
{
public:
    QString path(const QString &name) const { return m_folder.filePath(name); }

    /// A plan for the data folders, with settings KEY=VALUE.
    bool plan(const QString &task, const QStringList &data, const QString &name, const QStringList &settings)
    {
        QStringList fingerprints;
        for (const auto &folder : data) {
            fingerprints << path(QDir(folder).dirName() + ".fingerprint.json");
            if (!ran({"fingerprint", "--data", folder, "--task", task, "--out", fingerprints.back()}))
                return false;
        }
        auto arguments = QStringList{"plan", "--task", task, "--out", path(name), "--fingerprint"} + fingerprints;
        for (const auto &setting : settings)
            arguments << "--set" << setting;
        return ran(arguments);
    }

    struct Outcome
    {
        double test = 0;       ///< Dice of the best round's model on the test cases, mean over the sites
        double validation = 0; ///< on the validation cases, mean over the rounds that were measured
    };
    /// Outcomes by strategy, as asked for; empty when it failed. Prints the table. One thread: as many as there are
    /// cores take them from each other where a machine has other work too.
    QMap<QString, Outcome> simulate(const QString &plan, const QStringList &data, const QStringList &strategies,
                                    const QString &out, const QStringList &more = {})
    {
        QMap<QString, Outcome> outcomes;
        if (!ran(QStringList{"simulate", "--plan", path(plan), "--data"} + data +
                 QStringList{"--strategies", strategies.join(','), "--out", path(out), "--threads", "1", "--json"} +
                 more))
            return outcomes;
        const auto runs = QJsonDocument::fromJson(m_ran.out.toUtf8()).object()["runs"].toArray();
        for (int i = 0; i < strategies.size() && i < runs.size(); ++i) {
            const auto run = runs[i].toObject();
            auto &outcome = outcomes[strategies[i]];
            outcome.test = run["mean"].toDouble();
            int measured = 0;
            for (const auto &round : run["rounds"].toArray()) {
                if (!round.toObject().contains("validation"))
                    continue;
                outcome.validation += round.toObject()["validation"].toDouble();
                ++measured;
            }
            outcome.validation /= std::max(measured, 1);
            qInfo("%-28s test %.3f, validation over the rounds %.3f", qPrintable(strategies[i]), outcome.test,
                  outcome.validation);
        }
        return outcomes;
    }

    bool ran(const QStringList &arguments)
    {
        m_ran = runNode(arguments, 40 * 60 * 1000);
        if (m_ran.code != 0)
            qWarning("%s", qPrintable(m_ran.err));
        return m_ran.code == 0;
    }

private:
    QTemporaryDir m_folder;
    Ran m_ran;
};

} // namespace consilium::test
