// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/edit_work.h"

#include "viewer/editing/between_slices.h"

#include <QMetaObject>
#include <cmath>
#include <new>
#include <optional>

namespace consilium::viewer {

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
    const imaging::Vec3 index = grid.toIndex(patient);
    imaging::Index3 seed{};
    for (std::size_t n = 0; n < 3; ++n)
        seed[n] = static_cast<int>(std::lround(index[n]));
    run(
        [image = m_editor.imageOnGrid(), grid, seed, limits](const std::atomic<bool> &cancelled) {
            RegionPreview preview{growRegion(image, grid, seed, limits, &cancelled), nullptr};
            if (preview.region.count == 0)
                return preview;
            auto map = std::make_shared<imaging::LabelMap>(imaging::LabelMap{grid, {}});
            map->values.resize(static_cast<std::size_t>(grid.voxels()));
            for (const VoxelRun &voxels : preview.region.voxels.runs)
                std::fill_n(map->values.begin() + grid.offset(voxels.first, voxels.j, voxels.k), voxels.count,
                            std::uint8_t{1});
            preview.map = std::move(map);
            return preview;
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
