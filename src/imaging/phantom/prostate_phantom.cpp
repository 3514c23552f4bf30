// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "imaging/phantom/phantom_kinds.h"
#include "imaging/phantom/prostate_anatomy.h"

#include <algorithm>
#include <cmath>

namespace consilium::imaging {

namespace {

/// One clinic's protocol.
struct Scanner
{
    double gain = 1, contrast = 1, noise = 0.035, bias = 0.15;
    bool coil = false; ///< receives with a coil in the rectum: bright beside it, dim far off
    double tilt = 0;   ///< radians; slices perpendicular to the rectal wall instead of straight
    Index3 size{128, 128, 24};
    Vec3 spacing{0.8, 0.8, 3.0};
};

/// Bounded, and exactly the reference for shift 0.
Scanner scannerOf(int shift)
{
    const auto wave = [shift](double rate) { return std::sin(rate * shift); };
    Scanner scanner;
    scanner.gain = std::exp(1.2 * wave(1.1));
    scanner.contrast = 1 - 0.3 * std::abs(wave(1.3));
    scanner.noise += 0.03 * std::abs(wave(0.9));
    scanner.bias += 0.2 * std::abs(wave(2.1));
    scanner.coil = shift % 3 == 1;
    scanner.tilt = 0.2 * wave(1.9);
    constexpr std::array sizes{Index3{128, 128, 24}, Index3{144, 144, 20}, Index3{112, 112, 26}, Index3{160, 144, 22}};
    constexpr std::array spacings{Vec3{0.8, 0.8, 3.0}, Vec3{0.7, 0.7, 3.6}, Vec3{0.95, 0.95, 3.0}, Vec3{0.7, 0.7, 3.3}};
    scanner.size = sizes[static_cast<std::size_t>(shift) % sizes.size()];
    scanner.spacing = spacings[static_cast<std::size_t>(shift) % spacings.size()];
    return scanner;
}

} // namespace

PhantomCase prostatePhantom(std::uint64_t seed, int siteShift)
{
    const auto scanner = scannerOf(siteShift);
    Random anatomy(derivedSeed(seed, "anatomy"));
    const ProstateAnatomy pelvis(anatomy, scanner.coil);
    Random random(derivedSeed(seed, "scan"));
    const Vec3 middle{random.normal(0, 2), 2 + random.normal(0, 2), 4 + random.normal(0, 2)};
    const auto geometry = gridAround(middle, scanner.size, scanner.spacing, scanner.tilt, false);
    const BiasField bias(random, scanner.bias, {60, 60, 40});
    const double unit = 420 * scanner.gain * random.uniform(0.9, 1.1);
    const auto coil = pelvis.coilCentre();
    const auto sensitivity = [&](const Vec3 &p) {
        if (!scanner.coil)
            return bias.at(p);
        const double away = std::hypot(p[0] - coil[0], p[1] - coil[1], 0.6 * p[2]);
        return bias.at(p) * (0.35 + 4.5 / (1 + away * away / 330));
    };

    PhantomCase made{{"T2"}, {}, {geometry, {}}, {}, "MR", {"background", "prostate"}};
    Volume image{geometry, {}};
    image.values.reserve(static_cast<std::size_t>(geometry.voxels()));
    made.labels.values.reserve(image.values.capacity());
    for (int k = 0; k < geometry.size[2]; ++k) {
        for (int j = 0; j < geometry.size[1]; ++j) {
            for (int i = 0; i < geometry.size[0]; ++i) {
                const auto p = geometry.toPatient({1.0 * i, 1.0 * j, 1.0 * k});
                made.labels.values.push_back(pelvis.prostate(p) < 0 ? 1 : 0);
                // A thick slice averages what lies in it.
                double clean = 0;
                for (const double part : {-0.25, 0.25})
                    clean += 0.5 * pelvis.signal(geometry.toPatient({1.0 * i, 1.0 * j, k + part}));
                // Air stays black whatever the contrast.
                clean = 0.6 * std::pow(std::max(clean, 0.0) / 0.6, scanner.contrast);
                const double value = rician(random, clean * sensitivity(p), scanner.noise);
                image.values.push_back(static_cast<float>(std::round(unit * value)));
            }
        }
    }
    made.images.push_back(std::move(image));
    return made;
}

} // namespace consilium::imaging
