// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "federation/update_reader.h"

#include <span>
#include <string>
#include <vector>

namespace consilium::federation {

/// Whether a site's update may be combined with others: the model's tensors, whatever their order, without those that
/// match `stays` (patterns; they may be there too), and finite values only. `delta`: the floating tensors are changes
/// of any floating type, not values. Returns the norm of the change over all floating tensors that do not stay. One
/// pass. Errors: Invalid, "its tensor 'x' ..."; those of the readers.
Result<double> checkUpdate(const UpdateReader &update, const UpdateReader &model, bool delta = false,
                           const std::vector<std::string> &stays = {});

/// What the host's rule makes of an update.
struct NormJudgement
{
    enum class Verdict { Counted, Clipped, Refused };
    Verdict verdict = Verdict::Counted;
    double scale = 1;   ///< Contribution::scale: below 1 when clipped
    std::string reason; ///< "its change is 1000 times the round's median"; empty when counted
};

/// Judges the updates of a round by the norms of their changes, in the order of these. The measure is the median of the
/// norms above 0, of an even number the smaller of the two in the middle, so that hostile sites move it up only when
/// they are more than half. An update of more than normLimit times that is refused, or clipped to it. All are counted
/// where there is no limit, or where fewer than three norms are above 0: two cannot say which of them is absurd.
/// Source: norm thresholding of Sun et al. 2019, with a threshold that follows the study.
std::vector<NormJudgement> judgeNorms(std::span<const double> norms, const Plan::Updates &updates);

} // namespace consilium::federation
