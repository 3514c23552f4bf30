// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Before a function: it is compiled again for processors with AVX2 and with AVX-512, and the program takes the one that
/// fits when it starts. No fused multiply-add, so all give the same bits. Sanitizers cannot follow the choice.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define CONSILIUM_VECTOR_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CONSILIUM_VECTOR_CLONES
#endif
