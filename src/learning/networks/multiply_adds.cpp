// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/networks/multiply_adds.h"

namespace consilium::learning {

namespace {

thread_local MultiplyAddCounter *current = nullptr;

} // namespace

MultiplyAddCounter::MultiplyAddCounter()
{
    current = this;
}

MultiplyAddCounter::~MultiplyAddCounter()
{
    current = nullptr;
}

void MultiplyAddCounter::add(double count)
{
    if (current)
        current->m_total += count;
}

} // namespace consilium::learning
