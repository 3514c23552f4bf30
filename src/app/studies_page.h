// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "storage/study.h"

#include <QWidget>
#include <filesystem>
#include <memory>

class QListWidgetItem;

namespace Ui {
class StudiesPage;
}

namespace consilium::app {

class Notice;
class OpenStudy;

/// Where the window begins: try the demo, open a study folder, go back to a recent one.
class StudiesPage : public QWidget
{
    Q_OBJECT

public:
    /// `demoFolder`: where the demo's study goes; empty: a fresh folder under the user's data folder each time.
    StudiesPage(OpenStudy &study, std::filesystem::path demoFolder, QWidget *parent = nullptr);
    ~StudiesPage() override;
    void setTheme(const Theme &theme);

Q_SIGNALS:
    /// The reader wants to see the open study's rounds.
    void watchRequested();

private:
    void startDemo();
    void showDemo();
    void demoFinished(bool ok, const QString &message);
    void showProgress(const storage::StudySnapshot &study);
    void chooseFolder();
    void openRecent(const QListWidgetItem *item);
    void remember(const std::filesystem::path &folder, const QString &title);
    void listRecent();
    std::filesystem::path freshDemoFolder() const;

    OpenStudy &m_study;
    std::filesystem::path m_demoFolder;
    std::unique_ptr<Ui::StudiesPage> m_ui;
    Notice *m_notice;
};

} // namespace consilium::app
