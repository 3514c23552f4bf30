// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studies_page.h"

#include "app/notice.h"
#include "app/open_study.h"
#include "app/theme_style.h"
#include "dashboard/study_progress.h"
#include "dashboard/words.h"
#include "ui_studies_page.h"

#include <QDateTime>
#include <QFileDialog>
#include <QSettings>
#include <QStandardPaths>

namespace consilium::app {

namespace {

constexpr qsizetype mostRecent = 8;
const auto recentKey = QStringLiteral("studies/recent");

QString display(const std::filesystem::path &path)
{
    return QString::fromStdU16String(path.u16string());
}
std::filesystem::path toPath(const QString &text)
{
    return std::filesystem::path(text.toStdU16String());
}

} // namespace

StudiesPage::StudiesPage(OpenStudy &study, std::filesystem::path demoFolder, QWidget *parent)
    : QWidget(parent), m_study(study), m_demoFolder(std::move(demoFolder)), m_ui(std::make_unique<Ui::StudiesPage>()),
      m_notice(new Notice)
{
    m_ui->setupUi(this);
    restoreDottedNames(this, QStringLiteral("studies"));
    m_notice->setObjectName("studies.notice");
    m_ui->pageLayout->insertWidget(0, m_notice);
    m_ui->studies_demoTask->addItem(tr("MS lesions (synthetic, three hospitals)"), QStringLiteral("ms-lesions"));
    m_ui->studies_recent->setAccessibleName(m_ui->recentTitle->text());
    m_ui->demoRun->hide();
    m_ui->studies_watchDemo->hide();
    m_ui->studies_stopDemo->hide();

    connect(m_ui->studies_startDemo, &QPushButton::clicked, this, &StudiesPage::startDemo);
    connect(m_ui->studies_watchDemo, &QPushButton::clicked, this, &StudiesPage::watchRequested);
    connect(m_ui->studies_stopDemo, &QPushButton::clicked, this, [this] {
        m_study.stopDemo();
        showDemo();
    });
    connect(m_ui->studies_openFolder, &QPushButton::clicked, this, &StudiesPage::chooseFolder);
    connect(m_ui->studies_recent, &QListWidget::itemActivated, this, &StudiesPage::openRecent);

    connect(&study, &OpenStudy::demoStarted, this, &StudiesPage::showDemo);
    connect(&study, &OpenStudy::demoFinished, this, &StudiesPage::demoFinished);
    connect(&study, &OpenStudy::said, this, [this](const QString &sentence) {
        if (!m_study.isDemoStopping())
            m_ui->studies_demoStatus->setText(sentence);
    });
    connect(&study, &OpenStudy::snapshotChanged, this, &StudiesPage::showProgress);
    connect(&study, &OpenStudy::folderChanged, m_notice, &Notice::clear);
    connect(&study, &OpenStudy::absent, this, [this] {
        if (!m_study.isDemo())
            m_notice->tell(tr("There is no study in %1. Choose the folder that holds study.json and study.db.")
                               .arg(display(m_study.folder())));
    });
    connect(&study, &OpenStudy::failed, this,
            [this](const QString &message) { m_notice->tell(tr("The study could not be opened: %1").arg(message)); });
    listRecent();
}

StudiesPage::~StudiesPage() = default;

void StudiesPage::setTheme(const Theme &theme)
{
    m_notice->setTheme(theme);
    m_ui->studies_startDemo->setIcon({});
    m_ui->studies_stopDemo->setIcon(icon(QStringLiteral("media-playback-stop")));
    m_ui->studies_openFolder->setIcon(icon(QStringLiteral("document-open-folder")));
    listRecent();
}

std::filesystem::path StudiesPage::freshDemoFolder() const
{
    if (!m_demoFolder.empty())
        return m_demoFolder;
    return toPath(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/studies/demo-") +
                  QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss")));
}

void StudiesPage::startDemo()
{
    const auto folder = freshDemoFolder();
    std::error_code failure;
    std::filesystem::create_directories(folder.parent_path(), failure);
    if (failure) {
        m_notice->tell(tr("The folder %1 could not be made. Check the permissions and the free space.")
                           .arg(display(folder.parent_path())),
                       QString::fromStdString(failure.message()));
        return;
    }
    m_notice->clear();
    m_ui->studies_demoStatus->setText(tr("Starting the node"));
    m_ui->studies_demoProgress->setRange(0, 0);
    m_ui->studies_demoFolder->setText(tr("Study folder: %1").arg(display(folder)));
    m_study.startDemo({folder,
                       m_ui->studies_demoTask->currentData().toString().toStdString(),
                       {},
                       m_ui->studies_demoRounds->value()});
}

void StudiesPage::showDemo()
{
    const bool running = m_study.isDemoRunning();
    m_ui->demoRun->show();
    m_ui->studies_demoTask->setEnabled(!running);
    m_ui->studies_demoRounds->setEnabled(!running);
    m_ui->studies_startDemo->setVisible(!running);
    m_ui->studies_watchDemo->setVisible(running);
    m_ui->studies_stopDemo->setVisible(running);
    m_ui->studies_stopDemo->setEnabled(!m_study.isDemoStopping());
    if (m_study.isDemoStopping())
        m_ui->studies_demoStatus->setText(tr("Stopping: the sites finish what they are writing"));
}

void StudiesPage::demoFinished(bool ok, const QString &message)
{
    showDemo();
    m_ui->studies_demoProgress->setRange(0, 1);
    m_ui->studies_demoProgress->setValue(ok ? 1 : 0);
    m_ui->studies_demoProgress->setVisible(ok);
    if (ok) {
        m_ui->studies_demoStatus->setText(
            tr("The demo is finished. Federation shows its curves and results, Review its images."));
        m_ui->studies_watchDemo->show();
    } else {
        m_ui->studies_demoStatus->setText(tr("The demo was not finished."));
        m_notice->tell(tr("The demo ended early: %1").arg(message), m_study.nodeErrors());
    }
}

void StudiesPage::showProgress(const storage::StudySnapshot &study)
{
    remember(m_study.folder(), QString::fromStdString(study.title));
    if (!m_study.isDemo() || !m_study.isDemoRunning())
        return;
    // A round in flight moves by the share of sites that are in.
    const int sites = std::max(static_cast<int>(study.sites.size()), 1);
    m_ui->studies_demoProgress->setVisible(true);
    m_ui->studies_demoProgress->setRange(0, std::max(study.plan.federation.rounds * sites, 1));
    m_ui->studies_demoProgress->setValue(std::max(study.round - 1, 0) * sites + dashboard::sitesIn(study));
}

void StudiesPage::chooseFolder()
{
    auto *dialog = new QFileDialog(this, tr("Choose a study folder"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &folder) {
        m_study.open(toPath(folder));
        Q_EMIT watchRequested();
    });
    dialog->open();
}

void StudiesPage::openRecent(const QListWidgetItem *item)
{
    m_study.open(toPath(item->data(Qt::UserRole).toString()));
    Q_EMIT watchRequested();
}

void StudiesPage::remember(const std::filesystem::path &folder, const QString &title)
{
    const QStringList entry{display(folder), title};
    QSettings settings;
    auto recent = settings.value(recentKey).toList();
    if (!recent.isEmpty() && recent.first().toStringList() == entry)
        return;
    recent.removeIf([&](const QVariant &other) { return other.toStringList().value(0) == entry.first(); });
    recent.prepend(entry);
    settings.setValue(recentKey, recent.first(std::min(recent.size(), mostRecent)));
    listRecent();
}

void StudiesPage::listRecent()
{
    m_ui->studies_recent->clear();
    for (const auto &entry : QSettings().value(recentKey).toList()) {
        const auto parts = entry.toStringList();
        const auto title = parts.value(1).isEmpty() ? tr("Study") : parts.value(1);
        auto *item =
            new QListWidgetItem(QStringLiteral("%1   ·   %2").arg(title, parts.value(0)), m_ui->studies_recent);
        item->setData(Qt::UserRole, parts.value(0));
    }
    const bool empty = m_ui->studies_recent->count() == 0;
    m_ui->studies_recentEmpty->setVisible(empty);
    m_ui->studies_recent->setVisible(!empty);
    // At most eight entries: the list is as high as they are, and the page ends below it.
    m_ui->studies_recent->ensurePolished();
    m_ui->studies_recent->setFixedHeight(m_ui->studies_recent->count() * m_ui->studies_recent->sizeHintForRow(0) +
                                         2 * m_ui->studies_recent->frameWidth());
}

} // namespace consilium::app
