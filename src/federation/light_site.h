// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model_state.h"
#include "federation/site_folder.h"

#include <functional>
#include <vector>

namespace consilium::federation {

/// A site that speaks the wire as every site does and learns nothing: it fetches each model, checks every object
/// against its id, and answers with values that are new for every site and round. It keeps the large objects in memory
/// alone and shares nearly all of them with the others of its kind, so that one process can be a thousand of them. For
/// measuring a host.
class LightSites
{
public:
    /// Of a model of these tensors, all float32. What the sites send in rounds 1 to `rounds` is prepared; later rounds
    /// are worked out when they come.
    LightSites(std::vector<TensorInfo> model, int rounds, std::uint64_t seed);

    /// Works for one site until the study is finished or a stop is asked for; `ready` is called when it is prepared and
    /// has not joined yet, and may wait. From several threads. Errors: as participate(); Malformed (an object that does
    /// not hash to its id).
    Result<> run(const SiteFolder &site, const std::function<void()> &ready,
                 const std::function<bool()> &stopRequested) const;

private:
    std::vector<TensorInfo> m_tensors;
    int m_rounds;
    std::vector<float> m_values;
};

} // namespace consilium::federation
