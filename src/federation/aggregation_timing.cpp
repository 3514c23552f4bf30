// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/aggregation_timing.h"

#include "core/memory_bandwidth.h"
#include "core/random.h"
#include "core/safetensors.h"
#include "federation/aggregation.h"
#include "federation/tensor_readers.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace consilium::federation {

namespace {

/// Tensors as a convolutional network has them: large ones, each with a small one beside it.
ModelState randomModel(double megabytes, std::uint64_t seed)
{
    constexpr std::int64_t largest = 3'456'000, bias = 320;
    Random random(seed);
    ModelState model;
    auto left = static_cast<std::int64_t>(megabytes * 1e6 / sizeof(float));
    while (left > 0) {
        const auto count = std::min(left, model.tensors.size() % 2 == 0 ? largest : bias);
        std::vector<float> values(static_cast<std::size_t>(count));
        for (auto &value : values)
            value = static_cast<float>(random.uniform(-0.1, 0.1));
        model.tensors.push_back(Tensor::fromFloats(fmt::format("layer{}", model.tensors.size()), {count}, values));
        left -= count;
    }
    return model;
}

} // namespace

Result<AggregationTiming> timeAggregation(int sites, double megabytes, int threads, const std::filesystem::path &folder,
                                          int trials)
{
    const auto place = folder / "aggregation";
    const auto file = [&](int i) { return place / fmt::format("{}.safetensors", i); };
    for (int i = 0; i <= sites; ++i)
        if (auto written = writeSafetensors(file(i), randomModel(megabytes, static_cast<std::uint64_t>(i))); !written)
            return fail(written.error());
    AggregationTiming timing;
    timing.seconds = std::numeric_limits<double>::infinity();
    for (int trial = 0; trial < trials; ++trial) {
        const auto strategy = makeStrategy(Plan{});
        if (!strategy)
            return fail(strategy.error());
        std::vector<Contribution> contributions;
        timing.updateBytes = 0;
        for (int i = 1; i <= sites; ++i) {
            auto reader = readerOf(file(i));
            if (!reader)
                return fail(reader.error());
            for (const auto &info : (*reader)->tensors())
                timing.updateBytes += static_cast<double>(info.bytes());
            Contribution contribution;
            contribution.site = fmt::format("site-{:04}", i);
            contribution.update = std::move(*reader);
            contribution.samples = 10 + i;
            contributions.push_back(std::move(contribution));
        }
        AggregationFiles files;
        files.global = file(0);
        files.out = place / "next.safetensors";
        files.durable = false;
        std::error_code ignored;
        std::filesystem::remove(files.out, ignored); // a round's model replaces none
        const auto start = std::chrono::steady_clock::now();
        if (auto done = aggregate(**strategy, std::move(contributions), files, 1, threads); !done)
            return fail(done.error());
        timing.seconds =
            std::min(timing.seconds, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    timing.movedBytes = timing.updateBytes * (sites + 2) / sites;
    std::error_code ignored;
    std::filesystem::remove_all(place, ignored);
    timing.memoryBandwidth = memoryBandwidth(threads);
    return timing;
}

} // namespace consilium::federation
