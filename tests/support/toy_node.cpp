// SPDX-License-Identifier: GPL-3.0-or-later
// A site worker without any learning: the federation's participant in a process of its own, with a trainer that answers
// half the global model plus a wish, and misbehaves where it is told to.
#include "core/clock.h"
#include "core/log.h"
#include "core/platform.h"
#include "federation/participant.h"
#include "support/pattern_model.h"

#include <CLI/CLI.hpp>
#include <cmath>
#include <iostream>
#include <limits>
#include <mutex>
#include <thread>

using namespace consilium;

namespace {

struct Behaviour
{
    std::string siteFolder;
    int samples = 10;
    double wish = 1, keep = 0.5; ///< answers keep times the global model plus the wish
    int steps = 2, stepMilliseconds = 10;
    int hangInRound = 0; ///< no progress any more, heartbeats go on
    int waitInRound = 0; ///< trains on, with progress, until `waitFor` exists
    std::string waitFor;
    int nanInRound = 0; ///< one value in the middle is not a number
    int otherShapeInRound = 0;
    int failInRound = 0;
    int scaleInRound = 0; ///< what training changed, times `scale`
    double scale = 1;
    double heartbeat = 1; ///< seconds
};

class WishTrainer : public federation::LocalTrainer
{
public:
    explicit WishTrainer(const Behaviour &behaviour) : m_told(behaviour) {}

    int trainingCases() const override { return m_told.samples; }

    Result<federation::LocalUpdate> fit(const federation::LocalFit &fit) override
    {
        const auto stopped = [] { return fail(ErrorCode::Cancelled, "Stopped on request"); };
        for (int step = 1; step <= m_told.steps; ++step) {
            std::this_thread::sleep_for(std::chrono::milliseconds(m_told.stepMilliseconds));
            if (!fit.progress({1, 1, step, m_told.steps, 1.0 / step}))
                return stopped();
        }
        while (fit.round == m_told.hangInRound)
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        while (fit.round == m_told.waitInRound && !std::filesystem::exists(m_told.waitFor)) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            if (!fit.progress({1, 1, m_told.steps, m_told.steps, 1.0 / m_told.steps}))
                return stopped();
        }
        if (fit.round == m_told.failInRound)
            return fail(ErrorCode::Invalid, "the data are gone");
        federation::LocalUpdate update;
        update.model = answer(fit);
        update.samples = m_told.samples;
        update.loss = 1.0 / m_told.steps;
        update.steps = m_told.steps;
        update.learningRateSum = 0.01 * m_told.steps;
        return update;
    }

    Result<federation::LocalEvaluation> evaluate(const ModelState &model, const std::string &) override
    {
        const double value = std::abs(model.tensors.at(0).floats()[0]);
        return federation::LocalEvaluation{2, {{"dice", value / (1 + value)}}};
    }

private:
    ModelState answer(const federation::LocalFit &fit) const
    {
        const double scale = fit.round == m_told.scaleInRound ? m_told.scale : 1;
        ModelState model{{}, fit.start.metadata};
        std::size_t index = 0; // counts the elements of the body; the head has its own two
        for (const auto &tensor : fit.start.tensors) {
            std::vector<float> values(tensor.floats().begin(), tensor.floats().end());
            const auto begin = tensor.info.name == "head" ? std::size_t{0} : index;
            for (std::size_t i = 0; i < values.size(); ++i) {
                const double start = values[i];
                const double trained = m_told.keep * start + m_told.wish * test::pattern(begin + i);
                values[i] = static_cast<float>(start + scale * (trained - start));
            }
            if (tensor.info.name != "head")
                index += values.size();
            if (fit.round == m_told.nanInRound)
                values[values.size() / 2] = std::numeric_limits<float>::quiet_NaN();
            auto shape = tensor.info.shape;
            if (fit.round == m_told.otherShapeInRound)
                shape.insert(shape.begin(), 1);
            model.tensors.push_back(Tensor::fromFloats(tensor.info.name, shape, values));
        }
        return model;
    }

    const Behaviour &m_told;
};

Result<> enrol(const std::string &file, const std::string &passphrase, const std::string &siteFolder)
{
    const auto invitation = security::Invitation::read(file, passphrase);
    if (!invitation)
        return fail(invitation.error());
    const auto site = federation::SiteFolder::enrol(*invitation, siteFolder);
    if (!site)
        return fail(site.error());
    return site->approve({site->plan().hash(), siteFolder, toIso(now())});
}

Result<> join(const Behaviour &behaviour)
{
    const auto site = federation::SiteFolder::open(behaviour.siteFolder);
    if (!site)
        return fail(site.error());
    startLogging(site->folder() / "join.log");
    WishTrainer trainer(behaviour);
    std::mutex output;
    federation::ParticipantOptions options;
    options.stopRequested = platform::stopRequested;
    options.heartbeatSeconds = behaviour.heartbeat;
    options.onEvent = [&](const Event &event) {
        const std::lock_guard lock(output);
        std::cout << event.toJson().dump() << std::endl;
    };
    return federation::participate(*site, trainer, options);
}

} // namespace

int main(int argc, char **argv)
{
    platform::catchStopRequests();
    CLI::App app("A site worker without any learning");
    app.require_subcommand(1);
    std::string invitation, passphrase, siteFolder;
    auto *enrolling = app.add_subcommand("enrol");
    enrolling->add_option("invitation", invitation)->required();
    enrolling->add_option("--passphrase", passphrase)->required();
    enrolling->add_option("--site-dir", siteFolder)->required();
    Behaviour behaviour;
    auto *joining = app.add_subcommand("join");
    joining->add_option("--site-dir", behaviour.siteFolder)->required();
    joining->add_option("--samples", behaviour.samples);
    joining->add_option("--wish", behaviour.wish);
    joining->add_option("--keep", behaviour.keep);
    joining->add_option("--steps", behaviour.steps);
    joining->add_option("--step-ms", behaviour.stepMilliseconds);
    joining->add_option("--hang-in-round", behaviour.hangInRound);
    joining->add_option("--wait-in-round", behaviour.waitInRound);
    joining->add_option("--wait-for", behaviour.waitFor);
    joining->add_option("--nan-in-round", behaviour.nanInRound);
    joining->add_option("--other-shape-in-round", behaviour.otherShapeInRound);
    joining->add_option("--fail-in-round", behaviour.failInRound);
    joining->add_option("--scale-in-round", behaviour.scaleInRound);
    joining->add_option("--scale", behaviour.scale);
    joining->add_option("--heartbeat", behaviour.heartbeat);
    CLI11_PARSE(app, argc, argv);
    const auto done = enrolling->parsed() ? enrol(invitation, passphrase, siteFolder) : join(behaviour);
    if (!done)
        std::cerr << "toy-node: " << done.error().line() << std::endl;
    return done ? 0 : 1;
}
