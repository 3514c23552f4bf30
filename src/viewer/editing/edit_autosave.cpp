// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/edit_autosave.h"

#include <QMetaObject>
#include <QMutex>
#include <new>

namespace consilium::viewer {

// One unsaved edit on the disk. The window's thread leaves the newest state in it; the writing thread takes it.
struct EditAutosave::Keeper
{
    struct Content
    {
        EditRecord record;
        imaging::LabelRuns runs;
    };

    std::filesystem::path file;
    std::string caseId, title, reader;
    QMutex mutex;
    bool pending = false;
    std::optional<Content> wanted; // none: no file

    // Of the writing thread.
    std::optional<platform::FileLock> lock;

    Result<> bringUpToDate()
    {
        std::optional<Content> content;
        {
            const QMutexLocker locked(&mutex);
            if (!pending)
                return {};
            pending = false;
            content = std::move(wanted);
            wanted.reset();
        }
        if (!content) {
            auto removed = removeUnsaved(file);
            lock.reset();
            return removed;
        }
        try {
            // Before the folder is there nothing can be locked.
            std::error_code ignored;
            std::filesystem::create_directories(file.parent_path(), ignored);
            if (!lock)
                lock = lockUnsaved(file);
            return writeUnsaved(file, content->record, content->runs);
        } catch (const std::bad_alloc &) {
            return fail(ErrorCode::Unavailable, "Not enough memory");
        }
    }
};

EditAutosave::EditAutosave(LabelEditor &editor, std::filesystem::path folder, QObject *parent)
    : QObject(parent), m_editor(editor), m_folder(std::move(folder))
{
    m_thread.setMaxThreadCount(1);
    connect(&editor, &LabelEditor::restarted, this, &EditAutosave::begin);
    connect(&editor, &LabelEditor::historyChanged, this, &EditAutosave::keep);
}

EditAutosave::~EditAutosave()
{
    m_thread.waitForDone();
}

void EditAutosave::setCase(const std::string &caseId, const std::string &title, const std::string &reader)
{
    m_caseId = caseId;
    m_title = title;
    m_reader = reader;
}

void EditAutosave::begin()
{
    // What the last edit left is the last thread's to finish; its lock goes with it, and it can be found again.
    m_keeper = std::exchange(m_takenUp, nullptr);
    m_discarded = m_saidFailure = false;
}

void EditAutosave::keep()
{
    if (!m_editor.isOpen())
        return;
    const bool dirty = m_editor.isDirty();
    if (dirty && m_discarded)
        return;
    if (!m_keeper) {
        if (!dirty)
            return;
        m_keeper = std::make_shared<Keeper>();
        m_keeper->file = newUnsavedFile(m_folder);
        m_keeper->caseId = m_caseId;
        m_keeper->title = m_title;
        m_keeper->reader = m_reader;
    }
    std::optional<Keeper::Content> content;
    if (dirty) {
        content = {recordOf(m_editor), m_editor.runs()};
        content->record.caseId = m_keeper->caseId;
        content->record.caseTitle = m_keeper->title;
        content->record.reader = m_keeper->reader;
    }
    {
        const QMutexLocker locked(&m_keeper->mutex);
        m_keeper->wanted = std::move(content);
        m_keeper->pending = true;
    }
    post(m_keeper);
}

void EditAutosave::post(const std::shared_ptr<Keeper> &keeper)
{
    m_thread.start([this, keeper] {
        const auto result = keeper->bringUpToDate();
        if (result)
            return;
        // Told once: a full disk would otherwise speak after every stroke.
        QMetaObject::invokeMethod(
            this,
            [this, message = QString::fromStdString(result.error().line())] {
                if (std::exchange(m_saidFailure, true))
                    return;
                Q_EMIT failed(tr("Unsaved work is not being kept: %1").arg(message));
            },
            Qt::QueuedConnection);
    });
}

void EditAutosave::look()
{
    const std::uint64_t request = ++m_newestLook;
    m_thread.start([this, request, folder = m_folder, caseId = m_caseId] {
        QMetaObject::invokeMethod(
            this,
            [this, request, edits = findUnsaved(folder, caseId)] {
                if (request == m_newestLook)
                    Q_EMIT found(edits);
            },
            Qt::QueuedConnection);
    });
}

void EditAutosave::discard()
{
    if (!m_keeper)
        return;
    {
        const QMutexLocker locked(&m_keeper->mutex);
        m_keeper->wanted.reset();
        m_keeper->pending = true;
    }
    post(m_keeper);
    m_keeper.reset();
    m_discarded = true;
}

void EditAutosave::recover(const std::filesystem::path &file)
{
    const std::uint64_t request = ++m_newest;
    m_thread.start([this, request, file] {
        auto keeper = std::make_shared<Keeper>();
        keeper->file = file;
        keeper->lock = lockUnsaved(file);
        auto result = std::make_shared<Result<RecoveredEdit>>(fail(ErrorCode::Unavailable, "Not enough memory"));
        try {
            *result = keeper->lock ? readUnsaved(file)
                                   : fail(ErrorCode::Busy, "Another window has taken up this work already");
        } catch (const std::bad_alloc &) {
        }
        QMetaObject::invokeMethod(
            this,
            [this, request, keeper, result] {
                if (request != m_newest)
                    return;
                if (!*result) {
                    Q_EMIT failed(QString::fromStdString((*result).error().line()));
                    return;
                }
                RecoveredEdit &edit = **result;
                keeper->caseId = edit.record.caseId;
                keeper->title = edit.record.caseTitle;
                keeper->reader = edit.record.reader;
                m_takenUp = keeper;
                m_editor.setLabelList(edit.record.labels);
                m_editor.resume(std::move(edit.prepared), edit.record.steps, edit.record.began);
                Q_EMIT recovered();
            },
            Qt::QueuedConnection);
    });
}

} // namespace consilium::viewer
