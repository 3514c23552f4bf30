// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "federation/spool.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::federation;

class tst_Spool : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsWhatHashesToItsName();
    void throwsDamagedObjectsAway();
    void dropsWhatNobodyNeeds();

private:
    QTemporaryDir m_folder;
};

void tst_Spool::keepsWhatHashesToItsName()
{
    const Spool spool(m_folder.filePath("a").toStdString());
    const auto bytes = FleetObject{"ArrayChunk", {}, "values"}.encode();
    const auto id = objectId(bytes);
    QVERIFY(!spool.has(id));
    QVERIFY(spool.put(id, bytes));
    QVERIFY(spool.put(id, bytes));
    QVERIFY(spool.has(id));
    QCOMPARE(*spool.get(id), bytes);
    QCOMPARE(spool.put(id, bytes + "x").error().code, ErrorCode::Refused);
    QCOMPARE(spool.put("../escape", bytes).error().code, ErrorCode::Refused);
    QVERIFY(!spool.has("../escape"));
}

void tst_Spool::throwsDamagedObjectsAway()
{
    const auto folder = std::filesystem::path(m_folder.filePath("b").toStdString());
    const Spool spool(folder);
    const auto id = *spool.put(FleetObject{"ArrayChunk", {}, "values"});
    QVERIFY(writeFileAtomically(folder / id, "half"));
    QCOMPARE(spool.get(id).error().code, ErrorCode::Malformed);
    QVERIFY(!spool.has(id)); // so that it is fetched again
}

void tst_Spool::dropsWhatNobodyNeeds()
{
    const auto folder = std::filesystem::path(m_folder.filePath("c").toStdString());
    const Spool spool(folder);
    const auto chunk = *spool.put(FleetObject{"ArrayChunk", {}, "values"});
    const auto array = *spool.put(FleetObject{"Array", {chunk}, "{}"});
    const auto other = *spool.put(FleetObject{"ArrayChunk", {}, "others"});
    QVERIFY(writeFileAtomically(folder / "update-0001-north.safetensors", "stays"));
    const auto kept = spool.reachable(array);
    QVERIFY(kept);
    QCOMPARE(*kept, (std::set<std::string>{array, chunk}));
    QVERIFY(spool.keepOnly(*kept));
    QVERIFY(spool.has(array) && spool.has(chunk) && !spool.has(other));
    QVERIFY(std::filesystem::exists(folder / "update-0001-north.safetensors"));
}

QTEST_APPLESS_MAIN(tst_Spool)
#include "tst_spool.moc"
