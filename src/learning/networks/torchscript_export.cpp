// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/networks/torchscript_export.h"

#include "core/file.h"
#include "learning/network_parts.h"
#include "learning/networks/unet_body.h"

#include <torch/script.h>

#include <cctype>
#include <sstream>

namespace consilium::learning {

namespace {

/// The module's parameters and children, copied under their names.
torch::jit::Module copied(const torch::nn::Module &source, const std::shared_ptr<torch::jit::CompilationUnit> &unit)
{
    torch::jit::Module module(c10::QualifiedName("__torch__.consilium.Module"), unit, true);
    module.register_attribute("training", c10::BoolType::get(), false);
    for (const auto &item : source.named_parameters(false)) {
        auto values = item.value().detach().to(torch::kCPU).clone(torch::MemoryFormat::Contiguous);
        module.register_parameter(item.key(), values.set_requires_grad(true), false);
    }
    for (const auto &item : source.named_children())
        module.register_module(item.key(), copied(*item.value(), unit));
    return module;
}

/// Writes the text of `forward`, a statement a line, in plain operators that take any extents.
class ForwardText
{
public:
    explicit ForwardText(const UNetShape &shape) : m_shape(shape), m_ones(onEveryAxis(shape.dimensions(), 1))
    {
        m_text << "def forward(self, x: Tensor) -> Tensor:\n";
    }

    std::string unet()
    {
        line("y", "x");
        for (std::size_t k = 0; k < m_shape.resolutions(); ++k) {
            for (int i = 0; i < m_shape.blocks[k]; ++i)
                convNorm(fmt::format("encoder.{}.{}", k, i), "y", "y", m_shape.kernels[k], strideOf(k, i), true);
            line(skip(k), "y");
        }
        return decoded(2);
    }

    std::string residual()
    {
        convNorm("stem", "y", "x", m_shape.kernels.front(), m_ones, true);
        auto channels = m_shape.features.front();
        for (std::size_t k = 0; k < m_shape.resolutions(); ++k) {
            for (int i = 0; i < m_shape.blocks[k]; ++i) {
                block(fmt::format("encoder.{}.{}", k, i), m_shape.kernels[k], strideOf(k, i),
                      channels != m_shape.features[k]);
                channels = m_shape.features[k];
            }
            line(skip(k), "y");
        }
        return decoded(1);
    }

private:
    /// "encoder.0.0.conv.weight" as TorchScript reads it, which has no names that are numbers.
    static std::string attribute(const std::string &name)
    {
        std::string expression = "self";
        std::istringstream parts(name);
        for (std::string part; std::getline(parts, part, '.');)
            expression = std::isdigit(static_cast<unsigned char>(part.front()))
                             ? fmt::format("getattr({}, \"{}\")", expression, part)
                             : expression + "." + part;
        return expression;
    }
    static std::string skip(std::size_t resolution) { return fmt::format("skip{}", resolution); }
    static std::string list(const AxisSizes &sizes) { return fmt::format("[{}]", fmt::join(sizes, ", ")); }

    const AxisSizes &strideOf(std::size_t resolution, int block) const
    {
        return block == 0 ? m_shape.strides[resolution] : m_ones;
    }
    void line(const std::string &target, const std::string &value)
    {
        m_text << "    " << target << " = " << value << '\n';
    }

    std::string convolution(const std::string &name, const std::string &from, const AxisSizes &kernel,
                            const AxisSizes &stride, bool bias) const
    {
        AxisSizes padding;
        for (const auto extent : kernel)
            padding.push_back(extent / 2);
        return fmt::format("torch.conv{}d({}, {}, {}, {}, {})", m_shape.dimensions(), from, attribute(name + ".weight"),
                           bias ? attribute(name + ".bias") : "None", list(stride), list(padding));
    }

    void convNorm(const std::string &name, const std::string &target, const std::string &from, const AxisSizes &kernel,
                  const AxisSizes &stride, bool activated)
    {
        line(target, convolution(name + ".conv", from, kernel, stride, false));
        line(target, fmt::format("torch.group_norm({0}, {0}.size(1), {1}, {2}, 1e-5)", target,
                                 attribute(name + ".norm.weight"), attribute(name + ".norm.bias")));
        if (activated)
            line(target, fmt::format("torch.leaky_relu_({}, {})", target, leakySlope));
    }

    void block(const std::string &name, const AxisSizes &kernel, const AxisSizes &stride, bool projected)
    {
        line("around", "y");
        if (stride != m_ones)
            line("around",
                 fmt::format("torch.avg_pool{}d(y, {}, {})", m_shape.dimensions(), list(stride), list(stride)));
        if (projected)
            convNorm(name + ".skip", "around", "around", m_ones, m_ones, false);
        convNorm(name + ".first", "y", "y", kernel, stride, true);
        convNorm(name + ".second", "y", "y", kernel, m_ones, false);
        line("y", fmt::format("torch.leaky_relu_(y + around, {})", leakySlope));
    }

    std::string decoded(int convolutions)
    {
        for (auto k = m_shape.resolutions() - 1; k-- > 0;) {
            const auto up = fmt::format("up.{}", k);
            line("y", fmt::format("torch.conv_transpose{}d(y, {}, {}, {})", m_shape.dimensions(),
                                  attribute(up + ".weight"), attribute(up + ".bias"), list(m_shape.strides[k + 1])));
            line("y", fmt::format("torch.cat([y, {}], 1)", skip(k)));
            for (int i = 0; i < convolutions; ++i)
                convNorm(fmt::format("decoder.{}.{}", k, i), "y", "y", m_shape.kernels[k], m_ones, true);
        }
        m_text << "    return " << convolution("heads.0", "y", m_ones, m_ones, true) << '\n';
        return m_text.str();
    }

    const UNetShape &m_shape;
    const AxisSizes m_ones;
    std::ostringstream m_text;
};

} // namespace

Result<> exportTorchScript(const Plan &plan, const ModelState &model, const std::filesystem::path &out)
{
    const auto &kind = plan.network.kind;
    if (kind != "unet" && kind != "residual-unet")
        return fail(ErrorCode::Unsupported,
                    "Networks of kind unet and residual-unet have a TorchScript form, '{}' has not", kind);
    auto network = Network::create(plan, plan.seed);
    if (!network)
        return fail(network.error());
    if (auto loaded = network->load(model); !loaded)
        return loaded;
    return guarded("Writing the TorchScript module", [&]() -> Result<> {
        auto module = copied(*network->parts().body, std::make_shared<torch::jit::CompilationUnit>());
        const auto shape = UNetShape::of(plan);
        ForwardText text(shape);
        module.define(kind == "unet" ? text.unet() : text.residual());
        std::ostringstream bytes;
        module.save(bytes);
        return writeFileAtomically(out, bytes.str());
    });
}

} // namespace consilium::learning
