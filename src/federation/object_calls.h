// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/services.h"

#include <deque>
#include <thread>

/// Private to this library.
namespace consilium::federation {

/// Serves PushObject and PullObject, the calls that carry nearly all bytes.
///
/// The protocol's messages are read and written by hand around the chunk, which stays in the transport's own buffers:
/// it is hashed and written from there, and what many sites fetch is read from the disk once. Only a fixed number of
/// pushes are taken off the wire at a time; further ones wait in the sites (HTTP/2 flow control), so that memory does
/// not grow with their number.
class ObjectCalls
{
public:
    /// Call before the server is built; `service` is registered by the caller.
    ObjectCalls(Reception &reception, FleetService &service, grpc::ServerBuilder &builder);
    /// Call once the server runs.
    void start();
    /// After the server's Shutdown.
    ~ObjectCalls();
    ObjectCalls(const ObjectCalls &) = delete;
    ObjectCalls &operator=(const ObjectCalls &) = delete;

private:
    struct Call;
    void run();
    void request(Call &call);
    void answer(Call &call);
    grpc::Status push(const Call &call, grpc::ByteBuffer &answer);
    grpc::Status pull(const Call &call, grpc::ByteBuffer &answer);
    Result<grpc::Slice> chunk(const std::string &id);

    Reception &m_reception;
    FleetService &m_service;
    std::unique_ptr<grpc::ServerCompletionQueue> m_queue;
    std::vector<std::unique_ptr<Call>> m_calls;
    std::vector<std::thread> m_threads;
    std::mutex m_mutex;
    std::deque<std::pair<std::string, grpc::Slice>> m_recent; ///< chunks that were fetched last, newest at the back
};

} // namespace consilium::federation
