// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace consilium {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

/// Parses one JSON document. Errors: Malformed, with the line and column.
Result<Json> parseJson(std::string_view text);

/// Errors: NotFound; Io; Malformed, naming the file.
Result<Json> readJson(const std::filesystem::path &file);

/// Writes indented JSON atomically. Errors: Io.
Result<> writeJson(const std::filesystem::path &file, const Json &value);

/// The canonical form of RFC 8785: keys sorted by UTF-16 code units, no white space, numbers as ECMAScript prints them.
/// Errors: Invalid (a number that is not finite, or an integer beyond 2^53 that a double cannot hold).
Result<std::string> canonicalJson(const Json &value);

} // namespace consilium
