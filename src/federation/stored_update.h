// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/spool.h"
#include "federation/strategy.h"
#include "storage/study_store.h"

namespace consilium::federation {

/// An update that lies in the spool, as what the aggregation takes; `row` says how it is encoded. Errors: NotFound (a
/// part is missing); Malformed, Invalid (not an update of this study's model: names the tensor).
Result<Contribution> storedUpdate(const storage::StudyManifest &manifest, const storage::StudyPaths &paths,
                                  const Spool &spool, const storage::UpdateRow &row);

/// The norm of an update's change, after checking that it may be combined with others: the model's tensors, values that
/// are finite. Errors: as storedUpdate.
Result<double> normOfUpdate(storage::StudyStore &store, const Spool &spool, const storage::UpdateRow &row);

/// Whether all parts of an update are in the spool and as they were sent.
bool isIntact(const Spool &spool, const storage::UpdateRow &row);

} // namespace consilium::federation
