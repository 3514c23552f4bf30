// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "imaging/volume.h"

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace consilium::imaging {

enum class Verdict { Pass, Warn, Fail };
std::string_view name(Verdict verdict); ///< "pass", "warn", "fail"

/// One thing that was looked at.
struct QualityFinding
{
    std::string check; ///< "file", "spacing", "snr", "coverage", "agreement", "ghosting", "duplicate", "labels"
    Verdict verdict = Verdict::Pass;
    double value = 0;   ///< in the check's unit; 0 when nothing could be measured
    std::string reason; ///< one sentence with the figure and the limit, or why nothing could be measured
};

/// What a task expects of its images; from its preset.
struct QualityLimits
{
    std::optional<Vec3> spacing;       ///< mm, in canonical axes
    double spacingTolerance = 0.1;     ///< mm
    bool brain = false;                ///< brain images: coverage, region SNR and agreement are looked at
    std::vector<std::string> channels; ///< "FLAIR", "T1", ...: decide the region of the SNR
    int labelCount = 2;                ///< background included
};

/// The files of a case to look at: NIfTI, or research formats (NRRD, MetaImage, PNG, ...).
struct QualityCase
{
    std::string id;
    std::vector<std::filesystem::path> channels;
    std::optional<std::filesystem::path> labels;
};

/// A small picture of the middle slice, 8-bit grey, 128 pixels at most on each side: of a volume the axial one, front
/// up and the patient's left on the right; of a radiograph the whole.
struct Thumbnail
{
    int width = 0, height = 0;
    std::vector<std::uint8_t> pixels;
};

struct QualityReport
{
    std::string caseId;
    Verdict verdict = Verdict::Pass; ///< the worst of the findings
    std::vector<QualityFinding> findings;
    std::vector<std::string> pixelHashes; ///< SHA-256 of each channel's geometry and voxels
    Thumbnail thumbnail;

    std::string reason() const; ///< of the worst finding; empty when all pass
};

struct QualityOptions
{
    int threads = 0;                                                   ///< 0: as many as there are cores
    std::function<bool(std::size_t done, std::size_t total)> progress; ///< false cancels
};

/// How many cases, `threads` at most and 1 at least, to hold in memory at once so that their volumes and the copies
/// made on the way stay within about 4 GB.
int casesAtOnce(const std::vector<QualityCase> &cases, int threads);

/// Looks at every case, as many at once as casesAtOnce allows; duplicates are found among them. A file that cannot be
/// read is a failed finding, not an error. In the order of the cases. Errors: Cancelled.
Result<std::vector<QualityReport>> checkQuality(const std::vector<QualityCase> &cases, const QualityLimits &limits,
                                                const QualityOptions &options = {});

/// {"case", "verdict", "reason", "findings": [{"check", "verdict", "value", "reason"}], "pixelHashes"}
Json toJson(const QualityReport &report);
/// One line: "case-07: pass", or "case-07: fail: <reason>", and how many more findings there are.
std::string summary(const QualityReport &report);

/// Writes the picture as portable greymap (.pgm), atomically. Errors: Io; Invalid (no picture).
Result<> writeThumbnail(const std::filesystem::path &file, const Thumbnail &thumbnail);

} // namespace consilium::imaging
