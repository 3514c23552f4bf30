// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/strategy_memory.h"

#include "core/safetensors.h"
#include "federation/tensor_readers.h"
#include "federation/tile_kernels.h"

#include <algorithm>

namespace consilium::federation {

Result<StrategyMemory> StrategyMemory::open(const std::vector<MemorySlot> &slots, const AggregationLayout &layout,
                                            const AggregationFiles &files)
{
    StrategyMemory memory;
    memory.m_slots = slots;
    if (slots.empty())
        return memory;
    for (const auto &slot : slots) {
        auto &indices = memory.m_indices.emplace_back(layout.tensors().size(), AggregationLayout::nowhere);
        for (std::size_t t = 0; t < layout.tensors().size(); ++t) {
            auto info = layout.tensors()[t];
            if (layout.stays(t) || !kernels::isFloating(info.dtype))
                continue;
            indices[t] = memory.m_tensors.size();
            info.name = slot.name + "/" + info.name;
            info.dtype = info.dtype == DType::F64 ? DType::F64 : DType::F32;
            memory.m_tensors.push_back(std::move(info));
        }
    }
    std::error_code ignored;
    if (std::filesystem::exists(files.memory, ignored)) {
        auto old = readerOf(files.memory);
        if (!old)
            return fail(old.error());
        if ((*old)->tensors() != memory.m_tensors)
            return fail(ErrorCode::Malformed, "{} is not what this study's strategy remembers of its model",
                        files.memory.string());
        memory.m_old = std::move(*old);
    }
    auto file = AtomicFile::create(files.memoryOut);
    if (!file)
        return fail(file.error());
    const auto header = safetensorsHeader(memory.m_tensors, files.metadata);
    if (auto written = file->write(header); !written)
        return fail(written.error());
    std::uint64_t position = header.size();
    for (const auto &info : memory.m_tensors) {
        memory.m_positions.push_back(position);
        position += info.bytes();
    }
    memory.m_new.emplace(std::move(*file));
    return memory;
}

DType StrategyMemory::type(std::size_t tensor) const
{
    return m_tensors[m_indices[0][tensor]].dtype;
}

Result<> StrategyMemory::read(std::size_t slot, const Tile &tile, std::vector<std::byte> &scratch,
                              std::vector<double> &values) const
{
    values.resize(tile.count);
    if (!m_old) {
        std::ranges::fill(values, m_slots[slot].initial);
        return {};
    }
    const auto bytes = m_old->read(m_indices[slot][tile.tensor], tile.begin, tile.count, scratch);
    if (!bytes)
        return fail(bytes.error());
    kernels::widen(type(tile.tensor), *bytes, values);
    return {};
}

Result<> StrategyMemory::write(std::size_t slot, const Tile &tile, std::span<const std::byte> bytes)
{
    return m_new->writeAt(m_positions[m_indices[slot][tile.tensor]] + (tile.begin * byteSize(type(tile.tensor))),
                          bytes);
}

Result<> StrategyMemory::commit(bool durable)
{
    return m_new ? m_new->commit(durable) : Result<>{};
}

} // namespace consilium::federation
