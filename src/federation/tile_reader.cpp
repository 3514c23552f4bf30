// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/tile_reader.h"

#include <cassert>
#include <cstdint>

namespace consilium::federation {

TileReader::TileReader(const AggregationLayout &layout, const UpdateReader &global)
    : m_layout(layout), m_globalReader(global), m_sites(layout.contributions().size())
{
}

Result<> TileReader::load(const Tile &tile)
{
    m_tile = tile;
    m_floating = kernels::isFloating(m_layout.tensors()[tile.tensor].dtype);
    const auto global = m_globalReader.read(tile.tensor, tile.begin, tile.count, m_globalScratch);
    if (!global)
        return fail(global.error());
    m_globalBytes = *global;
    m_globalFloats =
        m_layout.tensors()[tile.tensor].dtype == DType::F32 ? kernels::Floats(m_globalBytes.data()) : kernels::Floats();
    if (m_layout.stays(tile.tensor))
        return {};
    for (std::size_t site = 0; site < m_sites.size(); ++site)
        if (auto loaded = loadSite(site); !loaded)
            return fail(loaded.error(), "The update of site '{}'", m_layout.contributions()[site].site);
    return {};
}

Result<> TileReader::loadSite(std::size_t site)
{
    const auto &contribution = m_layout.contributions()[site];
    auto &into = m_sites[site];
    const auto index = m_layout.inUpdate(site, m_tile.tensor);
    const auto bytes = contribution.update->read(index, m_tile.begin, m_tile.count, into.scratch);
    if (!bytes)
        return fail(bytes.error());
    const auto type = contribution.update->tensors()[index].dtype;
    into.floats = type == DType::F32 ? kernels::Floats(bytes->data()) : kernels::Floats();
    const bool aligned = reinterpret_cast<std::uintptr_t>(bytes->data()) % alignof(double) == 0;
    into.doubles = type == DType::F64 && aligned ? reinterpret_cast<const double *>(bytes->data()) : nullptr;
    if (!into.floats && !into.doubles) {
        into.wide.resize(m_tile.count);
        kernels::widen(type, *bytes, into.wide);
        into.doubles = into.wide.data();
    }
    if (!contribution.base)
        return {};
    const auto start =
        contribution.base->read(m_layout.inBase(site, m_tile.tensor), m_tile.begin, m_tile.count, m_startScratch);
    if (!start)
        return fail(start.error());
    into.start.resize(m_tile.count);
    kernels::widen(m_layout.tensors()[m_tile.tensor].dtype, *start, into.start);
    return {};
}

void TileReader::release(const Stripe &stripe) const
{
    for (auto first = stripe.begin(); first != stripe.end();) {
        std::size_t count = 0; // tiles of one tensor follow each other
        auto next = first;
        for (; next != stripe.end() && next->tensor == first->tensor; ++next)
            count += next->count;
        m_globalReader.release(first->tensor, first->begin, count);
        for (std::size_t site = 0; site < m_sites.size(); ++site) {
            const auto &contribution = m_layout.contributions()[site];
            const auto index = m_layout.inUpdate(site, first->tensor);
            if (index == AggregationLayout::nowhere)
                continue;
            contribution.update->release(index, first->begin, count);
            if (contribution.base)
                contribution.base->release(m_layout.inBase(site, first->tensor), first->begin, count);
        }
        first = next;
    }
}

void TileReader::turnTo(std::size_t begin, std::size_t count)
{
    assert(count <= blockElements && begin + count <= m_tile.count);
    m_begin = begin;
    m_count = count;
    const auto type = m_layout.tensors()[m_tile.tensor].dtype;
    kernels::widen(type, m_globalBytes.subspan(begin * byteSize(type), count * byteSize(type)),
                   std::span(m_global).first(count));
}

const double *TileReader::start(std::size_t site) const
{
    return m_layout.contributions()[site].base ? m_sites[site].start.data() + m_begin : m_global.data();
}

const double *TileReader::base(std::size_t site) const
{
    return isChange(site) ? m_zeros.data() : start(site);
}

} // namespace consilium::federation
