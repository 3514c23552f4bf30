// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/data_import.h"

#include "app/notice.h"
#include "app/theme_style.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QVBoxLayout>

namespace consilium::app {

namespace fs = std::filesystem;

namespace {

enum Column { Tick, Picture, Modality, Description, Patient, Images, Matrix, Remarks, ColumnCount };
constexpr int pictureSide = 56;

QString display(const fs::path &path)
{
    return QString::fromStdU16String(path.u16string());
}
fs::path toPath(const QString &text)
{
    return text.toStdU16String();
}

/// Shows, and is not edited.
QTableWidgetItem *shown(const QString &text)
{
    auto *item = new QTableWidgetItem(text);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    return item;
}

/// One series of a UID may be listed as several volumes; they are imported together.
QString titleOf(const FoundSeries &series)
{
    const auto title = series.description.isEmpty() ? ImportView::tr("no description") : series.description;
    return series.part.isEmpty() ? title : QStringLiteral("%1 (%2)").arg(title, series.part);
}

} // namespace

QStringList ImportRequest::arguments() const
{
    QStringList all{"import", "--dicom", display(from), "--out", display(to), "--events"};
    for (const auto &uid : series)
        all << "--series" << uid;
    if (deidentify)
        all << "--deidentify";
    return all;
}

QString whyNotInto(const fs::path &folder)
{
    std::error_code error;
    if (folder.empty())
        return ImportView::tr("Choose a folder to write to.");
    if (!fs::exists(folder, error))
        return {};
    if (!fs::is_directory(folder, error))
        return ImportView::tr("%1 is a file. Choose a new folder.").arg(display(folder));
    if (!fs::is_empty(folder, error) || error)
        return ImportView::tr("%1 is not empty. Choose a new folder, so that nothing there is mixed or lost.")
            .arg(display(folder));
    return {};
}

ImportView::ImportView(QWidget *parent)
    : QWidget(parent), m_notice(new Notice), m_folder(new QLabel), m_state(new QLabel),
      m_table(new QTableWidget(0, ColumnCount)), m_all(new QCheckBox(tr("All series"))),
      m_deidentify(new QCheckBox(tr("Remove what identifies the patient"))), m_out(new QLineEdit),
      m_start(new QPushButton), m_back(new QPushButton(tr("Back to the cases"))),
      m_chooseOut(new QPushButton(tr("Choose…")))
{
    const std::pair<QWidget *, const char *> named[] = {
        {m_notice, "notice"}, {m_folder, "folder"},         {m_state, "state"}, {m_table, "series"},
        {m_all, "all"},       {m_deidentify, "deidentify"}, {m_out, "out"},     {m_start, "start"},
        {m_back, "back"},     {m_chooseOut, "chooseOut"}};
    for (const auto &[widget, name] : named)
        widget->setObjectName(QStringLiteral("data.import.") + QLatin1String(name));
    auto *title = new QLabel(tr("Import from DICOM"));
    title->setProperty("role", "heading");
    m_folder->setProperty("role", "quiet");
    m_state->setProperty("role", "quiet");
    m_start->setProperty("role", "primary");
    m_deidentify->setChecked(true);
    m_deidentify->setToolTip(tr("Names, numbers and dates are left out, and pseudonyms stand for patients. The same "
                                "patient gets the same pseudonym every time on this computer."));
    m_table->setHorizontalHeaderLabels(
        {QString(), QString(), tr("Kind"), tr("Description"), tr("Patient"), tr("Images"), tr("Size"), tr("Remarks")});
    m_table->setAccessibleName(tr("Series found"));
    m_table->setProperty("role", "rows");
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->setShowGrid(false);
    m_table->setIconSize({pictureSide, pictureSide});
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(pictureSide + 8);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->setColumnWidth(Tick, 44);
    m_table->setColumnWidth(Picture, pictureSide + 24);
    m_table->setColumnWidth(Description, 280);
    m_table->setColumnWidth(Matrix, 150);
    m_out->setAccessibleName(tr("Folder to write to"));
    auto *outLabel = new QLabel(tr("Write to"));
    outLabel->setBuddy(m_out);

    auto *head = new QHBoxLayout;
    head->addWidget(title);
    head->addWidget(m_folder, 1);
    head->addWidget(m_back);
    auto *over = new QHBoxLayout;
    over->addWidget(m_all);
    over->addWidget(m_state, 1);
    auto *target = new QHBoxLayout;
    target->addWidget(outLabel);
    target->addWidget(m_out, 1);
    target->addWidget(m_chooseOut);
    auto *foot = new QHBoxLayout;
    foot->addWidget(m_deidentify);
    foot->addStretch();
    foot->addWidget(m_start);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(m_notice);
    layout->addLayout(over);
    layout->addWidget(m_table, 1);
    layout->addLayout(target);
    layout->addLayout(foot);

    connect(m_back, &QPushButton::clicked, this, [this] {
        m_finder.cancel();
        Q_EMIT backRequested();
    });
    connect(m_chooseOut, &QPushButton::clicked, this, &ImportView::chooseOut);
    connect(m_start, &QPushButton::clicked, this, &ImportView::start);
    connect(m_all, &QCheckBox::clicked, this, &ImportView::tick);
    connect(m_table, &QTableWidget::itemChanged, this, [this](const QTableWidgetItem *item) {
        if (item->column() == Tick)
            showCount();
    });
    connect(&m_finder, &SeriesFinder::reading, this,
            [this](int done, int total) { m_state->setText(tr("Reading headers: %1 of %2").arg(done).arg(total)); });
    connect(&m_finder, &SeriesFinder::found, this, &ImportView::list);
    connect(&m_finder, &SeriesFinder::pictured, this, [this](int row, const QImage &picture) {
        const QSignalBlocker quiet(m_table);
        if (auto *item = m_table->item(row, Picture))
            item->setIcon(QIcon(QPixmap::fromImage(picture)));
        m_table->viewport()->update();
    });
    connect(&m_finder, &SeriesFinder::failed, this, [this](const QString &message) {
        m_state->clear();
        m_notice->tell(message);
    });
    m_table->installEventFilter(this);
    setTabOrder(m_all, m_table);
    setTabOrder(m_table, m_out);
    setTabOrder(m_out, m_chooseOut);
    setTabOrder(m_chooseOut, m_deidentify);
    setTabOrder(m_deidentify, m_start);
    setTabOrder(m_start, m_back);
    showCount();
}

/// Space ticks the row, whichever of its cells the keyboard is at.
bool ImportView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_table || event->type() != QEvent::KeyPress ||
        static_cast<QKeyEvent *>(event)->key() != Qt::Key_Space)
        return QWidget::eventFilter(watched, event);
    if (auto *item = m_table->item(m_table->currentRow(), Tick); item && item->flags() & Qt::ItemIsUserCheckable)
        item->setCheckState(item->checkState() == Qt::Checked ? Qt::Unchecked : Qt::Checked);
    return true;
}

void ImportView::setTheme(const Theme &theme)
{
    m_notice->setTheme(theme);
    m_chooseOut->setIcon(icon(QStringLiteral("document-open-folder")));
    m_back->setIcon(icon(QStringLiteral("go-previous")));
}

void ImportView::look(const fs::path &folder)
{
    m_notice->clear();
    m_table->setRowCount(0);
    m_series.clear();
    m_from = folder;
    m_folder->setText(display(folder));
    m_state->setText(tr("Looking for DICOM images"));
    auto base = folder.lexically_normal();
    if (!base.has_filename())
        base = base.parent_path();
    setOut(base.parent_path() / (base.stem().u16string() + tr("-nifti").toStdU16String()));
    showCount();
    m_finder.find(folder);
}

void ImportView::setOut(const fs::path &folder)
{
    m_out->setText(display(folder));
}

void ImportView::list(const std::vector<FoundSeries> &series, int skipped)
{
    const QSignalBlocker quiet(m_table);
    m_series = series;
    m_table->setRowCount(static_cast<int>(series.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto &one = series[static_cast<std::size_t>(row)];
        auto *tick = shown({});
        tick->setFlags(one.isColour ? Qt::ItemIsSelectable
                                    : Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        tick->setCheckState(one.isColour ? Qt::Unchecked : Qt::Checked);
        tick->setData(Qt::AccessibleTextRole, tr("Import %1").arg(titleOf(one)));
        auto remarks = one.warnings;
        if (one.isColour)
            remarks.prepend(tr("colour: shown in Review, not imported"));
        auto *remark = shown(remarks.join(QStringLiteral("; ")));
        remark->setToolTip(remarks.join(QLatin1Char('\n')));
        auto size = QStringLiteral("%1 × %2 × %3").arg(one.columns).arg(one.rows).arg(one.slices);
        if (one.times > 1)
            size += tr(", %1 times").arg(one.times);
        m_table->setItem(row, Tick, tick);
        m_table->setItem(row, Picture, shown({}));
        m_table->setItem(row, Modality, shown(one.modality));
        m_table->setItem(row, Description, shown(titleOf(one)));
        m_table->setItem(row, Patient, shown(tr("patient %1").arg(one.patient)));
        m_table->setItem(row, Images, shown(QString::number(one.images)));
        m_table->setItem(row, Matrix, shown(size));
        m_table->setItem(row, Remarks, remark);
    }
    auto said =
        series.size() == 1 ? tr("1 series found") : tr("%n series found", nullptr, static_cast<int>(series.size()));
    if (skipped > 0)
        said += QStringLiteral("; ") +
                (skipped == 1 ? tr("1 file holds no image") : tr("%n files hold no image", nullptr, skipped));
    m_state->setText(said);
    showCount();
}

QStringList ImportView::ticked() const
{
    QStringList uids;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto &uid = m_series[static_cast<std::size_t>(row)].uid;
        if (m_table->item(row, Tick)->checkState() == Qt::Checked && !uids.contains(uid))
            uids << uid;
    }
    return uids;
}

void ImportView::tick(bool all)
{
    {
        const QSignalBlocker quiet(m_table);
        for (int row = 0; row < m_table->rowCount(); ++row)
            if (auto *item = m_table->item(row, Tick); item->flags() & Qt::ItemIsUserCheckable)
                item->setCheckState(all ? Qt::Checked : Qt::Unchecked);
    }
    m_table->viewport()->update();
    showCount();
}

void ImportView::showCount()
{
    int rows = 0, possible = 0;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto *item = m_table->item(row, Tick);
        if (!item)
            return;
        rows += item->checkState() == Qt::Checked;
        possible += (item->flags() & Qt::ItemIsUserCheckable) != 0;
    }
    m_all->setEnabled(possible > 0);
    m_all->setChecked(possible > 0 && rows == possible);
    m_start->setEnabled(rows > 0);
    m_start->setText(rows == 0   ? tr("Import")
                     : rows == 1 ? tr("Import 1 series")
                                 : tr("Import %n series", nullptr, rows));
}

void ImportView::chooseOut()
{
    auto *dialog = new QFileDialog(this, tr("Choose a new folder for the images"), m_out->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, m_out, &QLineEdit::setText);
    dialog->open();
}

void ImportView::start()
{
    const auto to = toPath(m_out->text().trimmed());
    if (const auto why = whyNotInto(to); !why.isEmpty())
        return m_notice->tell(why);
    m_notice->clear();
    Q_EMIT importRequested({m_from, to, ticked(), m_deidentify->isChecked()});
}

} // namespace consilium::app
