// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "imaging/dicom/byte_stream.h"

namespace consilium::imaging::dicom {

/// The deflated data set (RFC 1951, without zlib header) that starts at `start`, unpacked into memory. Errors: Io;
/// Malformed (damaged); Unsupported (unpacks to more than 2 GiB).
Result<ByteOrigin> inflatedFrom(const ByteOrigin &origin, std::uintmax_t start);

} // namespace consilium::imaging::dicom
