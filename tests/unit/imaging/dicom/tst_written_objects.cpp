// SPDX-License-Identifier: GPL-3.0-or-later
// Segmentations that we write: read back by us and by pydicom, judged by dciodvfy.
#include "imaging/canonical.h"
#include "imaging/dicom/segmentation.h"
#include "imaging/dicom/series_writer.h"
#include "imaging/dicom/written_object.h"
#include "imaging/nifti.h"

#include "core/random.h"

#include "conformance.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <dcmtk/dcmdata/dcdeftag.h>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::imaging::dicom;

namespace {

const char *const script =
    "import sys, json, pydicom, numpy\n"
    "d = pydicom.dcmread(sys.argv[1])\n"
    "a = d.pixel_array.reshape(-1, d.Rows, d.Columns)\n"
    "o = [float(v) for v in d.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence[0].ImageOrientationPatient]\n"
    "s = [float(v) for v in d.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing]\n"
    "points = []\n"
    "for n, g in enumerate(d.PerFrameFunctionalGroupsSequence):\n"
    "    p = [float(v) for v in g.PlanePositionSequence[0].ImagePositionPatient]\n"
    "    label = g.SegmentIdentificationSequence[0].ReferencedSegmentNumber\n"
    "    for r, c in numpy.argwhere(a[n]):\n"
    "        points.append([int(label)] + [p[x] + c * s[1] * o[x] + r * s[0] * o[3 + x] for x in range(3)])\n"
    "source = [g.DerivationImageSequence[0].SourceImageSequence[0] for g in d.PerFrameFunctionalGroupsSequence]\n"
    "print(json.dumps({'points': points, 'name': str(d.PatientName), 'study': d.StudyInstanceUID,\n"
    "  'frame': d.FrameOfReferenceUID, 'frames': int(d.NumberOfFrames), 'series': d.SeriesInstanceUID,\n"
    "  'sources': [[i.ReferencedSOPInstanceUID, int(i.get('ReferencedFrameNumber', 0))] for i in source],\n"
    "  'referenced': [d.ReferencedSeriesSequence[0].SeriesInstanceUID,\n"
    "                 len(d.ReferencedSeriesSequence[0].ReferencedInstanceSequence)],\n"
    "  'labels': [s.SegmentLabel for s in d.SegmentSequence],\n"
    "  'codes': [s.SegmentedPropertyTypeCodeSequence[0].CodeValue for s in d.SegmentSequence]}))\n";

std::vector<Segment> segments()
{
    Segment lesion;
    lesion.label = "Läsion";
    Segment ventricle{
        2,  "Ventricle",  {"91723000", "SCT", "Anatomical Structure"}, {"35764002", "SCT", "Brain ventricle"},
        "", {0, 151, 206}};
    Segment empty{3, "Not there", lesion.category, lesion.type, "Model", {1, 2, 3}};
    return {lesion, ventricle, empty};
}

Geometry grid(const QString &orientation)
{
    Geometry g;
    g.size = {13, 11, 7}; // 143 bits a frame: no frame but the first begins with a byte
    g.spacing = {0.9, 1.1, 2.5};
    g.origin = {-31.25, 12.5, -640.125};
    const double c = std::cos(0.3), s = std::sin(0.3);
    if (orientation == "sagittal")
        g.direction = {Vec3{0, 0, 1}, Vec3{1, 0, 0}, Vec3{0, 1, 0}};
    else if (orientation == "coronal")
        g.direction = {Vec3{1, 0, 0}, Vec3{0, 0, 1}, Vec3{0, -1, 0}};
    else if (orientation == "oblique")
        g.direction = {Vec3{c, -s * c, s * s}, Vec3{s, c * c, -c * s}, Vec3{0, s, c}};
    return g;
}

LabelMap randomLabels(const Geometry &geometry)
{
    LabelMap labels{geometry, std::vector<std::uint8_t>(static_cast<std::size_t>(geometry.voxels()))};
    Random random(5);
    const auto slice = static_cast<std::size_t>(geometry.size[0]) * geometry.size[1];
    for (std::size_t n = slice; n < labels.values.size() - 2 * slice; ++n) // first and last slices stay empty
        labels.values[n] = static_cast<std::uint8_t>(random.below(3));
    return labels;
}

Volume image(const Geometry &geometry)
{
    Volume volume{geometry, std::vector<float>(static_cast<std::size_t>(geometry.voxels()))};
    for (std::size_t n = 0; n < volume.values.size(); ++n)
        volume.values[n] = static_cast<float>(n % 1000);
    return volume;
}

} // namespace

class tst_WrittenObjects : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void segmentationComesBack_data();
    void segmentationComesBack();
    void labelsOnAnyAxesGoToTheSlicesOfTheSource();
    void sameContentHasTheSameName();
    void namesKeepTheirLetters();
    void missingSlicesHaveNoSource();
    void whatCannotBeWrittenIsRefused_data();
    void whatCannotBeWrittenIsRefused();
    void uidsAreValid();
    void decimalsFitTheirElement();

private:
    /// A series of that orientation, scanned from disk.
    Series makeSeries(const QString &orientation, bool enhanced = false)
    {
        SeriesDescription description;
        description.description = "Source";
        description.uidSeed = orientation.toStdString();
        description.enhanced = enhanced;
        if (const auto written = writeSeries(path("images"), image(grid(orientation)), description); !written)
            throw std::runtime_error(written.error().line());
        return scan();
    }
    Series scan()
    {
        const auto scanned = scanSeries(path("images"));
        if (!scanned)
            throw std::runtime_error(scanned.error().line());
        return scanned->series.at(0);
    }
    std::filesystem::path path(const char *name) const
    {
        return std::filesystem::path(m_folder->path().toStdString()) / name;
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_WrittenObjects::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void tst_WrittenObjects::segmentationComesBack_data()
{
    QTest::addColumn<QString>("orientation");
    QTest::addColumn<bool>("enhanced");
    for (const char *orientation : {"axial", "sagittal", "coronal", "oblique"})
        QTest::newRow(orientation) << orientation << false;
    QTest::newRow("enhanced, axial") << "axial" << true;
    QTest::newRow("enhanced, oblique") << "oblique" << true;
}

void tst_WrittenObjects::segmentationComesBack()
{
    QFETCH(QString, orientation);
    QFETCH(bool, enhanced);
    const auto source = makeSeries(orientation, enhanced);
    QVERIFY(source.geometry.sameGrid(grid(orientation), 1e-3));
    const auto labels = randomLabels(source.geometry);
    const auto seg = path("labels.dcm");
    const auto written = writeSegmentation(seg, labels, segments(), source, "Labels of a test");
    QVERIFY2(written, written ? "" : written.error().line().c_str());

    const auto back = readSegmentation(seg, &source.geometry);
    QVERIFY2(back, back ? "" : back.error().line().c_str());
    QVERIFY(back->merged().values == labels.values);
    QVERIFY(!back->overlaps());
    QCOMPARE(back->warnings, std::vector<std::string>{});
    const auto expected = segments();
    QCOMPARE(back->segments.size(), expected.size());
    for (std::size_t n = 0; n < expected.size(); ++n) {
        QCOMPARE(back->segments[n].label, expected[n].label);
        QCOMPARE(back->segments[n].type.value, expected[n].type.value);
        QCOMPARE(back->segments[n].category.meaning, expected[n].category.meaning);
        QCOMPARE(back->segments[n].algorithm, expected[n].algorithm);
        QCOMPARE(back->segments[n].colour, expected[n].colour);
    }
    // On its own grid it has the slices with content alone.
    const auto own = readSegmentation(seg);
    QVERIFY(own);
    QCOMPARE(own->geometry.size, (Index3{13, 11, 4}));

    if (!test::hasDciodvfy())
        QSKIP("dciodvfy (Debian: dicom3tools) is not installed");
    QCOMPARE(test::dciodvfyErrors(seg), QString());

    const auto python = test::pythonWith("pydicom");
    if (python.isEmpty())
        QSKIP("python3 with pydicom is not installed");
    const auto run = test::runTool(python, {"-c", script, QString::fromStdString(seg.string())});
    QVERIFY2(run.exitCode == 0, run.errors);
    const auto seen = QJsonDocument::fromJson(run.output).object();
    LabelMap theirs{source.geometry, std::vector<std::uint8_t>(labels.values.size())};
    for (const auto &value : seen["points"].toArray()) {
        const auto point = value.toArray();
        const auto at = source.geometry.toIndex({point[1].toDouble(), point[2].toDouble(), point[3].toDouble()});
        for (const double coordinate : at)
            QVERIFY(std::abs(coordinate - std::round(coordinate)) < 1e-4);
        theirs.values[static_cast<std::size_t>(
            theirs.geometry.offset(int(std::lround(at[0])), int(std::lround(at[1])), int(std::lround(at[2]))))] =
            static_cast<std::uint8_t>(point[0].toInt());
    }
    QVERIFY(theirs.values == labels.values);
    QCOMPARE(seen["frames"].toInt(), 8); // two segments on four slices
    QCOMPARE(seen["study"].toString().toStdString(), source.studyUid);
    QCOMPARE(seen["frame"].toString().toStdString(), source.frameOfReferenceUid);
    QCOMPARE(seen["referenced"].toArray()[0].toString().toStdString(), source.uid);
    QCOMPARE(seen["referenced"].toArray()[1].toInt(), enhanced ? 1 : 7);
    QVERIFY(seen["series"].toString().toStdString() != source.uid);
    QCOMPARE(seen["labels"].toArray()[0].toString(), QString::fromUtf8("Läsion"));
    QCOMPARE(seen["codes"].toArray()[1].toString(), "35764002");
    // Frames 0 to 3 were drawn on slices 1 to 4.
    for (int n = 0; n < 4; ++n) {
        const auto reference = seen["sources"].toArray()[n].toArray();
        const auto uid = reference[0].toString().toStdString();
        if (enhanced) {
            QCOMPARE(reference[1].toInt(), source.frames[0][static_cast<std::size_t>(n + 1)].frame + 1);
        } else {
            QCOMPARE(source.sopInstances.at(uid), static_cast<std::size_t>(n + 1));
            QCOMPARE(reference[1].toInt(), 0);
        }
    }
}

void tst_WrittenObjects::labelsOnAnyAxesGoToTheSlicesOfTheSource()
{
    const auto source = makeSeries("sagittal");
    const auto labels = randomLabels(source.geometry);
    const auto canonical = toCanonical(labels);
    QVERIFY(!canonical.geometry.sameGrid(source.geometry));
    // Through NIfTI, as a label map comes from a network.
    QVERIFY(writeLabels(path("labels.nii.gz"), canonical));
    const auto read = readLabels(path("labels.nii.gz"));
    QVERIFY(read);
    QVERIFY(writeSegmentation(path("labels.dcm"), *read, segments(), source, "Labels"));
    const auto back = readSegmentation(path("labels.dcm"), &source.geometry);
    QVERIFY2(back, back ? "" : back.error().line().c_str());
    QVERIFY(back->merged().values == labels.values);
    const auto again = readSegmentation(path("labels.dcm"), &canonical.geometry);
    QVERIFY(again);
    QVERIFY(again->merged().values == canonical.values);
}

void tst_WrittenObjects::sameContentHasTheSameName()
{
    const auto source = makeSeries("axial");
    auto labels = randomLabels(source.geometry);
    const auto instance = [&] {
        if (!writeSegmentation(path("labels.dcm"), labels, segments(), source, "Labels"))
            return std::string();
        auto file = DicomFile::open(path("labels.dcm"), Depth::Header);
        return text(file->dataset(), DCM_SOPInstanceUID) + text(file->dataset(), DCM_SeriesInstanceUID);
    };
    const auto first = instance();
    QVERIFY(!first.empty());
    QCOMPARE(instance(), first);
    labels.values[200] = labels.values[200] ? 0 : 1;
    QVERIFY(instance() != first);
}

void tst_WrittenObjects::namesKeepTheirLetters()
{
    makeSeries("axial");
    for (const auto &entry : std::filesystem::directory_iterator(path("images"))) {
        auto file = DicomFile::open(entry.path(), Depth::Whole);
        QVERIFY(file);
        file->dataset().putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 100");
        file->dataset().putAndInsertString(DCM_PatientName, "Buc^J\xe9r\xf4me");
        file->dataset().putAndInsertString(DCM_PatientID, "4711");
        QVERIFY(saveObject(entry.path(), file->format()));
    }
    const auto source = scan();
    QVERIFY(writeSegmentation(path("labels.dcm"), randomLabels(source.geometry), segments(), source, "Labels"));
    auto written = DicomFile::open(path("labels.dcm"), Depth::Header);
    QVERIFY(written);
    QCOMPARE(text(written->dataset(), DCM_SpecificCharacterSet), "ISO_IR 192");
    QCOMPARE(text(written->dataset(), DCM_PatientName), "Buc^Jérôme");
    QCOMPARE(text(written->dataset(), DCM_PatientID), "4711");
}

void tst_WrittenObjects::missingSlicesHaveNoSource()
{
    makeSeries("axial");
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::directory_iterator(path("images")))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::filesystem::remove(files.at(3));
    const auto source = scan();
    QCOMPARE(source.geometry.size[2], 7);
    QVERIFY(source.frames[0][3].file.empty());
    const auto labels = randomLabels(source.geometry);
    const auto written = writeSegmentation(path("labels.dcm"), labels, segments(), source, "Labels");
    QVERIFY2(written, written ? "" : written.error().line().c_str());
    const auto back = readSegmentation(path("labels.dcm"), &source.geometry);
    QVERIFY(back);
    QVERIFY(back->merged().values == labels.values);
    if (test::hasDciodvfy())
        QCOMPARE(test::dciodvfyErrors(path("labels.dcm")), QString());
}

void tst_WrittenObjects::whatCannotBeWrittenIsRefused_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("says");
    QTest::newRow("another grid") << "grid"
                                  << "0.90 mm off";
    QTest::newRow("a label without a segment") << "label"
                                               << "Label 4";
    QTest::newRow("numbers with a gap") << "numbers"
                                        << "1, 2, 3";
    QTest::newRow("nothing segmented") << "empty"
                                       << "nothing segmented";
    QTest::newRow("images that are gone") << "gone"
                                          << "is not there";
    QTest::newRow("a folder that cannot be") << "folder"
                                             << "images";
}

void tst_WrittenObjects::whatCannotBeWrittenIsRefused()
{
    QFETCH(QString, what);
    QFETCH(QString, says);
    const auto source = makeSeries("axial");
    auto labels = randomLabels(source.geometry);
    auto described = segments();
    auto file = path("labels.dcm");
    if (what == "grid")
        labels.geometry.origin[2] += 0.9;
    else if (what == "label")
        labels.values[0] = 4;
    else if (what == "numbers")
        described[2].number = 5;
    else if (what == "empty")
        std::fill(labels.values.begin(), labels.values.end(), std::uint8_t{0});
    else if (what == "gone")
        std::filesystem::remove_all(path("images"));
    else
        file = source.frames[0][0].file / "labels.dcm";
    const auto written = writeSegmentation(file, labels, described, source, "Labels");
    QVERIFY(!written);
    const auto line = QString::fromStdString(written.error().line());
    QVERIFY2(line.contains(says) && !line.contains('\n'), qPrintable(line));
    QVERIFY(!std::filesystem::exists(path("labels.dcm")));
}

void tst_WrittenObjects::uidsAreValid()
{
    // SHA-256 of the empty text begins e3b0c442 98fc1c14 9afbf4c8 996fb924; with version 8 and variant 10 set it is
    // e3b0c442-98fc-8c14-9afb-f4c8996fb924, of which Python's int(..., 16) is:
    QCOMPARE(uidFromContent(""), "2.25.302652579918966106791432553938847512868");
    for (int n = 0; n < 100; ++n) {
        const auto uid = uidFromContent(std::to_string(n));
        QVERIFY(uid.size() <= 64 && uid.starts_with("2.25.") && uid[5] != '0');
    }
}

void tst_WrittenObjects::decimalsFitTheirElement()
{
    QCOMPARE(decimalString(-0.0), "0");
    QCOMPARE(decimalString(0.1), "0.1");
    QCOMPARE(decimalString(-640.125), "-640.125");
    Random random(3);
    for (int n = 0; n < 1000; ++n) {
        const double value = (random.uniform() - 0.5) * std::pow(10, random.below(12) - 6);
        const auto text = decimalString(value);
        QVERIFY(text.size() <= 16);
        QVERIFY(std::abs(std::stod(text) - value) <= 1e-8 * std::abs(value));
    }
}

QTEST_GUILESS_MAIN(tst_WrittenObjects)
#include "tst_written_objects.moc"
