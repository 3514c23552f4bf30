// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/result.h"

#include <cstdint>
#include <filesystem>

namespace consilium::segmentation {

/// Writes a synthetic multiple-sclerosis dataset in nnU-Net raw layout: FLAIR and T1 of skull-stripped brains, 64 x 76
/// x 60 voxels of 2.5 mm, with the lesions' label maps. `siteShift` stands for another scanner and clinic: contrast,
/// brightness, noise, bias field, orientation of the axes in the file, and lesion load; 0 is the reference. The same
/// arguments give the same files. Errors: Invalid (no cases asked for; `out` is not empty); Unsupported (the preset has
/// no phantom); Io.
Result<> writePhantom(const Json &preset, const std::filesystem::path &out, int cases, int siteShift,
                      std::uint64_t seed, int threads);

} // namespace consilium::segmentation
