// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/gram.h"

#include "core/parallel.h"
#include "federation/ordered_sum.h"
#include "federation/tile_kernels.h"
#include "federation/tile_reader.h"

#include <algorithm>

namespace consilium::federation {

namespace {

constexpr std::size_t columns = 512; // of every site's change at once: all of them stay near the processor

/// Adds the products of one tile to the rows up to the diagonal.
void addProducts(TileReader &reader, std::vector<double> &changes, std::vector<double> &products)
{
    const auto sites = changes.size() / columns;
    for (std::size_t begin = 0; begin < reader.tile().count; begin += columns) {
        const auto count = std::min(columns, reader.tile().count - begin);
        reader.turnTo(begin, count);
        for (std::size_t i = 0; i < sites; ++i) {
            reader.withValues(
                i, [&](auto values) { kernels::change(values, reader.base(i), 1, &changes[i * columns], count); });
            for (std::size_t j = 0; j <= i; ++j)
                products[(i * sites) + j] += kernels::dot(&changes[i * columns], &changes[j * columns], count);
        }
    }
}

} // namespace

Result<Gram> gramMatrix(const AggregationLayout &layout, const UpdateReader &global, int threads)
{
    const auto sites = layout.contributions().size();
    const auto stripes = layout.stripes();
    OrderedSum total(sites * sites);
    auto done = forEachIndex(stripes.size(), threads, [&](std::size_t s) -> Result<> {
        TileReader reader(layout, global);
        std::vector<double> changes(sites * columns), products(sites * sites);
        for (const auto &tile : stripes[s]) {
            if (layout.stays(tile.tensor) || !kernels::isFloating(layout.tensors()[tile.tensor].dtype))
                continue;
            if (auto loaded = reader.load(tile); !loaded)
                return loaded;
            addProducts(reader, changes, products);
        }
        reader.release(stripes[s]);
        total.add(s, std::move(products));
        return {};
    });
    if (!done)
        return fail(done.error());
    Gram gram{sites, total.take()};
    for (std::size_t i = 0; i < sites; ++i)
        for (std::size_t j = 0; j <= i; ++j) {
            const auto product =
                gram.products[(i * sites) + j] * layout.contributions()[i].scale * layout.contributions()[j].scale;
            gram.products[(i * sites) + j] = gram.products[(j * sites) + i] = product;
        }
    return gram;
}

} // namespace consilium::federation
