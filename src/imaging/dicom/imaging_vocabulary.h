// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace consilium::imaging::dicom {

/// Whether a word, in any case, is one of radiology's own: a modality, plane, part of the body, sequence, contrast,
/// phase, reconstruction or vendor, or a measure with its unit ("5mm", "1.5T", "b1000"). Bare numbers are not, because
/// numbers make up dates, telephone and record numbers.
bool isImagingWord(std::string_view word);

} // namespace consilium::imaging::dicom
