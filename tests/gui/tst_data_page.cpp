// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/data_page.h"
#include "app/data_table.h"
#include "app/network_view.h"
#include "app/notice.h"
#include "app/open_study.h"
#include "app/theme_style.h"
#include "support/node_program.h"
#include "support/small_dataset.h"
#include "viewer/canvas/slice_canvas.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::app;

namespace fs = std::filesystem;

Q_DECLARE_METATYPE(std::vector<std::filesystem::path>)

class tst_DataPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void anEmptyPageSaysWhatItIsFor();
    void everyCaseIsListedWithPatientSplitAndVerdict();
    void theFilterLineFindsAReason();
    void theKeyboardOpensACaseInReview();
    void theReasonCanBeCopied();
    void picturesAreMadeForRowsInSightAndKept();
    void verdictsAreKeptUntilAFileChanges();
    void aFolderThatIsNoDatasetIsExplained();
    void whatTheNetworkSeesStandsBesideTheSource();
    void datasetsOpenedBeforeAreOffered();
    void everyControlHasANameAndIsReachedByKeyboard();

private:
    template <typename T>
    T *find(const char *name) const
    {
        return m_page->findChild<T *>(QString::fromLatin1(name));
    }
    QTableView *table() const { return find<QTableView>("data.table"); }
    QString summary() const { return find<QLabel>("data.summary")->text(); }
    void makePage(int height = 800);
    void openAndWait();
    QModelIndex cell(const QString &caseId, DatasetModel::Column column) const;
    QStringList idsShown() const;

    QTemporaryDir m_data;
    std::unique_ptr<test::SmallDataset> m_dataset;
    std::unique_ptr<QTemporaryDir> m_cache;
    std::unique_ptr<OpenStudy> m_study;
    std::unique_ptr<DataPage> m_page;
};

void tst_DataPage::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("consilium-test");
    QCoreApplication::setApplicationName("tst_data_page");
    qRegisterMetaType<std::vector<fs::path>>();
    // Twelve cases of eleven patients; no two images alike. One label map holds a value that is no label.
    m_dataset = std::make_unique<test::SmallDataset>(fs::path(m_data.path().toStdU16String()) / "north");
    QVERIFY(m_dataset->describe({{"channel_names", {{"0", "T1"}}},
                                 {"labels", {{"background", 0}, {"anterior", 1}, {"posterior", 2}}},
                                 {"file_ending", ".nii.gz"},
                                 {"patients", {{"case-1", "anna"}, {"case-2", "anna"}}}}));
    for (int n = 1; n <= 12; ++n)
        QVERIFY(m_dataset->addCase("case-" + std::to_string(n), test::gridOf(16 + n, 20, 18), n == 7 ? 9 : 1 + n % 2));
}

void tst_DataPage::init()
{
    QSettings().clear();
    m_cache = std::make_unique<QTemporaryDir>();
    m_study = std::make_unique<OpenStudy>();
    makePage();
}

void tst_DataPage::makePage(int height)
{
    m_page =
        std::make_unique<DataPage>(*m_study, DataPage::Options{m_cache->path().toStdU16String(), test::nodeProgram()});
    const auto theme = loadTheme("dark").value();
    applyTheme(theme);
    m_page->setTheme(theme);
    m_page->resize(1400, height);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
}

void tst_DataPage::cleanup()
{
    m_page.reset();
    m_study.reset();
    QThreadPool::globalInstance()->waitForDone();
}

void tst_DataPage::openAndWait()
{
    m_page->openDataset(m_dataset->folder());
    QTRY_COMPARE_WITH_TIMEOUT(summary(), QString("12 cases of 11 patients; 1 fails QC"), 20000);
    QTRY_VERIFY(!find<QWidget>("data.task")->isVisible());
}

QModelIndex tst_DataPage::cell(const QString &caseId, DatasetModel::Column column) const
{
    const auto *model = table()->model();
    for (int row = 0; row < model->rowCount(); ++row)
        if (model->index(row, DatasetModel::Case).data().toString() == caseId)
            return model->index(row, column);
    return {};
}

QStringList tst_DataPage::idsShown() const
{
    QStringList ids;
    for (int row = 0; row < table()->model()->rowCount(); ++row)
        ids << table()->model()->index(row, DatasetModel::Case).data().toString();
    return ids;
}

void tst_DataPage::anEmptyPageSaysWhatItIsFor()
{
    QVERIFY(find<QWidget>("data.empty")->isVisible());
    QVERIFY(find<QPushButton>("data.emptyOpen")->isEnabled());
    QVERIFY(!table()->isVisible());
}

void tst_DataPage::everyCaseIsListedWithPatientSplitAndVerdict()
{
    openAndWait();
    QVERIFY(table()->isVisible());
    QCOMPARE(idsShown(), QStringList({"case-1", "case-2", "case-3", "case-4", "case-5", "case-6", "case-7", "case-8",
                                      "case-9", "case-10", "case-11", "case-12"}));
    QCOMPARE(cell("case-2", DatasetModel::Patient).data().toString(), QString("anna"));
    QCOMPARE(cell("case-3", DatasetModel::Patient).data().toString(), QString("case-3"));
    QCOMPARE(cell("case-3", DatasetModel::Channels).data().toString(), QString("T1"));
    QCOMPARE(cell("case-3", DatasetModel::Reference).data().toString(), QString("labels"));
    QCOMPARE(cell("case-3", DatasetModel::Size).data().toString(), QString("19 × 20 × 18"));
    QCOMPARE(cell("case-3", DatasetModel::Spacing).data().toString(), QString("1 × 1 × 1 mm"));
    // The cases of one patient never part, and every split has somebody.
    QCOMPARE(cell("case-1", DatasetModel::Split).data().toString(),
             cell("case-2", DatasetModel::Split).data().toString());
    const auto &split = m_page->table().model().counts().split;
    QCOMPARE(split[static_cast<int>(CaseSplit::Unknown)], 0);
    for (const auto one : {CaseSplit::Training, CaseSplit::Validation, CaseSplit::Test})
        QVERIFY(split[static_cast<int>(one)] > 0);
    // The verdict is a word with its reason, which names the value.
    const auto verdict = cell("case-7", DatasetModel::Quality).data().toString();
    QVERIFY2(verdict.startsWith("fails: ") && verdict.contains('9'), qPrintable(verdict));
}

void tst_DataPage::theFilterLineFindsAReason()
{
    openAndWait();
    auto *quality = find<QComboBox>("data.quality");
    quality->setCurrentIndex(quality->findData(static_cast<int>(CaseQuality::Fail)));
    QCOMPARE(idsShown(), QStringList({"case-7"}));
    QCOMPARE(summary(), QString("1 shown of 12 cases of 11 patients; 1 fails QC"));
    quality->setCurrentIndex(0);
    QTest::keyClicks(find<QLineEdit>("data.filter"), "anna");
    QCOMPARE(idsShown(), QStringList({"case-1", "case-2"}));
    find<QLineEdit>("data.filter")->clear();
    auto *split = find<QComboBox>("data.split");
    split->setCurrentIndex(split->findData(static_cast<int>(CaseSplit::Test)));
    QVERIFY(idsShown().size() > 0 && idsShown().size() < 12);
}

void tst_DataPage::theKeyboardOpensACaseInReview()
{
    openAndWait();
    QSignalSpy asked(m_page.get(), &DataPage::reviewRequested);
    table()->setFocus();
    table()->selectRow(cell("case-4", DatasetModel::Case).row());
    QTest::keyClick(table(), Qt::Key_Return);
    QCOMPARE(asked.size(), 1);
    const auto files = asked.first().first().value<std::vector<fs::path>>();
    QCOMPARE(files, (std::vector<fs::path>{m_dataset->image("case-4"), m_dataset->labels("case-4")}));
    const auto place = table()->visualRect(cell("case-1", DatasetModel::Case)).center();
    QTest::mouseClick(table()->viewport(), Qt::LeftButton, {}, place);
    QTest::mouseDClick(table()->viewport(), Qt::LeftButton, {}, place);
    QCOMPARE(asked.size(), 2);
}

void tst_DataPage::theReasonCanBeCopied()
{
    openAndWait();
    table()->selectRow(cell("case-4", DatasetModel::Case).row());
    QVERIFY(!find<QPushButton>("data.copyReason")->isEnabled());
    table()->selectRow(cell("case-7", DatasetModel::Case).row());
    QTest::mouseClick(find<QPushButton>("data.copyReason"), Qt::LeftButton);
    QVERIFY(QApplication::clipboard()->text().startsWith("case-7: "));
}

void tst_DataPage::picturesAreMadeForRowsInSightAndKept()
{
    m_page->resize(1400, 420);
    openAndWait();
    const auto &pictures = m_page->table().pictures();
    const int inSight = table()->viewport()->height() / table()->rowHeight(0) + 2;
    QVERIFY(inSight < 9);
    QTRY_VERIFY(!pictures.picture(QString::fromStdString(m_dataset->image("case-1").string())).isNull());
    QTRY_VERIFY(!pictures.picture(QString::fromStdString(m_dataset->image("case-3").string())).isNull());
    QTRY_VERIFY(pictures.delivered() > table()->rowAt(table()->viewport()->height() - 1));
    QVERIFY(pictures.made() <= inSight);
    QVERIFY(pictures.picture(QString::fromStdString(m_dataset->image("case-12").string())).isNull());
    table()->scrollToBottom();
    QTRY_VERIFY(!pictures.picture(QString::fromStdString(m_dataset->image("case-12").string())).isNull());
    const auto made = pictures.made();
    // Another page finds them on the disk.
    makePage(420);
    openAndWait();
    QTRY_VERIFY(
        !m_page->table().pictures().picture(QString::fromStdString(m_dataset->image("case-1").string())).isNull());
    QCOMPARE(m_page->table().pictures().made(), 0);
    QVERIFY(made >= 2);
}

void tst_DataPage::verdictsAreKeptUntilAFileChanges()
{
    openAndWait();
    QThreadPool::globalInstance()->waitForDone(); // they are written by now
    makePage();
    auto *reader = m_page->findChild<DatasetReader *>();
    bool checked = false;
    connect(reader, &DatasetReader::progress, this, [&] { checked = checked || reader->isChecking(); });
    openAndWait();
    QVERIFY(!checked);
    // The bad label map is written anew, rightly.
    QVERIFY(m_dataset->addCase("case-7", test::gridOf(23, 20, 18), 1));
    m_page->openDataset(m_dataset->folder());
    QTRY_COMPARE_WITH_TIMEOUT(summary(), QString("12 cases of 11 patients; all pass QC"), 20000);
    QVERIFY(checked);
    QVERIFY(m_dataset->addCase("case-7", test::gridOf(23, 20, 18), 9));
}

void tst_DataPage::aFolderThatIsNoDatasetIsExplained()
{
    QTemporaryDir folder;
    m_page->openDataset(folder.path().toStdU16String());
    auto *notice = find<Notice>("data.notice");
    QTRY_VERIFY_WITH_TIMEOUT(notice->isVisible(), 10000);
    QVERIFY(notice->message().contains(folder.path()));
    QVERIFY(notice->message().contains("dataset.json"));
}

void tst_DataPage::whatTheNetworkSeesStandsBesideTheSource()
{
    // A study is planned from every case: none may be broken.
    const test::SmallDataset sound(fs::path(m_data.path().toStdU16String()) / "south");
    QVERIFY(sound.describe({{"channel_names", {{"0", "T1"}}},
                            {"labels", {{"background", 0}, {"anterior", 1}, {"posterior", 2}}},
                            {"file_ending", ".nii.gz"}}));
    for (int n = 1; n <= 4; ++n)
        QVERIFY(sound.addCase("case-" + std::to_string(n), test::gridOf(16 + n, 20, 18), 1 + n % 2));
    m_page->openDataset(sound.folder());
    QTRY_COMPARE_WITH_TIMEOUT(summary(), QString("4 cases of 4 patients; all pass QC"), 20000);
    table()->selectRow(cell("case-4", DatasetModel::Case).row());
    auto *view = find<NetworkView>("data.networkView");
    QSignalSpy shown(view, &NetworkView::shown);
    QTest::mouseClick(find<QPushButton>("data.network"), Qt::LeftButton);
    QVERIFY(view->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(shown.size() == 1, 30000);
    QVERIFY(!find<Notice>("network.notice")->isVisible());
    const auto *source = find<viewer::SliceCanvas>("network.source");
    const auto *tensor = find<viewer::SliceCanvas>("network.tensor");
    const auto *patch = find<viewer::SliceCanvas>("network.patch");
    QVERIFY(source->isVisible() && tensor->isVisible() && patch->isVisible());
    // One place in both; the values are those of a z-score.
    QCOMPARE(source->cursorPosition(), tensor->cursorPosition());
    QCOMPARE_LE(std::abs(view->preview()->tensor.channels.front().mean), 1e-4);
    QCOMPARE_LE(std::abs(view->preview()->tensor.channels.front().standardDeviation - 1), 1e-4);
    QVERIFY(find<QLabel>("network.tensorWords")->text().contains("20 × 20 × 18 voxels"));
    // Another draw is another patch of the same tensor.
    const auto before = view->preview()->patches.front().input.channels.front().volume->values;
    const auto given = view->preview()->tensor.channels.front().volume->values;
    QTest::mouseClick(find<QPushButton>("network.again"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(shown.size() == 2, 30000);
    QVERIFY(view->preview()->patches.front().input.channels.front().volume->values != before);
    QVERIFY(view->preview()->tensor.channels.front().volume->values == given);
    // Another plane keeps what is shown.
    auto *plane = find<QComboBox>("network.plane");
    plane->setCurrentIndex(2);
    Q_EMIT plane->activated(2);
    QCOMPARE(find<viewer::SliceCanvas>("network.tensor")->plane(), viewer::Plane::Sagittal);
    QTest::mouseClick(find<QPushButton>("network.back"), Qt::LeftButton);
    QVERIFY(table()->isVisible());
}

void tst_DataPage::datasetsOpenedBeforeAreOffered()
{
    openAndWait();
    makePage();
    // It opens by itself: the page is never empty for who has data.
    QTRY_COMPARE_WITH_TIMEOUT(summary(), QString("12 cases of 11 patients; 1 fails QC"), 20000);
    QCOMPARE(find<QComboBox>("data.source")->currentData().toString(),
             QString::fromStdString(m_dataset->folder().string()));
}

void tst_DataPage::everyControlHasANameAndIsReachedByKeyboard()
{
    openAndWait();
    for (const char *name :
         {"data.source", "data.open", "data.importDicom", "data.deidentify.show", "data.checkAgain", "data.filter",
          "data.quality", "data.split", "data.table", "data.review", "data.network", "data.copyReason"}) {
        const auto *widget = find<QWidget>(name);
        QVERIFY2(widget, name);
        QVERIFY2(widget->focusPolicy() & Qt::TabFocus, name);
        const auto *button = qobject_cast<const QPushButton *>(widget);
        QVERIFY2(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()), name);
    }
}

QTEST_MAIN(tst_DataPage)
#include "tst_data_page.moc"
