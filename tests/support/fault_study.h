// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/study_setup.h"
#include "storage/study.h"
#include "support/node_program.h"
#include "support/pattern_model.h"
#include "support/running_program.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <memory>
#include <stdexcept>

/// A study for faults: the real aggregator and toy sites, each a process of its own, over TLS on loopback.
///
/// A site of wish w answers g / 2 + w times the pattern, where g is the global model's scale, 3 at the start; so after
/// a round in which the counted sites have samples n_k and wishes w_k the scale is g / 2 + sum n_k w_k / sum n_k.
namespace consilium::test {

inline Plan faultPlan(int rounds, int quorum, int idleSeconds = 60)
{
    auto plan = Plan::fromJson(Json::parse(R"({"format":1,"task":"toy","data":{"channels":["c"],"labels":["b","l"]},
        "preprocessing":{"normalisation":["none"]},"privacy":{"minimumCases":0}})"));
    plan->federation.rounds = rounds;
    plan->federation.quorum = quorum;
    plan->federation.idleLimitSeconds = idleSeconds;
    return *plan;
}

inline void require(bool good, const std::string &what)
{
    if (!good)
        throw std::runtime_error(what);
}

class FaultStudy
{
public:
    /// The study lies in `folder`, or in a temporary folder together with its sites.
    FaultStudy(const Plan &plan, int mebibytes, const std::filesystem::path &folder = {})
        : m_study(folder.empty() ? path("study") : folder)
    {
        require(QFile::exists(nodeProgram()), "CONSILIUM_BIN must point to the programs");
        const auto made = federation::createStudy(m_study, "Faults", plan);
        require(made.has_value(), made ? "" : made.error().line());
        require(writeSafetensors(paths().model(0), patternModel(3, mebibytes)).has_value(), "The first model");
    }

    std::filesystem::path path(const std::string &name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    storage::StudyPaths paths() const { return {m_study}; }

    // The host
    void startHost(const QString &listen = "127.0.0.1:0")
    {
        const auto address = m_port == 0 ? listen : listen.left(listen.lastIndexOf(':') + 1) + QString::number(m_port);
        m_host = std::make_unique<RunningProgram>(
            nodeProgram(),
            QStringList{"host", QString::fromStdString(m_study.string()), "--listen", address, "--events"},
            log("host"));
        require(m_host->waitFor({"listening"}), "The host does not listen: " + m_host->err().toStdString());
        for (const auto &event : m_host->events()) {
            if (event["event"].toString() == "listening")
                m_port = event["port"].toInt();
        }
    }
    RunningProgram &host() { return *m_host; }
    int port() const { return m_port; }
    std::string endpoint() const { return "127.0.0.1:" + std::to_string(m_port); }

    // Sites
    /// Invites and enrols; `endpoint` is where the site finds the host, directly unless given.
    void addSite(const std::string &name, const std::string &endpoint = {},
                 const RunningProgram::Environment &environment = {})
    {
        const auto file = path(name + ".invitation");
        const auto invited =
            federation::inviteSite(m_study, name, endpoint.empty() ? this->endpoint() : endpoint, "passphrase", file);
        require(invited.has_value(), invited ? "" : invited.error().line());
        RunningProgram enrolling(toyProgram(),
                                 {"enrol", QString::fromStdString(file.string()), "--passphrase", "passphrase",
                                  "--site-dir", QString::fromStdString(path(name).string())},
                                 log("enrol-" + name), environment);
        require(enrolling.waitForEnd() == 0, name + " could not enrol: " + enrolling.err().toStdString());
    }
    std::unique_ptr<RunningProgram> join(const std::string &name, int samples, double wish,
                                         const QStringList &more = {},
                                         const RunningProgram::Environment &environment = {})
    {
        return std::make_unique<RunningProgram>(toyProgram(),
                                                QStringList{"join", "--site-dir",
                                                            QString::fromStdString(path(name).string()), "--samples",
                                                            QString::number(samples), "--wish", QString::number(wish)} +
                                                    more,
                                                log("join-" + name), environment);
    }
    /// What a site is told to wait for in a round; `open` lets it go on.
    QStringList gate(int round, const std::string &name) const
    {
        return {"--wait-in-round", QString::number(round), "--wait-for", QString::fromStdString(path(name).string())};
    }
    void open(const std::string &gate) const { std::ofstream(path(gate)) << "open\n"; }

    // What came of it
    storage::StudySnapshot board() const
    {
        auto reader = storage::StudyReader::open(m_study);
        require(reader.has_value(), reader ? "" : reader.error().line());
        auto shot = reader->snapshot();
        require(shot.has_value(), shot ? "" : shot.error().line());
        return *shot;
    }
    /// "counted", "not counted: <reason>", "training", ...; "nothing" when the board has no row.
    QString outcome(int round, const std::string &site) const
    {
        for (const auto &row : board().siteRounds) {
            if (row.round == round && row.site == site)
                return QString::fromStdString(
                    std::string(name(row.state)) +
                    (row.state == SiteState::NotCounted && !row.detail.empty() ? ": " + row.detail : ""));
        }
        return "nothing";
    }
    bool boardTells(const QRegularExpression &words) const
    {
        const auto shot = board();
        return std::any_of(shot.events.begin(), shot.events.end(), [&](const Event &event) {
            return words.match(QString::fromStdString(event.text)).hasMatch();
        });
    }
    double scale(int round) const
    {
        const auto model = readSafetensors(paths().model(round));
        return model ? patternScale(*model).value_or(-1) : -2;
    }
    /// Waits until the host has ended well; then what is wrong with the study, nothing when all rounds are closed, the
    /// last model is `scale` times the pattern, every site has an outcome in every round that has a row for it, and
    /// nothing half-written lies about.
    QString wrongEnd(double expectedScale, int milliseconds = 60000)
    {
        const int code = m_host->waitForEnd(milliseconds);
        if (code != 0)
            return QString("the host ended with %1: %2").arg(code).arg(m_host->err());
        const auto shot = board();
        const int rounds = shot.plan.federation.rounds;
        if (shot.state != "finished" || !shot.ended)
            return "the study is not finished";
        if (std::ssize(shot.rounds) != rounds)
            return QString("the board has %1 rounds").arg(shot.rounds.size());
        for (const auto &round : shot.rounds) {
            if (round.state != RoundState::Closed || !round.ended)
                return QString("round %1 is not closed").arg(round.round);
        }
        for (const auto &row : shot.siteRounds) {
            const bool counted = row.state == SiteState::Counted;
            if (!counted && (row.state != SiteState::NotCounted || row.detail.empty()))
                return QString("round %1 leaves %2 %3").arg(row.round).arg(row.site.c_str(), name(row.state).data());
            const auto &note = shot.rounds.at(static_cast<std::size_t>(row.round) - 1).note;
            if (!counted && note.find(row.site) == std::string::npos)
                return QString("the note of round %1 does not name %2").arg(row.round).arg(row.site.c_str());
        }
        if (const auto last = scale(rounds); last != expectedScale)
            return QString("the last model's scale is %1").arg(last);
        return halfWritten(m_study);
    }
    /// What a killed program left in a folder, half written; nothing when there is none.
    static QString halfWritten(const std::filesystem::path &folder)
    {
        for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (entry.path().filename().string().find(".partial-") != std::string::npos)
                return QString("%1 was left").arg(entry.path().filename().c_str());
        }
        return {};
    }

    static QString toyProgram() { return QDir(qEnvironmentVariable("CONSILIUM_BIN")).filePath("toy-node"); }
    /// A file name for what a program prints, never the same twice.
    QString log(const std::string &name)
    {
        return QString::fromStdString(path("log-" + std::to_string(++m_logs) + "-" + name).string());
    }

private:
    QTemporaryDir m_folder;
    std::filesystem::path m_study;
    std::unique_ptr<RunningProgram> m_host;
    int m_port = 0, m_logs = 0;
};

} // namespace consilium::test
