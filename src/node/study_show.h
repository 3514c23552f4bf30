// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/study.h"

namespace consilium::node {

/// The whole study but its training losses.
Json toJson(const storage::StudySnapshot &study);

/// On standard output: where the study stands, its sites, the bytes of each round, and what the sites' last updates
/// did.
void print(const storage::StudySnapshot &study);

} // namespace consilium::node
