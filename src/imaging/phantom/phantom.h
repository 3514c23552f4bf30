// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "imaging/landmarks.h"
#include "imaging/volume.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace consilium::imaging {

/// One synthetic case.
struct PhantomCase
{
    std::vector<std::string> channels;   ///< "FLAIR", "T1"
    std::vector<Volume> images;          ///< one per channel, all on one grid; a radiograph has one slice
    LabelMap labels;                     ///< empty values when the task has landmarks
    LandmarkSet landmarks;               ///< empty when the task has labels
    std::string modality;                ///< DICOM: "MR", "DX"
    std::vector<std::string> labelNames; ///< by value, background first
};

/// Makes case `index` of a synthetic site. `kind`: "multiple-sclerosis", "hippocampus", "prostate" or "spinopelvic".
/// `siteShift` stands for another scanner and clinic (contrast, brightness, noise, bias field, spacing, orientation of
/// the axes, lesion load; for radiographs blur, contrast, collimation, instrumentation); 0 is the reference. The same
/// arguments give the same bytes on every machine. Errors: Unsupported (no such kind: names those there are).
///
/// The radiograph is a lateral one in a sagittal plane: rows from head to foot (-S), columns backwards (+P) where the
/// patient faces left in the picture and forwards (-P) where right, the third axis by the right-hand rule. LPS (0, 0,
/// 0) lies halfway between the femoral heads' centres. Its 29 landmarks, in this order: "T12 superior anterior", "T12
/// superior posterior", "T12 inferior anterior", "T12 inferior posterior", the same of L1 to L5, "S1 anterior", "S1
/// middle", "S1 posterior" (of its endplate), "femoral head left", "femoral head right".
Result<PhantomCase> makePhantom(std::string_view kind, std::size_t index, int siteShift, std::uint64_t seed);

} // namespace consilium::imaging
