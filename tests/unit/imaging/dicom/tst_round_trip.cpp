// SPDX-License-Identifier: GPL-3.0-or-later
// Points of known patient millimetres go DICOM -> NIfTI -> DICOM SEG and stay where they are, however the scanner lay
// the slices. Our own reader and pydicom's view of the written objects are both asked.
#include "imaging/canonical.h"
#include "imaging/dicom/segmentation.h"
#include "imaging/dicom/series.h"
#include "imaging/dicom/series_writer.h"
#include "imaging/nifti.h"
#include "support/outside_tool.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>
#include <cmath>
#include <map>

using namespace consilium;
using namespace consilium::imaging;

namespace {

const QByteArray script = "import sys, json, pydicom, numpy as np\n"
                          "d = pydicom.dcmread(sys.argv[1])\n"
                          "shared = d.SharedFunctionalGroupsSequence[0]\n"
                          "pixels = d.pixel_array.reshape(-1, d.Rows, d.Columns)\n"
                          "points = []\n"
                          "for f, g in enumerate(d.PerFrameFunctionalGroupsSequence):\n"
                          "    get = lambda name: getattr(g if name in g else shared, name)[0]\n"
                          "    o = np.array(get('PlaneOrientationSequence').ImageOrientationPatient, float)\n"
                          "    s = [float(v) for v in get('PixelMeasuresSequence').PixelSpacing]\n"
                          "    p = np.array(get('PlanePositionSequence').ImagePositionPatient, float)\n"
                          "    n = int(get('SegmentIdentificationSequence').ReferencedSegmentNumber)\n"
                          "    for r, c in zip(*np.nonzero(pixels[f])):\n"
                          "        points.append([n] + list(p + o[:3] * s[1] * c + o[3:] * s[0] * r))\n"
                          "print(json.dumps(points))\n";

/// Voxels with a value of their own, at three corners and inside: no two axes or directions can be mistaken.
const std::map<int, Index3> marks{{1, {2, 1, 0}}, {2, {17, 1, 1}}, {3, {2, 12, 2}}, {4, {3, 2, 7}}, {5, {11, 9, 5}}};

/// A brick of 20 x 16 x 9 voxels of which each mark fills one voxel and its neighbour along i.
Volume marked(const Geometry &grid)
{
    Volume volume{grid, std::vector<float>(static_cast<std::size_t>(grid.voxels()), 10)};
    for (const auto &[label, at] : marks)
        for (const int step : {0, 1})
            volume.values[static_cast<std::size_t>(grid.offset(at[0] + step, at[1], at[2]))] =
                static_cast<float>(1000 * label);
    return volume;
}

double distance(const Vec3 &a, const Vec3 &b)
{
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

using Points = std::map<int, std::vector<Vec3>>;

/// The patient positions of every label's voxels, whatever the order of the axes.
Points placesOf(const LabelMap &labels)
{
    Points points;
    const auto &grid = labels.geometry;
    for (int k = 0; k < grid.size[2]; ++k)
        for (int j = 0; j < grid.size[1]; ++j)
            for (int i = 0; i < grid.size[0]; ++i)
                if (const int label = labels.at(i, j, k); label > 0)
                    points[label].push_back(grid.toPatient({double(i), double(j), double(k)}));
    return points;
}

Points expectedPlaces(const Geometry &grid)
{
    Points points;
    for (const auto &[label, at] : marks)
        for (const int step : {0, 1})
            points[label].push_back(grid.toPatient({double(at[0] + step), double(at[1]), double(at[2])}));
    return points;
}

/// The same number of points for each label, and one of ours within `tolerance` mm of each of theirs.
QString difference(const Points &expected, const Points &found, double tolerance)
{
    if (expected.size() != found.size())
        return QString("%1 labels, not %2").arg(found.size()).arg(expected.size());
    for (const auto &[label, points] : expected) {
        const auto match = found.find(label);
        if (match == found.end() || match->second.size() != points.size())
            return QString("label %1 has another number of voxels").arg(label);
        for (const auto &point : points) {
            double nearest = 1e9;
            for (const auto &other : match->second)
                nearest = std::min(nearest, distance(point, other));
            if (nearest > tolerance)
                return QString("label %1 lies %2 mm off").arg(label).arg(nearest);
        }
    }
    return {};
}

LabelMap labelsFrom(const Volume &volume)
{
    LabelMap labels{volume.geometry, std::vector<std::uint8_t>(volume.values.size())};
    std::transform(volume.values.begin(), volume.values.end(), labels.values.begin(),
                   [](float value) { return static_cast<std::uint8_t>(value < 500 ? 0 : std::lround(value / 1000)); });
    return labels;
}

std::vector<dicom::Segment> segments()
{
    std::vector<dicom::Segment> all;
    for (const auto &mark : marks) {
        dicom::Segment segment;
        segment.number = mark.first;
        segment.label = "Mark " + std::to_string(mark.first);
        all.push_back(segment);
    }
    return all;
}

} // namespace

class tst_RoundTrip : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void staysInPlace_data();
    void staysInPlace();
};

void tst_RoundTrip::staysInPlace_data()
{
    QTest::addColumn<QString>("patientPosition");
    QTest::addColumn<QList<double>>("row");    // direction of growing columns, LPS
    QTest::addColumn<QList<double>>("column"); // direction of growing rows, LPS
    QTest::addColumn<bool>("enhanced");
    using L = QList<double>;
    for (const bool enhanced : {false, true}) {
        const auto add = [&](const char *name, const char *position, const L &row, const L &column) {
            QTest::addRow("%s%s", name, enhanced ? ", enhanced" : "") << QString(position) << row << column << enhanced;
        };
        add("axial, head first", "HFS", L{1, 0, 0}, L{0, 1, 0});
        add("sagittal", "HFS", L{0, 1, 0}, L{0, 0, -1});
        add("coronal", "HFS", L{1, 0, 0}, L{0, 0, -1});
        add("oblique", "HFS", L{0.9396926, 0.2961981, -0.1710101}, L{-0.3420201, 0.8137977, -0.4698463});
        add("feet first", "FFS", L{-1, 0, 0}, L{0, 1, 0});
        add("feet first, prone", "FFP", L{1, 0, 0}, L{0, -1, 0});
        add("decubitus, right side down", "HFDR", L{0, 1, 0}, L{-1, 0, 0});
        add("decubitus, left side down", "HFDL", L{0, -1, 0}, L{1, 0, 0});
    }
}

void tst_RoundTrip::staysInPlace()
{
    QFETCH(QString, patientPosition);
    QFETCH(QList<double>, row);
    QFETCH(QList<double>, column);
    QFETCH(bool, enhanced);
    Geometry grid;
    grid.size = {20, 16, 9};
    grid.spacing = {0.9, 1.1, 3.5};
    grid.origin = {-31.25, 44.5, 102.75};
    const Vec3 normal{row[1] * column[2] - row[2] * column[1], row[2] * column[0] - row[0] * column[2],
                      row[0] * column[1] - row[1] * column[0]};
    for (std::size_t r = 0; r < 3; ++r)
        grid.direction[r] = {row[static_cast<qsizetype>(r)], column[static_cast<qsizetype>(r)], normal[r]};
    grid.direction = nearestOrthogonal(grid.direction);
    const auto expected = expectedPlaces(grid);

    const QTemporaryDir folder;
    const std::filesystem::path path(folder.path().toStdString());
    dicom::SeriesDescription description;
    description.uidSeed = QTest::currentDataTag();
    description.description = "Round trip";
    description.patientPosition = patientPosition.toStdString();
    description.enhanced = enhanced;
    const auto written = dicom::writeSeries(path / "dicom", marked(grid), description);
    QVERIFY2(written, written ? "" : written.error().message.c_str());

    const auto scan = dicom::scanSeries(path / "dicom");
    QVERIFY2(scan, scan ? "" : scan.error().message.c_str());
    QCOMPARE(scan->series.size(), std::size_t{1});
    const auto loaded = dicom::loadSeries(scan->series.front());
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    QVERIFY(writeNifti(path / "image.nii.gz", *loaded));

    // Through NIfTI, and through the canonical order of axes that training uses.
    const auto image = readNifti(path / "image.nii.gz");
    QVERIFY(image);
    const auto labels = toCanonical(labelsFrom(*image));
    QCOMPARE(difference(expected, placesOf(labels), 1e-3), QString());

    const auto made =
        dicom::writeSegmentation(path / "labels.dcm", labels, segments(), scan->series.front(), "Round trip");
    QVERIFY2(made, made ? "" : made.error().message.c_str());
    const auto own = dicom::readSegmentation(path / "labels.dcm");
    QVERIFY2(own, own ? "" : own.error().message.c_str());
    QCOMPARE(difference(expected, placesOf(own->merged()), 1e-3), QString());
    const auto onImage = dicom::readSegmentation(path / "labels.dcm", &image->geometry);
    QVERIFY2(onImage, onImage ? "" : onImage.error().message.c_str());
    QVERIFY(onImage->geometry.sameGrid(image->geometry));
    QCOMPARE(difference(expected, placesOf(onImage->merged()), 1e-3), QString());

    const auto python = consilium::test::pythonWith("pydicom, numpy");
    if (python.isEmpty())
        QSKIP("pydicom is not here (Debian: python3-pydicom)");
    const auto run =
        consilium::test::runTool(python, {"-c", script, QString::fromStdString((path / "labels.dcm").string())});
    QVERIFY2(run.exitCode == 0, run.errors);
    Points theirs;
    const auto entries = QJsonDocument::fromJson(run.output).array();
    for (const auto &entry : entries) {
        const auto point = entry.toArray();
        theirs[point[0].toInt()].push_back({point[1].toDouble(), point[2].toDouble(), point[3].toDouble()});
    }
    QCOMPARE(difference(expected, theirs, 1e-3), QString());
}

QTEST_GUILESS_MAIN(tst_RoundTrip)
#include "tst_round_trip.moc"
