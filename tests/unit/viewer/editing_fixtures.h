// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/editing/edit_saving.h"
#include "viewer/editing/edit_shapes.h"
#include "viewer/editing/label_editor.h"
#include "viewer_fixtures.h"

#include <QStringList>
#include <cmath>
#include <functional>

namespace consilium::test {

using imaging::Geometry;
using imaging::LabelMap;
using imaging::Vec3;
using imaging::Volume;
using namespace viewer;

// Also shows that no voxel is in a set twice: it would be counted so.
inline LabelMap mapOf(const Geometry &grid, const VoxelSet &voxels)
{
    LabelMap map{grid, std::vector<std::uint8_t>(static_cast<std::size_t>(grid.voxels()))};
    for (const VoxelRun &run : voxels.runs)
        for (int n = 0; n < run.count; ++n)
            ++map.values[static_cast<std::size_t>(grid.offset(run.first + n, run.j, run.k))];
    return map;
}

inline std::shared_ptr<Volume> imageOf(const Geometry &grid, const std::function<double(const Vec3 &)> &value)
{
    auto image = std::make_shared<Volume>(Volume{grid, {}});
    image->values.resize(static_cast<std::size_t>(grid.voxels()));
    overGrid(grid, [&](int i, int j, int k, const Vec3 &at) {
        image->values[static_cast<std::size_t>(grid.offset(i, j, k))] = static_cast<float>(value(at));
    });
    return image;
}

inline double distance(const Vec3 &a, const Vec3 &b)
{
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

// The centre of the voxel nearest to the middle of the patient.
inline Vec3 middle(const Geometry &grid)
{
    const Vec3 index = grid.toIndex({0, 0, 0});
    return grid.toPatient({std::round(index[0]), std::round(index[1]), std::round(index[2])});
}

// Two labels off the middle, so that no flip goes unseen.
inline LabelMap drawn(const Geometry &grid)
{
    LabelEditor editor;
    editor.setLabelList({{QStringLiteral("Background"), {}}, {QStringLiteral("A"), {}}, {QStringLiteral("B"), {}}});
    editor.start(prepareEmpty(grid));
    editor.apply(QStringLiteral("Sphere"), ballAlong(grid, {4, -3, 2}, {4, -3, 2}, 5), LabelEditor::Paint::Active,
                 false);
    editor.setActiveLabel(2);
    editor.apply(QStringLiteral("Sphere"), ballAlong(grid, {-5, 2, -4}, {-5, 6, -4}, 3), LabelEditor::Paint::Active,
                 false);
    return *editor.labels();
}

inline EditToSave edit(const LabelMap &labels)
{
    EditToSave edit;
    edit.labels = labels;
    edit.record.caseId = "case-003";
    edit.record.reader = "Anna";
    edit.record.labels = {{QStringLiteral("Background"), Qt::transparent, false},
                          {QStringLiteral("A"), QColor(10, 200, 30), false},
                          {QStringLiteral("B"), QColor(0, 0, 255), true}};
    edit.record.steps = {{QStringLiteral("Brush"), now(), 12}, {QStringLiteral("Polygon"), now(), 7}};
    edit.record.began = edit.record.saved = now();
    return edit;
}

inline QStringList filesIn(const std::filesystem::path &folder)
{
    QStringList names;
    for (const auto &entry : std::filesystem::directory_iterator(folder))
        names << QString::fromStdString(entry.path().filename().string());
    names.sort();
    return names;
}

} // namespace consilium::test
