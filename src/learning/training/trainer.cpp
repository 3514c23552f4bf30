// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/training/trainer.h"

#include "core/hash.h"
#include "learning/batches/batch_queue.h"
#include "learning/batches/batch_source.h"
#include "learning/network_parts.h"
#include "learning/training/fit_state.h"
#include "learning/training/objective.h"
#include "learning/training/sample_check.h"
#include "learning/training/schedule.h"
#include "learning/training/strategy_terms.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

namespace consilium::learning {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto longestUnkept = std::chrono::minutes(5);
constexpr auto divergedHint = "A smaller learning rate may help";

/// Asks LibTorch for operators whose results do not vary from run to run, and puts back what was set before.
class Deterministic
{
public:
    Deterministic()
    {
        at::globalContext().setDeterministicAlgorithms(true, true);
        at::globalContext().setDeterministicCuDNN(true);
        at::globalContext().setBenchmarkCuDNN(false);
    }
    ~Deterministic()
    {
        at::globalContext().setDeterministicAlgorithms(m_algorithms, m_warnOnly);
        at::globalContext().setDeterministicCuDNN(m_cudnn);
        at::globalContext().setBenchmarkCuDNN(m_benchmark);
    }
    Deterministic(const Deterministic &) = delete;
    Deterministic &operator=(const Deterministic &) = delete;

private:
    bool m_algorithms = at::globalContext().deterministicAlgorithms();
    bool m_warnOnly = at::globalContext().deterministicAlgorithmsWarnOnly();
    bool m_cudnn = at::globalContext().deterministicCuDNN();
    bool m_benchmark = at::globalContext().benchmarkCuDNN();
};

double mean(std::span<const double> values)
{
    return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

class Fit
{
public:
    Fit(Network &network, const Plan &plan, const FitOptions &options, Objective objective, StrategyTerms terms,
        const BatchSource &source)
        : m_network(network), m_plan(plan), m_options(options), m_objective(std::move(objective)),
          m_terms(std::move(terms)), m_source(source), m_state(network, plan),
          m_perEpoch(options.stepsPerEpoch > 0 ? options.stepsPerEpoch : plan.training.batchesPerEpoch),
          m_reportEvery(std::max(1, m_perEpoch / 10))
    {
    }

    /// Goes on where the folder of the checkpoint says.
    Result<> resume(std::span<const Sample> samples);
    Result<FitSummary> run();

private:
    bool epochEnds() const;
    void train(Batch batch);
    Result<> readLosses();
    Result<> report();
    Result<> scoreEpoch();
    Result<> keep();
    Result<FitSummary> finish();

    Network &m_network;
    const Plan &m_plan;
    const FitOptions &m_options;
    Objective m_objective;
    StrategyTerms m_terms;
    const BatchSource &m_source;
    FitState m_state;
    int m_perEpoch, m_reportEvery;
    std::string m_identity;
    std::vector<torch::Tensor> m_unread; ///< losses still on the device: reading one waits for it
    int m_resumedAt = 0, m_keptStep = 0, m_reportedStep = 0;
    Clock::time_point m_keptAt = Clock::now();
    Clock::duration m_training{};
};

Result<> Fit::resume(std::span<const Sample> samples)
{
    if (m_options.checkpoint.empty())
        return {};
    m_identity = fitIdentity(m_plan, m_network.state(), samples, m_options);
    const auto kept = readCheckpoint(m_options.checkpoint, m_identity);
    if (!kept)
        return fail(kept.error());
    if (!*kept)
        return {};
    m_resumedAt = m_keptStep = (*kept)->step;
    m_reportedStep = m_resumedAt / m_reportEvery * m_reportEvery;
    return m_state.restore(m_network, **kept);
}

bool Fit::epochEnds() const
{
    return m_state.step > 0 && (m_state.step % m_perEpoch == 0 || m_state.step == m_options.steps);
}

void Fit::train(Batch batch)
{
    // What a module of others draws at random is drawn alike when a fit goes on from here.
    torch::manual_seed(derivedSeed(m_options.seed, "step", static_cast<std::uint64_t>(m_state.step)));
    const auto &body = *m_network.parts().body;
    m_state.optimizer.clearGradients();
    const auto loss = m_objective(batch);
    loss.backward();
    m_terms.addProximal();
    clipGradients(body.trained(), m_plan.training.clipGradient);
    m_terms.addCorrection();
    const double rate = learningRate(m_plan.training, m_options.firstStep + m_state.step,
                                     {m_options.totalSteps, m_perEpoch}, m_state.scores);
    m_state.optimizer.step(rate);
    m_state.learningRateSum += rate;
    ++m_state.step;
    m_state.follow(m_network, m_plan.training.average);
    m_unread.push_back(loss.detach());
}

Result<> Fit::readLosses()
{
    if (m_unread.empty())
        return {};
    const auto losses = torch::stack(m_unread).to(torch::kCPU, torch::kDouble);
    m_unread.clear();
    for (std::int64_t i = 0; i < losses.size(0); ++i) {
        m_state.losses.push_back(losses[i].item<double>());
        if (!std::isfinite(m_state.losses.back()))
            return failWithHint(ErrorCode::Internal, divergedHint, "The loss became {} in step {} of {}",
                                m_state.losses.back(), m_state.losses.size(), m_options.steps);
    }
    return {};
}

Result<> Fit::report()
{
    if (auto read = readLosses(); !read)
        return read;
    const auto recent = std::span(m_state.losses).subspan(static_cast<std::size_t>(m_reportedStep));
    m_reportedStep = m_state.step;
    if (!m_options.progress || m_options.progress({m_state.step, m_options.steps, mean(recent)}))
        return {};
    if (auto kept = keep(); !kept)
        return kept;
    return fail(ErrorCode::Cancelled, "Training was stopped after step {} of {}", m_state.step, m_options.steps);
}

Result<> Fit::scoreEpoch()
{
    const bool averaged = !m_state.average.empty();
    if (averaged)
        exchange(m_network, m_state.average);
    const auto score = m_options.validate(m_network);
    if (score && std::isfinite(*score)) {
        m_state.scores.push_back(*score);
        if (bestEpoch(m_state.scores) == static_cast<int>(m_state.scores.size()))
            m_state.best = copiesOf(tensorsOf(m_network));
    }
    if (averaged)
        exchange(m_network, m_state.average);
    m_network.parts().body->train();
    if (!score)
        return fail(score.error());
    if (!std::isfinite(*score))
        return fail(ErrorCode::Internal, "The validation score after step {} is {}", m_state.step, *score);
    return {};
}

Result<> Fit::keep()
{
    if (m_options.checkpoint.empty() || m_keptStep == m_state.step)
        return {};
    if (auto read = readLosses(); !read)
        return read;
    if (auto written = writeCheckpoint(m_options.checkpoint, m_state.checkpoint(m_network, m_identity)); !written)
        return written;
    m_keptStep = m_state.step;
    m_keptAt = Clock::now();
    return {};
}

/// A loss tells of the weights before its step, so nothing else has looked at those of the last one.
bool finite(const Network &network)
{
    std::vector<torch::Tensor> answers;
    for (const auto &parameter : network.parts().body->trained())
        answers.push_back(torch::isfinite(parameter).all());
    return torch::stack(answers).all().item<bool>();
}

Result<FitSummary> Fit::finish()
{
    if (!m_state.best.empty())
        exchange(m_network, m_state.best);
    else if (!m_state.average.empty())
        exchange(m_network, m_state.average);
    m_state.optimizer.clearGradients();
    if (!finite(m_network))
        return failWithHint(ErrorCode::Internal, divergedHint, "The weights were not finite after step {} of {}",
                            m_state.step, m_options.steps);

    FitSummary summary;
    summary.steps = m_state.step;
    const auto tail = static_cast<std::size_t>(std::max(1, m_state.step / 10));
    summary.loss = mean(std::span(m_state.losses).last(std::min(tail, m_state.losses.size())));
    summary.learningRateSum = m_state.learningRateSum;
    summary.secondsPerStep =
        std::chrono::duration<double>(m_training).count() / std::max(1, m_state.step - m_resumedAt);
    summary.resumedAt = m_resumedAt;
    for (const auto score : m_state.scores)
        summary.scores.push_back({static_cast<int>(summary.scores.size()) + 1, score});
    summary.bestEpoch = bestEpoch(m_state.scores);
    summary.endedEarly = m_state.step < m_options.steps;
    return summary;
}

Result<FitSummary> Fit::run()
{
    BatchQueue queue(m_source, m_options.firstStep + m_state.step, m_options.steps - m_state.step, m_options.loaders,
                     2 * m_options.loaders);
    m_network.parts().body->train();
    while (true) {
        const auto epochs = static_cast<std::size_t>((m_state.step + m_perEpoch - 1) / m_perEpoch);
        if (epochEnds() && m_options.validate && m_state.scores.size() < epochs) {
            if (auto scored = scoreEpoch(); !scored)
                return fail(scored.error());
            m_keptStep = 0;
        }
        if (m_state.step >= m_options.steps || patienceIsOver(m_state.scores, m_plan.training.patience))
            break;
        if (epochEnds() || Clock::now() - m_keptAt > longestUnkept) {
            if (auto kept = keep(); !kept)
                return fail(kept.error());
        }
        const auto begin = Clock::now();
        train(queue.next());
        const bool due = m_state.step % m_reportEvery == 0 || m_state.step == m_options.steps;
        // Elsewhere than on the CPU a step would have to wait for the one before.
        if (auto read = m_network.parts().device.is_cpu() ? readLosses() : Result<>(); !read)
            return fail(read.error());
        m_training += Clock::now() - begin;
        if (!due)
            continue;
        if (auto reported = report(); !reported)
            return fail(reported.error());
    }
    if (auto read = readLosses(); !read)
        return fail(read.error());
    if (auto kept = keep(); !kept)
        return fail(kept.error());
    return finish();
}

} // namespace

Result<FitSummary> fit(Network &network, const Plan &plan, std::span<const Sample> samples, const FitOptions &options)
{
    if (auto checked = checkSamples(samples, plan); !checked)
        return fail(checked.error());
    return guarded("Training", [&]() -> Result<FitSummary> {
        prepareToCompute();
        const Deterministic deterministic;
        const auto source = makeBatchSource(plan, samples, options.seed);
        auto objective = Objective::create(network, plan, source->patch(), options.retention);
        if (!objective)
            return fail(objective.error());
        auto terms = StrategyTerms::create(network, options);
        if (!terms)
            return fail(terms.error());
        Fit running(network, plan, options, std::move(*objective), std::move(*terms), *source);
        if (auto resumed = running.resume(samples); !resumed)
            return fail(resumed.error());
        return running.run();
    });
}

} // namespace consilium::learning
