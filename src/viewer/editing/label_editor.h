// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "imaging/label_runs.h"
#include "viewer/editing/image_on_grid.h"
#include "viewer/editing/voxel_set.h"

#include <QColor>
#include <QObject>
#include <QString>
#include <array>
#include <filesystem>
#include <optional>

namespace consilium::viewer {

/// A label as it is edited; its value is its place in the list.
struct EditLabel
{
    QString name;
    QColor colour;
    bool locked = false; ///< no voxel gets this label or loses it
};

/// What an edit was made from.
struct EditOrigin
{
    QString name;               ///< "reference", "federated: round 12"; empty: from nothing
    std::filesystem::path file; ///< empty when it is not known
    std::string sha256;         ///< of the voxels' bytes, i fastest; empty: from nothing
};

/// A segmentation made ready to be edited. Making it takes time with the number of voxels: on a thread.
struct PreparedEdit
{
    std::shared_ptr<imaging::LabelMap> map; ///< a copy
    imaging::LabelRuns runs;
    std::array<std::int64_t, 256> voxels{}; ///< per label
    EditOrigin origin;
};
PreparedEdit prepareEdit(const imaging::LabelMap &labels, const EditOrigin &origin);
PreparedEdit prepareEmpty(const imaging::Geometry &grid);

/// Values of the image, both ends included.
struct ValueInterval
{
    double low = 0, high = 0;

    bool operator==(const ValueInterval &) const = default;
};

/// One step of the history, for the record beside the file.
struct EditStep
{
    QString text; ///< "Brush"
    TimePoint at;
    std::int64_t voxels = 0; ///< that changed their label
};

/// A segmentation under work: the voxels canvases show, and beside them runs and a history of runs, so that undo has no
/// limit. All on the window's thread; a thread that wants to look at it is given a copy of runs().
///
/// A stroke, from beginStroke() to endStroke(), is one step of undo, however many paint() calls it has; one that
/// changes nothing is none. The segmentation it was made from is never touched.
class LabelEditor : public QObject
{
    Q_OBJECT

public:
    enum class Paint { Active, Background };

    explicit LabelEditor(QObject *parent = nullptr);

    /// Begins a new edit; what was edited before is dropped. It starts saved, with no history. Labels it holds beyond
    /// the list are added to it.
    void start(PreparedEdit prepared);
    /// Begins with work that was lost: it counts as unsaved, with no history but what `steps` tells of it.
    void resume(PreparedEdit prepared, std::vector<EditStep> steps, TimePoint began);
    void close();

    bool isOpen() const { return m_map != nullptr; }
    /// What canvases show; changed in place, see changed(). Null when nothing is open.
    std::shared_ptr<const imaging::LabelMap> labels() const { return m_map; }
    const imaging::LabelRuns &runs() const { return m_runs; }
    const EditOrigin &origin() const { return m_origin; }
    TimePoint began() const { return m_began; }

    /// The image that thresholds look at. It may lie on another grid.
    void setImage(std::shared_ptr<const imaging::Volume> image);
    const std::shared_ptr<const imaging::Volume> &image() const { return m_image; }
    const ImageOnGrid &imageOnGrid() const { return m_values; }

    /// Index is the label value, 0 the background; at most 256.
    void setLabelList(std::vector<EditLabel> labels);
    const std::vector<EditLabel> &labelList() const { return m_labels; }
    std::vector<QColor> colours() const; ///< by label value, for Overlay
    void setActiveLabel(int value);      ///< 1 to the last of the list
    int activeLabel() const { return m_active; }
    void setLocked(int value, bool locked);
    std::int64_t voxels(int value) const { return m_voxels[static_cast<std::size_t>(value)]; }
    double millilitres(int value) const;

    /// Painting that is limited reaches only voxels whose image value lies within; nothing: all.
    void setThreshold(std::optional<ValueInterval> threshold);
    const std::optional<ValueInterval> &threshold() const { return m_threshold; }

    /// Ends the stroke under way, if there is one.
    void beginStroke(const QString &text);
    /// Gives the voxels the active label, or takes what label they have; `limited` heeds the threshold. Voxels of
    /// locked labels stay, and nothing is painted while the active label is locked. Returns how many changed. Only
    /// between beginStroke() and its end.
    std::int64_t paint(const VoxelSet &voxels, Paint paint, bool limited);
    void endStroke();
    /// As if it had never begun.
    void cancelStroke();
    bool isStroking() const { return m_stroking; }
    /// A stroke of one paint() call.
    std::int64_t apply(const QString &text, const VoxelSet &voxels, Paint paint, bool limited);

    bool canUndo() const { return !m_stroking && m_history.canUndo(); }
    bool canRedo() const { return !m_stroking && m_history.canRedo(); }
    QString undoText() const; ///< what undo() undoes: "Brush"
    QString redoText() const;
    /// Steps that made what is seen now, in order.
    std::vector<EditStep> steps() const;

    /// Names what is seen now; the same again after an undo and its redo.
    std::uint64_t state() const;
    void markSaved(std::uint64_t state); ///< what state() was when it was written
    bool isDirty() const { return isOpen() && state() != m_savedState; }

public Q_SLOTS:
    void undo(); ///< nothing to undo, or a stroke under way: does nothing
    void redo();

Q_SIGNALS:
    void restarted();        ///< another edit, or none: labels() is another map
    void changed();          ///< voxels were changed: once per paint(), undo or redo
    void historyChanged();   ///< what can be undone, and whether all is saved
    void labelListChanged(); ///< names, colours, locks, the active one
    void thresholdChanged();

private:
    struct Step
    {
        EditStep told;
        std::uint64_t state = 0; // after it
    };

    void adopt(PreparedEdit prepared);
    void showRow(int j, int k, const std::vector<std::uint32_t> &runs);

    std::shared_ptr<imaging::LabelMap> m_map;
    imaging::LabelRuns m_runs;
    imaging::LabelHistory m_history;
    std::array<std::int64_t, 256> m_voxels{};
    EditOrigin m_origin;
    TimePoint m_began{};
    std::vector<EditStep> m_lostSteps; // of an edit that was resumed

    std::shared_ptr<const imaging::Volume> m_image;
    ImageOnGrid m_values;
    std::optional<ValueInterval> m_threshold;
    std::vector<EditLabel> m_labels;
    std::array<bool, 256> m_locked{};
    int m_active = 1;

    bool m_stroking = false;
    EditStep m_stroke;
    imaging::LabelRuns::Delta m_delta;

    std::vector<Step> m_steps; // beside the deltas of m_history
    std::size_t m_position = 0;
    std::uint64_t m_firstState = 0, m_lastState = 0, m_savedState = 0;
};

} // namespace consilium::viewer
