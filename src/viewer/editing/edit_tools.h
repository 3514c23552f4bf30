// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/canvas/canvas_tool.h"
#include "viewer/editing/edit_settings.h"
#include "viewer/editing/edit_work.h"

#include <vector>

namespace consilium::viewer {

/// The tools that edit, sharing one editor and one set of settings.
class EditTools : public QObject
{
    Q_OBJECT

public:
    EditTools(LabelEditor &editor, EditWork &work, QObject *parent = nullptr);

    /// "brush", "eraser", "sphere", "filledPolygon", "regionGrow", "removePiece"; the tools live as long as this.
    const std::vector<ToolEntry> &tools() const { return m_tools; }
    EditSettings &settings() { return m_settings; }

public Q_SLOTS:
    void growBrush();   ///< to the next larger of the usual sizes
    void shrinkBrush(); ///< to the next smaller

Q_SIGNALS:
    void refused(const QString &why); ///< a press that did nothing, in words for the status line
    void regionFound(qint64 voxels, double millilitres, bool limited);

private:
    EditSettings m_settings;
    std::vector<ToolEntry> m_tools;
};

} // namespace consilium::viewer
