// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/findings_csv.h"
#include "viewer/cases/csv_field.h"

#include <fmt/format.h>

namespace consilium::viewer {

namespace {

std::string line(const std::vector<std::string> &fields)
{
    std::string text;
    for (std::size_t n = 0; n < fields.size(); ++n)
        text += (n > 0 ? "," : "") + csvField(fields[n]);
    return text + "\r\n";
}

std::string number(std::optional<double> value, int decimals)
{
    return value ? fmt::format("{:.{}f}", *value, decimals) : std::string();
}

std::string yesNo(bool yes)
{
    return yes ? "yes" : "no";
}

std::string lesionsCsv(const FindingsModel &findings, const std::vector<std::size_t> &rows)
{
    const LoadedCase &shown = *findings.shown();
    const bool reference = shown.opened.reference.has_value();
    std::vector<std::string> header{"number",      "volume_ml",   "diameter_mm", "place",
                                    "left_lps_mm", "back_lps_mm", "head_lps_mm", "outlined_by"};
    if (reference)
        header.push_back("in_reference");
    for (const Segmentation &model : shown.opened.predictions)
        for (const char *what : {"", ": share covered", ": dice"})
            header.push_back(model.name + what);
    header.push_back("verdict");
    std::string text = line(header);
    for (const std::size_t row : rows) {
        const LesionFinding &lesion = shown.findings.lesions[row];
        const Verdict verdict = findings.verdicts().at(row);
        std::vector<std::string> fields{fmt::format("{}", row + 1), number(lesion.millilitres, 4),
                                        number(lesion.diameter, 2),
                                        std::string(imaging::name(findings.region(static_cast<int>(row))))};
        for (const double coordinate : lesion.position)
            fields.push_back(number(coordinate, 2));
        fields.push_back(authorOf(shown, lesion));
        if (reference)
            fields.push_back(yesNo(lesion.inReference));
        for (std::size_t model = 0; model < lesion.inModel.size(); ++model) {
            fields.push_back(yesNo(lesion.inModel[model]));
            fields.push_back(number(lesion.covered[model], 3));
            fields.push_back(number(lesion.dice[model], 3));
        }
        fields.push_back(verdict == Verdict::Accepted ? "accepted" : verdict == Verdict::Rejected ? "rejected" : "");
        text += line(fields);
    }
    return text;
}

std::string structuresCsv(const LoadedCase &shown, const std::vector<std::size_t> &rows)
{
    std::vector<std::string> header{"structure", "reference_ml"};
    for (const Segmentation &model : shown.opened.predictions)
        for (const char *what : {": ml", ": dice"})
            header.push_back(model.name + what);
    std::string text = line(header);
    for (const std::size_t row : rows) {
        const StructureFinding &structure = shown.findings.structures[row];
        std::vector<std::string> fields{structure.name, number(structure.millilitres, 4)};
        for (std::size_t model = 0; model < structure.dice.size(); ++model) {
            fields.push_back(number(structure.modelMillilitres[model], 4));
            fields.push_back(number(structure.dice[model], 4));
        }
        text += line(fields);
    }
    return text;
}

} // namespace

std::string findingsCsv(const FindingsModel &findings, const std::vector<std::size_t> &rows)
{
    if (!findings.shown())
        return {};
    return findings.listsLesions() ? lesionsCsv(findings, rows) : structuresCsv(*findings.shown(), rows);
}

} // namespace consilium::viewer
