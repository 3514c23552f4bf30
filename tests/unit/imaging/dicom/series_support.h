// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/canonical.h"
#include "imaging/dicom/dicom_file.h"
#include "imaging/dicom/series.h"
#include "imaging/dicom/series_writer.h"
#include "imaging/volume.h"

#include <QtTest>
#include <algorithm>
#include <cmath>

namespace consilium::test {

namespace dicom = imaging::dicom;

/// Directions of an acquisition, rows along the first axis, turned about the patient's axes by degrees.
inline imaging::Matrix3 turned(imaging::Matrix3 axes, double aboutX, double aboutY, double aboutZ)
{
    const auto about = [&](std::size_t a, std::size_t b, double degrees) {
        const double c = std::cos(degrees * M_PI / 180), s = std::sin(degrees * M_PI / 180);
        for (std::size_t n = 0; n < 3; ++n) {
            const double x = axes[a][n], y = axes[b][n];
            axes[a][n] = c * x - s * y;
            axes[b][n] = s * x + c * y;
        }
    };
    about(1, 2, aboutX);
    about(2, 0, aboutY);
    about(0, 1, aboutZ);
    return axes;
}

/// A volume in which every voxel has its own whole number, so that any exchange of axes or shift is found.
inline imaging::Volume numberedVolume(const imaging::Geometry &geometry, int start = 0)
{
    imaging::Volume volume{geometry, {}};
    for (std::int64_t n = 0; n < geometry.voxels(); ++n)
        volume.values.push_back(static_cast<float>(start + n));
    return volume;
}

inline imaging::Geometry axialGrid(imaging::Index3 size = {12, 10, 8}, imaging::Vec3 spacing = {0.9, 1.1, 2.5})
{
    imaging::Geometry geometry;
    geometry.size = size;
    geometry.spacing = spacing;
    geometry.origin = {-31.5, -12.25, 40.125};
    return geometry;
}

/// Largest distance in mm between equal corners, after both are brought to the canonical order of axes; a large number
/// when the sizes differ.
inline double cornerDistance(const imaging::Geometry &a, const imaging::Geometry &b)
{
    const auto first = imaging::canonicalGeometry(a), second = imaging::canonicalGeometry(b);
    if (first.size != second.size)
        return 1e9;
    double largest = 0;
    for (int corner = 0; corner < 8; ++corner) {
        imaging::Vec3 index{};
        for (std::size_t axis = 0; axis < 3; ++axis)
            index[axis] = corner >> axis & 1 ? first.size[axis] - 1 : 0;
        const auto p = first.toPatient(index), q = second.toPatient(index);
        largest = std::max(largest, std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]));
    }
    return largest;
}

/// Largest difference between voxels at the same place of the patient; sizes must agree.
inline double largestDifference(const imaging::Volume &a, const imaging::Volume &b)
{
    const auto first = imaging::toCanonical(a), second = imaging::toCanonical(b);
    if (first.values.size() != second.values.size())
        return 1e9;
    double largest = 0;
    for (std::size_t n = 0; n < first.values.size(); ++n)
        largest = std::max(largest, std::abs(double{first.values[n]} - double{second.values[n]}));
    return largest;
}

/// The .dcm files of a folder, by name.
inline std::vector<std::filesystem::path> filesIn(const std::filesystem::path &folder)
{
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::directory_iterator(folder))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

/// Changes one file with DCMTK and writes it back.
template <typename Edit>
void editFile(const std::filesystem::path &file, const Edit &edit)
{
    DcmFileFormat format;
    QVERIFY2(format.loadFile(file.c_str()).good(), file.c_str());
    format.loadAllDataIntoMemory();
    edit(*format.getDataset());
    QVERIFY2(format.saveFile(file.c_str(), EXS_LittleEndianExplicit).good(), file.c_str());
}

inline void setText(DcmItem &item, const DcmTagKey &tag, const std::string &value)
{
    QVERIFY(item.putAndInsertString(tag, value.c_str()).good());
}

} // namespace consilium::test
