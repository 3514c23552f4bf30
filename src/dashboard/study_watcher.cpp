// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/study_watcher.h"

#include <QElapsedTimer>
#include <QTimer>
#include <algorithm>
#include <atomic>

namespace consilium::dashboard {

namespace {

constexpr int pollMilliseconds = 500;
// A locked or half-made database is tried this often before it is called a failure.
constexpr int patience = 6;
// A study of a thousand sites takes long to read: a read is followed by a pause of this many times its length.
constexpr int restFactor = 4;

} // namespace

/// Lives on the watcher's thread.
class StudyPoller : public QObject
{
    Q_OBJECT

public:
    void watch(const std::filesystem::path &folder)
    {
        m_folder = folder;
        m_reader.reset();
        m_said.clear();
        m_saidAbsent = false;
        m_failures = 0;
        if (folder.empty()) {
            delete m_timer;
            m_timer = nullptr;
            return;
        }
        if (!m_timer) {
            m_timer = new QTimer(this);
            m_timer->setInterval(pollMilliseconds);
            connect(m_timer, &QTimer::timeout, this, &StudyPoller::poll);
        }
        m_timer->start();
        poll();
    }

    /// Set when a snapshot was sent and cleared when the window took it: a busy window is not buried under old ones.
    std::atomic<bool> inFlight = false;

Q_SIGNALS:
    void snapshotRead(const std::filesystem::path &folder, const consilium::storage::StudySnapshot &study);
    void absent(const std::filesystem::path &folder);
    void failed(const std::filesystem::path &folder, const QString &message);

private:
    void poll()
    {
        if (inFlight)
            return;
        if (!m_reader) {
            std::error_code ignored;
            const storage::StudyPaths paths{m_folder};
            if (!std::filesystem::exists(paths.manifest(), ignored) ||
                !std::filesystem::exists(paths.database(), ignored)) {
                if (!m_saidAbsent)
                    Q_EMIT absent(m_folder);
                m_saidAbsent = true;
                return;
            }
            auto reader = storage::StudyReader::open(m_folder);
            if (!reader)
                return fail(reader.error());
            m_reader = std::make_unique<storage::StudyReader>(std::move(*reader));
            m_revision = -1;
        }
        const auto revision = m_reader->revision();
        if (!revision)
            return fail(revision.error());
        if (*revision == m_revision)
            return;
        QElapsedTimer reading;
        reading.start();
        const auto snapshot = m_reader->snapshot();
        if (!snapshot)
            return fail(snapshot.error());
        m_timer->setInterval(std::max(pollMilliseconds, restFactor * static_cast<int>(reading.elapsed())));
        m_revision = *revision;
        m_failures = 0;
        m_said.clear();
        inFlight = true;
        Q_EMIT snapshotRead(m_folder, *snapshot);
    }

    void fail(const Error &error)
    {
        m_reader.reset();
        if (++m_failures < patience && error.code != ErrorCode::Unsupported && error.code != ErrorCode::Refused)
            return;
        const auto line = QString::fromStdString(error.line());
        if (line != m_said)
            Q_EMIT failed(m_folder, line);
        m_said = line;
    }

    std::filesystem::path m_folder;
    std::unique_ptr<storage::StudyReader> m_reader;
    std::int64_t m_revision = -1;
    int m_failures = 0;
    bool m_saidAbsent = false;
    QString m_said;
    QTimer *m_timer = nullptr;
};

StudyWatcher::StudyWatcher(QObject *parent) : QObject(parent), m_poller(new StudyPoller)
{
    m_poller->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_poller, &QObject::deleteLater);
    m_thread.setObjectName("study watcher");
    m_thread.start();
}

StudyWatcher::~StudyWatcher()
{
    m_thread.quit();
    m_thread.wait();
}

void StudyWatcher::watch(const std::filesystem::path &folder)
{
    // What the poller still sends of the folder before is dropped here.
    m_poller->disconnect(this);
    m_poller->inFlight = false;
    connect(m_poller, &StudyPoller::snapshotRead, this,
            [this, folder](const std::filesystem::path &from, const storage::StudySnapshot &study) {
                m_poller->inFlight = false;
                if (from == folder)
                    Q_EMIT snapshotChanged(study);
            });
    connect(m_poller, &StudyPoller::absent, this, [this, folder](const std::filesystem::path &from) {
        if (from == folder)
            Q_EMIT absent();
    });
    connect(m_poller, &StudyPoller::failed, this,
            [this, folder](const std::filesystem::path &from, const QString &message) {
                if (from == folder)
                    Q_EMIT failed(message);
            });
    QMetaObject::invokeMethod(m_poller, [poller = m_poller, folder] { poller->watch(folder); });
}

} // namespace consilium::dashboard

#include "study_watcher.moc"
