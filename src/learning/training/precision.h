// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include <string>

namespace consilium::learning {

/// While it lives, what this thread computes forward on `device` is in that precision: with "bfloat16" convolutions and
/// products of matrices take operands of half the bits and give such results, by LibTorch's autocast. A CPU without
/// instructions for it goes on in float32, which is faster there and no less right.
class Precision
{
public:
    Precision(const std::string &precision, const torch::Device &device);
    ~Precision();
    Precision(const Precision &) = delete;
    Precision &operator=(const Precision &) = delete;

private:
    bool m_on = false;
    bool m_cpu = false;
};

} // namespace consilium::learning
