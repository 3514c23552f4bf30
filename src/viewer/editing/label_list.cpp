// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/label_list.h"

#include "viewer/canvas/colours.h"
#include "viewer/editing/edit_label_model.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QSignalBlocker>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

namespace consilium::viewer {

LabelList::LabelList(LabelEditor &editor, QWidget *parent)
    : QWidget(parent), m_editor(editor), m_model(new EditLabelModel(editor, this)), m_table(new QTableView(this)),
      m_active(new QLabel(this))
{
    m_table->setObjectName(QStringLiteral("review.edit.labels"));
    m_table->setAccessibleName(tr("Labels"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setTabKeyNavigation(false);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->verticalHeader()->hide();
    auto *header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setMinimumSectionSize(24);
    header->setSectionResizeMode(EditLabelModel::Name, QHeaderView::Stretch);
    header->setSectionResizeMode(EditLabelModel::Volume, QHeaderView::ResizeToContents);
    header->setSectionResizeMode(EditLabelModel::Lock, QHeaderView::ResizeToContents);
    m_active->setObjectName(QStringLiteral("review.edit.activeLabel"));
    m_active->setWordWrap(true);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_table);
    column->addWidget(m_active);

    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &now) { m_editor.setActiveLabel(now.row() + 1); });
    connect(&editor, &LabelEditor::labelListChanged, this, &LabelList::showActive);
    showActive();
}

void LabelList::setTheme(const Theme &theme)
{
    QFont caption = font();
    caption.setPixelSize(theme.captionSize);
    m_table->horizontalHeader()->setFont(caption);
    m_table->verticalHeader()->setDefaultSectionSize(theme.row);
    m_active->setFont(caption);
    m_model->setRim(colour(theme.window));
    layout()->setSpacing(theme.step);
    fitRows();
}

// As high as its rows, six at most: the panel scrolls, not a list within it.
void LabelList::fitRows()
{
    constexpr int kMostRows = 6;
    const int rows = std::min(m_model->rowCount(), kMostRows);
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() +
                            rows * m_table->verticalHeader()->defaultSectionSize() + 2 * m_table->frameWidth());
}

void LabelList::showActive()
{
    {
        const QSignalBlocker quiet(m_table->selectionModel());
        m_table->setCurrentIndex(m_model->index(m_editor.activeLabel() - 1, EditLabelModel::Name));
    }
    m_table->viewport()->update();
    const EditLabel &label = m_editor.labelList()[static_cast<std::size_t>(m_editor.activeLabel())];
    m_active->setText(label.locked ? tr("%1 is active and locked: nothing is painted").arg(label.name)
                                   : tr("Painting %1").arg(label.name));
    fitRows();
}

} // namespace consilium::viewer
