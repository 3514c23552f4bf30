// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/editing/region_grow.h"

#include <QObject>
#include <algorithm>

namespace consilium::viewer {

/// How the tools edit: what the panel sets and the brush keys change.
class EditSettings : public QObject
{
    Q_OBJECT

public:
    static constexpr double kSmallestDiameter = 0.5, kLargestDiameter = 80; ///< mm

    using QObject::QObject;

    double diameterMm() const { return m_diameter; }
    void setDiameterMm(double diameter)
    {
        diameter = std::clamp(diameter, kSmallestDiameter, kLargestDiameter);
        change(m_diameter, diameter);
    }
    bool isBall() const { return m_ball; } ///< brush and eraser work in 3D
    void setBall(bool ball) { change(m_ball, ball); }
    bool usesPressure() const { return m_pressure; } ///< a pen's pressure scales the brush
    void setUsesPressure(bool uses) { change(m_pressure, uses); }
    const GrowLimits &growLimits() const { return m_grow; }
    void setGrowLimits(const GrowLimits &limits) { change(m_grow, limits); }

Q_SIGNALS:
    void changed();

private:
    template <typename T>
    void change(T &place, const T &value)
    {
        if (place == value)
            return;
        place = value;
        Q_EMIT changed();
    }

    double m_diameter = 6;
    bool m_ball = false, m_pressure = false;
    GrowLimits m_grow;
};

} // namespace consilium::viewer
