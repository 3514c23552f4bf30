// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/editing/edit_saving.h"

#include <QThreadPool>

namespace consilium::viewer {

/// Where edits of the case on the screen go, and what must not be touched there.
struct EditTarget
{
    std::string caseId, caseTitle, reader;
    std::filesystem::path folder; ///< made when missing
    std::vector<std::filesystem::path> inputs;
    std::shared_ptr<const imaging::dicom::Series> series;
};

/// Writes what the editor holds, on a thread of its own; the reader paints on meanwhile.
class EditSaver : public QObject
{
    Q_OBJECT

public:
    explicit EditSaver(LabelEditor &editor, QObject *parent = nullptr);
    ~EditSaver() override; ///< waits for what is being written

    void setTarget(EditTarget target) { m_target = std::move(target); }
    const EditTarget &target() const { return m_target; }
    bool isBusy() const { return m_underWay > 0; }

    /// Under a new name in the target's folder (see editedFile); the editor counts as saved then.
    void save();
    /// Under a name of the reader's choice, in the format of its ending; the editor counts as saved then, too.
    void saveAs(const std::filesystem::path &file);

Q_SIGNALS:
    void busyChanged(bool busy);
    void saved(const QString &file);
    void failed(const QString &message); ///< one line

private:
    void write(std::optional<std::filesystem::path> file);

    LabelEditor &m_editor;
    EditTarget m_target;
    int m_underWay = 0;
    QThreadPool m_thread;
};

} // namespace consilium::viewer
