// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace consilium::test {

/// A file or folder of the real data by its path inside the data folder, when it is there.
inline std::optional<std::filesystem::path> realData(const std::string &path)
{
    const char *folder = std::getenv("CONSILIUM_TEST_DATA");
    const auto whole = std::filesystem::path(folder ? folder : "../shared/data") / path;
    if (!std::filesystem::exists(whole))
        return std::nullopt;
    return whole;
}

} // namespace consilium::test

/// Skips the running test, naming what is missing; else `variable` is the path.
#define CONSILIUM_REAL_DATA(variable, path)                                     \
    const auto variable##Found = consilium::test::realData(path);               \
    if (!variable##Found)                                                       \
        QSKIP("The real data is not here: " path " (set CONSILIUM_TEST_DATA)"); \
    const auto &variable = *variable##Found
