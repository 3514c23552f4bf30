// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/measuring/measurement.h"

#include <QObject>
#include <QStringList>
#include <filesystem>

class QUndoStack;

namespace consilium::viewer {

/// Writes {"measurements": [...], "unit": "mm" | "px"}, atomically. Errors: Io.
Result<> writeMeasurements(const std::filesystem::path &file, const std::vector<Measurement> &measurements,
                           bool spacingKnown);

/// What a reader measured in one case, in the order it was drawn. Every change is a command on the undo stack.
class MeasurementList : public QObject
{
    Q_OBJECT

public:
    /// The stack is not owned.
    explicit MeasurementList(QUndoStack *undo, QObject *parent = nullptr);

    void clear();
    /// Reads `measurements-READER.json`: {"measurements": [...], "unit": "mm" | "px"}. Errors: NotFound, Io, Malformed.
    Result<> load(const std::filesystem::path &file);
    /// Errors: Io; Refused (the file is there already and was neither read nor written by this list).
    Result<> save(const std::filesystem::path &file);
    /// The halves of save() for who writes on a thread: whether the file may be written, and that it was.
    Result<> maySave(const std::filesystem::path &file) const;
    void markSaved(const std::filesystem::path &file, const std::vector<Measurement> &written);
    bool isDirty() const { return m_all != m_saved; }

    const std::vector<Measurement> &all() const { return m_all; }
    const Measurement *find(int id) const; ///< null when there is none

    /// Names it when it has no name yet ("Distance 2"), adds it, selects it and returns its id.
    int add(Measurement measurement);
    bool remove(int id);
    bool rename(int id, const QString &name);
    bool change(const Measurement &after, const QString &text);
    /// While it is dragged: it is there for everybody to see, and not yet a command. Undo gives it up.
    bool beginDrag(int id);
    void dragTo(const Measurement &shown);
    void endDrag(const QString &text);
    void cancelDrag();
    bool isDragging() const { return m_beforeDrag.has_value(); }
    const Measurement &beforeDrag() const { return *m_beforeDrag; }

    int selected() const { return m_selected; } ///< 0: none
    void select(int id);

    /// Without physical spacing lengths are in pixels of the image, and said to be.
    void setSpacingKnown(bool known);
    bool isSpacingKnown() const { return m_spacingKnown; }
    /// "12.3 mm", "41.2°", "area 314.2 mm², mean 100.0, SD 5.0, 3.0 to 9.0 (20 voxels), perimeter 62.8 mm" by lines.
    QStringList describe(const Measurement &measurement, const std::optional<RegionStatistics> &statistics = {}) const;
    static QString kindName(MeasurementKind kind);

Q_SIGNALS:
    void changed();
    void selectionChanged();

private:
    class Change;
    void insert(std::size_t place, const Measurement &measurement);
    void erase(int id);
    void replace(const Measurement &shown);
    QString freeName(MeasurementKind kind) const;

    QUndoStack *m_undo;
    std::vector<Measurement> m_all, m_saved;
    std::optional<Measurement> m_beforeDrag;
    std::filesystem::path m_own;
    int m_selected = 0, m_lastId = 0;
    bool m_spacingKnown = true;
};

} // namespace consilium::viewer
