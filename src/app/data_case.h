// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "imaging/geometry.h"

#include <QString>
#include <QStringList>
#include <filesystem>
#include <optional>
#include <vector>

namespace consilium::app {

/// What the quality check said of a case. Unknown: it has not been looked at.
enum class CaseQuality { Unknown, Pass, Warn, Fail };
enum class CaseSplit { Unknown, Training, Validation, Test };

/// A case of a dataset, as the Data page lists it.
struct DataCase
{
    QString id, patient;
    std::vector<std::filesystem::path> channels;
    std::filesystem::path labels, landmarks; ///< empty: the case has none
    imaging::Index3 size{};                  ///< voxels of the first channel; 0 when its header could not be read
    imaging::Vec3 spacing{};                 ///< mm
    QString orientation;                     ///< "LPS"
    CaseSplit split = CaseSplit::Unknown;
    QString stamp; ///< changes when a file of the case is written anew
    CaseQuality quality = CaseQuality::Unknown;
    QString reason; ///< of the worst finding; empty when all pass
};

/// A quality check's verdict on one case.
struct CaseVerdict
{
    QString id;
    CaseQuality quality = CaseQuality::Unknown;
    QString reason;

    bool operator==(const CaseVerdict &) const = default;
};

/// A dataset as a whole.
struct DatasetInfo
{
    std::filesystem::path folder;
    QStringList channels, labels, landmarks;
    int cases = 0;
    QString task;      ///< preset whose names it has; empty when none has
    QStringList tasks; ///< presets that it can be used with
};

/// What the node's events "dataset", "case" and "quality" say (commands: inspect --events). Nothing when one is not of
/// that form.
std::optional<DatasetInfo> datasetFrom(const Json &event);
std::optional<DataCase> caseFrom(const Json &event);
std::optional<CaseVerdict> verdictFrom(const Json &event);

/// "pass", "warn", "fail"; empty for Unknown.
QString nameOf(CaseQuality quality);
CaseQuality qualityNamed(const QString &name);

} // namespace consilium::app
