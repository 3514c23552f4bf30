// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/canvas/canvas_linker.h"

#include <QStringList>
#include <QWidget>

class QComboBox;
class QLabel;
class QMenu;
class QProgressBar;
class QSlider;
class QToolButton;

namespace consilium::viewer {

class ActionTable;
class FlowRow;

/// The controls above the images: what is shown, how, and what canvases share. It holds no state of the case; it
/// reports what was chosen and shows what it is told, without reporting that back.
class ReviewBar : public QWidget
{
    Q_OBJECT

public:
    explicit ReviewBar(QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    void setCases(const QStringList &titles);
    void setCurrentCase(int index);
    void setChannels(const QStringList &names, int current);
    /// `ids` are the data of the entries.
    void setLayouts(const QStringList &titles, const QStringList &ids, const QString &current);
    void setCurrentLayout(const QString &id);
    /// What can lie over the images.
    void setOverlays(const QStringList &names, int current);
    void setOverlayStyle(const OverlayStyle &style);
    void setDisplay(const CanvasDisplay &display);
    void setWindowPresets(const QStringList &names);
    void setBusy(bool busy);
    /// A blinded reading session says itself which case comes and what is shown of it.
    void setChoicesEnabled(bool enabled);
    /// Tool tips tell the keys.
    void describe(ActionTable &actions);

Q_SIGNALS:
    void caseChosen(int index);
    void channelChosen(int index);
    void layoutChosen(const QString &id);
    void overlayChosen(int index);
    void linksChanged(const consilium::viewer::CanvasLinks &links);
    void overlayStyleChosen(const consilium::viewer::OverlayStyle &style);
    void displayChosen(const consilium::viewer::CanvasDisplay &display);
    void windowPresetChosen(int index);
    void windowCopyRequested();
    void fitRequested();
    void openRequested();

private:
    QComboBox *addCombo(const char *name, const QString &accessibleName, int widest);
    QToolButton *addButton(const char *name, const char *icon, const QString &text, const QString &tip);
    QToolButton *addLink(const char *name, const QString &text, const QString &tip, bool CanvasLinks::*link);
    void addGap();
    void fillDisplayMenu();
    void reportStyle();

    FlowRow *m_row;
    QComboBox *m_case, *m_channel, *m_layout, *m_overlay;
    QToolButton *m_previous, *m_next, *m_fit, *m_window;
    QLabel *m_count;
    QToolButton *m_visible, *m_fill, *m_look;
    QMenu *m_windowMenu, *m_lookMenu;
    QSlider *m_opacity;
    QProgressBar *m_busy;
    CanvasLinks m_links;
    CanvasDisplay m_display;
    double m_outline = 1.5;
};

} // namespace consilium::viewer
