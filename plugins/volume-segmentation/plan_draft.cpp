// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan_draft.h"

#include "core/plan_setting.h"

#include <algorithm>
#include <array>

namespace consilium::segmentation {

namespace {

constexpr std::array shapeKeys{"features", "strides", "kernels", "blocks"};
/// An extent of a preset's patch, before it is fitted to the images.
constexpr int largestExtent = 1 << 20;

const Json *findIn(const Json &json, const char *section, const char *key)
{
    if (!json.is_object() || !json.contains(section))
        return nullptr;
    const auto &inner = json[section];
    return inner.is_object() && inner.contains(key) ? &inner[key] : nullptr;
}

Json valueOr(const Json *value, Json otherwise)
{
    return value ? *value : std::move(otherwise);
}

/// "training.batchSize=4" as {"training": {"batchSize": 4}}.
Result<Json> nested(const std::vector<std::pair<std::string, std::string>> &settings)
{
    Json json = Json::object();
    for (const auto &[path, value] : settings) {
        if (auto applied = applySetting(json, path, value, UnknownKeys::Made); !applied)
            return fail(applied.error());
    }
    return json;
}

/// As many entries as there are features: the first of them, or the last again.
void resize(Json &entries, std::size_t count)
{
    while (entries.size() > count)
        entries.erase(entries.size() - 1);
    while (!entries.empty() && entries.size() < count)
        entries.push_back(Json(entries.back()));
}

bool isPatch(const Json &patch)
{
    return patch.is_array() && !patch.empty() && std::all_of(patch.begin(), patch.end(), [](const Json &extent) {
               return extent.is_number_integer() && extent.get<double>() > 0 && extent.get<double>() <= largestExtent;
           });
}

/// With the smallest patch that the network divides, which stands in for one that is not known yet.
Result<Plan> parsedWithAnyPatch(Json json, std::size_t dimensions, const std::string &kind)
{
    // A module may be given any patch: read as one, the network is checked but for what its kind divides.
    json["training"]["patch"] = std::vector<int>(dimensions, 1);
    auto module = json;
    module["network"]["kind"] = "torchscript";
    module["network"]["module"] = std::string(64, '0');
    auto read = Plan::fromJson(module);
    if (!read)
        return read;
    auto network = read->network;
    network.kind = kind;
    json["training"]["patch"] = patchDivisor(network);
    return Plan::fromJson(json);
}

} // namespace

Result<PlanDraft> PlanDraft::begin(const Json &preset, const std::vector<std::string> &channels,
                                   const std::vector<std::string> &labels, const tasks::PlanRequest &request)
{
    const auto asked = nested(request.settings);
    if (!asked)
        return fail(asked.error());
    PlanDraft draft;
    draft.m_json = preset.value("plan", Json::object());
    draft.m_json["format"] = 1;
    draft.m_json["task"] = preset.value("name", "");
    draft.m_json["data"] = {
        {"kind", preset.value("kind", "volume-segmentation")}, {"channels", channels}, {"labels", labels}};
    if (request.configure) {
        const auto kind = draft.kind();
        draft.m_json["network"] = Json{{"kind", kind}};
        draft.erase("training", "patch");
        draft.erase("training", "batchSize");
    }
    draft.dropUnfitKeys(*asked);
    draft.m_patchIsAsked = findIn(*asked, "training", "patch") != nullptr;
    draft.m_json.merge_patch(*asked);
    for (const auto *section : {"network", "preprocessing", "augmentation", "training"}) {
        if (draft.m_json.contains(section) && !draft.m_json[section].is_object())
            return fail(Plan::fromJson(draft.m_json).error());
    }
    return draft;
}

void PlanDraft::erase(const char *section, const char *key)
{
    if (find(section, key))
        m_json[section].erase(key);
}

void PlanDraft::dropUnfitKeys(const Json &asked)
{
    const auto drop = [this](const auto &keys) {
        for (const auto *key : keys)
            erase("network", key);
    };
    const auto before = kind();
    const auto wanted = valueOr(findIn(asked, "network", "kind"), before);
    const auto isUNet = [](const Json &name) { return name == "unet" || name == "residual-unet"; };
    if (wanted != before && isUNet(wanted) && isUNet(before))
        drop(std::array{"blocks"}); // convolutions are not residual blocks
    else if (wanted != before)
        drop(shapeKeys);
    const auto dimensions = valueOr(find("network", "dimensions"), 3);
    if (valueOr(findIn(asked, "network", "dimensions"), dimensions) != dimensions) {
        drop(shapeKeys);
        erase("training", "patch");
    }
    if (const auto *features = findIn(asked, "network", "features"); features && features->is_array()) {
        for (const auto *key : {"strides", "kernels", "blocks"}) {
            if (const auto *entries = find("network", key); entries && entries->is_array())
                resize(m_json["network"][key], features->size());
        }
    }
}

const Json *PlanDraft::find(const char *section, const char *key) const
{
    return findIn(m_json, section, key);
}

std::string PlanDraft::kind() const
{
    const auto kind = valueOr(find("network", "kind"), "unet");
    return kind.is_string() ? kind.get<std::string>() : std::string();
}

bool PlanDraft::networkIsOpen() const
{
    return (kind() == "unet" || kind() == "residual-unet") && !find("network", "features");
}

void PlanDraft::chooseDimensions(const learning::ImageStatistics &images, std::vector<std::string> &reasons)
{
    const auto *patch = find("training", "patch");
    if (patch) {
        m_json["network"]["dimensions"] = patch->size() == 2 ? 2 : 3;
        return;
    }
    const int dimensions = learning::dimensionsFor(images);
    m_json["network"]["dimensions"] = dimensions;
    const auto &size = images.medianSize;
    const auto thinnest = std::min_element(size.begin(), size.end());
    if (dimensions == 2)
        reasons.push_back(
            fmt::format("In two dimensions, slice by slice: the median image has only {:.0f} slices", size[2]));
    else if (*thinnest < learning::fewestSlices)
        reasons.push_back(fmt::format("In three dimensions, though the median image has only {:.0f} voxels along {}: "
                                      "slices are taken across z alone",
                                      *thinnest, "xyz"[thinnest - size.begin()]));
    else
        reasons.push_back(fmt::format("In three dimensions: the median image has {:.0f} slices", size[2]));
}

void PlanDraft::settleNetwork()
{
    if (kind() == "ahnet") {
        auto &network = m_json["network"];
        if (!network.contains("features"))
            network["features"] = Json::array({64}); // the width behind the stem, as published
        if (!network.contains("deepSupervision"))
            network["deepSupervision"] = false;
    }
    if (valueOr(find("network", "dimensions"), 3) != 2)
        return;
    // What is mirrored across slices in three dimensions has nothing to be mirrored across in two.
    auto mirror = valueOr(find("augmentation", "mirror"), Json::array({0, 1}));
    if (mirror.is_array()) {
        mirror.erase(std::remove(mirror.begin(), mirror.end(), Json(2)), mirror.end());
        m_json["augmentation"]["mirror"] = mirror;
    }
}

Result<Plan> PlanDraft::parsed(const learning::ImageStatistics &images, std::vector<std::string> &reasons)
{
    if (networkIsOpen() && !find("network", "dimensions"))
        chooseDimensions(images, reasons);
    settleNetwork();
    auto json = m_json;
    if (networkIsOpen())
        json["network"]["features"] = Json::array({32});
    if (patchIsOpen()) {
        const bool flat = valueOr(find("network", "dimensions"), 3) == 2;
        return parsedWithAnyPatch(std::move(json), flat ? 2 : 3, kind());
    }
    // A preset's patch need not suit another network than the preset's: it is fitted afterwards.
    const auto &patch = *find("training", "patch");
    if (m_patchIsAsked || !isPatch(patch))
        return Plan::fromJson(json);
    auto plan = parsedWithAnyPatch(std::move(json), patch.size(), kind());
    if (plan)
        plan->training.patch = patch.get<std::vector<int>>();
    return plan;
}

} // namespace consilium::segmentation
