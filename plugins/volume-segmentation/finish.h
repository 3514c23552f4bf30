// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model_state.h"
#include "core/plan.h"
#include "imaging/volume.h"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace consilium::segmentation {

/// A validation case's answer and its reference on the same grid.
struct FinishCase
{
    imaging::LabelMap predicted;
    std::vector<std::uint8_t> reference;
};

/// What is done to a label map after the network: of a label only the largest region stays, or regions smaller than a
/// volume go. Chosen on validation cases as nnU-Net chooses its postprocessing (Isensee et al. 2021): kept only where
/// the mean Dice rises. It travels in a model's metadata.
class Finish
{
public:
    /// Tries, label by label, the largest region alone, then smallest volumes from 2 mm3 to 200 mm3, and keeps what
    /// raises that label's mean Dice most; `labels` are names by value, background first. Neither where nothing
    /// does.
    static Finish choose(std::span<const FinishCase> cases, const std::vector<std::string> &labels);
    /// What the first model's metadata says, nothing where the models do not agree. Errors: Malformed (metadata that
    /// this program did not write, or of a label that the plan does not have).
    static Result<Finish> of(std::span<const ModelState> models, const Plan &plan);

    void apply(imaging::LabelMap &map) const;
    /// {"finish": JSON text}, as of() reads it, or nothing when nothing is to be done.
    std::map<std::string, std::string> metadata(const std::vector<std::string> &labels) const;

private:
    std::map<int, double> m_smallest; ///< label to mm3; infinite: the largest region alone stays
};

} // namespace consilium::segmentation
