// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/layout/hanging_layout.h"

#include "viewer/canvas/review_resources.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <map>

namespace consilium::viewer {

namespace {

[[maybe_unused]] const char *const kTranslated[] = {
    QT_TRANSLATE_NOOP("HangingLayout", "Planes and 3D"),
    QT_TRANSLATE_NOOP("HangingLayout", "Side by side"),
    QT_TRANSLATE_NOOP("HangingLayout", "Difference to the reference"),
    QT_TRANSLATE_NOOP("HangingLayout", "Swipe"),
    QT_TRANSLATE_NOOP("HangingLayout", "Flicker"),
    QT_TRANSLATE_NOOP("HangingLayout", "Lightbox"),
    QT_TRANSLATE_NOOP("HangingLayout", "Channels"),
    QT_TRANSLATE_NOOP("HangingLayout", "Single"),
    QT_TRANSLATE_NOOP("HangingLayout", "Reading"),
    QT_TRANSLATE_NOOP("HangingLayout", "Two time points"),
};

template <typename Value>
Result<Value> wordOf(const Json &json, const char *key, const std::string &otherwise,
                     const std::map<std::string, Value> &words)
{
    const std::string word = json.value(key, otherwise);
    const auto found = words.find(word);
    if (found == words.end())
        return fail(ErrorCode::Malformed, "\"{}\" of a view cannot be \"{}\"", key, word);
    return found->second;
}

} // namespace

Result<HangingLayout::Template> HangingLayout::readView(const Json &json)
{
    Template out;
    const auto kind = wordOf<ViewKind>(json, "show", "slice",
                                       {{"slice", ViewKind::Slice},
                                        {"surface", ViewKind::Surface},
                                        {"swipe", ViewKind::Swipe},
                                        {"flicker", ViewKind::Flicker}});
    const auto plane =
        wordOf<int>(json, "plane", "axial", {{"axial", 0}, {"coronal", 1}, {"sagittal", 2}, {"facing", 3}});
    const std::string overlay = json.value("overlay", "chosen");
    const auto over = wordOf<OverlayKind>(json, "overlay", "chosen",
                                          {{"none", OverlayKind::None},
                                           {"chosen", OverlayKind::Chosen},
                                           {"reference", OverlayKind::One},
                                           {"each", OverlayKind::One},
                                           {"difference", OverlayKind::Difference},
                                           {"pair", OverlayKind::One},
                                           {"left", OverlayKind::One},
                                           {"right", OverlayKind::One}});
    const auto prior = wordOf<bool>(json, "case", "current", {{"current", false}, {"prior", true}});
    for (const Error *error : {kind ? nullptr : &kind.error(), plane ? nullptr : &plane.error(),
                               over ? nullptr : &over.error(), prior ? nullptr : &prior.error()})
        if (error)
            return fail(*error);
    out.view.kind = *kind;
    out.facing = *plane == 3;
    out.view.plane = out.facing ? Plane::Axial : static_cast<Plane>(*plane);
    out.view.overlay = *over;
    out.view.prior = *prior;
    out.view.name = QString::fromStdString(json.value("name", "view"));
    out.eachSegmentation = overlay == "each";
    out.eachModel = overlay == "difference";
    out.pair = overlay == "pair";
    out.left = overlay == "left";
    out.right = overlay == "right";
    if (const Json channel = json.value("channel", Json()); channel.is_number_integer())
        out.view.channel = channel;
    else
        out.eachChannel = channel == "each";
    out.times = std::clamp(json.value("times", 1), 1, 64);
    out.step = json.value("step", 0);
    out.atMost = std::clamp(json.value("atMost", 16), 1, 16);
    return out;
}

Result<HangingLayout> HangingLayout::fromJson(const Json &json)
{
    try {
        HangingLayout layout;
        const auto id = json.at("id").get<std::string>(), title = json.value("title", id);
        layout.m_id = QString::fromStdString(id);
        layout.m_title = QCoreApplication::translate("HangingLayout", title.c_str());
        layout.m_listed = json.value("listed", true);
        layout.m_columns = std::clamp(json.value("columns", 0), 0, 16);
        for (const Json &view : json.at("views")) {
            auto read = readView(view);
            if (!read)
                return fail(read.error(), "Layout \"{}\"", id);
            layout.m_views.push_back(std::move(*read));
        }
        if (layout.m_views.empty())
            return fail(ErrorCode::Malformed, "Layout \"{}\" has no views", id);
        return layout;
    } catch (const Json::exception &problem) {
        return fail(ErrorCode::Malformed, "A layout cannot be read: {}", problem.what());
    }
}

void HangingLayout::addViews(const Template &from, const CaseShape &shape, std::vector<ViewContent> &views) const
{
    ViewContent view = from.view;
    if (from.facing)
        view.plane = shape.facing;
    if (view.prior && !shape.hasPrior)
        return;
    std::vector<int> models;
    std::copy_if(shape.segmentations.begin(), shape.segmentations.end(), std::back_inserter(models),
                 [](int segmentation) { return segmentation != kReference; });
    const bool hasReference = models.size() < shape.segmentations.size();
    if (from.eachSegmentation || from.eachModel) {
        if (from.eachModel && !hasReference)
            return;
        const auto &each = from.eachModel ? models : shape.segmentations;
        for (std::size_t i = 0; i < std::min<std::size_t>(each.size(), from.atMost); ++i) {
            view.segmentation = each[i];
            views.push_back(view);
        }
        return;
    }
    if (from.eachChannel) {
        for (int channel = 0; channel < std::min(shape.channels, from.atMost); ++channel) {
            view.channel = channel;
            views.push_back(view);
        }
        return;
    }
    if (from.pair) {
        if (shape.segmentations.empty()) {
            view.overlay = OverlayKind::None;
        } else {
            // Two models before the reference and a model; one alone is compared with the bare image.
            const auto &pair = models.size() >= 2 ? models : shape.segmentations;
            view.segmentation = pair.front();
            view.second = pair.size() >= 2 ? pair[1] : pair.front();
        }
    }
    if (from.left || from.right)
        view.segmentation = from.left ? shape.left : shape.right;
    for (int n = 0; n < from.times; ++n) {
        view.offset = (n - from.times / 2) * from.step;
        views.push_back(view);
    }
}

std::vector<ViewContent> HangingLayout::views(const CaseShape &shape) const
{
    std::vector<ViewContent> views;
    for (const Template &from : m_views)
        addViews(from, shape, views);
    if (views.empty()) { // a layout for models in a case that has none
        ViewContent plain = m_views.front().view;
        plain.kind = ViewKind::Slice;
        plain.plane = m_views.front().facing ? shape.facing : plain.plane;
        plain.overlay = OverlayKind::Chosen;
        plain.prior = false;
        views.push_back(plain);
    }
    std::map<QString, int> seen;
    for (const ViewContent &view : views)
        ++seen[view.name];
    std::map<QString, int> numbered;
    for (ViewContent &view : views)
        if (seen[view.name] > 1)
            view.name += QString::number(++numbered[view.name]);
    return views;
}

int HangingLayout::columnsFor(int views) const
{
    if (m_columns > 0)
        return std::min(m_columns, views);
    // Side by side as long as columns stay wide enough to read; then two rows.
    return views <= 5 ? views : (views + 1) / 2;
}

Result<std::vector<HangingLayout>> hangingLayouts(const std::string &kind, const Json &own)
{
    const auto all = reviewResource("layouts.json");
    if (!all)
        return fail(all.error());
    std::vector<HangingLayout> layouts;
    for (const Json *file : {&*all, &own}) {
        if (!file->is_object() || !file->contains(kind))
            continue;
        const Json *entry = &file->at(kind);
        if (entry->is_string()) // the same as another kind's
            entry = &file->at(entry->get<std::string>());
        for (const Json &json : *entry) {
            auto layout = HangingLayout::fromJson(json);
            if (!layout)
                return fail(layout.error());
            const auto same = std::find_if(layouts.begin(), layouts.end(),
                                           [&](const auto &other) { return other.id() == layout->id(); });
            if (same == layouts.end())
                layouts.push_back(std::move(*layout));
            else
                *same = std::move(*layout);
        }
    }
    return layouts;
}

} // namespace consilium::viewer
