// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/node_process.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace consilium::app {

namespace {

constexpr qsizetype keptErrors = 8192;
// A line this long is no event: the stream is broken, and memory is not.
constexpr qsizetype longestLine = 1 << 20;

} // namespace

QString nodeProgram()
{
#ifdef Q_OS_WIN
    return QCoreApplication::applicationDirPath() + QStringLiteral("/consilium-node.exe");
#else
    return QCoreApplication::applicationDirPath() + QStringLiteral("/consilium-node");
#endif
}

NodeProcess::NodeProcess(QString program, QObject *parent) : QObject(parent), m_program(std::move(program))
{
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, &m_process, &QProcess::kill);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &NodeProcess::readEvents);
    connect(&m_process, &QProcess::readyReadStandardError, this, &NodeProcess::readErrors);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            conclude(false, tr("The program %1 could not be started: %2").arg(m_program, m_process.errorString()));
    });
    connect(&m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        readEvents();
        readErrors();
        if (status == QProcess::NormalExit && code == 0)
            return conclude(true, {});
        const auto lines = m_errors.trimmed().split('\n');
        auto message = QString::fromUtf8(lines.last()).trimmed();
        if (message.startsWith(QLatin1String("consilium-node: ")))
            message.remove(0, 16);
        if (message.isEmpty() || status == QProcess::CrashExit)
            message = m_stopping ? tr("The node was stopped") : tr("The node ended unexpectedly (status %1)").arg(code);
        conclude(false, message);
    });
}

NodeProcess::~NodeProcess()
{
    m_process.disconnect(this);
    if (isRunning()) {
        m_process.terminate();
        if (!m_process.waitForFinished(1000)) {
            m_process.kill();
            m_process.waitForFinished(1000);
        }
    }
}

void NodeProcess::start(const QStringList &arguments)
{
    m_output.clear();
    m_errors.clear();
    m_stopping = false;
    m_told = false;
    m_process.start(m_program, arguments);
    m_process.closeWriteChannel();
}

void NodeProcess::stop(int deadlineMilliseconds)
{
    if (!isRunning() || m_stopping)
        return;
    m_stopping = true;
    m_process.terminate();
    m_deadline.start(deadlineMilliseconds);
}

void NodeProcess::readEvents()
{
    m_output += m_process.readAllStandardOutput();
    qsizetype begin = 0;
    for (qsizetype end; (end = m_output.indexOf('\n', begin)) >= 0; begin = end + 1) {
        const auto json = Json::parse(m_output.cbegin() + begin, m_output.cbegin() + end, nullptr, false);
        if (json.is_object())
            Q_EMIT event(json);
    }
    m_output.remove(0, begin);
    if (m_output.size() > longestLine)
        m_output.clear();
}

void NodeProcess::readErrors()
{
    m_errors += m_process.readAllStandardError();
    if (m_errors.size() > keptErrors)
        m_errors = m_errors.right(keptErrors);
}

void NodeProcess::conclude(bool ok, QString message)
{
    m_deadline.stop();
    if (m_told)
        return;
    m_told = true;
    Q_EMIT finished(ok, message);
}

} // namespace consilium::app
