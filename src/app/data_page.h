// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/data_case.h"
#include "app/data_import.h"
#include "app/data_reader.h"
#include "app/data_thumbnails.h"
#include "app/review_sources.h"
#include "core/theme.h"

#include <QWidget>
#include <filesystem>
#include <vector>

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace consilium::app {

class DataTable;
class DataTaskStrip;
class DeidentifyView;
class NetworkView;
class Notice;
class OpenStudy;

/// The cases that a site learns from: which there are, whether they pass a quality check and why not, who trains and
/// who tests; import and de-identification of DICOM; and what the network sees of a case.
///
/// It lists the datasets of the open study's sites on this machine, and those opened before. Folders and files may be
/// dropped on it.
///
/// Object names: data.notice, .source, .open, .importDicom, .deidentify.show, .checkAgain, .empty, .emptyOpen, .task,
/// and those of DataTable, ImportView, DeidentifyView and NetworkView (data.importView, data.deidentifyView,
/// data.network View).
class DataPage : public QWidget
{
    Q_OBJECT

public:
    struct Options
    {
        std::filesystem::path cacheFolder; ///< pictures and verdicts; empty: the user's own
        QString node;                      ///< the program; empty: the one beside this
    };

    explicit DataPage(OpenStudy &study, QWidget *parent = nullptr);
    DataPage(OpenStudy &study, Options options, QWidget *parent = nullptr);
    ~DataPage() override;
    void setTheme(const Theme &theme);

    /// Opens a dataset in place.
    void openDataset(const std::filesystem::path &folder);
    /// What was dropped: a dataset is opened, DICOM goes to the series picker, other images to Review.
    void take(const std::vector<std::filesystem::path> &paths);

    DataTable &table() { return *m_table; }

Q_SIGNALS:
    void statusMessage(const QString &message);
    void reviewRequested(const std::vector<std::filesystem::path> &files);

protected:
    void showEvent(QShowEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void lookForDatasets();
    void offer(const ReviewSources &sources);
    void fillSources();
    void openFirst();
    void remember(const std::filesystem::path &folder);
    void chooseDataset();
    void chooseDicom();
    void showImport(const std::filesystem::path &from);
    void startImport(const ImportRequest &request);
    void startDeidentification(const QString &in, const QString &out);
    void importEnded(const ImportRequest &request, bool ok, const QString &message, const Json &report);
    void readingEnded(bool ok, const QString &message);
    void showNetwork(const DataCase &entry);
    bool ofStudy() const;
    std::uint64_t seedNow() const; ///< of the splits of the dataset shown
    QWidget *makeEmpty();
    void connectReader();

    OpenStudy &m_study;
    Options m_options;
    Notice *m_notice;
    QComboBox *m_source;
    QLabel *m_sourceLabel;
    QPushButton *m_open, *m_import, *m_deidentify, *m_check;
    QStackedWidget *m_stack;
    QWidget *m_bar, *m_empty;
    DataTable *m_table;
    ImportView *m_importView;
    DeidentifyView *m_deidentifyView;
    NetworkView *m_networkView;
    DataTaskStrip *m_strip;
    DatasetReader *m_reader;
    ReviewSources m_sources;
    std::filesystem::path m_folder; ///< of the dataset shown; empty: none
    DatasetInfo m_info;
    std::uint64_t m_seed = 0; ///< that the splits shown were made with
    bool m_looking = false;
};

} // namespace consilium::app
