// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/data_table.h"

#include "app/data_delegate.h"
#include "app/theme_style.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

namespace consilium::app {

namespace {

constexpr int settleTime = 40; // ms: what only flies by is not asked for

ThumbnailStore::Settings settingsFor(std::filesystem::path folder, double pixelRatio)
{
    ThumbnailStore::Settings settings;
    settings.folder = std::move(folder);
    settings.side = static_cast<int>(DatasetDelegate::pictureSide * pixelRatio);
    settings.pixelRatio = pixelRatio;
    return settings;
}

} // namespace

DataTable::DataTable(std::filesystem::path pictureFolder, QWidget *parent)
    : QWidget(parent), m_filter(m_model), m_pictures(settingsFor(std::move(pictureFolder), devicePixelRatioF())),
      m_delegate(new DatasetDelegate(m_pictures, this)), m_table(new QTableView), m_text(new QLineEdit),
      m_quality(new QComboBox), m_split(new QComboBox), m_summary(new QLabel), m_reason(new QLabel),
      m_review(new QPushButton(tr("Open in Review"))), m_network(new QPushButton(tr("Show what the network sees"))),
      m_copy(new QPushButton(tr("Copy reason")))
{
    const std::pair<QWidget *, const char *> named[] = {
        {m_table, "table"},   {m_text, "filter"},     {m_quality, "quality"},
        {m_split, "split"},   {m_summary, "summary"}, {m_reason, "reason"},
        {m_review, "review"}, {m_network, "network"}, {m_copy, "copyReason"}};
    for (const auto &[widget, name] : named)
        widget->setObjectName(QStringLiteral("data.") + QLatin1String(name));
    m_text->setPlaceholderText(tr("Find a case, a patient or a reason"));
    m_text->setAccessibleName(tr("Find a case, a patient or a reason"));
    m_text->setClearButtonEnabled(true);
    m_text->setMinimumWidth(240);
    m_quality->setAccessibleName(tr("Quality check"));
    m_quality->addItem(tr("Any quality"), -1);
    for (const auto quality : {CaseQuality::Fail, CaseQuality::Warn, CaseQuality::Pass, CaseQuality::Unknown})
        m_quality->addItem(DatasetModel::words(quality), static_cast<int>(quality));
    m_split->setAccessibleName(tr("Split"));
    m_split->addItem(tr("Every split"), -1);
    for (const auto split : {CaseSplit::Training, CaseSplit::Validation, CaseSplit::Test})
        m_split->addItem(DatasetModel::words(split), static_cast<int>(split));
    m_summary->setProperty("role", "quiet");
    m_reason->setProperty("role", "quiet");
    m_reason->setWordWrap(true);
    m_reason->setAccessibleName(tr("Reason of the verdict"));

    m_table->setModel(&m_filter);
    m_table->setItemDelegate(m_delegate);
    m_table->setAccessibleName(tr("Cases of the dataset"));
    m_table->setProperty("role", "card");
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setTabKeyNavigation(false);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(DatasetModel::Case, Qt::AscendingOrder);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(DatasetDelegate::rowHeight);
    m_table->verticalScrollBar()->setSingleStep(DatasetDelegate::rowHeight);
    auto *header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setStretchLastSection(true);
    const std::pair<DatasetModel::Column, int> widths[] = {{DatasetModel::Picture, DatasetDelegate::pictureSide + 16},
                                                           {DatasetModel::Case, 170},
                                                           {DatasetModel::Patient, 150},
                                                           {DatasetModel::Channels, 96},
                                                           {DatasetModel::Reference, 90},
                                                           {DatasetModel::Size, 120},
                                                           {DatasetModel::Spacing, 150},
                                                           {DatasetModel::Split, 90}};
    for (const auto &[column, width] : widths)
        header->resizeSection(column, width);

    auto *bar = new QHBoxLayout;
    bar->setSpacing(8);
    bar->addWidget(m_text);
    bar->addWidget(m_quality);
    bar->addWidget(m_split);
    bar->addStretch();
    bar->addWidget(m_summary);
    auto *foot = new QHBoxLayout;
    foot->setSpacing(8);
    foot->addWidget(m_review);
    foot->addWidget(m_network);
    foot->addWidget(m_copy);
    foot->addWidget(m_reason, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(bar);
    layout->addWidget(m_table, 1);
    layout->addLayout(foot);

    m_settle.setSingleShot(true);
    m_settle.setInterval(settleTime);
    connect(&m_settle, &QTimer::timeout, this, &DataTable::wantPictures);
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, &m_settle, qOverload<>(&QTimer::start));
    connect(&m_filter, &QAbstractItemModel::layoutChanged, &m_settle, qOverload<>(&QTimer::start));
    connect(&m_filter, &QAbstractItemModel::rowsInserted, &m_settle, qOverload<>(&QTimer::start));
    connect(&m_filter, &QAbstractItemModel::rowsRemoved, &m_settle, qOverload<>(&QTimer::start));
    connect(&m_pictures, &ThumbnailStore::ready, &m_model, &DatasetModel::touchPictures);

    connect(m_text, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter.setText(text);
        showState();
    });
    connect(m_quality, &QComboBox::currentIndexChanged, this, [this] {
        const int chosen = m_quality->currentData().toInt();
        m_filter.setQuality(chosen < 0 ? std::nullopt : std::optional(static_cast<CaseQuality>(chosen)));
        showState();
    });
    connect(m_split, &QComboBox::currentIndexChanged, this, [this] {
        const int chosen = m_split->currentData().toInt();
        m_filter.setSplit(chosen < 0 ? std::nullopt : std::optional(static_cast<CaseSplit>(chosen)));
        showState();
    });
    connect(&m_model, &DatasetModel::rowsInserted, this, &DataTable::showState);
    connect(&m_model, &DatasetModel::modelReset, this, &DataTable::showState);
    connect(&m_model, &DatasetModel::dataChanged, this, [this](const QModelIndex &, const QModelIndex &last) {
        if (last.column() == DatasetModel::Quality)
            showState();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &DataTable::showState);
    connect(m_table, &QTableView::doubleClicked, this, &DataTable::openChosen);
    connect(m_table, &QWidget::customContextMenuRequested, this, &DataTable::showMenu);
    connect(m_review, &QPushButton::clicked, this, &DataTable::openChosen);
    connect(m_network, &QPushButton::clicked, this, [this] {
        if (const auto *entry = chosen())
            Q_EMIT networkRequested(*entry);
    });
    connect(m_copy, &QPushButton::clicked, this, &DataTable::copyReason);
    m_table->installEventFilter(this);
    setTabOrder(m_text, m_quality);
    setTabOrder(m_quality, m_split);
    setTabOrder(m_split, m_table);
    setTabOrder(m_table, m_review);
    setTabOrder(m_review, m_network);
    setTabOrder(m_network, m_copy);
    showState();
}

void DataTable::setTheme(const Theme &theme)
{
    m_delegate->setTheme(theme);
    m_review->setIcon(icon(QStringLiteral("view-split-left-right")));
    m_network->setIcon(icon(QStringLiteral("view-visible")));
    m_copy->setIcon(icon(QStringLiteral("edit-copy")));
    m_table->viewport()->update();
}

void DataTable::clear()
{
    m_text->clear();
    m_quality->setCurrentIndex(0);
    m_split->setCurrentIndex(0);
    m_model.clear();
    m_table->sortByColumn(DatasetModel::Case, Qt::AscendingOrder);
}

bool DataTable::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress) {
        const auto key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            openChosen();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void DataTable::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_settle.start();
}

void DataTable::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_settle.start();
}

const DataCase *DataTable::chosen() const
{
    const auto rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : &m_model.at(m_filter.mapToSource(rows.first()).row());
}

void DataTable::wantPictures()
{
    if (!isVisible())
        return;
    const int first = m_table->rowAt(0);
    QStringList files;
    if (first >= 0) {
        const int last = m_table->rowAt(m_table->viewport()->height() - 1);
        const int end = last < 0 ? m_filter.rowCount() : last + 1;
        for (int row = first; row < end; ++row)
            files << m_filter.index(row, DatasetModel::Picture).data(DatasetModel::FileRole).toString();
    }
    m_pictures.want(files);
}

void DataTable::showState()
{
    const auto *entry = chosen();
    m_review->setEnabled(entry);
    m_network->setEnabled(entry);
    m_copy->setEnabled(entry && !entry->reason.isEmpty());
    m_reason->setText(entry ? entry->reason : QString());
    auto text = m_model.summary();
    if (m_filter.filters())
        text = tr("%1 shown of %2").arg(m_filter.rowCount()).arg(text);
    m_summary->setText(text);
}

void DataTable::copyReason()
{
    if (const auto *entry = chosen(); entry && !entry->reason.isEmpty()) {
        QApplication::clipboard()->setText(QStringLiteral("%1: %2").arg(entry->id, entry->reason));
        Q_EMIT reasonCopied(entry->reason);
    }
}

void DataTable::openChosen()
{
    if (const auto *entry = chosen())
        Q_EMIT reviewRequested(*entry);
}

void DataTable::showMenu(const QPoint &at)
{
    if (!chosen())
        return;
    auto *menu = new QMenu(this);
    menu->setObjectName("data.menu");
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (auto *button : {m_review, m_network, m_copy}) {
        auto *action = menu->addAction(button->icon(), button->text(), button, &QPushButton::click);
        action->setEnabled(button->isEnabled());
    }
    menu->popup(m_table->viewport()->mapToGlobal(at));
}

} // namespace consilium::app
