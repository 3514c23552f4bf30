// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace consilium::platform {

/// True when the processor has instructions for products of bfloat16 numbers (AVX-512 BF16), as far as it can be asked.
bool hasBfloat16();

} // namespace consilium::platform
