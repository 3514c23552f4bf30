// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace consilium::federation {

/// The largest piece of an array that travels in one call.
constexpr std::size_t chunkSize = 5 * 1024 * 1024;

/// One node of a message's tree on the Fleet wire: `Type child,child,... length` in ASCII, one NUL, then the body.
struct FleetObject
{
    std::string type; ///< Message, RecordDict, ArrayRecord, Array, ArrayChunk, MetricRecord, ConfigRecord
    std::vector<std::string> children; ///< ids, each once
    std::string body;

    std::string encode() const;
    /// What precedes the body, with the NUL.
    static std::string header(std::string_view type, const std::vector<std::string> &children, std::size_t length);
    /// Errors: Malformed (no NUL, an unknown type, an id that is no SHA-256, a length that does not match).
    static Result<FleetObject> decode(std::string_view bytes);
};

/// An object's id: SHA-256 of its encoded bytes, hexadecimal.
std::string objectId(std::string_view encoded);

/// True for 64 lower-case hexadecimal digits: what may become a file name in the spool.
bool isObjectId(std::string_view text);

} // namespace consilium::federation
