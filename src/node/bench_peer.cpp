// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/bench_peer.h"

#include "core/platform.h"
#include "tasks/resources.h"

#include <QProcess>

namespace consilium::node {

namespace {

std::string lastLine(const QByteArray &text)
{
    const auto lines = text.trimmed().split('\n');
    return lines.last().trimmed().toStdString();
}

} // namespace

Result<Peer> Peer::start(const std::string &python, const std::string &script, const QStringList &arguments)
{
    const auto file = tasks::findResource(std::filesystem::path("bench") / script);
    if (file.empty())
        return failWithHint(ErrorCode::NotFound, "Install the program again", "The script {} is not there", script);
    auto process = std::make_unique<QProcess>();
    process->start(QString::fromStdString(python), QStringList{QString::fromStdString(file.string())} + arguments);
    if (!process->waitForStarted())
        return failWithHint(ErrorCode::NotFound, "Name a Python that has PyTorch, as in --peer /usr/bin/python3",
                            "The program '{}' could not be started", python);
    return Peer(std::move(process));
}

Peer::Peer(std::unique_ptr<QProcess> process) : m_process(std::move(process)) {}
Peer::Peer(Peer &&) noexcept = default;

Peer::~Peer()
{
    if (!m_process)
        return;
    m_process->closeWriteChannel();
    if (!m_process->waitForFinished(2000)) {
        m_process->kill();
        m_process->waitForFinished();
    }
}

Result<Json> Peer::ask(const Json &question)
{
    constexpr int lookUpEvery = 200; // milliseconds
    m_process->write(QByteArray::fromStdString(question.dump() + "\n"));
    while (!m_process->canReadLine()) {
        const bool over = !m_process->waitForReadyRead(lookUpEvery) && m_process->state() == QProcess::NotRunning;
        // Ctrl-C in a terminal ends the peer too, so this is asked first.
        if (platform::stopRequested())
            return fail(ErrorCode::Cancelled, "The measurement was stopped");
        if (over)
            return ended();
    }
    const auto line = m_process->readLine().toStdString();
    auto answer = parseJson(line);
    if (!answer)
        return fail(answer.error(), "The peer did not answer in JSON");
    return answer;
}

Result<Json> Peer::ended()
{
    const auto said = lastLine(m_process->readAllStandardError());
    if (said.starts_with("ModuleNotFoundError"))
        return failWithHint(ErrorCode::Unsupported, "Name a Python that has it, as in --peer /usr/bin/python3",
                            "The Python of the peer lacks a module: {}", said);
    return fail(ErrorCode::Internal, "The peer ended without an answer: {}", said);
}

} // namespace consilium::node
