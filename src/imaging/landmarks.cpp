// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/landmarks.h"

#include "core/file.h"
#include "core/json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <string_view>

namespace consilium::imaging {

namespace {

constexpr auto s_schema = "https://raw.githubusercontent.com/slicer/slicer/master/Modules/Loadable/Markups/Resources/"
                          "Schema/markups-schema-v1.0.3.json#";

enum class Format { Markups, Csv };

Result<Format> formatOf(const std::filesystem::path &file)
{
    auto ending = file.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
    if (ending == ".json")
        return Format::Markups;
    if (ending == ".csv")
        return Format::Csv;
    return failWithHint(ErrorCode::Unsupported, "Landmarks are .mrk.json (3D Slicer Markups) or .csv",
                        "{} does not end like a file of landmarks", file.string());
}

Result<> checkNames(const LandmarkSet &landmarks, const std::filesystem::path &file)
{
    std::set<std::string_view> names;
    for (const auto &point : landmarks.points) {
        if (point.name.empty())
            return failWithHint(ErrorCode::Invalid, "Name every landmark", "{}: a landmark has no name", file.string());
        if (!names.insert(point.name).second)
            return failWithHint(ErrorCode::Invalid, "Landmarks are told apart by name: rename one of them",
                                "{}: the name \"{}\" is there twice", file.string(), point.name);
    }
    return {};
}

// What one line of a CSV file holds; quotes as in RFC 4180.
std::vector<std::string> fieldsOf(std::string_view line)
{
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t n = 0; n < line.size(); ++n) {
        const char c = line[n];
        if (c == '"' && quoted && n + 1 < line.size() && line[n + 1] == '"') {
            fields.back() += '"';
            ++n;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
    for (auto &field : fields) {
        const auto first = field.find_first_not_of(" \t");
        field = first == std::string::npos ? "" : field.substr(first, field.find_last_not_of(" \t") - first + 1);
    }
    return fields;
}

// Numbers with a point whatever the language of the system.
std::optional<double> numberIn(std::string_view text)
{
    if (!text.empty() && text.front() == '+')
        text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

Result<Landmark> landmarkOf(const std::vector<std::string> &fields, const std::filesystem::path &file, int line)
{
    const auto malformed = [&](std::string_view what) {
        return failWithHint(ErrorCode::Malformed, "Each line is label,x,y or label,x,y,z with numbers in mm (LPS)",
                            "{}, line {}: {}", file.string(), line, what);
    };
    Landmark landmark;
    landmark.name = fields.front();
    if (landmark.name.empty())
        return malformed("the label is empty");
    if (fields.size() > 4)
        return malformed(fmt::format("{} fields, 4 at most are known", fields.size()));
    const bool empty =
        std::all_of(fields.begin() + 1, fields.end(), [](const std::string &field) { return field.empty(); });
    if (empty) {
        landmark.visibility = Visibility::Absent;
        return landmark;
    }
    if (fields.size() < 3)
        return malformed("y is missing");
    for (std::size_t c = 1; c < fields.size(); ++c) {
        if (c == 3 && fields[c].empty())
            continue; // label,x,y, of a spreadsheet with 2D points
        const auto number = numberIn(fields[c]);
        if (!number)
            return malformed(fmt::format("\"{}\" is not a number", fields[c]));
        landmark.position[c - 1] = *number;
    }
    return landmark;
}

Result<LandmarkSet> parseCsv(std::string_view text, const std::filesystem::path &file)
{
    constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(byteOrderMark))
        text.remove_prefix(byteOrderMark.size());
    LandmarkSet landmarks;
    bool first = true;
    for (int line = 1; !text.empty(); ++line) {
        const auto end = std::min(text.find('\n'), text.size());
        auto content = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (content.ends_with('\r'))
            content.remove_suffix(1);
        if (content.find_first_not_of(" \t") == std::string_view::npos || content.starts_with('#'))
            continue;
        const auto fields = fieldsOf(content);
        const bool header = first && fields.size() >= 3 && (fields[1] == "x" || fields[1] == "X");
        first = false;
        if (header)
            continue;
        auto landmark = landmarkOf(fields, file, line);
        if (!landmark)
            return fail(landmark.error());
        landmarks.points.push_back(std::move(*landmark));
    }
    return landmarks;
}

std::string quoted(const std::string &name)
{
    if (name.find_first_of(",\" \t#") == std::string::npos)
        return name;
    std::string result = "\"";
    for (const char c : name)
        result += c == '"' ? std::string("\"\"") : std::string(1, c);
    return result + '"';
}

std::string csvOf(const LandmarkSet &landmarks)
{
    std::string text = "label,x,y,z\n";
    for (const auto &[name, position, visibility, confidence, locked] : landmarks.points) {
        if (visibility == Visibility::Absent)
            text += fmt::format("{},,,\n", quoted(name));
        else
            text += fmt::format("{},{},{},{}\n", quoted(name), position[0], position[1], position[2]);
    }
    return text;
}

/// Whether the markup's units are millimetres: "mm", a coded term of them, or not said.
bool inMillimetres(const Json &markup)
{
    const auto units = markup.find("coordinateUnits");
    if (units == markup.end() || units->is_null())
        return true;
    const auto &code = units->is_array() && !units->empty() ? units->front() : *units;
    return code == "mm";
}

Result<Landmark> landmarkOf(const Json &point, bool ras)
{
    if (!point.is_object())
        return fail(ErrorCode::Malformed, "is not an object");
    Landmark landmark;
    const auto label = point.find("label");
    if (label == point.end() || !label->is_string() || label->get_ref<const std::string &>().empty())
        return fail(ErrorCode::Malformed, "has no label");
    landmark.name = *label;
    if (const auto locked = point.find("locked"); locked != point.end() && locked->is_boolean())
        landmark.locked = *locked;
    if (const auto confidence = point.find("confidence"); confidence != point.end() && confidence->is_number())
        landmark.confidence = std::clamp(confidence->get<double>(), 0.0, 1.0);
    if (const auto occluded = point.find("occluded"); occluded != point.end() && *occluded == true)
        landmark.visibility = Visibility::Occluded;

    const auto status = point.find("positionStatus");
    const auto position = point.find("position");
    if ((status != point.end() && *status != "defined") || position == point.end() || position->is_null()) {
        landmark.visibility = Visibility::Absent;
        return landmark;
    }
    if (!position->is_array() || position->size() != 3 ||
        !std::all_of(position->begin(), position->end(), [](const Json &value) { return value.is_number(); }))
        return fail(ErrorCode::Malformed, "(\"{}\") has a position that is not three numbers", landmark.name);
    landmark.position = position->get<Vec3>();
    if (ras) {
        landmark.position[0] = -landmark.position[0];
        landmark.position[1] = -landmark.position[1];
    }
    return landmark;
}

Result<LandmarkSet> parseMarkups(const Json &document, const std::filesystem::path &file)
{
    const auto markups = document.find("markups");
    if (!document.is_object() || markups == document.end() || !markups->is_array())
        return failWithHint(ErrorCode::Malformed, "Save the points from 3D Slicer as Markups JSON",
                            "{} has no list \"markups\"", file.string());
    LandmarkSet landmarks;
    for (const auto &markup : *markups) {
        const auto points = markup.find("controlPoints");
        if (!markup.is_object() || points == markup.end())
            continue; // a markup without points, a plane given by its matrix
        const auto system = markup.find("coordinateSystem");
        const bool ras = system != markup.end() && *system == "RAS";
        if (system != markup.end() && !ras && *system != "LPS")
            return failWithHint(ErrorCode::Malformed, "Known are LPS and RAS", "{}: coordinateSystem is {}",
                                file.string(), system->dump());
        if (!inMillimetres(markup))
            return failWithHint(ErrorCode::Unsupported, "Save it in mm", "{}: coordinateUnits is {}", file.string(),
                                markup["coordinateUnits"].dump());
        if (!points->is_array())
            return fail(ErrorCode::Malformed, "{}: controlPoints is not a list", file.string());
        for (const auto &point : *points) {
            auto landmark = landmarkOf(point, ras);
            if (!landmark)
                return fail(landmark.error().code, "{}: control point {} {}", file.string(),
                            landmarks.points.size() + 1, landmark.error().message);
            landmarks.points.push_back(std::move(*landmark));
        }
    }
    return landmarks;
}

OrderedJson markupsOf(const LandmarkSet &landmarks)
{
    OrderedJson points = OrderedJson::array();
    for (const auto &landmark : landmarks.points) {
        const bool absent = landmark.visibility == Visibility::Absent;
        OrderedJson point{{"id", std::to_string(points.size() + 1)},
                          {"label", landmark.name},
                          {"description", landmark.visibility == Visibility::Occluded ? "occluded" : ""},
                          {"associatedNodeID", ""}};
        // Slicer before 5.2 refuses a position that is not three numbers, and reads a point without one.
        if (!absent)
            point["position"] = landmark.position;
        point["orientation"] = {-1.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 1.0}; // Slicer's default: RAS axes in LPS
        point["selected"] = true;
        point["locked"] = landmark.locked;
        point["visibility"] = true;
        point["positionStatus"] = absent ? "missing" : "defined";
        if (landmark.visibility == Visibility::Occluded)
            point["occluded"] = true;
        if (landmark.confidence != 1)
            point["confidence"] = landmark.confidence;
        points.push_back(std::move(point));
    }
    OrderedJson markup{{"type", "Fiducial"},
                       {"coordinateSystem", "LPS"},
                       {"coordinateUnits", "mm"},
                       {"locked", false},
                       {"fixedNumberOfControlPoints", false},
                       {"labelFormat", "%N-%d"},
                       {"lastUsedControlPointNumber", points.size()},
                       {"controlPoints", std::move(points)},
                       {"measurements", OrderedJson::array()}};
    return {{"@schema", s_schema}, {"markups", OrderedJson::array({std::move(markup)})}};
}

} // namespace

const Landmark *LandmarkSet::find(std::string_view name) const
{
    const auto found =
        std::find_if(points.begin(), points.end(), [&](const Landmark &point) { return point.name == name; });
    return found == points.end() ? nullptr : &*found;
}

Result<LandmarkSet> LandmarkSet::ordered(const std::vector<std::string> &names) const
{
    for (const auto &point : points)
        if (std::find(names.begin(), names.end(), point.name) == names.end())
            return fail(ErrorCode::Invalid, "The landmark \"{}\" is not one of the task's", point.name);
    LandmarkSet result;
    for (const auto &name : names) {
        const auto *point = find(name);
        result.points.push_back(point ? *point : Landmark{name, {}, Visibility::Absent, 1, false});
    }
    return result;
}

Result<LandmarkSet> readLandmarks(const std::filesystem::path &file)
{
    const auto format = formatOf(file);
    if (!format)
        return fail(format.error());
    const auto text = readFile(file);
    if (!text)
        return fail(text.error());
    Result<LandmarkSet> landmarks;
    if (*format == Format::Csv) {
        landmarks = parseCsv(*text, file);
    } else {
        const auto document = parseJson(*text);
        if (!document)
            return fail(document.error(), "{}", file.string());
        landmarks = parseMarkups(*document, file);
    }
    if (landmarks)
        if (auto unique = checkNames(*landmarks, file); !unique)
            return fail(unique.error());
    return landmarks;
}

Result<> writeLandmarks(const std::filesystem::path &file, const LandmarkSet &landmarks)
{
    const auto format = formatOf(file);
    if (!format)
        return fail(format.error());
    if (auto unique = checkNames(landmarks, file); !unique)
        return unique;
    for (const auto &point : landmarks.points) {
        const auto finite = [](double value) { return std::isfinite(value); };
        if (point.visibility != Visibility::Absent &&
            !std::all_of(point.position.begin(), point.position.end(), finite))
            return fail(ErrorCode::Invalid, "{}: the position of \"{}\" is not finite", file.string(), point.name);
    }
    return writeFileAtomically(file, *format == Format::Csv ? csvOf(landmarks) : markupsOf(landmarks).dump(2) + "\n");
}

} // namespace consilium::imaging
