// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/brush_box.h"

#include "viewer/editing/image_values.h"
#include "viewer/editing/value_range_box.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QVBoxLayout>
#include <cmath>

namespace consilium::viewer {

namespace {

// Equal steps of the slider are equal ratios: a millimetre matters to a small brush and not to a large one.
constexpr int kSliderSteps = 200;

int sliderOf(double diameter)
{
    const double share = std::log(diameter / EditSettings::kSmallestDiameter) /
                         std::log(EditSettings::kLargestDiameter / EditSettings::kSmallestDiameter);
    return static_cast<int>(std::lround(share * kSliderSteps));
}

double diameterOf(int slider)
{
    const double diameter =
        EditSettings::kSmallestDiameter *
        std::pow(EditSettings::kLargestDiameter / EditSettings::kSmallestDiameter, double(slider) / kSliderSteps);
    return diameter < 10 ? std::round(diameter * 10) / 10 : std::round(diameter);
}

} // namespace

BrushBox::BrushBox(LabelEditor &editor, EditSettings &settings, QWidget *parent)
    : QWidget(parent), m_editor(editor), m_size(new QDoubleSpinBox(this)), m_slider(new QSlider(Qt::Horizontal, this)),
      m_ball(new QCheckBox(tr("3D"), this)), m_pressure(new QCheckBox(tr("Pen pressure"), this)),
      m_threshold(new QCheckBox(tr("Paint only these values"), this)),
      m_range(new ValueRangeBox(QStringLiteral("review.edit.thresholdRange"), tr("Values to paint"), this))
{
    m_size->setObjectName(QStringLiteral("review.edit.brushSize"));
    m_size->setAccessibleName(tr("Brush diameter in millimetres"));
    m_size->setToolTip(tr("Diameter of brush, eraser and sphere ([ smaller, ] larger)"));
    m_size->setRange(EditSettings::kSmallestDiameter, EditSettings::kLargestDiameter);
    m_size->setDecimals(1);
    m_size->setSingleStep(0.5);
    m_size->setSuffix(tr(" mm"));
    m_slider->setObjectName(QStringLiteral("review.edit.brushSlider"));
    m_slider->setAccessibleName(tr("Brush size"));
    m_slider->setRange(0, kSliderSteps);
    m_ball->setObjectName(QStringLiteral("review.edit.ball"));
    m_ball->setToolTip(tr("Brush and eraser work through the slices, as a sphere"));
    m_pressure->setObjectName(QStringLiteral("review.edit.pressure"));
    m_pressure->setToolTip(tr("The harder the pen is pressed, the wider the brush"));
    m_threshold->setObjectName(QStringLiteral("review.edit.threshold"));
    m_threshold->setToolTip(tr("Brush, sphere and polygon reach only voxels whose image value lies in the range"));
    for (QCheckBox *box : {m_ball, m_pressure, m_threshold})
        box->setAccessibleName(box->text());
    m_ball->setAccessibleName(tr("Brush in 3D"));

    auto *sizeLabel = new QLabel(tr("&Size"), this);
    sizeLabel->setBuddy(m_size);
    auto *sizeRow = new QHBoxLayout;
    sizeRow->addWidget(sizeLabel);
    sizeRow->addWidget(m_slider, 1);
    sizeRow->addWidget(m_size);
    auto *ways = new QHBoxLayout;
    ways->addWidget(m_ball);
    ways->addWidget(m_pressure);
    ways->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(sizeRow);
    column->addLayout(ways);
    column->addWidget(m_threshold);
    column->addWidget(m_range);

    connect(m_size, &QDoubleSpinBox::valueChanged, &settings, &EditSettings::setDiameterMm);
    connect(m_slider, &QSlider::valueChanged, &settings,
            [&settings](int value) { settings.setDiameterMm(diameterOf(value)); });
    connect(m_ball, &QCheckBox::toggled, &settings, &EditSettings::setBall);
    connect(m_pressure, &QCheckBox::toggled, &settings, &EditSettings::setUsesPressure);
    connect(&settings, &EditSettings::changed, this, [this, &settings] { show(settings); });
    connect(m_threshold, &QCheckBox::toggled, this, &BrushBox::setThreshold);
    connect(m_range, &ValueRangeBox::edited, this, &BrushBox::setThreshold);
    connect(m_range, &ValueRangeBox::fromImageRequested, this, &BrushBox::takeFromImage);
    show(settings);
    m_range->setEnabled(false);
}

void BrushBox::show(const EditSettings &settings)
{
    const QSignalBlocker quietSize(m_size), quietSlider(m_slider), quietBall(m_ball), quietPressure(m_pressure);
    m_size->setValue(settings.diameterMm());
    m_slider->setValue(sliderOf(settings.diameterMm()));
    m_ball->setChecked(settings.isBall());
    m_pressure->setChecked(settings.usesPressure());
}

void BrushBox::setThreshold()
{
    const bool on = m_threshold->isChecked();
    m_range->setEnabled(on);
    // An empty range would let the brush paint nothing, and not say why.
    if (on && m_range->interval() == ValueInterval{})
        takeFromImage();
    m_editor.setThreshold(on ? std::optional(m_range->interval()) : std::nullopt);
}

void BrushBox::takeFromImage()
{
    if (const auto interval = suggestedInterval(m_editor)) {
        m_range->setInterval(*interval);
        m_editor.setThreshold(m_range->interval());
    }
}

} // namespace consilium::viewer
