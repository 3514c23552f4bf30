// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace consilium::learning {

/// Counts the multiply-adds of the layers that this thread runs while it lives. Not to be nested.
class MultiplyAddCounter
{
public:
    MultiplyAddCounter();
    ~MultiplyAddCounter();
    MultiplyAddCounter(const MultiplyAddCounter &) = delete;
    MultiplyAddCounter &operator=(const MultiplyAddCounter &) = delete;

    double total() const { return m_total; }

    /// What a layer did in one forward pass; goes to the thread's counter when it has one.
    static void add(double count);

private:
    double m_total = 0;
};

} // namespace consilium::learning
