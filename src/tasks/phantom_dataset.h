// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/result.h"

#include <cstdint>
#include <filesystem>

namespace consilium::tasks {

enum class PhantomFormat {
    Nifti, ///< nnU-Net raw layout: imagesTr, labelsTr or landmarksTr (CASE.mrk.json, Markups JSON), dataset.json
    Dicom  ///< CASE/CHANNEL/IMG-0001.dcm and on, the reference in CASE: see writePhantomDicom
};

struct PhantomRequest
{
    int cases = 1;
    int siteShift = 0; ///< another scanner and clinic; 0 is the reference
    std::uint64_t seed = 7;
    int threads = 0; ///< 0: all cores
    PhantomFormat format = PhantomFormat::Nifti;
};

/// Writes a synthetic dataset of the kind that a preset's "phantom" names. The same preset and request give the same
/// files. Cases are called phantom-SHIFT-001 and on.
///
/// `out` appears whole or not at all. Errors: Invalid (no cases asked for; `out` is not empty; the phantom has other
/// channels, labels or landmarks than the preset); Unsupported (the preset names no phantom, or one there is not); Io.
Result<> writePhantomDataset(const Json &preset, const std::filesystem::path &out, const PhantomRequest &request);

} // namespace consilium::tasks
