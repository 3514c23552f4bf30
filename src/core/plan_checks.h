// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "core/plan_check.h"

#include <algorithm>
#include <fmt/ranges.h>
#include <initializer_list>

/// What the checks of a plan's parts share. Private to this library.
namespace consilium {

/// Remembers the first key that is wrong.
class Checks
{
public:
    void require(bool possible, const char *key, const std::string &what)
    {
        if (!possible && !m_error)
            m_error = planKeyError(key, what);
    }

    void oneOf(const std::string &value, const char *key, std::initializer_list<const char *> allowed)
    {
        const bool known = std::any_of(allowed.begin(), allowed.end(), [&](const char *word) { return value == word; });
        require(known, key, fmt::format("'{}' is not one of {}", value, fmt::join(allowed, ", ")));
    }

    void factors(const std::array<double, 2> &range, const char *key)
    {
        require(range[0] >= 0.1 && range[0] <= range[1] && range[1] <= 10, key,
                "must be two numbers in rising order, 0.1 to 10");
    }

    void within(double value, double low, double high, const char *key)
    {
        require(value >= low && value <= high, key, fmt::format("must be {} to {}", low, high));
    }

    void from0Below1(double value, const char *key) { require(value >= 0 && value < 1, key, "must be 0 to below 1"); }

    bool good() const { return !m_error; }
    std::optional<Error> error() && { return std::move(m_error); }

private:
    std::optional<Error> m_error;
};

/// At least one, and all above 0.
template <typename Values>
bool positive(const Values &values)
{
    return !values.empty() && std::all_of(values.begin(), values.end(), [](auto v) { return v > 0; });
}

/// Federation, privacy and evaluation.
void checkFederation(const Plan &plan, Checks &checks);

} // namespace consilium
