// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace consilium::evaluation {

/// Which lesions a prediction found. Ids are those of the component grids, in rising order.
struct LesionDetection
{
    std::vector<std::int32_t> found;    ///< of the reference, touched by the prediction
    std::vector<std::int32_t> missed;   ///< of the reference, not touched
    std::vector<std::int32_t> matched;  ///< of the prediction, touching the reference
    std::vector<std::int32_t> invented; ///< of the prediction, touching nothing

    std::optional<double> sensitivity() const; ///< found / reference lesions; nothing when there are none
    std::optional<double> precision() const;   ///< matched / predicted lesions; nothing when there are none
    /// 2 s p / (s + p) of sensitivity s and precision p, 0 when nothing was found; nothing when there is no lesion in
    /// either.
    std::optional<double> f1() const;
};

/// Compares two grids of component ids (0 background, each lesion a positive number of its own) of the same length. A
/// lesion is found when at least one of its voxels is predicted, as the ISBI 2015 lesion challenge counts them (Carass
/// et al., NeuroImage 148, 2017). One predicted component may find several lesions, and several may match one lesion.
LesionDetection lesionDetection(std::span<const std::int32_t> predictionIds,
                                std::span<const std::int32_t> referenceIds);

} // namespace consilium::evaluation
