// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QProcessEnvironment>
#include <QString>
#include <QStringList>

/// The real consilium-node, run as people run it.
namespace consilium::test {

inline QString nodeProgram()
{
    return QDir(qEnvironmentVariable("CONSILIUM_BIN")).filePath("consilium-node");
}

struct Ran
{
    int code = -1;
    QString out, err;
    QStringList errLines() const { return err.split('\n', Qt::SkipEmptyParts); }
};

inline Ran runNode(const QStringList &arguments, int milliseconds = 50000)
{
    QProcess process;
    process.start(nodeProgram(), arguments);
    process.closeWriteChannel();
    if (!process.waitForFinished(milliseconds)) {
        process.kill();
        process.waitForFinished();
        return {-2, process.readAllStandardOutput(), "it did not end in time"};
    }
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -3, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

/// A node that goes on in the background, its events read line by line.
class RunningNode
{
public:
    explicit RunningNode(const QStringList &arguments)
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("OMP_WAIT_POLICY", "PASSIVE");
        m_process.setProcessEnvironment(environment);
        m_process.start(nodeProgram(), arguments);
        m_process.waitForStarted();
    }
    ~RunningNode()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    /// Waits for an event of that name (and, when given, of that site); nothing when none came in time.
    QJsonObject waitForEvent(const QString &name, const QString &site = {}, int milliseconds = 60000)
    {
        QDeadlineTimer deadline(milliseconds);
        while (!deadline.hasExpired()) {
            while (m_process.canReadLine()) {
                const auto event = QJsonDocument::fromJson(m_process.readLine()).object();
                if (event["event"].toString() == name && (site.isEmpty() || event["site"].toString() == site))
                    return event;
            }
            if (m_process.state() == QProcess::NotRunning && !m_process.canReadLine())
                break;
            m_process.waitForReadyRead(200);
        }
        return {};
    }
    void killAtOnce() // SIGKILL: nothing of the program runs any more
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    int waitForEnd(int milliseconds)
    {
        // Read on, so that a full pipe does not hold it up.
        QDeadlineTimer deadline(milliseconds);
        while (m_process.state() != QProcess::NotRunning && !deadline.hasExpired()) {
            m_process.waitForFinished(100);
            m_process.readAllStandardOutput();
        }
        return m_process.state() == QProcess::NotRunning && m_process.exitStatus() == QProcess::NormalExit
                   ? m_process.exitCode()
                   : -1;
    }
    QString err() { return m_process.readAllStandardError(); }

private:
    QProcess m_process;
};

inline bool writeText(const QString &file, const QByteArray &text)
{
    QDir().mkpath(QFileInfo(file).path());
    QFile out(file);
    return out.open(QIODevice::WriteOnly) && out.write(text) == text.size();
}

/// A task small enough for a test: two resolutions, four features, 16-voxel patches.
inline QByteArray tinyTask(int rounds, int batches)
{
    return QStringLiteral(
               R"({"name": "ms-lesions", "title": "Tiny", "kind": "volume-segmentation", "channels": ["FLAIR", "T1"],
        "labels": ["background", "lesion"], "description": "for tests",
        "plan": {"seed": 7, "network": {"kind": "unet", "dimensions": 3, "features": [4, 8], "deepSupervision": false},
          "augmentation": {"rotation": 10, "scaling": [0.9, 1.1], "mirror": [0], "gamma": [0.9, 1.1], "noise": 0.05},
          "training": {"epochsPerRound": 1, "batchesPerEpoch": %2, "batchSize": 2, "patch": [32, 32, 32],
            "optimizer": {"kind": "adamw", "lr": 0.003, "weightDecay": 0.01}, "schedule": {"kind": "poly", "power": 0.9},
            "loss": "dice+ce", "foreground": 0.66},
          "federation": {"strategy": {"kind": "fedavg"}, "rounds": %1, "quorum": 2, "idleLimitSeconds": 120},
          "privacy": {"minimumCases": 3}, "evaluation": {"everyRounds": 1, "selectBest": "validation"}}})")
        .arg(rounds)
        .arg(batches)
        .toUtf8();
}

} // namespace consilium::test
