// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "imaging/dicom/series.h"
#include "imaging/landmarks.h"
#include "imaging/volume.h"
#include "viewer/cases/patient_box.h"
#include "viewer/cases/slice_arrival.h"
#include "viewer/cases/value_quantiles.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace consilium::viewer {

struct Channel
{
    std::string name; ///< "FLAIR"
    std::shared_ptr<const imaging::Volume> volume;
    imaging::ValueRange range; ///< for a first window: percentiles of the values that are not padding
    ValueQuantiles quantiles = {};
    std::string modality = {}; ///< DICOM code ("MR", "CT"); empty where the file does not say
    /// Which slices are there while the volume is being read; null once it is whole.
    std::shared_ptr<const SliceArrival> arrival = {};
};

struct Segmentation
{
    std::string name; ///< "reference", "local: north", "federated: round 12"
    std::shared_ptr<const imaging::LabelMap> labels;
    std::filesystem::path file = {}; ///< it was read from
};

/// Points that somebody placed on the images.
struct NamedLandmarks
{
    std::string name; ///< "reference", "local: north", "federated: round 12"
    imaging::LandmarkSet points;
    std::filesystem::path file; ///< where they were read: never to be written over
};

/// What a label stands for: separate lesions to be counted and found, or named structures that each occur once.
enum class LabelKind { Lesions, Structures };

/// One patient's images with what people and models drew on them, ready to be shown. Each map keeps the grid of its
/// file.
struct ReviewCase
{
    std::string id;
    std::string site;              ///< may be empty
    std::string title;             ///< for people: "case-003, north"
    std::vector<Channel> channels; ///< at least one
    std::optional<Segmentation> reference;
    std::vector<Segmentation> predictions;
    std::vector<std::string> labels{"background", "lesion"}; ///< index is the label value
    LabelKind kind = LabelKind::Lesions;
    bool isPlaced = true;                   ///< the images say where the patient's left is
    std::optional<PatientBox> content;      ///< where the first channel shows more than background
    std::vector<std::string> landmarkNames; ///< the task's points in its order; empty when the case does not say
    std::optional<NamedLandmarks> referenceLandmarks;
    std::vector<NamedLandmarks> landmarkPredictions; ///< per model
};

/// "case-003, north", or the id alone.
std::string caseTitle(const std::string &id, const std::string &site);

/// Reads a case.json: {"case", "site", "channels": [{"name", "path"}], "reference", "labels", "predictions": [{"name",
/// "path"}], "kind": "lesions" | "structures"}. All but "case" and "channels" may be missing; without "kind" more than
/// one foreground label means structures. Paths are absolute or relative to the file. The points of a
/// landmark study stand under "landmarks" (see readCaseLandmarks). What readers saved beside the file
/// (edited-<reader>-<time>.nii.gz) follows the predictions, the newest of each, as "edited: <reader>". Errors:
/// NotFound, Io, Malformed, Invalid, naming the case and the file.
Result<ReviewCase> loadReviewCase(const std::filesystem::path &caseJson);

/// An image as a channel, with its values looked over.
Channel channelOf(const std::string &name, std::shared_ptr<const imaging::Volume> volume);

/// Makes a case of plain image files of any kind. One whose name says lesion, label, seg or mask, or that holds a few
/// whole numbers on the grid of an image among the files, is a segmentation: the first the reference, the others
/// predictions. A lone file is always an image. Files of points (see holdsLandmarks) are the reference's, then models'
/// landmarks. Errors: as imaging::readImage and imaging::readLandmarks, naming the file; Invalid without an image.
Result<ReviewCase> reviewCaseFromFiles(const std::vector<std::filesystem::path> &files);

/// Makes a case of a DICOM series, of which the first time is shown, and of the SEG, RTSTRUCT and landmark files drawn
/// on it: of each kind the first is the reference, the others predictions. `arriving`, when given, hears of the case
/// before it is whole: its one channel with the slices that are there so far, the middle ones first; on the calling
/// thread. Errors: as imaging::dicom::loadSeries, imaging::readLabelImage and imaging::readLandmarks.
Result<ReviewCase> reviewCaseFromSeries(const imaging::dicom::Series &series,
                                        const std::vector<std::filesystem::path> &objects,
                                        const std::function<void(ReviewCase)> &arriving = {});

} // namespace consilium::viewer
