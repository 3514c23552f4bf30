// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/site_folder.h"

#include <functional>
#include <memory>
#include <vector>

namespace consilium::federation {

/// A site that speaks the wire as every site does and learns nothing: it fetches each model, checks every object
/// against its id, and answers with values that are new for every site and round. It keeps the large objects in memory
/// alone and shares nearly all of them with the others of its kind, so that one process can be a thousand of them. For
/// measuring a host.
struct LightSites
{
    /// Values of the answers: `bytes` of float32, the same for all sites but for a few in every chunk.
    explicit LightSites(std::size_t bytes, std::uint64_t seed);
    std::shared_ptr<const std::vector<float>> values;

    /// Works for one site until the study is finished or a stop is asked for. Errors: as participate(); Malformed (an
    /// object that does not hash to its id).
    Result<> run(const SiteFolder &site, const std::function<bool()> &stopRequested) const;
};

} // namespace consilium::federation
