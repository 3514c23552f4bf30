// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/model_state.h"
#include "core/plan.h"
#include "imaging/volume.h"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace consilium::segmentation {

/// What answers for validation cases say of each way to finish them: label by label the sum of the cases' Dice. Of
/// several models, as of the folds of a cross-validation, it adds up.
class FinishEvidence
{
public:
    /// `labels` are names by value, background first.
    explicit FinishEvidence(std::vector<std::string> labels);

    /// Counts a case: its answer as the network gave it, and the reference on the same grid. A label that neither has
    /// counts as found.
    void add(const imaging::LabelMap &predicted, std::span<const std::uint8_t> reference);
    /// Errors: Malformed (not what toJson gives of these labels).
    Result<> add(const Json &evidence);
    /// {"cases": n, "dice": {label: [sum of each way]}}
    Json toJson() const;

private:
    friend class Finish;
    std::vector<std::string> m_labels;
    std::vector<std::vector<double>> m_sums; ///< by label (the background's is not used): untouched, then each way
    int m_cases = 0;
};

/// What is done to a label map after the network: of a label only the largest region stays, or regions smaller than a
/// volume go. Chosen on validation cases as nnU-Net chooses its postprocessing (Isensee et al. 2021): kept only where
/// the mean Dice rises. It travels in a model's metadata.
class Finish
{
public:
    /// Of the largest region alone and smallest volumes from 2 mm3 to 200 mm3 what raises a label's mean Dice most;
    /// neither where nothing does.
    static Finish choose(const FinishEvidence &evidence);
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
