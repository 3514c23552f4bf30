// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/data_model.h"
#include "app/data_thumbnails.h"
#include "core/theme.h"

#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;

namespace consilium::app {

class DatasetDelegate;

/// The cases of a dataset with a line to filter them, their sum in words, and what can be done with the one chosen.
/// Pictures are asked for of the rows in sight alone.
///
/// Object names: data.table, data.filter, data.quality, data.split, data.summary, data.review, data.network,
/// data.copyReason, data.reason.
class DataTable : public QWidget
{
    Q_OBJECT

public:
    /// `pictureFolder`: where thumbnails are kept; empty: nowhere.
    explicit DataTable(std::filesystem::path pictureFolder, QWidget *parent = nullptr);
    void setTheme(const Theme &theme);

    DatasetModel &model() { return m_model; }
    const ThumbnailStore &pictures() const { return m_pictures; }
    /// Begins anew, for another dataset.
    void clear();

Q_SIGNALS:
    void reviewRequested(const consilium::app::DataCase &entry);
    void networkRequested(const consilium::app::DataCase &entry);
    void reasonCopied(const QString &reason);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    const DataCase *chosen() const;
    void wantPictures();
    void showState();
    void copyReason();
    void openChosen();
    void showMenu(const QPoint &at);

    DatasetModel m_model;
    DatasetFilter m_filter;
    ThumbnailStore m_pictures;
    DatasetDelegate *m_delegate;
    QTimer m_settle; ///< scrolling has paused
    QTableView *m_table;
    QLineEdit *m_text;
    QComboBox *m_quality, *m_split;
    QLabel *m_summary, *m_reason;
    QPushButton *m_review, *m_network, *m_copy;
};

} // namespace consilium::app
