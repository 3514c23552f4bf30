// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/actions/action_table.h"
#include "viewer/canvas/canvas_linker.h"
#include "viewer/cases/case_loader.h"
#include "viewer/hung_case.h"

#include <QWidget>
#include <filesystem>
#include <map>
#include <memory>
#include <vector>

class QLabel;
class QPushButton;
class QStackedWidget;
class QTabWidget;

namespace consilium::viewer {

class EditDesk;
class LesionPanel;
class MeasurePanel;
class Measuring;
class ReadingDesk;
class ReviewBar;
class SurfaceView;
class ToolStrip;

/// The Review page: any image of a case with any model's answer in any layout of linked views, the tools at the left
/// and the panels at the right.
///
/// Object names: review.caseCombo, .previousCase, .nextCase, .caseCount, .channelCombo, .layoutCombo, .overlayCombo,
/// .overlayVisible, .fill, .opacity, .linkPosition, .linkZoom, .linkContrast, .linkOverlay, .fit, .window, .display,
/// .open, .openImages (empty page), .canvas.<view>, .view.<view>.title and .link (see Viewport), .surface, .tool.<id>,
/// .panels, .lesionTable, .lesionTitle.
class ReviewView : public QWidget
{
    Q_OBJECT

public:
    enum class Panel { Findings, Measure, Edit, Reading };

    /// What keys do is put in `actions`; `settings` keeps the layout per kind of case. Both outlive the view.
    ReviewView(ActionTable &actions, SettingsStore &settings, QWidget *parent = nullptr);
    ~ReviewView() override;

    void setTheme(const Theme &theme);
    void setScheme(const QString &id); ///< of the mouse, see pointerSchemes
    void setMemoryBudget(std::int64_t bytes);
    /// In the names of what the reader saves, and of reading sessions.
    void setReader(const QString &name);
    /// Where reading sessions are kept; empty: beside the cases.
    void setStudyFolder(const std::filesystem::path &study);
    /// By id ("planes", "side-by-side"); one that the case's kind does not have does nothing.
    void setLayout(const QString &id);
    QString currentLayout() const { return m_layout; }

    /// Lists these case.json files and opens the first. An empty list empties the page.
    void openCases(const std::vector<std::filesystem::path> &caseJsonFiles);
    /// Lists the cases found in files and folders (see findCases) and opens the first.
    void openFiles(const std::vector<std::filesystem::path> &paths);
    /// Opens the n-th listed case, counted from 0; out of range does nothing.
    void showCase(int index);
    /// Loads the n-th listed case as the earlier one, beside which the present one is seen.
    void comparePrior(int index);

    /// The case on the screen; null while there is none.
    const ReviewCase *currentCase() const { return m_hung.loaded() ? &m_hung.opened() : nullptr; }
    const CaseFindings *currentFindings() const { return m_hung.loaded() ? &m_hung.loaded()->findings : nullptr; }
    int currentIndex() const { return m_index; }
    const std::vector<CaseSource> &cases() const { return m_sources; }
    const imaging::Vec3 &cursor() const { return m_linker->cursor(); }
    void setCursorPosition(const imaging::Vec3 &patient);
    /// Applies the n-th preset of the active view's image.
    void applyPreset(int preset);
    CanvasLinker &linker() { return *m_linker; }
    void showPanel(Panel panel);
    EditDesk &editDesk() { return *m_edit; }
    Measuring &measuring() { return *m_measuring; }
    ReadingDesk &readingDesk() { return *m_reading; }
    ToolStrip &tools() { return *m_tools; }

Q_SIGNALS:
    void caseOpened(const QString &title); ///< it is on the screen now, whole
    void statusMessage(const QString &text);
    void errorOccurred(const QString &message);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QWidget *makeEmptyPage();
    QWidget *makeCasePage();
    void connectBar();
    void connectPanels();
    void connectReading();
    void giveCaseToPanels();
    void readCase(const QString &id, const QString &left, const QString &right);
    void showSides();
    void addActions(ActionTable &actions);
    void prepare(Viewport *viewport);

    void listCases(std::vector<CaseSource> sources);
    void chooseFiles();
    void present(std::shared_ptr<const LoadedCase> loaded, bool whole);
    void offerLayouts();
    void hang(const QString &layout);
    void fillViews();
    void fillView(Viewport &viewport);
    void fillContentMenu(Viewport &viewport);
    void change(Viewport &viewport, const ViewContent &content);
    void offerOverlays();
    void showChannel(int index);
    void showOverlay(int choice);
    void giveWindow(Viewport &viewport);
    void copyWindow();
    void offerPresets();
    void changeDisplay(const std::function<void(CanvasDisplay &)> &change);
    void undo(bool again);
    void leaf(int cases);
    void followCursor(const imaging::Vec3 &patient);
    const ViewContent &activeContent() const;
    std::string kind() const;

    SettingsStore &m_settings;
    Theme m_theme;
    QString m_layout;
    std::vector<HangingLayout> m_layouts;
    std::string m_kind; // that they are for
    std::vector<CaseSource> m_sources;
    int m_index = -1;
    HungCase m_hung;
    bool m_partly = false;            // shown while it is still being read
    std::map<QString, int> m_presets; // by image's name, as the reader left them
    std::map<int, Window> m_windows;  // by image of this case
    CanvasDisplay m_display;

    CaseLoader *m_loader, *m_priorLoader;
    CanvasLinker *m_linker;
    QStackedWidget *m_pages;
    ReviewBar *m_bar = nullptr;
    ToolStrip *m_tools = nullptr;
    ViewportGrid *m_grid = nullptr;
    QTabWidget *m_panels = nullptr;
    QLabel *m_welcome = nullptr;
    SurfaceView *m_surface = nullptr;
    LesionPanel *m_lesions = nullptr;
    Measuring *m_measuring = nullptr;
    MeasurePanel *m_measure = nullptr;
    EditDesk *m_edit = nullptr;
    ReadingDesk *m_reading = nullptr;
    QString m_reader;
    std::filesystem::path m_study;
    QString m_left, m_right;   // models of the case that is read
    bool m_editedLast = false; // labels, not measurements: what undo means
};

} // namespace consilium::viewer
