// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/canvas/canvas_linker.h"

#include <QStringList>
#include <QWidget>

class QComboBox;
class QHBoxLayout;
class QLabel;
class QProgressBar;
class QSlider;
class QToolButton;

namespace consilium::viewer {

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
    void setLayouts(const QStringList &names);
    void setCurrentLayout(int index);
    /// What the planes can be overlaid with.
    void setOverlays(const QStringList &names, int current);
    /// The overlay choice matters in the planes alone; columns have one overlay each.
    void setOverlayChoiceVisible(bool visible);
    void setOverlayStyle(const OverlayStyle &style);
    void setBusy(bool busy);

Q_SIGNALS:
    void caseChosen(int index);
    void channelChosen(int index);
    void layoutChosen(int index);
    void overlayChosen(int index);
    void linksChanged(const consilium::viewer::CanvasLinks &links);
    void overlayStyleChosen(const consilium::viewer::OverlayStyle &style);
    void fitRequested();
    void autoWindowRequested();
    void openRequested();

private:
    QComboBox *addCombo(const char *name, const QString &accessibleName, int widest);
    QToolButton *addButton(const char *name, const char *icon, const QString &text, const QString &tip);
    QToolButton *addLink(const char *name, const QString &text, const QString &tip, bool CanvasLinks::*link);
    void addGap();
    void reportStyle();

    QHBoxLayout *m_row;
    QComboBox *m_case, *m_channel, *m_layout, *m_overlay;
    QToolButton *m_previous, *m_next;
    QLabel *m_count;
    QToolButton *m_visible, *m_fill;
    QSlider *m_opacity;
    QProgressBar *m_busy;
    CanvasLinks m_links;
};

} // namespace consilium::viewer
