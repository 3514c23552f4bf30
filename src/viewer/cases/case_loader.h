// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/cases/case_cache.h"

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <QTimer>
#include <atomic>
#include <cstdint>
#include <memory>

namespace consilium::viewer {

/// Finds and reads cases on a thread of its own. The newest request wins: older ones that have not begun are dropped,
/// and what comes of the one under way is thrown away. Cases that were shown before come from the cache. Signals come
/// on the thread the loader lives on.
class CaseLoader : public QObject
{
    Q_OBJECT

public:
    explicit CaseLoader(QObject *parent = nullptr);
    ~CaseLoader() override;

    /// Looks for cases in files and folders (see findCases).
    void find(const std::vector<std::filesystem::path> &paths);
    void load(const CaseSource &source);
    /// Reads a case into the cache while nothing else is asked for: the one that is likely to be wanted next.
    void prefetch(const CaseSource &source);
    void setBudget(std::int64_t bytes) { m_cache.setBudget(bytes); }
    void forget(const CaseSource &source) { m_cache.forget(source); }
    /// Drops what was asked for; no signal comes of it.
    void cancel();

Q_SIGNALS:
    void found(const std::vector<consilium::viewer::CaseSource> &sources);
    void finding(int headersRead, int files); ///< at most ten times a second
    /// A large case can be looked at while it is being read: its first slices are there. More follow without a signal
    /// each; slicesArrived tells at most 30 times a second.
    void arriving(std::shared_ptr<const consilium::viewer::LoadedCase> partly);
    void slicesArrived();
    void loaded(std::shared_ptr<const consilium::viewer::LoadedCase> opened);
    void failed(const QString &message);

private:
    template <typename Work, typename Deliver>
    void start(Work work, Deliver deliver);

    CaseCache m_cache;
    QTimer m_arrivals;
    std::atomic<std::uint64_t> m_newest{0};
    QThreadPool m_thread;
};

} // namespace consilium::viewer
