// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/demo_request.h"
#include "app/node_process.h"
#include "dashboard/study_watcher.h"
#include "storage/study.h"

#include <QObject>
#include <QTimer>
#include <filesystem>
#include <optional>

namespace consilium::app {

/// The study the window shows, and the node it started for it, if any. Pages listen here.
class OpenStudy : public QObject
{
    Q_OBJECT

public:
    explicit OpenStudy(QObject *parent = nullptr);

    /// Follows the study in `folder`. A demo that runs goes on only when it is its folder.
    void open(const std::filesystem::path &folder);
    /// Starts the demo and follows it. One that runs already must have ended.
    void startDemo(const DemoRequest &request);
    void stopDemo();

    bool isDemoRunning() const { return m_node.isRunning(); }
    bool isDemoStopping() const { return m_node.isRunning() && m_node.isStopping(); }
    /// The folder shown is the one the demo was started in.
    bool isDemo() const { return !m_demoFolder.empty() && m_demoFolder == m_folder; }
    const std::filesystem::path &folder() const { return m_folder; } ///< empty: none
    const std::optional<storage::StudySnapshot> &snapshot() const { return m_snapshot; }
    QString nodeErrors() const { return m_node.errorOutput(); }

Q_SIGNALS:
    void folderChanged();
    void snapshotChanged(const consilium::storage::StudySnapshot &study);
    void absent();                       ///< no study in the folder (yet)
    void failed(const QString &message); ///< the folder could not be read
    void said(const QString &sentence);  ///< the demo's last event in words, a few times a second at most
    void demoStarted();
    void demoFinished(bool ok, const QString &message); ///< `message` may be empty when ok

private:
    dashboard::StudyWatcher m_watcher;
    NodeProcess m_node;
    QTimer m_coalesce;
    QString m_sentence;
    std::filesystem::path m_folder, m_demoFolder;
    std::optional<storage::StudySnapshot> m_snapshot;
};

} // namespace consilium::app
