// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "security/keys.h"
#include "storage/study_store.h"

#include <cmath>
#include <filesystem>
#include <stdexcept>

namespace consilium::test {

/// Unwraps what a fixture may take for granted.
template <typename T>
T must(Result<T> result)
{
    if (!result)
        throw std::runtime_error(result.error().line());
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

/// A study folder as an aggregator leaves it, written through the aggregator's own store: four sites, `rounds` closed
/// rounds of 12, then the round in flight with one site counted, one training, one uploading and one lost. Curves fall
/// and rise smoothly.
class MadeStudy
{
public:
    explicit MadeStudy(const std::filesystem::path &folder, int rounds = 3)
    {
        Plan plan;
        plan.task = "ms-lesions";
        plan.data.channels = {"FLAIR", "T1"};
        plan.data.labels = {"background", "lesion"};
        plan.preprocessing.normalisation = {"zscore", "zscore"};
        plan.training.batchesPerEpoch = 50;
        plan.federation.rounds = 12;
        const auto key = must(security::PrivateKey::generate());
        storage::StudyManifest manifest{"00112233445566778899aabbccddeeff",
                                        "MS lesions in four hospitals",
                                        plan,
                                        toIso(now()),
                                        key.publicPem(),
                                        {}};
        m_store = must(storage::StudyStore::create(folder, manifest, key.toPem()));
        for (int i = 0; i < 4; ++i) {
            must(m_store->addSite(names[i], "token-" + names[i]));
            must(m_store->bindKey(names[i], must(security::PrivateKey::generate()).publicPem()));
            must(m_store->addTraffic({{names[i], true, 0, 0}}));
            must(m_store->setTrainingCases(names[i], cases[i]));
        }
        must(m_store->setValue("state", "running"));
        must(m_store->setValue("started", toIso(now() - std::chrono::minutes(3 * rounds + 1))));
        say("round-state", {}, 0, "The study was started with 4 sites");
        for (int round = 1; round <= rounds; ++round)
            closeRound(round);
        if (rounds < plan.federation.rounds)
            beginRound(rounds + 1);
    }

    void closeRound(int round)
    {
        must(m_store->setValue("round", std::to_string(round)));
        must(m_store->setRound(round, RoundState::Training));
        std::vector<storage::MetricRow> metrics;
        for (int i = 0; i < 4; ++i) {
            must(m_store->setSiteRound(round, names[i], SiteState::Counted, 1, {}));
            must(m_store->addTraffic({{names[i], true, 2'800'000, 2'700'000}}));
            metrics.push_back(
                {round, names[i], "global", "training", "loss", 0, 0.3 + (0.9 + 0.1 * i) * std::exp(-0.3 * round), 20});
            metrics.push_back({round, names[i], "global", "validation", "dice", 0,
                               (0.88 - 0.02 * i) * (1 - std::exp(-0.5 * round)), 4 + i});
            const std::pair<const char *, double> update[] = {{"update-norm", 0.8 / round + 0.1 * i},
                                                              {"update-cosine", cosine(i, round)},
                                                              {"update-distance", 0.5 / round + 0.1 * i},
                                                              {"weight", cases[i] / 160.0}};
            for (const auto &[name, value] : update)
                metrics.push_back({round, names[i], "local", "update", name, 0, value, 0});
        }
        must(m_store->addMetrics(metrics));
        must(m_store->setRound(round, RoundState::Closed,
                               round == 2 ? "closed without west: connection lost while training. Its 29 cases are not "
                                            "in the model of this round."
                                          : ""));
        must(m_store->setValue("bestRound", std::to_string(round)));
        say("round-state", {}, round, "Round " + std::to_string(round) + " is closed: 4 of 4 sites counted");
    }

    void beginRound(int round)
    {
        must(m_store->setValue("round", std::to_string(round)));
        must(m_store->setRound(round, RoundState::Training));
        must(m_store->setSiteRound(round, "east", SiteState::Uploading, 0.81, {}));
        must(m_store->addTraffic({{"east", true, 2'200'000, 2'700'000}}));
        must(m_store->setSiteRound(round, "north", SiteState::Counted, 1, {}));
        must(m_store->setSiteRound(round, "south", SiteState::Training, 0.6, "epoch 1 of 1"));
        must(m_store->setSiteRound(round, "west", SiteState::Training, 0.2, "epoch 1 of 1"));
        must(m_store->addTraffic({{"west", false, 0, 0}}));
        say("site-lost", "west", round, "west has not been heard of since 30 s; the round waits for it");
    }

    void finish()
    {
        std::vector<storage::MetricRow> metrics;
        for (int i = 0; i < 4; ++i) {
            metrics.push_back({12, names[i], "best", "test", "dice", 0, 0.87 - 0.01 * i, 6 + i});
            for (int j = 0; j < 4; ++j)
                metrics.push_back({12, names[i], "local-" + names[j], "test", "dice", 0,
                                   i == j ? 0.84 - 0.02 * i : 0.71 - 0.02 * j, 6 + i});
        }
        must(m_store->addMetrics(metrics));
        must(m_store->addTraffic({{"west", true, 0, 0}}));
        must(m_store->setValue("state", "finished"));
        must(m_store->setValue("ended", toIso(now())));
        say("finished", {}, 12, "The study is finished after 12 rounds; the best model is of round 12");
    }

    /// Cross-site evaluation beside what finish() writes, as newer aggregators do: the global models of two rounds,
    /// each site's last and personal model, and the lesions in its test cases.
    void testEverywhere()
    {
        std::vector<storage::MetricRow> metrics;
        for (int i = 0; i < 4; ++i) {
            const auto add = [&](const std::string &model, double value) {
                metrics.push_back({12, names[i], model, "test", "dice", 0, value, 6 + i});
                metrics.push_back({12, names[i], model, "test", "lesions", 0, (40.0 + 11 * i) / (6 + i), 6 + i});
            };
            metrics.push_back({12, names[i], "best", "test", "lesions", 0, (40.0 + 11 * i) / (6 + i), 6 + i});
            add("round-6", 0.80 - 0.01 * i);
            add("round-12", 0.86 - 0.01 * i);
            add("personal-" + names[i], 0.89 - 0.015 * i);
            for (int j = 0; j < 4; ++j) {
                metrics.push_back({12, names[i], "local-" + names[j], "test", "lesions", 0, (40.0 + 11 * i) / (6 + i), 6 + i});
                add("update-" + names[j], i == j ? 0.85 - 0.01 * i : 0.80 - 0.02 * j);
            }
        }
        must(m_store->addMetrics(metrics));
    }

    /// Validation improves no more: the study is over after the rounds that were closed.
    void endEarly(int round)
    {
        must(m_store->addTraffic({{"west", true, 0, 0}}));
        must(m_store->setValue("round", std::to_string(round)));
        must(m_store->setValue("bestRound", std::to_string(round - 2)));
        say("early-end", {}, round,
            "The study ends after round " + std::to_string(round) + ": no model has been better than that of round " +
                std::to_string(round - 2) + " for 2 rounds");
        must(m_store->setValue("state", "finished"));
        must(m_store->setValue("ended", toIso(now())));
    }

    void say(const std::string &event, const std::string &site, int round, const std::string &text)
    {
        Event said;
        said.event = event;
        said.site = site;
        said.round = round;
        said.text = text;
        must(m_store->addEvent(said));
    }

    storage::StudyStore &store() { return *m_store; }
    static inline const std::string names[] = {"east", "north", "south", "west"};
    static constexpr int cases[] = {25, 72, 34, 29};
    /// The first three sites agree less and less; the last pulls against them from round 3 on: 0.35 - 0.15 a round.
    static double cosine(int site, int round)
    {
        return site == 3 ? std::max(0.35 - 0.15 * round, -0.4) : 0.95 - 0.08 * site - 0.01 * round;
    }

private:
    std::unique_ptr<storage::StudyStore> m_store;
};

} // namespace consilium::test
