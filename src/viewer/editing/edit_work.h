// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/canvas/slice_geometry.h"
#include "viewer/editing/label_editor.h"
#include "viewer/editing/region_grow.h"

#include <QThreadPool>
#include <functional>

namespace consilium::viewer {

/// A region around a point, with the same voxels as a map (label 1) to be drawn before anything is changed.
struct RegionPreview
{
    GrownRegion region;
    std::shared_ptr<const imaging::LabelMap> map; ///< null when the region is empty
    int label = 0;                                ///< of a piece of a label, the label
};

/// What takes longer than a picture may wait, on a thread of its own: making an edit ready, growing a region, filling
/// between slices. One at a time; the newest request wins. Signals and changes of the editor come on the window's
/// thread.
class EditWork : public QObject
{
    Q_OBJECT

public:
    explicit EditWork(LabelEditor &editor, QObject *parent = nullptr);
    ~EditWork() override;

    /// Begins an edit with a copy of `labels`, or with nothing on the grid of an image: the editor restarts.
    void startFrom(std::shared_ptr<const imaging::LabelMap> labels, const EditOrigin &origin);
    void startEmpty(const imaging::Geometry &grid);
    /// Looks for the region around `patient` (LPS mm); regionGrown() brings it, nothing is changed.
    void grow(const imaging::Vec3 &patient, const GrowLimits &limits);
    /// Looks for the piece of a label that lies there (see labelPiece); regionGrown() brings it, nothing is changed.
    void findPiece(const imaging::Vec3 &patient);
    /// Fills the active label between the slices of `plane` where it is drawn: one step, "Fill between slices".
    void fillBetweenSlices(Plane plane);
    /// Drops what is under way; no signal but busyChanged() comes of it.
    void cancel();
    bool isBusy() const { return m_busy; }

Q_SIGNALS:
    void busyChanged(bool busy);
    void regionGrown(const consilium::viewer::RegionPreview &preview);
    void slicesFilled(int slices, qint64 voxels); ///< 0, 0: nothing lies between
    void failed(const QString &message);

private:
    template <typename Work, typename Deliver>
    void run(Work work, Deliver deliver);
    void setBusy(bool busy);

    LabelEditor &m_editor;
    std::shared_ptr<std::atomic<bool>> m_cancelled;
    std::uint64_t m_newest = 0;
    bool m_busy = false;
    QThreadPool m_thread;
};

} // namespace consilium::viewer
