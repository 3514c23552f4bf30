// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/training/precision.h"

#include "core/platform_processor.h"

#include <ATen/autocast_mode.h>

namespace consilium::learning {

Precision::Precision(const std::string &precision, const torch::Device &device) : m_cpu(device.is_cpu())
{
    if (precision != "bfloat16" || (m_cpu && !platform::hasBfloat16()))
        return;
    m_on = true;
    if (m_cpu) {
        at::autocast::set_autocast_cpu_dtype(torch::kBFloat16);
        at::autocast::set_cpu_enabled(true);
    } else {
        at::autocast::set_autocast_gpu_dtype(torch::kBFloat16);
        at::autocast::set_enabled(true);
    }
}

Precision::~Precision()
{
    if (!m_on)
        return;
    if (m_cpu)
        at::autocast::set_cpu_enabled(false);
    else
        at::autocast::set_enabled(false);
    // It keeps the weights that it converted, and the next step has others.
    at::autocast::clear_cache();
}

} // namespace consilium::learning
