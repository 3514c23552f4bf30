// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model_state.h"
#include "core/safetensors.h"
#include "support/outside_tool.h"

#include <torch/torch.h>

#include <cstring>
#include <filesystem>
#include <string>

namespace consilium::test {

/// Runs one of the Python scripts beside this file on `folder`, and reads the reference.safetensors that it writes
/// there. Errors: what Python said last.
inline Result<ModelState> referenceOf(const QString &python, const char *script, const std::filesystem::path &folder,
                                      const QStringList &options = {})
{
    const auto file = std::filesystem::path(CONSILIUM_PARITY_SCRIPTS) / script;
    const auto run = runTool(
        python, QStringList{QString::fromStdString(file.string()), QString::fromStdString(folder.string())} + options);
    if (run.exitCode != 0)
        return fail(ErrorCode::Internal, "{}", run.errors.right(2000).toStdString());
    return readSafetensors(folder / "reference.safetensors");
}

inline torch::Tensor torchTensor(const Tensor &tensor)
{
    auto copy = torch::empty(tensor.info.shape);
    std::memcpy(copy.data_ptr(), tensor.values.data(), tensor.values.size());
    return copy;
}

inline Tensor ownTensor(std::string name, const torch::Tensor &tensor)
{
    const auto plain = tensor.detach().contiguous();
    return Tensor::fromFloats(std::move(name), plain.sizes().vec(),
                              {plain.data_ptr<float>(), static_cast<std::size_t>(plain.numel())});
}

/// max |a - b| / max |b|, or 1 where they cannot be compared.
inline double difference(const torch::Tensor &a, const Tensor *b)
{
    if (!b || b->info.dtype != DType::F32 || a.sizes().vec() != b->info.shape)
        return 1;
    const auto expected = torchTensor(*b);
    const double largest = expected.abs().max().item<double>();
    const double apart = (a.detach() - expected).abs().max().item<double>();
    return apart == 0 ? 0 : apart / largest;
}

} // namespace consilium::test
