// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/edit_work.h"

#include "viewer/editing/between_slices.h"

#include <QMetaObject>
#include <algorithm>
#include <cmath>
#include <new>
#include <optional>

namespace consilium::viewer {

namespace {

imaging::Index3 nearestVoxel(const imaging::Geometry &grid, const imaging::Vec3 &patient)
{
    const imaging::Vec3 index = grid.toIndex(patient);
    imaging::Index3 voxel{};
    for (std::size_t n = 0; n < 3; ++n)
        voxel[n] = static_cast<int>(std::lround(index[n]));
    return voxel;
}

RegionPreview previewOf(GrownRegion region, const imaging::Geometry &grid, int label)
{
    RegionPreview preview{std::move(region), nullptr, label};
    if (preview.region.count == 0)
        return preview;
    auto map = std::make_shared<imaging::LabelMap>(imaging::LabelMap{grid, {}});
    map->values.resize(static_cast<std::size_t>(grid.voxels()));
    for (const VoxelRun &voxels : preview.region.voxels.runs)
        std::fill_n(map->values.begin() + grid.offset(voxels.first, voxels.j, voxels.k), voxels.count, std::uint8_t{1});
    preview.map = std::move(map);
    return preview;
}

} // namespace

EditWork::EditWork(LabelEditor &editor, QObject *parent)
    : QObject(parent), m_editor(editor), m_cancelled(std::make_shared<std::atomic<bool>>(false))
{
    m_thread.setMaxThreadCount(1);
}

EditWork::~EditWork()
{
    *m_cancelled = true;
    m_thread.clear();
    m_thread.waitForDone();
}

void EditWork::setBusy(bool busy)
{
    if (m_busy == busy)
        return;
    m_busy = busy;
    Q_EMIT busyChanged(busy);
}

void EditWork::cancel()
{
    ++m_newest;
    *m_cancelled = true;
    m_cancelled = std::make_shared<std::atomic<bool>>(false);
    m_thread.clear();
    setBusy(false);
}

// Runs `work(cancelled)` on the thread and `deliver(value)` here; a newer request, or cancel, drops both.
template <typename Work, typename Deliver>
void EditWork::run(Work work, Deliver deliver)
{
    cancel();
    setBusy(true);
    const std::uint64_t request = m_newest;
    m_thread.start([this, request, cancelled = m_cancelled, work = std::move(work), deliver = std::move(deliver)] {
        using Value = decltype(work(*cancelled));
        auto value = std::make_shared<std::optional<Value>>();
        try {
            *value = work(*cancelled);
        } catch (const std::bad_alloc &) {
            value->reset();
        }
        // The destructor waits for this thread; a call still queued then is dropped with the object.
        QMetaObject::invokeMethod(
            this,
            [this, request, deliver, value] {
                if (request != m_newest)
                    return;
                setBusy(false);
                if (*value)
                    deliver(std::move(**value));
                else
                    Q_EMIT failed(tr("There is not enough memory for this edit. Close other programs."));
            },
            Qt::QueuedConnection);
    });
}

void EditWork::startFrom(std::shared_ptr<const imaging::LabelMap> labels, const EditOrigin &origin)
{
    run([labels = std::move(labels), origin](const std::atomic<bool> &) { return prepareEdit(*labels, origin); },
        [this](PreparedEdit prepared) { m_editor.start(std::move(prepared)); });
}

void EditWork::startEmpty(const imaging::Geometry &grid)
{
    run([grid](const std::atomic<bool> &) { return prepareEmpty(grid); },
        [this](PreparedEdit prepared) { m_editor.start(std::move(prepared)); });
}

void EditWork::grow(const imaging::Vec3 &patient, const GrowLimits &limits)
{
    if (!m_editor.isOpen())
        return;
    const imaging::Geometry grid = m_editor.labels()->geometry;
    run(
        [image = m_editor.imageOnGrid(), grid, seed = nearestVoxel(grid, patient),
         limits](const std::atomic<bool> &cancelled) {
            return previewOf(growRegion(image, grid, seed, limits, &cancelled), grid, 0);
        },
        [this](const RegionPreview &preview) { Q_EMIT regionGrown(preview); });
}

void EditWork::findPiece(const imaging::Vec3 &patient)
{
    if (!m_editor.isOpen())
        return;
    run(
        [runs = m_editor.runs(), seed = nearestVoxel(m_editor.labels()->geometry, patient)](const std::atomic<bool> &) {
            const imaging::LabelMap labels = runs.expanded();
            GrownRegion piece = labelPiece(labels, seed);
            const int label = piece.count > 0 ? labels.at(seed[0], seed[1], seed[2]) : 0;
            return previewOf(std::move(piece), labels.geometry, label);
        },
        [this](const RegionPreview &preview) { Q_EMIT regionGrown(preview); });
}

void EditWork::fillBetweenSlices(Plane plane)
{
    if (!m_editor.isOpen() || m_editor.isStroking())
        return;
    const int label = m_editor.activeLabel();
    const std::uint64_t state = m_editor.state();
    run([runs = m_editor.runs(), label,
         plane](const std::atomic<bool> &) { return fillBetween(runs, static_cast<std::uint8_t>(label), plane); },
        [this, label, state](const BetweenSlices &between) {
            if (m_editor.state() != state || m_editor.isStroking() || m_editor.activeLabel() != label) {
                Q_EMIT failed(tr("The labels changed while the slices between were worked out. Fill again."));
                return;
            }
            const auto changed =
                m_editor.apply(tr("Fill between slices"), between.voxels, LabelEditor::Paint::Active, false);
            Q_EMIT slicesFilled(changed > 0 ? between.slices : 0, changed);
        });
}

} // namespace consilium::viewer
