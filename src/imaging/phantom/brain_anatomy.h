// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/random.h"
#include "imaging/geometry.h"

#include <vector>

namespace consilium::imaging {

/// Shares of the tissues at one point; they sum to 1 inside the brain and are all 0 outside it.
struct Tissue
{
    double csf = 0, grey = 0, white = 0, lesion = 0;
    double ventricleDistance = 0; ///< mm to the lateral ventricles' wall, negative inside

    bool inside() const { return csf + grey + white + lesion > 0; }
};

/// A brain made of formulas: cerebrum with a folded cortex, cerebellum, brainstem, lateral and third ventricles, deep
/// grey nuclei and white-matter lesions as multiple sclerosis spreads them (most around the ventricles, the larger ones
/// standing off their wall like fingers, volumes log-normal). Every seed is another person.
class BrainAnatomy
{
public:
    /// `lesionLoad` scales the number of lesions; 1 is about fourteen with 6 ml in all.
    BrainAnatomy(std::uint64_t seed, double lesionLoad);

    /// `lps`: patient position in mm, (0, 0, 0) near the centre of the brain.
    Tissue at(const Vec3 &lps) const;

private:
    struct Lesion
    {
        Vec3 centre{}, axis{}; ///< in the brain's own frame; unit vector of the long axis
        double radius = 0;     ///< mm, of the sphere of equal volume
        double elongation = 1;
        Vec3 phase{}; ///< of the border's roughness
    };
    struct Ventricle
    {
        double x, z, radiusX, radiusZ; ///< of the left one's cross-section at some y; the right one mirrors it
    };

    Vec3 ownFrame(const Vec3 &lps) const;
    double cerebrumDepth(const Vec3 &p) const;
    double csfDistance(const Vec3 &p) const;
    double gyroid(const Vec3 &p, double wavelength) const;
    Ventricle ventricle(double y) const;
    double ventricleDistance(const Vec3 &p) const;
    Tissue healthy(const Vec3 &p) const;
    double lesionShare(const Vec3 &p) const;
    void addLesions(Random &random, double lesionLoad);
    bool placeLesion(Random &random, Lesion &lesion) const;

    Vec3 m_shift{}, m_scale{}, m_angles{}, m_phase{};
    double m_ventricleSize = 1;
    std::vector<Lesion> m_lesions;
};

} // namespace consilium::imaging
