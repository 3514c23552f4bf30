// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/lesion_regions.h"
#include "viewer/cases/case_loader.h"

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <atomic>
#include <functional>
#include <memory>
#include <vector>

namespace consilium::viewer {

/// Where each of the findings' lesions lies, in their order (see imaging::regionHints), from the channel named FLAIR or
/// else T1. All Unknown without one, without a brain, or once `cancelled` says so. Takes a second or more for a head of
/// 1 mm: call it away from the window's thread.
std::vector<imaging::LesionRegion> locateLesions(const ReviewCase &opened, const CaseFindings &findings,
                                                 const std::function<bool()> &cancelled = {});

QString regionName(imaging::LesionRegion region);      ///< "periventricular"; "not determined"
QString shortRegionName(imaging::LesionRegion region); ///< for a narrow column: "periventr."; a dash

/// Locates a case's lesions on a thread of its own, so that opening a case does not wait for it. The newest request
/// wins.
class LesionLocator : public QObject
{
    Q_OBJECT

public:
    explicit LesionLocator(QObject *parent = nullptr);
    ~LesionLocator() override; ///< waits for the step under way

    void locate(std::shared_ptr<const LoadedCase> shown); ///< nullptr drops what was asked for

Q_SIGNALS:
    /// `regions` in the order of the findings of `shown`.
    void located(std::shared_ptr<const consilium::viewer::LoadedCase> shown,
                 const std::vector<consilium::imaging::LesionRegion> &regions);

private:
    std::atomic<std::uint64_t> m_newest{0};
    QThreadPool m_thread;
};

} // namespace consilium::viewer
