// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/planning/study_reasons.h"

#include <fmt/format.h>

namespace consilium::learning {

void tellStudy(const Plan &plan, std::span<const int> cases, std::vector<std::string> &reasons)
{
    for (std::size_t site = 0; site < cases.size(); ++site) {
        if (cases[site] < plan.privacy.minimumCases)
            reasons.push_back(
                fmt::format("Check: fingerprint {} has {} case(s), fewer than the {} a site needs to take part",
                            site + 1, cases[site], plan.privacy.minimumCases));
    }
    if (plan.training.schedule.kind == "plateau")
        reasons.emplace_back(
            "Check: training.schedule.kind=plateau acts in local training alone; in a federation every "
            "round is a training of its own, and the learning rate stays as it is");
    if (plan.training.patience > 0)
        reasons.push_back(fmt::format("Check: training.patience={} acts in local training alone; a federation goes "
                                      "through all its rounds",
                                      plan.training.patience));
    reasons.push_back(fmt::format("{} round(s) of {} step(s), batches of {}: {} step(s) at each site",
                                  plan.federation.rounds, plan.stepsPerRound(), plan.training.batchSize,
                                  plan.totalSteps()));
}

} // namespace consilium::learning
