// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/cases/case_loader.h"
#include "viewer/findings/lesion_change.h"

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <atomic>
#include <functional>
#include <memory>

namespace consilium::viewer {

/// Two examinations of a patient, aligned, and what became of the lesions.
struct ComparedCases
{
    std::shared_ptr<const LoadedCase> prior, current;
    int segmentation = -1; ///< of the current case whose lesions were compared: -1 the reference, else a prediction
    imaging::RigidTransform currentToPrior;
    LesionChange change;
};

/// Aligns the first channels of two cases rigidly and compares the lesions that the same author drew: the references
/// when both have one, else the first prediction of the current case whose name the prior has too. `progress` hears the
/// share done; false cancels. Takes seconds. Errors: Invalid (structures, or nobody drew both); those of
/// imaging::registerRigid; Cancelled.
Result<ComparedCases> compareCases(std::shared_ptr<const LoadedCase> prior, std::shared_ptr<const LoadedCase> current,
                                   const std::function<bool(double)> &progress = {}, const ChangeLimits &limits = {});

/// Compares on a thread of its own; the newest request wins. Signals come on the thread that this lives on.
class PriorComparison : public QObject
{
    Q_OBJECT

public:
    explicit PriorComparison(QObject *parent = nullptr);
    ~PriorComparison() override;

    void start(std::shared_ptr<const LoadedCase> prior, std::shared_ptr<const LoadedCase> current);
    void cancel(); ///< no signal comes of what was started

Q_SIGNALS:
    void progressed(double share); ///< 0 to 1, at most ten times a second
    void compared(std::shared_ptr<const consilium::viewer::ComparedCases> result);
    void failed(const QString &message);

private:
    std::atomic<std::uint64_t> m_newest{0};
    QThreadPool m_thread;
};

} // namespace consilium::viewer
