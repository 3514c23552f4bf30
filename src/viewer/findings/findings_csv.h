// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/findings/findings_model.h"

#include <string>

namespace consilium::viewer {

/// The findings listed as comma-separated values (RFC 4180, UTF-8, a header line, decimal points): of lesions the
/// number, volume in mL, diameter in mm, place, position in LPS mm, whose outline it is, whether the reference and each
/// model have it with the share covered and Dice, and the verdict; of structures the name, mL and per model mL and
/// Dice. `rows`: of `findings`, in the order wanted.
std::string findingsCsv(const FindingsModel &findings, const std::vector<std::size_t> &rows);

} // namespace consilium::viewer
