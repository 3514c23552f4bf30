// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/series_writer.h"

#include "core/parallel.h"
#include "core/platform.h"
#include "imaging/dicom/written_image.h"
#include "imaging/dicom/written_object.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace consilium::imaging::dicom {

namespace {

Result<> checkVolume(const Volume &volume)
{
    const auto &geometry = volume.geometry;
    if (std::any_of(geometry.size.begin(), geometry.size.end(), [](int n) { return n < 1 || n > 65535; }) ||
        volume.values.size() != static_cast<std::size_t>(geometry.voxels()))
        return fail(ErrorCode::Invalid, "{} x {} x {} voxels with {} values make no DICOM image", geometry.size[0],
                    geometry.size[1], geometry.size[2], volume.values.size());
    if (!std::all_of(volume.values.begin(), volume.values.end(), [](float value) { return std::isfinite(value); }))
        return fail(ErrorCode::Invalid, "Values that are not finite cannot be written as DICOM");
    const auto &d = geometry.direction;
    for (std::size_t a = 0; a < 3; ++a)
        for (std::size_t b = 0; b < 3; ++b) {
            const double product = d[0][a] * d[0][b] + d[1][a] * d[1][b] + d[2][a] * d[2][b];
            if (std::abs(product - (a == b ? 1 : 0)) > 1e-4)
                return fail(ErrorCode::Invalid, "Axes that are not at right angles cannot be written as DICOM");
        }
    return {};
}

Result<> checkDescription(const Volume &volume, const SeriesDescription &description)
{
    const auto &modality = description.modality;
    if (description.projection && volume.geometry.size[2] != 1)
        return fail(ErrorCode::Invalid, "A radiograph has one slice, not {}", volume.geometry.size[2]);
    if (description.projection ? modality != "DX" : modality != "MR" && modality != "CT")
        return fail(ErrorCode::Invalid, "Series of modality {} are not written{}", modality,
                    description.projection ? " as radiographs: DX is" : ": MR and CT are");
    if (description.enhanced && modality != "MR")
        return fail(ErrorCode::Invalid, "Enhanced images are written for MR, not for {}", modality);
    if (description.uidSeed.empty())
        return fail(ErrorCode::Invalid, "A series needs a seed for its UIDs");
    return {};
}

/// The number as the text of the file says it, so that rounding it costs nothing.
double asWritten(double value)
{
    const auto text = decimalString(value);
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// Whole numbers stay themselves where 16 bits hold them; else the range is spread over all of them.
StoredValues storedValues(const Volume &volume, bool signedAllowed)
{
    const auto [smallest, largest] = std::minmax_element(volume.values.begin(), volume.values.end());
    StoredValues stored;
    stored.low = *smallest;
    stored.high = *largest;
    const bool whole = std::all_of(volume.values.begin(), volume.values.end(),
                                   [](float value) { return value == std::nearbyint(value); });
    if (whole && stored.low >= 0 && stored.high <= 65535)
        return stored;
    if (whole && signedAllowed && stored.low >= -32768 && stored.high <= 32767) {
        stored.isSigned = true;
        return stored;
    }
    stored.intercept = stored.low;
    if (!(whole && stored.high - stored.low <= 65535) && stored.high > stored.low) {
        stored.slope = asWritten((stored.high - stored.low) / 65535);
        if (stored.low + stored.slope * 65535 < stored.high)
            stored.slope = asWritten(stored.slope * (1 + 1e-9));
        if (!(stored.slope > 0)) // what is stored is divided by it
            stored.slope = 1;
    }
    stored.intercept = asWritten(stored.intercept);
    return stored;
}

} // namespace

Result<> writeSeries(const std::filesystem::path &folder, const Volume &volume, const SeriesDescription &description)
{
    if (auto checked = checkVolume(volume); !checked)
        return checked;
    if (auto checked = checkDescription(volume, description); !checked)
        return checked;
    const auto stored = storedValues(volume, !description.projection);
    const auto count = description.enhanced ? std::size_t{1} : static_cast<std::size_t>(volume.geometry.size[2]);
    return forEachIndex(count, platform::availableCores(), [&](std::size_t k) -> Result<> {
        DcmFileFormat file;
        ImageWriting writing(volume, description, stored);
        auto &dataset = *file.getDataset();
        auto filled = description.projection ? writing.radiograph(dataset)
                      : description.enhanced ? writing.enhanced(dataset)
                                             : writing.slice(dataset, static_cast<int>(k));
        if (!filled)
            return filled;
        return saveObject(folder / fmt::format("IMG-{:04}.dcm", k + 1), file);
    });
}

} // namespace consilium::imaging::dicom
