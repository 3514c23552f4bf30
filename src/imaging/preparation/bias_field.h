// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

namespace consilium::imaging {

/// Removes the slow change of brightness of MR coils: N4 on the volume shrunk to about 4 mm, the field applied at full
/// size. `mask` (same grid) says where the tissue is; without one, the voxels above Otsu's threshold. Errors: Invalid
/// (no tissue). Source: Tustison et al., N4ITK, IEEE Trans. Med. Imaging 29, 2010.
Result<Volume> correctBias(const Volume &volume, const LabelMap *mask = nullptr);

} // namespace consilium::imaging
