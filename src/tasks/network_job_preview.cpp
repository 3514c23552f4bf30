// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "learning/batches/batch_source.h"
#include "learning/training/sample_check.h"
#include "tasks/network_job.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace consilium::tasks {

using imaging::Geometry;
using imaging::Vec3;

namespace {

/// A piece of `grid`: `size` voxels from `start` on, which may lie outside it.
Geometry pieceOf(const Geometry &grid, const std::array<int, 3> &start, const learning::Extent &size)
{
    auto piece = grid;
    piece.size = {static_cast<int>(size[2]), static_cast<int>(size[1]), static_cast<int>(size[0])};
    piece.origin = grid.toPatient({double(start[0]), double(start[1]), double(start[2])});
    return piece;
}

std::vector<imaging::Volume> channelsOn(const Geometry &grid, std::span<const float> values)
{
    std::vector<imaging::Volume> channels;
    const auto voxels = static_cast<std::size_t>(grid.voxels());
    for (std::size_t first = 0; first < values.size(); first += voxels) {
        const auto channel = values.subspan(first, voxels);
        channels.push_back({grid, {channel.begin(), channel.end()}});
    }
    return channels;
}

imaging::Landmark landmarkAt(const std::string &name, const Geometry &grid, double x, double y, bool visible)
{
    imaging::Landmark landmark{name};
    landmark.visibility = visible ? imaging::Visibility::Visible : imaging::Visibility::Absent;
    if (visible)
        landmark.position = grid.toPatient({x, y, 0});
    return landmark;
}

double length(const Vec3 &vector)
{
    return std::hypot(vector[0], vector[1], vector[2]);
}

/// Fills in where the contents come from: the patch's axes as the case's grid maps them into the patient.
void placeContents(AugmentedPatch &patch, const Geometry &grid, const Geometry &piece,
                   const learning::PatchOrigin &origin)
{
    // Columns of the matrix in x, y, z order, in mm along the case's own axes.
    imaging::Matrix3 columns{};
    for (std::size_t row = 0; row < 3; ++row)
        for (std::size_t column = 0; column < 3; ++column)
            columns[column][row] = origin.matrix[2 - row][2 - column] * grid.spacing[row];
    auto &place = patch.place = piece;
    double trace = 0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const double step = length(columns[axis]);
        place.spacing[axis] = step;
        patch.enlarged[axis] = grid.spacing[axis] / step;
        patch.mirrored[axis] = origin.mirrored[2 - axis];
        trace += columns[axis][axis] / step;
        for (std::size_t row = 0; row < 3; ++row) {
            place.direction[row][axis] = 0;
            for (std::size_t k = 0; k < 3; ++k)
                place.direction[row][axis] += grid.direction[row][k] * columns[axis][k] / step;
            if (patch.mirrored[axis])
                place.direction[row][axis] *= -1;
        }
    }
    patch.turned = std::acos(std::clamp((trace - 1) / 2, -1.0, 1.0)) * 180 / std::numbers::pi;
    patch.deformed = origin.deformed;
    // Turning, scaling and mirroring leave the middle of the patch where the shift puts it.
    Vec3 middle, halfway;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        halfway[axis] = (piece.size[axis] - 1) / 2.0;
        middle[axis] = static_cast<double>(origin.start[2 - axis]) + origin.shift[2 - axis] + halfway[axis];
    }
    place.origin = {};
    const auto offset = place.toPatient(halfway), centre = grid.toPatient(middle);
    for (std::size_t row = 0; row < 3; ++row)
        place.origin[row] = centre[row] - offset[row];
}

AugmentedPatch patchOf(const learning::Batch &batch, std::size_t n, const learning::Extent &extent,
                       const Geometry &grid, const Plan &plan)
{
    AugmentedPatch patch;
    const auto &origin = batch.origins[n];
    for (std::size_t axis = 0; axis < 3; ++axis)
        patch.start[axis] = static_cast<int>(origin.start[2 - axis]);
    const auto piece = pieceOf(grid, patch.start, extent);
    const auto voxels = static_cast<std::size_t>(piece.voxels());
    const auto values = voxels * plan.data.channels.size();
    patch.input.channels = channelsOn(piece, std::span(batch.image).subspan(n * values, values));
    if (!batch.labels.empty()) {
        const auto labels = std::span(batch.labels).subspan(n * voxels, voxels);
        patch.input.labels = {piece, {labels.begin(), labels.end()}};
    }
    const auto &names = plan.data.landmarks;
    const auto width = static_cast<double>(extent[2]), height = static_cast<double>(extent[1]);
    for (std::size_t landmark = 0; !batch.points.empty() && landmark < names.size(); ++landmark) {
        const auto at = n * names.size() + landmark;
        const double x = ((batch.points[2 * at] + 1.0) * width - 1) / 2;
        const double y = ((batch.points[2 * at + 1] + 1.0) * height - 1) / 2;
        patch.input.landmarks.points.push_back(landmarkAt(names[landmark], piece, x, y, batch.weights[at] > 0));
    }
    placeContents(patch, grid, piece, origin);
    return patch;
}

} // namespace

Result<CasePreview> NetworkJob::preview(const DatasetCase &files, int patches, std::uint64_t seed)
{
    const auto prepared = prepare(files);
    if (!prepared)
        return fail(prepared.error());
    const auto &sample = prepared->sample;
    const auto grid = gridOf(prepared->own);
    CasePreview preview;
    preview.whole.channels = channelsOn(grid, sample.image);
    if (!sample.labels.empty())
        preview.whole.labels = {grid, sample.labels};
    const auto &names = m_plan.data.landmarks;
    for (std::size_t n = 0; n < sample.points.size() && n < names.size(); ++n) {
        const auto &point = sample.points[n];
        preview.whole.landmarks.points.push_back(landmarkAt(names[n], grid, point.x, point.y, point.visible));
    }
    if (patches <= 0)
        return preview;
    if (auto checked = learning::checkSamples({&sample, 1}, m_plan); !checked)
        return fail(checked.error());
    const auto source = learning::makeBatchSource(m_plan, {&sample, 1}, derivedSeed(seed, "fit", 0));
    const auto perBatch = static_cast<std::size_t>(m_plan.training.batchSize);
    for (std::int64_t index = 0; std::ssize(preview.patches) < patches; ++index) {
        if (stopAsked())
            return fail(ErrorCode::Cancelled, "Stopped after {} of {} patches", preview.patches.size(), patches);
        const auto batch = source->batch(index);
        for (std::size_t n = 0; n < perBatch && std::ssize(preview.patches) < patches; ++n)
            preview.patches.push_back(patchOf(batch, n, source->patch(), grid, m_plan));
    }
    return preview;
}

} // namespace consilium::tasks
