// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantom.h"

#include "brain_anatomy.h"
#include "core/hash.h"
#include "imaging/nifti.h"
#include "core/parallel.h"

#include <algorithm>
#include <cmath>

namespace consilium::segmentation {

namespace {

using imaging::Geometry;
using imaging::LabelMap;
using imaging::Vec3;
using imaging::Volume;

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

Geometry grid(const Scanner &scanner)
{
    Geometry geometry;
    geometry.size = {64, 76, 60};
    geometry.spacing = {2.5, 2.5, 2.5};
    if (scanner.storesRas)
        geometry.direction = {Vec3{-1, 0, 0}, Vec3{0, -1, 0}, Vec3{0, 0, 1}};
    // The middle of the box lies 3 mm below the brain's centre, where the cerebellum needs the room.
    const Vec3 middle{(geometry.size[0] - 1) / 2.0, (geometry.size[1] - 1) / 2.0, (geometry.size[2] - 1) / 2.0};
    const auto reached = geometry.toPatient(middle);
    geometry.origin = {-reached[0], -reached[1], -reached[2] - 3};
    return geometry;
}

/// Brightness of grey matter, fluid and lesions relative to white matter.
struct Weighting
{
    double grey, csf, lesion;
    double periventricular; ///< brighter rim that healthy ventricles have in FLAIR
};
constexpr Weighting s_flair{1.28, 0.22, 1.85, 0.12};
constexpr Weighting s_t1{0.72, 0.28, 0.70, 0};

/// Slow change of brightness over the head: a random quadratic, 1 on average.
class BiasField
{
public:
    BiasField(Random &random, double largest) : m_largest(largest)
    {
        for (auto &weight : m_weights)
            weight = random.uniform(-1, 1);
    }
    double at(const Vec3 &lps) const
    {
        const double x = lps[0] / 80, y = lps[1] / 95, z = lps[2] / 75;
        const double sum = m_weights[0] * x + m_weights[1] * y + m_weights[2] * z + m_weights[3] * (x * x - 0.3) +
                           m_weights[4] * (y * y - 0.3) + m_weights[5] * (z * z - 0.3);
        return std::exp(m_largest * std::clamp(sum, -1.5, 1.5));
    }

private:
    double m_largest;
    std::array<double, 6> m_weights{};
};

Volume scan(const Geometry &geometry, const std::vector<Tissue> &tissues, const Weighting &weighting,
            const Scanner &scanner, Random &random)
{
    Volume volume{geometry, std::vector<float>(tissues.size(), 0)};
    const BiasField bias(random, scanner.bias);
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
                // Magnitude of a complex signal with Gaussian noise in both parts: Rician (Gudbjartsson and Patz 1995).
                const double real =
                    clean * bias.at(geometry.toPatient({1.0 * i, 1.0 * j, 1.0 * k})) + random.normal(0, scanner.noise);
                const double imaginary = random.normal(0, scanner.noise);
                // Whole numbers, as scanners store them; they also pack well.
                volume.values[index] =
                    static_cast<float>(std::max(1.0, std::round(white * std::hypot(real, imaginary))));
            }
        }
    }
    return volume;
}

Result<> writeCase(const std::filesystem::path &out, const std::string &id, const Scanner &scanner, std::uint64_t seed)
{
    const BrainAnatomy brain(derivedSeed(seed, "anatomy"), scanner.lesionLoad);
    const auto geometry = grid(scanner);
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
    const Weighting weightings[] = {s_flair, s_t1};
    for (int channel = 0; channel < 2; ++channel) {
        const auto volume = scan(geometry, tissues, weightings[channel], scanner, random);
        if (auto written = imaging::writeNifti(out / "imagesTr" / fmt::format("{}_{:04}.nii.gz", id, channel), volume);
            !written)
            return written;
    }
    return imaging::writeLabels(out / "labelsTr" / (id + ".nii.gz"), labels);
}

/// Everything of the dataset, into a folder nobody looks at yet.
Result<> writeDataset(const Json &preset, const std::filesystem::path &folder, int cases, int siteShift,
                      std::uint64_t seed, int threads)
{
    const auto scanner = scannerOf(siteShift);
    const auto ofSite = derivedSeed(seed, "phantom", static_cast<std::uint64_t>(siteShift));
    const auto written = forEachIndex(static_cast<std::size_t>(cases), threads, [&](std::size_t index) {
        const auto id = fmt::format("phantom-{}-{:03}", siteShift, index + 1);
        return writeCase(folder, id, scanner, derivedSeed(ofSite, "case", index));
    });
    if (!written)
        return written;
    Json labels = Json::object();
    for (std::size_t value = 0; value < preset["labels"].size(); ++value)
        labels[preset["labels"][value].get<std::string>()] = value;
    return writeJson(folder / "dataset.json",
                     {{"name", fmt::format("Synthetic {}, site {}", preset.value("title", "dataset"), siteShift)},
                      {"channel_names", {{"0", "FLAIR"}, {"1", "T1"}}},
                      {"labels", labels},
                      {"numTraining", cases},
                      {"file_ending", ".nii.gz"},
                      {"licence", "Synthetic: no person's data"}});
}

} // namespace

Result<> writePhantom(const Json &preset, const std::filesystem::path &out, int cases, int siteShift,
                      std::uint64_t seed, int threads)
{
    namespace fs = std::filesystem;
    if (preset.value("phantom", "") != "multiple-sclerosis")
        return failWithHint(ErrorCode::Unsupported, "Use real data, or the phantom of ms-lesions",
                            "Task '{}' has no phantom", preset.value("name", ""));
    if (cases < 1 || siteShift < 0)
        return fail(ErrorCode::Invalid,
                    "A phantom needs at least one case and a site shift of 0 or more, not {} and {}", cases, siteShift);
    auto target = fs::absolute(out).lexically_normal();
    if (!target.has_filename())
        target = target.parent_path();
    std::error_code error;
    if (fs::exists(target, error) && !fs::is_empty(target, error))
        return failWithHint(ErrorCode::Invalid, "Name a new folder", "Folder {} is not empty", target.string());

    // Made beside its place and moved there whole: an interrupted run leaves no half of a dataset.
    auto partial = target;
    partial += ".partial";
    fs::remove_all(partial, error);
    if (auto written = writeDataset(preset, partial, cases, siteShift, seed, threads); !written) {
        fs::remove_all(partial, error);
        return written;
    }
    fs::remove(target, error);
    error.clear();
    fs::rename(partial, target, error);
    if (error)
        return fail(ErrorCode::Io, "Folder {} could not be renamed to {}: {}", partial.string(), target.string(),
                    error.message());
    return {};
}

} // namespace consilium::segmentation
