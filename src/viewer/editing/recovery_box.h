// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/editing/edit_autosave.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace consilium::viewer {

/// Offers unsaved work of the case, the newest first; hidden while there is none. Object names: review.edit.recovery,
/// .recoveryText, .recover, .recoverDiscard.
class RecoveryBox : public QWidget
{
    Q_OBJECT

public:
    explicit RecoveryBox(EditAutosave &autosave, QWidget *parent = nullptr);

    /// Looks what there is of the case set, and shows it when it is known.
    void refresh();

Q_SIGNALS:
    void failed(const QString &message);

private:
    void take(const UnsavedEdits &found);
    void showNext();

    EditAutosave &m_autosave;
    std::vector<UnsavedEdit> m_edits;
    QLabel *m_text;
};

} // namespace consilium::viewer
