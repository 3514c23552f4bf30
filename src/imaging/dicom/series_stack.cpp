// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/series_grouping.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

namespace consilium::imaging::dicom {

namespace {

/// Slices of a stack by their number in the first time, nothing where one is missing.
using Slots = std::vector<std::optional<std::size_t>>;

struct Stack
{
    Slots slots;
    std::vector<std::string> warnings;
};

Vec3 minus(const Vec3 &a, const Vec3 &b)
{
    return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}

double length(const Vec3 &v)
{
    return std::sqrt(dot(v, v));
}

/// Positions are decimal text, some scanners round them to a tenth of a millimetre.
double toleranceFor(double step)
{
    return std::max(0.06, 0.02 * step);
}

/// Every slice within the tolerance of the straight line of even steps, `numbers` apart, from the first to the last.
bool liesEvenly(const Images &images, const std::vector<std::size_t> &which, const std::vector<double> &numbers)
{
    const auto &first = images[which.front()].plane.position, &last = images[which.back()].plane.position;
    const auto whole = minus(last, first);
    const double tolerance = toleranceFor(length(whole) / std::max(numbers.back(), 1.0));
    for (std::size_t n = 0; n < which.size(); ++n) {
        auto offset = minus(images[which[n]].plane.position, first);
        for (std::size_t axis = 0; axis < 3; ++axis)
            offset[axis] -= whole[axis] * numbers[n] / std::max(numbers.back(), 1.0);
        if (length(offset) > tolerance)
            return false;
    }
    return true;
}

bool liesEvenly(const Images &images, std::size_t begin, std::size_t end)
{
    std::vector<std::size_t> which;
    std::vector<double> numbers;
    for (auto n = begin; n < end; ++n) {
        which.push_back(n);
        numbers.push_back(static_cast<double>(n - begin));
    }
    return liesEvenly(images, which, numbers);
}

/// The distance that most neighbours have, the smallest of equals.
double commonestStep(const Images &images)
{
    std::vector<double> steps;
    for (std::size_t n = 1; n < images.size(); ++n)
        steps.push_back(images[n].position - images[n - 1].position);
    std::sort(steps.begin(), steps.end());
    double best = steps.front();
    std::ptrdiff_t most = 0;
    for (auto start = steps.begin(); start != steps.end(); ++start) {
        const auto end = std::upper_bound(start, steps.end(), *start + toleranceFor(*start));
        if (end - start > most) {
            most = end - start;
            best = *(start + (end - start) / 2);
        }
    }
    return best;
}

/// All slices on one even grid of which at most a fifth is missing, or nothing.
std::optional<Stack> withMissing(const Images &images)
{
    const double step = commonestStep(images);
    std::vector<std::size_t> which;
    std::vector<double> numbers;
    for (std::size_t n = 0; n < images.size(); ++n) {
        which.push_back(n);
        numbers.push_back(std::round((images[n].position - images.front().position) / step));
        if (n > 0 && numbers[n] <= numbers[n - 1])
            return std::nullopt;
    }
    const auto count = static_cast<std::size_t>(numbers.back()) + 1;
    if ((count - images.size()) * 4 > images.size() || !liesEvenly(images, which, numbers))
        return std::nullopt;
    Stack stack;
    stack.slots.resize(count);
    for (std::size_t n = 0; n < images.size(); ++n) {
        const auto number = static_cast<std::size_t>(numbers[n]);
        stack.slots[number] = n;
        const auto gap = n == 0 ? 1 : number - static_cast<std::size_t>(numbers[n - 1]);
        if (gap > 1)
            stack.warnings.push_back(fmt::format("{} missing between {} and {} mm; left blank",
                                                 gap == 2 ? "A slice is" : fmt::format("{} slices are", gap - 1),
                                                 inMillimetres(images[n - 1].position),
                                                 inMillimetres(images[n].position)));
    }
    return stack;
}

/// Cuts where the step changes: every piece is even.
std::vector<Stack> evenPieces(const Images &images)
{
    std::vector<Stack> pieces;
    std::vector<std::string> changes;
    for (std::size_t begin = 0; begin < images.size();) {
        auto end = std::min(begin + 2, images.size());
        while (end < images.size() && liesEvenly(images, begin, end + 1))
            ++end;
        Stack piece;
        for (auto n = begin; n < end; ++n)
            piece.slots.emplace_back(n);
        pieces.push_back(std::move(piece));
        if (end < images.size())
            changes.push_back(inMillimetres(images[end].position));
        begin = end;
    }
    std::string places;
    for (std::size_t n = 0; n < changes.size() && n < 8; ++n)
        places += (n ? ", " : "") + changes[n];
    if (changes.size() > 8)
        places += fmt::format(" and {} more", changes.size() - 8);
    for (auto &piece : pieces)
        piece.warnings.push_back(
            fmt::format("The distance between slices is uneven: it changes at {} mm; split there into {} volumes",
                        places, pieces.size()));
    return pieces;
}

std::vector<Stack> stacksOf(const Images &images)
{
    if (images.size() < 3 || liesEvenly(images, 0, images.size())) {
        Stack whole;
        for (std::size_t n = 0; n < images.size(); ++n)
            whole.slots.emplace_back(n);
        return {whole};
    }
    if (auto stack = withMissing(images))
        return {*stack};
    return evenPieces(images);
}

/// What all series made from these planes have in common.
Series describedBy(const ImageHeader &header)
{
    Series series;
    series.uid = header.seriesUid;
    series.studyUid = header.studyUid;
    series.patientId = header.patientId;
    series.patientIdentity = header.patientIdentity;
    series.patientName = header.patientName;
    series.description = header.description;
    series.modality = header.modality;
    series.frameOfReferenceUid = header.frameOfReferenceUid;
    series.number = header.seriesNumber;
    series.transferSyntax = header.transferSyntax;
    series.isColour = header.isColour;
    series.spacingSource = header.spacingSource;
    series.mosaicSide = header.mosaicSide;
    series.geometry.size = {header.columns, header.rows, 1};
    return series;
}

SeriesSlice sliceOf(const Image &image)
{
    return {image.header->file, image.plane.frame, image.position, image.plane.slope, image.plane.intercept};
}

void addFrame(Series &series, const Images &images, const Slots &slots, double step)
{
    auto &frame = series.frames.emplace_back();
    for (const auto &slot : slots) {
        SeriesSlice slice;
        slice.position = frame.empty() ? 0 : frame.back().position + step;
        if (slot)
            slice = sliceOf(images[*slot]);
        if (slot && series.frames.size() == 1)
            series.sopInstances.emplace(images[*slot].header->sopInstance, frame.size());
        frame.push_back(std::move(slice));
    }
}

/// Slices that drift within their plane are sheared: the grid grows so that the straightened volume holds them all.
void straighten(Series &series, const Vec3 &step, const Plane &plane)
{
    auto &geometry = series.geometry;
    const std::array<double, 2> drift{dot(step, plane.row), dot(step, plane.column)};
    const double steps = geometry.size[2] - 1;
    if (std::hypot(drift[0], drift[1]) * steps <= toleranceFor(geometry.spacing[2]))
        return;
    const auto normal = normalOf(plane);
    series.shear = drift;
    const double angle = std::atan2(std::hypot(drift[0], drift[1]), dot(step, normal)) * 180 / std::numbers::pi;
    series.gantryTilt = std::copysign(angle, std::abs(drift[1]) >= std::abs(drift[0]) ? drift[1] : drift[0]);
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const double pixels = drift[axis] * steps / geometry.spacing[axis];
        // Multiples of a pixel must not grow by one through rounding.
        const int extra = static_cast<int>(std::ceil(std::abs(pixels) - 1e-6));
        geometry.size[axis] += extra;
        const auto &direction = axis == 0 ? plane.row : plane.column;
        for (std::size_t n = 0; pixels < 0 && n < 3; ++n)
            geometry.origin[n] -= extra * geometry.spacing[axis] * direction[n];
    }
    series.warnings.push_back(
        fmt::format("The gantry was tilted by {:.1f} degrees: the slices are straightened on loading", angle));
}

void place(Series &series, const Images &images, const Slots &slots)
{
    const auto &first = images[*slots.front()].plane, &last = images[*slots.back()].plane;
    auto &geometry = series.geometry;
    const auto normal = normalOf(first);
    geometry.size[2] = static_cast<int>(slots.size());
    series.isPlaced = first.hasPosition && first.hasDirection;
    geometry.origin = first.position;
    for (std::size_t n = 0; n < 3; ++n)
        geometry.direction[n] = {first.row[n], first.column[n], normal[n]};
    geometry.spacing = {first.spacing[0], first.spacing[1], first.depth > 0 ? first.depth : 1};
    if (slots.size() < 2)
        return;
    auto step = minus(last.position, first.position);
    for (auto &part : step)
        part /= static_cast<double>(slots.size() - 1);
    geometry.spacing[2] = dot(step, normal);
    straighten(series, step, first);
}

void takeWarnings(Series &series, const Images &images)
{
    // Of radiographs the header says so already.
    if (series.spacingSource == SpacingSource::Uncalibrated && !images.front().header->isProjection)
        series.warnings.push_back("The files give no usable pixel spacing: 1 pixel counts as 1 mm");
    std::set<std::string> seen(series.warnings.begin(), series.warnings.end());
    for (const auto &image : images)
        for (const auto &warning : image.header->warnings)
            if (seen.insert(warning).second)
                series.warnings.push_back(warning);
}

Series seriesOf(const Timeline &timeline, const Stack &stack)
{
    const auto &images = timeline.times.front();
    auto series = describedBy(*images[*stack.slots.front()].header);
    series.part = timeline.label;
    series.warnings = timeline.warnings;
    series.warnings.insert(series.warnings.end(), stack.warnings.begin(), stack.warnings.end());
    place(series, images, stack.slots);
    for (const auto &time : timeline.times)
        addFrame(series, time, stack.slots, series.geometry.spacing[2]);
    takeWarnings(series, images);
    return series;
}

/// A stack that is uneven as a whole may be several acquisitions, each even.
std::vector<Timeline> byAcquisition(const Timeline &timeline)
{
    std::vector<Timeline> parts;
    if (timeline.times.size() != 1 || stacksOf(timeline.times.front()).size() == 1)
        return parts;
    for (const auto &image : timeline.times.front()) {
        const auto label = fmt::format("acquisition {:g}", image.plane.acquisition);
        auto part = std::find_if(parts.begin(), parts.end(), [&](const auto &other) { return other.label == label; });
        if (part == parts.end()) {
            part = parts.insert(parts.end(), Timeline{label, {Images{}}, timeline.warnings});
        }
        part->times.front().push_back(image);
    }
    const bool allEven = parts.size() > 1 && std::all_of(parts.begin(), parts.end(), [](const Timeline &part) {
                             return part.times.front().size() > 1 && stacksOf(part.times.front()).size() == 1;
                         });
    return allEven ? parts : std::vector<Timeline>{};
}

} // namespace

std::string inMillimetres(double position)
{
    return fmt::format("{:.2f}", position);
}

std::vector<Series> stackEvenly(const Timeline &timeline)
{
    std::vector<Series> all;
    if (const auto parts = byAcquisition(timeline); !parts.empty()) {
        for (const auto &part : parts)
            all.push_back(seriesOf(part, stacksOf(part.times.front()).front()));
        return all;
    }
    const auto stacks = stacksOf(timeline.times.front());
    for (const auto &stack : stacks) {
        all.push_back(seriesOf(timeline, stack));
        if (stacks.size() == 1)
            continue;
        const auto &slices = all.back().frames.front();
        auto &part = all.back().part;
        part += fmt::format("{}from {} to {} mm", part.empty() ? "" : ", ", inMillimetres(slices.front().position),
                            inMillimetres(slices.back().position));
    }
    return all;
}

Series withoutPlace(const Images &planes)
{
    auto series = describedBy(*planes.front().header);
    const auto &plane = planes.front().plane;
    series.isPlaced = false;
    series.geometry.spacing = {plane.spacing[0], plane.spacing[1], plane.depth > 0 ? plane.depth : 1};
    for (const auto &image : planes)
        series.frames.push_back({sliceOf(image)});
    series.sopInstances.emplace(planes.front().header->sopInstance, 0);
    takeWarnings(series, planes);
    return series;
}

} // namespace consilium::imaging::dicom
