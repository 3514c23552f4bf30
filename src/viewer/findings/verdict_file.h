// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <atomic>
#include <filesystem>
#include <string>

namespace consilium::viewer {

/// "findings-<reader>.json" in a folder. What a file name cannot hold of the reader's name becomes a dash; without a
/// name the reader is "reader".
std::filesystem::path verdictFile(const std::filesystem::path &folder, const std::string &reader);

/// Reads and writes a reader's verdicts on a thread of its own, in the order asked for, each time whole or not at all.
/// A file that could not be read or is something else is never written over.
class VerdictFile : public QObject
{
    Q_OBJECT

public:
    explicit VerdictFile(QObject *parent = nullptr);
    ~VerdictFile() override; ///< waits until what was given is written

    /// An empty path: nothing is kept.
    void open(const std::filesystem::path &file);
    const std::filesystem::path &path() const { return m_file; }
    /// What `opened` brought is not verdicts of this case: the file stays as it is.
    void refuse();
    /// True from the moment the file was read, or found not to be there.
    bool isReady() const { return m_ready; }
    void save(Json verdicts);

Q_SIGNALS:
    void opened(const consilium::Json &verdicts); ///< null where there is no file yet
    void failed(const QString &message);

private:
    std::filesystem::path m_file;
    std::uint64_t m_request = 0; // of the file that is open
    bool m_ready = false;
    QThreadPool m_thread;
};

} // namespace consilium::viewer
