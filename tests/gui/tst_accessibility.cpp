// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/main_window.h"
#include "app/theme_style.h"
#include "app/translations.h"
#include "core/json.h"
#include "imaging/nifti.h"
#include "support/made_study.h"
#include "viewer/actions/action_table.h"
#include "viewer/review_view.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QComboBox>
#include <QCursor>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScreen>
#include <QScrollBar>
#include <QSettings>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QTabBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTextEdit>
#include <cmath>
#include <set>

using namespace consilium;
using app::MainWindow;

namespace {

/// Contrast of WCAG 2.1, "contrast ratio" and "relative luminance": 1 to 21.
double luminance(const QColor &colour)
{
    const auto linear = [](double value) {
        return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

double contrast(const QColor &one, const QColor &other)
{
    const double a = luminance(one), b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

QColor colourOf(const std::string &role)
{
    return QColor(QString::fromStdString(role));
}

/// A part of another control, or a control of Qt's own making.
bool isPart(const QWidget *widget)
{
    const auto *parent = widget->parentWidget();
    if (!parent || widget->objectName().startsWith("qt_"))
        return true;
    if (qobject_cast<const QScrollBar *>(widget) || qobject_cast<const QHeaderView *>(widget) ||
        qobject_cast<const QTabBar *>(parent))
        return true;
    for (const auto *up = parent; up; up = up->parentWidget()) {
        if (qobject_cast<const QComboBox *>(up) || qobject_cast<const QAbstractSpinBox *>(up) ||
            qobject_cast<const QLineEdit *>(up))
            return true;
    }
    if (const auto *view = qobject_cast<const QAbstractScrollArea *>(parent))
        return widget == view->viewport() || qobject_cast<const QTableView *>(view);
    return false;
}

/// What a person acts on, or moves about in, with the keyboard.
bool isControl(const QWidget *widget)
{
    if (!widget->isVisible() || isPart(widget))
        return false;
    return qobject_cast<const QAbstractButton *>(widget) || qobject_cast<const QComboBox *>(widget) ||
           qobject_cast<const QAbstractSlider *>(widget) || qobject_cast<const QAbstractSpinBox *>(widget) ||
           qobject_cast<const QLineEdit *>(widget) || qobject_cast<const QAbstractItemView *>(widget) ||
           qobject_cast<const QPlainTextEdit *>(widget) || qobject_cast<const QTextEdit *>(widget) ||
           widget->inherits("consilium::viewer::SliceCanvas") || widget->inherits("QChartView") ||
           (widget->focusPolicy() & Qt::TabFocus && !widget->focusProxy());
}

QString describe(const QWidget *widget)
{
    QStringList path;
    for (const auto *up = widget; up; up = up->parentWidget()) {
        if (up == widget || !up->objectName().isEmpty())
            path.prepend(up->objectName().isEmpty() ? QString::fromLatin1(up->metaObject()->className())
                                                    : up->objectName());
    }
    const auto *button = qobject_cast<const QAbstractButton *>(widget);
    return path.join('/') + (button ? " '" + button->text() + '\'' : QString());
}

QString spokenName(QWidget *widget)
{
    auto *interface = QAccessible::queryAccessibleInterface(widget);
    return interface ? interface->text(QAccessible::Name).trimmed() : QString();
}

} // namespace

/// Who reads with a screen reader, without a mouse, with weak eyes or with large type can use every page.
class tst_Accessibility : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanup();

    void contrastIsEnough_data();
    void contrastIsEnough();
    void everyControlHasAName_data() { pages(); }
    void everyControlHasAName();
    void tabReachesEveryControl_data() { pages(); }
    void tabReachesEveryControl();
    void theFocusIsSeen_data() { pages(); }
    void theFocusIsSeen();
    void labelsLeadToTheirFields_data() { pages(); }
    void labelsLeadToTheirFields();
    void everyKeyMeansOneThing();
    void largeTypeIsNotCut_data();
    void largeTypeIsNotCut();

private:
    void pages();
    void openWindow(const QString &theme = "dark", int percent = 100);
    void makeCase(const std::filesystem::path &folder);
    QWidget *show(const QString &page);
    QList<QWidget *> controlsOf(QWidget *page) const;
    /// What has the keyboard after each press of Tab, from the page's first control round to it again.
    QList<QWidget *> tabRound(const QList<QWidget *> &controls) const;

    std::unique_ptr<QTemporaryDir> m_folder = std::make_unique<QTemporaryDir>();
    std::filesystem::path m_case;
    std::unique_ptr<test::MadeStudy> m_study;
    std::unique_ptr<MainWindow> m_window;
};

void tst_Accessibility::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("consilium-test");
    QCoreApplication::setApplicationName("tst_accessibility");
    QSettings().clear();
    const auto folder = std::filesystem::path(m_folder->path().toStdU16String());
    m_study = std::make_unique<test::MadeStudy>(folder / "study");
    makeCase(folder / "case");
}

void tst_Accessibility::cleanup()
{
    m_window.reset();
}

void tst_Accessibility::makeCase(const std::filesystem::path &folder)
{
    std::filesystem::create_directories(folder);
    imaging::Geometry grid;
    grid.size = {32, 32, 32};
    grid.spacing = {2, 2, 2};
    imaging::Volume volume{grid, {}};
    imaging::LabelMap lesions{grid, {}};
    for (int k = 0; k < 32; ++k) {
        for (int j = 0; j < 32; ++j) {
            for (int i = 0; i < 32; ++i) {
                volume.values.push_back(static_cast<float>(100 + i + j + k));
                const bool one = i > 4 && i < 10 && j > 4 && j < 10 && k > 10 && k < 16;
                const bool two = i > 20 && i < 24 && j > 20 && j < 24 && k > 10 && k < 16;
                lesions.values.push_back(one || two);
            }
        }
    }
    test::must(imaging::writeNifti(folder / "flair.nii.gz", volume));
    test::must(imaging::writeLabels(folder / "lesions.nii.gz", lesions));
    test::must(imaging::writeLabels(folder / "model.nii.gz", lesions));
    m_case = folder / "case.json";
    test::must(writeJson(m_case, {{"case", "phantom"},
                                  {"channels", {{{"name", "FLAIR"}, {"path", "flair.nii.gz"}}}},
                                  {"reference", "lesions.nii.gz"},
                                  {"predictions", {{{"name", "local: north"}, {"path", "model.nii.gz"}}}}}));
}

void tst_Accessibility::openWindow(const QString &variant, int percent)
{
    m_window.reset();
    m_window = std::make_unique<MainWindow>(app::loadTheme(variant, percent).value(),
                                            MainWindow::Options{.demoFolder = {}, .remember = false});
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    // What the pointer is over looks as if it had the keyboard.
    QCursor::setPos(m_window->screen()->geometry().bottomRight());
    // A virtual screen has no window manager to do so.
    QApplication::setActiveWindow(m_window.get());
    m_window->openStudy(std::filesystem::path(m_folder->path().toStdU16String()) / "study");
    auto *table = m_window->findChild<QTableView *>("federation.board.table");
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 4, 10000);
    m_window->openInReview({m_case});
    auto *cases = m_window->findChild<QComboBox *>("review.caseCombo");
    QTRY_VERIFY_WITH_TIMEOUT(cases && cases->isVisible() && cases->count() == 1, 10000);
    auto *busy = m_window->findChild<QWidget *>("review.busy");
    QTRY_VERIFY_WITH_TIMEOUT(!busy || !busy->isVisible(), 10000);
}

void tst_Accessibility::pages()
{
    QTest::addColumn<QString>("page");
    const MainWindow window(app::loadTheme("dark").value(), {.demoFolder = {}, .remember = false});
    const auto *stack = window.findChild<QStackedWidget *>("pages");
    for (int i = 0; i < stack->count(); ++i) {
        const auto name = stack->widget(i)->objectName();
        QTest::newRow(qPrintable(name)) << name;
    }
}

QWidget *tst_Accessibility::show(const QString &page)
{
    auto *button = m_window->findChild<QAbstractButton *>(QString(page).replace("page.", "nav."));
    if (button)
        button->click();
    auto *widget = m_window->findChild<QWidget *>(page);
    [&] { QTRY_VERIFY(widget->isVisible()); }();
    return widget;
}

QList<QWidget *> tst_Accessibility::controlsOf(QWidget *page) const
{
    QList<QWidget *> controls;
    for (auto *widget : page->findChildren<QWidget *>()) {
        if (isControl(widget))
            controls << widget;
    }
    return controls;
}

void tst_Accessibility::contrastIsEnough_data()
{
    QTest::addColumn<QString>("variant");
    QTest::newRow("dark") << "dark";
    QTest::newRow("light") << "light";
}

void tst_Accessibility::contrastIsEnough()
{
    QFETCH(QString, variant);
    QCOMPARE(std::round(100 * contrast(Qt::black, Qt::white)), 2100.0); // the definition's end
    QCOMPARE(std::round(100 * contrast("#777777", "#ffffff")), 448.0);  // the grey known to miss AA by a hair
    const auto theme = app::loadTheme(variant).value();
    using Role = std::pair<const char *, std::string>;
    QStringList faint;
    const auto check = [&](const Role &ink, const Role &ground, double least) {
        const auto found = contrast(colourOf(ink.second), colourOf(ground.second));
        if (found < least)
            faint << QStringLiteral("%1 on %2: %3, at least %4").arg(ink.first, ground.first).arg(found).arg(least);
    };
    const Role grounds[] = {{"window", theme.window}, {"panel", theme.panel}, {"raised", theme.raised}};
    const Role image{"image", theme.imageBackground};
    for (const auto &ground : grounds) {
        for (const Role &text : {Role{"text", theme.text},
                                 {"quiet text", theme.quietText},
                                 {"accent", theme.accent},
                                 {"good", theme.good},
                                 {"warn", theme.warn},
                                 {"bad", theme.bad}})
            check(text, ground, 4.5);
        check({"field line", app::fieldLine(theme).name().toStdString()}, ground, 3);
        for (const auto &series : theme.series)
            check({series.c_str(), series}, ground, 3);
    }
    check({"window as text", theme.window}, {"accent", theme.accent}, 4.5);
    check({"annotation", theme.annotation}, image, 4.5);
    for (const Role &drawn : {Role{"reference", theme.reference},
                              {"true positive", theme.truePositive},
                              {"false positive", theme.falsePositive},
                              {"false negative", theme.falseNegative},
                              {"crosshair", theme.crosshair},
                              {"accent", theme.accent}})
        check(drawn, image, 3);
    for (const auto &series : theme.series)
        check({series.c_str(), series}, image, 3);
    QVERIFY2(faint.isEmpty(), qPrintable(faint.join('\n')));
}

void tst_Accessibility::everyControlHasAName()
{
    QFETCH(QString, page);
    openWindow();
    show(page);
    QStringList nameless;
    for (auto *control : controlsOf(m_window.get())) {
        if (spokenName(control).isEmpty())
            nameless << describe(control);
    }
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join('\n')));
}

QList<QWidget *> tst_Accessibility::tabRound(const QList<QWidget *> &controls) const
{
    QList<QWidget *> reached;
    const auto first = std::ranges::find_if(
        controls, [](const auto *control) { return control->isEnabled() && control->focusPolicy() & Qt::TabFocus; });
    if (first == controls.end())
        return reached;
    (*first)->setFocus(Qt::TabFocusReason);
    for (int i = 0; i < 300; ++i) {
        auto *focus = QApplication::focusWidget();
        if (!focus || (!reached.isEmpty() && focus == reached.first()))
            break;
        if (!reached.isEmpty() && focus == reached.last())
            break; // Tab does not leave it: what comes after is not reached, and is named
        reached << focus;
        QTest::keyClick(focus, Qt::Key_Tab);
    }
    return reached;
}

void tst_Accessibility::tabReachesEveryControl()
{
    QFETCH(QString, page);
    openWindow();
    const auto controls = controlsOf(show(page));
    const auto reached = tabRound(controls);
    QStringList missed;
    for (auto *control : controls) {
        if (!control->isEnabled())
            continue;
        const auto *button = qobject_cast<QAbstractButton *>(control);
        // Arrow keys go on from the one that is chosen.
        const bool byArrows = button && (button->autoExclusive() || button->group());
        const bool within = std::ranges::any_of(
            reached, [&](const auto *focus) { return focus == control || control->isAncestorOf(focus); });
        if (!within && !byArrows)
            missed << describe(control);
    }
    QVERIFY2(missed.isEmpty(), qPrintable(missed.join('\n')));
}

void tst_Accessibility::theFocusIsSeen()
{
    QFETCH(QString, page);
    openWindow();
    const auto reached = tabRound(controlsOf(show(page)));
    QStringList unseen;
    auto *elsewhere = m_window->findChild<QWidget *>("nav.theme");
    for (auto *control : reached) {
        if (control == elsewhere || control->inherits("QOpenGLWidget"))
            continue;
        const auto picture = [&] {
            const QRect place(control->mapTo(m_window.get(), QPoint(-2, -2)), control->size() + QSize(4, 4));
            return m_window->grab(place).toImage();
        };
        int changed = 0;
        // A view of OpenGL that appears makes the window anew, which is inactive for a moment.
        const bool seen = QTest::qWaitFor(
            [&] {
                QApplication::setActiveWindow(m_window.get());
                elsewhere->setFocus(Qt::TabFocusReason);
                const auto without = picture();
                control->setFocus(Qt::TabFocusReason);
                const auto with = picture();
                changed = 0;
                for (int y = 0; y < with.height(); ++y) {
                    for (int x = 0; x < with.width(); ++x)
                        changed += with.pixel(x, y) != without.pixel(x, y);
                }
                // A mark along one side at the least.
                return changed >= std::min(with.width(), with.height()) / 2;
            },
            2000);
        if (!seen)
            unseen << QStringLiteral("%1: %2 pixels%3")
                          .arg(describe(control))
                          .arg(changed)
                          .arg(control->hasFocus() ? QString() : QStringLiteral(", without the keyboard"));
    }
    QVERIFY2(unseen.isEmpty(), qPrintable(unseen.join('\n')));
}

void tst_Accessibility::labelsLeadToTheirFields()
{
    QFETCH(QString, page);
    openWindow();
    auto *shown = show(page);
    QStringList loose;
    for (auto *form : shown->findChildren<QFormLayout *>()) {
        for (int row = 0; row < form->rowCount(); ++row) {
            const auto *item = form->itemAt(row, QFormLayout::LabelRole);
            const auto *field = form->itemAt(row, QFormLayout::FieldRole);
            const auto *label = item ? qobject_cast<QLabel *>(item->widget()) : nullptr;
            if (label && field && field->widget() && isControl(field->widget()) && label->buddy() != field->widget())
                loose << describe(field->widget());
        }
    }
    // Fields outside a form are named by a label or by themselves.
    for (auto *control : controlsOf(shown)) {
        if (!qobject_cast<QComboBox *>(control) && !qobject_cast<QLineEdit *>(control) &&
            !qobject_cast<QAbstractSpinBox *>(control) && !qobject_cast<QAbstractSlider *>(control))
            continue;
        const auto labels = m_window->findChildren<QLabel *>();
        const bool labelled = std::ranges::any_of(labels, [&](const auto *label) { return label->buddy() == control; });
        if (!labelled && control->accessibleName().isEmpty())
            loose << describe(control);
    }
    QVERIFY2(loose.isEmpty(), qPrintable(loose.join('\n')));
}

void tst_Accessibility::everyKeyMeansOneThing()
{
    viewer::MemorySettings settings;
    viewer::ActionTable actions(settings);
    const viewer::ReviewView view(actions, settings);
    QVERIFY(actions.ids().size() > 20);
    QStringList shared;
    for (const auto &id : actions.ids()) {
        const auto sentence = actions.conflictSentence(id, actions.keys(id));
        if (!sentence.isEmpty())
            shared << id + ": " + sentence;
    }
    QVERIFY2(shared.isEmpty(), qPrintable(shared.join('\n')));
}

void tst_Accessibility::largeTypeIsNotCut_data()
{
    QTest::addColumn<int>("percent");
    QTest::addColumn<QString>("language");
    // German last: its translator stays.
    QTest::newRow("100 %, English") << 100 << "en";
    QTest::newRow("150 %, English") << 150 << "en";
    QTest::newRow("100 %, German") << 100 << "de";
    QTest::newRow("150 %, German") << 150 << "de";
}

void tst_Accessibility::largeTypeIsNotCut()
{
    QFETCH(int, percent);
    QFETCH(QString, language);
    app::installTranslations(*QCoreApplication::instance(), language);
    openWindow("dark", percent);
    const auto *stack = m_window->findChild<QStackedWidget *>("pages");
    QStringList cut;
    for (int i = 0; i < stack->count(); ++i) {
        show(stack->widget(i)->objectName());
        QCoreApplication::sendPostedEvents();
        for (auto *button : m_window->findChildren<QAbstractButton *>()) {
            // Titles that give way to what they stand over have a tip.
            if (!isControl(button) || button->text().isEmpty() ||
                (button->sizePolicy().horizontalPolicy() == QSizePolicy::Ignored && !button->toolTip().isEmpty()))
                continue;
            const auto wanted = button->sizeHint();
            if (button->width() < wanted.width() || button->height() < button->fontMetrics().height())
                cut << QStringLiteral("%1: %2 x %3 of %4 x %5")
                           .arg(describe(button))
                           .arg(button->width())
                           .arg(button->height())
                           .arg(wanted.width())
                           .arg(wanted.height());
        }
        for (auto *label : m_window->findChildren<QLabel *>()) {
            if (!label->isVisible() || label->text().isEmpty() ||
                label->sizePolicy().horizontalPolicy() == QSizePolicy::Ignored)
                continue;
            if (label->wordWrap()) {
                if (label->height() < label->heightForWidth(label->width()))
                    cut << QStringLiteral("%1 '%2'").arg(describe(label), label->text());
                continue;
            }
            // Names that are cut on purpose, with dots, say so by what they need at the least.
            if (label->minimumSizeHint().width() < label->sizeHint().width())
                continue;
            if (label->width() < label->sizeHint().width() || label->height() < label->fontMetrics().height())
                cut << QStringLiteral("%1 '%2': %3 of %4")
                           .arg(describe(label), label->text())
                           .arg(label->width())
                           .arg(label->sizeHint().width());
        }
    }
    cut.removeDuplicates();
    QVERIFY2(cut.isEmpty(), qPrintable(cut.join('\n')));
}

QTEST_MAIN(tst_Accessibility)
#include "tst_accessibility.moc"
