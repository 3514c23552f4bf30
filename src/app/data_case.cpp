// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/data_case.h"

namespace consilium::app {

namespace {

QString textAt(const Json &json, const char *key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? QString::fromStdString(found->get<std::string>()) : QString();
}

QStringList namesAt(const Json &json, const char *key)
{
    QStringList names;
    const auto found = json.find(key);
    if (found != json.end() && found->is_array())
        for (const auto &name : *found)
            if (name.is_string())
                names << QString::fromStdString(name.get<std::string>());
    return names;
}

std::filesystem::path pathAt(const Json &json, const char *key)
{
    return textAt(json, key).toStdU16String();
}

template <typename Values>
void readAt(const Json &json, const char *key, Values &values)
{
    const auto found = json.find(key);
    if (found == json.end() || !found->is_array() || found->size() != values.size())
        return;
    for (const auto &value : *found)
        if (!value.is_number())
            return;
    values = found->get<Values>();
}

CaseSplit splitNamed(const QString &name)
{
    if (name == QLatin1String("training"))
        return CaseSplit::Training;
    if (name == QLatin1String("validation"))
        return CaseSplit::Validation;
    return name == QLatin1String("test") ? CaseSplit::Test : CaseSplit::Unknown;
}

} // namespace

QString nameOf(CaseQuality quality)
{
    switch (quality) {
    case CaseQuality::Unknown: break;
    case CaseQuality::Pass: return QStringLiteral("pass");
    case CaseQuality::Warn: return QStringLiteral("warn");
    case CaseQuality::Fail: return QStringLiteral("fail");
    }
    return {};
}

CaseQuality qualityNamed(const QString &name)
{
    for (const auto quality : {CaseQuality::Pass, CaseQuality::Warn, CaseQuality::Fail})
        if (nameOf(quality) == name)
            return quality;
    return CaseQuality::Unknown;
}

std::optional<DatasetInfo> datasetFrom(const Json &event)
{
    if (textAt(event, "event") != QLatin1String("dataset"))
        return std::nullopt;
    DatasetInfo info;
    info.folder = pathAt(event, "path");
    info.channels = namesAt(event, "channels");
    info.labels = namesAt(event, "labels");
    info.landmarks = namesAt(event, "landmarks");
    const auto cases = event.find("cases");
    info.cases = cases != event.end() && cases->is_number_integer() ? cases->get<int>() : 0;
    info.task = textAt(event, "task");
    info.tasks = namesAt(event, "tasks");
    return info;
}

std::optional<DataCase> caseFrom(const Json &event)
{
    DataCase found;
    found.id = textAt(event, "case");
    if (textAt(event, "event") != QLatin1String("case") || found.id.isEmpty())
        return std::nullopt;
    found.patient = textAt(event, "patient");
    for (const auto &channel : namesAt(event, "channels"))
        found.channels.emplace_back(channel.toStdU16String());
    found.labels = pathAt(event, "labels");
    found.landmarks = pathAt(event, "landmarks");
    readAt(event, "dimensions", found.size);
    readAt(event, "spacing", found.spacing);
    found.orientation = textAt(event, "orientation");
    found.split = splitNamed(textAt(event, "split"));
    found.stamp = textAt(event, "stamp");
    return found;
}

std::optional<CaseVerdict> verdictFrom(const Json &event)
{
    CaseVerdict verdict{textAt(event, "case"), qualityNamed(textAt(event, "verdict")), textAt(event, "reason")};
    if (textAt(event, "event") != QLatin1String("quality") || verdict.id.isEmpty() ||
        verdict.quality == CaseQuality::Unknown)
        return std::nullopt;
    return verdict;
}

} // namespace consilium::app
