// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/data_page.h"

#include "app/data_deidentify.h"
#include "app/data_drop.h"
#include "app/data_table.h"
#include "app/data_task_strip.h"
#include "app/network_view.h"
#include "app/notice.h"
#include "app/open_study.h"
#include "app/theme_style.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QLabel>
#include <QMimeData>
#include <QPointer>
#include <QPushButton>
#include <QSettings>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QThreadPool>
#include <QVBoxLayout>

namespace consilium::app {

namespace fs = std::filesystem;

namespace {

constexpr qsizetype mostRecent = 8;
const auto recentKey = QStringLiteral("data/recent");

QString display(const fs::path &path)
{
    return QString::fromStdU16String(path.u16string());
}
fs::path toPath(const QString &text)
{
    return text.toStdU16String();
}

DataPage::Options completed(DataPage::Options options)
{
    if (options.cacheFolder.empty())
        options.cacheFolder = toPath(QStandardPaths::writableLocation(QStandardPaths::CacheLocation)) / "data";
    if (options.node.isEmpty())
        options.node = nodeProgram();
    return options;
}

} // namespace

DataPage::DataPage(OpenStudy &study, QWidget *parent) : DataPage(study, Options(), parent) {}

DataPage::DataPage(OpenStudy &study, Options options, QWidget *parent)
    : QWidget(parent), m_study(study), m_options(completed(std::move(options))), m_notice(new Notice),
      m_source(new QComboBox), m_sourceLabel(new QLabel(tr("Dataset"))), m_open(new QPushButton(tr("Open a dataset…"))),
      m_import(new QPushButton(tr("Import…"))), m_deidentify(new QPushButton(tr("De-identify a DICOM folder…"))),
      m_check(new QPushButton(tr("Check again"))), m_stack(new QStackedWidget), m_bar(new QWidget),
      m_empty(makeEmpty()), m_table(new DataTable(m_options.cacheFolder / "pictures")), m_importView(new ImportView),
      m_deidentifyView(new DeidentifyView), m_networkView(new NetworkView(m_options.node)),
      m_strip(new DataTaskStrip(m_options.node)),
      m_reader(new DatasetReader(m_options.cacheFolder / "quality", m_options.node, this))
{
    setAcceptDrops(true);
    m_notice->setObjectName("data.notice");
    m_source->setObjectName("data.source");
    m_source->setAccessibleName(tr("Dataset"));
    m_source->setMinimumContentsLength(24);
    m_source->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_open->setObjectName("data.open");
    m_import->setObjectName("data.importDicom");
    m_import->setToolTip(tr("Converts DICOM series of this computer to NIfTI"));
    m_deidentify->setObjectName("data.deidentify.show");
    m_check->setObjectName("data.checkAgain");
    m_check->setToolTip(tr("Looks at every voxel of the dataset once more"));
    m_strip->setObjectName("data.task");
    m_table->setObjectName("data.tableView");
    m_importView->setObjectName("data.importView");
    m_deidentifyView->setObjectName("data.deidentifyView");
    m_networkView->setObjectName("data.networkView");
    m_sourceLabel->setBuddy(m_source);
    auto *bar = new QHBoxLayout(m_bar);
    bar->setContentsMargins(0, 0, 0, 0);
    bar->setSpacing(8);
    bar->addWidget(m_sourceLabel);
    bar->addWidget(m_source, 1);
    bar->addWidget(m_check);
    bar->addStretch(1);
    bar->addWidget(m_open);
    bar->addWidget(m_import);
    bar->addWidget(m_deidentify);
    for (auto *page : std::initializer_list<QWidget *>{m_empty, m_table, m_importView, m_deidentifyView, m_networkView})
        m_stack->addWidget(page);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 8, 16, 8);
    layout->setSpacing(8);
    layout->addWidget(m_notice);
    layout->addWidget(m_bar);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_strip);
    setTabOrder(m_source, m_check);
    setTabOrder(m_check, m_open);
    setTabOrder(m_open, m_import);
    setTabOrder(m_import, m_deidentify);
    fillSources();

    connect(m_source, &QComboBox::activated, this,
            [this](int index) { openDataset(toPath(m_source->itemData(index).toString())); });
    connect(m_open, &QPushButton::clicked, this, &DataPage::chooseDataset);
    connect(m_import, &QPushButton::clicked, this, &DataPage::chooseDicom);
    connect(m_deidentify, &QPushButton::clicked, this, [this] { m_stack->setCurrentWidget(m_deidentifyView); });
    // Where something else is worked at, its own controls are enough.
    connect(m_stack, &QStackedWidget::currentChanged, this, [this] {
        const auto *page = m_stack->currentWidget();
        m_bar->setVisible(page == m_table || page == m_empty);
    });
    connect(m_check, &QPushButton::clicked, m_reader, &DatasetReader::checkAgain);

    const auto back = [this] {
        m_stack->setCurrentWidget(m_folder.empty() ? m_empty : static_cast<QWidget *>(m_table));
    };
    connect(m_importView, &ImportView::backRequested, this, back);
    connect(m_deidentifyView, &DeidentifyView::backRequested, this, back);
    connect(m_networkView, &NetworkView::backRequested, this, back);
    connect(m_importView, &ImportView::importRequested, this, &DataPage::startImport);
    connect(m_deidentifyView, &DeidentifyView::deidentifyRequested, this, &DataPage::startDeidentification);
    connect(m_table, &DataTable::networkRequested, this, &DataPage::showNetwork);
    connect(m_table, &DataTable::reasonCopied, this,
            [this](const QString &) { Q_EMIT statusMessage(tr("The reason is on the clipboard")); });
    connect(m_table, &DataTable::reviewRequested, this, [this](const DataCase &entry) {
        auto files = entry.channels;
        if (!entry.labels.empty())
            files.push_back(entry.labels);
        Q_EMIT reviewRequested(files);
    });
    connectReader();

    connect(&study, &OpenStudy::folderChanged, this, [this] {
        offer({});
        lookForDatasets();
    });
    connect(&study, &OpenStudy::snapshotChanged, this, [this] {
        if (m_sources.datasets.empty() || isVisible())
            lookForDatasets();
        // The study's own seed says who trains and who tests in it.
        if (!m_folder.empty() && m_seed != seedNow())
            openDataset(m_folder);
    });
    connect(&study, &OpenStudy::demoFinished, this, &DataPage::lookForDatasets);
}

DataPage::~DataPage() = default;

QWidget *DataPage::makeEmpty()
{
    auto *page = new QWidget;
    page->setObjectName("data.empty");
    auto *title = new QLabel(tr("The cases your site learns from"));
    title->setProperty("role", "title");
    auto *text =
        new QLabel(tr("Open a folder of images with their labels (nnU-Net layout) to see every case, whether it "
                      "passes a quality check, and who trains and who tests. Nothing leaves this computer. "
                      "A folder of DICOM files can be dropped here to be imported."));
    text->setWordWrap(true);
    text->setProperty("role", "quiet");
    auto *open = new QPushButton(tr("Open a dataset…"));
    open->setObjectName("data.emptyOpen");
    open->setProperty("role", "primary");
    connect(open, &QPushButton::clicked, this, &DataPage::chooseDataset);
    auto *column = new QVBoxLayout;
    column->setSpacing(12);
    column->addStretch();
    column->addWidget(title);
    column->addWidget(text);
    column->addWidget(open, 0, Qt::AlignLeft);
    column->addStretch();
    auto *layout = new QHBoxLayout(page);
    layout->addStretch(1);
    layout->addLayout(column, 2);
    layout->addStretch(1);
    return page;
}

void DataPage::connectReader()
{
    connect(m_reader, &DatasetReader::opened, this, [this](const DatasetInfo &info) {
        m_info = info;
        m_table->model().setDataset(info);
        remember(info.folder);
    });
    connect(m_reader, &DatasetReader::listed, this,
            [this](const std::vector<DataCase> &cases) { m_table->model().append(cases); });
    connect(m_reader, &DatasetReader::judged, this,
            [this](const std::vector<CaseVerdict> &verdicts) { m_table->model().setVerdicts(verdicts); });
    connect(m_reader, &DatasetReader::progress, m_strip, &DataTaskStrip::showProgress);
    connect(m_strip, &DataTaskStrip::cancelRequested, m_reader, &DatasetReader::stop);
    connect(m_reader, &DatasetReader::finished, this, &DataPage::readingEnded);
}

void DataPage::readingEnded(bool ok, const QString &message)
{
    m_check->setEnabled(m_table->model().counts().cases > 0);
    if (ok) {
        m_strip->clear();
        Q_EMIT statusMessage(m_table->model().summary());
    } else if (m_table->model().counts().cases > 0) {
        const int listed = m_table->model().counts().cases;
        m_strip->showEnd(false, listed < m_info.cases
                                    ? tr("%1. %2 of %3 cases are listed.").arg(message).arg(listed).arg(m_info.cases)
                                    : tr("%1. Cases that were not looked at are marked so.").arg(message));
    } else {
        m_strip->clear();
        m_notice->tell(tr("The dataset could not be opened: %1").arg(message));
    }
}

void DataPage::setTheme(const Theme &theme)
{
    m_notice->setTheme(theme);
    m_table->setTheme(theme);
    m_importView->setTheme(theme);
    m_deidentifyView->setTheme(theme);
    m_networkView->setTheme(theme);
    m_strip->setTheme(theme);
    m_open->setIcon(icon(QStringLiteral("document-open-folder")));
    m_import->setIcon(icon(QStringLiteral("document-import")));
    m_deidentify->setIcon(icon(QStringLiteral("view-private")));
    m_check->setIcon(icon(QStringLiteral("view-refresh")));
}

void DataPage::openDataset(const fs::path &folder)
{
    m_notice->clear();
    m_folder = folder;
    m_info = {};
    m_networkView->stop();
    m_table->clear();
    m_stack->setCurrentWidget(m_table);
    m_check->setEnabled(false);
    fillSources();
    m_seed = seedNow();
    m_reader->open(folder, m_seed);
}

std::uint64_t DataPage::seedNow() const
{
    const auto &shot = m_study.snapshot();
    return ofStudy() && shot ? shot->plan.seed : Plan().seed;
}

bool DataPage::ofStudy() const
{
    return std::ranges::find(m_sources.datasets, m_folder, &ReviewSources::Dataset::folder) != m_sources.datasets.end();
}

void DataPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    lookForDatasets();
    openFirst();
}

void DataPage::openFirst()
{
    if (isVisible() && m_folder.empty() && !m_looking && m_source->count() > 0)
        openDataset(toPath(m_source->itemData(0).toString()));
}

void DataPage::lookForDatasets()
{
    if (m_looking || m_study.folder().empty())
        return;
    m_looking = true;
    QThreadPool::globalInstance()->start([page = QPointer(this), folder = m_study.folder()] {
        auto sources = findReviewSources(folder);
        QMetaObject::invokeMethod(qApp, [page, folder, sources = std::move(sources)] {
            if (!page)
                return;
            page->m_looking = false;
            if (folder != page->m_study.folder())
                return page->lookForDatasets();
            page->offer(sources);
            page->openFirst();
        });
    });
}

void DataPage::offer(const ReviewSources &sources)
{
    if (sources == m_sources)
        return;
    m_sources = sources;
    fillSources();
    if (!m_folder.empty() && m_seed != seedNow())
        openDataset(m_folder);
}

void DataPage::fillSources()
{
    const QSignalBlocker quiet(m_source);
    m_source->clear();
    for (const auto &dataset : m_sources.datasets)
        m_source->addItem(tr("Images at %1").arg(QString::fromStdString(dataset.site)), display(dataset.folder));
    for (const auto &folder : QSettings().value(recentKey).toStringList())
        if (m_source->findData(folder) < 0)
            m_source->addItem(folder, folder);
    if (!m_folder.empty() && m_source->findData(display(m_folder)) < 0)
        m_source->addItem(display(m_folder), display(m_folder));
    m_source->setCurrentIndex(m_folder.empty() ? -1 : m_source->findData(display(m_folder)));
    m_source->setVisible(m_source->count() > 0);
    m_sourceLabel->setVisible(m_source->count() > 0);
    m_check->setVisible(!m_folder.empty());
}

void DataPage::remember(const fs::path &folder)
{
    QSettings settings;
    auto recent = settings.value(recentKey).toStringList();
    recent.removeAll(display(folder));
    recent.prepend(display(folder));
    settings.setValue(recentKey, QStringList(recent.first(std::min(recent.size(), mostRecent))));
    fillSources();
}

void DataPage::chooseDataset()
{
    auto *dialog = new QFileDialog(this, tr("Choose a dataset: the folder that holds imagesTr"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &folder) { openDataset(toPath(folder)); });
    dialog->open();
}

void DataPage::chooseDicom()
{
    auto *dialog = new QFileDialog(this, tr("Choose a folder of DICOM files"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &folder) { showImport(toPath(folder)); });
    dialog->open();
}

void DataPage::showImport(const fs::path &from)
{
    m_notice->clear();
    m_stack->setCurrentWidget(m_importView);
    m_importView->look(from);
}

void DataPage::startImport(const ImportRequest &request)
{
    if (m_strip->isRunning() || m_reader->isRunning())
        return m_notice->tell(tr("Something is under way. Wait for its end, or cancel it, and import then."));
    m_notice->clear();
    disconnect(m_strip, &DataTaskStrip::finished, this, nullptr);
    connect(m_strip, &DataTaskStrip::finished, this,
            [this, request](bool ok, const QString &message, const Json &report) {
                importEnded(request, ok, message, report);
            });
    m_strip->run(tr("Importing"), request.arguments());
}

void DataPage::importEnded(const ImportRequest &request, bool ok, const QString &message, const Json &report)
{
    const auto series = report.find("series");
    const int done = series != report.end() && series->is_array() ? static_cast<int>(series->size()) : 0;
    if (!ok) {
        // Of a stopped import whole series stay; a folder without any goes again.
        std::error_code kept;
        fs::remove(request.to, kept);
        return m_strip->showEnd(false, tr("The import did not end well: %1").arg(message));
    }
    m_strip->showEnd(true,
                     (done == 1 ? tr("1 series was written to %1") : tr("%n series were written to %1", nullptr, done))
                         .arg(display(request.to)));
    m_strip->offer(tr("Open in Review"), [this, to = request.to] { Q_EMIT reviewRequested({to}); });
    Q_EMIT statusMessage(m_strip->text());
}

void DataPage::startDeidentification(const QString &in, const QString &out)
{
    if (m_strip->isRunning() || m_reader->isRunning())
        return m_notice->tell(tr("Something is under way. Wait for its end, or cancel it, and try again then."));
    m_notice->clear();
    disconnect(m_strip, &DataTaskStrip::finished, this, nullptr);
    connect(m_strip, &DataTaskStrip::finished, this, [this, out](bool ok, const QString &message, const Json &report) {
        if (!ok)
            return m_strip->showEnd(false, tr("Nothing was written: %1").arg(message));
        auto said = tr("%n files were written to %1", nullptr, report.value("files", 0)).arg(out);
        if (const int look = report.value("lookAt", 0); look > 0)
            said += QStringLiteral("; ") + (look == 1 ? tr("1 thing to look at is in the report")
                                                      : tr("%n things to look at are in the report", nullptr, look));
        if (const int refused = report.value("notCopied", 0); refused > 0)
            said += QStringLiteral("; ") +
                    (refused == 1 ? tr("1 file was not copied") : tr("%n files were not copied", nullptr, refused));
        m_strip->showEnd(true, said);
        m_strip->offer(tr("Import them…"), [this, out] {
            m_strip->clear();
            showImport(toPath(out));
        });
    });
    m_strip->run(tr("De-identifying"), {"deidentify", "--in", in, "--out", out, "--events"});
}

void DataPage::showNetwork(const DataCase &entry)
{
    m_stack->setCurrentWidget(m_networkView);
    const auto &shot = m_study.snapshot();
    m_networkView->open(m_folder, entry.id, m_info.tasks, ofStudy() && shot ? std::optional(shot->plan) : std::nullopt);
}

void DataPage::take(const std::vector<fs::path> &paths)
{
    QThreadPool::globalInstance()->start([page = QPointer(this), paths] {
        const auto kind = kindOfDrop(paths);
        QMetaObject::invokeMethod(qApp, [page, paths, kind] {
            if (!page)
                return;
            switch (kind) {
            case DropKind::Nothing: return page->m_notice->tell(tr("There is no such file or folder."));
            case DropKind::Dataset: return page->openDataset(paths.front());
            case DropKind::Images: Q_EMIT page->reviewRequested(paths); return;
            case DropKind::Dicom: break;
            }
            page->showImport(paths.size() == 1 ? paths.front() : paths.front().parent_path());
        });
    });
}

void DataPage::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void DataPage::dropEvent(QDropEvent *event)
{
    std::vector<fs::path> paths;
    for (const auto &url : event->mimeData()->urls())
        if (url.isLocalFile())
            paths.push_back(toPath(url.toLocalFile()));
    if (paths.empty())
        return;
    event->acceptProposedAction();
    take(paths);
}

} // namespace consilium::app
