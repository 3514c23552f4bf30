// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/phantom/spine_shape.h"

#include <functional>
#include <span>
#include <vector>

namespace consilium::imaging {

using Outline = std::vector<SagittalPoint>; ///< closed, the last point joined to the first

/// The closed smooth curve through the points (Catmull and Rom 1974), `steps` pieces between two of them.
Outline smoothOutline(std::span<const SagittalPoint> points, int steps = 5);
/// The open one.
Outline smoothLine(std::span<const SagittalPoint> points, int steps = 5);

/// How a bone weakens the beam where it lies: in its spongy inside, and more along its edge, where the beam runs
/// within the shell.
struct BoneLook
{
    double inside = 0.4; ///< attenuation (natural logarithm) of the middle
    double edge = 0.25;  ///< added along the shell
    double shell = 0.7;  ///< mm, thickness of that line
    double taper = 3;    ///< mm over which the inside reaches its full depth
    double grain = 0.12; ///< share by which the trabeculae vary the inside
};

/// A plane on which attenuations (natural logarithm of the beam's weakening) add up, in the millimetres of
/// SagittalPoint.
class ProjectionCanvas
{
public:
    /// `corner`: position of the middle of pixel (0, 0), at the top; `facesLeft`: x falls along a row.
    ProjectionCanvas(int columns, int rows, double spacing, SagittalPoint corner, bool facesLeft);

    int columns() const { return m_columns; }
    int rows() const { return m_rows; }
    double spacing() const { return m_spacing; }
    std::vector<float> &values() { return m_values; }
    SagittalPoint position(int column, int row) const
    {
        return {m_corner.x + m_step * column, m_corner.y - m_spacing * row};
    }
    /// Continuous column and row of a position.
    SagittalPoint pixel(const SagittalPoint &p) const
    {
        return {(p.x - m_corner.x) / m_step, (m_corner.y - p.y) / m_spacing};
    }

    /// Sets the fine structure that spongy bone shows from now on.
    void setGrain(Random &random, double millimetres);

    /// Adds `attenuation(position)` to every pixel between two opposite corners.
    template <typename F>
    void add(SagittalPoint one, SagittalPoint other, F attenuation)
    {
        const auto [columnFrom, columnTo, rowFrom, rowTo] = clip(one, other);
        for (int row = rowFrom; row < rowTo; ++row) {
            for (int column = columnFrom; column < columnTo; ++column)
                m_values[index(column, row)] += static_cast<float>(attenuation(position(column, row)));
        }
    }

    void addBone(const Outline &outline, const BoneLook &look);
    /// A hollow tube along a line: long bones, ribs. Attenuations per mm of wall and of what it holds.
    void addTube(const Outline &line, double radius, double wall, double wallPerMm, double insidePerMm);
    /// A ball of spongy bone in a thin shell.
    void addBall(const SagittalPoint &centre, double radius, const BoneLook &look);
    /// A soft lump: elliptic, full in the middle, fading at the rim.
    void addLump(const SagittalPoint &centre, double radiusX, double radiusY, double turn, double attenuation);
    /// A solid metal pin; overlapping parts of one line count once.
    void addPin(const Outline &line, double radius, double perMm);

    /// Gaussian blur, approximated by three box filters (Wells 1986); `sigma` in mm.
    static void blur(std::vector<float> &values, int columns, int rows, double sigmaPixels);

private:
    struct Box
    {
        int columnFrom, columnTo, rowFrom, rowTo;
    };
    Box clip(const SagittalPoint &one, const SagittalPoint &other) const;
    std::size_t index(int column, int row) const
    {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(m_columns) + static_cast<std::size_t>(column);
    }

    int m_columns, m_rows;
    double m_spacing, m_step;
    SagittalPoint m_corner;
    std::vector<float> m_values, m_grain;
};

/// A smooth random field over the pixels, deviation about 1, with lumps of `cell` pixels.
std::vector<float> randomField(Random &random, int columns, int rows, double cell);

} // namespace consilium::imaging
