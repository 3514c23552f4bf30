// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/dicom/dicom_file.h"

#include <dcmtk/dcmdata/dcvr.h>

namespace consilium::imaging::dicom {

/// An element's text in UTF-8, from the character sets (0008,0005) that its data set, or one around it, names. Bytes
/// those do not have become U+FFFD. Source: PS3.5, chapter 6; PS3.3, C.12.1.1.2.
std::string toUtf8(DcmItem &item, const std::string &text, DcmEVR vr);

} // namespace consilium::imaging::dicom
