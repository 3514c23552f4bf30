// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "imaging/phantom/mr_scan.h"
#include "imaging/phantom/phantom_kinds.h"

#include <algorithm>
#include <cmath>

// Own frame of the crop: x to the midline, y to the front, z to the head, mm, with (0, 0, 0) where the head of
// the hippocampus meets its body.
namespace consilium::imaging {

namespace {

struct Scanner
{
    double white = 700;   ///< brightness of white matter: scanners share no unit
    double spread = 0.25; ///< of that brightness among patients, in its logarithm
    double noise = 0.035;
    double bias = 0.1;
    bool bytes = false; ///< stores 8 bits
};

/// Bounded, and exactly the reference for shift 0. Real collections mix scanners that store 8 bits with ones whose
/// values go beyond 100 000; so do these sites.
Scanner scannerOf(int shift)
{
    const auto wave = [shift](double rate) { return std::sin(rate * shift); };
    Scanner scanner;
    scanner.noise += 0.02 * std::abs(wave(0.9));
    scanner.bias += 0.12 * std::abs(wave(2.1));
    if (shift % 4 == 1) {
        scanner.bytes = true;
        scanner.white = 95;
        scanner.spread = 0.1;
    } else if (shift % 4 == 2) {
        scanner.white = 60000;
        scanner.spread = 1.2;
    } else {
        scanner.white *= std::exp(0.5 * wave(1.1));
    }
    return scanner;
}

/// One temporal lobe around the hippocampus, with the brainstem at its side and the cerebellum behind.
class TemporalLobe
{
public:
    explicit TemporalLobe(Random &random)
        : m_size(random.normal(1.08, 0.06)), m_rise(random.uniform(0.2, 0.45)),
          m_bend(random.uniform(0.002, 0.007)), m_head{random.uniform(6.8, 8.4), random.uniform(7.6, 9.2),
                                                       random.uniform(4.8, 5.8)},
          m_horn(random.uniform(0.5, 1.8)), m_stem(random.uniform(15, 18)), m_rough(random, 7), m_mottle(random, 4),
          m_folds(random, 11)
    {
    }

    /// Negative inside; both parts together.
    double hippocampus(const Vec3 &p) const { return std::min(head(p), body(p)) + 0.6 * m_rough.at(p); }

    /// Brightness relative to white matter.
    double brightness(const Vec3 &p) const
    {
        constexpr double white = 1.0, grey = 0.62, fluid = 0.14, formation = 0.5;
        const auto over = [](double value, double other, double distance, double edge) {
            return value + (other - value) * (1 - softStep(distance, edge));
        };
        const double mottle = m_mottle.at(p);
        double value = white + 0.05 * mottle;
        // Sulci with their ribbon of cortex run through everything but the white matter beside the hippocampus.
        const double core = ellipsoidDistance(p, {-8, -5, 4}, {13, 30, 13});
        const double sulcus = std::abs(m_folds.at({p[0], 0.6 * p[1], p[2]})) * 13 + std::max(0.0, 3 - core);
        value = over(value, grey + 0.05 * mottle, sulcus - 3.4, 1.8);
        value = over(value, fluid, sulcus - 0.7, 1.2);
        value = over(value, grey + 0.04 * mottle, ellipsoidDistance(p, {2, 12, 9}, {9, 8, 7}), 2);  // amygdala
        value = over(value, grey + 0.06 * mottle, ellipsoidDistance(p, {6, 2, -9}, {9, 24, 5}), 2); // gyrus below
        value = surroundingsInside(p, value, mottle);
        value = over(value, fluid, horn(p), 1.4);
        const double own = hippocampus(p);
        value = over(value, 0.85, std::max(own - 1.4, -p[2]), 1.2); // the sheet of fibres on top
        return over(value, formation + 0.10 * mottle, own, 1.4);
    }

private:
    /// Brainstem and cerebellum, and the fluid around them.
    double surroundingsInside(const Vec3 &p, double value, double mottle) const
    {
        const double stem = ellipsoidDistance(p, {m_stem + 5, -9, 8}, {13, 15, 22}) + 0.8 * m_rough.at(p);
        const double cerebellum = ellipsoidDistance(p, {m_stem + 4, -26, -12}, {26, 18, 16});
        const double nearest = std::min(stem, cerebellum);
        value += (0.14 - value) * (1 - softStep(nearest - 2.2, 1.5));
        const double leaves = 0.5 + 0.42 * std::sin(1.7 * (p[2] + 0.5 * p[1]) + 1.5 * m_rough.at(p));
        value += (0.2 + 0.55 * leaves - value) * (1 - softStep(cerebellum, 1.5));
        return value + (0.96 + 0.05 * mottle - value) * (1 - softStep(stem, 1.5));
    }

    /// Centre line of body and tail: backwards it rises, first outwards, then to the midline.
    Vec3 centre(double y) const
    {
        const double back = std::max(0.0, -y);
        return {-0.22 * back + m_bend * back * back, y, m_rise * back + 0.008 * back * back};
    }
    double head(const Vec3 &p) const
    {
        const Vec3 q{p[0] - 1, p[1] - 6.5 * m_size, p[2] + 0.12 * p[0] + 0.2 * (p[1] - 6)};
        const double main =
            ellipsoidDistance(q, {0, 0, 0}, {m_head[0] * m_size, m_head[1] * m_size, m_head[2] * m_size});
        const double uncus = ellipsoidDistance(q, {7.5 * m_size, 0.5, 2}, {4.6, 4.8, 3.6}); // hooks to the midline
        return std::min(main, uncus);
    }
    double body(const Vec3 &p) const
    {
        const double reach = 23 * m_size;
        const double y = std::clamp(p[1], -reach, 2.0);
        const auto c = centre(y);
        // Thins towards the tail; wider than high, turned about its own line.
        const double taper = 1 - 0.35 * std::clamp(-y / reach, 0.0, 1.0);
        const double dx = p[0] - c[0], dz = p[2] - c[2];
        const double u = 0.93 * dx - 0.37 * dz, v = 0.37 * dx + 0.93 * dz;
        const double high = 4.4 * m_size * taper;
        return (std::hypot(u / (6.2 * m_size * taper), v / high, (p[1] - y) / 3.5) - 1) * high;
    }
    /// Temporal horn of the ventricle: a sheet of fluid beside and in front of the hippocampus.
    double horn(const Vec3 &p) const
    {
        const double y = std::clamp(p[1], -20.0, 10.0);
        const auto c = centre(y);
        const double u = p[0] - c[0] + 7.2, v = p[2] - c[2] - 1;
        const double thick = 0.7 + m_horn * (1 - 0.02 * std::abs(y - 4));
        const double across = (std::hypot((u - 0.3 * v) / thick, v / 4.5) - 1) * thick;
        return std::hypot(std::max(across, 0.0), p[1] - y) + std::min(across, 0.0);
    }

    double m_size, m_rise, m_bend;
    Vec3 m_head;
    double m_horn, m_stem;
    Texture m_rough, m_mottle, m_folds;
};

} // namespace

PhantomCase hippocampusPhantom(std::uint64_t seed, int siteShift)
{
    const auto scanner = scannerOf(siteShift);
    Random anatomy(derivedSeed(seed, "anatomy"));
    const TemporalLobe lobe(anatomy);
    const Index3 size{33 + anatomy.below(7), 47 + anatomy.below(8), 32 + anatomy.below(9)};
    Random random(derivedSeed(seed, "scan"));
    const double white = scanner.white * std::exp(random.normal(0, scanner.spread));
    const BiasField bias(random, scanner.bias, {20, 28, 20});
    const double boundary = random.uniform(-1, 1);

    // The middle of the box lies behind and above the junction of head and body; LPS has both other axes turned over.
    const auto geometry = gridAround({-2, 5, 5}, size, {1, 1, 1}, 0, true);
    PhantomCase made{{"T1"}, {}, {geometry, {}}, {}, "MR", {"background", "anterior", "posterior"}};
    Volume image{geometry, {}};
    image.values.reserve(static_cast<std::size_t>(geometry.voxels()));
    made.labels.values.reserve(image.values.capacity());
    for (int k = 0; k < size[2]; ++k) {
        for (int j = 0; j < size[1]; ++j) {
            for (int i = 0; i < size[0]; ++i) {
                const auto lps = geometry.toPatient({1.0 * i, 1.0 * j, 1.0 * k});
                const Vec3 p{-lps[0], -lps[1], lps[2]};
                const bool inside = lobe.hippocampus(p) < 0;
                made.labels.values.push_back(inside ? (p[1] > boundary ? 1 : 2) : 0);
                const double value = white * rician(random, lobe.brightness(p) * bias.at(p), scanner.noise);
                image.values.push_back(
                    static_cast<float>(std::clamp(std::round(value), 0.0, scanner.bytes ? 255.0 : 1e6)));
            }
        }
    }
    made.images.push_back(std::move(image));
    return made;
}

} // namespace consilium::imaging
