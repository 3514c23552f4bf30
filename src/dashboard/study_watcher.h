// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/study.h"

#include <QObject>
#include <QString>
#include <QThread>
#include <filesystem>
#include <memory>

namespace consilium::dashboard {

class StudyPoller;

/// Follows a study folder on a thread of its own, looking twice a second. The folder need not be there yet. Signals
/// come on the thread that owns the watcher; one snapshot at most waits for it.
class StudyWatcher : public QObject
{
    Q_OBJECT

public:
    explicit StudyWatcher(QObject *parent = nullptr);
    ~StudyWatcher() override;

    /// Follows another folder from now on; an empty path follows none.
    void watch(const std::filesystem::path &folder);

Q_SIGNALS:
    void snapshotChanged(const consilium::storage::StudySnapshot &study);
    /// There is no study in the folder (yet).
    void absent();
    /// The study is there but could not be read: what happened and what to do. Said once, until it changes.
    void failed(const QString &message);

private:
    QThread m_thread;
    StudyPoller *m_poller;
};

} // namespace consilium::dashboard
