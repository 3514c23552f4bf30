// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/aggregation_layout.h"

namespace consilium::federation {

/// One pass over all updates. The sums run in double precision over stripes of the model, and these are added in their
/// order: the same bits whatever `threads`. Memory, for each thread: as aggregate(), and 4 kB and 8 bytes times the
/// number of sites of each site. Errors: those of the readers, naming the site.
Result<Gram> gramMatrix(const AggregationLayout &layout, const UpdateReader &global, int threads);

} // namespace consilium::federation
