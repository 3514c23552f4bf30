// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/edit_desk.h"

#include "viewer/canvas/colours.h"

namespace consilium::viewer {

EditDesk::EditDesk(const std::filesystem::path &autosave, QWidget *parent)
    : QObject(parent), m_work(m_editor), m_tools(m_editor, m_work), m_saver(m_editor), m_autosave(m_editor, autosave),
      m_panel(new EditPanel(m_editor, m_tools, m_work, m_saver, m_autosave, parent))
{
    connect(&m_tools, &EditTools::refused, m_panel, &EditPanel::showMessage);
    connect(&m_saver, &EditSaver::saved, this, &EditDesk::saved);
}

void EditDesk::setTheme(const Theme &theme)
{
    m_panel->setTheme(theme);
}

void EditDesk::setCase(const ReviewCase *opened, const CaseSource &source)
{
    if (!opened)
        return m_panel->clear();
    m_autosave.setCase(opened->id, opened->title, m_reader.toStdString());
    m_saver.setTarget(
        {opened->id, opened->title, m_reader.toStdString(), reviewFolder(source), source.files, source.series});
    m_panel->setCase(*opened, editStarts(*opened));
}

void EditDesk::startFrom(const ReviewCase &opened, int segmentation)
{
    const bool reference = segmentation == kReference;
    const auto model = static_cast<std::size_t>(segmentation);
    if (reference ? !opened.reference : segmentation < 0 || model >= opened.predictions.size())
        return;
    const Segmentation &from = reference ? *opened.reference : opened.predictions[model];
    m_work.startFrom(from.labels, {QString::fromStdString(from.name), from.file, {}});
}

} // namespace consilium::viewer
