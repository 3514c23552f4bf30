// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"

#include <QFrame>

class QLabel;
class QPlainTextEdit;
class QToolButton;

namespace consilium::app {

/// A failure told on the page it concerns: sign and words, details folded underneath. Hidden while there is none.
class Notice : public QFrame
{
    Q_OBJECT

public:
    explicit Notice(QWidget *parent = nullptr);
    void setTheme(const Theme &theme);
    void tell(const QString &message, const QString &details = {});
    void clear();
    QString message() const;

private:
    QLabel *m_sign;
    QLabel *m_message;
    QToolButton *m_unfold;
    QToolButton *m_dismiss;
    QPlainTextEdit *m_details;
};

} // namespace consilium::app
