// SPDX-License-Identifier: GPL-3.0-or-later
// ITK's NIfTI code as an independent witness of ours.
#include "imaging/nifti.h"

#include "support/real_data.h"

#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <itkImageIOBase.h>
#include <itkNiftiImageIO.h>
#include <numeric>

using namespace consilium::imaging;

namespace {

Volume obliqueVolume(bool leftHanded)
{
    const double t = 0.37;
    Volume volume;
    volume.geometry.size = {6, 5, 4};
    volume.geometry.spacing = {0.5, 1.25, 3};
    volume.geometry.origin = {-80.5, 99.25, -640};
    volume.geometry.direction = {Vec3{0, std::cos(t), -std::sin(t)}, Vec3{0, std::sin(t), std::cos(t)}, Vec3{1, 0, 0}};
    if (leftHanded)
        for (auto &row : volume.geometry.direction)
            row[0] = -row[0];
    volume.values.resize(120);
    std::iota(volume.values.begin(), volume.values.end(), -7.5F);
    return volume;
}

Volume readByItk(const std::filesystem::path &file)
{
    const auto io = itk::NiftiImageIO::New();
    io->SetFileName(file.string());
    io->ReadImageInformation();
    Volume volume;
    for (unsigned c = 0; c < 3; ++c) {
        volume.geometry.size[c] = static_cast<int>(io->GetDimensions(c));
        volume.geometry.spacing[c] = io->GetSpacing(c);
        volume.geometry.origin[c] = io->GetOrigin(c);
        for (unsigned r = 0; r < 3; ++r)
            volume.geometry.direction[r][c] = io->GetDirection(c)[r];
    }
    if (io->GetComponentType() != itk::IOComponentEnum::FLOAT)
        throw std::runtime_error("not float32");
    volume.values.resize(static_cast<std::size_t>(volume.geometry.voxels()));
    itk::ImageIORegion region(3);
    for (unsigned c = 0; c < 3; ++c)
        region.SetSize(c, io->GetDimensions(c));
    io->SetIORegion(region);
    io->Read(volume.values.data());
    return volume;
}

void writeByItk(const std::filesystem::path &file, const Volume &volume)
{
    const auto io = itk::NiftiImageIO::New();
    io->SetFileName(file.string());
    io->SetNumberOfDimensions(3);
    io->SetComponentType(itk::IOComponentEnum::FLOAT);
    io->SetPixelType(itk::IOPixelEnum::SCALAR);
    io->SetNumberOfComponents(1);
    itk::ImageIORegion region(3);
    for (unsigned c = 0; c < 3; ++c) {
        io->SetDimensions(c, static_cast<itk::SizeValueType>(volume.geometry.size[c]));
        io->SetSpacing(c, volume.geometry.spacing[c]);
        io->SetOrigin(c, volume.geometry.origin[c]);
        io->SetDirection(c, std::vector<double>{volume.geometry.direction[0][c], volume.geometry.direction[1][c],
                                                volume.geometry.direction[2][c]});
        region.SetSize(c, static_cast<itk::SizeValueType>(volume.geometry.size[c]));
    }
    io->SetIORegion(region);
    io->WriteImageInformation();
    io->Write(volume.values.data());
}

} // namespace

class tst_NiftiAndItk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { itk::Object::GlobalWarningDisplayOff(); }
    void itkReadsWhatWeWrite_data() { hands(); }
    void itkReadsWhatWeWrite();
    void weReadWhatItkWrites_data() { hands(); }
    void weReadWhatItkWrites();
    void weAgreeOnABrain();

private:
    static void hands()
    {
        QTest::addColumn<bool>("leftHanded");
        QTest::newRow("right-handed") << false;
        QTest::newRow("left-handed") << true;
    }
    std::filesystem::path file() const { return std::filesystem::path(m_folder.path().toStdString()) / "a.nii.gz"; }
    QTemporaryDir m_folder;
};

void tst_NiftiAndItk::itkReadsWhatWeWrite()
{
    QFETCH(bool, leftHanded);
    const auto volume = obliqueVolume(leftHanded);
    QVERIFY(writeNifti(file(), volume));
    const auto back = readByItk(file());
    QVERIFY(back.geometry.sameGrid(volume.geometry, 1e-4));
    QCOMPARE(back.values, volume.values);
}

void tst_NiftiAndItk::weReadWhatItkWrites()
{
    QFETCH(bool, leftHanded);
    const auto volume = obliqueVolume(leftHanded);
    writeByItk(file(), volume);
    const auto back = readNifti(file());
    QVERIFY(back);
    QVERIFY(back->geometry.sameGrid(volume.geometry, 1e-4));
    QCOMPARE(back->values, volume.values);
}

void tst_NiftiAndItk::weAgreeOnABrain()
{
    CONSILIUM_REAL_DATA(brain, "ms-lesions/case-19/flair.nii.gz");
    const auto ours = readNifti(brain);
    QVERIFY(ours);
    const auto theirs = readByItk(brain);
    QVERIFY(ours->geometry.sameGrid(theirs.geometry, 1e-6));
    QVERIFY(ours->values == theirs.values);
}

QTEST_APPLESS_MAIN(tst_NiftiAndItk)
#include "tst_nifti_and_itk.moc"
