// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/open_study.h"

namespace consilium::app {

namespace {

QString path(const std::filesystem::path &file)
{
    return QString::fromStdU16String(file.u16string());
}

} // namespace

OpenStudy::OpenStudy(QObject *parent) : QObject(parent)
{
    connect(&m_watcher, &dashboard::StudyWatcher::snapshotChanged, this, [this](const storage::StudySnapshot &study) {
        m_snapshot = study;
        Q_EMIT snapshotChanged(*m_snapshot);
    });
    connect(&m_watcher, &dashboard::StudyWatcher::absent, this, &OpenStudy::absent);
    connect(&m_watcher, &dashboard::StudyWatcher::failed, this, &OpenStudy::failed);

    m_coalesce.setSingleShot(true);
    m_coalesce.setInterval(100);
    connect(&m_coalesce, &QTimer::timeout, this, [this] { Q_EMIT said(m_sentence); });
    connect(&m_node, &NodeProcess::event, this, [this](const Json &event) {
        const auto text = event.value("text", std::string());
        if (text.empty())
            return;
        m_sentence = QString::fromStdString(text);
        if (!m_coalesce.isActive())
            m_coalesce.start();
    });
    connect(&m_node, &NodeProcess::finished, this, [this](bool ok, const QString &message) {
        m_coalesce.stop();
        Q_EMIT demoFinished(ok, message);
    });
}

void OpenStudy::open(const std::filesystem::path &folder)
{
    if (m_node.isRunning() && folder != m_demoFolder)
        stopDemo();
    m_folder = folder;
    m_snapshot.reset();
    m_watcher.watch(folder);
    Q_EMIT folderChanged();
}

void OpenStudy::startDemo(const DemoRequest &request)
{
    Q_ASSERT(!m_node.isRunning());
    m_demoFolder = request.folder;
    open(request.folder);
    QStringList arguments{"demo",    "--out", path(request.folder), "--task", QString::fromStdString(request.task),
                          "--events"};
    if (!request.data.empty())
        arguments << "--data" << path(request.data);
    if (request.rounds > 0)
        arguments << "--rounds" << QString::number(request.rounds);
    m_node.start(arguments);
    Q_EMIT demoStarted();
}

void OpenStudy::stopDemo()
{
    m_node.stop();
}

} // namespace consilium::app
