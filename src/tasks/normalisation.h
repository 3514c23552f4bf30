// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "imaging/volume.h"

namespace consilium::tasks {

/// Normalises a channel's image as the plan says of that channel. Errors: as imaging::zscore, normaliseByForeground and
/// rescaleToUnit; the volume is then unchanged.
Result<> normalise(imaging::Volume &volume, const Plan::Preprocessing &preprocessing, std::size_t channel);

} // namespace consilium::tasks
