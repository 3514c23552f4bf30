// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/file.h"
#include "core/hash.h"
#include "core/safetensors.h"
#include "federation/message_codec.h"
#include "federation/receipt.h"
#include "federation/study_keys.h"
#include "federation/study_setup.h"
#include "support/made_study.h"
#include "support/toy_study.h"

namespace consilium::test {

/// A study of three rounds as its host leaves it: models, spooled updates, receipts and audit chain. north has 10
/// samples and south 30, so that they weigh 1/4 and 3/4; west is not counted in round 2. The models are worked by hand.
class MadeRounds
{
public:
    static constexpr int rounds = 3;
    /// What each site sends in each round, and the weighted means.
    static ModelState north(int round) { return std::array{toyModel(1, 0), toyModel(2, 2), toyModel(8, 0)}[round - 1]; }
    static ModelState south(int round) { return std::array{toyModel(3, 4), toyModel(4, 6), toyModel(0, 4)}[round - 1]; }
    static ModelState mean(int round)
    {
        return std::array{toyModel(2.5F, 3), toyModel(3.5F, 5), toyModel(2, 3)}[round - 1];
    }

    explicit MadeRounds(const std::filesystem::path &folder) : m_paths{folder}
    {
        must(federation::createStudy(folder, "Made", toyPlan(rounds, 2)));
        m_store = must(storage::StudyStore::open(folder));
        for (const auto *site : {"north", "south", "west"}) {
            must(m_store->addSite(site, std::string("token of ") + site));
            must(m_store->bindKey(site, std::string("key of ") + site));
        }
        must(writeSafetensors(m_paths.model(0), toyModel(0, 0)));
        must(m_store->setValue("state", "running"));
    }

    /// Everything of a round up to its model, without its receipt.
    void combine(int round, const ModelState &model)
    {
        offer(round, {"north", "south", "west"});
        answer(round, "north", north(round), 10, 0.25);
        answer(round, "south", south(round), 30, 0.75);
        must(m_store->setSiteRound(round, "west", SiteState::NotCounted, 1, "connection lost while training"));
        writeModel(round, model);
    }
    void offer(int round, const std::vector<std::string> &sites)
    {
        must(m_store->setRound(round, RoundState::Distributing));
        for (const auto &site : sites) {
            storage::MessageRow message;
            message.id = sha256Hex(fmt::format("{} {}", site, round));
            message.round = round;
            message.site = site;
            message.kind = "train";
            message.content = Json::object();
            message.created = now();
            message.baseRound = round - 1;
            must(m_store->addMessages({message}));
        }
    }
    void answer(int round, const std::string &site, const ModelState &model, int samples, double weight,
                double norm = 1.5)
    {
        storage::UpdateRow update;
        update.round = round;
        update.site = site;
        update.reply = sha256Hex(fmt::format("reply of {} {}", site, round));
        update.sha256 = must(federation::encodeArrays(model, federation::Spool(m_paths.spool())));
        update.samples = samples;
        update.received = now();
        update.steps = 3;
        update.norm = norm;
        update.baseRound = round - 1;
        update.encoding = "float32";
        must(m_store->acceptReply(sha256Hex(fmt::format("{} {}", site, round)), update.reply, update, {}));
        must(m_store->setSiteRound(round, site, SiteState::Counted, 1, {}));
        must(m_store->setWeights(round, {site}, {weight}));
    }
    void writeModel(int round, const ModelState &model)
    {
        auto state = model;
        state.metadata = {{"plan", m_store->manifest().plan.hash()}, {"round", std::to_string(round)}};
        must(writeSafetensors(m_paths.model(round), state));
    }
    void close(int round)
    {
        must(federation::writeReceipt(*m_store, must(federation::draftReceipt(*m_store, round))));
        must(m_store->setRound(round, RoundState::Closed));
    }
    void finish()
    {
        must(copyFileAtomically(m_paths.model(2), m_paths.bestModel()));
        must(m_store->setValue("bestRound", "2"));
        must(federation::finishStudy(*m_store));
    }
    void runAll()
    {
        for (int round = 1; round <= rounds; ++round) {
            combine(round, mean(round));
            close(round);
        }
        finish();
    }

    storage::StudyStore &store() { return *m_store; }
    const storage::StudyPaths &paths() const { return m_paths; }
    security::PrivateKey key() const
    {
        return must(
            security::PrivateKey::fromPem(must(readFile(federation::StudyKeys{m_paths.keys()}.authorityKey()))));
    }

private:
    storage::StudyPaths m_paths;
    std::unique_ptr<storage::StudyStore> m_store;
};

} // namespace consilium::test
