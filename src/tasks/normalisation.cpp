// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/normalisation.h"

#include "imaging/normalise.h"

#include <algorithm>

namespace consilium::tasks {

Result<> normalise(imaging::Volume &volume, const Plan::Preprocessing &preprocessing, std::size_t channel)
{
    const auto &schemes = preprocessing.normalisation;
    if (schemes[channel] == "zscore")
        return imaging::zscore(volume);
    if (schemes[channel] == "rescale")
        return imaging::rescaleToUnit(volume);
    if (schemes[channel] == "ct") {
        const auto before = schemes.begin() + static_cast<std::ptrdiff_t>(channel);
        const auto &[low, high, mean, deviation] =
            preprocessing.intensities[static_cast<std::size_t>(std::count(schemes.begin(), before, "ct"))];
        return imaging::normaliseByForeground(volume, {low, high, mean, deviation});
    }
    return {};
}

} // namespace consilium::tasks
