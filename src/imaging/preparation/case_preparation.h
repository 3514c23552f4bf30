// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "imaging/volume.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace consilium::imaging {

/// What a task does to its images once, before anything is trained: the "preparation" of its preset.
struct PreparationSettings
{
    int reference = 0;                 ///< the channel that gives the grid and that the others are aligned to
    bool registerChannels = false;     ///< "register": align the other channels rigidly
    bool biasCorrection = false;       ///< N4
    std::optional<Vec3> spacing;       ///< mm, in canonical axes; without it the reference's own
    double spacingTolerance = 0.1;     ///< mm by which a grid may miss `spacing` and still be kept as it is
    bool cropToNonZero = false;        ///< to the box of what is not 0 in some channel
    bool brain = false;                ///< the images show a brain: it is the tissue for N4
    std::optional<int> radiographSide; ///< "radiograph": pixels along the square that 2D images are fitted into

    /// All keys are optional. Errors: Malformed (an unknown key, a value of another type or out of range; names the
    /// key).
    static Result<PreparationSettings> fromJson(const Json &json);
};

struct PreparedCase
{
    std::vector<Volume> channels; ///< all on one grid
    std::optional<LabelMap> labels;
    std::vector<std::string> notes; ///< what was done, a sentence each
};

struct PreparationOptions
{
    std::vector<std::string> channelNames; ///< for notes and errors; "channel 0", ... without
    int threads = 1;
    std::function<bool()> cancelled; ///< asked between steps
};

/// Brings one case into the form that is trained on: canonical axial frame, channels free of bias and aligned to the
/// reference, images by cubic B-spline (kept within their own range) and labels label-safe on one grid. The labels are
/// placed by their own geometry. A channel that lies within half a voxel of the reference already, on the same grid, is
/// not interpolated. Errors: Invalid, Unavailable (names the channel); Cancelled.
Result<PreparedCase> prepareCase(std::vector<Volume> channels, std::optional<LabelMap> labels,
                                 const PreparationSettings &settings, const PreparationOptions &options = {});

} // namespace consilium::imaging
