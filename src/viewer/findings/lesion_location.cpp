// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/lesion_location.h"

#include "imaging/preparation/brain_mask.h"
#include "imaging/resample.h"

#include <QCoreApplication>
#include <QMetaObject>
#include <algorithm>

namespace consilium::viewer {

using imaging::LesionRegion;

namespace {

// Only where fluid is dark can it be told from brain.
const Channel *channelWithDarkFluid(const ReviewCase &opened)
{
    for (const char *wanted : {"flair", "t1"})
        for (const Channel &channel : opened.channels)
            if (QString::fromStdString(channel.name).contains(QLatin1String(wanted), Qt::CaseInsensitive))
                return &channel;
    return nullptr;
}

const imaging::LabelMap &drawnBy(const ReviewCase &opened, int segmentation)
{
    return segmentation < 0 ? *opened.reference->labels
                            : *opened.predictions[static_cast<std::size_t>(segmentation)].labels;
}

} // namespace

std::vector<LesionRegion> locateLesions(const ReviewCase &opened, const CaseFindings &findings,
                                        const std::function<bool()> &cancelled)
{
    std::vector<LesionRegion> regions(findings.lesions.size(), LesionRegion::Unknown);
    const Channel *channel = channelWithDarkFluid(opened);
    const auto stopped = [&] { return cancelled && cancelled(); };
    if (!channel || findings.lesions.empty())
        return regions;
    const auto brain = imaging::brainMask(*channel->volume);
    if (!brain)
        return regions; // a crop or a phantom: there is no brain to be somewhere in
    // Findings are numbered on the grid of the reference, or of the first prediction without one.
    const imaging::Geometry &grid = drawnBy(opened, opened.reference ? -1 : 0).geometry;
    const bool same = grid.sameGrid(channel->volume->geometry);
    const auto image = same ? imaging::Volume() : imaging::resample(*channel->volume, grid);
    const auto mask = same ? imaging::LabelMap() : imaging::resampleLabels(*brain, grid);
    for (int author = -1; author < static_cast<int>(opened.predictions.size()); ++author) {
        const auto isTheirs = [&](const LesionFinding &lesion) { return lesion.drawnBy == author; };
        if (std::none_of(findings.lesions.begin(), findings.lesions.end(), isTheirs))
            continue;
        if (stopped())
            return std::vector<LesionRegion>(findings.lesions.size(), LesionRegion::Unknown);
        const imaging::LabelMap &drawn = drawnBy(opened, author);
        const auto placed = drawn.geometry.sameGrid(grid) ? imaging::LabelMap() : imaging::resampleLabels(drawn, grid);
        // regionHints wants one geometry to the last digit that a header keeps.
        auto labels = placed.values.empty() ? drawn : placed;
        labels.geometry = (same ? *channel->volume : image).geometry;
        auto brainHere = same ? *brain : mask;
        brainHere.geometry = labels.geometry;
        const auto hints = imaging::regionHints(labels, same ? *channel->volume : image, brainHere);
        for (std::size_t n = 0; n < findings.lesions.size(); ++n) {
            const auto index = static_cast<std::size_t>(findings.lesions[n].id) - 1;
            if (isTheirs(findings.lesions[n]) && index < hints.size())
                regions[n] = hints[index];
        }
    }
    return regions;
}

QString regionName(LesionRegion region)
{
    switch (region) {
    case LesionRegion::Periventricular: return QCoreApplication::translate("LesionRegion", "periventricular");
    case LesionRegion::Juxtacortical: return QCoreApplication::translate("LesionRegion", "juxtacortical");
    case LesionRegion::Infratentorial: return QCoreApplication::translate("LesionRegion", "infratentorial");
    case LesionRegion::DeepWhiteMatter: return QCoreApplication::translate("LesionRegion", "deep white matter");
    case LesionRegion::Unknown: break;
    }
    return QCoreApplication::translate("LesionRegion", "not determined");
}

QString shortRegionName(LesionRegion region)
{
    switch (region) {
    case LesionRegion::Periventricular: return QCoreApplication::translate("LesionRegion", "periventr.");
    case LesionRegion::Juxtacortical: return QCoreApplication::translate("LesionRegion", "juxtacort.");
    case LesionRegion::Infratentorial: return QCoreApplication::translate("LesionRegion", "infratent.");
    case LesionRegion::DeepWhiteMatter: return QCoreApplication::translate("LesionRegion", "deep WM");
    case LesionRegion::Unknown: break;
    }
    return QStringLiteral("\u2013");
}

LesionLocator::LesionLocator(QObject *parent) : QObject(parent)
{
    m_thread.setMaxThreadCount(1);
}

LesionLocator::~LesionLocator()
{
    locate(nullptr);
    m_thread.waitForDone();
}

void LesionLocator::locate(std::shared_ptr<const LoadedCase> shown)
{
    const std::uint64_t request = ++m_newest;
    m_thread.clear();
    if (!shown)
        return;
    m_thread.start([this, request, shown = std::move(shown)] {
        const auto cancelled = [&] { return request != m_newest; };
        if (cancelled())
            return;
        auto regions = locateLesions(shown->opened, shown->findings, cancelled);
        // The destructor waits for this thread, so `this` is alive.
        QMetaObject::invokeMethod(
            this,
            [this, request, shown, regions = std::move(regions)] {
                if (request == m_newest)
                    Q_EMIT located(shown, regions);
            },
            Qt::QueuedConnection);
    });
}

} // namespace consilium::viewer
