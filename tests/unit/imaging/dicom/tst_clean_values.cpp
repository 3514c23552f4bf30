// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/clean_values.h"

#include <QTest>

using namespace consilium::imaging::dicom;

class tst_CleanValues : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void datesMoveByWholeDays_data();
    void datesMoveByWholeDays();
    void dateTimesKeepTheirTime_data();
    void dateTimesKeepTheirTime();
    void agesAreCapped_data();
    void agesAreCapped();
    void timesAndNumbersAreRecognised();
    void descriptionsKeepWordsOfImaging_data();
    void descriptionsKeepWordsOfImaging();
    void identitiesAreFoundInOtherWriting();
    void equipmentKeepsItsNameUnlessItHoldsAnIdentity_data();
    void equipmentKeepsItsNameUnlessItHoldsAnIdentity();
    void elementsFollowTheProfile_data();
    void elementsFollowTheProfile();
    void privateElementsAreSafeByCreatorOnly();
};

void tst_CleanValues::datesMoveByWholeDays_data() // by the calendar: 2012 and 2000 are leap years, 1900 is not
{
    QTest::addColumn<QString>("date");
    QTest::addColumn<int>("days");
    QTest::addColumn<QString>("moved");
    QTest::newRow("a day back over a leap day") << "20120301" << -1 << "20120229";
    QTest::newRow("no leap day") << "20130301" << -1 << "20130228";
    QTest::newRow("centuries") << "19000301" << -1 << "19000228";
    QTest::newRow("over the year") << "20000101" << -1 << "19991231";
    QTest::newRow("a year") << "20010615" << -365 << "20000615";
    QTest::newRow("old writing") << "1997.04.24" << -24 << "19970331";
    QTest::newRow("several") << "20120301\\20120302" << -1 << "20120229\\20120301";
    QTest::newRow("no such day") << "20130230" << -1 << "";
    QTest::newRow("words") << "yesterday" << -1 << "";
    QTest::newRow("telephone number") << "55512345" << -1 << "";
}

void tst_CleanValues::datesMoveByWholeDays()
{
    QFETCH(QString, date);
    QFETCH(int, days);
    QFETCH(QString, moved);
    QCOMPARE(QString::fromStdString(shiftedDates(date.toStdString(), days)), moved);
}

void tst_CleanValues::dateTimesKeepTheirTime_data()
{
    QTest::addColumn<QString>("stamp");
    QTest::addColumn<QString>("moved"); // ten days back
    QTest::newRow("full") << "20120305142530.123456"
                          << "20120224142530.123456";
    QTest::newRow("offset dropped") << "20120305142530+0100"
                                    << "20120224142530";
    QTest::newRow("minutes") << "201203051425"
                             << "201202241425";
    QTest::newRow("day") << "20120305"
                         << "20120224";
    QTest::newRow("month") << "201203"
                           << "201202";
    QTest::newRow("year") << "2012"
                          << "2011";
    QTest::newRow("words in it") << "20120305JANEDOE"
                                 << "";
}

void tst_CleanValues::dateTimesKeepTheirTime()
{
    QFETCH(QString, stamp);
    QFETCH(QString, moved);
    QCOMPARE(QString::fromStdString(shiftedDateTimes(stamp.toStdString(), -10)), moved);
}

void tst_CleanValues::agesAreCapped_data() // 45 CFR 164.514(b)(2)(i)(C): all ages over 89
{
    QTest::addColumn<QString>("age");
    QTest::addColumn<QString>("capped");
    QTest::newRow("child") << "009M"
                           << "009M";
    QTest::newRow("89") << "089Y"
                        << "089Y";
    QTest::newRow("90") << "090Y"
                        << "090Y";
    QTest::newRow("104") << "104Y"
                         << "090Y";
    QTest::newRow("words") << "old"
                           << "";
    QTest::newRow("padded") << "042Y "
                            << "042Y";
}

void tst_CleanValues::agesAreCapped()
{
    QFETCH(QString, age);
    QFETCH(QString, capped);
    QCOMPARE(QString::fromStdString(cappedAge(age.toStdString())), capped);
}

void tst_CleanValues::timesAndNumbersAreRecognised()
{
    for (const char *time : {"12", "1230", "123059", "235960", "123059.1", "123059.123456", "12:30:59", ""})
        QVERIFY2(areTimes(time), time);
    for (const char *time : {"25", "1260", "5551234", "12305", "noon", "123059.1234567"})
        QVERIFY2(!areTimes(time), time);
    QVERIFY(areNumbers("-1.5e-3\\ 42 \\+7"));
    QVERIFY(!areNumbers("1\\DOE"));
}

void tst_CleanValues::descriptionsKeepWordsOfImaging_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("cleaned");
    QTest::newRow("sequence") << "AX T2 FLAIR 5mm"
                              << "AX T2 FLAIR 5mm";
    QTest::newRow("joined") << "t1_mprage_sag_iso"
                            << "t1 mprage sag iso";
    QTest::newRow("star") << "T2* GRE"
                          << "T2* GRE";
    QTest::newRow("diffusion") << "DWI b1000 ADC"
                               << "DWI b1000 ADC";
    QTest::newRow("name") << "BRAIN Jane Doe"
                          << "BRAIN";
    QTest::newRow("name of the patient that is a word") << "HEAD Axial"
                                                        << "HEAD";
    QTest::newRow("telephone") << "call 555 0142 MRI"
                               << "MRI";
    QTest::newRow("date") << "CT 12/03/1985"
                          << "CT";
    QTest::newRow("record number") << "Chest PA 4711-08-15"
                                   << "Chest PA";
    QTest::newRow("e-mail") << "j.doe@x.example spine"
                            << "spine";
    QTest::newRow("accents") << "Ch\u00e4st brain"
                             << "brain";
    QTest::newRow("escape sequence") << "\x1b$BT2 MRI"
                                     << "";
    QTest::newRow("nothing left") << "for Dr. Doe"
                                  << "";
    QTest::newRow("dummy stays") << "Anonymized"
                                 << "Anonymized";
}

void tst_CleanValues::descriptionsKeepWordsOfImaging()
{
    QFETCH(QString, text);
    QFETCH(QString, cleaned);
    Identities identities;
    identities.addName("Axial^Jane");
    const auto once = cleanedDescription(text.toStdString(), identities);
    QCOMPARE(QString::fromStdString(once), cleaned);
    QCOMPARE(QString::fromStdString(cleanedDescription(once, identities)), cleaned);
}

void tst_CleanValues::identitiesAreFoundInOtherWriting()
{
    Identities identities;
    identities.addName("Quagmire^Wilhelmina^^Dr");
    identities.addText("MRN-88412097");
    QVERIFY(identities.isIn("scan of QUAGMIRE"));
    QVERIFY(identities.isIn("xxquagmirexx"));
    QVERIFY(identities.isIn("no. mrn-88412097"));
    QVERIFY(!identities.isIn("SIEMENS Avanto"));
    const std::string wide("q\0u\0a\0g\0m\0i\0r\0e\0", 16), swapped = "uQgaimer"; // "Quagmire" in pairs turned over
    QVERIFY(identities.isInBytes("..." + wide));
    QVERIFY(identities.isInBytes(".." + swapped));
    QVERIFY(!identities.isInBytes(std::string(64, '\1')));
}

void tst_CleanValues::equipmentKeepsItsNameUnlessItHoldsAnIdentity_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("identifying");
    QTest::newRow("vendor") << "GE MEDICAL SYSTEMS" << false;
    QTest::newRow("software") << "syngo MR B17" << false;
    QTest::newRow("versions") << "5.1.3\\5.1.3" << false;
    QTest::newRow("name") << "Quagmire's scanner" << true;
    QTest::newRow("serial number") << "Avanto 26406" << true;
    QTest::newRow("date") << "calibrated 2012-02-29" << true;
    QTest::newRow("mail") << "help@x.example" << true;
    QTest::newRow("address") << "http://x.example" << true;
}

void tst_CleanValues::equipmentKeepsItsNameUnlessItHoldsAnIdentity()
{
    QFETCH(QString, text);
    QFETCH(bool, identifying);
    Identities identities;
    identities.addName("Quagmire^Wilhelmina");
    QCOMPARE(looksIdentifying(text.toStdString(), identities), identifying);
}

void tst_CleanValues::elementsFollowTheProfile_data() // PS3.15 table E.1-1, with the two options
{
    QTest::addColumn<int>("group");
    QTest::addColumn<int>("element");
    QTest::addColumn<int>("vr");
    QTest::addColumn<int>("action");
    const auto row = [](const char *name, int group, int element, DcmEVR vr, Action action) {
        QTest::newRow(name) << group << element << int(vr) << int(action);
    };
    row("Accession Number Z", 0x0008, 0x0050, EVR_SH, Action::Empty);
    row("Study Date C", 0x0008, 0x0020, EVR_DA, Action::Date);
    row("Patient's Birth Date Z", 0x0010, 0x0030, EVR_DA, Action::Empty);
    row("Patient's Birth Time X", 0x0010, 0x0032, EVR_TM, Action::Remove);
    row("Patient ID", 0x0010, 0x0020, EVR_LO, Action::Pseudonym);
    row("Other Patient IDs X", 0x0010, 0x1000, EVR_LO, Action::Remove);
    row("Institution Address X", 0x0008, 0x0081, EVR_ST, Action::Remove);
    row("Referring Physician's Name Z", 0x0008, 0x0090, EVR_PN, Action::Empty);
    row("Series Description C", 0x0008, 0x103E, EVR_LO, Action::Clean);
    row("Device Serial Number D", 0x0018, 0x1000, EVR_LO, Action::Dummy);
    row("SOP Instance UID U", 0x0008, 0x0018, EVR_UI, Action::Uid);
    row("SOP Class UID K", 0x0008, 0x0016, EVR_UI, Action::Code);
    row("Curve Data X", 0x5004, 0x3000, EVR_OW, Action::Remove);
    row("Overlay Data X", 0x6002, 0x3000, EVR_OW, Action::Remove);
    row("Overlay Comments X", 0x6002, 0x4000, EVR_LT, Action::Remove);
    row("Digital Signatures X", 0xFFFA, 0xFFFA, EVR_SQ, Action::Remove);
    row("Data Set Trailing Padding X", 0xFFFC, 0xFFFC, EVR_OB, Action::Remove);
    row("Pixel Data", 0x7FE0, 0x0010, EVR_OW, Action::Keep);
    row("unlisted person name", 0x0018, 0x9FF0, EVR_PN, Action::Empty);
    row("unlisted date", 0x0018, 0x9FF0, EVR_DA, Action::Date);
    row("unlisted UID", 0x0018, 0x9FF0, EVR_UI, Action::Uid);
    row("unlisted text", 0x0018, 0x9FF0, EVR_LO, Action::CleanOrDummy);
    row("unlisted bytes", 0x0018, 0x9FF0, EVR_OB, Action::Remove);
    row("unknown", 0x0018, 0x9FF0, EVR_UN, Action::Remove);
    row("pixel data of unknown VR", 0x7FE0, 0x0010, EVR_UN, Action::Remove);
}

void tst_CleanValues::elementsFollowTheProfile()
{
    QFETCH(int, group);
    QFETCH(int, element);
    QFETCH(int, vr);
    QFETCH(int, action);
    const DcmTagKey tag(static_cast<Uint16>(group), static_cast<Uint16>(element));
    QCOMPARE(int(actionFor(tag, static_cast<DcmEVR>(vr))), action);
}

void tst_CleanValues::privateElementsAreSafeByCreatorOnly()
{
    const DcmTagKey bValue(0x0019, 0x100C), inAnotherBlock(0x0019, 0x420C), csaHeader(0x0029, 0x1010);
    QVERIFY(isSafePrivate("SIEMENS MR HEADER", bValue));
    QVERIFY(isSafePrivate("SIEMENS MR HEADER", inAnotherBlock));
    QVERIFY(!isSafePrivate("SOMEBODY ELSE", bValue));
    QVERIFY(!isSafePrivate("SIEMENS CSA HEADER", csaHeader));
}

QTEST_GUILESS_MAIN(tst_CleanValues)
#include "tst_clean_values.moc"
