// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform.h"
#include "learning/network_parts.h"
#include "learning/networks/make_body.h"
#include "learning/networks/multiply_adds.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstring>

namespace consilium::learning {

namespace {

std::atomic<int> threadsAskedFor{0};

std::string shapeText(const std::vector<std::int64_t> &shape)
{
    return fmt::format("{}", fmt::join(shape, " x "));
}

/// Channels last is faster on a CPU; a module from outside may count on the plain order.
torch::MemoryFormat formatFor(const Plan &plan, const torch::Device &device)
{
    if (!device.is_cpu() || plan.network.kind == "torchscript")
        return torch::MemoryFormat::Contiguous;
    return plan.network.dimensions == 2 ? torch::MemoryFormat::ChannelsLast : torch::MemoryFormat::ChannelsLast3d;
}

/// Of one patch: run on the smallest that the network takes, and scaled by the voxels, so that a large network costs no
/// memory.
double multiplyAddsOf(Body &body, const Plan &plan)
{
    const torch::NoGradGuard frozen;
    body.eval();
    const auto smallest = patchDivisor(plan.network);
    std::vector<std::int64_t> shape{1, static_cast<std::int64_t>(plan.data.channels.size())};
    shape.insert(shape.end(), smallest.rbegin(), smallest.rend());
    double ratio = 1;
    for (std::size_t axis = 0; axis < smallest.size(); ++axis)
        ratio *= static_cast<double>(plan.training.patch[axis]) / smallest[axis];
    const MultiplyAddCounter counter;
    body.forward(torch::zeros(shape));
    return ratio * counter.total();
}

} // namespace

Result<> checkDevice(const std::string &device)
{
    if (device == "cpu")
        return {};
    int index = 0;
    bool understood = device == "cuda";
    if (device.starts_with("cuda:")) {
        const auto *end = device.data() + device.size();
        const auto parsed = std::from_chars(device.data() + 5, end, index);
        understood = parsed.ec == std::errc() && parsed.ptr == end && index >= 0;
    }
    if (!understood)
        return failWithHint(ErrorCode::Unsupported, "Use cpu or cuda:N", "There is no device '{}'", device);
    const int count = torch::cuda::is_available() ? static_cast<int>(torch::cuda::device_count()) : 0;
    if (index >= count)
        return failWithHint(ErrorCode::Unsupported, "Use cpu, or install a LibTorch with CUDA",
                            "The device {} is not there; LibTorch sees {} CUDA devices", device, count);
    return {};
}

void setThreads(int threads)
{
    threadsAskedFor = std::max(1, threads);
    prepareToCompute();
    // LibTorch lets this be said once a process; nothing here runs operators side by side.
    static const bool once = [] {
        if (at::get_num_interop_threads() != 1)
            at::set_num_interop_threads(1);
        return true;
    }();
    static_cast<void>(once);
}

void prepareToCompute()
{
    platform::keepFreedMemory();
    if (const int threads = threadsAskedFor)
        at::set_num_threads(threads);
}

std::string reasonOf(const std::exception &error)
{
    const auto *torchError = dynamic_cast<const c10::Error *>(&error);
    const std::string text = torchError ? torchError->what_without_backtrace() : error.what();
    if (text.find("TorchScript interpreter") == std::string::npos)
        return text.substr(0, text.find('\n'));
    const auto end = text.find_last_not_of('\n');
    const auto begin = text.find_last_of('\n', end);
    return text.substr(begin + 1, end - begin);
}

std::optional<DType> storedType(const torch::Tensor &tensor)
{
    if (tensor.layout() != torch::kStrided)
        return std::nullopt;
    switch (tensor.scalar_type()) {
    case torch::kDouble: return DType::F64;
    case torch::kFloat: return DType::F32;
    case torch::kHalf: return DType::F16;
    case torch::kBFloat16: return DType::BF16;
    case torch::kLong: return DType::I64;
    case torch::kInt: return DType::I32;
    case torch::kShort: return DType::I16;
    case torch::kChar: return DType::I8;
    case torch::kByte: return DType::U8;
    case torch::kBool: return DType::Bool;
    default: return std::nullopt;
    }
}

Network::Network(std::unique_ptr<Parts> parts) : m_parts(std::move(parts)) {}
Network::Network(Network &&) noexcept = default;
Network &Network::operator=(Network &&) noexcept = default;
Network::~Network() = default;

Result<Network> Network::create(const Plan &plan, std::uint64_t seed, const std::string &device,
                                const std::filesystem::path &module)
{
    if (auto there = checkDevice(device); !there)
        return fail(there.error());
    return guarded("Building the network", [&]() -> Result<Network> {
        auto body = makeBody(plan, module);
        if (!body)
            return fail(body.error());
        (*body)->draw(seed);
        const torch::Device where(device);
        (*body)->to(where);
        const auto format = formatFor(plan, where);
        for (auto &parameter : (*body)->trained())
            if (parameter.dim() == plan.network.dimensions + 2)
                parameter.set_data(parameter.detach().contiguous(format));
        return Network(std::unique_ptr<Parts>(new Parts{where, format, std::move(*body)}));
    });
}

ModelState Network::state() const
{
    ModelState state;
    for (const auto &item : m_parts->body->tensors()) {
        const auto values = item.value().detach().to(torch::kCPU).contiguous();
        Tensor tensor;
        tensor.info.name = item.key();
        tensor.info.dtype = storedType(values).value();
        tensor.info.shape = values.sizes().vec();
        tensor.values.resize(values.nbytes());
        std::memcpy(tensor.values.data(), values.data_ptr(), values.nbytes());
        state.tensors.push_back(std::move(tensor));
    }
    return state;
}

Result<> Network::load(const ModelState &state)
{
    const auto tensors = m_parts->body->tensors();
    for (const auto &tensor : state.tensors)
        if (!tensors.contains(tensor.info.name))
            return fail(ErrorCode::Invalid, "The network has no tensor {}", tensor.info.name);
    for (const auto &item : tensors) {
        const auto *given = state.find(item.key());
        if (!given)
            return fail(ErrorCode::Invalid, "The model lacks the tensor {}", item.key());
        if (given->info.shape != item.value().sizes().vec())
            return fail(ErrorCode::Invalid, "Tensor {} is {} in the model and {} in the network", item.key(),
                        shapeText(given->info.shape), shapeText(item.value().sizes().vec()));
        const auto dtype = storedType(item.value()).value();
        if (given->info.dtype != dtype || given->values.size() != given->info.bytes())
            return fail(ErrorCode::Invalid, "Tensor {} is of type {} in the model and {} in the network", item.key(),
                        name(given->info.dtype), name(dtype));
    }
    return guarded("Loading the model", [&]() -> Result<> {
        torch::NoGradGuard frozen;
        for (const auto &item : tensors) {
            auto target = item.value();
            // from_blob wants a pointer it may write through; it is only read here.
            auto *bytes = const_cast<std::byte *>(state.find(item.key())->values.data());
            target.copy_(torch::from_blob(bytes, target.sizes(), target.scalar_type()));
        }
        return {};
    });
}

Result<NetworkSummary> summarise(const Plan &plan, const std::filesystem::path &module)
{
    return guarded("Building the network", [&]() -> Result<NetworkSummary> {
        prepareToCompute();
        const auto body = makeBody(plan, module);
        if (!body)
            return fail(body.error());
        NetworkSummary summary;
        for (const auto &parameter : (*body)->trained())
            summary.parameters += parameter.numel();
        summary.initialisation = (*body)->initialisation();
        if (plan.network.kind != "torchscript")
            summary.multiplyAdds = multiplyAddsOf(**body, plan);
        return summary;
    });
}

} // namespace consilium::learning
