// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "imaging/landmarks.h"
#include "viewer/canvas/canvas_tool.h"

#include <optional>

namespace consilium::app {

/// Landmarks as crosses, with their names while they are few.
class LandmarkMarks : public viewer::CanvasLayer
{
public:
    void setLandmarks(imaging::LandmarkSet landmarks) { m_landmarks = std::move(landmarks); }
    void setVisible(bool visible) { m_visible = visible; }
    void paint(QPainter &painter, const viewer::SliceCanvas &canvas) const override;

private:
    imaging::LandmarkSet m_landmarks;
    bool m_visible = true;
};

/// Where a training patch lies in a slice: the border of its middle, dashed.
class PatchFrame : public viewer::CanvasLayer
{
public:
    void setPlace(const std::optional<imaging::Geometry> &place) { m_place = place; }
    void paint(QPainter &painter, const viewer::SliceCanvas &canvas) const override;

private:
    std::optional<imaging::Geometry> m_place;
};

} // namespace consilium::app
