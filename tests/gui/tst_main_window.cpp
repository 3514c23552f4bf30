// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/main_window.h"
#include "app/theme_style.h"
#include "support/made_study.h"

#include <QAbstractButton>
#include <QAbstractItemModel>
#include <QLabel>
#include <QListWidget>
#include <QSettings>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using app::MainWindow;

class tst_MainWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void theRailShowsEachPage_data();
    void theRailShowsEachPage();
    void anOpenedStudyFillsTheBoard();
    void anOpenedStudyIsRemembered();
    void theThemeChangesEveryColourAndBack();
    void noTextOfTheStartPageIsCut();
    void aFolderWithoutAStudyIsExplained();

private:
    template <typename T>
    T *find(const char *name) const
    {
        return m_window->findChild<T *>(QString::fromLatin1(name));
    }
    void press(const char *button) { QTest::mouseClick(find<QAbstractButton>(button), Qt::LeftButton); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MainWindow> m_window;
};

void tst_MainWindow::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("consilium-test");
    QCoreApplication::setApplicationName("tst_main_window");
    QSettings().clear();
}

void tst_MainWindow::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_window = std::make_unique<MainWindow>(app::loadTheme("dark").value(),
                                            MainWindow::Options{.demoFolder = {}, .remember = false});
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
}

void tst_MainWindow::cleanup()
{
    m_window.reset();
}

void tst_MainWindow::theRailShowsEachPage_data()
{
    QTest::addColumn<QByteArray>("button");
    QTest::addColumn<QByteArray>("page");
    for (const QByteArray name : {"studies", "review", "federation"})
        QTest::newRow(name) << "nav." + name << "page." + name;
}

void tst_MainWindow::theRailShowsEachPage()
{
    QFETCH(QByteArray, button);
    QFETCH(QByteArray, page);
    press(button);
    QVERIFY(find<QWidget>(page)->isVisible());
    QVERIFY(find<QAbstractButton>(button)->isChecked());
    QCOMPARE(find<QLabel>("title")->text(), find<QAbstractButton>(button)->text());
    for (const auto *other : {"page.studies", "page.review", "page.federation"})
        QCOMPARE(find<QWidget>(other)->isVisible(), page == other);
}

void tst_MainWindow::anOpenedStudyFillsTheBoard()
{
    const auto folder = std::filesystem::path(m_folder->path().toStdU16String()) / "study";
    test::MadeStudy study(folder);
    m_window->openStudy(folder);
    QVERIFY(find<QWidget>("page.federation")->isVisible());
    auto *table = find<QTableView>("federation.board.table");
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 4, 10000);
    QTRY_VERIFY(table->isVisible());
    QCOMPARE(find<QLabel>("federation.board.headline")->text(), "Round 4 of 12");
    QVERIFY(find<QLabel>("context")->text().contains("MS lesions in four hospitals"));
    QVERIFY(find<QLabel>("context")->text().contains("Round 4 of 12"));
    QTRY_VERIFY(find<QLabel>("status")->text().contains("west"));
}

void tst_MainWindow::anOpenedStudyIsRemembered()
{
    const auto folder = std::filesystem::path(m_folder->path().toStdU16String()) / "study";
    test::MadeStudy study(folder);
    m_window->openStudy(folder);
    auto *recent = find<QListWidget>("studies.recent");
    QTRY_VERIFY_WITH_TIMEOUT(
        recent->count() > 0 && recent->item(0)->text().contains(QString::fromStdString(folder.string())), 10000);
    QVERIFY(recent->item(0)->text().contains("MS lesions in four hospitals"));
}

void tst_MainWindow::theThemeChangesEveryColourAndBack()
{
    const auto dark = m_window->grab().toImage();
    press("nav.theme");
    QCOMPARE(m_window->theme().name, std::string("light"));
    QTRY_VERIFY(qGray(m_window->grab().toImage().pixel(700, 880)) > 200);
    QVERIFY(qGray(dark.pixel(700, 880)) < 60);
    press("nav.theme");
    QCOMPARE(m_window->theme().name, std::string("dark"));
}

void tst_MainWindow::noTextOfTheStartPageIsCut()
{
    for (const auto *label : find<QWidget>("page.studies")->findChildren<QLabel *>()) {
        if (!label->isVisible() || label->text().isEmpty())
            continue;
        const int height = label->wordWrap() ? label->heightForWidth(label->width()) : label->sizeHint().height();
        QVERIFY2(label->height() >= height, qPrintable(label->text()));
    }
    for (const auto *button : m_window->findChildren<QAbstractButton *>()) {
        if (button->isVisible() && !button->text().isEmpty())
            QVERIFY2(button->width() >= button->fontMetrics().horizontalAdvance(button->text()),
                     qPrintable(button->text()));
    }
}

void tst_MainWindow::aFolderWithoutAStudyIsExplained()
{
    m_window->openStudy(std::filesystem::path(m_folder->path().toStdU16String()) / "nothing");
    QTRY_VERIFY(find<QLabel>("federation.empty.text")->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(find<QLabel>("federation.empty.text")->text().contains("study.json"), 5000);
}

QTEST_MAIN(tst_MainWindow)
#include "tst_main_window.moc"
