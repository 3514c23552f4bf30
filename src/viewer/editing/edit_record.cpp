// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/edit_record.h"

#include "viewer/cases/paths.h"

namespace consilium::viewer {

EditRecord recordOf(const LabelEditor &editor)
{
    EditRecord record;
    record.origin = editor.origin();
    record.began = editor.began();
    record.saved = now();
    record.labels = editor.labelList();
    for (std::size_t value = 0; value < record.labels.size(); ++value)
        record.millilitres.push_back(editor.millilitres(static_cast<int>(value)));
    record.steps = editor.steps();
    return record;
}

Json toJson(const EditRecord &record)
{
    Json json{{"case", record.caseId},        {"title", record.caseTitle},    {"reader", record.reader},
              {"began", toIso(record.began)}, {"saved", toIso(record.saved)}, {"madeFrom", nullptr},
              {"labels", Json::array()},      {"steps", Json::array()}};
    if (!record.origin.name.isEmpty()) {
        json["madeFrom"] = {{"name", record.origin.name.toStdString()}, {"sha256OfVoxels", record.origin.sha256}};
        if (!record.origin.file.empty())
            json["madeFrom"]["file"] = utf8(record.origin.file);
    }
    for (std::size_t value = 0; value < record.labels.size(); ++value) {
        const EditLabel &label = record.labels[value];
        Json entry{{"value", value}, {"name", label.name.toStdString()}, {"locked", label.locked}};
        if (label.colour.isValid() && value > 0)
            entry["colour"] = label.colour.name().toStdString();
        if (value < record.millilitres.size() && value > 0)
            entry["millilitres"] = record.millilitres[value];
        json["labels"].push_back(std::move(entry));
    }
    for (const EditStep &step : record.steps)
        json["steps"].push_back({{"what", step.text.toStdString()}, {"at", toIso(step.at)}, {"voxels", step.voxels}});
    return json;
}

Result<EditRecord> editRecordFromJson(const Json &json)
{
    const auto text = [](const std::string &value) { return QString::fromStdString(value); };
    try {
        EditRecord record;
        record.caseId = json.at("case").get<std::string>();
        record.caseTitle = json.at("title").get<std::string>();
        record.reader = json.at("reader").get<std::string>();
        for (const auto &[key, place] : {std::pair{"began", &record.began}, {"saved", &record.saved}}) {
            const auto time = fromIso(json.at(key).get<std::string>());
            if (!time)
                return fail(time.error());
            *place = *time;
        }
        if (const Json &from = json.at("madeFrom"); !from.is_null())
            record.origin = {text(from.at("name").get<std::string>()), fromUtf8(from.value("file", std::string())),
                             from.at("sha256OfVoxels").get<std::string>()};
        for (const Json &label : json.at("labels")) {
            const auto colour = label.value("colour", std::string());
            record.labels.push_back({text(label.at("name").get<std::string>()),
                                     colour.empty() ? QColor(Qt::transparent) : QColor(text(colour)),
                                     label.at("locked").get<bool>()});
        }
        if (record.labels.size() < 2 || record.labels.size() > 256)
            return fail(ErrorCode::Malformed, "The record of an edit has {} labels", record.labels.size());
        for (const Json &step : json.at("steps")) {
            const auto at = fromIso(step.at("at").get<std::string>());
            if (!at)
                return fail(at.error());
            record.steps.push_back(
                {text(step.at("what").get<std::string>()), *at, step.at("voxels").get<std::int64_t>()});
        }
        return record;
    } catch (const Json::exception &error) {
        return fail(ErrorCode::Malformed, "The record of an edit is not as expected: {}", error.what());
    }
}

} // namespace consilium::viewer
