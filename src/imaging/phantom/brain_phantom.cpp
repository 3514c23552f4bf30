// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "imaging/phantom/brain_anatomy.h"
#include "imaging/phantom/mr_scan.h"
#include "imaging/phantom/phantom_kinds.h"

#include <algorithm>
#include <cmath>

namespace consilium::imaging {

namespace {

/// One clinic's scanner and patients.
struct Scanner
{
    double gain = 1;     ///< of both channels: scanners share no unit
    double contrast = 1; ///< of the tissues among themselves
    double lesionContrast = 1;
    double noise = 0.03; ///< deviation, as a share of white matter's brightness
    double bias = 0.12;  ///< largest slow change of brightness
    double lesionLoad = 1;
    bool storesRas = false; ///< order of the axes in the file
};

/// Bounded, without period, and exactly the reference for shift 0.
Scanner scannerOf(int shift)
{
    const auto wave = [shift](double rate) { return std::sin(rate * shift); };
    Scanner scanner;
    scanner.gain = std::exp(1.1 * wave(1.1));
    scanner.contrast = 1 - 0.25 * std::abs(wave(1.3));
    scanner.lesionContrast = 1 - 0.2 * std::abs(wave(1.7));
    scanner.noise += 0.03 * std::abs(wave(0.9));
    scanner.bias += 0.13 * std::abs(wave(2.1));
    scanner.lesionLoad = std::exp(0.6 * wave(2.3));
    scanner.storesRas = shift % 2 != 0;
    return scanner;
}

/// Brightness of grey matter, fluid and lesions relative to white matter.
struct Weighting
{
    double grey, csf, lesion;
    double periventricular; ///< brighter rim that healthy ventricles have in FLAIR
};
constexpr Weighting s_flair{1.28, 0.22, 1.85, 0.12};
constexpr Weighting s_t1{0.72, 0.28, 0.70, 0};

Volume scan(const Geometry &geometry, const std::vector<Tissue> &tissues, const Weighting &weighting,
            const Scanner &scanner, Random &random)
{
    Volume volume{geometry, std::vector<float>(tissues.size(), 0)};
    const BiasField bias(random, scanner.bias, {80, 95, 75});
    const double white = 400 * scanner.gain * random.uniform(0.93, 1.07);
    const double grey = 1 + (weighting.grey - 1) * scanner.contrast;
    const double csf = 1 + (weighting.csf - 1) * scanner.contrast;
    const double lesion =
        1 + (weighting.lesion - 1) * scanner.contrast * scanner.lesionContrast * random.uniform(0.9, 1.05);
    for (int k = 0; k < geometry.size[2]; ++k) {
        for (int j = 0; j < geometry.size[1]; ++j) {
            for (int i = 0; i < geometry.size[0]; ++i) {
                const auto index = static_cast<std::size_t>(geometry.offset(i, j, k));
                const auto &tissue = tissues[index];
                if (!tissue.inside())
                    continue;
                const double rim =
                    1 + weighting.periventricular * std::exp(-std::max(tissue.ventricleDistance, 0.0) / 3);
                const double clean =
                    tissue.white * rim + tissue.grey * grey + tissue.csf * csf + tissue.lesion * lesion;
                const double signal = clean * bias.at(geometry.toPatient({1.0 * i, 1.0 * j, 1.0 * k}));
                // Whole numbers, as scanners store them; they also pack well.
                volume.values[index] =
                    static_cast<float>(std::max(1.0, std::round(white * rician(random, signal, scanner.noise))));
            }
        }
    }
    return volume;
}

} // namespace

PhantomCase multipleSclerosisPhantom(std::uint64_t seed, int siteShift)
{
    const auto scanner = scannerOf(siteShift);
    const BrainAnatomy brain(derivedSeed(seed, "anatomy"), scanner.lesionLoad);
    // The middle of the box lies 3 mm below the brain's centre, where the cerebellum needs the room.
    const auto geometry = gridAround({0, 0, -3}, {64, 76, 60}, {2.5, 2.5, 2.5}, 0, scanner.storesRas);
    std::vector<Tissue> tissues(static_cast<std::size_t>(geometry.voxels()));
    LabelMap labels{geometry, std::vector<std::uint8_t>(tissues.size(), 0)};
    for (int k = 0; k < geometry.size[2]; ++k) {
        for (int j = 0; j < geometry.size[1]; ++j) {
            for (int i = 0; i < geometry.size[0]; ++i) {
                const auto index = static_cast<std::size_t>(geometry.offset(i, j, k));
                tissues[index] = brain.at(geometry.toPatient({1.0 * i, 1.0 * j, 1.0 * k}));
                labels.values[index] = tissues[index].lesion > 0.5 ? 1 : 0;
            }
        }
    }
    Random random(derivedSeed(seed, "scan"));
    PhantomCase made{{"FLAIR", "T1"}, {}, std::move(labels), {}, "MR", {"background", "lesion"}};
    for (const auto &weighting : {s_flair, s_t1})
        made.images.push_back(scan(geometry, tissues, weighting, scanner, random));
    return made;
}

} // namespace consilium::imaging
