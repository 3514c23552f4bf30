// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/editing/edit_tools.h"

#include <QWidget>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;

namespace consilium::viewer {

class ValueRangeBox;

/// What region grow takes in, and filling between slices. Object names: review.edit.growRange.low, .high and
/// .fromImage, review.edit.growDistance, .growVolume, .growCount, .fillPlane, .fillBetween.
class RegionBox : public QWidget
{
    Q_OBJECT

public:
    RegionBox(LabelEditor &editor, EditTools &tools, EditWork &work, QWidget *parent = nullptr);

    /// The plane to fill between slices of: that of the canvas worked in.
    void setPlane(Plane plane);
    QLabel *count() { return m_count; }

private:
    void setLimits();
    void takeFromImage();
    void show(qint64 voxels, double millilitres, bool limited);

    LabelEditor &m_editor;
    EditSettings &m_settings;
    ValueRangeBox *m_range;
    QDoubleSpinBox *m_distance, *m_volume;
    QLabel *m_count;
    QComboBox *m_plane;
    QPushButton *m_fill;
};

} // namespace consilium::viewer
