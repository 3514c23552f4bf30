// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/editing/edit_settings.h"
#include "viewer/editing/label_editor.h"

#include <QWidget>

class QCheckBox;
class QDoubleSpinBox;
class QSlider;

namespace consilium::viewer {

class ValueRangeBox;

/// How the brush paints: size in mm, 2D or 3D, pen pressure, and which values of the image it reaches.
/// Object names: review.edit.brushSize (number), .brushSlider, .ball, .pressure, .threshold, .thresholdRange.low, .high
/// and .fromImage.
class BrushBox : public QWidget
{
    Q_OBJECT

public:
    BrushBox(LabelEditor &editor, EditSettings &settings, QWidget *parent = nullptr);

private:
    void show(const EditSettings &settings);
    void setThreshold();
    void takeFromImage();

    LabelEditor &m_editor;
    QDoubleSpinBox *m_size;
    QSlider *m_slider;
    QCheckBox *m_ball, *m_pressure, *m_threshold;
    ValueRangeBox *m_range;
};

} // namespace consilium::viewer
