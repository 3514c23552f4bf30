// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/files/image_files.h"
#include "imaging/nifti.h"
#include "node/inspect_report.h"

#include <algorithm>
#include <cctype>
#include <fmt/ranges.h>

namespace consilium::node {

namespace fs = std::filesystem;

Json gridJson(const imaging::Geometry &geometry)
{
    return {{"dimensions", geometry.size}, {"spacing", geometry.spacing},     {"frame", "LPS"},
            {"origin", geometry.origin},   {"direction", geometry.direction}, {"orientation", geometry.orientation()}};
}

std::string gridText(const imaging::Geometry &geometry, const std::string &placedBy)
{
    auto text = fmt::format("  dimensions   {}\n  spacing      {:.4g} mm\n  orientation  {} ({})\n"
                            "  origin       {:.3f} mm, LPS\n",
                            fmt::join(geometry.size, " x "), fmt::join(geometry.spacing, " x "), geometry.orientation(),
                            placedBy, fmt::join(geometry.origin, ", "));
    for (std::size_t row = 0; row < 3; ++row)
        text +=
            fmt::format("  {:<11}  {:8.5f}\n", row == 0 ? "direction" : "", fmt::join(geometry.direction[row], " "));
    return text;
}

Json rangeJson(const imaging::ValueRange &range)
{
    return {{"minimum", range.minimum},
            {"maximum", range.maximum},
            {"percentile0.5", range.low},
            {"percentile99.5", range.high}};
}

std::string rangeText(const imaging::ValueRange &range)
{
    return fmt::format("  values       {:.6g} to {:.6g}; 99 % within {:.6g} to {:.6g}\n", range.minimum, range.maximum,
                       range.low, range.high);
}

std::string qualityText(const imaging::QualityReport &report)
{
    const auto reason = report.reason();
    return fmt::format("  quality      {}{}\n", imaging::name(report.verdict), reason.empty() ? "" : ": " + reason);
}

namespace {

// "NRRD", from the ending of the name.
std::string formatName(const fs::path &file)
{
    auto ending = file.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (ending == ".nrrd" || ending == ".nhdr")
        return "NRRD";
    if (ending == ".mha" || ending == ".mhd")
        return "MetaImage";
    if (ending == ".png")
        return "PNG";
    return ending.starts_with(".tif") ? "TIFF" : "JPEG";
}

Result<imaging::QualityReport> qualityOf(const fs::path &file)
{
    auto reports = imaging::checkQuality({{file.filename().string(), {file}, {}}}, {});
    if (!reports)
        return fail(reports.error());
    return std::move(reports->front());
}

struct HeaderFacts
{
    Json json;
    std::string kind, placedBy;
    std::vector<std::string> warnings;
};

Result<HeaderFacts> niftiFacts(const fs::path &file)
{
    const auto header = imaging::readNiftiHeader(file);
    if (!header)
        return fail(header.error());
    HeaderFacts facts;
    facts.json = {{"kind", "nifti"},
                  {"frames", header->frames},
                  {"transform", header->transform},
                  {"componentType", header->componentType}};
    facts.kind = fmt::format("NIfTI, {}{}", header->componentType,
                             header->frames > 1 ? fmt::format(", {} frames, the first shown", header->frames) : "");
    facts.placedBy = header->transform;
    if (header->shear > 0.1)
        facts.warnings.push_back(
            fmt::format("the axes miss right angles by {:.2f} degrees; they were straightened", header->shear));
    if (header->transform == "none")
        facts.warnings.push_back("the file does not say where the patient's left is; axes taken as RAS");
    return facts;
}

HeaderFacts researchFacts(const fs::path &file)
{
    const auto format = formatName(file);
    const bool placed = format == "NRRD" || format == "MetaImage";
    HeaderFacts facts;
    facts.json = {{"kind", format}, {"frames", 1}};
    facts.kind = placed ? format : format + ", a picture without millimetres";
    facts.placedBy = placed ? "the file's directions" : "no directions";
    return facts;
}

} // namespace

Result<InspectReport> inspectImage(const fs::path &file)
{
    auto facts =
        imaging::kindOf(file) == imaging::FileKind::Nifti ? niftiFacts(file) : Result<HeaderFacts>(researchFacts(file));
    if (!facts)
        return fail(facts.error());
    const auto volume = imaging::readImage(file);
    if (!volume)
        return fail(volume.error());
    const auto range = imaging::valueRange(volume->values);
    const auto quality = qualityOf(file);
    if (!quality)
        return fail(quality.error());

    InspectReport report{std::move(facts->json), {}};
    report.json["path"] = file.string();
    report.json.update(gridJson(volume->geometry));
    report.json["range"] = rangeJson(range);
    report.json["warnings"] = facts->warnings;
    report.json["quality"] = imaging::toJson(*quality);
    report.text = fmt::format("{}\n  kind         {}\n", file.string(), facts->kind) +
                  gridText(volume->geometry, facts->placedBy) + rangeText(range);
    for (const auto &warning : facts->warnings)
        report.text += "  warning      " + warning + "\n";
    report.text += qualityText(*quality);
    return report;
}

} // namespace consilium::node
