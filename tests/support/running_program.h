// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDeadlineTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QThread>
#include <algorithm>
#include <functional>
#include <vector>

namespace consilium::test {

/// Waits until `happened`, looking often; false when it did not in time.
inline bool waitUntil(const std::function<bool()> &happened, int milliseconds = 30000, int everyMicroseconds = 5000)
{
    for (const QDeadlineTimer deadline(milliseconds); !happened(); QThread::usleep(everyMicroseconds)) {
        if (deadline.hasExpired())
            return happened();
    }
    return true;
}

/// A program in the background that tells events as JSON lines. What it prints goes to files, so that nothing it waits
/// for depends on this process, and every event stays at hand.
class RunningProgram
{
public:
    using Environment = std::vector<std::pair<QString, QString>>;

    /// Prints to `log`.out and `log`.err.
    RunningProgram(const QString &program, const QStringList &arguments, const QString &log,
                   const Environment &environment = {})
        : m_out(log + ".out"), m_err(log + ".err")
    {
        auto variables = QProcessEnvironment::systemEnvironment();
        // The proxies of the machine that runs the tests are not those of the hospitals in them.
        for (const auto *name : {"grpc_proxy", "https_proxy", "http_proxy", "no_grpc_proxy", "no_proxy"})
            variables.remove(name);
        for (const auto &[name, value] : environment)
            variables.insert(name, value);
        m_process.setProcessEnvironment(variables);
        m_process.setStandardOutputFile(m_out);
        m_process.setStandardErrorFile(m_err);
        m_process.start(program, arguments);
        m_process.waitForStarted();
        m_pid = m_process.processId();
    }
    ~RunningProgram()
    {
        if (running())
            killAtOnce();
    }

    /// Every event told so far, oldest first.
    const std::vector<QJsonObject> &events()
    {
        QFile file(m_out);
        if (file.open(QIODevice::ReadOnly) && file.seek(m_read)) {
            for (auto line = file.readLine(); line.endsWith('\n'); line = file.readLine()) {
                m_read += line.size();
                m_events.push_back(QJsonDocument::fromJson(line).object());
            }
        }
        return m_events;
    }
    /// The first event of that name, state or text; nothing of what is empty is asked for.
    struct Wanted
    {
        QString event = {}, site = {}, state = {};
        int round = 0;
        bool fits(const QJsonObject &told) const
        {
            return (event.isEmpty() || told["event"].toString() == event) &&
                   (site.isEmpty() || told["site"].toString() == site) &&
                   (state.isEmpty() || told["state"].toString() == state) &&
                   (round == 0 || told["round"].toInt() == round);
        }
    };
    int count(const Wanted &wanted)
    {
        const auto &told = events();
        return static_cast<int>(
            std::count_if(told.begin(), told.end(), [&](const auto &event) { return wanted.fits(event); }));
    }
    bool waitFor(const Wanted &wanted, int milliseconds = 30000)
    {
        return waitUntil([&] { return count(wanted) > 0 || !running(); }, milliseconds) && count(wanted) > 0;
    }
    /// Whether any line it told, on either output, matches.
    bool said(const QRegularExpression &words) const
    {
        return words.match(out()).hasMatch() || words.match(err()).hasMatch();
    }

    bool running() { return m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(0); }
    qint64 pid() const { return m_pid; }
    void killAtOnce() // SIGKILL: nothing of the program runs any more
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    void askToStop() { m_process.terminate(); }
    /// Its exit code; -1 when it did not end in time or crashed.
    int waitForEnd(int milliseconds = 30000)
    {
        if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(milliseconds))
            return -1;
        return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }
    QString out() const { return read(m_out); }
    QString err() const { return read(m_err); }

private:
    static QString read(const QString &name)
    {
        QFile file(name);
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }
    QString m_out, m_err;
    QProcess m_process;
    qint64 m_pid = 0, m_read = 0;
    std::vector<QJsonObject> m_events;
};

} // namespace consilium::test
