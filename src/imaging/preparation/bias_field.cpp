// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/bias_field.h"

#include "imaging/preparation/bspline.h"
#include "imaging/preparation/itk_image.h"
#include "imaging/preparation/shrink.h"

#include <cmath>
#include <itkN4BiasFieldCorrectionImageFilter.h>

namespace consilium::imaging {

namespace {

constexpr double s_coarse = 4;             // mm: a coil's field has no finer detail
constexpr std::size_t s_leastTissue = 500; // coarse voxels

/// Otsu's threshold over 256 bins.
float otsuThreshold(const std::vector<float> &values)
{
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    if (!(*high > *low))
        return *high;
    std::array<double, 256> counts{};
    const double scale = 255.999 / (double{*high} - *low);
    for (const float value : values)
        counts[static_cast<std::size_t>((double{value} - *low) * scale)] += 1;
    double total = 0, sum = 0;
    for (std::size_t bin = 0; bin < 256; ++bin) {
        total += counts[bin];
        sum += counts[bin] * static_cast<double>(bin);
    }
    double below = 0, belowSum = 0, best = -1;
    std::size_t threshold = 0;
    for (std::size_t bin = 0; bin < 255; ++bin) {
        below += counts[bin];
        belowSum += counts[bin] * static_cast<double>(bin);
        if (below == 0 || below == total)
            continue;
        const double distance = belowSum / below - (sum - belowSum) / (total - below);
        const double between = below * (total - below) * distance * distance;
        if (between > best) {
            best = between;
            threshold = bin;
        }
    }
    return static_cast<float>(*low + static_cast<double>(threshold + 1) / scale);
}

/// Where the tissue is on the coarse grid; the filter takes logarithms, so only what is positive counts.
std::vector<std::uint8_t> tissueOf(const Volume &coarse, const LabelMap *mask, const Index3 &factors)
{
    std::vector<std::uint8_t> tissue(coarse.values.size());
    if (mask) {
        Volume share{mask->geometry, {mask->values.begin(), mask->values.end()}};
        for (auto &value : share.values)
            value = value != 0;
        share = shrunk(share, factors);
        for (std::size_t n = 0; n < tissue.size(); ++n)
            tissue[n] = share.values[n] >= 0.5F && coarse.values[n] > 0;
    } else {
        const float threshold = otsuThreshold(coarse.values);
        for (std::size_t n = 0; n < tissue.size(); ++n)
            tissue[n] = coarse.values[n] > threshold && coarse.values[n] > 0;
    }
    return tissue;
}

/// The logarithm of the field on the coarse grid, 0 on average over the tissue.
Volume logField(const Volume &coarse, const std::vector<std::uint8_t> &tissue)
{
    using Image = itk::Image<float, 3>;
    using Filter = itk::N4BiasFieldCorrectionImageFilter<Image, itk::Image<std::uint8_t, 3>, Image>;
    auto filter = Filter::New();
    filter->SetInput(asItkImage(coarse));
    filter->SetMaskImage(asItkImage(coarse.geometry, tissue));
    filter->SetMaskLabel(1);
    Filter::ArrayType levels, controlPoints;
    levels.Fill(4);
    controlPoints.Fill(4);
    filter->SetNumberOfFittingLevels(levels);
    filter->SetNumberOfControlPoints(controlPoints);
    Filter::VariableSizeArrayType iterations(4);
    iterations.Fill(50);
    filter->SetMaximumNumberOfIterations(iterations);
    filter->SetConvergenceThreshold(1e-3);
    // One work unit: the answer must not depend on how many cores a machine has.
    filter->SetNumberOfWorkUnits(1);
    filter->Update();

    const auto field = filter->ReconstructBiasField(filter->GetLogBiasFieldControlPointLattice());
    Volume result{coarse.geometry, {field->GetBufferPointer(), field->GetBufferPointer() + coarse.values.size()}};
    double sum = 0, count = 0;
    for (std::size_t n = 0; n < tissue.size(); ++n) {
        sum += tissue[n] ? result.values[n] : 0;
        count += tissue[n];
    }
    for (auto &value : result.values)
        value -= static_cast<float>(sum / count);
    return result;
}

} // namespace

Result<Volume> correctBias(const Volume &volume, const LabelMap *mask)
{
    if (mask && !mask->geometry.sameGrid(volume.geometry))
        return fail(ErrorCode::Invalid, "The mask of the tissue is not on the grid of the image");
    const auto factors = shrinkFactors(volume.geometry, s_coarse);
    const auto coarse = shrunk(volume, factors);
    const auto tissue = tissueOf(coarse, mask, factors);
    if (static_cast<std::size_t>(std::count(tissue.begin(), tissue.end(), std::uint8_t{1})) < s_leastTissue)
        return fail(ErrorCode::Invalid, "Too little tissue was found to estimate the brightness of the coil from");
    try {
        // The coarse grid may end beyond the image: half of its voxel is asked for at most.
        const auto field = resampleBSpline(logField(coarse, tissue), volume.geometry, 0.0F);
        Volume corrected{volume.geometry, volume.values};
        for (std::size_t n = 0; n < corrected.values.size(); ++n)
            corrected.values[n] *= std::exp(-field.values[n]);
        return corrected;
    } catch (const itk::ExceptionObject &error) {
        return fail(ErrorCode::Invalid, "The brightness of the coil could not be estimated: {}",
                    error.GetDescription());
    }
}

} // namespace consilium::imaging
