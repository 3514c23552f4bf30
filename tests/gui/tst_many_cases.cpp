// SPDX-License-Identifier: GPL-3.0-or-later
// Ten thousand cases: what scrolling through them costs is measured and printed; what must not happen is tested.
#include "app/data_page.h"
#include "app/data_table.h"
#include "app/open_study.h"
#include "app/theme_style.h"
#include "support/node_program.h"
#include "support/small_dataset.h"

#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QScrollBar>
#include <QSettings>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>
#include <algorithm>

using namespace consilium;
using namespace consilium::app;

namespace fs = std::filesystem;

namespace {

constexpr int cases = 10'000;
constexpr int images = 16; // different ones; the others are further names of them

qint64 residentBytes()
{
    QFile file("/proc/self/statm");
    return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ').value(1).toLongLong() * 4096 : 0;
}

double percentile(std::vector<double> values, double share)
{
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

} // namespace

class PaintCount : public QObject
{
public:
    explicit PaintCount(QObject *widget) { widget->installEventFilter(this); }
    int count() const { return m_count; }

protected:
    bool eventFilter(QObject *, QEvent *event) override
    {
        m_count += event->type() == QEvent::Paint;
        return false;
    }

private:
    int m_count = 0;
};

class tst_ManyCases : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theyAreListedScrolledAndFiltered();

private:
    QTemporaryDir m_data, m_cache;
    fs::path m_folder;
};

void tst_ManyCases::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("consilium-test");
    QCoreApplication::setApplicationName("tst_many_cases");
    QSettings().clear();
    m_folder = fs::path(m_data.path().toStdU16String()) / "large";
    const test::SmallDataset dataset(m_folder);
    QVERIFY(dataset.describe());
    for (int n = 0; n < cases; ++n) {
        const auto id = fmt::format("case-{:05}", n), first = fmt::format("case-{:05}", n % images);
        if (n < images) {
            QVERIFY(dataset.addCase(id, test::gridOf(16 + n, 20, 18)));
            continue;
        }
        fs::create_hard_link(dataset.image(first), dataset.image(id));
        fs::create_hard_link(dataset.labels(first), dataset.labels(id));
    }
}

void tst_ManyCases::theyAreListedScrolledAndFiltered()
{
    OpenStudy study;
    DataPage page(study, {m_cache.path().toStdU16String(), test::nodeProgram()});
    const auto theme = loadTheme("dark").value();
    applyTheme(theme);
    page.setTheme(theme);
    page.resize(1400, 900);
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    const auto before = residentBytes();

    QElapsedTimer timer;
    timer.start();
    page.openDataset(m_folder);
    auto *table = page.findChild<QTableView *>("data.table");
    QTRY_VERIFY_WITH_TIMEOUT(table->model()->rowCount() > 0, 30000);
    const auto first = timer.elapsed();
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), cases, 60000);
    const auto all = timer.elapsed();

    PaintCount painted(table->viewport());
    // A reader drags through all of it: every step is a scroll and the picture that follows, on the window's thread.
    auto *bar = table->verticalScrollBar();
    const auto &pictures = page.table().pictures();
    std::vector<double> steps;
    const auto step = [&](int value) {
        timer.restart();
        bar->setValue(value);
        QCoreApplication::sendPostedEvents();
        steps.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    };
    constexpr int frames = 600;
    for (int n = 0; n <= frames; ++n)
        step(static_cast<int>(std::int64_t{bar->maximum()} * n / frames));
    const double dragged = percentile(steps, 0.95);
    const int flownBy = pictures.made();
    // Then with the wheel, pausing now and then, so that pictures arrive while it is drawn.
    steps.clear();
    for (int n = 0; n < 400; ++n) {
        step(bar->value() - 3 * bar->singleStep());
        if (n % 20 == 0)
            QTest::qWait(60);
    }
    const double wheeled = percentile(steps, 0.95), worst = percentile(steps, 1);

    QVERIFY(painted.count() >= 1000); // every step was one

    // Nothing that only flew by was made a picture of: at most a screenful for each pause.
    const int inSight = table->viewport()->height() / table->rowHeight(0) + 2;
    QVERIFY(flownBy <= 3 * inSight);
    QVERIFY(pictures.delivered() <= 25 * inSight);
    QCOMPARE_LE(pictures.bytesInMemory(), qsizetype{48} << 20);

    timer.restart();
    page.table().model().setVerdicts({{"case-07777", CaseQuality::Fail, "motion"}});
    QMetaObject::invokeMethod(page.findChild<QObject *>("data.filter"), "setText", Q_ARG(QString, "motion"));
    const auto filtered = timer.elapsed();
    QCOMPARE(table->model()->rowCount(), 1);
    QMetaObject::invokeMethod(page.findChild<QObject *>("data.filter"), "setText", Q_ARG(QString, QString()));
    timer.restart();
    table->sortByColumn(DatasetModel::Size, Qt::DescendingOrder);
    const auto sorted = timer.elapsed();

    qInfo("%d cases: first rows after %lld ms, all after %lld ms; scroll and paint p95 %.2f ms dragged, %.2f ms by the "
          "wheel (worst %.2f ms); filter %lld ms, sort %lld ms; %.1f MB more than before, of them %.1f MB pictures",
          cases, first, all, dragged, wheeled, worst, filtered, sorted,
          static_cast<double>(residentBytes() - before) / 1e6, static_cast<double>(pictures.bytesInMemory()) / 1e6);
}

QTEST_MAIN(tst_ManyCases)
#include "tst_many_cases.moc"
