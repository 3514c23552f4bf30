// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/cases/review_case.h"

namespace consilium::viewer {

/// One lesion of the reference, or one that only models drew.
struct LesionFinding
{
    double millilitres = 0;
    imaging::Vec3 position{}; ///< LPS mm, inside the lesion: where to look
    bool inReference = false;
    std::vector<bool> inModel; ///< per prediction: it shares a voxel with the lesion
    /// mm, greatest distance across it (imaging::Lesion::diameter)
    double diameter = 0;
    int drawnBy = -1; ///< whose outline it is and its volume: -1 the reference, else the index of a prediction
    int id = 0;       ///< of imaging::findLesions in that map, on the grid of the comparison
    /// Per prediction: the share of the lesion's voxels that it covers, 0 to 1.
    std::vector<double> covered;
    /// Per prediction: Dice of the lesion with those of the prediction's lesions that touch it, taken as one. Low for a
    /// small lesion that lies in a large one of the model.
    std::vector<double> dice;
};

/// One labelled structure.
struct StructureFinding
{
    int label = 0;
    std::string name;
    std::optional<double> millilitres;       ///< in the reference
    std::vector<std::optional<double>> dice; ///< per prediction, against the reference
    std::vector<double> modelMillilitres;    ///< per prediction
    std::optional<imaging::Vec3> position;   ///< LPS mm, inside its largest part
};

/// One prediction as a whole.
struct ModelFinding
{
    double millilitres = 0;
    std::optional<double> dice; ///< against the reference; with several labels the mean over those that occur
    int lesions = 0;            ///< separate ones that it drew; 0 where structures are compared
};

struct CaseFindings
{
    std::vector<LesionFinding> lesions; ///< largest first
    std::vector<StructureFinding> structures;
    std::optional<double> referenceMillilitres;
    int referenceLesions = 0;
    std::vector<ModelFinding> models;
};

/// Counts, measures and compares what reference and predictions show. Comparison is on the reference's grid (the first
/// prediction's without a reference); maps on other grids are placed there by patient position. Volumes are of the maps
/// as they were drawn. Takes time in proportion to the voxels: call it away from the window's thread.
CaseFindings findingsOf(const ReviewCase &opened);

} // namespace consilium::viewer
