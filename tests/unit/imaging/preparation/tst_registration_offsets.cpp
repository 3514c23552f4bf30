// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/nifti.h"
#include "imaging/preparation/registration.h"
#include "known_offset.h"
#include "support/real_data.h"

#include <QElapsedTimer>
#include <QtTest>
#include <map>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::test;

/// T1 moved by a known transform and aligned to FLAIR, on real patients. The data's authors aligned the two already;
/// what they left is measured first by aligning the unmoved pair, and errors are given both from the header's position
/// and from that alignment.
class tst_RegistrationOffsets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsKnownOffsets_data();
    void findsKnownOffsets();

private:
    struct Patient
    {
        Volume flair, t1;
        RigidTransform unmoved; ///< found for the pair as it is
    };
    std::map<QString, Patient> m_patients;
};

void tst_RegistrationOffsets::findsKnownOffsets_data()
{
    QTest::addColumn<QString>("patient");
    QTest::addColumn<bool>("toItself");
    QTest::addColumn<Vec3>("degrees");
    QTest::addColumn<Vec3>("shift");
    QTest::addColumn<bool>("resampled"); // the moved image is interpolated on its old grid; else its header is changed
    const std::vector<std::tuple<const char *, Vec3, Vec3, bool>> offsets{
        {"x 10 mm", {0, 0, 0}, {10, 0, 0}, false},
        {"y -10 mm, 10 degrees about x", {10, 0, 0}, {0, -10, 0}, true},
        {"z 10 mm, -10 degrees about z", {0, 0, -10}, {0, 0, 10}, true},
        {"10 degrees about y", {0, 10, 0}, {0, 0, 0}, false},
        {"all +10", {10, 10, 10}, {10, 10, 10}, true},
        {"all -10", {-10, -10, -10}, {-10, -10, -10}, false},
        {"mixed", {-10, 10, -10}, {10, -10, 10}, true},
        {"small", {1.5, -2, 1}, {0.7, -1.3, 2.1}, true},
    };
    for (const auto *patient : {"case-07", "case-19"})
        for (const auto &[name, degrees, shift, resampled] : offsets)
            QTest::newRow(qPrintable(QString("%1, T1 to FLAIR, %2").arg(patient, name)))
                << patient << false << degrees << shift << resampled;
    for (const auto *patient : {"case-07", "case-19"})
        QTest::newRow(qPrintable(QString("%1, T1 to T1").arg(patient)))
            << patient << true << Vec3{10, -10, 10} << Vec3{-10, 10, 10} << true;
}

void tst_RegistrationOffsets::findsKnownOffsets()
{
    CONSILIUM_REAL_DATA(data, "ms-lesions");
    QFETCH(QString, patient);
    QFETCH(bool, toItself);
    QFETCH(Vec3, degrees);
    QFETCH(Vec3, shift);
    QFETCH(bool, resampled);
    if (!m_patients.contains(patient)) {
        auto flair = readNifti(data / patient.toStdString() / "flair.nii.gz");
        auto t1 = readNifti(data / patient.toStdString() / "t1.nii.gz");
        QVERIFY(flair && t1);
        const auto found = registerRigid(*flair, *t1);
        QVERIFY(found);
        const auto left = differenceAtEdge(found->fixedToMoving, {}, middleOf(flair->geometry));
        qInfo("%s as it is: %.3f mm, %.3f degrees", qPrintable(patient), left.millimetres, left.degrees);
        m_patients[patient] = {std::move(*flair), std::move(*t1), found->fixedToMoving};
    }
    const auto &[flair, t1, unmoved] = m_patients[patient];
    const auto centre = middleOf(flair.geometry);
    const auto offset = rigid(degrees, shift, centre);
    const auto moved = resampled ? transformed(t1, offset.inverse(), t1.geometry) : movedHeader(t1, offset);
    QElapsedTimer timer;
    timer.start();
    const auto found = registerRigid(toItself ? t1 : flair, moved);
    QVERIFY2(found, found ? "" : found.error().message.c_str());
    const double seconds = timer.elapsed() / 1000.0;
    const auto fromHeader = differenceAtEdge(found->fixedToMoving, offset, centre);
    const auto error = toItself ? fromHeader : differenceAtEdge(found->fixedToMoving, chained(unmoved, offset), centre);
    qInfo("%.3f mm %.3f degrees (from the headers %.3f mm %.3f degrees), %d iterations, %.1f s", error.millimetres,
          error.degrees, fromHeader.millimetres, fromHeader.degrees, found->iterations, seconds);
    QCOMPARE_LE(error.millimetres, 0.5);
    QCOMPARE_LE(error.degrees, 0.5);
    QCOMPARE_LE(fromHeader.millimetres, 0.7); // with what the authors left: 0.4 and 0.5 mm
}

QTEST_GUILESS_MAIN(tst_RegistrationOffsets)
#include "tst_registration_offsets.moc"
