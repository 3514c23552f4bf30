// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/random.h"
#include "core/safetensors.h"
#include "federation/strategy.h"
#include "federation/tensor_readers.h"

#include <cstring>

/// Small models of random numbers, and the same numbers as one dense vector in double precision.
namespace consilium::test {

using Dense = std::vector<double>;

inline const std::vector<std::pair<std::string, std::vector<std::int64_t>>> &randomShapes()
{
    static const std::vector<std::pair<std::string, std::vector<std::int64_t>>> shapes{
        {"conv.weight", {7, 5, 3}}, {"conv.bias", {7}}, {"norm.weight", {7}}, {"head", {2, 1501}}, {"scale", {}}};
    return shapes;
}

inline Tensor tensorOf(const std::string &name, const std::vector<std::int64_t> &shape, DType type,
                       std::span<const double> values)
{
    Tensor tensor{{name, type, shape}, {}};
    tensor.values.resize(tensor.info.bytes());
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (type == DType::F64)
            std::memcpy(tensor.values.data() + (8 * i), &values[i], 8);
        const auto narrow = static_cast<float>(values[i]);
        if (type == DType::F32)
            std::memcpy(tensor.values.data() + (4 * i), &narrow, 4);
    }
    return tensor;
}

inline ModelState modelOf(const Dense &values, DType type)
{
    ModelState model;
    std::size_t begin = 0;
    for (const auto &[name, shape] : randomShapes()) {
        const auto count = static_cast<std::size_t>(TensorInfo{name, type, shape}.elements());
        model.tensors.push_back(tensorOf(name, shape, type, std::span(values).subspan(begin, count)));
        begin += count;
    }
    return model;
}

inline std::size_t randomSize()
{
    std::size_t size = 0;
    for (const auto &[name, shape] : randomShapes())
        size += static_cast<std::size_t>(TensorInfo{name, DType::F32, shape}.elements());
    return size;
}

inline Dense valuesOf(const Tensor &tensor)
{
    Dense values;
    for (std::int64_t i = 0; i < tensor.info.elements(); ++i) {
        double wide = 0;
        float narrow = 0;
        if (tensor.info.dtype == DType::F64)
            std::memcpy(&wide, tensor.values.data() + (8 * i), 8);
        else
            std::memcpy(&narrow, tensor.values.data() + (4 * i), 4);
        values.push_back(tensor.info.dtype == DType::F64 ? wide : static_cast<double>(narrow));
    }
    return values;
}

inline Dense denseOf(const ModelState &model)
{
    Dense all;
    for (const auto &tensor : model.tensors) {
        const auto values = valuesOf(tensor);
        all.insert(all.end(), values.begin(), values.end());
    }
    return all;
}

inline Dense randomDense(Random &random, double deviation, std::size_t size = randomSize())
{
    Dense values(size);
    for (auto &value : values)
        value = random.normal(0, deviation);
    return values;
}

inline Dense plus(Dense a, const Dense &b, double factor = 1)
{
    for (std::size_t i = 0; i < a.size(); ++i)
        a[i] += factor * b[i];
    return a;
}

inline double inner(const Dense &a, const Dense &b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += a[i] * b[i];
    return sum;
}

inline double distance(const Dense &a, const Dense &b)
{
    const auto apart = plus(a, b, -1);
    return std::sqrt(inner(apart, apart));
}

inline federation::Contribution contributionOf(std::string site, ModelState model, std::int64_t samples = 1)
{
    federation::Contribution contribution;
    contribution.site = std::move(site);
    contribution.update = federation::readerOf(std::move(model));
    contribution.samples = samples;
    return contribution;
}

} // namespace consilium::test
