// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/networks/ahnet_slices.h"

#include "learning/networks/he_normal.h"

#include <algorithm>

namespace consilium::learning {

namespace {

constexpr std::int64_t kernel = 7; // of the global convolutions; at a thirty-second it spans 224 pixels
constexpr int stages = 4;

Convolution convolution(std::int64_t in, std::int64_t out, const AxisSizes &extents)
{
    return Convolution(in, out, extents, onEveryAxis(2, 1), true);
}

/// Puts the kernels O, I, Y, X of `flat` in the middle of O, I, Z, Y, X; false where they are not the same otherwise.
bool putInTheMiddle(Tensor &deep, const Tensor &flat)
{
    auto shape = deep.info.shape;
    if (shape.size() != 5)
        return false;
    const auto depth = static_cast<std::size_t>(shape[2]);
    shape.erase(shape.begin() + 2);
    if (shape != flat.info.shape || deep.info.dtype != flat.info.dtype)
        return false;
    const auto plane = static_cast<std::size_t>(shape[2] * shape[3]) * byteSize(flat.info.dtype);
    std::ranges::fill(deep.values, std::byte{0});
    for (std::size_t k = 0; (k + 1) * plane <= flat.values.size(); ++k)
        std::copy_n(flat.values.begin() + static_cast<std::ptrdiff_t>(k * plane), plane,
                    deep.values.begin() + static_cast<std::ptrdiff_t>((k * depth + depth / 2) * plane));
    return true;
}

} // namespace

GlobalConvolutionImpl::GlobalConvolutionImpl(std::int64_t in, std::int64_t out)
    : m_down(register_module("down", convolution(in, out, {kernel, 1}))),
      m_downAcross(register_module("downAcross", convolution(out, out, {1, kernel}))),
      m_across(register_module("across", convolution(in, out, {1, kernel}))),
      m_acrossDown(register_module("acrossDown", convolution(out, out, {kernel, 1})))
{
}

torch::Tensor GlobalConvolutionImpl::forward(const torch::Tensor &x) const
{
    return m_downAcross->forward(m_down->forward(x)) + m_acrossDown->forward(m_across->forward(x));
}

BoundaryRefinementImpl::BoundaryRefinementImpl(std::int64_t channels)
    : m_first(register_module("first", convolution(channels, channels, {3, 3}))),
      m_second(register_module("second", convolution(channels, channels, {3, 3})))
{
}

torch::Tensor BoundaryRefinementImpl::forward(const torch::Tensor &x) const
{
    return x + m_second->forward(m_first->forward(x).relu_());
}

SliceAHNetImpl::SliceAHNetImpl(const AHNetShape &shape) : m_encoder(register_module("encoder", AHNetEncoder(shape)))
{
    const auto list = [this](const char *name) { return register_module(name, torch::nn::ModuleList()); };
    auto global = list("global"), refineStage = list("refineStage"), refineSum = list("refineSum");
    auto channels = 4 * shape.width;
    for (int k = 0; k < stages; ++k, channels *= 2) {
        m_global.emplace_back(GlobalConvolution(channels, shape.labels));
        global->push_back(m_global.back());
        m_refineStage.emplace_back(BoundaryRefinement(shape.labels));
        refineStage->push_back(m_refineStage.back());
    }
    // One for each doubling: three between the stages, two from a quarter to the picture itself.
    for (int k = 0; k < stages + 1; ++k) {
        m_refineSum.emplace_back(BoundaryRefinement(shape.labels));
        refineSum->push_back(m_refineSum.back());
    }
}

torch::Tensor SliceAHNetImpl::forward(const torch::Tensor &x)
{
    const auto maps = m_encoder->forward(x);
    const auto scores = [&](std::size_t k) { return m_refineStage[k]->forward(m_global[k]->forward(maps[k + 2])); };
    auto y = scores(stages - 1);
    for (std::size_t k = stages - 1; k-- > 0;)
        y = m_refineSum[k + 2]->forward(scores(k) + twice(y));
    y = m_refineSum[1]->forward(twice(y));
    return m_refineSum[0]->forward(twice(y));
}

void SliceAHNetImpl::draw(std::uint64_t seed)
{
    drawHeNormal(*this, seed);
    m_encoder->beginAsShortcuts();
}

Result<ModelState> withEncoderOfSlices(ModelState volumes, const ModelState &slices)
{
    for (auto &tensor : volumes.tensors) {
        if (!tensor.info.name.starts_with("encoder."))
            continue;
        const auto *trained = slices.find(tensor.info.name);
        if (!trained)
            return fail(ErrorCode::Invalid, "The 2D model lacks the tensor {}", tensor.info.name);
        if (trained->info == tensor.info)
            tensor.values = trained->values;
        else if (!putInTheMiddle(tensor, *trained))
            return failWithHint(ErrorCode::Invalid, "Take a 2D model of the same width and channels",
                                "Tensor {} of the 2D model does not fit the 3D network", tensor.info.name);
    }
    return volumes;
}

} // namespace consilium::learning
