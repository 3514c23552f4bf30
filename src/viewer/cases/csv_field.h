// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace consilium::viewer {

/// One field of a line of comma-separated values, quoted where it has to be. Source: RFC 4180, section 2.
inline std::string csvField(const std::string &text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

} // namespace consilium::viewer
