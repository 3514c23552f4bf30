// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QProcess>
#include <QProcessEnvironment>
#include <QStandardPaths>
#include <QTcpServer>

namespace consilium::test {

/// Flower itself, in a virtual environment of the build folder.
class Flower
{
public:
    static constexpr auto version = "1.30.0";

    /// Takes the environment that is there, or makes it when Python's package registry can be reached. `home` holds
    /// what Flower keeps of a user.
    explicit Flower(const QString &home)
        : m_folder(QDir(qEnvironmentVariable("CONSILIUM_BIN")).absoluteFilePath(QString("../flower-%1").arg(version)))
    {
        m_environment = QProcessEnvironment::systemEnvironment();
        m_environment.insert("FLWR_HOME", home);
        m_environment.insert("FLWR_TELEMETRY_ENABLED", "0");
        m_environment.insert("FLWR_DISABLE_UPDATE_CHECK", "1");
        m_environment.insert("PATH", m_folder + "/bin:" + m_environment.value("PATH"));
        if (works())
            return;
        const auto python = QStandardPaths::findExecutable("python3");
        if (python.isEmpty()) {
            m_lacks = "python3 is not installed";
            return;
        }
        QDir(m_folder).removeRecursively();
        if (run(python, {"-m", "venv", m_folder}).first != 0) {
            m_lacks = "python3 makes no virtual environment (package python3-venv)";
            return;
        }
        const auto [code, words] =
            run(m_folder + "/bin/pip",
                {"install", "--quiet", "--retries", "1", "--timeout", "15", QString("flwr==%1").arg(version)}, 1800000);
        if (!works())
            m_lacks = QString("pip install flwr==%1 ended with %2: %3").arg(version).arg(code).arg(words.right(300));
    }

    /// Why it is not here; empty when it is.
    QString lacks() const { return m_lacks; }
    const QProcessEnvironment &environment() const { return m_environment; }
    QString program(const QString &name) const { return m_folder + "/bin/" + name; }

    /// Exit code, and what it said on both outputs.
    std::pair<int, QString> run(const QString &program, const QStringList &arguments, int milliseconds = 120000) const
    {
        QProcess process;
        process.setProcessEnvironment(m_environment);
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(program, arguments);
        if (!process.waitForFinished(milliseconds)) {
            process.kill();
            process.waitForFinished();
            return {-1, process.readAll() + " (it did not end in time)"};
        }
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAll()};
    }

private:
    bool works() const
    {
        return QFile::exists(program("flwr")) && run(program("python"), {"-c", "import flwr"}).first == 0;
    }

    QString m_folder, m_lacks;
    QProcessEnvironment m_environment;
};

/// A port that nobody listens on.
inline int freePort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

} // namespace consilium::test
