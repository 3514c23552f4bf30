// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/canvas/colours.h"
#include "viewer/cases/review_case.h"
#include "viewer/measuring/landmark_angles.h"

#include <QObject>
#include <QString>

class QUndoStack;

namespace consilium::viewer {

/// Whose points are meant: kReaderPoints, kReference (see colours.h: -1), or the index of a model.
constexpr int kReaderPoints = -2;

/// A name of the task as clinicians write it where room is scarce: "L1 sup. ant." for "L1 superior anterior".
QString briefName(const std::string &name);

/// The points that one reader places, beside those of the reference and of the models, which nobody changes here.
///
/// Every change is a command on the undo stack, named for people ("Move S1 anterior"). Locked points take no change but
/// the unlocking. A point that a person has placed is certain: its confidence becomes 1 until the person says less.
class LandmarkEditor : public QObject
{
    Q_OBJECT

public:
    /// The stack is not owned; it may hold the commands of others too, and is cleared when a case is shown.
    explicit LandmarkEditor(QUndoStack *undo, QObject *parent = nullptr);

    /// Begins with every point missing. `names` gives the points and their order; when it is empty they are those of
    /// the reference, else of the models, as they come.
    void setCase(const ReviewCase *opened);
    /// Reads what the reader saved; points of the case that the file lacks stay missing, others are added. Errors: as
    /// imaging::readLandmarks.
    Result<> load(const std::filesystem::path &file);
    /// Markups JSON or CSV by the ending of the name. Errors: as imaging::writeLandmarks; Refused: the file is the
    /// reference's or a model's, or is there already and was neither read nor written by this editor.
    Result<> save(const std::filesystem::path &file);
    /// The two halves of save() for who writes on a thread: whether the file may be written, and that it was.
    Result<> maySave(const std::filesystem::path &file) const;
    void markSaved(const std::filesystem::path &file, const imaging::LandmarkSet &written);
    bool isDirty() const;

    const imaging::LandmarkSet &points() const { return m_points; }
    int count() const { return static_cast<int>(m_points.points.size()); }
    const imaging::Landmark &point(int index) const { return m_points.points[static_cast<std::size_t>(index)]; }
    bool isPlaced(int index) const { return point(index).visibility != imaging::Visibility::Absent; }
    bool isEmpty() const; ///< no point is placed
    int models() const { return static_cast<int>(m_models.size()); }
    /// Null where there is no such set.
    const imaging::LandmarkSet *set(int whose) const;
    QString setName(int whose) const;
    /// The sets there are: the reader's, the reference's, the models', in this order.
    std::vector<int> sets() const;

    /// The plane that the points are read in: told by the image, or by all points together.
    void setPicture(const imaging::Geometry &image);
    const imaging::PictureAxes &axes() const { return m_axes; }
    evaluation::SpinopelvicAngles angles(int whose) const;
    /// mm from the reference, or from the reader's own point where there is no reference.
    std::optional<double> error(int whose, int index) const;

    // Changes. False when the point is locked or nothing would change.
    bool place(int index, const imaging::Vec3 &patient);
    bool setVisibility(int index, imaging::Visibility visibility); ///< not of a missing point, which has no position
    bool setLocked(int index, bool locked);
    bool setConfidence(int index, double confidence);
    /// Takes over another set's points where the reader's are not locked: one command.
    bool startFrom(int whose);
    /// While a point is dragged: it is there for everybody to see, and not yet a command. Undo gives it up.
    bool beginDrag(int index);
    void dragTo(const imaging::Vec3 &patient);
    void endDrag();
    void cancelDrag();
    bool isDragging() const { return m_dragged >= 0; }

    /// -1: none.
    int selected() const { return m_selected; }
    int hovered() const { return m_hovered; }
    void select(int index);
    void setHovered(int index);
    int nextMissing(int after) const; ///< -1 when all are placed

Q_SIGNALS:
    void changed();          ///< points, of a drag under way too
    void selectionChanged(); ///< selected or hovered
    void caseChanged();

private:
    class Change;
    bool push(int index, imaging::Landmark after, const QString &text);
    void apply(int index, const imaging::Landmark &landmark);
    void updateAxes();
    bool belongsToOthers(const std::filesystem::path &file) const;

    QUndoStack *m_undo;
    imaging::LandmarkSet m_points, m_saved;
    std::optional<NamedLandmarks> m_reference;
    std::vector<NamedLandmarks> m_models;
    std::optional<imaging::PictureAxes> m_pictureAxes;
    imaging::PictureAxes m_axes;
    std::filesystem::path m_own; ///< what this editor read or wrote last
    int m_selected = -1, m_hovered = -1, m_dragged = -1;
    imaging::Landmark m_beforeDrag;
};

} // namespace consilium::viewer
