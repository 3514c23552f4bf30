// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QStandardPaths>
#include <QStringList>

namespace consilium::test {

/// What a program of somebody else's said.
struct ToolRun
{
    int exitCode = -1;
    QByteArray output, errors;
};

/// Runs it to its end, two minutes at most.
inline ToolRun runTool(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForStarted() || !process.waitForFinished(120000)) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

/// The distribution's Python, which sees the modules that its packages bring, when it has `module`; else nothing.
inline QString pythonWith(const QString &module)
{
    const QString python = QStandardPaths::findExecutable("python3", {"/usr/bin"});
    if (python.isEmpty() || runTool(python, {"-c", "import " + module}).exitCode != 0)
        return {};
    return python;
}

} // namespace consilium::test
