// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/phantom/prostate_anatomy.h"

#include <algorithm>
#include <cmath>

namespace consilium::imaging {

namespace {

constexpr double s_fat = 0.85, s_muscle = 0.2, s_marrow = 0.55, s_cortex = 0.06, s_fluid = 1.35, s_wall = 0.28,
                 s_air = 0.02;

/// `value` with `other` where `distance` is negative, the edge softened.
double within(double value, double other, double distance, double edge = 1.2)
{
    return value + (other - value) * (1 - softStep(distance, edge));
}

} // namespace

ProstateAnatomy::ProstateAnatomy(Random &random, bool coil)
    : m_coil(coil), m_size(std::clamp(random.normal(1.0, 0.08), 0.85, 1.25)),
      m_growth(std::clamp(std::exp(random.normal(-0.08, 0.16)), 0.72, 1.35)), m_peripheral(random.uniform(0.85, 1.1)),
      m_content(random.uniform()), m_border(random, 22), m_mottle(random, 5), m_glands(random, 2.6), m_fat(random, 12)
{
    const double grown = 0.6 + 0.4 * m_growth;
    m_radii = {25 * m_size * grown, 17.5 * m_size * grown, 21 * m_size * grown};
    if (coil)
        m_radii[1] *= 0.9; // pressed flat by the balloon
    m_rectumRadius = coil ? 18 : random.uniform(9, 15);
    m_rectum = {random.normal(0, 2), m_radii[1] + m_rectumRadius + 4.5, 0};
    m_bladder = {random.normal(0, 2), -8 + random.normal(0, 3), m_radii[2] + random.uniform(17, 25)};
    const int nodules = static_cast<int>(3 + 9 * std::max(0.0, m_growth - 0.7));
    for (int index = 0; index < nodules; ++index) {
        const double side = random.uniform() < 0.5 ? -1 : 1;
        m_nodules.push_back({{side * random.uniform(4, 11) * m_growth, random.uniform(-10, 1), random.uniform(-8, 12)},
                             random.uniform(2.5, 6.5) * m_growth,
                             random.uniform() < 0.5 ? random.uniform(0.75, 1.05) : random.uniform(0.25, 0.4)});
    }
}

double ProstateAnatomy::prostate(const Vec3 &p) const
{
    // Narrow at the apex, broad at the base, flat or hollowed behind, where the rectum lies.
    const double level = std::clamp(p[2] / m_radii[2], -1.2, 1.2);
    const double width = m_radii[0] * (1 + 0.12 * level);
    const double depth = m_radii[1] * (p[1] > 0 ? 0.92 : 1.05);
    const double hollow = p[1] > 0 ? 2.2 * std::exp(-p[0] * p[0] / 90) : 0;
    const double shift = 2.5 * level;
    return ellipsoidDistance({p[0], p[1] + hollow + shift, p[2]}, {0, 0, 0}, {width, depth, m_radii[2]}) +
           0.7 * m_border.at(p);
}

double ProstateAnatomy::transitionZone(const Vec3 &p) const
{
    const Vec3 left{std::abs(p[0]), p[1], p[2]};
    return ellipsoidDistance(left, {6.5 * m_growth, -4.5, 4}, {12 * m_growth, 11 * m_growth, 15 * m_growth});
}

double ProstateAnatomy::gland(const Vec3 &p, const Grain &grain) const
{
    double value = m_peripheral + 0.08 * grain.glands;
    const double inner = transitionZone(p);
    double transition = 0.5 + 0.10 * grain.mottle + 0.05 * grain.glands;
    for (const auto &nodule : m_nodules) {
        const double distance =
            ellipsoidDistance(p, nodule.centre, {nodule.radius, nodule.radius, 1.1 * nodule.radius});
        transition = within(transition, 0.22, std::abs(distance) - 0.4); // dark rim
        transition = within(transition, nodule.signal, distance + 0.6);
    }
    value = within(value, transition, inner);
    value = within(value, 0.2, std::abs(inner) - 0.5); // surgical capsule
    const double front = p[1] + 0.72 * m_radii[1] + 0.012 * p[0] * p[0];
    value = within(value, 0.22, front, 3); // anterior fibromuscular stroma
    const double urethra = std::hypot(p[0], p[1] - 1 + 0.12 * p[2]) - 1.8;
    return within(value, 1.05, urethra);
}

double ProstateAnatomy::rectum(const Vec3 &p, const Grain &grain, double value) const
{
    // Follows the hollow of the sacrum upwards.
    const double back = 0.012 * std::max(p[2], 0.0) * std::max(p[2], 0.0) + 0.25 * std::max(-p[2] - 10, 0.0);
    const double x = p[0] - m_rectum[0] - 3 * std::sin(0.06 * p[2]), y = p[1] - m_rectum[1] - back;
    const double folds = m_coil ? 0 : 1.2 * std::sin(3 * std::atan2(y, x) + 0.15 * p[2]);
    const double distance = std::hypot(x / 1.15, y) - m_rectumRadius - folds;
    value = within(value, 0.5, distance - 3.4); // fat and vessels close to the wall
    value = within(value, s_wall, distance - 2.6);
    if (m_coil)
        return within(value, s_air, distance + 0.6);
    const double content = m_content < 0.5 ? s_air : 0.55 + 0.12 * grain.mottle;
    value = within(value, 0.75, distance);              // mucosa
    return within(value, content, distance + 1.8, 1.6); // gas or stool
}

double ProstateAnatomy::bones(const Vec3 &p, const Grain &grain, double value) const
{
    const Vec3 left{std::abs(p[0]), p[1], p[2]};
    const auto bone = [&](double distance) {
        value = within(value, s_cortex, distance);
        value = within(value, s_marrow + 0.04 * grain.fat + 0.03 * grain.mottle, distance + 2.2);
    };
    const double symphysis = std::max(left[0] - 3, std::hypot((p[1] + 36 + 0.2 * m_radii[1]), (p[2] + 2) / 1.5) - 8);
    value = within(value, 0.45, symphysis);
    // Pubic bodies, joined by cartilage in front, their rami running back and out to the ischium and the hip socket.
    const double along = std::clamp((left[0] - 3) / 50, 0.0, 1.0);
    const double ramusY = -36 - 0.2 * m_radii[1] + 34 * along * along, ramusZ = -2 + 22 * along;
    bone(std::max(std::hypot((p[1] - ramusY) / 1.0, (p[2] - ramusZ) / 1.5) - 9 + 2 * along, 2.5 - left[0]));
    bone(ellipsoidDistance(left, {58, 12, 22}, {13, 21, 26}));
    bone(ellipsoidDistance(left, {50, 22, -22}, {10, 15, 24}));
    // Femoral head beside the socket.
    bone(ellipsoidDistance(left, {86, -2, 32}, {23, 23, 23}));
    return value;
}

double ProstateAnatomy::surroundings(const Vec3 &p, const Grain &grain) const
{
    const Vec3 left{std::abs(p[0]), p[1], p[2]};
    double value = s_fat + 0.05 * grain.fat;
    // Strands of connective tissue and the veins beside the gland.
    value -= 0.9 * std::max(0.0, 0.10 - std::abs(grain.fat));
    const double veins = ellipsoidDistance(left, {m_radii[0] + 3, -4, 0}, {6, 15, 24});
    value = within(value, 0.72 + 0.4 * grain.mottle, veins, 4);
    // Obturator internus along the side wall; levator ani between it and the gland.
    value =
        within(value, s_muscle + 0.03 * grain.mottle, ellipsoidDistance(left, {47 + 0.1 * p[2], 1, 4}, {7.5, 33, 44}));
    const double levator = m_radii[0] + 7 + 0.28 * (p[2] + 8) - 0.008 * (p[1] - 4) * (p[1] - 4);
    value = within(value, s_muscle,
                   std::max({std::abs(left[0] - std::max(levator, 9.0)) - 1.6, std::abs(p[1] - 8) - 30, p[2] - 20}));
    // Gluteus behind, rectus and adductors in front.
    value = within(value, s_muscle + 0.05 * grain.mottle,
                   std::max(56 + 0.15 * p[2] - p[1] - 0.35 * (left[0] - 30), 24 - left[0]), 3);
    return within(value, s_muscle + 0.05 * grain.mottle, std::max(p[1] + 52 - 0.1 * left[0], left[0] - 60), 3);
}

double ProstateAnatomy::signal(const Vec3 &p) const
{
    const double capsule = prostate(p);
    const Grain grain{capsule < -2 ? 0 : m_fat.at(p), m_mottle.at(p), m_glands.at(p)};
    if (capsule < -2)
        return gland(p, grain);
    double value = bones(p, grain, surroundings(p, grain));
    const double bladder = ellipsoidDistance(p, m_bladder, {34, 27, 22});
    value = within(value, s_wall, bladder - 3);
    value = within(value, s_fluid, bladder);
    // Seminal vesicles: coiled tubes behind the bladder, above the gland.
    const Vec3 left{std::abs(p[0]), p[1], p[2]};
    const double vesicles = ellipsoidDistance(left, {15, m_radii[1] - 4, m_radii[2] + 4}, {17, 6, 7});
    value = within(value, 0.8 + 0.4 * grain.glands, vesicles);
    value = rectum(p, grain, value);
    if (capsule > 2)
        return value;
    value = within(value, 0.3, capsule - 0.9);
    return within(value, gland(p, grain), capsule + 0.4);
}

} // namespace consilium::imaging
