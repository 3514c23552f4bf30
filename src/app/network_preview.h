// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "imaging/landmarks.h"
#include "imaging/volume.h"

#include <QString>
#include <QStringList>
#include <array>
#include <filesystem>
#include <memory>
#include <vector>

namespace consilium::app {

/// One image of a preview.
struct PreviewImage
{
    QString name; ///< of the channel
    std::shared_ptr<const imaging::Volume> volume;
    imaging::ValueRange range;
    double mean = 0, standardDeviation = 0;
    bool placed = true;      ///< it says where the patient's left is
    bool mostlyZero = false; ///< more than a quarter is exactly 0: a background that normalisation leaves out
};

/// What the network is given at once.
struct PreviewInput
{
    std::vector<PreviewImage> channels;
    std::shared_ptr<const imaging::LabelMap> labels; ///< null: none
    imaging::LandmarkSet landmarks;                  ///< empty: none
};

/// A training patch, augmented.
struct PreviewPatch
{
    PreviewInput input;
    imaging::Index3 start{}; ///< voxel of the tensor where it begins
    imaging::Geometry place; ///< where its contents come from; exact unless deformed
    double turned = 0;       ///< degrees
    imaging::Vec3 enlarged{1, 1, 1};
    std::array<bool, 3> mirrored{};
    bool moved = false, deformed = false;
};

/// What `consilium-node preview` wrote.
struct NetworkPreview
{
    QString caseId, task;
    QStringList channels, labels;
    std::vector<QString> normalisation; ///< per channel: "zscore", ...
    std::vector<PreviewImage> sources;  ///< the case's own files
    PreviewInput tensor;
    std::vector<PreviewPatch> patches;
    bool isFlat = false; ///< radiographs
};

/// Reads the folder that it wrote. Errors: as readJson, readNifti, readLabels and readLandmarks; Malformed (a
/// preview.json of another form).
Result<NetworkPreview> readPreview(const std::filesystem::path &folder);

/// In words, for people: "turned by 12°, magnified 1.10 times, mirrored left to right"; "as it is" when nothing moved.
QString movedWords(const PreviewPatch &patch);
/// "35 × 50 × 36 voxels of 1 × 1 × 1 mm; values −2.1 to 9.8, mean 0.0, standard deviation 1.0"
QString imageWords(const PreviewImage &image);
/// Whether a patch shows more than the case has: padding.
bool reachesBeyond(const PreviewPatch &patch, const PreviewInput &tensor);
/// What a plan's word ("zscore") does to values. `ofTissue`: a background of zeros was left out.
QString normalisationWords(const QString &scheme, bool ofTissue);

} // namespace consilium::app
