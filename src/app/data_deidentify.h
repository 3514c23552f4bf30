// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"

#include <QWidget>
#include <filesystem>

class QLabel;
class QLineEdit;
class QPushButton;

namespace consilium::app {

class Notice;

/// Copies a folder of DICOM files without what identifies patients: from where, to where, and what is left out.
///
/// Object names: data.deidentify.in, .out, .chooseIn, .chooseOut, .start, .back, .notice.
class DeidentifyView : public QWidget
{
    Q_OBJECT

public:
    explicit DeidentifyView(QWidget *parent = nullptr);
    void setTheme(const Theme &theme);
    /// Names the folder to copy, and a new one beside it.
    void setIn(const std::filesystem::path &folder);

Q_SIGNALS:
    void deidentifyRequested(const QString &in, const QString &out);
    void backRequested();

private:
    void choose(QLineEdit *line, const QString &title);
    void start();

    Notice *m_notice;
    QLineEdit *m_in, *m_out;
    QPushButton *m_chooseIn, *m_chooseOut, *m_start, *m_back;
};

} // namespace consilium::app
