// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "federation/spool.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

using namespace consilium;
using namespace consilium::federation;

class tst_Spool : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsWhatHashesToItsName();
    void throwsDamagedObjectsAway();
    void dropsWhatNobodyNeeds();
    void outdatedObjectsMakeRoomForOthers();
    void mapsWhatItChecked();

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

void tst_Spool::outdatedObjectsMakeRoomForOthers()
{
    const auto folder = std::filesystem::path(m_folder.filePath("d").toStdString());
    const Spool spool(folder);
    const auto copy = spool; // as the host's parts have
    std::vector<std::string> old;
    for (const char letter : {'a', 'b', 'c', 'd'})
        old.push_back(*spool.put(FleetObject{"ArrayChunk", {}, std::string(1000, letter)}));
    const auto there = [&] {
        return std::count_if(old.begin(), old.end(),
                             [&](const auto &id) { return std::filesystem::exists(folder / id); });
    };
    QVERIFY(spool.keepOnly({old[3]}, Spool::Removal::AsOthersCome));
    QCOMPARE(there(), 4);
    QVERIFY(copy.has(old[0])); // somebody counts on it: it stays
    QVERIFY(spool.put(FleetObject{"ArrayChunk", {}, std::string(500, 'x')}));
    QCOMPARE(there(), 3);
    QVERIFY(spool.put(FleetObject{"ArrayChunk", {}, std::string(5000, 'y')}));
    QVERIFY(spool.has(old[0]) && !spool.has(old[1]) && !spool.has(old[2]) && spool.has(old[3]));
    // What comes again after it was given up is there to stay.
    QVERIFY(spool.keepOnly({}, Spool::Removal::AsOthersCome));
    QCOMPARE(*spool.put(FleetObject{"ArrayChunk", {}, std::string(1000, 'a')}), old[0]);
    spool.removeOutdated();
    QVERIFY(spool.has(old[0]) && !spool.has(old[3]));
    QCOMPARE(std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()), 1);
}

void tst_Spool::mapsWhatItChecked()
{
    const auto folder = std::filesystem::path(m_folder.filePath("e").toStdString());
    const Spool spool(folder);
    const auto bytes = FleetObject{"ArrayChunk", {}, std::string(300000, 'v')}.encode();
    const auto id = objectId(bytes);
    QCOMPARE(spool.map(id).error().code, ErrorCode::NotFound);
    QVERIFY(spool.put(id, bytes));
    const auto mapped = spool.map(id);
    QVERIFY(mapped);
    const auto same = [&] {
        return std::equal(bytes.begin(), bytes.end(), mapped->bytes().begin(), mapped->bytes().end(),
                          [](char a, std::byte b) { return static_cast<std::byte>(a) == b; });
    };
    QVERIFY(same());
    mapped->release(100000, 100000);
    QVERIFY(same());
    QVERIFY(spool.keepOnly({})); // a site may still be fetching it
    QVERIFY(same());
    QVERIFY(writeFileAtomically(folder / id, "half"));
    QCOMPARE(spool.map(id).error().code, ErrorCode::Malformed);
    QVERIFY(!spool.has(id));
}

QTEST_APPLESS_MAIN(tst_Spool)
#include "tst_spool.moc"
