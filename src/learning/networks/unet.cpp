// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/networks/unet.h"

#include "core/hash.h"
#include "core/random.h"

#include <cmath>

namespace consilium::learning {

namespace {

constexpr double slope = 0.01;

std::vector<std::int64_t> kernelShape(int dimensions, std::int64_t first, std::int64_t second, std::int64_t kernel)
{
    std::vector<std::int64_t> shape{first, second};
    shape.insert(shape.end(), dimensions, kernel);
    return shape;
}

/// A 1x1 convolution with `weight` O, I. The first spatial axis joins the batch: LibTorch hands 1x1 convolutions of
/// small batches to plain BLAS when it has one thread, several times slower than oneDNN, which it takes for large
/// batches. In channels-last order no value moves.
torch::Tensor pointwise(const torch::Tensor &x, const torch::Tensor &weight, const torch::Tensor &bias)
{
    const auto n = x.size(0), channels = x.size(1), out = weight.size(0);
    const bool flat = x.dim() == 4;
    const auto depth = x.size(2), height = flat ? 1 : x.size(3), width = flat ? x.size(3) : x.size(4);
    const auto rows = x.transpose(1, 2).reshape({n * depth, channels, height, width});
    const auto y = torch::conv2d(rows, weight.view({out, channels, 1, 1}), bias);
    return flat ? y.view({n, depth, out, width}).transpose(1, 2)
                : y.view({n, depth, out, height, width}).transpose(1, 2);
}

void drawNormal(torch::Tensor &weight, double fanIn, Random &random)
{
    const double deviation = std::sqrt(2 / (1 + slope * slope) / fanIn);
    auto values = torch::empty(weight.sizes(), torch::kFloat);
    for (auto *value = values.data_ptr<float>(), *end = value + values.numel(); value != end; ++value)
        *value = static_cast<float>(deviation * random.normal());
    weight.copy_(values);
}

} // namespace

ConvolutionImpl::ConvolutionImpl(int dimensions, std::int64_t in, std::int64_t out, std::int64_t kernel,
                                 std::int64_t stride, bool withBias)
    : weight(register_parameter("weight", torch::zeros(kernelShape(dimensions, out, in, kernel)))), m_stride(stride)
{
    if (withBias)
        bias = register_parameter("bias", torch::zeros(out));
}

torch::Tensor ConvolutionImpl::forward(const torch::Tensor &x) const
{
    const auto kernel = weight.size(2);
    if (kernel == 1 && m_stride == 1)
        return pointwise(x, weight.flatten(1), bias);
    const std::vector<std::int64_t> stride(weight.dim() - 2, m_stride), padding(weight.dim() - 2, kernel / 2),
        dilation(weight.dim() - 2, 1), outputPadding(weight.dim() - 2, 0);
    // Left to itself LibTorch computes small layers of a batch of one by plain BLAS, several times slower.
    if (!torch::GradMode::is_enabled() && x.is_cpu() && x.scalar_type() == torch::kFloat && at::hasMKLDNN())
        return torch::mkldnn_convolution(x, weight, bias, padding, stride, dilation, 1);
    return torch::convolution(x, weight, bias, stride, padding, dilation, false, outputPadding, 1);
}

InstanceNormImpl::InstanceNormImpl(std::int64_t channels)
    : weight(register_parameter("weight", torch::ones(channels))),
      bias(register_parameter("bias", torch::zeros(channels)))
{
}

torch::Tensor InstanceNormImpl::forward(const torch::Tensor &x) const
{
    // One group per channel is the same norm; unlike instance_norm it keeps channels-last order and returns no view, so
    // that the activation can work in place.
    return torch::group_norm(x, x.size(1), weight, bias, 1e-5);
}

ConvNormImpl::ConvNormImpl(int dimensions, std::int64_t in, std::int64_t out, std::int64_t stride)
    : m_conv(register_module("conv", Convolution(dimensions, in, out, 3, stride, false))),
      m_norm(register_module("norm", InstanceNorm(out)))
{
}

torch::Tensor ConvNormImpl::forward(const torch::Tensor &x)
{
    auto y = m_norm->forward(m_conv->forward(x));
    return torch::leaky_relu_(y, slope);
}

StageImpl::StageImpl(int dimensions, std::int64_t in, std::int64_t out, std::int64_t stride)
    : m_first(register_module("0", ConvNorm(dimensions, in, out, stride))),
      m_second(register_module("1", ConvNorm(dimensions, out, out, 1)))
{
}

torch::Tensor StageImpl::forward(const torch::Tensor &x)
{
    return m_second->forward(m_first->forward(x));
}

UpsamplingImpl::UpsamplingImpl(int dimensions, std::int64_t in, std::int64_t out)
    : weight(register_parameter("weight", torch::zeros(kernelShape(dimensions, in, out, 2)))),
      bias(register_parameter("bias", torch::zeros(out)))
{
}

torch::Tensor UpsamplingImpl::forward(const torch::Tensor &x) const
{
    // With stride equal to kernel no two outputs share an input: every input voxel makes its own block of outputs, so a
    // 1x1 convolution to all of them and a rearrangement do the same. LibTorch's own is three times slower on a CPU.
    const auto in = weight.size(0), out = weight.size(1), n = x.size(0);
    if (weight.dim() == 4) {
        const auto blocks = weight.permute({2, 3, 1, 0}).reshape({4 * out, in});
        const auto y = pointwise(x, blocks, bias.repeat({4})).permute({0, 2, 3, 1});
        const auto h = x.size(2), w = x.size(3);
        return y.reshape({n, h, w, 2, 2, out})
            .permute({0, 1, 3, 2, 4, 5})
            .reshape({n, 2 * h, 2 * w, out})
            .permute({0, 3, 1, 2});
    }
    const auto blocks = weight.permute({2, 3, 4, 1, 0}).reshape({8 * out, in});
    const auto y = pointwise(x, blocks, bias.repeat({8})).permute({0, 2, 3, 4, 1});
    const auto d = x.size(2), h = x.size(3), w = x.size(4);
    return y.reshape({n, d, h, w, 2, 2, 2, out})
        .permute({0, 1, 4, 2, 5, 3, 6, 7})
        .reshape({n, 2 * d, 2 * h, 2 * w, out})
        .permute({0, 4, 1, 2, 3});
}

UNetImpl::UNetImpl(const UNetShape &shape)
{
    const auto &features = shape.features;
    const int resolutions = static_cast<int>(features.size());
    const auto list = [this](const char *name) { return register_module(name, torch::nn::ModuleList()); };
    auto encoder = list("encoder"), up = list("up"), decoder = list("decoder"), heads = list("heads");
    for (int k = 0; k < resolutions; ++k) {
        m_encoder.emplace_back(
            Stage(shape.dimensions, k == 0 ? shape.channels : features[k - 1], features[k], k == 0 ? 1 : 2));
        encoder->push_back(m_encoder.back());
    }
    for (int k = 0; k + 1 < resolutions; ++k) {
        m_up.emplace_back(Upsampling(shape.dimensions, features[k + 1], features[k]));
        up->push_back(m_up.back());
        m_decoder.emplace_back(Stage(shape.dimensions, 2 * features[k], features[k], 1));
        decoder->push_back(m_decoder.back());
    }
    const int headCount = shape.deepSupervision ? std::max(1, resolutions - 2) : 1;
    for (int k = 0; k < headCount; ++k) {
        m_heads.emplace_back(Convolution(shape.dimensions, features[k], shape.labels, 1, 1, true));
        heads->push_back(m_heads.back());
    }
}

void UNetImpl::draw(std::uint64_t seed)
{
    torch::NoGradGuard frozen;
    for (auto &item : named_parameters()) {
        auto &tensor = item.value();
        const bool isWeight = item.key().ends_with("weight");
        if (tensor.dim() == 1) {
            tensor.fill_(isWeight ? 1 : 0);
            continue;
        }
        // A transposed convolution of stride 2 and kernel 2 adds up its input channels alone.
        const bool transposed = item.key().starts_with("up.");
        const auto fanIn = transposed ? tensor.size(0) : tensor.numel() / tensor.size(0);
        Random random(derivedSeed(seed, item.key()));
        drawNormal(tensor, static_cast<double>(fanIn), random);
    }
}

std::vector<torch::Tensor> UNetImpl::run(const torch::Tensor &x, std::size_t heads)
{
    std::vector<torch::Tensor> skips;
    auto y = x;
    for (auto &stage : m_encoder)
        skips.push_back(y = stage->forward(y));
    std::vector<torch::Tensor> logits(heads);
    for (std::size_t k = m_decoder.size(); k-- > 0;) {
        y = m_decoder[k]->forward(torch::cat({m_up[k]->forward(y), skips[k]}, 1));
        skips.pop_back();
        if (k < heads)
            logits[k] = m_heads[k]->forward(y);
    }
    if (m_decoder.empty())
        logits[0] = m_heads[0]->forward(y);
    return logits;
}

torch::Tensor UNetImpl::forward(const torch::Tensor &x)
{
    return run(x, 1).front();
}
std::vector<torch::Tensor> UNetImpl::heads(const torch::Tensor &x)
{
    return run(x, m_heads.size());
}

} // namespace consilium::learning
