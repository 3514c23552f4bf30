// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/canvas/canvas_tool.h"
#include "viewer/editing/edit_settings.h"
#include "viewer/editing/edit_work.h"

#include <QPointer>

namespace consilium::viewer {

/// Gives the active label to what hangs together with the voxel clicked within the range set, or removes the piece of a
/// label clicked: a lesion that is none. While the button is held down the region is only drawn, with its size: letting
/// go takes it, Esc drops it.
class GrowTool : public CanvasTool
{
    Q_OBJECT

public:
    enum class Kind { Grow, Remove };

    GrowTool(LabelEditor &editor, EditWork &work, const EditSettings &settings, Kind kind, QObject *parent = nullptr);

    bool press(SliceCanvas &canvas, const CanvasPointer &at) override;
    void release(SliceCanvas &canvas, const CanvasPointer &at) override;
    bool doubleClick(SliceCanvas &, const CanvasPointer &) override { return m_editor.isOpen(); }
    bool cancel() override;
    void paint(QPainter &painter, const SliceCanvas &canvas) const override;

Q_SIGNALS:
    void refused(const QString &why);
    /// What the last press found, before it is taken.
    void regionFound(qint64 voxels, double millilitres, bool limited);

private:
    QString refusal() const;
    void take(const RegionPreview &preview);
    void finish();
    void clear();

    LabelEditor &m_editor;
    EditWork &m_work;
    const EditSettings &m_settings;
    Kind m_kind;
    QPointer<SliceCanvas> m_canvas; // null: nothing under way
    imaging::Vec3 m_seed{};
    std::optional<RegionPreview> m_preview;
    bool m_held = false;
};

} // namespace consilium::viewer
