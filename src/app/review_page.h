// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/review_sources.h"
#include "core/theme.h"

#include <QWidget>
#include <filesystem>
#include <vector>

class QComboBox;

namespace consilium::viewer {
class ActionTable;
class ReviewView;
class SettingsStore;
} // namespace consilium::viewer

namespace consilium::app {

class Notice;
class OpenStudy;

/// Images and segmentations side by side: the open study's test cases, the images of its sites on this machine, or any
/// files.
class ReviewPage : public QWidget
{
    Q_OBJECT

public:
    ReviewPage(OpenStudy &study, viewer::ActionTable &actions, viewer::SettingsStore &settings,
               QWidget *parent = nullptr);
    viewer::ReviewView &view() { return *m_view; }
    void setTheme(const Theme &theme);

    /// Shows files and folders that a person named.
    void openPaths(const std::vector<std::filesystem::path> &paths);

Q_SIGNALS:
    void statusMessage(const QString &message);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void look();
    void offer(const ReviewSources &sources);
    void fillSources();
    void openSource(int index);
    void openFirst();

    OpenStudy &m_study;
    Notice *m_notice;
    QWidget *m_bar;
    QComboBox *m_source;
    viewer::ReviewView *m_view;
    ReviewSources m_sources;
    std::vector<std::filesystem::path> m_files; ///< named by a person
    bool m_looking = false;
    bool m_opened = false; ///< something of this study, or a person's files, was opened
};

} // namespace consilium::app
