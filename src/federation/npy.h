// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model_state.h"

namespace consilium::federation {

/// The header of a NumPy .npy file, version 1, C order, little endian, for a tensor: the same bytes NumPy itself
/// writes, so that equal arrays have equal ids whoever serialised them. Source: NumPy format description, "Format
/// Version 1.0".
std::string npyHeader(const TensorInfo &tensor);

/// Reads the header at the start of `bytes` (versions 1 and 2): dtype and shape, and how many bytes it takes.
/// Errors: Malformed; Unsupported (Fortran order, big endian, objects).
struct NpyHeader
{
    TensorInfo tensor; ///< without a name
    std::size_t size = 0;
};
Result<NpyHeader> parseNpyHeader(std::string_view bytes);

/// NumPy's word for a type: "float32", "int64". BF16 has none: Unsupported.
Result<std::string> numpyName(DType type);

} // namespace consilium::federation
