// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/cases/value_quantiles.h"

#include <algorithm>
#include <cmath>

namespace consilium::viewer {

ValueQuantiles::ValueQuantiles(const imaging::Volume &volume)
{
    constexpr std::size_t kMost = 200'000;
    const auto &values = volume.values;
    if (values.empty())
        return;
    bool any = false;
    for (const float value : values) {
        if (!std::isfinite(value))
            continue;
        m_minimum = any ? std::min(m_minimum, value) : value;
        m_maximum = any ? std::max(m_maximum, value) : value;
        any = true;
    }
    // An odd step does not keep to one column of the grid.
    const std::size_t step = std::max<std::size_t>(1, values.size() / kMost) | 1;
    const float corner = values.front();
    std::vector<float> all, tissue;
    for (std::size_t i = 0; i < values.size(); i += step) {
        if (!std::isfinite(values[i]))
            continue;
        all.push_back(values[i]);
        if (values[i] != corner)
            tissue.push_back(values[i]);
    }
    const bool padded = !tissue.empty() && (all.size() - tissue.size()) * 10 >= all.size();
    m_sorted = padded ? std::move(tissue) : std::move(all);
    std::sort(m_sorted.begin(), m_sorted.end());
}

float ValueQuantiles::at(double share) const
{
    if (share <= 0 || m_sorted.empty())
        return m_minimum;
    if (share >= 1)
        return m_maximum;
    const double place = share * static_cast<double>(m_sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const auto above = std::min(below + 1, m_sorted.size() - 1);
    return static_cast<float>(m_sorted[below] +
                              (place - static_cast<double>(below)) * (m_sorted[above] - m_sorted[below]));
}

imaging::ValueRange ValueQuantiles::range() const
{
    return {m_minimum, m_maximum, at(0.005), at(0.995)};
}

} // namespace consilium::viewer
