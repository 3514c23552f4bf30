// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

class QProcess;

namespace consilium::node {

/// Other consilium-node processes that this one starts and watches. Their output goes to files, never through a pipe,
/// so that they outlive a supervisor that dies. Use from one thread.
class NodeProcesses
{
public:
    NodeProcesses();
    ~NodeProcesses(); ///< asks those still running to stop, and waits for them
    NodeProcesses(const NodeProcesses &) = delete;
    NodeProcesses &operator=(const NodeProcesses &) = delete;

    /// Starts `consilium-node ARGUMENTS`; `log` receives stdout and, beside it with ".err", stderr. Errors: Internal.
    Result<> start(const std::string &name, const std::vector<std::string> &arguments,
                   const std::filesystem::path &log);

    struct Ended
    {
        std::string name;
        bool good = false;   ///< exit code 0
        std::string message; ///< last line of stderr
    };
    /// Those that ended since the last call; waits a little when nothing has.
    std::vector<Ended> poll();
    bool running(const std::string &name) const;
    std::int64_t processId(const std::string &name) const; ///< 0: it does not run
    int count() const { return static_cast<int>(m_children.size()); }

private:
    struct Child
    {
        std::string name;
        std::filesystem::path log;
        std::unique_ptr<QProcess> process;
    };
    std::vector<Child> m_children;
};

/// The port that a host says it listens on in the log of its events; 0: not yet.
int listeningPort(const std::filesystem::path &log);

} // namespace consilium::node
