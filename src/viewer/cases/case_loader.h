// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/cases/case_findings.h"
#include "viewer/cases/case_source.h"

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <atomic>
#include <cstdint>
#include <memory>

namespace consilium::viewer {

/// A case read and examined.
struct LoadedCase
{
    ReviewCase opened;
    CaseFindings findings;
};

/// Finds and reads cases on a thread of its own. The newest request wins: older ones that have not begun are dropped,
/// and what comes of the one under way is thrown away. Signals come on the thread the loader lives on.
class CaseLoader : public QObject
{
    Q_OBJECT

public:
    explicit CaseLoader(QObject *parent = nullptr);
    ~CaseLoader() override;

    /// Looks for cases in files and folders (see findCases).
    void find(const std::vector<std::filesystem::path> &paths);
    void load(const CaseSource &source);
    /// Drops what was asked for; no signal comes of it.
    void cancel();

Q_SIGNALS:
    void found(const std::vector<consilium::viewer::CaseSource> &sources);
    void finding(int headersRead, int files); ///< at most ten times a second
    void loaded(std::shared_ptr<const consilium::viewer::LoadedCase> opened);
    void failed(const QString &message);

private:
    template <typename Work, typename Deliver>
    void start(Work work, Deliver deliver);

    std::atomic<std::uint64_t> m_newest{0};
    QThreadPool m_thread;
};

} // namespace consilium::viewer
