// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/case_preparation.h"

#include "imaging/canonical.h"
#include "imaging/preparation/bias_field.h"
#include "imaging/preparation/brain_mask.h"
#include "imaging/preparation/bspline.h"
#include "imaging/preparation/crop.h"
#include "imaging/preparation/radiograph.h"
#include "imaging/preparation/registration.h"
#include "imaging/resample.h"

#include <algorithm>
#include <cmath>

namespace consilium::imaging {

namespace {

template <typename T>
bool take(const Json &value, T &target)
{
    if constexpr (std::is_same_v<T, bool>) {
        if (!value.is_boolean())
            return false;
    } else if constexpr (std::is_same_v<T, int>) {
        if (!value.is_number_integer())
            return false;
    } else if (!value.is_number()) {
        return false;
    }
    target = value.get<T>();
    return true;
}

bool takeSpacing(const Json &value, std::optional<Vec3> &target)
{
    if (!value.is_array() || value.size() != 3)
        return false;
    Vec3 spacing{};
    for (std::size_t n = 0; n < 3; ++n)
        if (!take(value[n], spacing[n]) || !(spacing[n] > 0.01 && spacing[n] < 100))
            return false;
    target = spacing;
    return true;
}

/// The preparation of one case, step by step.
class Preparation
{
public:
    Preparation(std::vector<Volume> channels, std::optional<LabelMap> labels, const PreparationSettings &settings,
                const PreparationOptions &options)
        : m_settings(settings), m_options(options)
    {
        m_case.channels = std::move(channels);
        m_case.labels = std::move(labels);
    }

    Result<PreparedCase> run()
    {
        const auto count = static_cast<int>(m_case.channels.size());
        if (m_settings.reference >= count)
            return fail(ErrorCode::Invalid, "There is no channel {} to align to: the case has {}", m_settings.reference,
                        count);
        if (m_settings.radiographSide)
            return fitRadiographs();
        orient();
        for (auto step : {&Preparation::correctBiases, &Preparation::align, &Preparation::crop}) {
            if (m_options.cancelled && m_options.cancelled())
                return fail(ErrorCode::Cancelled, "Stopped");
            if (auto done = (this->*step)(); !done)
                return fail(done.error());
        }
        return std::move(m_case);
    }

private:
    std::size_t reference() const { return static_cast<std::size_t>(m_settings.reference); }
    std::string channelName(std::size_t channel) const
    {
        return channel < m_options.channelNames.size() ? m_options.channelNames[channel]
                                                       : fmt::format("channel {}", channel);
    }

    Result<PreparedCase> fitRadiographs()
    {
        for (std::size_t n = 0; n < m_case.channels.size(); ++n) {
            auto fitted = fitRadiograph(m_case.channels[n], *m_settings.radiographSide);
            if (!fitted)
                return fail(fitted.error(), "{}", channelName(n));
            m_case.channels[n] = std::move(*fitted);
        }
        if (m_case.labels)
            m_case.labels = resampleLabels(*m_case.labels, m_case.channels.front().geometry);
        m_case.notes.push_back(fmt::format("fitted into {0} x {0} pixels", *m_settings.radiographSide));
        return std::move(m_case);
    }

    void orient()
    {
        const auto before = m_case.channels[reference()].geometry.orientation();
        for (auto &channel : m_case.channels)
            channel = toCanonical(channel);
        if (m_case.labels)
            m_case.labels = toCanonical(*m_case.labels);
        if (before != "LPS")
            m_case.notes.push_back(fmt::format("turned from {} to the canonical axial frame", before));
    }

    Result<> correctBiases()
    {
        if (!m_settings.biasCorrection)
            return {};
        for (std::size_t n = 0; n < m_case.channels.size(); ++n) {
            auto &channel = m_case.channels[n];
            // Without a brain that can be told, the tissue is what is bright.
            const auto mask = m_settings.brain ? brainMask(channel) : fail(ErrorCode::Invalid, "not a brain");
            auto corrected = correctBias(channel, mask ? &*mask : nullptr);
            if (!corrected)
                return fail(corrected.error(), "{}", channelName(n));
            channel = std::move(*corrected);
        }
        m_case.notes.push_back("brightness of the coil corrected");
        return {};
    }

    Geometry targetGrid() const
    {
        const auto &grid = m_case.channels[reference()].geometry;
        if (!m_settings.spacing)
            return grid;
        auto spacing = grid.spacing;
        for (int c = 0; c < 3; ++c)
            if (std::abs(spacing[c] - (*m_settings.spacing)[c]) > m_settings.spacingTolerance)
                spacing[c] = (*m_settings.spacing)[c];
        return spacing == grid.spacing ? grid : withSpacing(grid, spacing);
    }

    /// A spline overshoots at edges; no scanner measured that.
    static Volume withinRange(Volume volume, const Volume &source)
    {
        const auto range = valueRange(source.values);
        for (auto &value : volume.values)
            value = std::clamp(value, range.minimum, range.maximum);
        return volume;
    }

    Result<> align()
    {
        const auto grid = targetGrid();
        const auto &fixed = m_case.channels[reference()];
        for (std::size_t n = 0; n < m_case.channels.size(); ++n) {
            if (n == reference())
                continue;
            RigidTransform motion;
            if (m_settings.registerChannels) {
                RegistrationOptions options;
                options.threads = m_options.threads;
                const auto found = registerRigid(fixed, m_case.channels[n], options);
                if (!found)
                    return fail(found.error(), "{} could not be aligned to {}", channelName(n),
                                channelName(reference()));
                motion = found->fixedToMoving;
                noteMotion(n, motion);
            }
            auto &channel = m_case.channels[n];
            if (channel.geometry.sameGrid(grid, 1e-2) && isSmall(motion, grid))
                channel.geometry = grid;
            else
                channel = withinRange(transformed(channel, motion, grid), channel);
        }
        if (!(fixed.geometry == grid)) {
            m_case.notes.push_back(fmt::format("resampled from {:.3g} x {:.3g} x {:.3g} to {:.3g} x {:.3g} x {:.3g} mm",
                                               fixed.geometry.spacing[0], fixed.geometry.spacing[1],
                                               fixed.geometry.spacing[2], grid.spacing[0], grid.spacing[1],
                                               grid.spacing[2]));
            m_case.channels[reference()] = withinRange(resampleBSpline(fixed, grid), fixed);
        }
        if (m_case.labels) {
            if (m_case.labels->geometry.sameGrid(grid, 1e-2))
                m_case.labels->geometry = grid;
            else
                m_case.labels = resampleLabels(*m_case.labels, grid);
        }
        return {};
    }

    /// Of a corner of the grid, mm.
    static double largestMotion(const RigidTransform &motion, const Geometry &grid)
    {
        double largest = 0;
        for (int corner = 0; corner < 8; ++corner) {
            const auto p = grid.toPatient({corner & 1 ? grid.size[0] - 1.0 : 0.0, corner & 2 ? grid.size[1] - 1.0 : 0.0,
                                           corner & 4 ? grid.size[2] - 1.0 : 0.0});
            const auto q = motion.apply(p);
            largest = std::max(largest, std::hypot(q[0] - p[0], q[1] - p[1], q[2] - p[2]));
        }
        return largest;
    }
    static bool isSmall(const RigidTransform &motion, const Geometry &grid)
    {
        return largestMotion(motion, grid) < 0.5 * *std::min_element(grid.spacing.begin(), grid.spacing.end());
    }
    void noteMotion(std::size_t channel, const RigidTransform &motion)
    {
        m_case.notes.push_back(fmt::format(
            "{} aligned to {}: up to {:.1f} mm and {:.1f} degrees", channelName(channel), channelName(reference()),
            largestMotion(motion, m_case.channels[reference()].geometry), motion.angleDegrees()));
    }

    Result<> crop()
    {
        if (!m_settings.cropToNonZero)
            return {};
        const auto box = nonZeroBox(m_case.channels);
        if (box.size() == m_case.channels.front().geometry.size)
            return {};
        for (auto &channel : m_case.channels)
            channel = cropped(channel, box);
        if (m_case.labels)
            m_case.labels = cropped(*m_case.labels, box);
        m_case.notes.push_back(
            fmt::format("cropped to {} x {} x {} voxels", box.size()[0], box.size()[1], box.size()[2]));
        return {};
    }

    const PreparationSettings &m_settings;
    const PreparationOptions &m_options;
    PreparedCase m_case;
};

} // namespace

Result<PreparationSettings> PreparationSettings::fromJson(const Json &json)
{
    if (!json.is_object())
        return fail(ErrorCode::Malformed, "'preparation' must be an object");
    PreparationSettings settings;
    for (const auto &[key, value] : json.items()) {
        bool valid = false;
        if (key == "reference")
            valid = take(value, settings.reference) && settings.reference >= 0;
        else if (key == "register")
            valid = take(value, settings.registerChannels);
        else if (key == "biasCorrection")
            valid = take(value, settings.biasCorrection);
        else if (key == "spacing")
            valid = takeSpacing(value, settings.spacing);
        else if (key == "spacingTolerance")
            valid = take(value, settings.spacingTolerance) && settings.spacingTolerance >= 0;
        else if (key == "cropToNonZero")
            valid = take(value, settings.cropToNonZero);
        else if (key == "brain")
            valid = take(value, settings.brain);
        else if (key == "radiograph")
            valid = take(value, settings.radiographSide.emplace()) && *settings.radiographSide >= 16 &&
                    *settings.radiographSide <= 8192;
        else
            return fail(ErrorCode::Malformed, "'preparation' has no key '{}'", key);
        if (!valid)
            return fail(ErrorCode::Malformed, "'preparation.{}' cannot be {}", key, value.dump());
    }
    return settings;
}

Result<PreparedCase> prepareCase(std::vector<Volume> channels, std::optional<LabelMap> labels,
                                 const PreparationSettings &settings, const PreparationOptions &options)
{
    return Preparation(std::move(channels), std::move(labels), settings, options).run();
}

} // namespace consilium::imaging
