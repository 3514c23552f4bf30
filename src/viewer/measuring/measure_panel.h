// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/measuring/measuring.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QSortFilterProxyModel;
class QTableView;
class QTabWidget;
class QToolButton;
class QVBoxLayout;

namespace consilium::viewer {

class AngleTable;
class LandmarkTable;
class MeasurementTable;

/// Landmarks, angles and measurements of a case as tables: choosing a row selects it on the canvases and asks to look
/// there. Undo, redo and save stand below.
class MeasurePanel : public QWidget
{
    Q_OBJECT

public:
    /// The measuring must outlive the panel.
    explicit MeasurePanel(Measuring &measuring, QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    std::vector<ToolEntry> tools() const { return m_measuring.tools(); }
    QSize sizeHint() const override { return {280, 420}; }

Q_SIGNALS:
    void jumpRequested(const consilium::imaging::Vec3 &patient);

private:
    QWidget *landmarkPage();
    QWidget *anglePage();
    QWidget *measurementPage();
    QWidget *footer();
    void showCase();
    void showSets();
    void showState();
    void showSelection();
    void jumpToLandmark(int row);
    void jumpToMeasurement(int row);
    void deleteMeasurement();
    void say(const QString &message, bool isFault);

    Measuring &m_measuring;
    Theme m_theme;
    QTabWidget *m_tabs = nullptr;
    LandmarkTable *m_landmarkModel = nullptr;
    QSortFilterProxyModel *m_sorted = nullptr;
    AngleTable *m_angleModel = nullptr;
    MeasurementTable *m_measurementModel = nullptr;
    QTableView *m_landmarks = nullptr, *m_angles = nullptr, *m_measurements = nullptr;
    QLabel *m_placed = nullptr, *m_noMeasurements = nullptr, *m_message = nullptr;
    QVBoxLayout *m_setColumn = nullptr;
    QToolButton *m_startFrom = nullptr, *m_delete = nullptr, *m_undo = nullptr, *m_redo = nullptr, *m_save = nullptr;
    QCheckBox *m_drawAngles = nullptr;
    QComboBox *m_whose = nullptr;
    bool m_selecting = false; ///< the panel follows the canvas: nothing to jump to
};

} // namespace consilium::viewer
