// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/main_window.h"

#include "app/data_page.h"
#include "app/federation_page.h"
#include "app/review_page.h"
#include "app/settings_page.h"
#include "app/studies_page.h"
#include "app/theme_style.h"
#include "dashboard/event_log.h"
#include "dashboard/marks.h"
#include "dashboard/words.h"
#include "ui_main_window.h"
#include "viewer/review_view.h"

#include <QCloseEvent>
#include <QSettings>

namespace consilium::app {

using dashboard::Mark;

namespace {

std::unique_ptr<viewer::SettingsStore> settingsFor(bool remember)
{
    if (remember)
        return std::make_unique<viewer::SavedSettings>();
    return std::make_unique<viewer::MemorySettings>();
}

} // namespace

MainWindow::MainWindow(const Theme &theme, Options options, QWidget *parent)
    : QMainWindow(parent), m_options(std::move(options)), m_settings(settingsFor(m_options.remember)),
      m_actions(*m_settings), m_choices(*m_settings), m_ui(std::make_unique<Ui::MainWindow>())
{
    applyTheme(theme);
    m_ui->setupUi(this);
    restoreDottedNames(this, QStringLiteral("nav"));
    m_studies = new StudiesPage(m_study, m_options.demoFolder);
    m_data = new DataPage(m_study);
    m_review = new ReviewPage(m_study, m_actions, *m_settings);
    m_federation = new FederationPage(m_study);
    m_settingsPage = new SettingsPage(m_choices, m_actions);
    m_studies->setObjectName("page.studies");
    m_data->setObjectName("page.data");
    m_settingsPage->setObjectName("page.settings");
    m_review->setObjectName("page.review");
    m_federation->setObjectName("page.federation");
    addPage(m_ui->nav_studies, m_studies, "folder-open");
    addPage(m_ui->nav_data, m_data, "view-list-details");
    addPage(m_ui->nav_review, m_review, "view-split-left-right");
    addPage(m_ui->nav_federation, m_federation, "office-chart-line");
    addPage(m_ui->nav_settings, m_settingsPage, "configure");

    connect(m_ui->nav_theme, &QToolButton::clicked, this, &MainWindow::toggleTheme);
    connect(m_studies, &StudiesPage::watchRequested, this, [this] { showPage(m_federation); });
    connect(m_federation, &FederationPage::studiesRequested, this, [this] { showPage(m_studies); });
    connect(m_review, &ReviewPage::statusMessage, this, [this](const QString &message) {
        m_readout = message;
        showStatus();
    });
    connect(m_data, &DataPage::statusMessage, this, &MainWindow::say);
    connect(m_data, &DataPage::reviewRequested, this, &MainWindow::openInReview);
    connectSettings();
    connect(&m_study, &OpenStudy::said, this, &MainWindow::say);
    connect(&m_study, &OpenStudy::failed, this, &MainWindow::say);
    connect(&m_study, &OpenStudy::folderChanged, this, &MainWindow::showContext);
    connect(&m_study, &OpenStudy::snapshotChanged, this, [this](const storage::StudySnapshot &study) {
        showContext();
        if (!m_study.isDemoRunning() && !study.events.empty())
            say(dashboard::eventSentence(study.events.back()));
    });
    connect(&m_study, &OpenStudy::demoStarted, this, &MainWindow::showContext);
    connect(&m_study, &OpenStudy::demoFinished, this, [this](bool ok, const QString &message) {
        showContext();
        say(ok ? tr("The demo is finished") : tr("The demo ended early: %1").arg(message));
        if (m_closing)
            QCoreApplication::quit();
    });

    setTheme(theme);
    if (m_options.remember)
        restoreGeometry(QSettings().value(QStringLiteral("window/geometry")).toByteArray());
    showPage(m_studies);
    showContext();
    say(tr("Ready"));
}

MainWindow::~MainWindow() = default;

void MainWindow::addPage(QToolButton *button, QWidget *page, const char *iconName)
{
    m_ui->pages->addWidget(page);
    m_pages.push_back({button, page, QString::fromLatin1(iconName)});
    connect(button, &QToolButton::clicked, this, [this, page] { showPage(page); });
}

void MainWindow::showPage(QWidget *page)
{
    m_ui->pages->setCurrentWidget(page);
    for (const auto &entry : m_pages) {
        if (entry.page == page) {
            entry.button->setChecked(true);
            m_ui->title->setText(entry.button->text());
        }
    }
    showStatus();
}

void MainWindow::openStudy(const std::filesystem::path &folder)
{
    m_study.open(folder);
    showPage(m_federation);
}

void MainWindow::openInReview(const std::vector<std::filesystem::path> &paths)
{
    showPage(m_review);
    m_review->openPaths(paths);
}

void MainWindow::connectSettings()
{
    connect(m_settingsPage, &SettingsPage::themeChosen, this, &MainWindow::dress);
    connect(m_settingsPage, &SettingsPage::fontScaleChosen, this, &MainWindow::dress);
    viewer::ReviewView &review = m_review->view();
    connect(m_settingsPage, &SettingsPage::schemeChosen, &review, &viewer::ReviewView::setScheme);
    connect(m_settingsPage, &SettingsPage::readerNameChosen, &review, &viewer::ReviewView::setReader);
    connect(m_settingsPage, &SettingsPage::imageMemoryChosen, &review, &viewer::ReviewView::setMemoryBudget);
    review.setScheme(m_choices.mouseScheme.value());
    review.setReader(m_choices.readerName.value());
    review.setMemoryBudget(std::int64_t{m_choices.imageMemory.value()} << 30);
    connect(&m_study, &OpenStudy::folderChanged, &review,
            [this] { m_review->view().setStudyFolder(m_study.folder()); });
}

void MainWindow::toggleTheme()
{
    const auto other = m_theme.name == "dark" ? QStringLiteral("light") : QStringLiteral("dark");
    if (const auto set = m_choices.theme.set(other); !set)
        return say(QString::fromStdString(set.error().line()));
    dress();
}

// As the settings say now.
void MainWindow::dress()
{
    const auto theme = loadTheme(m_choices.theme.value(), m_choices.fontScale.value());
    if (!theme)
        return say(QString::fromStdString(theme.error().line()));
    applyTheme(*theme);
    setTheme(*theme);
}

void MainWindow::setTheme(const Theme &theme)
{
    m_theme = theme;
    for (const auto &entry : m_pages)
        entry.button->setIcon(icon(entry.iconName));
    const bool dark = theme.name == "dark";
    m_ui->nav_theme->setText(dark ? tr("Light") : tr("Dark"));
    m_ui->nav_theme->setIcon(icon(QStringLiteral("color-mode-black-white")));
    m_studies->setTheme(theme);
    m_data->setTheme(theme);
    m_review->setTheme(theme);
    m_federation->setTheme(theme);
    m_settingsPage->setTheme(theme);
    showContext();
}

void MainWindow::showContext()
{
    QStringList parts;
    auto mark = Mark::Waiting;
    if (const auto &shot = m_study.snapshot()) {
        parts << QString::fromStdString(shot->title);
        parts << (m_study.isDemo() ? tr("all sites on this computer") : tr("watching"));
        parts << dashboard::Words::headline(*shot);
        mark = shot->state == "running"                      ? Mark::Working
               : shot->state == "finished"                   ? Mark::Done
               : shot->state == "stopped"                    ? Mark::Warning
               : m_study.isDemo() && m_study.isDemoRunning() ? Mark::Working
                                                             : Mark::Waiting;
    } else if (m_study.isDemoRunning()) {
        parts << tr("demo") << tr("being prepared");
        mark = Mark::Working;
    } else {
        parts << tr("no study open");
    }
    m_ui->context->setText(parts.join(QStringLiteral(" · ")));

    m_ui->nodeMark->setPixmap(dashboard::markPixmap(mark, m_theme));
}

void MainWindow::say(const QString &sentence)
{
    m_lastEvent = sentence;
    showStatus();
}

void MainWindow::showStatus()
{
    const bool reading = m_ui->pages->currentWidget() == m_review && !m_readout.isEmpty();
    m_ui->status->setText(reading ? m_readout : m_lastEvent);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_options.remember)
        QSettings().setValue(QStringLiteral("window/geometry"), saveGeometry());
    if (!m_study.isDemoRunning())
        return QMainWindow::closeEvent(event);
    // The node is asked to end and the program leaves when it has; nobody has to look at the window meanwhile.
    m_closing = true;
    event->ignore();
    hide();
    m_study.stopDemo();
}

} // namespace consilium::app
