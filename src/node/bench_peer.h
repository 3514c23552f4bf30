// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/result.h"

#include <QStringList>

#include <memory>
#include <string>

class QProcess;

namespace consilium::node {

/// A program of resources/bench in Python, kept running to be measured beside ours: asked by one line of JSON on its
/// standard input, it answers by one on its standard output. Between questions it waits and takes no processor time.
class Peer
{
public:
    /// `python` is a program or its path, `script` a file of resources/bench. Errors: NotFound, for the program or the
    /// script.
    static Result<Peer> start(const std::string &python, const std::string &script, const QStringList &arguments);
    Peer(Peer &&) noexcept;
    ~Peer(); ///< ends it

    /// Waits for the answer, however long it takes. Errors: Unsupported (its Python lacks a module, which the error
    /// names); Internal (it ended without an answer, with the last line of what it said); Cancelled (a stop was asked
    /// for).
    Result<Json> ask(const Json &question);

private:
    explicit Peer(std::unique_ptr<QProcess> process);
    Result<Json> ended();

    std::unique_ptr<QProcess> m_process;
};

} // namespace consilium::node
