// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/canonical.h"
#include "imaging/files/image_files.h"
#include "support/nifti_bytes.h"
#include "support/real_data.h"

#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>
#include <cmath>

using namespace consilium;
using namespace consilium::imaging;
using consilium::test::NiftiBytes;
using consilium::test::writeBytes;

class tst_ImageFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsKindsApart();
    void readsADicomFileAsItsConversion();
    void readsASegmentationAsItsLabelImage();
    void showsColourAsLuminance();
    void saysWhatHasNoPlace();
    void contoursNeedTheirImage();
    void refusesWhatIsNoImage();
};

void tst_ImageFiles::tellsKindsApart()
{
    QCOMPARE(kindOf("a.nii.gz"), FileKind::Nifti);
    QCOMPARE(kindOf("a.img"), FileKind::Nifti);
    QCOMPARE(kindOf("a.NRRD"), FileKind::Research);
    QCOMPARE(kindOf("a.mha"), FileKind::Research);
    QVERIFY(isImageName("x/a.nrrd") && isImageName("a.nii") && !isImageName("a.dcm") && !isImageName("IM0001"));
    const QTemporaryDir folder;
    const auto odd = std::filesystem::path(folder.path().toStdString()) / "IM0001";
    writeBytes(odd, std::string(200, 'x'));
    QCOMPARE(kindOf(odd), FileKind::Other);
    CONSILIUM_REAL_DATA(dicom, "dicom/transfer-syntaxes/In/1.dcm");
    std::filesystem::copy_file(dicom, odd, std::filesystem::copy_options::overwrite_existing);
    QCOMPARE(kindOf(odd), FileKind::Dicom);
}

void tst_ImageFiles::readsADicomFileAsItsConversion()
{
    CONSILIUM_REAL_DATA(folder, "dicom/transfer-syntaxes");
    const auto dicom = readImage(folder / "In/9.dcm");
    QVERIFY2(dicom, dicom ? "" : dicom.error().message.c_str());
    const auto converted = readImage(folder / "Ref/9.nii");
    QVERIFY(converted);
    const auto ours = toCanonical(*dicom), theirs = toCanonical(*converted);
    QVERIFY(ours.geometry.sameGrid(theirs.geometry, 1e-3));
    QVERIFY(ours.values == theirs.values);
}

void tst_ImageFiles::readsASegmentationAsItsLabelImage()
{
    CONSILIUM_REAL_DATA(folder, "dicom/seg");
    const auto drawn = readLabelImage(folder / "liver_seg.nrrd");
    QVERIFY2(drawn, drawn ? "" : drawn.error().message.c_str());
    const auto segmentation = readLabelImage(folder / "liver.dcm", &drawn->geometry);
    QVERIFY2(segmentation, segmentation ? "" : segmentation.error().message.c_str());
    QVERIFY(segmentation->geometry.sameGrid(drawn->geometry));
    QVERIFY(segmentation->values == drawn->values);
    QVERIFY(std::count(drawn->values.begin(), drawn->values.end(), 1) > 0);
}

// The file holds stripes of pure colours (pydicom: SC_rgb_rle.dcm, its first rows red): 0.299 * 255 = 76.245.
void tst_ImageFiles::showsColourAsLuminance()
{
    CONSILIUM_REAL_DATA(file, "dicom/pydicom/test_files/SC_rgb_rle.dcm");
    const auto shown = readImage(file);
    QVERIFY2(shown, shown ? "" : shown.error().message.c_str());
    QCOMPARE(shown->geometry.size, (Index3{100, 100, 1}));
    QVERIFY(std::abs(shown->at(50, 5, 0) - 0.299F * 255) < 1e-3F);
}

void tst_ImageFiles::saysWhatHasNoPlace()
{
    const QTemporaryDir folder;
    const auto path = std::filesystem::path(folder.path().toStdString());
    writeBytes(path / "none.nii", NiftiBytes().bytes);
    writeBytes(path / "placed.nii", NiftiBytes().sform({1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0}).bytes);
    QVERIFY(!isPlaced(path / "none.nii"));
    QVERIFY(isPlaced(path / "placed.nii"));
    QVERIFY(!isPlaced("photograph.jpeg"));
    QVERIFY(isPlaced("labels.nrrd"));
}

void tst_ImageFiles::contoursNeedTheirImage()
{
    CONSILIUM_REAL_DATA(file, "dicom/pydicom/test_files/rtstruct.dcm");
    const auto labels = readLabelImage(file);
    QVERIFY(!labels);
    QCOMPARE(labels.error().code, ErrorCode::Invalid);
    QVERIFY(labels.error().message.find("rtstruct.dcm") != std::string::npos);
}

void tst_ImageFiles::refusesWhatIsNoImage()
{
    const QTemporaryDir folder;
    const auto text = std::filesystem::path(folder.path().toStdString()) / "notes.txt";
    writeBytes(text, "not an image, and long enough to have a first line");
    for (const auto &error : {readImage(text).error(), readLabelImage(text).error()}) {
        QCOMPARE(error.code, ErrorCode::Unsupported);
        QVERIFY(error.message.find("notes.txt") != std::string::npos);
    }
    QCOMPARE(readImage(text.parent_path() / "absent.xyz").error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(tst_ImageFiles)
#include "tst_image_files.moc"
