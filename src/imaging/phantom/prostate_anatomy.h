// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/phantom/mr_scan.h"

#include <vector>

namespace consilium::imaging {

/// A male pelvis made of formulas, about the prostate: peripheral and transition zone with the nodules of benign
/// growth, seminal vesicles, bladder, rectum, pelvic floor, obturator muscles, pubic and ischial bones, fat. Every seed
/// is another man. LPS mm with (0, 0, 0) near the centre of the prostate.
class ProstateAnatomy
{
public:
    /// `coil`: a balloon with a receiver lies in the rectum, as some clinics use.
    ProstateAnatomy(Random &random, bool coil);

    /// Signed mm to the capsule, negative inside.
    double prostate(const Vec3 &p) const;
    /// Signal of a T2-weighted image; fat is 0.85, muscle 0.2.
    double signal(const Vec3 &p) const;
    /// Where the rectal coil's conductor lies.
    Vec3 coilCentre() const { return {m_rectum[0], m_rectum[1] - 6, 0}; }

private:
    struct Nodule
    {
        Vec3 centre{};
        double radius = 0, signal = 0;
    };

    /// The textures at one point.
    struct Grain
    {
        double fat, mottle, glands;
    };

    double transitionZone(const Vec3 &p) const;
    double gland(const Vec3 &p, const Grain &grain) const;
    double surroundings(const Vec3 &p, const Grain &grain) const;
    double bones(const Vec3 &p, const Grain &grain, double value) const;
    double rectum(const Vec3 &p, const Grain &grain, double value) const;

    bool m_coil;
    double m_size, m_growth; ///< of the whole gland; of the transition zone
    Vec3 m_radii{}, m_rectum{}, m_bladder{};
    double m_rectumRadius = 14;
    double m_peripheral, m_content;
    std::vector<Nodule> m_nodules;
    Texture m_border, m_mottle, m_glands, m_fat;
};

} // namespace consilium::imaging
