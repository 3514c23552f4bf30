// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/region_box.h"

#include "viewer/editing/image_values.h"
#include "viewer/editing/value_range_box.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>
#include <cmath>

namespace consilium::viewer {

RegionBox::RegionBox(LabelEditor &editor, EditTools &tools, EditWork &work, QWidget *parent)
    : QWidget(parent), m_editor(editor), m_settings(tools.settings()),
      m_range(new ValueRangeBox(QStringLiteral("review.edit.growRange"), tr("Values to grow in"), this)),
      m_distance(new QDoubleSpinBox(this)), m_volume(new QDoubleSpinBox(this)), m_count(new QLabel(this)),
      m_plane(new QComboBox(this)), m_fill(new QPushButton(tr("Fill"), this))
{
    m_distance->setObjectName(QStringLiteral("review.edit.growDistance"));
    m_distance->setAccessibleName(tr("Farthest from the point, millimetres"));
    m_distance->setRange(1, 500);
    m_distance->setSuffix(tr(" mm"));
    m_distance->setValue(m_settings.growLimits().maxDistanceMm);
    m_volume->setObjectName(QStringLiteral("review.edit.growVolume"));
    m_volume->setAccessibleName(tr("Largest volume, millilitres"));
    m_volume->setRange(0.1, 5000);
    m_volume->setSuffix(tr(" mL"));
    m_volume->setValue(200);
    for (QDoubleSpinBox *number : {m_distance, m_volume}) {
        number->setToolTip(number->accessibleName());
        number->setDecimals(number == m_distance ? 0 : 1);
        number->setKeyboardTracking(false);
        number->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    }
    m_count->setObjectName(QStringLiteral("review.edit.growCount"));
    m_count->setAccessibleName(tr("Region found"));
    m_count->setWordWrap(true);
    m_count->setText(tr("Region grow: click in an image. Hold to see the size first."));
    m_plane->setObjectName(QStringLiteral("review.edit.fillPlane"));
    m_plane->setAccessibleName(tr("Slices to fill between"));
    m_plane->addItems({tr("axial slices"), tr("coronal slices"), tr("sagittal slices")});
    // Longer words in another language must not make the panel wider.
    m_plane->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_fill->setObjectName(QStringLiteral("review.edit.fillBetween"));
    m_fill->setAccessibleName(tr("Fill between slices"));
    m_fill->setToolTip(tr("Gives the active label to the empty slices between those where it is drawn"));

    auto *grow = new QLabel(tr("Region grow within"), this);
    auto *limits = new QHBoxLayout;
    limits->addWidget(new QLabel(tr("At most"), this));
    limits->addWidget(m_distance, 1);
    limits->addWidget(m_volume, 1);
    auto *between = new QHBoxLayout;
    between->addWidget(new QLabel(tr("Between"), this));
    between->addWidget(m_plane, 1);
    between->addWidget(m_fill);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(grow);
    column->addWidget(m_range);
    column->addLayout(limits);
    column->addWidget(m_count);
    column->addLayout(between);

    connect(m_range, &ValueRangeBox::edited, this, &RegionBox::setLimits);
    connect(m_range, &ValueRangeBox::fromImageRequested, this, &RegionBox::takeFromImage);
    connect(m_distance, &QDoubleSpinBox::valueChanged, this, &RegionBox::setLimits);
    connect(m_volume, &QDoubleSpinBox::valueChanged, this, &RegionBox::setLimits);
    connect(&tools, &EditTools::regionFound, this, &RegionBox::show);
    connect(m_fill, &QPushButton::clicked, this,
            [this, &work] { work.fillBetweenSlices(static_cast<Plane>(m_plane->currentIndex())); });
    connect(&editor, &LabelEditor::restarted, this, [this] {
        // A range nobody chose follows the image.
        if (m_range->interval() == ValueInterval{})
            takeFromImage();
        else
            setLimits();
    });
}

void RegionBox::setPlane(Plane plane)
{
    m_plane->setCurrentIndex(static_cast<int>(plane));
}

void RegionBox::setLimits()
{
    GrowLimits limits;
    limits.low = m_range->interval().low;
    limits.high = m_range->interval().high;
    limits.maxDistanceMm = m_distance->value();
    if (m_editor.isOpen())
        limits.maxVoxels = std::max<std::int64_t>(
            std::llround(m_volume->value() * 1000 / m_editor.labels()->geometry.voxelVolume()), 1);
    m_settings.setGrowLimits(limits);
}

void RegionBox::takeFromImage()
{
    if (const auto interval = suggestedInterval(m_editor))
        m_range->setInterval(*interval);
    setLimits();
}

void RegionBox::show(qint64 voxels, double millilitres, bool limited)
{
    if (voxels == 0) {
        m_count->setText(tr("No region: the value there lies outside the range."));
        return;
    }
    const QString size =
        tr("Region: %1 voxels, %2 mL").arg(QLocale().toString(voxels), QLocale().toString(millilitres, 'f', 2));
    m_count->setText(limited ? tr("%1; cut off at the limit").arg(size) : size);
}

} // namespace consilium::viewer
