// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/coordinator.h"

#include "core/file.h"
#include "core/half_written.h"
#include "core/safetensors.h"
#include "federation/channel.h"
#include "federation/object_calls.h"
#include "federation/round_runner.h"
#include "federation/services.h"
#include "federation/study_keys.h"

#include <array>

namespace consilium::federation {

struct Coordinator::Parts
{
    std::unique_ptr<storage::StudyStore> store;
    CoordinatorOptions options;
    std::unique_ptr<Exchange> exchange;
    std::unique_ptr<Reception> reception;
    std::unique_ptr<FleetService> fleet;
    std::unique_ptr<StudyService> study;
    std::unique_ptr<ObjectCalls> objects;
    std::unique_ptr<grpc::Server> server;
    int port = 0;

    ~Parts()
    {
        // Sites that wait for a message are answered first: their calls would hold the server up.
        if (exchange)
            exchange->end();
        if (server)
            server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(2));
        objects.reset();
    }
};

Coordinator::Coordinator(std::unique_ptr<Parts> parts) : m_parts(std::move(parts)) {}
Coordinator::~Coordinator() = default;

int Coordinator::port() const
{
    return m_parts->port;
}

Result<std::unique_ptr<Coordinator>> Coordinator::open(const std::filesystem::path &study, CoordinatorOptions options)
{
    prepareGrpc();
    auto store = storage::StudyStore::open(study);
    if (!store)
        return fail(store.error());
    const auto &paths = (*store)->paths();
    removeHalfWritten(std::array{paths.folder, paths.model(0).parent_path(), paths.spool(), paths.folder / "receipts"});
    const StudyKeys keys{(*store)->paths().keys()};
    const auto key = readFile(keys.serverKey());
    const auto certificate = readFile(keys.serverCertificate());
    if (!key || !certificate)
        return fail(key ? certificate.error() : key.error(), "The study's server key");

    auto parts = std::make_unique<Parts>();
    parts->store = std::move(*store);
    parts->options = std::move(options);
    parts->exchange = std::make_unique<Exchange>(*parts->store, parts->options.onEvent);
    parts->reception = std::make_unique<Reception>(*parts->exchange);
    parts->fleet = std::make_unique<FleetService>(*parts->reception);
    parts->study = std::make_unique<StudyService>(*parts->reception);

    grpc::ServerBuilder builder;
    parts->objects = std::make_unique<ObjectCalls>(*parts->reception, *parts->fleet, builder);
    setUpServer(builder);
    builder.AddListeningPort(parts->options.listen,
                             serverCredentials(parts->store->manifest().certificate, *certificate, *key), &parts->port);
    builder.RegisterService(parts->fleet.get());
    builder.RegisterService(parts->study.get());
    parts->server = builder.BuildAndStart();
    if (!parts->server || parts->port == 0)
        return failWithHint(ErrorCode::Busy, "Choose another port, or stop the program that uses this one",
                            "The address {} cannot be listened on; it may be in use", parts->options.listen);
    parts->objects->start();
    return std::unique_ptr<Coordinator>(new Coordinator(std::move(parts)));
}

Result<> Coordinator::run()
{
    const auto first = m_parts->store->paths().model(0);
    std::error_code ignored;
    if (!std::filesystem::exists(first, ignored)) {
        const auto model = m_parts->options.firstModel();
        if (!model)
            return fail(model.error(), "The first model");
        if (auto written = writeSafetensors(first, *model); !written)
            return written;
    }
    return RoundRunner(*m_parts->exchange, m_parts->options.rules, m_parts->options.stopRequested).run();
}

} // namespace consilium::federation
