// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/object_calls.h"

#include "core/platform.h"
#include "federation/channel.h"
#include "federation/object_wire.h"

#include <algorithm>

namespace consilium::federation {

namespace {

/// Chunks in flight at a time, of all sites together, and bytes of fetched ones that are kept at hand.
constexpr int pushes = 12, pulls = 64;
constexpr std::size_t recentBytes = std::size_t{64} << 20;

grpc::ByteBuffer serialised(const google::protobuf::MessageLite &message)
{
    const grpc::Slice slice(message.SerializeAsString());
    return grpc::ByteBuffer(&slice, 1);
}

/// A spooled object where it lies on the disk, checked once; the transport copies it as it encrypts it.
Result<grpc::Slice> mappedSlice(const std::string &id, const Spool &spool)
{
    auto mapped = spool.map(id);
    if (!mapped)
        return fail(mapped.error());
    auto *held = new platform::MappedFile(std::move(*mapped));
    const auto bytes = held->bytes();
    return grpc::Slice(
        const_cast<std::byte *>(bytes.data()), bytes.size(),
        [](void *file) { delete static_cast<platform::MappedFile *>(file); }, held);
}

} // namespace

struct ObjectCalls::Call
{
    bool pushes = false;
    bool answering = false; ///< else waiting for a request
    std::unique_ptr<grpc::ServerContext> context;
    grpc::ByteBuffer request;
    std::unique_ptr<grpc::ServerAsyncResponseWriter<grpc::ByteBuffer>> writer;
};

ObjectCalls::ObjectCalls(Reception &reception, FleetService &service, grpc::ServerBuilder &builder)
    : m_reception(reception), m_service(service), m_queue(builder.AddCompletionQueue())
{
    for (int i = 0; i < pushes + pulls; ++i) {
        m_calls.push_back(std::make_unique<Call>());
        m_calls.back()->pushes = i < pushes;
    }
}

void ObjectCalls::start()
{
    for (auto &call : m_calls)
        request(*call);
    // Hashing and the disk keep a core busy each; two more so that a slow disk does not hold up what is in memory.
    const int threads = platform::availableCores() + 2;
    for (int i = 0; i < threads; ++i)
        m_threads.emplace_back([this] { run(); });
}

ObjectCalls::~ObjectCalls()
{
    m_queue->Shutdown();
    for (auto &thread : m_threads)
        thread.join();
    void *tag = nullptr;
    for (bool good = false; m_queue->Next(&tag, &good);)
        continue;
}

void ObjectCalls::request(Call &call)
{
    call.answering = false;
    call.request.Clear();
    call.writer.reset();
    call.context = std::make_unique<grpc::ServerContext>();
    call.writer = std::make_unique<grpc::ServerAsyncResponseWriter<grpc::ByteBuffer>>(call.context.get());
    auto *queue = m_queue.get();
    if (call.pushes)
        m_service.RequestPushObject(call.context.get(), &call.request, call.writer.get(), queue, queue, &call);
    else
        m_service.RequestPullObject(call.context.get(), &call.request, call.writer.get(), queue, queue, &call);
}

void ObjectCalls::run()
{
    void *tag = nullptr;
    for (bool good = false; m_queue->Next(&tag, &good);) {
        auto &call = *static_cast<Call *>(tag);
        if (call.answering)
            request(call);
        else if (good)
            answer(call);
        // Not good and not answering: the server ends.
    }
}

void ObjectCalls::answer(Call &call)
{
    grpc::ByteBuffer bytes;
    const auto status = call.pushes ? push(call, bytes) : pull(call, bytes);
    call.answering = true;
    call.request.Clear();
    if (status.ok())
        call.writer->Finish(bytes, status, &call);
    else
        call.writer->FinishWithError(status, &call);
}

grpc::Status ObjectCalls::push(const Call &call, grpc::ByteBuffer &answer)
{
    return forSite(call.context.get(), m_reception, [&](const storage::SiteIdentity &site) {
        std::vector<grpc::Slice> slices;
        if (const auto dumped = call.request.Dump(&slices); !dumped.ok())
            return dumped;
        const auto request = readObjectRequest(slices);
        if (!request)
            return callStatus(request.error());
        if (auto stored = m_reception.intake.store(site.name, request->id, request->content); !stored)
            return callStatus(stored.error());
        flwr::proto::PushObjectResponse response;
        response.set_stored(true);
        answer = serialised(response);
        return grpc::Status::OK;
    });
}

grpc::Status ObjectCalls::pull(const Call &call, grpc::ByteBuffer &answer)
{
    return forSite(call.context.get(), m_reception, [&](const storage::SiteIdentity &site) {
        std::vector<grpc::Slice> slices;
        if (const auto dumped = call.request.Dump(&slices); !dumped.ok())
            return dumped;
        const auto request = readObjectRequest(slices);
        if (!request)
            return callStatus(request.error());
        const auto bytes = chunk(request->id);
        if (!bytes && bytes.error().code != ErrorCode::NotFound && bytes.error().code != ErrorCode::Malformed)
            return callStatus(bytes.error());
        if (!bytes) {
            answer = serialised(flwr::proto::PullObjectResponse()); // object_found stays false
            return grpc::Status::OK;
        }
        m_reception.exchange.note(site.name, true, 0, static_cast<std::int64_t>(bytes->size()));
        answer = pullResponse(*bytes);
        return grpc::Status::OK;
    });
}

Result<grpc::Slice> ObjectCalls::chunk(const std::string &id)
{
    {
        const std::lock_guard lock(m_mutex);
        const auto found =
            std::find_if(m_recent.rbegin(), m_recent.rend(), [&](const auto &entry) { return entry.first == id; });
        if (found != m_recent.rend())
            return found->second;
    }
    const auto &spool = m_reception.exchange.spool();
    if (const auto size = spool.size(id); !size || *size < Spool::smallestView) {
        const auto bytes = spool.get(id);
        return bytes ? Result<grpc::Slice>(grpc::Slice(*bytes)) : Result<grpc::Slice>(fail(bytes.error()));
    }
    auto mapped = mappedSlice(id, spool);
    if (!mapped)
        return fail(mapped.error());
    const std::lock_guard lock(m_mutex);
    m_recent.emplace_back(id, *mapped);
    std::size_t sum = 0;
    for (const auto &[name, kept] : m_recent)
        sum += kept.size();
    while (sum > recentBytes && m_recent.size() > 1) {
        sum -= m_recent.front().second.size();
        m_recent.pop_front();
    }
    return *mapped;
}

} // namespace consilium::federation
