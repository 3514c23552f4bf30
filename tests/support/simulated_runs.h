// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/node_program.h"

#include <QDir>
#include <QJsonArray>
#include <QTemporaryDir>

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

    /// Mean test Dice over the sites by strategy, as asked for; empty when it failed. Prints the table.
    QMap<QString, double> simulate(const QString &plan, const QStringList &data, const QStringList &strategies,
                                   const QString &out, const QStringList &more = {})
    {
        QMap<QString, double> means;
        if (!ran(QStringList{"simulate", "--plan", path(plan), "--data"} + data +
                 QStringList{"--strategies", strategies.join(','), "--out", path(out), "--json"} + more))
            return means;
        const auto runs = QJsonDocument::fromJson(m_ran.out.toUtf8()).object()["runs"].toArray();
        for (int i = 0; i < strategies.size() && i < runs.size(); ++i)
            means[strategies[i]] = runs[i].toObject()["mean"].toDouble();
        qInfo("%s", qPrintable(m_ran.err.section("\n\n", -1)));
        return means;
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
