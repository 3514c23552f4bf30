// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/hung_case.h"

#include <QLocale>
#include <algorithm>

namespace consilium::viewer {

using imaging::LabelMap;
using imaging::Vec3;

namespace {

// Three models are the fewest of which some can have more than half.
constexpr std::size_t kModelsForMajority = 3;
// Images of the earlier case are numbered apart from those of the present one.
constexpr int kPriorImages = 1000;

QString millilitres(double value)
{
    return HungCase::tr("%1 mL").arg(QLocale().toString(value, 'f', value < 10 ? 2 : 1));
}

} // namespace

void HungCase::setCase(std::shared_ptr<const LoadedCase> loaded)
{
    m_case = std::move(loaded);
    m_edited = m_majority = nullptr;
    m_differences.clear();
    if (!m_case)
        return;
    m_channel = 0;
    m_overlay = firstOverlay();
}

int HungCase::firstOverlay() const
{
    return opened().reference || opened().predictions.empty() ? kReference : 0;
}

void HungCase::setSides(int left, int right)
{
    m_left = left;
    m_right = right;
}

std::vector<int> HungCase::choices() const
{
    std::vector<int> all;
    if (!m_case)
        return all;
    if (opened().reference)
        all.push_back(kReference);
    for (std::size_t i = 0; i < opened().predictions.size(); ++i)
        all.push_back(static_cast<int>(i));
    if (opened().predictions.size() >= kModelsForMajority)
        all.push_back(kMajority);
    if (m_edited)
        all.push_back(kEdited);
    return all;
}

std::vector<int> HungCase::surfaces() const
{
    std::vector<int> shown;
    for (const int segmentation : choices())
        if (segmentation >= kReference && (!m_overlay || *m_overlay == segmentation))
            shown.push_back(segmentation);
    return shown;
}

CaseShape HungCase::shape() const
{
    CaseShape shape;
    if (!m_case)
        return shape;
    for (const int segmentation : choices())
        if (segmentation >= kReference)
            shape.segmentations.push_back(segmentation);
    shape.channels = static_cast<int>(opened().channels.size());
    shape.left = m_left;
    shape.right = m_right;
    shape.hasPrior = m_prior != nullptr;
    const auto &grid = opened().channels.front().volume->geometry;
    if (const auto thin = std::find(grid.size.begin(), grid.size.end(), 1); thin != grid.size.end()) {
        // Planes stand in the order axial, coronal, sagittal: across S, P and L.
        const auto across = grid.closestAxes().axis[static_cast<std::size_t>(thin - grid.size.begin())];
        shape.facing = static_cast<Plane>(2 - across);
    }
    return shape;
}

QString HungCase::nameOf(int segmentation) const
{
    if (m_blinded)
        return segmentation == m_left ? tr("left") : segmentation == m_right ? tr("right") : tr("reference");
    switch (segmentation) {
    case kReference: return tr("reference");
    case kEdited: return tr("edited");
    case kMajority: return tr("majority of models");
    default: return QString::fromStdString(opened().predictions[static_cast<std::size_t>(segmentation)].name);
    }
}

QColor HungCase::colourOf(int segmentation) const
{
    if (opened().labels.size() > 2)
        return {};
    if (m_blinded) // a model's own colour would give it away
        return seriesColour(m_theme, 0);
    switch (segmentation) {
    case kReference: return colour(m_theme.reference);
    case kEdited: return colour(m_theme.accent);
    case kMajority: return colour(m_theme.warn);
    default: return seriesColour(m_theme, static_cast<std::size_t>(segmentation));
    }
}

std::shared_ptr<const LabelMap> HungCase::labelsOf(int segmentation)
{
    if (segmentation == kEdited)
        return m_edited;
    if (segmentation == kReference)
        return opened().reference ? opened().reference->labels : nullptr;
    if (segmentation != kMajority) {
        const auto model = static_cast<std::size_t>(segmentation);
        return model < opened().predictions.size() ? opened().predictions[model].labels : nullptr;
    }
    if (!m_majority) {
        std::vector<const LabelMap *> maps;
        for (const Segmentation &prediction : opened().predictions)
            maps.push_back(prediction.labels.get());
        if (!maps.empty())
            m_majority = std::make_shared<const LabelMap>(majority(maps));
    }
    return m_majority;
}

Overlay HungCase::overlayOf(int segmentation)
{
    Overlay overlay{labelsOf(segmentation), {}};
    overlay.colours = labelColours(m_theme, opened(), std::max(segmentation, kReference));
    if (const QColor one = colourOf(segmentation); one.isValid() && overlay.colours.size() > 1)
        overlay.colours[1] = one;
    return overlay;
}

std::shared_ptr<const LabelDifference> HungCase::differenceOf(int segmentation)
{
    auto &difference = m_differences[segmentation];
    if (difference && segmentation != kEdited)
        return difference;
    const auto model = labelsOf(segmentation);
    difference = std::make_shared<const LabelDifference>(
        model && opened().reference ? labelDifference(*model, *opened().reference->labels) : LabelDifference());
    return difference;
}

std::vector<Overlay> HungCase::overlaysOf(const ViewContent &content)
{
    std::vector<Overlay> overlays;
    const auto add = [&](int segmentation) {
        if (Overlay overlay = overlayOf(segmentation); overlay.labels)
            overlays.push_back(std::move(overlay));
    };
    if (content.prior) {
        const auto &reference = m_prior->opened.reference;
        if (reference && content.overlay != OverlayKind::None)
            overlays.push_back({reference->labels, labelColours(m_theme, m_prior->opened, kReference)});
        return overlays;
    }
    switch (content.overlay) {
    case OverlayKind::None: break;
    case OverlayKind::Chosen:
        for (const int segmentation : m_overlay ? std::vector{*m_overlay} : choices())
            add(segmentation);
        break;
    case OverlayKind::One: add(content.segmentation); break;
    case OverlayKind::Difference: {
        const auto difference = differenceOf(content.segmentation);
        if (!difference->map.values.empty())
            overlays.push_back({std::shared_ptr<const LabelMap>(difference, &difference->map),
                                {Qt::transparent, colour(m_theme.truePositive), colour(m_theme.falsePositive),
                                 colour(m_theme.falseNegative)}});
        break;
    }
    }
    return overlays;
}

const Channel &HungCase::channelOf(const ViewContent &content) const
{
    const auto &channels = caseOf(content).opened.channels;
    const auto wanted = content.channel >= 0 ? static_cast<std::size_t>(content.channel) : m_channel;
    return channels[std::min(wanted, channels.size() - 1)];
}

int HungCase::imageOf(const ViewContent &content) const
{
    const auto &channels = caseOf(content).opened.channels;
    return static_cast<int>(&channelOf(content) - channels.data()) + (content.prior ? kPriorImages : 0);
}

QString HungCase::titleOf(const ViewContent &content) const
{
    const QString image = QString::fromStdString(channelOf(content).name);
    const QString planes[] = {tr("Axial"), tr("Coronal"), tr("Sagittal")};
    if (content.prior)
        return tr("%1, %2").arg(QString::fromStdString(m_prior->opened.title), image);
    if (content.kind == ViewKind::Surface)
        return tr("3D");
    if (content.kind != ViewKind::Slice && content.overlay == OverlayKind::One)
        return content.segmentation == content.second
                   ? tr("%1 | %2").arg(image, nameOf(content.second))
                   : tr("%1 | %2").arg(nameOf(content.segmentation), nameOf(content.second));
    switch (content.overlay) {
    case OverlayKind::One: return nameOf(content.segmentation);
    case OverlayKind::Difference: return tr("%1: found, invented, missed").arg(nameOf(content.segmentation));
    case OverlayKind::None: return image;
    case OverlayKind::Chosen: break;
    }
    return opened().isPlaced ? tr("%1, %2").arg(planes[static_cast<std::size_t>(content.plane)], image) : image;
}

std::vector<QColor> HungCase::marksOf(const ViewContent &content) const
{
    std::vector<QColor> marks;
    if (content.prior || content.kind == ViewKind::Surface)
        return marks;
    if (content.overlay == OverlayKind::Difference)
        return {colour(m_theme.truePositive), colour(m_theme.falsePositive), colour(m_theme.falseNegative)};
    if (content.overlay != OverlayKind::One)
        return marks;
    std::vector<int> shown{content.segmentation};
    if (content.kind != ViewKind::Slice && content.second != content.segmentation)
        shown.push_back(content.second);
    for (const int segmentation : shown)
        if (const QColor mark = colourOf(segmentation); mark.isValid())
            marks.push_back(mark);
    return marks;
}

QString HungCase::noteOf(int segmentation) const
{
    if (m_blinded)
        return {};
    const CaseFindings &findings = m_case->findings;
    if (segmentation == kReference)
        return findings.referenceMillilitres ? millilitres(*findings.referenceMillilitres) : QString();
    if (segmentation < 0 || static_cast<std::size_t>(segmentation) >= findings.models.size())
        return {};
    const ModelFinding &model = findings.models[static_cast<std::size_t>(segmentation)];
    QStringList lines;
    if (model.dice)
        lines.append(tr("Dice %1").arg(QLocale().toString(*model.dice, 'f', 2)));
    lines.append(millilitres(model.millilitres));
    return lines.join(u'\n');
}

QString HungCase::noteOf(const ViewContent &content)
{
    if (content.prior) {
        const auto &load = m_prior->findings.referenceMillilitres;
        return load ? millilitres(*load) : QString();
    }
    if (content.overlay == OverlayKind::One)
        return noteOf(content.segmentation);
    if (content.overlay == OverlayKind::Difference) {
        const auto difference = differenceOf(content.segmentation);
        return tr("found %1\ninvented %2\nmissed %3")
            .arg(millilitres(difference->foundMillilitres), millilitres(difference->inventedMillilitres),
                 millilitres(difference->missedMillilitres));
    }
    // Said once, in the first of the planes.
    const bool first = content.name == QLatin1String("axial") || content.name == QLatin1String("single");
    return content.overlay == OverlayKind::Chosen && first && m_overlay ? noteOf(*m_overlay) : QString();
}

void HungCase::fill(Viewport &viewport)
{
    if (!m_case)
        return;
    const ViewContent content = viewport.content();
    if (content.prior && !m_prior)
        return;
    viewport.setTitle(titleOf(content), marksOf(content));
    SliceCanvas *canvas = viewport.canvas();
    if (!canvas)
        return;
    const ReviewCase &shown = caseOf(content).opened;
    const Channel &channel = channelOf(content);
    canvas->setPlaced(shown.isPlaced);
    canvas->setVolume(channel.volume, shown.content, channel.arrival);
    const bool compares = content.kind == ViewKind::Swipe || content.kind == ViewKind::Flicker;
    ViewContent first = content;
    if (compares && content.segmentation == content.second)
        first.overlay = OverlayKind::None;
    canvas->setOverlays(overlaysOf(first));
    canvas->setNote(noteOf(first));
    if (compares) {
        ViewContent second = content;
        second.segmentation = content.second;
        canvas->setCompared(channel.volume, overlaysOf(second), noteOf(second));
    } else {
        canvas->setCompared(nullptr, {}, {});
    }
}

Vec3 HungCase::firstPosition(const Vec3 &fallback) const
{
    const CaseFindings &findings = m_case->findings;
    if (!findings.lesions.empty())
        return findings.lesions.front().position;
    if (!findings.structures.empty() && findings.structures.front().position)
        return *findings.structures.front().position;
    return fallback;
}

} // namespace consilium::viewer
