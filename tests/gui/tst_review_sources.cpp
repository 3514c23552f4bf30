// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/review_sources.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace consilium;
namespace fs = std::filesystem;

class tst_ReviewSources : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFolderThatIsNotThereHoldsNothing();
    void casesAndSiteImagesAreFound();
};

void tst_ReviewSources::aFolderThatIsNotThereHoldsNothing()
{
    QVERIFY(app::findReviewSources("/no/such/folder").empty());
}

void tst_ReviewSources::casesAndSiteImagesAreFound()
{
    QTemporaryDir folder;
    const fs::path study = folder.path().toStdU16String();
    for (const auto *made : {"cases/south/b", "cases/north/a", "cases/north/unfinished", "sites/north/data/imagesTr",
                             "sites/south/data/imagesTr", "models/imagesTr"})
        fs::create_directories(study / made);
    std::ofstream(study / "cases/south/b/case.json") << "{}";
    std::ofstream(study / "cases/north/a/case.json") << "{}";
    const auto found = app::findReviewSources(study);
    QCOMPARE(found.cases,
             std::vector<fs::path>({study / "cases/north/a/case.json", study / "cases/south/b/case.json"}));
    QCOMPARE(found.datasets, std::vector<app::ReviewSources::Dataset>(
                                 {{"north", study / "sites/north/data"}, {"south", study / "sites/south/data"}}));
}

QTEST_APPLESS_MAIN(tst_ReviewSources)
#include "tst_review_sources.moc"
