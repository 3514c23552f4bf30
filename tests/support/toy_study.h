// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/coordinator.h"
#include "federation/participant.h"
#include "federation/study_setup.h"
#include "storage/study.h"

#include <atomic>
#include <filesystem>
#include <thread>

/// A study whose "network" is two numbers, over real TLS on loopback: the federation's own behaviour without any
/// learning.
namespace consilium::test {

inline Plan toyPlan(int rounds, int quorum, int idleSeconds = 30)
{
    auto plan = Plan::fromJson(Json::parse(R"({"format":1,"task":"toy","data":{"channels":["c"],"labels":["b","l"]},
        "preprocessing":{"normalisation":["none"]},"privacy":{"minimumCases":0}})"));
    plan->federation.rounds = rounds;
    plan->federation.quorum = quorum;
    plan->federation.idleLimitSeconds = idleSeconds;
    return *plan;
}

inline ModelState toyModel(float a, float b)
{
    const std::array<float, 2> values{a, b};
    return {{Tensor::fromFloats("w", {2}, values)}, {}};
}

/// Answers with half the global model plus what this site wants; its "Dice" is the first number.
class ToyTrainer : public federation::LocalTrainer
{
public:
    ToyTrainer(int samples, float a, float b) : m_samples(samples), m_a(a), m_b(b) {}

    int trainingCases() const override { return m_samples; }
    Result<federation::LocalUpdate> fit(const federation::LocalFit &fit) override
    {
        ++fits;
        for (int step = 1; step <= 3; ++step) {
            if (!fit.progress({1, 1, step, 3, 1.0 / step}))
                return fail(ErrorCode::Cancelled, "stopped");
            for (; hold; std::this_thread::sleep_for(std::chrono::milliseconds(20))) {
                if (!fit.progress({1, 1, step, 3, 1.0 / step}))
                    return fail(ErrorCode::Cancelled, "stopped");
            }
        }
        if (fit.round == failInRound)
            return fail(ErrorCode::Invalid, "the data are gone");
        const auto values = fit.start.tensors[0].floats();
        return federation::LocalUpdate{toyModel(values[0] / 2 + m_a, values[1] / 2 + m_b), m_samples, 0.25, 3, 0.03};
    }
    Result<federation::LocalEvaluation> evaluate(const ModelState &model, const std::string &) override
    {
        return federation::LocalEvaluation{2, {{"dice", static_cast<double>(model.tensors[0].floats()[0])}}};
    }

    std::atomic<int> fits{0};
    std::atomic<bool> hold{false}; ///< while true, fit does not end
    int failInRound = 0;

private:
    int m_samples;
    float m_a, m_b;
};

class ToyHost
{
public:
    ToyHost(std::filesystem::path folder, const std::string &listen = "127.0.0.1:0")
    {
        federation::CoordinatorOptions options;
        options.listen = listen;
        options.firstModel = [] { return toyModel(0, 0); };
        options.stopRequested = [this] { return m_stop.load(); };
        auto opened = federation::Coordinator::open(folder, std::move(options));
        if (!opened) {
            error = opened.error();
            return;
        }
        m_coordinator = std::move(*opened);
        port = m_coordinator->port();
        m_thread = std::thread([this] { result = m_coordinator->run(); });
    }
    ~ToyHost() { stop(); }

    /// Ends by itself or is stopped; afterwards the port and the study are free.
    Result<> wait()
    {
        if (m_thread.joinable())
            m_thread.join();
        m_coordinator.reset();
        return result;
    }
    void stop()
    {
        m_stop = true;
        (void)wait();
    }

    int port = 0;
    Error error;
    Result<> result;

private:
    std::atomic<bool> m_stop{false};
    std::unique_ptr<federation::Coordinator> m_coordinator;
    std::thread m_thread;
};

class ToySite
{
public:
    ToySite(const federation::SiteFolder &folder, ToyTrainer &trainer) : m_folder(folder)
    {
        m_options.heartbeatSeconds = 0.5;
        m_options.stopRequested = [this] { return m_stop.load(); };
        m_thread = std::thread([this, &trainer] { result = federation::participate(m_folder, trainer, m_options); });
    }
    ~ToySite() { stop(); }
    Result<> wait()
    {
        if (m_thread.joinable())
            m_thread.join();
        return result;
    }
    void stop()
    {
        m_stop = true;
        (void)wait();
    }
    Result<> result;

private:
    federation::SiteFolder m_folder;
    federation::ParticipantOptions m_options;
    std::atomic<bool> m_stop{false};
    std::thread m_thread;
};

/// Invites, enrols and consents: a site folder ready to join.
inline Result<federation::SiteFolder> readySite(const std::filesystem::path &study, const std::string &name, int port,
                                                const std::filesystem::path &folder)
{
    const auto file = folder / "invitation.json";
    if (auto invited = federation::inviteSite(study, name, "127.0.0.1:" + std::to_string(port), "passphrase", file);
        !invited)
        return fail(invited.error());
    const auto invitation = security::Invitation::read(file, "passphrase");
    if (!invitation)
        return fail(invitation.error());
    auto site = federation::SiteFolder::enrol(*invitation, folder);
    if (site) {
        if (auto approved = site->approve({site->plan().hash(), folder, toIso(now())}); !approved)
            return fail(approved.error());
    }
    return site;
}

} // namespace consilium::test
