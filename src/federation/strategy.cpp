// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/strategy.h"

#include "core/file.h"
#include "core/safetensors.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace consilium::federation {

namespace {

constexpr std::size_t tileElements = 512 * 1024;

template <typename T>
void widen(std::span<const std::byte> bytes, std::span<double> out)
{
    for (std::size_t i = 0; i < out.size(); ++i) {
        T value;
        std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
        out[i] = static_cast<double>(value);
    }
}

template <typename T>
void narrow(std::span<const double> values, std::span<std::byte> out)
{
    for (std::size_t i = 0; i < values.size(); ++i) {
        T value;
        if constexpr (std::is_integral_v<T>)
            value =
                static_cast<T>(std::clamp(std::nearbyint(values[i]), static_cast<double>(std::numeric_limits<T>::min()),
                                          static_cast<double>(std::numeric_limits<T>::max())));
        else
            value = static_cast<T>(values[i]);
        std::memcpy(out.data() + i * sizeof(T), &value, sizeof(T));
    }
}

/// Calls `work` with a value of the C++ type behind `type`. Half precision is widened by strategies of later plans, not
/// here.
template <typename Work>
Result<> withType(DType type, Work &&work)
{
    switch (type) {
    case DType::F32: work(float{}); return {};
    case DType::F64: work(double{}); return {};
    case DType::I64: work(std::int64_t{}); return {};
    case DType::I32: work(std::int32_t{}); return {};
    case DType::I16: work(std::int16_t{}); return {};
    case DType::I8: work(std::int8_t{}); return {};
    case DType::U8:
    case DType::Bool: work(std::uint8_t{}); return {};
    default: return fail(ErrorCode::Unsupported, "Tensors of type {} cannot be averaged", name(type));
    }
}

class FedAvg : public Strategy
{
public:
    Result<> begin(std::span<const Contribution> contributions) override
    {
        double total = 0;
        for (const auto &contribution : contributions)
            total += contribution.samples;
        if (total <= 0)
            return fail(ErrorCode::Invalid, "No update has any samples");
        m_weights.clear();
        for (const auto &contribution : contributions)
            m_weights.push_back(contribution.samples / total);
        return {};
    }

    void add(std::size_t site, std::span<const double> values, std::span<double> sum) const override
    {
        const double weight = m_weights[site];
        for (std::size_t i = 0; i < sum.size(); ++i)
            sum[i] += weight * values[i];
    }

    void finish(std::span<double>, std::span<const double>) const override {}

private:
    std::vector<double> m_weights;
};

} // namespace

std::unique_ptr<Strategy> makeFedAvg()
{
    return std::make_unique<FedAvg>();
}

Result<std::unique_ptr<Strategy>> makeStrategy(const std::string &kind)
{
    if (kind == "fedavg")
        return makeFedAvg();
    return fail(ErrorCode::Unsupported, "The strategy '{}' is not one this program has", kind);
}

Result<> combine(Strategy &strategy, std::vector<Contribution> contributions, const std::filesystem::path &global,
                 const std::filesystem::path &out, const std::map<std::string, std::string> &metadata)
{
    std::sort(contributions.begin(), contributions.end(), [](const auto &a, const auto &b) { return a.site < b.site; });
    if (auto begun = strategy.begin(contributions); !begun)
        return begun;
    auto base = SafetensorsFile::open(global);
    if (!base)
        return fail(base.error());
    std::vector<SafetensorsFile> updates;
    for (const auto &contribution : contributions) {
        auto update = SafetensorsFile::open(contribution.model);
        if (!update)
            return fail(update.error(), "The update of site '{}'", contribution.site);
        if (update->tensors() != base->tensors())
            return fail(ErrorCode::Invalid, "The update of site '{}' has other tensors than the model",
                        contribution.site);
        updates.push_back(std::move(*update));
    }
    auto file = AtomicFile::create(out);
    if (!file)
        return fail(file.error());
    if (auto written = file->write(safetensorsHeader(base->tensors(), metadata)); !written)
        return written;
    std::vector<double> sum, values, old;
    std::vector<std::byte> bytes;
    for (std::size_t t = 0; t < base->tensors().size(); ++t) {
        const auto &info = base->tensors()[t];
        const auto elements = static_cast<std::size_t>(info.elements());
        const auto width = byteSize(info.dtype);
        for (std::size_t begin = 0; begin < elements; begin += tileElements) {
            const auto count = std::min(tileElements, elements - begin);
            sum.assign(count, 0.0);
            values.resize(count);
            old.resize(count);
            bytes.resize(count * width);
            const auto read = [&](SafetensorsFile &from, std::vector<double> &into) -> Result<> {
                if (auto got = from.read(t, begin * width, bytes); !got)
                    return got;
                return withType(info.dtype, [&](auto type) { widen<decltype(type)>(bytes, into); });
            };
            for (std::size_t site = 0; site < updates.size(); ++site) {
                if (auto got = read(updates[site], values); !got)
                    return got;
                strategy.add(site, values, sum);
            }
            if (auto got = read(*base, old); !got)
                return got;
            strategy.finish(sum, old);
            if (auto done = withType(info.dtype, [&](auto type) { narrow<decltype(type)>(sum, bytes); }); !done)
                return done;
            if (auto written = file->write(bytes); !written)
                return written;
        }
    }
    return file->commit();
}

} // namespace consilium::federation
