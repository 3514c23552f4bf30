// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/registration.h"

#include "core/parallel.h"
#include "core/random.h"
#include "imaging/preparation/itk_image.h"
#include "imaging/preparation/shrink.h"

#include <algorithm>
#include <cmath>
#include <itkEuler3DTransform.h>
#include <itkMattesMutualInformationImageToImageMetricv4.h>
#include <limits>
#include <mutex>

namespace consilium::imaging {

namespace {

using Image = itk::Image<float, 3>;
using Transform = itk::Euler3DTransform<double>;
using MattesMetric = itk::MattesMutualInformationImageToImageMetricv4<Image, Image>;
using Parameters = std::array<double, 6>; // three angles (rad), three translations (mm)

constexpr double s_margin = 8;              // mm around the head that are looked at too: its edge says much
constexpr double s_leastInformation = 0.03; // below which two images have nothing in common

/// ITK's metric on one thread: several would add the samples up in an order of their own, and the last digits with it.
class Metric : public MattesMetric
{
public:
    using Self = Metric;
    using Pointer = itk::SmartPointer<Self>;
    itkNewMacro(Self);

protected:
    Metric() { m_SparseGetValueAndDerivativeThreader->SetNumberOfWorkUnits(1); }
};

/// One step from coarse to fine.
struct Level
{
    double spacing;             // mm
    int samples;                // points compared
    double firstStep, lastStep; // mm that the edge of the head moves in one iteration
    int iterations;             // at most
};
constexpr std::array<Level, 3> s_levels{Level{4, 20000, 4, 0.1, 80}, Level{2, 50000, 1, 0.03, 60},
                                        Level{1, 100000, 0.25, 0.01, 40}};

/// Where an image has something to see.
struct Foreground
{
    float threshold = 0;
    Vec3 centre{};                       ///< LPS mm, of brightness
    Index3 boxMin{}, boxMax{-1, -1, -1}; ///< inclusive
    double radius = 0;                   ///< mm, root mean square distance from the centre

    bool found() const { return boxMax[0] >= boxMin[0] && radius > 0; }
};

/// Calls visit(index, value above the threshold) for every voxel above it.
template <typename Visit>
void forEachBright(const Volume &image, float threshold, const Visit &visit)
{
    const auto &size = image.geometry.size;
    std::size_t offset = 0;
    for (int k = 0; k < size[2]; ++k)
        for (int j = 0; j < size[1]; ++j)
            for (int i = 0; i < size[0]; ++i, ++offset)
                if (image.values[offset] > threshold)
                    visit(Index3{i, j, k}, double{image.values[offset] - threshold});
}

Foreground foregroundOf(const Volume &image)
{
    const auto [low, high] = std::minmax_element(image.values.begin(), image.values.end());
    Foreground found;
    found.threshold = *low + 0.1F * (*high - *low);
    const auto &size = image.geometry.size;
    found.boxMin = {size[0], size[1], size[2]};
    Vec3 sum{};
    double weight = 0;
    forEachBright(image, found.threshold, [&](const Index3 &index, double value) {
        weight += value;
        for (int c = 0; c < 3; ++c) {
            found.boxMin[c] = std::min(found.boxMin[c], index[c]);
            found.boxMax[c] = std::max(found.boxMax[c], index[c]);
            sum[c] += value * index[c];
        }
    });
    if (weight <= 0)
        return found;
    found.centre = image.geometry.toPatient({sum[0] / weight, sum[1] / weight, sum[2] / weight});
    double squares = 0;
    forEachBright(image, found.threshold, [&](const Index3 &index, double value) {
        const auto p = image.geometry.toPatient({1.0 * index[0], 1.0 * index[1], 1.0 * index[2]});
        for (int c = 0; c < 3; ++c)
            squares += value * (p[c] - found.centre[c]) * (p[c] - found.centre[c]);
    });
    found.radius = std::sqrt(squares / weight);
    return found;
}

/// Single hot voxels must not take the histogram's bins.
Volume clipped(const Volume &image)
{
    const auto range = valueRange(image.values);
    auto result = image;
    for (auto &value : result.values)
        value = std::isfinite(value) ? std::clamp(value, range.low, range.high) : range.low;
    return result;
}

/// Points of the fixed image, LPS mm: anywhere in the box around the head, so that no grid is favoured.
Metric::FixedSampledPointSetPointer samplePoints(const Geometry &grid, const Foreground &head, int count,
                                                 std::uint32_t seed)
{
    Vec3 low{}, high{};
    for (int c = 0; c < 3; ++c) {
        const double margin = s_margin / grid.spacing[c];
        low[c] = std::max(0.0, head.boxMin[c] - margin);
        high[c] = std::min(grid.size[c] - 1.0, head.boxMax[c] + margin);
    }
    Random random(seed);
    auto points = Metric::FixedSampledPointSetType::New();
    points->Initialize();
    for (int n = 0; n < count; ++n) {
        Vec3 index{};
        for (int c = 0; c < 3; ++c)
            index[c] = random.uniform(low[c], high[c]);
        const auto p = grid.toPatient(index);
        Metric::FixedSampledPointSetType::PointType point;
        std::copy(p.begin(), p.end(), point.Begin());
        points->SetPoint(static_cast<itk::IdentifierType>(n), point);
    }
    return points;
}

/// Two images at one resolution and how well they agree.
class Comparison
{
public:
    Comparison(const Volume &fixed, const Volume &moving, const Level &level, const Vec3 &centre, std::uint32_t seed)
        : m_fixed(shrunk(fixed, shrinkFactors(fixed.geometry, level.spacing))),
          m_moving(shrunk(moving, shrinkFactors(moving.geometry, level.spacing))), m_fixedImage(asItkImage(m_fixed)),
          m_movingImage(asItkImage(m_moving)), m_transform(Transform::New()), m_metric(Metric::New())
    {
        m_transform->SetCenter(Transform::InputPointType(centre.data()));
        m_metric->SetFixedImage(m_fixedImage);
        m_metric->SetMovingImage(m_movingImage);
        m_metric->SetMovingTransform(m_transform);
        m_metric->SetNumberOfHistogramBins(32);
        m_metric->SetUseFixedImageGradientFilter(false);
        m_metric->SetUseMovingImageGradientFilter(false);
        m_metric->SetVirtualDomainFromImage(m_fixedImage);
        m_metric->SetFixedSampledPointSet(samplePoints(m_fixed.geometry, foregroundOf(m_fixed), level.samples, seed));
        m_metric->SetUseSampledPointSet(true);
        m_metric->Initialize();
    }

    /// The metric, and the direction in which it falls.
    double evaluate(const Parameters &at, Parameters &downhill)
    {
        setParameters(at);
        double value = 0;
        Metric::DerivativeType derivative;
        m_metric->GetValueAndDerivative(value, derivative);
        for (unsigned n = 0; n < 6; ++n)
            downhill[n] = derivative[n];
        return value;
    }
    RigidTransform transformAt(const Parameters &at)
    {
        setParameters(at);
        RigidTransform result;
        for (unsigned r = 0; r < 3; ++r) {
            for (unsigned c = 0; c < 3; ++c)
                result.rotation[r][c] = m_transform->GetMatrix()[r][c];
            result.translation[r] = m_transform->GetTranslation()[r];
            result.centre[r] = m_transform->GetCenter()[r];
        }
        return result;
    }

private:
    void setParameters(const Parameters &at)
    {
        Transform::ParametersType parameters(6);
        std::copy(at.begin(), at.end(), parameters.begin());
        m_transform->SetParameters(parameters);
    }

    Volume m_fixed, m_moving;
    Image::Pointer m_fixedImage, m_movingImage;
    Transform::Pointer m_transform;
    Metric::Pointer m_metric;
};

struct Descent
{
    Parameters parameters{};
    double metric = std::numeric_limits<double>::infinity();
    int iterations = 0;
};

/// Tells how far an alignment is. A descent ends when it is down, so the share is of the steps it may take at most, and
/// goes up to the next level's beginning when it takes fewer.
class Progress
{
public:
    explicit Progress(const std::function<bool(double)> &listener) : m_listener(listener) {}

    /// False once somebody asked to stop.
    bool tell(double done)
    {
        const std::lock_guard lock(m_mutex);
        m_done = std::max(m_done, done);
        if (m_listener && !m_stopped)
            m_stopped = !m_listener(m_done);
        return !m_stopped;
    }
    bool stopped()
    {
        const std::lock_guard lock(m_mutex);
        return m_stopped;
    }

private:
    const std::function<bool(double)> &m_listener;
    std::mutex m_mutex;
    double m_done = 0;
    bool m_stopped = false;
};

/// Steps of a fixed length downhill, halved whenever the direction turns back. Angles are counted by the millimetres
/// that they move the edge of the head, so that a step is one length whatever it turns or shifts.
Descent descend(Comparison &comparison, const Parameters &start, const Level &level, double radius,
                const std::function<bool(double)> &goesOn)
{
    Descent best;
    Parameters at = start, before{};
    double step = level.firstStep;
    while (step >= level.lastStep && best.iterations < level.iterations) {
        ++best.iterations;
        Parameters direction{};
        const double metric = comparison.evaluate(at, direction);
        if (metric < best.metric) {
            best.metric = metric;
            best.parameters = at;
        }
        double squares = 0, turn = 0;
        for (int n = 0; n < 6; ++n) {
            direction[n] /= n < 3 ? radius : 1;
            squares += direction[n] * direction[n];
        }
        if (!(squares > 0))
            break;
        for (int n = 0; n < 6; ++n) {
            direction[n] /= std::sqrt(squares);
            turn += direction[n] * before[n];
        }
        if (turn < 0)
            step /= 2;
        if (!goesOn(static_cast<double>(best.iterations) / level.iterations))
            break;
        for (int n = 0; n < 6; ++n)
            at[n] += step * direction[n] / (n < 3 ? radius : 1);
        before = direction;
    }
    return best;
}

Result<RigidRegistration> alignImages(const Volume &fixed, const Volume &moving, const Foreground &fixedHead,
                                      const Foreground &movingHead, const RegistrationOptions &options)
{
    // The coarse descent is short, so it is made from both starts.
    Parameters byMass{};
    for (int c = 0; c < 3; ++c)
        byMass[3 + c] = movingHead.centre[c] - fixedHead.centre[c];
    const std::array<Parameters, 2> starts{Parameters{}, byMass};
    std::array<Descent, 2> coarse;
    Progress progress(options.progress);
    // By the time that the levels took on a head of 1 mm.
    constexpr std::array<double, 4> begins{0, 0.2, 0.45, 1};
    const auto within = [&](std::size_t level) {
        return [&progress, from = begins[level], to = begins[level + 1]](double share) {
            return progress.tell(from + share * (to - from));
        };
    };
    const int threads = options.threads == 1 ? 1 : 2;
    auto done = forEachIndex(starts.size(), threads, [&](std::size_t n) -> Result<> {
        try {
            Comparison comparison(fixed, moving, s_levels[0], fixedHead.centre, options.seed);
            coarse[n] = descend(comparison, starts[n], s_levels[0], fixedHead.radius, within(0));
        } catch (const itk::ExceptionObject &) {
            // Started so far off that the images do not meet; the other start decides.
        }
        return {};
    });
    if (!done)
        return fail(done.error());
    const auto cancelled = [] { return fail(ErrorCode::Cancelled, "The alignment was cancelled"); };
    if (progress.stopped())
        return cancelled();
    auto best = coarse[1].metric < coarse[0].metric ? coarse[1] : coarse[0];
    if (!std::isfinite(best.metric))
        return fail(ErrorCode::Unavailable, "The two images do not overlap anywhere, so they cannot be aligned");

    RigidRegistration result;
    result.iterations = best.iterations;
    for (std::size_t n = 1; n < s_levels.size(); ++n) {
        Comparison comparison(fixed, moving, s_levels[n], fixedHead.centre, options.seed);
        best = descend(comparison, best.parameters, s_levels[n], fixedHead.radius, within(n));
        if (progress.stopped())
            return cancelled();
        result.iterations += best.iterations;
        result.metric = best.metric;
        result.fixedToMoving = comparison.transformAt(best.parameters);
    }
    if (!(result.metric < -s_leastInformation))
        return fail(ErrorCode::Unavailable,
                    "No alignment was found: the two images have next to nothing in common (mutual information {:.3f})",
                    -result.metric);
    return result;
}

} // namespace

Result<RigidRegistration> registerRigid(const Volume &fixed, const Volume &moving, const RegistrationOptions &options)
{
    if (fixed.values.empty() || moving.values.empty())
        return fail(ErrorCode::Invalid, "An image without voxels cannot be aligned");
    const auto fixedClipped = clipped(fixed), movingClipped = clipped(moving);
    const auto fixedHead = foregroundOf(fixedClipped), movingHead = foregroundOf(movingClipped);
    if (!fixedHead.found() || !movingHead.found())
        return fail(ErrorCode::Invalid, "The {} image has no contrast, so nothing can be aligned to it",
                    fixedHead.found() ? "moving" : "fixed");
    try {
        return alignImages(fixedClipped, movingClipped, fixedHead, movingHead, options);
    } catch (const itk::ExceptionObject &error) {
        return fail(ErrorCode::Unavailable, "No alignment was found: {}", error.GetDescription());
    }
}

} // namespace consilium::imaging
