// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/aggregation.h"

#include "core/parallel.h"
#include "core/safetensors.h"
#include "federation/gram.h"
#include "federation/ordered_sum.h"
#include "federation/strategy_memory.h"
#include "federation/tensor_readers.h"
#include "federation/tile_kernels.h"
#include "federation/tile_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <numeric>

namespace consilium::federation {

namespace {

/// What is the same for all threads.
struct Work
{
    const Strategy &strategy;
    const AggregationLayout &layout;
    const UpdateReader &global;
    std::vector<double> weights;        // of changes as they arrive, clipping in them
    std::vector<double> integerWeights; // of a mean
    double learningRate = 1;
    StrategyMemory &memory;
};

/// Sums over a stripe: for each site norm, product, distance, squared but for the second; last the step's, squared.
struct Sums
{
    explicit Sums(std::size_t sites) : values((3 * sites) + 1) {}
    double &norm(std::size_t site) { return values[3 * site]; }
    double &product(std::size_t site) { return values[(3 * site) + 1]; }
    double &distance(std::size_t site) { return values[(3 * site) + 2]; }
    double &step() { return values.back(); }
    std::vector<double> values;
};

/// One thread's place to work in.
class Worker
{
public:
    explicit Worker(const Work &work)
        : m_work(work), m_reader(work.layout, work.global), m_sites(work.weights.size()), m_memory(work.memory.slots())
    {
        if (work.strategy.byCoordinate())
            m_changes.resize(m_sites * blockElements);
    }

    /// Forgets the stripe before.
    void begin() { m_filled = 0; }
    /// The stripe's values are not needed any more.
    void release(const Stripe &stripe) const { m_reader.release(stripe); }
    /// The new values of the stripe's tiles so far.
    std::span<const std::byte> filled() const { return std::span(m_out).first(m_filled); }
    /// Adds the new values of a tile.
    Result<> combine(const Tile &tile, Sums &sums)
    {
        if (auto loaded = m_reader.load(tile); !loaded)
            return loaded;
        const auto &info = m_work.layout.tensors()[tile.tensor];
        const auto width = byteSize(info.dtype);
        const auto start = std::exchange(m_filled, m_filled + (tile.count * width));
        if (m_out.size() < m_filled) // never smaller again: what grows is filled with zeros first
            m_out.resize(m_filled);
        if (m_work.layout.stays(tile.tensor)) {
            std::ranges::copy(m_reader.globalBytes(), m_out.begin() + static_cast<long>(start));
            return {};
        }
        const bool remembers = m_reader.floating() && m_work.memory.slots() > 0;
        for (std::size_t slot = 0; remembers && slot < m_memory.size(); ++slot)
            if (auto read = m_work.memory.read(slot, tile, m_scratch, m_memory[slot]); !read)
                return read;
        for (std::size_t begin = 0; begin < tile.count; begin += blockElements) {
            const auto count = std::min(blockElements, tile.count - begin);
            m_reader.turnTo(begin, count);
            if (m_reader.floating())
                stepBlock(begin, count, sums);
            else
                meanBlock(count);
            if (!writeBlock(info.dtype, std::span(m_out).subspan(start + (begin * width), count * width)))
                return fail(ErrorCode::Invalid, "The combined tensor '{}' holds values that are not finite", info.name);
        }
        return remembers ? writeMemory(tile) : Result<>{};
    }

private:
    void stepBlock(std::size_t begin, std::size_t count, Sums &sums)
    {
        if (m_work.strategy.byCoordinate())
            combineChanges(count, [&](std::size_t site) { return m_work.layout.contributions()[site].scale; });
        else
            addChanges(m_work.weights, count);
        m_memoryBlock.clear();
        for (auto &slot : m_memory)
            m_memoryBlock.push_back(std::span(slot).subspan(begin, count));
        m_work.strategy.step(std::span(m_sum).first(count), m_memoryBlock, m_work.learningRate);
        measure(count, sums);
    }

    /// The old values and the step in the model's type. False: some are not finite.
    bool writeBlock(DType type, std::span<std::byte> bytes)
    {
        const auto global = m_reader.global();
        if (type == DType::F32 && reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(float) == 0)
            return kernels::addToFloats(global.data(), m_sum.data(), reinterpret_cast<float *>(bytes.data()),
                                        global.size());
        const auto next = std::span(m_next).first(global.size());
        for (std::size_t i = 0; i < next.size(); ++i)
            next[i] = global[i] + m_sum[i];
        kernels::narrow(type, next, bytes);
        return !m_reader.floating() || kernels::fits(type, next);
    }

    /// The weighted sum of the changes. Models in float32 are added as they are, a few at once, to the negative of what
    /// they are measured from: fewer numbers move, and double precision has digits to spare.
    void addChanges(const std::vector<double> &weights, std::size_t count)
    {
        double fromGlobal = 0;
        for (std::size_t site = 0; site < m_sites; ++site)
            fromGlobal += m_reader.plainFloats(site) && !m_reader.isChange(site) ? weights[site] : 0;
        kernels::scaled(m_reader.global().data(), -fromGlobal, m_sum.data(), count);
        std::array<kernels::Floats, kernels::sitesAtOnce> values{};
        std::array<double, kernels::sitesAtOnce> factors{};
        std::size_t waiting = 0;
        const auto addWaiting = [&] {
            kernels::addWeighted(std::span(values).first(waiting), std::span(factors).first(waiting), m_sum.data(),
                                 count);
            waiting = 0;
        };
        for (std::size_t site = 0; site < m_sites; ++site) {
            const auto floats = m_reader.plainFloats(site);
            if (!floats) {
                addWaiting();
                m_reader.withValues(site, [&](auto some) {
                    kernels::addChange(some, m_reader.base(site), weights[site], m_sum.data(), count);
                });
                continue;
            }
            values[waiting] = floats;
            factors[waiting] = weights[site];
            if (++waiting == kernels::sitesAtOnce)
                addWaiting();
        }
        addWaiting();
    }

    /// How each site's change lies to the step, from what is in the cache already.
    void measure(std::size_t count, Sums &sums)
    {
        sums.step() += kernels::toFloats(m_sum.data(), m_stepFloats.data(), count);
        auto global = m_reader.globalFloats();
        if (!global) {
            kernels::toFloats(m_reader.global().data(), m_globalFloats.data(), count);
            global = m_globalFloats.data();
        }
        for (std::size_t site = 0; site < m_sites; ++site) {
            const auto floats = m_reader.plainFloats(site);
            kernels::Overlap overlap;
            if (floats)
                overlap = kernels::overlapInFloat(
                    floats, m_reader.isChange(site) ? kernels::Floats(m_zeroFloats.data()) : global,
                    m_stepFloats.data(), count);
            // What float32 has no room for is worked out again.
            if (!floats || !(overlap.square > 1e-30 && overlap.square < 1e30 && overlap.squaredDistance < 1e30))
                overlap = preciseOverlap(site, count);
            sums.norm(site) += overlap.square;
            sums.product(site) += overlap.product;
            sums.distance(site) += overlap.squaredDistance;
        }
    }

    kernels::Overlap preciseOverlap(std::size_t site, std::size_t count)
    {
        const auto *target = m_sum.data();
        if (m_work.layout.contributions()[site].base) { // it began elsewhere: what leads it to the new model
            for (std::size_t i = 0; i < count; ++i)
                m_target[i] = m_reader.global()[i] + m_sum[i] - m_reader.start(site)[i];
            target = m_target.data();
        }
        return m_reader.withValues(site, [&](auto values) {
            return kernels::overlap(values, m_reader.base(site), m_sum.data(), target, count);
        });
    }

    void meanBlock(std::size_t count)
    {
        if (m_work.strategy.byCoordinate())
            return combineChanges(count, [](std::size_t) { return 1.0; });
        addChanges(m_work.integerWeights, count);
    }

    template <typename Scale>
    void combineChanges(std::size_t count, Scale &&scale)
    {
        m_changeSpans.clear();
        for (std::size_t site = 0; site < m_sites; ++site) {
            auto *into = &m_changes[site * blockElements];
            m_reader.withValues(
                site, [&](auto values) { kernels::change(values, m_reader.base(site), scale(site), into, count); });
            m_changeSpans.emplace_back(into, count);
        }
        m_work.strategy.combine(m_changeSpans, std::span(m_sum).first(count));
    }

    Result<> writeMemory(const Tile &tile)
    {
        const auto type = m_work.memory.type(tile.tensor);
        for (std::size_t slot = 0; slot < m_memory.size(); ++slot) {
            m_scratch.resize(tile.count * byteSize(type));
            if (!kernels::fits(type, m_memory[slot]))
                return fail(ErrorCode::Invalid, "What the strategy remembers of '{}' is not finite",
                            m_work.layout.tensors()[tile.tensor].name);
            kernels::narrow(type, m_memory[slot], m_scratch);
            if (auto written = m_work.memory.write(slot, tile, m_scratch); !written)
                return written;
        }
        return {};
    }

    const Work &m_work;
    TileReader m_reader;
    std::size_t m_sites;
    std::array<double, blockElements> m_sum{}, m_next{}, m_target{};
    std::array<float, blockElements> m_stepFloats{}, m_globalFloats{}, m_zeroFloats{};
    std::vector<double> m_changes;
    std::vector<std::span<const double>> m_changeSpans;
    std::vector<std::span<double>> m_memoryBlock;
    std::vector<std::vector<double>> m_memory;
    std::vector<std::byte> m_scratch, m_out;
    std::size_t m_filled = 0;
};

/// Hands each thread a place to work in that one before it has left.
template <typename T>
class Pool
{
public:
    template <typename Make>
    std::unique_ptr<T> take(Make &&make)
    {
        const std::lock_guard lock(m_mutex);
        if (m_free.empty())
            return make();
        auto taken = std::move(m_free.back());
        m_free.pop_back();
        return taken;
    }
    void giveBack(std::unique_ptr<T> used)
    {
        const std::lock_guard lock(m_mutex);
        m_free.push_back(std::move(used));
    }

private:
    std::mutex m_mutex;
    std::vector<std::unique_ptr<T>> m_free;
};

/// The weights of a mean: they sum to 1.
std::vector<double> shares(std::vector<double> weights)
{
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (auto &weight : weights)
        weight /= total != 0 ? total : 1;
    return weights;
}

Aggregated summary(const AggregationLayout &layout, std::vector<double> weights, Sums sums)
{
    Aggregated aggregated;
    aggregated.weights = std::move(weights);
    aggregated.stepNorm = std::sqrt(sums.step());
    for (std::size_t site = 0; site < layout.contributions().size(); ++site) {
        aggregated.sites.push_back(layout.contributions()[site].site);
        Drift drift{std::sqrt(sums.norm(site)), 0, std::sqrt(sums.distance(site))};
        if (drift.norm > 0 && aggregated.stepNorm > 0)
            drift.cosine = std::clamp(sums.product(site) / drift.norm / aggregated.stepNorm, -1.0, 1.0);
        aggregated.drift.push_back(drift);
    }
    return aggregated;
}

std::vector<std::uint64_t> tensorPositions(const std::vector<TensorInfo> &tensors, std::uint64_t first)
{
    std::vector<std::uint64_t> positions;
    for (const auto &info : tensors) {
        positions.push_back(first);
        first += info.bytes();
    }
    return positions;
}

} // namespace

Result<Aggregated> aggregate(Strategy &strategy, std::vector<Contribution> contributions, const AggregationFiles &files,
                             double learningRate, int threads, const std::vector<std::string> &stays)
{
    const auto global = readerOf(files.global);
    if (!global)
        return fail(global.error());
    const auto layout = AggregationLayout::make((*global)->tensors(), std::move(contributions), stays);
    if (!layout)
        return fail(layout.error());
    const auto &sites = layout->contributions();
    Gram gram;
    if (strategy.needsGram()) {
        auto made = gramMatrix(*layout, **global, threads);
        if (!made)
            return fail(made.error());
        gram = std::move(*made);
    }
    auto weights = strategy.weigh(sites, strategy.needsGram() ? &gram : nullptr);
    if (!weights)
        return fail(weights.error());
    auto scaled = *weights;
    for (std::size_t site = 0; site < sites.size(); ++site)
        scaled[site] *= sites[site].scale;
    auto memory = StrategyMemory::open(strategy.memory(), *layout, files);
    if (!memory)
        return fail(memory.error());
    auto file = AtomicFile::create(files.out);
    if (!file)
        return fail(file.error());
    const auto header = safetensorsHeader(layout->tensors(), files.metadata);
    if (auto written = file->write(header); !written)
        return fail(written.error());

    const Work work{strategy, *layout, **global, std::move(scaled), shares(*weights), learningRate, *memory};
    const auto positions = tensorPositions(layout->tensors(), header.size());
    const auto stripes = layout->stripes();
    OrderedSum total(Sums(sites.size()).values.size());
    Pool<Worker> workers;
    auto done = forEachIndex(stripes.size(), threads, [&](std::size_t s) -> Result<> {
        auto worker = workers.take([&] { return std::make_unique<Worker>(work); });
        Sums sums(sites.size());
        worker->begin();
        for (const auto &tile : stripes[s])
            if (auto combined = worker->combine(tile, sums); !combined)
                return combined;
        const auto &first = stripes[s].front();
        const auto width = byteSize(layout->tensors()[first.tensor].dtype);
        if (auto written = file->writeAt(positions[first.tensor] + (first.begin * width), worker->filled()); !written)
            return written;
        worker->release(stripes[s]);
        total.add(s, std::move(sums.values));
        workers.giveBack(std::move(worker));
        return {};
    });
    if (!done)
        return fail(done.error());
    if (auto kept = memory->commit(files.durable); !kept)
        return fail(kept.error());
    if (auto kept = file->commit(files.durable); !kept)
        return fail(kept.error());
    Sums sums(0);
    sums.values = total.take();
    return summary(*layout, std::move(*weights), std::move(sums));
}

} // namespace consilium::federation
