// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/editing/unsaved_edit.h"

#include <QThreadPool>

namespace consilium::viewer {

/// Keeps what the editor holds and nobody saved in a folder of the program's own, after every step, on a thread of its
/// own: a crash loses the stroke under way at most. What is saved, undone to the saved state, or discarded is removed;
/// what was left unsaved when another edit began, or the program ended, stays and can be found again.
class EditAutosave : public QObject
{
    Q_OBJECT

public:
    /// `folder` is made when first needed.
    EditAutosave(LabelEditor &editor, std::filesystem::path folder, QObject *parent = nullptr);
    ~EditAutosave() override; ///< waits for what is being written

    /// Whose work is kept from the next edit on.
    void setCase(const std::string &caseId, const std::string &title, const std::string &reader);

    /// Looks for unsaved work of the case, after what is still being written: found() brings it.
    void look();
    /// Takes up unsaved work: the editor resumes it, with recovered(), or failed() says why not.
    void recover(const std::filesystem::path &file);
    /// Forgets the unsaved work under way: the reader does not want it.
    void discard();

Q_SIGNALS:
    void found(const consilium::viewer::UnsavedEdits &edits);
    void recovered();
    void failed(const QString &message); ///< work is not being kept, or could not be taken up; one line

private:
    struct Keeper;

    void keep();
    void begin();
    void post(const std::shared_ptr<Keeper> &keeper);

    LabelEditor &m_editor;
    std::filesystem::path m_folder;
    std::string m_caseId, m_title, m_reader;
    std::shared_ptr<Keeper> m_keeper;  // of the edit under way
    std::shared_ptr<Keeper> m_takenUp; // of the edit about to be resumed
    std::uint64_t m_newest = 0, m_newestLook = 0;
    bool m_discarded = false, m_saidFailure = false;
    QThreadPool m_thread;
};

} // namespace consilium::viewer
