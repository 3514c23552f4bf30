// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/canvas/canvas_linker.h"
#include "viewer/cases/case_loader.h"

#include <QWidget>
#include <filesystem>
#include <map>
#include <memory>
#include <vector>

class QLabel;
class QPushButton;
class QStackedWidget;

namespace consilium::viewer {

class LesionPanel;
class ReviewBar;
class SurfaceView;

/// The Review page: three linked planes with a 3D view, or up to four columns side by side (image, reference, models),
/// with the list of findings at the right.
///
/// Keys: Page Up and Page Down go to the previous and next case, S shows or hides the overlay, A and D fade it.
/// Object names: review.caseCombo, .previousCase, .nextCase, .caseCount, .channelCombo, .layoutCombo, .overlayCombo,
/// .overlayVisible, .fill, .opacity, .linkPosition, .linkZoom, .linkContrast, .linkOverlay, .fit, .autoWindow, .open,
/// .openImages (empty page), .canvas.axial, .canvas.coronal, .canvas.sagittal, .canvas.column1 to .canvas.column4,
/// .surface, .lesionTable, .lesionTitle.
class ReviewView : public QWidget
{
    Q_OBJECT

public:
    enum class Layout { Planes, SideBySide };

    explicit ReviewView(QWidget *parent = nullptr);
    ~ReviewView() override;

    void setTheme(const Theme &theme);
    void setLayout(Layout layout);
    Layout currentLayout() const { return m_layout; }

    /// Lists these case.json files and opens the first. An empty list empties the page.
    void openCases(const std::vector<std::filesystem::path> &caseJsonFiles);
    /// Lists the cases found in files and folders (see findCases) and opens the first.
    void openFiles(const std::vector<std::filesystem::path> &paths);
    /// Opens the n-th listed case, counted from 0; out of range does nothing.
    void showCase(int index);

    /// The case on the screen; null while there is none.
    const ReviewCase *currentCase() const { return m_case ? &m_case->opened : nullptr; }
    const CaseFindings *currentFindings() const { return m_case ? &m_case->findings : nullptr; }
    const imaging::Vec3 &cursor() const { return m_cursor; }
    void setCursorPosition(const imaging::Vec3 &patient);

Q_SIGNALS:
    void caseOpened(const QString &title); ///< it is on the screen now
    void statusMessage(const QString &text);
    void errorOccurred(const QString &message);

private:
    QWidget *makeEmptyPage();
    QWidget *makeCasePage();
    QWidget *makePlanes();
    QWidget *makeColumns();
    void connectBar();
    void addShortcuts();

    void listCases(std::vector<CaseSource> sources);
    void chooseFiles();
    void present(std::shared_ptr<const LoadedCase> loaded);
    void showFlat();
    void showChannel(int index);
    void showOverlay(int choice);
    void fillColumns();
    void autoWindow();
    void followCursor(const imaging::Vec3 &patient);
    void maximise(QWidget *view);
    QString note(int segmentation) const;
    Overlay overlay(int segmentation) const;

    Theme m_theme;
    Layout m_layout = Layout::Planes;
    std::vector<CaseSource> m_sources;
    int m_index = -1;
    std::shared_ptr<const LoadedCase> m_case;
    std::size_t m_channel = 0;
    std::map<std::size_t, Window> m_windows; // per channel, as the reader left it
    int m_overlayChoice = 0;
    imaging::Vec3 m_cursor{};

    CaseLoader *m_loader;
    CanvasLinker *m_linker;
    QStackedWidget *m_pages, *m_views = nullptr;
    ReviewBar *m_bar = nullptr;
    QLabel *m_welcome = nullptr;
    std::vector<SliceCanvas *> m_planes, m_columns;
    SurfaceView *m_surface = nullptr;
    LesionPanel *m_panel = nullptr;
    QWidget *m_maximised = nullptr;
    QWidget *m_flat = nullptr; // maximised because the case is one plane
};

} // namespace consilium::viewer
