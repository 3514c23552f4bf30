// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/edit_saver.h"

#include "viewer/cases/paths.h"

#include <QMetaObject>
#include <new>

namespace consilium::viewer {

namespace {

Result<> written(const imaging::LabelRuns &runs, EditToSave edit, const std::filesystem::path &file)
{
    try {
        edit.labels = runs.expanded();
        return saveEdit(edit, file);
    } catch (const std::bad_alloc &) {
        return failWithHint(ErrorCode::Unavailable, "Close other programs", "Not enough memory to save {}", utf8(file));
    }
}

} // namespace

EditSaver::EditSaver(LabelEditor &editor, QObject *parent) : QObject(parent), m_editor(editor)
{
    m_thread.setMaxThreadCount(1);
}

EditSaver::~EditSaver()
{
    m_thread.waitForDone();
}

void EditSaver::save()
{
    write({});
}

void EditSaver::saveAs(const std::filesystem::path &file)
{
    write(file);
}

void EditSaver::write(std::optional<std::filesystem::path> chosen)
{
    if (!m_editor.isOpen() || m_editor.isStroking())
        return;
    EditToSave edit{{}, recordOf(m_editor), m_target.inputs, m_target.series};
    edit.record.caseId = m_target.caseId;
    edit.record.caseTitle = m_target.caseTitle;
    edit.record.reader = m_target.reader;
    if (++m_underWay == 1)
        Q_EMIT busyChanged(true);
    m_thread.start([this, runs = m_editor.runs(), edit = std::move(edit), chosen = std::move(chosen),
                    folder = m_target.folder, state = m_editor.state()] {
        // A free name is looked for when the save before has its own.
        const auto file = chosen ? *chosen : editedFile(folder, edit.record.reader, QDateTime::currentDateTime());
        const auto result = written(runs, edit, file);
        QMetaObject::invokeMethod(
            this,
            [this, result, file, state] {
                if (--m_underWay == 0)
                    Q_EMIT busyChanged(false);
                if (!result) {
                    Q_EMIT failed(QString::fromStdString(result.error().line()));
                    return;
                }
                m_editor.markSaved(state);
                Q_EMIT saved(QString::fromStdString(utf8(file)));
            },
            Qt::QueuedConnection);
    });
}

} // namespace consilium::viewer
