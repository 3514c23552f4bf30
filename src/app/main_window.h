// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/open_study.h"
#include "app/settings.h"
#include "core/theme.h"
#include "viewer/actions/action_table.h"

#include <QMainWindow>
#include <filesystem>
#include <memory>
#include <vector>

class QToolButton;

namespace Ui {
class MainWindow;
}

namespace consilium::app {

class DataPage;
class FederationPage;
class ReviewPage;
class SettingsPage;
class StudiesPage;

/// The window: rail, title bar, pages, status line. Builds the pages, connects them and remembers its geometry.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    struct Options
    {
        std::filesystem::path demoFolder; ///< where the demo's study goes; empty: a fresh folder for each
        bool remember = true;             ///< geometry and theme, between runs
    };

    MainWindow(const Theme &theme, Options options, QWidget *parent = nullptr);
    ~MainWindow() override;

    void openStudy(const std::filesystem::path &folder);
    void openInReview(const std::vector<std::filesystem::path> &paths);

    const OpenStudy &study() const { return m_study; }
    const Theme &theme() const { return m_theme; }

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void addPage(QToolButton *button, QWidget *page, const char *iconName);
    void showPage(QWidget *page);
    void setTheme(const Theme &theme);
    void toggleTheme();
    void dress();
    void connectSettings();
    void showContext();
    void say(const QString &sentence);
    void showStatus();

    Options m_options;
    Theme m_theme;
    OpenStudy m_study;
    std::unique_ptr<viewer::SettingsStore> m_settings;
    viewer::ActionTable m_actions;
    Settings m_choices;
    std::unique_ptr<Ui::MainWindow> m_ui;
    StudiesPage *m_studies;
    DataPage *m_data;
    ReviewPage *m_review;
    FederationPage *m_federation;
    SettingsPage *m_settingsPage;
    struct Page
    {
        QToolButton *button;
        QWidget *page;
        QString iconName;
    };
    std::vector<Page> m_pages;
    QString m_lastEvent, m_readout; ///< what happened, and what the viewer says of the image under the pointer
    bool m_closing = false;
};

} // namespace consilium::app
