// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model_state.h"

#include <span>
#include <vector>

namespace consilium::federation {

/// The tensors of a model or of an update, read in pieces, wherever and however they are stored. Safe to read from
/// several threads at once.
class UpdateReader
{
public:
    virtual ~UpdateReader() = default;

    virtual const std::vector<TensorInfo> &tensors() const = 0;

    /// The values of elements `begin` to `begin + count` of tensor `index`, little endian, in the tensor's own type.
    /// They lie in `scratch`, or where the reader keeps them, until `scratch` or the reader changes. Errors: Io;
    /// Malformed (what is stored is not what was promised).
    virtual Result<std::span<const std::byte>> read(std::size_t index, std::size_t begin, std::size_t count,
                                                    std::vector<std::byte> &scratch) const = 0;

    /// Nobody looks at these values any more: what the reader holds of them in memory may go. They can be read again.
    virtual void release(std::size_t /*index*/, std::size_t /*begin*/, std::size_t /*count*/) const {}
};

} // namespace consilium::federation
