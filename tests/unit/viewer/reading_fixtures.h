// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/reading/reading_session.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace consilium::test {

/// Time that moves when a test says so.
class SetClock : public viewer::ReadingClock
{
public:
    TimePoint now() const override { return TimePoint(std::chrono::milliseconds(1'800'000'000'000)) + m_elapsed; }
    std::chrono::milliseconds elapsed() const override { return m_elapsed; }
    void pass(std::chrono::milliseconds time) { m_elapsed += time; }

private:
    std::chrono::milliseconds m_elapsed{0};
};

/// A plan from JSON that is right; an empty title when it is not.
inline viewer::ReadingPlan planOf(const char *text)
{
    const auto json = parseJson(text);
    if (!json)
        return {};
    auto plan = viewer::ReadingPlan::fromJson(*json);
    return plan ? *plan : viewer::ReadingPlan{};
}

inline std::vector<std::string> numberedCases(int count)
{
    std::vector<std::string> ids;
    for (int i = 0; i < count; ++i)
        ids.push_back("case-" + std::to_string(i));
    return ids;
}

/// The order of a plan with two models and one order for all readers, written anew from the description in
/// reading_order.h.
inline std::vector<viewer::ReadingItem> expectedOrder(std::vector<std::string> cases, std::uint64_t seed)
{
    std::mt19937_64 twister(seed);
    const auto below = [&](std::uint64_t n) {
        const double u = std::ldexp(static_cast<double>(twister() / 2048), -53);
        return static_cast<std::size_t>(std::floor(u * static_cast<double>(n)));
    };
    for (std::size_t last = cases.size() - 1; last >= 1; --last)
        std::iter_swap(cases.begin() + static_cast<std::ptrdiff_t>(last),
                       cases.begin() + static_cast<std::ptrdiff_t>(below(last + 1)));
    std::size_t turned = cases.size() / 2;
    if (cases.size() % 2)
        turned += below(2);
    std::string signs(turned, 'T');
    signs.resize(cases.size(), '-');
    for (std::size_t last = signs.size() - 1; last >= 1; --last)
        std::iter_swap(signs.begin() + static_cast<std::ptrdiff_t>(last),
                       signs.begin() + static_cast<std::ptrdiff_t>(below(last + 1)));
    std::vector<viewer::ReadingItem> items;
    for (std::size_t i = 0; i < cases.size(); ++i)
        items.push_back(signs[i] == 'T' ? viewer::ReadingItem{cases[i], 1, 0} : viewer::ReadingItem{cases[i], 0, 1});
    return items;
}

} // namespace consilium::test
