// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/demo_processes.h"

#include "core/file.h"
#include "core/json.h"
#include "core/platform.h"

#include <QProcess>
#include <QProcessEnvironment>
#include <algorithm>
#include <sstream>

namespace consilium::node {

namespace {

std::filesystem::path errorLog(const std::filesystem::path &log)
{
    return log.string() + ".err";
}

std::string lastLine(const std::filesystem::path &file)
{
    auto text = readFile(file).value_or(std::string());
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    return text.substr(text.rfind('\n') + 1);
}

} // namespace

NodeProcesses::NodeProcesses() = default;

NodeProcesses::~NodeProcesses()
{
    for (auto &child : m_children)
        child.process->terminate();
    for (auto &child : m_children) {
        if (!child.process->waitForFinished(20'000))
            child.process->kill();
        child.process->waitForFinished(2'000);
    }
}

Result<> NodeProcesses::start(const std::string &name, const std::vector<std::string> &arguments,
                              const std::filesystem::path &log)
{
    Child child{name, log, std::make_unique<QProcess>()};
    std::error_code ignored;
    std::filesystem::create_directories(log.parent_path(), ignored);
    child.process->setProgram(QString::fromStdString((platform::programFolder() / "consilium-node").string()));
    QStringList list;
    for (const auto &argument : arguments)
        list << QString::fromStdString(argument);
    child.process->setArguments(list);
    child.process->setStandardInputFile(QProcess::nullDevice());
    child.process->setStandardOutputFile(QString::fromStdString(log.string()), QIODevice::Append);
    child.process->setStandardErrorFile(QString::fromStdString(errorLog(log).string()), QIODevice::Append);
    // Several trainings share the cores: threads that spin while they wait would take them from each other. OpenMP
    // reads this once, when a program is loaded.
    auto environment = QProcessEnvironment::systemEnvironment();
    if (!environment.contains("OMP_WAIT_POLICY"))
        environment.insert("OMP_WAIT_POLICY", "PASSIVE");
    child.process->setProcessEnvironment(environment);
    child.process->start();
    if (!child.process->waitForStarted(10'000))
        return fail(ErrorCode::Internal, "The process for {} could not be started: {}", name,
                    child.process->errorString().toStdString());
    m_children.push_back(std::move(child));
    return {};
}

std::vector<NodeProcesses::Ended> NodeProcesses::poll()
{
    std::vector<Ended> ended;
    for (auto it = m_children.begin(); it != m_children.end();) {
        // Waiting is what lets QProcess notice, in a program without an event loop.
        if (it->process->state() != QProcess::NotRunning && !it->process->waitForFinished(50)) {
            ++it;
            continue;
        }
        const bool good = it->process->exitStatus() == QProcess::NormalExit && it->process->exitCode() == 0;
        auto message = lastLine(errorLog(it->log));
        if (message.empty() && !good)
            message = it->process->exitStatus() == QProcess::CrashExit ? "it was killed" : "it ended without a word";
        ended.push_back({it->name, good, message});
        it = m_children.erase(it);
    }
    return ended;
}

std::int64_t NodeProcesses::processId(const std::string &name) const
{
    const auto found =
        std::find_if(m_children.begin(), m_children.end(), [&](const Child &child) { return child.name == name; });
    return found == m_children.end() ? 0 : found->process->processId();
}

int listeningPort(const std::filesystem::path &log)
{
    std::istringstream lines(readFile(log).value_or(std::string()));
    for (std::string line; std::getline(lines, line);) {
        const auto event = Json::parse(line, nullptr, false);
        if (event.is_object() && event.value("event", "") == "listening")
            return event.value("port", 0);
    }
    return 0;
}

bool NodeProcesses::running(const std::string &name) const
{
    return std::any_of(m_children.begin(), m_children.end(), [&](const Child &child) { return child.name == name; });
}

} // namespace consilium::node
