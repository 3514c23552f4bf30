// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/data_page.h"
#include "app/notice.h"
#include "app/open_study.h"
#include "app/theme_style.h"
#include "core/file.h"
#include "imaging/dicom/deidentify.h"
#include "imaging/nifti.h"
#include "support/node_program.h"
#include "support/real_data.h"

#include <QApplication>
#include <QCheckBox>
#include <QDragEnterEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

using namespace consilium;
using namespace consilium::app;

namespace fs = std::filesystem;

Q_DECLARE_METATYPE(std::vector<std::filesystem::path>)

class tst_ImportDialog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void theSeriesOfAFolderAreListedWithoutNamesOrDates();
    void onlyTickedSeriesAreImported();
    void aFolderThatIsNotEmptyIsRefused();
    void anImportThatIsCancelledLeavesNothingHalfWritten();
    void aDeidentifiedFolderNamesNobody();
    void aFolderWithoutDicomIsExplained();
    void droppedImagesGoToReview();
    void aDroppedFolderIsLookedThrough();

private:
    template <typename T>
    T *find(const char *name) const
    {
        return m_page->findChild<T *>(QString::fromLatin1(name));
    }
    QTableWidget *series() const { return find<QTableWidget>("data.import.series"); }
    QString said() const { return find<QLabel>("data.task.text")->text(); }
    bool running() const { return find<QPushButton>("data.task.cancel")->isVisible(); }
    fs::path out(const char *name) const { return fs::path(m_scratch->path().toStdU16String()) / name; }
    void setOut(const fs::path &folder)
    {
        find<QLineEdit>("data.import.out")->setText(QString::fromStdU16String(folder.u16string()));
    }
    static std::vector<fs::path> filesIn(const fs::path &folder)
    {
        std::vector<fs::path> files;
        std::error_code error;
        for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
            if (entry->is_regular_file(error))
                files.push_back(entry->path());
        return files;
    }

    QTemporaryDir m_phantom;
    fs::path m_dicom; ///< two invented patients with FLAIR and T1 each
    std::unique_ptr<QTemporaryDir> m_scratch;
    std::unique_ptr<OpenStudy> m_study;
    std::unique_ptr<DataPage> m_page;
};

void tst_ImportDialog::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("consilium-test");
    QCoreApplication::setApplicationName("tst_import_dialog");
    qRegisterMetaType<std::vector<fs::path>>();
    m_dicom = fs::path(m_phantom.path().toStdU16String()) / "clinic";
    const auto made = test::runNode({"phantom", "--task", "ms-lesions", "--format", "dicom", "--cases", "2", "--out",
                                     QString::fromStdU16String(m_dicom.u16string())});
    QVERIFY2(made.code == 0, qPrintable(made.err));
}

void tst_ImportDialog::init()
{
    QSettings().clear();
    m_scratch = std::make_unique<QTemporaryDir>();
    m_study = std::make_unique<OpenStudy>();
    m_page = std::make_unique<DataPage>(*m_study, DataPage::Options{out("cache"), test::nodeProgram()});
    const auto theme = loadTheme("dark").value();
    applyTheme(theme);
    m_page->setTheme(theme);
    m_page->resize(1400, 800);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    // The pseudonyms' key goes with the test.
    qputenv("XDG_DATA_HOME", m_scratch->path().toUtf8());
}

void tst_ImportDialog::cleanup()
{
    m_page.reset();
    m_study.reset();
    QThreadPool::globalInstance()->waitForDone();
}

void tst_ImportDialog::theSeriesOfAFolderAreListedWithoutNamesOrDates()
{
    CONSILIUM_REAL_DATA(folder, "dicom/transfer-syntaxes");
    m_page->take({folder / "In"});
    QTRY_COMPARE_WITH_TIMEOUT(series()->rowCount(), 9, 20000); // one image in nine encodings
    QVERIFY(find<QWidget>("data.importView")->isVisible());
    for (int row = 0; row < 9; ++row) {
        QCOMPARE(series()->item(row, 2)->text(), QString("MR"));
        QCOMPARE(series()->item(row, 3)->text(), QString("ax_asc_35sl"));
        QCOMPARE(series()->item(row, 4)->text(), QString("patient 1"));
        QCOMPARE(series()->item(row, 0)->checkState(), Qt::Checked);
        QTRY_VERIFY(!series()->item(row, 1)->icon().isNull());
    }
    QVERIFY(find<QCheckBox>("data.import.deidentify")->isChecked());
}

void tst_ImportDialog::onlyTickedSeriesAreImported()
{
    m_page->take({m_dicom});
    QTRY_COMPARE_WITH_TIMEOUT(series()->rowCount(), 4, 20000);
    QCOMPARE(find<QPushButton>("data.import.start")->text(), QString("Import 4 series"));
    find<QCheckBox>("data.import.all")->click();
    QVERIFY(!find<QPushButton>("data.import.start")->isEnabled());
    series()->item(1, 0)->setCheckState(Qt::Checked);
    QCOMPARE(find<QPushButton>("data.import.start")->text(), QString("Import 1 series"));
    // The keyboard does the same, from any cell of the row.
    series()->setCurrentCell(2, 3);
    QTest::keyClick(series(), Qt::Key_Space);
    QCOMPARE(series()->item(2, 0)->checkState(), Qt::Checked);
    QTest::keyClick(series(), Qt::Key_Space);
    QCOMPARE(series()->item(2, 0)->checkState(), Qt::Unchecked);
    const auto images = series()->item(1, 5)->text().toInt();
    setOut(out("one"));
    QTest::mouseClick(find<QPushButton>("data.import.start"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!running() && said().startsWith("1 series was written"), 30000);
    const auto files = filesIn(out("one"));
    QCOMPARE(files.size(), std::size_t{2}); // the image and its sidecar
    for (const auto &file : files) {
        const auto name = QString::fromStdString(file.filename().string());
        QVERIFY2(name.startsWith("C-"), qPrintable(name)); // a pseudonym, no name
        if (imaging::isNiftiName(file))
            QCOMPARE(imaging::readNiftiHeader(file).value().geometry.size[2], images);
    }
    // The one next step.
    QSignalSpy asked(m_page.get(), &DataPage::reviewRequested);
    QTest::mouseClick(find<QPushButton>("data.task.step"), Qt::LeftButton);
    QCOMPARE(asked.first().first().value<std::vector<fs::path>>(), std::vector<fs::path>{out("one")});
}

void tst_ImportDialog::aFolderThatIsNotEmptyIsRefused()
{
    QVERIFY(writeFileAtomically(out("mine") / "notes.txt", "mine").has_value());
    m_page->take({m_dicom});
    QTRY_COMPARE_WITH_TIMEOUT(series()->rowCount(), 4, 20000);
    setOut(out("mine"));
    QTest::mouseClick(find<QPushButton>("data.import.start"), Qt::LeftButton);
    auto *notice = find<Notice>("data.import.notice");
    QVERIFY(notice->isVisible());
    QVERIFY(notice->message().contains("not empty"));
    QVERIFY(!notice->message().contains('\n'));
    QVERIFY(!running());
    QCOMPARE(filesIn(out("mine")).size(), std::size_t{1});
}

void tst_ImportDialog::anImportThatIsCancelledLeavesNothingHalfWritten()
{
    m_page->take({m_dicom});
    QTRY_COMPARE_WITH_TIMEOUT(series()->rowCount(), 4, 20000);
    setOut(out("stopped"));
    QTest::mouseClick(find<QPushButton>("data.import.start"), Qt::LeftButton);
    QVERIFY(running());
    QTest::mouseClick(find<QPushButton>("data.task.cancel"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!running(), 20000);
    // It may have ended before it heard; what is there is whole in either case, an image and a sidecar each.
    const auto files = filesIn(out("stopped"));
    QCOMPARE(files.size() % 2, std::size_t{0});
    for (const auto &file : files)
        QVERIFY(file.extension() == ".json" ? readJson(file).has_value() : imaging::readNifti(file).has_value());
    QVERIFY(!said().isEmpty());
}

void tst_ImportDialog::aDeidentifiedFolderNamesNobody()
{
    QTest::mouseClick(find<QPushButton>("data.deidentify.show"), Qt::LeftButton);
    QVERIFY(find<QWidget>("data.deidentifyView")->isVisible());
    find<QLineEdit>("data.deidentify.in")->setText(QString::fromStdU16String(m_dicom.u16string()));
    find<QLineEdit>("data.deidentify.out")->setText(QString::fromStdU16String(out("clean").u16string()));
    QTest::mouseClick(find<QPushButton>("data.deidentify.start"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!running() && said().contains("files were written"), 60000);
    std::size_t images = 0, originals = 0;
    for (const auto &file : filesIn(out("clean"))) {
        if (file.extension() != ".dcm")
            continue;
        ++images;
        const auto tags = imaging::dicom::identifyingTags(file);
        QVERIFY(tags.has_value());
        QVERIFY2(tags->empty(), file.c_str());
    }
    for (const auto &file : filesIn(m_dicom))
        originals += file.extension() == ".dcm";
    QCOMPARE(images, originals);
    QVERIFY(images > 100);
}

void tst_ImportDialog::aFolderWithoutDicomIsExplained()
{
    QVERIFY(writeFileAtomically(out("letters") / "letter.txt", "Dear colleague").has_value());
    m_page->take({out("letters")});
    auto *notice = find<Notice>("data.import.notice");
    QTRY_VERIFY_WITH_TIMEOUT(notice->isVisible(), 10000);
    QVERIFY(notice->message().contains("letters"));
    QVERIFY(!find<QPushButton>("data.import.start")->isEnabled());
}

void tst_ImportDialog::droppedImagesGoToReview()
{
    CONSILIUM_REAL_DATA(image, "hippocampus/site-east/imagesTr/hippocampus_006_0000.nii.gz");
    QSignalSpy asked(m_page.get(), &DataPage::reviewRequested);
    m_page->take({image});
    QTRY_COMPARE(asked.size(), 1);
    QCOMPARE(asked.first().first().value<std::vector<fs::path>>(), std::vector<fs::path>{image});
}

void tst_ImportDialog::aDroppedFolderIsLookedThrough()
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(QString::fromStdU16String(m_dicom.u16string()))});
    QDragEnterEvent enter({50, 50}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_page.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop({50, 50}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_page.get(), &drop);
    QVERIFY(drop.isAccepted());
    QTRY_COMPARE_WITH_TIMEOUT(series()->rowCount(), 4, 20000);
}

QTEST_MAIN(tst_ImportDialog)
#include "tst_import_dialog.moc"
