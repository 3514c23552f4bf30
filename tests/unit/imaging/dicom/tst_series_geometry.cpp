// SPDX-License-Identifier: GPL-3.0-or-later
#include "series_support.h"

#include <QTemporaryDir>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <functional>
#include <numbers>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::test;
namespace fs = std::filesystem;

namespace {

/// Series that scanners write and the writer does not, made from written ones by editing single files.
class EditedSeries
{
public:
    explicit EditedSeries(const Volume &volume, dicom::SeriesDescription description = {})
    {
        description.uidSeed = "edited";
        QVERIFY(dicom::writeSeries(path(), volume, description));
    }

    fs::path path() const { return m_folder.path().toStdString(); }

    /// Calls edit(dataset, n) for each file, n from 0 in order of names.
    void each(const std::function<void(DcmDataset &, int)> &edit)
    {
        int n = 0;
        for (const auto &file : filesIn(path()))
            editFile(file, [&](DcmDataset &dataset) { edit(dataset, n++); });
    }

    void remove(const std::vector<std::size_t> &numbers)
    {
        const auto files = filesIn(path());
        for (const auto number : numbers)
            fs::remove(files[number]);
    }

    /// Writes a second volume into the same series: other instances, told apart by `mark`.
    void add(const Volume &volume, const std::function<void(DcmDataset &)> &mark,
             dicom::SeriesDescription description = {})
    {
        QTemporaryDir other;
        const fs::path folder = other.path().toStdString();
        description.uidSeed = "edited";
        QVERIFY(dicom::writeSeries(folder, volume, description));
        ++m_added;
        for (const auto &file : filesIn(folder)) {
            editFile(file, [&](DcmDataset &dataset) {
                setText(dataset, DCM_SOPInstanceUID,
                        dicom::text(dataset, DCM_SOPInstanceUID).substr(0, 50) + fmt::format(".{}", m_added));
                const int instance = static_cast<int>(dicom::number(dataset, DCM_InstanceNumber, 0));
                setText(dataset, DCM_InstanceNumber, std::to_string(instance + 1000 * m_added));
                mark(dataset);
            });
            fs::copy_file(file, path() / fmt::format("added-{}-{}", m_added, file.filename().string()));
        }
    }

    std::vector<dicom::Series> scan() const
    {
        auto result = dicom::scanSeries(path());
        return result ? std::move(result->series) : std::vector<dicom::Series>{};
    }

private:
    QTemporaryDir m_folder;
    int m_added = 0;
};

bool warns(const dicom::Series &series, const std::string &words)
{
    return std::any_of(series.warnings.begin(), series.warnings.end(),
                       [&](const auto &warning) { return warning.find(words) != std::string::npos; });
}

std::string positionText(const Vec3 &position)
{
    return fmt::format("{:.6g}\\{:.6g}\\{:.6g}", position[0], position[1], position[2]);
}

} // namespace

class tst_SeriesGeometry : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void missingSlicesStayBlankAndAreNamed();
    void unevenStepsAreSplitAndNamed();
    void roundedPositionsAreEven();
    void acquisitionsBesideEachOtherAreSplit();
    void echoesAreVolumes();
    void imageTypesAreVolumes();
    void orientationsAreVolumes();
    void temporalPositionsAreTimes();
    void incompleteTimeIsAVolumeOfItsOwn();
    void repeatsAreTimesByInstanceNumber();
    void oneRepeatedPositionIsNamed();
    void copiesCountOnce();
    void tiltIsStraightened_data();
    void tiltIsStraightened();
    void rescaleIsPerSlice();
    void withoutPositionByInstanceNumber();
    void reversedFilesGiveTheSameVolume();
    void changedFileIsRefused();
};

// Worked by hand: 8 slices from z = 40.125 in steps of 2.5; the files of slices 3 and 4 are gone.
void tst_SeriesGeometry::missingSlicesStayBlankAndAreNamed()
{
    const auto grid = axialGrid({12, 10, 14});
    const auto volume = numberedVolume(grid, 5);
    EditedSeries edited(volume);
    edited.remove({3, 4});
    const auto found = edited.scan();
    QCOMPARE(found.size(), std::size_t{1});
    QVERIFY(found[0].geometry.sameGrid(grid));
    QVERIFY(warns(found[0], "2 slices are missing between 45.12 and 52.62 mm"));
    const auto loaded = dicom::loadSeries(found[0]);
    QVERIFY(loaded);
    for (int k = 0; k < 14; ++k) {
        const bool missing = k == 3 || k == 4;
        QCOMPARE(loaded->at(4, 5, k), missing ? 5.0F : volume.at(4, 5, k)); // 5 is the smallest value there is
    }
}

void tst_SeriesGeometry::unevenStepsAreSplitAndNamed()
{
    EditedSeries edited(numberedVolume(axialGrid({12, 10, 10})));
    // Steps of 2.5 to slice 5, then of 4: nothing a single grid holds.
    edited.each([](DcmDataset &dataset, int n) {
        const double z = n <= 5 ? 2.5 * n : 12.5 + 4.0 * (n - 5);
        setText(dataset, DCM_ImagePositionPatient, positionText({-31.5, -12.25, z}));
    });
    const auto found = edited.scan();
    QCOMPARE(found.size(), std::size_t{2});
    QCOMPARE(found[0].geometry.size[2], 6);
    QCOMPARE(found[0].geometry.spacing[2], 2.5);
    QCOMPARE(found[1].geometry.size[2], 4);
    QCOMPARE(found[1].geometry.spacing[2], 4.0);
    QCOMPARE(found[1].geometry.origin[2], 16.5);
    for (const auto &series : found)
        QVERIFY(warns(series, "uneven: it changes at 16.50 mm"));
    QCOMPARE(found[0].part, std::string("from 0.00 to 12.50 mm"));
}

// Some scanners write positions to a tenth of a millimetre: 0.625 mm apart reads 0, 0.6, 1.3, 1.9, ...
void tst_SeriesGeometry::roundedPositionsAreEven()
{
    EditedSeries edited(numberedVolume(axialGrid({12, 10, 33})));
    edited.each([](DcmDataset &dataset, int n) {
        setText(dataset, DCM_ImagePositionPatient, fmt::format("0\\0\\{:.1f}", 0.625 * n));
    });
    const auto found = edited.scan();
    QCOMPARE(found.size(), std::size_t{1});
    QVERIFY(found[0].warnings.empty());
    QVERIFY(std::abs(found[0].geometry.spacing[2] - 0.625) < 1e-9);
}

void tst_SeriesGeometry::acquisitionsBesideEachOtherAreSplit()
{
    EditedSeries edited(numberedVolume(axialGrid({12, 10, 8})));
    // Four slices of the first acquisition, a table move of 30.7 mm, four of the second.
    edited.each([](DcmDataset &dataset, int n) {
        setText(dataset, DCM_ImagePositionPatient, positionText({0, 0, 2.5 * n + (n < 4 ? 0 : 30.7)}));
        setText(dataset, DCM_AcquisitionNumber, n < 4 ? "1" : "2");
    });
    const auto found = edited.scan();
    QCOMPARE(found.size(), std::size_t{2});
    QCOMPARE(found[0].part, std::string("acquisition 1"));
    QCOMPARE(found[1].part, std::string("acquisition 2"));
    QVERIFY(std::abs(found[1].geometry.origin[2] - 40.7) < 1e-9);
}

void tst_SeriesGeometry::echoesAreVolumes()
{
    const auto first = numberedVolume(axialGrid()), second = numberedVolume(axialGrid(), 5000);
    EditedSeries edited(first);
    edited.each([](DcmDataset &dataset, int) { setText(dataset, DCM_EchoNumbers, "1"); });
    edited.add(second, [](DcmDataset &dataset) {
        setText(dataset, DCM_EchoNumbers, "2");
        setText(dataset, DCM_EchoTime, "80");
    });
    const auto found = edited.scan();
    QCOMPARE(found.size(), std::size_t{2});
    QCOMPARE(found[0].part, std::string("echo 1"));
    QCOMPARE(found[1].part, std::string("echo 2"));
    QCOMPARE(dicom::loadSeries(found[0])->values, first.values);
    QCOMPARE(dicom::loadSeries(found[1])->values, second.values);
}

void tst_SeriesGeometry::imageTypesAreVolumes()
{
    EditedSeries edited(numberedVolume(axialGrid()));
    edited.each([](DcmDataset &dataset, int) { setText(dataset, DCM_ImageType, "ORIGINAL\\PRIMARY\\M\\ND"); });
    edited.add(numberedVolume(axialGrid(), 5000),
               [](DcmDataset &dataset) { setText(dataset, DCM_ImageType, "ORIGINAL\\PRIMARY\\P\\ND"); });
    const auto found = edited.scan();
    QCOMPARE(found.size(), std::size_t{2});
    QCOMPARE(found[0].part, std::string("M"));
    QCOMPARE(found[1].part, std::string("P"));
}

void tst_SeriesGeometry::orientationsAreVolumes()
{
    EditedSeries edited(numberedVolume(axialGrid({12, 12, 3})));
    auto sagittal = axialGrid({12, 12, 3});
    sagittal.direction = {Vec3{0, 0, 1}, Vec3{1, 0, 0}, Vec3{0, -1, 0}};
    edited.add(numberedVolume(sagittal), [](DcmDataset &) {});
    const auto found = edited.scan();
    QCOMPARE(found.size(), std::size_t{2});
    QCOMPARE(found[0].part, std::string("axial"));
    QCOMPARE(found[1].part, std::string("sagittal"));
}

void tst_SeriesGeometry::temporalPositionsAreTimes()
{
    EditedSeries edited(numberedVolume(axialGrid()));
    edited.each([](DcmDataset &dataset, int) { setText(dataset, DCM_TemporalPositionIdentifier, "1"); });
    for (int time = 2; time <= 3; ++time)
        edited.add(numberedVolume(axialGrid(), 1000 * time), [time](DcmDataset &dataset) {
            setText(dataset, DCM_TemporalPositionIdentifier, std::to_string(time));
        });
    const auto found = edited.scan();
    QCOMPARE(found.size(), std::size_t{1});
    QCOMPARE(found[0].frames.size(), std::size_t{3});
    QVERIFY(found[0].warnings.empty());
    QCOMPARE(found[0].sopInstances.size(), std::size_t{8});
    for (int time = 1; time <= 3; ++time)
        QCOMPARE(dicom::loadSeries(found[0], time - 1)->at(0, 0, 0), time == 1 ? 0.0F : 1000.0F * time);
    QCOMPARE(dicom::loadSeries(found[0], 3).error().code, ErrorCode::Invalid);
}

void tst_SeriesGeometry::incompleteTimeIsAVolumeOfItsOwn()
{
    EditedSeries edited(numberedVolume(axialGrid()));
    edited.each([](DcmDataset &dataset, int) { setText(dataset, DCM_TemporalPositionIdentifier, "1"); });
    edited.add(numberedVolume(axialGrid()),
               [](DcmDataset &dataset) { setText(dataset, DCM_TemporalPositionIdentifier, "2"); });
    auto half = axialGrid();
    half.size[2] = 4;
    edited.add(numberedVolume(half),
               [](DcmDataset &dataset) { setText(dataset, DCM_TemporalPositionIdentifier, "3"); });
    const auto found = edited.scan();
    QCOMPARE(found.size(), std::size_t{2});
    QCOMPARE(found[0].frames.size(), std::size_t{2});
    QCOMPARE(found[1].part, std::string("temporal position 3"));
    QVERIFY(warns(found[1], "(4 images) are not those of the others (8)"));
}

void tst_SeriesGeometry::repeatsAreTimesByInstanceNumber()
{
    EditedSeries edited(numberedVolume(axialGrid()));
    edited.add(numberedVolume(axialGrid(), 5000), [](DcmDataset &) {});
    const auto found = edited.scan();
    QCOMPARE(found.size(), std::size_t{1});
    QCOMPARE(found[0].frames.size(), std::size_t{2});
    QVERIFY(warns(found[0], "told apart by their instance numbers alone"));
    QCOMPARE(dicom::loadSeries(found[0], 1)->at(0, 0, 0), 5000.0F);
}

void tst_SeriesGeometry::oneRepeatedPositionIsNamed()
{
    const auto volume = numberedVolume(axialGrid());
    EditedSeries edited(volume);
    auto one = axialGrid();
    one.size[2] = 1;
    edited.add(numberedVolume(one, 7000), [](DcmDataset &) {});
    const auto found = edited.scan();
    QCOMPARE(found.size(), std::size_t{1});
    QVERIFY(warns(found[0], "2 images lie at 40.12 mm; number 1 is used, 1 left out"));
    QCOMPARE(dicom::loadSeries(found[0])->values, volume.values);
}

void tst_SeriesGeometry::copiesCountOnce()
{
    const auto volume = numberedVolume(axialGrid());
    EditedSeries edited(volume);
    fs::copy_file(filesIn(edited.path())[2], edited.path() / "copy");
    const auto found = edited.scan();
    QCOMPARE(found.size(), std::size_t{1});
    QCOMPARE(found[0].frames.size(), std::size_t{1});
    QVERIFY(warns(found[0], "Copies left out (same SOP Instance UID): 1"));
    QCOMPARE(dicom::loadSeries(found[0])->values, volume.values);
}

void tst_SeriesGeometry::tiltIsStraightened_data()
{
    QTest::addColumn<double>("degrees");
    QTest::newRow("forwards") << 15.0;
    QTest::newRow("backwards") << -20.0;
}

// A plane through the patient, value = 2 x + 3 y + 5 z, is linear, so that interpolation keeps it exactly: whatever
// the tilt, each voxel of the straightened volume must hold the value of its own patient position.
void tst_SeriesGeometry::tiltIsStraightened()
{
    QFETCH(double, degrees);
    const auto plane = [](const Vec3 &p) { return 2 * p[0] + 3 * p[1] + 5 * p[2] + 2000; };
    const double drift = std::tan(degrees * std::numbers::pi / 180) * 2.5;
    auto grid = axialGrid({16, 20, 10});
    grid.origin = {-8, -10, 30};
    Volume sheared{grid, {}};
    for (int k = 0; k < 10; ++k)
        for (int j = 0; j < 20; ++j)
            for (int i = 0; i < 16; ++i) {
                auto p = grid.toPatient({double(i), double(j), double(k)});
                p[1] += drift * k;
                sheared.values.push_back(static_cast<float>(plane(p)));
            }
    dicom::SeriesDescription ct;
    ct.modality = "CT";
    EditedSeries edited(sheared, ct);
    edited.each([&](DcmDataset &dataset, int n) {
        setText(dataset, DCM_ImagePositionPatient,
                fmt::format("{:.8g}\\{:.8g}\\{:.8g}", -8.0, -10 + drift * n, 30 + 2.5 * n));
        setText(dataset, DCM_GantryDetectorTilt, fmt::format("{}", degrees));
    });
    const auto found = edited.scan();
    QCOMPARE(found.size(), std::size_t{1});
    QVERIFY2(std::abs(found[0].gantryTilt - degrees) < 1e-3, std::to_string(found[0].gantryTilt).c_str());
    QVERIFY(warns(found[0], "tilted"));
    QVERIFY(std::abs(found[0].geometry.spacing[2] - 2.5) < 1e-6);
    const auto volume = dicom::loadSeries(found[0]);
    QVERIFY(volume);
    const float smallest = *std::min_element(volume->values.begin(), volume->values.end());
    std::int64_t inside = 0;
    for (int k = 0; k < volume->geometry.size[2]; ++k)
        for (int j = 0; j < volume->geometry.size[1]; ++j)
            for (int i = 0; i < volume->geometry.size[0]; ++i) {
                const auto value = volume->at(i, j, k);
                if (value == smallest)
                    continue;
                ++inside;
                const auto expected = plane(volume->geometry.toPatient({double(i), double(j), double(k)}));
                QVERIFY2(std::abs(value - expected) < 0.05, fmt::format("{} for {}", value, expected).c_str());
            }
    // Of each slice of 16 x 20 at most one row falls between the lines of the grid.
    QCOMPARE_GE(inside, 16 * 19 * 10 - 1);
}

void tst_SeriesGeometry::rescaleIsPerSlice()
{
    const auto volume = numberedVolume(axialGrid());
    EditedSeries edited(volume);
    edited.each([](DcmDataset &dataset, int n) {
        setText(dataset, DCM_RescaleSlope, fmt::format("{}", n + 1));
        setText(dataset, DCM_RescaleIntercept, fmt::format("{}", -10 * n));
    });
    const auto loaded = dicom::loadSeries(edited.scan().at(0));
    QVERIFY(loaded);
    for (int k = 0; k < 8; ++k)
        QCOMPARE(loaded->at(3, 2, k), volume.at(3, 2, k) * static_cast<float>(k + 1) - static_cast<float>(10 * k));
}

void tst_SeriesGeometry::withoutPositionByInstanceNumber()
{
    const auto volume = numberedVolume(axialGrid());
    EditedSeries edited(volume);
    edited.each([](DcmDataset &dataset, int) {
        QVERIFY(dataset.findAndDeleteElement(DCM_ImagePositionPatient).good());
        QVERIFY(dataset.findAndDeleteElement(DCM_ImageOrientationPatient).good());
    });
    const auto found = edited.scan();
    QCOMPARE(found.size(), std::size_t{1});
    QVERIFY(warns(found[0], "no patient position"));
    QCOMPARE(found[0].geometry.spacing, volume.geometry.spacing);
    QCOMPARE(dicom::loadSeries(found[0])->values, volume.values);
}

void tst_SeriesGeometry::reversedFilesGiveTheSameVolume()
{
    const auto volume = numberedVolume(axialGrid());
    EditedSeries edited(volume);
    edited.each([](DcmDataset &dataset, int n) { setText(dataset, DCM_InstanceNumber, std::to_string(100 - n)); });
    const auto loaded = dicom::loadSeries(edited.scan().at(0));
    QVERIFY(loaded && loaded->geometry.sameGrid(volume.geometry));
    QCOMPARE(loaded->values, volume.values);
}

void tst_SeriesGeometry::changedFileIsRefused()
{
    EditedSeries edited(numberedVolume(axialGrid()));
    const auto found = edited.scan();
    QTemporaryDir other;
    dicom::SeriesDescription description;
    description.uidSeed = "other";
    const fs::path folder = other.path().toStdString();
    QVERIFY(dicom::writeSeries(folder, numberedVolume(axialGrid({6, 6, 1})), description));
    const auto target = filesIn(edited.path())[4];
    fs::copy_file(filesIn(folder)[0], target, fs::copy_options::overwrite_existing);
    const auto loaded = dicom::loadSeries(found.at(0));
    QVERIFY(!loaded);
    QCOMPARE(loaded.error().code, ErrorCode::Malformed);
    fs::remove(target);
    QCOMPARE(dicom::loadSeries(found.at(0)).error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(tst_SeriesGeometry)
#include "tst_series_geometry.moc"
