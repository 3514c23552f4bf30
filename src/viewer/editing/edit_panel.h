// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/cases/review_case.h"
#include "viewer/editing/edit_autosave.h"
#include "viewer/editing/edit_saver.h"
#include "viewer/editing/edit_tools.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QToolButton;
class QVBoxLayout;

namespace consilium::viewer {

class BrushBox;
class LabelList;
class RecoveryBox;
class RegionBox;

/// What an edit may begin with.
struct EditStart
{
    QString name;                                    ///< "federated: round 12"
    std::shared_ptr<const imaging::LabelMap> labels; ///< null: nothing, on the grid of the image
    std::filesystem::path file;                      ///< empty when it is not known
};

/// Predictions, the reference, and nothing.
std::vector<EditStart> editStarts(const ReviewCase &opened);
/// The labels of a case with their colours.
std::vector<EditLabel> editLabels(const Theme &theme, const ReviewCase &opened);

/// The editing side panel: what to start from, labels, brush, region grow, filling, undo and saving. Everything it
/// works on is handed in and may be shared with tool bars and keys.
///
/// Object names: review.edit.startFrom, .start, .state, .message, .undo, .redo, .save, .export, and those of LabelList,
/// BrushBox, RegionBox and RecoveryBox.
class EditPanel : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kWidth = 280;

    EditPanel(LabelEditor &editor, EditTools &tools, EditWork &work, EditSaver &saver, EditAutosave &autosave,
              QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    /// A case is on the screen: sets image and labels of the editor, closes what was edited (unsaved work stays on the
    /// disk and is offered when its case is opened again), and looks for unsaved work. Set the saver's target first.
    void setCase(const ReviewCase &opened, const std::vector<EditStart> &starts);
    /// No case is on the screen.
    void clear();
    /// The canvas worked in shows this plane.
    void setPlane(Plane plane);
    void showMessage(const QString &text); ///< one line at the foot: what was refused, what failed

private:
    QToolButton *addHistoryButton(const char *name, const char *icon);
    void start();
    void showState();
    void showHistory();
    void exportAs(const QString &filter, const std::string &ending);

    LabelEditor &m_editor;
    EditWork &m_work;
    EditSaver &m_saver;
    EditAutosave &m_autosave;
    Theme m_theme;
    std::vector<EditStart> m_starts;
    QString m_savedAs;

    QVBoxLayout *m_column;
    QWidget *m_tools; // usable only while something is edited
    QLabel *m_title, *m_state, *m_message;
    QComboBox *m_startFrom;
    QPushButton *m_start, *m_save;
    QToolButton *m_undo, *m_redo, *m_export;
    QAction *m_exportSeg = nullptr;
    RecoveryBox *m_recovery;
    LabelList *m_labels;
    BrushBox *m_brush;
    RegionBox *m_region;
    bool m_asked = false; // pressing Start again drops unsaved work
};

} // namespace consilium::viewer
