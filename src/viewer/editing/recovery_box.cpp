// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/recovery_box.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace consilium::viewer {

RecoveryBox::RecoveryBox(EditAutosave &autosave, QWidget *parent)
    : QWidget(parent), m_autosave(autosave), m_text(new QLabel(this))
{
    setObjectName(QStringLiteral("review.edit.recovery"));
    m_text->setObjectName(QStringLiteral("review.edit.recoveryText"));
    m_text->setWordWrap(true);
    auto *take = new QPushButton(tr("Go on with it"), this);
    take->setObjectName(QStringLiteral("review.edit.recover"));
    take->setAccessibleName(tr("Go on with the unsaved work"));
    auto *discard = new QPushButton(tr("Discard"), this);
    discard->setObjectName(QStringLiteral("review.edit.recoverDiscard"));
    discard->setAccessibleName(tr("Discard the unsaved work"));
    auto *row = new QHBoxLayout;
    row->addWidget(take);
    row->addWidget(discard);
    row->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_text);
    column->addLayout(row);

    connect(take, &QPushButton::clicked, this, [this] {
        if (!m_edits.empty())
            m_autosave.recover(m_edits.front().file);
    });
    connect(discard, &QPushButton::clicked, this, [this] {
        if (m_edits.empty())
            return;
        if (const auto removed = removeUnsaved(m_edits.front().file); !removed)
            Q_EMIT failed(QString::fromStdString(removed.error().line()));
        m_edits.erase(m_edits.begin());
        showNext();
    });
    // Taken up: what else there is stays for the next time.
    connect(&autosave, &EditAutosave::recovered, this, &QWidget::hide);
    connect(&autosave, &EditAutosave::found, this, &RecoveryBox::take);
    hide();
}

void RecoveryBox::refresh()
{
    m_edits.clear();
    showNext();
    m_autosave.look();
}

void RecoveryBox::take(const UnsavedEdits &found)
{
    m_edits = found.edits;
    for (const std::string &problem : found.problems)
        Q_EMIT failed(QString::fromStdString(problem));
    showNext();
}

void RecoveryBox::showNext()
{
    setVisible(!m_edits.empty());
    if (m_edits.empty())
        return;
    const EditRecord &record = m_edits.front().record;
    const auto when = QDateTime::fromMSecsSinceEpoch(record.saved.time_since_epoch().count());
    m_text->setText(
        tr("There is unsaved work on this case of %1: %n step(s).", nullptr, static_cast<int>(record.steps.size()))
            .arg(QLocale().toString(when, QLocale::ShortFormat)));
}

} // namespace consilium::viewer
