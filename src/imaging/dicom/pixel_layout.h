// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/dicom/dicom_file.h"

namespace consilium::imaging::dicom {

/// An element that holds one whole number from `from` to `to`; `otherwise` when it is missing or empty. Errors, naming
/// the file: Malformed (something else in it).
Result<int> wholeNumber(DicomFile &file, const DcmTagKey &tag, int otherwise, int from, int to);

} // namespace consilium::imaging::dicom
