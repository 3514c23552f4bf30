// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/data_series.h"
#include "core/theme.h"

#include <QWidget>
#include <filesystem>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableWidget;
class QTableWidgetItem;

namespace consilium::app {

class Notice;

/// What a person picked for import.
struct ImportRequest
{
    std::filesystem::path from, to;
    QStringList series; ///< UIDs; empty: all
    bool deidentify = true;

    /// Of `consilium-node`.
    QStringList arguments() const;
};

/// Nothing when a program may write a new folder there; else one line that says why not.
QString whyNotInto(const std::filesystem::path &folder);

/// The DICOM series of a folder, with a tick and a picture each, and where they are to go.
///
/// Object names: data.import.series, .folder, .out, .chooseOut, .deidentify, .start, .back, .all, .notice, .state.
class ImportView : public QWidget
{
    Q_OBJECT

public:
    explicit ImportView(QWidget *parent = nullptr);
    void setTheme(const Theme &theme);

    /// Looks for series in a folder, or in one file.
    void look(const std::filesystem::path &folder);
    void setOut(const std::filesystem::path &folder);

Q_SIGNALS:
    void importRequested(const consilium::app::ImportRequest &request);
    void backRequested();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void list(const std::vector<FoundSeries> &series, int skipped);
    void tick(bool all);
    void showCount();
    void chooseOut();
    void start();
    QStringList ticked() const;

    SeriesFinder m_finder;
    std::filesystem::path m_from;
    std::vector<FoundSeries> m_series;
    Notice *m_notice;
    QLabel *m_folder, *m_state;
    QTableWidget *m_table;
    QCheckBox *m_all, *m_deidentify;
    QLineEdit *m_out;
    QPushButton *m_start, *m_back, *m_chooseOut;
};

} // namespace consilium::app
