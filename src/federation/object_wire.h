// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <grpcpp/support/byte_buffer.h>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The messages around a chunk (PushObject, PullObject) in protocol-buffer encoding, without a copy of the chunk.
/// Private to this library.
namespace consilium::federation {

/// A serialised PushObjectRequest or PullObjectRequest.
struct ObjectRequest
{
    std::string id;
    std::vector<std::string_view> content; ///< pieces within the buffer it was read from
};

/// The slices must outlive the result. Errors: Malformed.
Result<ObjectRequest> readObjectRequest(const std::vector<grpc::Slice> &slices);

/// A serialised PullObjectResponse.
struct ObjectResponse
{
    bool found = false, available = false;
    std::vector<std::string_view> content; ///< pieces within the buffer it was read from
};
Result<ObjectResponse> readObjectResponse(const std::vector<grpc::Slice> &slices);

/// A PushObjectRequest of a node; the pieces of the content are shared, not copied.
grpc::ByteBuffer pushRequest(std::uint64_t node, std::uint64_t run, const std::string &id,
                             std::span<const grpc::Slice> content);
/// A PullObjectResponse that carries `content`.
grpc::ByteBuffer pullResponse(const grpc::Slice &content);

} // namespace consilium::federation
