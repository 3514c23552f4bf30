// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/cases/case_source.h"
#include "viewer/editing/edit_panel.h"

#include <QObject>

namespace consilium::viewer {

/// All that edits the labels of the case on the screen: editor, tools, saving and the panel, put together.
class EditDesk : public QObject
{
    Q_OBJECT

public:
    /// `autosave` is the folder for work that nobody saved yet.
    EditDesk(const std::filesystem::path &autosave, QWidget *parent);

    void setTheme(const Theme &theme);
    void setReader(const QString &reader) { m_reader = reader; }
    /// Null: no case.
    void setCase(const ReviewCase *opened, const CaseSource &source);
    /// Begins with a copy of that segmentation: kReference or a prediction.
    void startFrom(const ReviewCase &opened, int segmentation);

    LabelEditor &editor() { return m_editor; }
    EditTools &tools() { return m_tools; }
    EditPanel *panel() { return m_panel; }

Q_SIGNALS:
    void saved(const QString &file);

private:
    QString m_reader;
    LabelEditor m_editor;
    EditWork m_work;
    EditTools m_tools;
    EditSaver m_saver;
    EditAutosave m_autosave;
    EditPanel *m_panel;
};

} // namespace consilium::viewer
