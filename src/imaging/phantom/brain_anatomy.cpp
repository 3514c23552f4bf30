// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/phantom/brain_anatomy.h"

#include "imaging/phantom/mr_scan.h"

#include <algorithm>
#include <cmath>

// Own frame of the brain: x to the patient's left, y to the back, z to the head, mm, as LPS, before the person's own
// tilt, shift and scale. Sizes are those of textbook anatomy, rounded.
namespace consilium::imaging {

namespace {

constexpr double s_edge = 2.0; // mm over which one tissue gives way to the next: the partial volume of a scan

/// 0 well inside (negative distances), 1 well outside, linear over the edge.
double outside(double distance)
{
    return softStep(distance, s_edge);
}

Vec3 mirroredToLeft(const Vec3 &p)
{
    return {std::abs(p[0]), p[1], p[2]};
}

} // namespace

BrainAnatomy::BrainAnatomy(std::uint64_t seed, double lesionLoad)
{
    Random random(seed);
    for (int axis = 0; axis < 3; ++axis) {
        m_shift[axis] = random.uniform(-3, 3);
        m_scale[axis] = random.uniform(0.95, 1.05);
        m_angles[axis] = random.uniform(-0.1, 0.1);
        m_phase[axis] = random.uniform(0, 2 * std::numbers::pi);
    }
    m_ventricleSize = std::clamp(std::exp(random.normal(0.1, 0.2)), 0.75, 1.7);
    addLesions(random, lesionLoad);
}

Vec3 BrainAnatomy::ownFrame(const Vec3 &lps) const
{
    Vec3 p{lps[0] - m_shift[0], lps[1] - m_shift[1], lps[2] - m_shift[2]};
    for (int axis = 0; axis < 3; ++axis) {
        const int a = (axis + 1) % 3;
        const int b = (axis + 2) % 3;
        const double c = std::cos(m_angles[axis]);
        const double s = std::sin(m_angles[axis]);
        const double pa = c * p[a] + s * p[b];
        p[b] = c * p[b] - s * p[a];
        p[a] = pa;
    }
    return {p[0] / m_scale[0], p[1] / m_scale[1], p[2] / m_scale[2]};
}

double BrainAnatomy::cerebrumDepth(const Vec3 &p) const
{
    // Rounder above than below, narrower in front than behind.
    const double width = 64 * (1 + 0.0012 * std::clamp(p[1], -80.0, 40.0));
    return -ellipsoidDistance(p, {0, 0, 4}, {width, 80, p[2] > 4 ? 56.0 : 46.0});
}

/// The gyroid's zero sheets wind through space like sulci: sin a cos b + sin b cos c + sin c cos a (Schoen 1970).
/// Returned as a distance in mm to the nearest sheet, from its mean gradient.
double BrainAnatomy::gyroid(const Vec3 &p, double wavelength) const
{
    const double k = 2 * std::numbers::pi / wavelength;
    const double warp = std::sin(k * 0.31 * (p[0] + p[1] - p[2]) + m_phase[0]);
    const double a = k * p[0] + m_phase[0] + warp;
    const double b = k * p[1] + m_phase[1] - warp;
    const double c = k * p[2] + m_phase[2];
    const double value = std::sin(a) * std::cos(b) + std::sin(b) * std::cos(c) + std::sin(c) * std::cos(a);
    return std::abs(value) / (1.25 * k);
}

/// Distance in mm to the nearest fluid outside the ventricles: the surface, the sulci and the fissure between the
/// hemispheres.
double BrainAnatomy::csfDistance(const Vec3 &p) const
{
    const double cerebrum = cerebrumDepth(p);
    const double cerebellum = -ellipsoidDistance(p, {0, 46, -36}, {46, 30, 22});
    const double brainstem = -ellipsoidDistance(p, {0, 20, -36}, {12, 13, 34});
    const double depth = std::max({cerebrum, cerebellum, brainstem});
    double distance = depth - 1;
    if (depth == cerebrum) {
        distance = std::min(distance, std::hypot(gyroid(p, 30), std::max(0.0, depth - 12)) - 0.6);
        distance = std::min(distance, std::hypot(p[0], std::max(0.0, depth - 22)) - 1);
    } else if (depth == cerebellum) {
        distance = std::min(distance, std::hypot(gyroid(p, 15), std::max(0.0, depth - 9)) - 0.2);
    }
    return distance;
}

BrainAnatomy::Ventricle BrainAnatomy::ventricle(double y) const
{
    const double along = std::clamp((y - 4) / 36, -1.0, 1.0);
    const double taper = std::max(0.2, std::sqrt(1 - along * along));
    return {7 + 0.006 * (y + 8) * (y + 8), 14 - 0.012 * (y + 2) * (y + 2),
            4.5 * m_ventricleSize * taper * (1 + 0.012 * std::max(y, 0.0)), 6 * m_ventricleSize * taper};
}

double BrainAnatomy::ventricleDistance(const Vec3 &p) const
{
    const double y = std::clamp(p[1], -32.0, 40.0);
    const auto section = ventricle(y);
    const double ratio =
        std::hypot((std::abs(p[0]) - section.x) / section.radiusX, (p[2] - section.z) / section.radiusZ);
    const double across = (ratio - 1) * std::min(section.radiusX, section.radiusZ);
    const double beyond = std::abs(p[1] - y);
    return beyond > 0 ? std::hypot(std::max(across, 0.0), beyond) : across;
}

Tissue BrainAnatomy::healthy(const Vec3 &p) const
{
    Tissue tissue;
    const double depth = std::max({cerebrumDepth(p), -ellipsoidDistance(p, {0, 46, -36}, {46, 30, 22}),
                                   -ellipsoidDistance(p, {0, 20, -36}, {12, 13, 34})});
    tissue.ventricleDistance = ventricleDistance(p);
    if (depth <= 0)
        return tissue;
    const double fluid = csfDistance(p);
    const double thirdVentricle = ellipsoidDistance(p, {0, 6, -3}, {2, 11, 9});
    const double solid = std::min({outside(fluid), outside(tissue.ventricleDistance), outside(thirdVentricle)});
    const auto left = mirroredToLeft(p);
    const double thalamus = ellipsoidDistance(left, {11, 10, 1}, {8, 13, 8});
    const double striatum = ellipsoidDistance(left, {26, -8, 1}, {6, 16, 9});
    const bool stem = ellipsoidDistance(p, {0, 20, -36}, {12, 13, 34}) < -2;
    const double cortex = stem ? 0 : 1 - outside(fluid - 3.4);
    const double grey = std::max({cortex, 1 - outside(thalamus), 1 - outside(striatum)});
    tissue.csf = 1 - solid;
    tissue.grey = solid * grey;
    tissue.white = solid * (1 - grey);
    return tissue;
}

double BrainAnatomy::lesionShare(const Vec3 &p) const
{
    double share = 0;
    for (const auto &lesion : m_lesions) {
        const Vec3 d{p[0] - lesion.centre[0], p[1] - lesion.centre[1], p[2] - lesion.centre[2]};
        const double reach = 1.5 * lesion.radius * lesion.elongation + s_edge;
        const double squared = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
        if (squared > reach * reach)
            continue;
        // Long axis e, the two others 1/sqrt(e): the volume stays that of the sphere.
        const double along = d[0] * lesion.axis[0] + d[1] * lesion.axis[1] + d[2] * lesion.axis[2];
        const double across = std::max(0.0, squared - along * along);
        const double distance =
            std::sqrt(along * along / (lesion.elongation * lesion.elongation) + across * lesion.elongation);
        double roughness = 0;
        for (int axis = 0; axis < 3; ++axis)
            roughness += std::sin(0.9 * d[axis] + 0.5 * d[(axis + 1) % 3] + lesion.phase[axis]);
        share = std::max(share, 1 - outside(distance - lesion.radius * (1 + 0.12 * roughness)));
    }
    return share;
}

Tissue BrainAnatomy::at(const Vec3 &lps) const
{
    const auto p = ownFrame(lps);
    auto tissue = healthy(p);
    if (!tissue.inside())
        return tissue;
    const double share = lesionShare(p);
    tissue.lesion = share * (tissue.grey + tissue.white);
    tissue.grey *= 1 - share;
    tissue.white *= 1 - share;
    return tissue;
}

bool BrainAnatomy::placeLesion(Random &random, Lesion &lesion) const
{
    const double kind = random.uniform();
    const double side = random.uniform() < 0.5 ? -1 : 1;
    if (kind < 0.65) {
        // Around the ventricles, above and beside them, pointing away from the wall.
        const double y = random.uniform(-30, 38);
        const double angle = random.uniform(-0.3, 1.9);
        const auto section = ventricle(y);
        const double offset = 0.7 * lesion.radius + std::abs(random.normal(0, 2));
        lesion.axis = {side * std::cos(angle), 0, std::sin(angle)};
        lesion.centre = {side * (section.x + (section.radiusX + offset) * std::cos(angle)), y,
                         section.z + (section.radiusZ + offset) * std::sin(angle)};
        lesion.elongation = random.uniform(1.2, 1.7);
        return healthy(lesion.centre).white > 0.6;
    }
    lesion.centre = {side * random.uniform(8, 60), random.uniform(-72, 72), random.uniform(-20, 55)};
    const double turn = random.uniform(0, 2 * std::numbers::pi);
    lesion.axis = {std::cos(turn), std::sin(turn), 0};
    lesion.elongation = random.uniform(1.0, 1.4);
    const auto around = healthy(lesion.centre);
    if (around.white < 0.8)
        return false;
    const double fluid = csfDistance(lesion.centre);
    return kind < 0.85 ? fluid < 9 : fluid > 8 && around.ventricleDistance > 8;
}

void BrainAnatomy::addLesions(Random &random, double lesionLoad)
{
    const int count =
        std::clamp(static_cast<int>(std::lround(lesionLoad * std::exp(random.normal(std::log(14.0), 0.45)))), 3, 60);
    for (int index = 0; index < count; ++index) {
        Lesion lesion;
        const double volume = std::clamp(std::exp(random.normal(std::log(260.0), 0.9)), 60.0, 5000.0); // mm^3
        lesion.radius = std::cbrt(3 * volume / (4 * std::numbers::pi));
        for (auto &phase : lesion.phase)
            phase = random.uniform(0, 2 * std::numbers::pi);
        // Most draws land in white matter at once; a brain that refuses two hundred has no room left.
        for (int attempt = 0; attempt < 200; ++attempt) {
            if (placeLesion(random, lesion)) {
                m_lesions.push_back(lesion);
                break;
            }
        }
    }
}

} // namespace consilium::imaging
