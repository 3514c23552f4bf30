// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/file.h"
#include "federation/aggregation.h"
#include "federation/aggregation_layout.h"

#include <optional>

namespace consilium::federation {

/// What a strategy remembers from round to round: a safetensors file with a tensor "<slot>/<name>" for each slot and
/// each floating tensor of the model that does not stay, F64 where the model's is, else F32. Reads the old file, where
/// there is one, and writes the new one, both in pieces and from several threads at once.
class StrategyMemory
{
public:
    /// Without slots nothing is read or written. Errors: Malformed (the memory of another strategy or model); Io.
    static Result<StrategyMemory> open(const std::vector<MemorySlot> &slots, const AggregationLayout &layout,
                                       const AggregationFiles &files);

    std::size_t slots() const { return m_slots.size(); }
    DType type(std::size_t tensor) const;
    /// The slot's values of a tile, before the round. Errors: Io.
    Result<> read(std::size_t slot, const Tile &tile, std::vector<std::byte> &scratch,
                  std::vector<double> &values) const;
    /// Errors: Io.
    Result<> write(std::size_t slot, const Tile &tile, std::span<const std::byte> bytes);
    Result<> commit(bool durable);

private:
    std::vector<MemorySlot> m_slots;
    std::vector<TensorInfo> m_tensors;
    std::vector<std::vector<std::size_t>> m_indices; // by slot and the model's tensor
    std::vector<std::uint64_t> m_positions;          // of m_tensors in the new file
    std::shared_ptr<const UpdateReader> m_old;       // none in the first round
    std::optional<AtomicFile> m_new;
};

} // namespace consilium::federation
