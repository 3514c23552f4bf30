// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/outside_tool.h"

#include <QFile>
#include <QStringList>
#include <filesystem>

namespace consilium::test {

/// The lines with which dciodvfy (Debian: dicom3tools) calls a file wrong; warnings are no errors. Empty: none.
inline QString dciodvfyErrors(const std::filesystem::path &file)
{
    const auto run = runTool("dciodvfy", {QString::fromStdString(file.string())});
    QStringList errors;
    for (const auto &line : QString::fromUtf8(run.errors + run.output).split('\n')) {
        if (line.startsWith("Error"))
            errors += line;
    }
    if (run.exitCode < 0)
        errors += "dciodvfy did not end by itself";
    return errors.join('\n');
}

inline bool hasDciodvfy()
{
    return !QStandardPaths::findExecutable("dciodvfy").isEmpty();
}

} // namespace consilium::test
