// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/federation_page.h"
#include "app/open_study.h"
#include "app/theme_style.h"
#include "dashboard/results_model.h"
#include "dashboard/site_table.h"
#include "support/made_study.h"

#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using dashboard::SiteTableModel;

class tst_FederationPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void anEmptyPageOffersTheNextStep();
    void eachSiteIsToldInWords();
    void aLostSiteCountsOn();
    void curvesHaveOneLineASite();
    void anIncompleteRoundIsNoted();
    void theOutcomeAppearsAtTheEnd();
    void everyModelAtEverySiteFits();
    void theRoundsBytesAndDriftStandInTheTable();
    void aStudyThatEndedEarlySaysSo();
    void aShortWindowKeepsEverythingInSight();
    void theLogTellsFailuresByAWord();
    void theLogsNewestLineStaysInSight();

private:
    template <typename T>
    T *find(const char *name) const
    {
        return m_page->findChild<T *>(QString::fromLatin1(name));
    }
    QString cell(int row, SiteTableModel::Column column) const
    {
        return find<QTableView>("federation.board.table")->model()->index(row, column).data().toString();
    }
    void openStudy(int rounds = 3)
    {
        const auto folder = std::filesystem::path(m_folder->path().toStdU16String()) / "study";
        m_made = std::make_unique<test::MadeStudy>(folder, rounds);
        m_study->open(folder);
        QTRY_COMPARE_WITH_TIMEOUT(find<QTableView>("federation.board.table")->model()->rowCount(), 4, 10000);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<test::MadeStudy> m_made;
    std::unique_ptr<app::OpenStudy> m_study;
    std::unique_ptr<app::FederationPage> m_page;
};

void tst_FederationPage::init()
{
    const auto theme = app::loadTheme("light").value();
    app::applyTheme(theme);
    m_folder = std::make_unique<QTemporaryDir>();
    m_study = std::make_unique<app::OpenStudy>();
    m_page = std::make_unique<app::FederationPage>(*m_study);
    m_page->setTheme(theme);
    m_page->resize(1350, 820);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
}

void tst_FederationPage::cleanup()
{
    m_page.reset();
    m_study.reset();
    m_made.reset();
}

void tst_FederationPage::anEmptyPageOffersTheNextStep()
{
    QVERIFY(find<QWidget>("federation.empty")->isVisible());
    QVERIFY(!find<QLabel>("federation.empty.text")->text().isEmpty());
    QVERIFY(!find<QWidget>("federation.board")->isVisible());
}

void tst_FederationPage::eachSiteIsToldInWords()
{
    openStudy();
    QCOMPARE(cell(0, SiteTableModel::Site), "east");
    QCOMPARE(cell(0, SiteTableModel::State), "uploading 81 %");
    QCOMPARE(cell(1, SiteTableModel::State), "counted");
    QCOMPARE(cell(2, SiteTableModel::State), "training, epoch 1 of 1");
    QCOMPARE(cell(1, SiteTableModel::Cases), "72");
    QCOMPARE(find<QLabel>("federation.board.detail")->text(), "1 of 4 sites in");
}

void tst_FederationPage::aLostSiteCountsOn()
{
    openStudy();
    const auto words = cell(3, SiteTableModel::State);
    static const QRegularExpression lost("^lost 00:\\d\\d ago, waiting$");
    QVERIFY2(lost.match(words).hasMatch(), qPrintable(words));
    // Nothing is written to the study meanwhile: the board's own clock moves the words.
    QTRY_VERIFY_WITH_TIMEOUT(cell(3, SiteTableModel::State) != words, 5000);
    QVERIFY(lost.match(cell(3, SiteTableModel::State)).hasMatch());
}

void tst_FederationPage::curvesHaveOneLineASite()
{
    openStudy();
    for (const auto *name : {"federation.lossChart", "federation.headlineChart", "federation.driftChart"}) {
        const auto &curves = find<dashboard::CurveChart>(name)->curves();
        QCOMPARE(curves.size(), 4u);
        for (const auto &curve : curves)
            QCOMPARE(curve.marks.size(), 3u);
    }
}

void tst_FederationPage::anIncompleteRoundIsNoted()
{
    openStudy();
    auto *notes = find<QLabel>("federation.board.notes");
    QVERIFY(notes->isVisible());
    QVERIFY(notes->text().contains("Round 2: closed without west"));
}

void tst_FederationPage::theOutcomeAppearsAtTheEnd()
{
    openStudy(12);
    auto *results = find<QWidget>("federation.results");
    QVERIFY(!results->isVisible());
    m_made->finish();
    QTRY_VERIFY_WITH_TIMEOUT(results->isVisible(), 5000);
    const auto *matrix = find<QTableView>("federation.results.table")->model();
    QCOMPARE(matrix->rowCount(), 5);    // the federated model and four local ones
    QCOMPARE(matrix->columnCount(), 5); // the mean and four sites
    QCOMPARE(matrix->index(0, 1).data().toString(), QLocale().toString(0.87, 'f', 3));
    QCOMPARE(matrix->index(1, 1).data().toString(), QLocale().toString(0.84, 'f', 3));
    QVERIFY(find<QLabel>("federation.board.headline")->text().startsWith("Finished"));
}

void tst_FederationPage::everyModelAtEverySiteFits()
{
    openStudy(12);
    m_made->testEverywhere();
    m_made->finish();
    auto *table = find<QTableView>("federation.results.table");
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 15, 5000); // best, two rounds, and 4 x 3 of the sites
    QTRY_VERIFY(table->isVisible());
    QCOMPARE(table->horizontalScrollBar()->maximum(), 0);
    for (int column = 0; column < table->model()->columnCount(); ++column) {
        const auto index = table->model()->index(0, column);
        const auto text = index.data().toString() + index.data(dashboard::ResultsModel::SupportRole).toString();
        QVERIFY(table->columnWidth(column) > table->fontMetrics().horizontalAdvance(text));
    }
    for (int row = 0; row < table->model()->rowCount(); ++row) {
        const auto name = table->model()->headerData(row, Qt::Vertical).toString();
        QVERIFY2(table->verticalHeader()->width() > table->fontMetrics().horizontalAdvance(name), qPrintable(name));
    }
}

void tst_FederationPage::theRoundsBytesAndDriftStandInTheTable()
{
    openStudy();
    // east has sent 2.2 MB and got 2.7 MB in the round in flight.
    QCOMPARE(cell(0, SiteTableModel::Bytes), QLocale().formattedDataSize(4'900'000, 1, QLocale::DataSizeSIFormat));
    QCOMPARE(cell(1, SiteTableModel::Drift), QLocale().toString(0.84, 'f', 2)); // north: 0.95 - 0.08 - 0.03
    QCOMPARE(cell(3, SiteTableModel::Drift), QLocale().toString(-0.10, 'f', 2));
}

void tst_FederationPage::aStudyThatEndedEarlySaysSo()
{
    openStudy(7);
    m_made->endEarly(7);
    auto *headline = find<QLabel>("federation.board.headline");
    QTRY_COMPARE_WITH_TIMEOUT(headline->text(), "Ended after round 7 of 12", 5000);
}

void tst_FederationPage::aShortWindowKeepsEverythingInSight()
{
    openStudy(12);
    m_made->testEverywhere();
    m_made->finish();
    QTRY_VERIFY_WITH_TIMEOUT(find<QWidget>("federation.results")->isVisible(), 5000);
    m_page->resize(1100, 640);
    QTRY_COMPARE(m_page->height(), 640);
    for (const auto *name : {"federation.board.table", "federation.results.table", "federation.log.table",
                             "federation.lossChart", "federation.headlineChart", "federation.driftChart"}) {
        const auto *widget = find<QWidget>(name);
        const QRect area(widget->mapTo(m_page.get(), QPoint()), widget->size());
        QVERIFY2(widget->isVisible() && m_page->rect().contains(area), name);
    }
}

void tst_FederationPage::theLogTellsFailuresByAWord()
{
    openStudy();
    const auto *log = find<QTableView>("federation.log.table")->model();
    QTRY_VERIFY(log->rowCount() > 0);
    QVERIFY(log->index(log->rowCount() - 1, 1).data().toString().startsWith("Lost: "));
}

void tst_FederationPage::theLogsNewestLineStaysInSight()
{
    openStudy(11);
    for (int i = 0; i < 40; ++i)
        m_made->say("warning", "west", 12, "note " + std::to_string(i));
    auto *log = find<QTableView>("federation.log.table");
    const auto newest = [&] { return log->model()->index(log->model()->rowCount() - 1, 1); };
    QTRY_COMPARE_WITH_TIMEOUT(newest().data().toString(), "Warning: note 39", 5000);
    const auto inSight = [&] { return log->viewport()->rect().contains(log->visualRect(newest()).center()); };
    QTRY_VERIFY(inSight());
    m_made->finish(); // the results take room from the log
    QTRY_VERIFY_WITH_TIMEOUT(find<QWidget>("federation.results")->isVisible(), 5000);
    QTRY_VERIFY(inSight());
}

QTEST_MAIN(tst_FederationPage)
#include "tst_federation_page.moc"
