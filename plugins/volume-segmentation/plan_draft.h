// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "learning/planning/self_configuration.h"
#include "merged_fingerprint.h"
#include "tasks/task.h"

#include <span>
#include <string>
#include <vector>

namespace consilium::segmentation {

/// A plan in the making: the preset's keys, those a person set over them, and which of the rest is still to be found.
class PlanDraft
{
public:
    /// The keys of `preset` that `request` leaves standing, under those it sets: a person's network of another kind or
    /// number of dimensions, or with other features, takes the preset's with it only as far as it fits.
    /// Errors: Invalid (a setting that is no key of a plan, or a section that is none).
    static Result<PlanDraft> begin(const Json &preset, const std::vector<std::string> &channels,
                                   const std::vector<std::string> &labels, const tasks::PlanRequest &request);

    /// nullptr where the plan does not name it.
    const Json *find(const char *section, const char *key) const;
    Json &section(const char *name) { return m_json[name]; }

    std::string kind() const; ///< of the network
    /// Features, strides and kernels may be found: a U-Net, and nobody has named its features.
    bool networkIsOpen() const;
    bool patchIsOpen() const { return !find("training", "patch"); }
    bool batchSizeIsOpen() const { return !find("training", "batchSize"); }
    bool patchIsAsked() const { return m_patchIsAsked; } ///< by a person: it is not fitted to anything

    /// The plan so far, what is open in it standing in for what will be found; an automatic choice of dimensions and
    /// whatever hangs on it are made. Errors: as Plan::fromJson.
    Result<Plan> parsed(const learning::ImageStatistics &images, std::vector<std::string> &reasons);

private:
    void erase(const char *section, const char *key);
    void dropUnfitKeys(const Json &asked);
    void settleNetwork();
    void chooseDimensions(const learning::ImageStatistics &images, std::vector<std::string> &reasons);

    Json m_json;
    bool m_patchIsAsked = false;
};

} // namespace consilium::segmentation
