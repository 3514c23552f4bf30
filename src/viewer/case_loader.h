// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/case_findings.h"
#include "viewer/case_source.h"

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

/// Reads cases on a thread of its own. The newest request wins: older ones that have not begun are dropped, and what
/// comes of the one under way is thrown away. Signals come on the thread the loader lives on.
class CaseLoader : public QObject
{
    Q_OBJECT

public:
    explicit CaseLoader(QObject *parent = nullptr);
    ~CaseLoader() override;

    void load(const CaseSource &source);
    /// Drops what was asked for; no signal comes of it.
    void cancel();

Q_SIGNALS:
    void loaded(std::shared_ptr<const consilium::viewer::LoadedCase> opened);
    void failed(const QString &message);

private:
    void deliver(std::uint64_t request, const Result<std::shared_ptr<const LoadedCase>> &result);

    std::atomic<std::uint64_t> m_newest{0};
    QThreadPool m_thread;
};

} // namespace consilium::viewer
