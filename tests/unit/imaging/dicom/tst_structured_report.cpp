// SPDX-License-Identifier: GPL-3.0-or-later
// Measurement reports: pydicom finds the values where TID 1500 puts them, dciodvfy finds no error.
#include "imaging/dicom/series_writer.h"
#include "imaging/dicom/structured_report.h"

#include "conformance.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>
#include <limits>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::imaging::dicom;

namespace {

/// Prints the tree as nested objects.
const char *const script =
    "import sys, json, pydicom\n"
    "d = pydicom.dcmread(sys.argv[1])\n"
    "def seen(i):\n"
    "    o = {'type': i.ValueType, 'children': [seen(c) for c in i.get('ContentSequence', [])]}\n"
    "    if 'ConceptNameCodeSequence' in i: o['name'] = i.ConceptNameCodeSequence[0].CodeValue\n"
    "    if 'ContentTemplateSequence' in i: o['template'] = i.ContentTemplateSequence[0].TemplateIdentifier\n"
    "    if 'TextValue' in i: o['value'] = i.TextValue\n"
    "    if 'PersonName' in i: o['value'] = str(i.PersonName)\n"
    "    if 'UID' in i: o['value'] = i.UID\n"
    "    if 'MeasuredValueSequence' in i:\n"
    "        m = i.MeasuredValueSequence[0]\n"
    "        o['value'] = float(m.NumericValue)\n"
    "        o['unit'] = m.MeasurementUnitsCodeSequence[0].CodeValue\n"
    "    if 'GraphicData' in i: o['value'] = [float(v) for v in i.GraphicData]\n"
    "    if 'ConceptCodeSequence' in i: o['value'] = i.ConceptCodeSequence[0].CodeValue\n"
    "    if 'ReferencedSOPSequence' in i:\n"
    "        r = i.ReferencedSOPSequence[0]\n"
    "        o['value'] = r.ReferencedSOPInstanceUID\n"
    "        if 'ReferencedSegmentNumber' in r: o['segment'] = int(r.ReferencedSegmentNumber)\n"
    "    return o\n"
    "def count(name): return sum(len(s.ReferencedSOPSequence) for e in d.get(name, []) for s in "
    "e.ReferencedSeriesSequence)\n"
    "print(json.dumps({'root': seen(d), 'class': d.SOPClassUID, 'patient': d.PatientID, 'study': d.StudyInstanceUID,\n"
    "  'evidence': count('CurrentRequestedProcedureEvidenceSequence'),\n"
    "  'other': count('PertinentOtherEvidenceSequence'), 'complete': d.CompletionFlag}))\n";

QJsonObject child(const QJsonObject &item, const QString &name)
{
    for (const auto &value : item["children"].toArray()) {
        if (value.toObject()["name"] == name)
            return value.toObject();
    }
    return {};
}

/// The measurement group that is tracked by this name.
QJsonObject group(const QJsonObject &report, const QString &tracking)
{
    for (const auto &value : child(report["root"].toObject(), "126010")["children"].toArray()) {
        if (child(value.toObject(), "112039")["value"] == tracking)
            return value.toObject();
    }
    return {};
}

Volume image(bool projection)
{
    Volume volume;
    volume.geometry.size = {20, 16, projection ? 1 : 4};
    volume.geometry.spacing = {0.5, 0.5, 2};
    if (!projection)
        volume.geometry.origin = {-10, 20, 30};
    volume.values.resize(static_cast<std::size_t>(volume.geometry.voxels()));
    for (std::size_t n = 0; n < volume.values.size(); ++n)
        volume.values[n] = static_cast<float>(n);
    return volume;
}

MeasurementReport measurements()
{
    MeasurementReport report;
    LesionMeasurement first;
    first.trackingId = "Läsion 1";
    first.trackingUid = "2.25.4711";
    first.volume = 12.345678;
    first.longestDiameter = 31.25;
    first.site = Code{"68523003", "SCT", "Cerebral White Matter"};
    LesionMeasurement second;
    second.trackingId = "Lesion 2";
    second.volume = 0.004;
    report.lesions = {first, second};
    report.landmarks.points = {{"S1 anterior", {-8.25, 21.5, 33}, Visibility::Visible, 1, false},
                               {"S1 posterior", {-6, 22, 32}, Visibility::Occluded, 0.5, false},
                               {"T12 upper", {0, 0, 0}, Visibility::Absent, 0, false}};
    report.angles = {{"SS", 38.5}, {"PI", 52.25}, {"PT", 13.75}, {"LL", -47.125}};
    return report;
}

} // namespace

class tst_StructuredReport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void valuesAreWhereTheTemplateWantsThem();
    void lesionsReferToTheirSegment();
    void landmarksOfRadiographsArePixels();
    void dciodvfyFindsNoError_data();
    void dciodvfyFindsNoError();
    void nonsenseIsRefused_data();
    void nonsenseIsRefused();

private:
    Series makeSeries(bool projection = false)
    {
        SeriesDescription description;
        description.description = "Source";
        description.uidSeed = "report";
        description.patientId = "4711";
        description.projection = projection;
        description.modality = projection ? "DX" : "MR";
        if (const auto written = writeSeries(path("images"), image(projection), description); !written)
            throw std::runtime_error(written.error().line());
        const auto scanned = scanSeries(path("images"));
        if (!scanned)
            throw std::runtime_error(scanned.error().line());
        return scanned->series.at(0);
    }
    /// The report as pydicom sees it; empty when it cannot be asked.
    QJsonObject seen(const std::filesystem::path &file) const
    {
        const auto run = test::runTool(m_python, {"-c", script, QString::fromStdString(file.string())});
        if (run.exitCode != 0)
            qWarning() << run.errors;
        return QJsonDocument::fromJson(run.output).object();
    }
    std::filesystem::path path(const char *name) const
    {
        return std::filesystem::path(m_folder->path().toStdString()) / name;
    }
    std::unique_ptr<QTemporaryDir> m_folder;
    const QString m_python = test::pythonWith("pydicom");
};

void tst_StructuredReport::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void tst_StructuredReport::valuesAreWhereTheTemplateWantsThem()
{
    const auto source = makeSeries();
    auto report = measurements();
    report.observer = "Doe^Zoë";
    const auto written = writeMeasurementReport(path("report.dcm"), report, source);
    QVERIFY2(written, written ? "" : written.error().line().c_str());
    if (m_python.isEmpty())
        QSKIP("python3 with pydicom is not installed");
    const auto tree = seen(path("report.dcm"));
    QCOMPARE(tree["class"].toString(), "1.2.840.10008.5.1.4.1.1.88.34"); // Comprehensive 3D SR
    QCOMPARE(tree["patient"].toString(), "4711");
    QCOMPARE(tree["study"].toString().toStdString(), source.studyUid);
    QCOMPARE(tree["complete"].toString(), "COMPLETE");
    const auto root = tree["root"].toObject();
    QCOMPARE(root["name"].toString(), "126000");
    QCOMPARE(root["template"].toString(), "1500");
    QCOMPARE(child(root, "121008")["value"].toString(), QString::fromUtf8("Doe^Zoë"));
    QCOMPARE(child(root, "121058")["value"].toString(), "25056-3"); // MRI

    const auto lesion = group(tree, QString::fromUtf8("Läsion 1"));
    QCOMPARE(lesion["name"].toString(), "125007");
    QCOMPARE(lesion["template"].toString(), "1501");
    QCOMPARE(child(lesion, "112040")["value"].toString(), "2.25.4711");
    QCOMPARE(child(lesion, "121071")["value"].toString(), "52988006");
    QCOMPARE(child(lesion, "363698007")["value"].toString(), "68523003");
    QCOMPARE(child(lesion, "118565006")["value"].toDouble(), 12.345678);
    QCOMPARE(child(lesion, "118565006")["unit"].toString(), "ml");
    QCOMPARE(child(lesion, "103339001")["value"].toDouble(), 31.25);
    QCOMPARE(child(lesion, "103339001")["unit"].toString(), "mm");
    const auto second = group(tree, "Lesion 2");
    QCOMPARE(child(second, "118565006")["value"].toDouble(), 0.004);
    QVERIFY(child(second, "103339001").isEmpty());
    QVERIFY(child(second, "112040")["value"].toString().startsWith("2.25."));

    const auto landmark = group(tree, "S1 anterior");
    QCOMPARE(landmark["template"].toString(), "1410");
    QCOMPARE(child(landmark, "111030")["type"].toString(), "SCOORD3D");
    QCOMPARE(child(landmark, "111030")["value"].toArray(), (QJsonArray{-8.25, 21.5, 33.0}));
    QVERIFY(child(landmark, "121106").isEmpty());
    QVERIFY(!child(group(tree, "S1 posterior"), "121106").isEmpty());
    QVERIFY(group(tree, "T12 upper").isEmpty());

    const auto angles = group(tree, "Angles");
    for (const auto &angle : report.angles) {
        const auto item = child(angles, QString::fromStdString(angle.name));
        QCOMPARE(item["value"].toDouble(), angle.degrees);
        QCOMPARE(item["unit"].toString(), "deg");
    }
    QCOMPARE(tree["evidence"].toInt(), 0);
    QCOMPARE(tree["other"].toInt(), 4); // the images that were looked at
}

void tst_StructuredReport::lesionsReferToTheirSegment()
{
    const auto source = makeSeries();
    LabelMap labels{source.geometry, std::vector<std::uint8_t>(static_cast<std::size_t>(source.geometry.voxels()))};
    labels.values[30] = 1;
    Segment segment;
    segment.label = "Lesion";
    QVERIFY(writeSegmentation(path("seg.dcm"), labels, {segment}, source, "Labels"));
    auto report = measurements();
    report.segmentation = path("seg.dcm");
    report.lesions[0].segment = 1;
    QVERIFY(writeMeasurementReport(path("report.dcm"), report, source));
    if (m_python.isEmpty())
        QSKIP("python3 with pydicom is not installed");
    const auto tree = seen(path("report.dcm"));
    const auto lesion = group(tree, QString::fromUtf8("Läsion 1"));
    QCOMPARE(lesion["template"].toString(), "1411");
    const auto reference = child(lesion, "121191");
    QCOMPARE(reference["type"].toString(), "IMAGE");
    QCOMPARE(reference["segment"].toInt(), 1);
    const auto seg =
        test::runTool(m_python, {"-c", "import sys, pydicom; print(pydicom.dcmread(sys.argv[1]).SOPInstanceUID)",
                                 QString::fromStdString(path("seg.dcm").string())});
    QCOMPARE(reference["value"].toString(), QString::fromUtf8(seg.output.trimmed()));
    QCOMPARE(child(lesion, "121232")["value"].toString().toStdString(), source.uid);
    QCOMPARE(tree["evidence"].toInt(), 1);
    QCOMPARE(tree["other"].toInt(), 4);
}

void tst_StructuredReport::landmarksOfRadiographsArePixels()
{
    const auto source = makeSeries(true);
    auto report = measurements();
    report.lesions.clear();
    // Column 3.5, row 7 of pixels that are 0.5 mm: DICOM counts from the corner of the first, so half a pixel more.
    report.landmarks.points = {{"S1", source.geometry.toPatient({3.5, 7, 0}), Visibility::Visible, 1, false}};
    const auto written = writeMeasurementReport(path("report.dcm"), report, source);
    QVERIFY2(written, written ? "" : written.error().line().c_str());
    if (m_python.isEmpty())
        QSKIP("python3 with pydicom is not installed");
    const auto tree = seen(path("report.dcm"));
    const auto point = child(group(tree, "S1"), "111030");
    QCOMPARE(point["type"].toString(), "SCOORD");
    QCOMPARE(point["value"].toArray(), (QJsonArray{4.0, 7.5}));
    const auto on = point["children"].toArray()[0].toObject();
    QCOMPARE(on["type"].toString(), "IMAGE");
    QCOMPARE(source.sopInstances.count(on["value"].toString().toStdString()), std::size_t{1});
    QCOMPARE(tree["evidence"].toInt(), 1);
    QCOMPARE(tree["other"].toInt(), 0);
    report.landmarks.points[0].position = source.geometry.toPatient({40, 7, 0});
    const auto outside = writeMeasurementReport(path("outside.dcm"), report, source);
    QVERIFY(!outside && outside.error().message.find("S1 lies outside") != std::string::npos);
}

void tst_StructuredReport::dciodvfyFindsNoError_data()
{
    QTest::addColumn<int>("what");
    QTest::newRow("everything") << 0;
    QTest::newRow("landmarks alone") << 1;
    QTest::newRow("radiograph") << 2;
    QTest::newRow("with a segment") << 3;
}

void tst_StructuredReport::dciodvfyFindsNoError()
{
    QFETCH(int, what);
    if (!test::hasDciodvfy())
        QSKIP("dciodvfy (Debian: dicom3tools) is not installed");
    const auto source = makeSeries(what == 2);
    auto report = measurements();
    if (what == 1) {
        report.lesions.clear();
        report.angles.clear();
    }
    if (what == 2)
        report.landmarks.points = {{"S1", source.geometry.toPatient({3, 7, 0}), Visibility::Visible, 1, false}};
    if (what == 3) {
        LabelMap labels{source.geometry,
                        std::vector<std::uint8_t>(static_cast<std::size_t>(source.geometry.voxels()), 1)};
        Segment segment;
        segment.label = "Lesion";
        QVERIFY(writeSegmentation(path("seg.dcm"), labels, {segment}, source, "Labels"));
        report.segmentation = path("seg.dcm");
        report.lesions[0].segment = 1;
    }
    const auto written = writeMeasurementReport(path("report.dcm"), report, source);
    QVERIFY2(written, written ? "" : written.error().line().c_str());
    QCOMPARE(test::dciodvfyErrors(path("report.dcm")), QString());
}

void tst_StructuredReport::nonsenseIsRefused_data()
{
    QTest::addColumn<int>("what");
    QTest::addColumn<QString>("says");
    QTest::newRow("nothing") << 0 << "nothing measured";
    QTest::newRow("no number") << 1 << "no number";
    QTest::newRow("segment of nothing") << 2 << "not given";
    QTest::newRow("no name") << 3 << "no name";
    QTest::newRow("long name") << 4 << "16 characters";
    QTest::newRow("not a segmentation") << 5 << "not a DICOM segmentation";
}

void tst_StructuredReport::nonsenseIsRefused()
{
    QFETCH(int, what);
    QFETCH(QString, says);
    const auto source = makeSeries();
    auto report = measurements();
    switch (what) {
    case 0: report = {}; break;
    case 1: report.lesions[0].volume = std::numeric_limits<double>::quiet_NaN(); break;
    case 2: report.lesions[0].segment = 1; break;
    case 3: report.landmarks.points[0].name.clear(); break;
    case 4: report.angles[0].name = "A name that goes on"; break;
    default: report.segmentation = source.frames[0][0].file; break;
    }
    const auto written = writeMeasurementReport(path("report.dcm"), report, source);
    QVERIFY(!written);
    const auto line = QString::fromStdString(written.error().line());
    QVERIFY2(line.contains(says), qPrintable(line));
}

QTEST_GUILESS_MAIN(tst_StructuredReport)
#include "tst_structured_report.moc"
