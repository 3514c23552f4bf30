// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/demo_study.h"

#include "core/file.h"
#include "core/hash.h"
#include "core/platform.h"
#include "core/safetensors.h"
#include "federation/site_folder.h"
#include "federation/study_setup.h"
#include "node/demo_processes.h"
#include "storage/study.h"

#include <algorithm>
#include <thread>

namespace consilium::node {

namespace {

tl::unexpected<Error> stopped()
{
    return fail(ErrorCode::Cancelled, "The demo was stopped; the study folder keeps what was finished");
}

Result<int> awaitPort(const std::filesystem::path &log, NodeProcesses &processes)
{
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < deadline) {
        if (platform::stopRequested())
            return stopped();
        for (const auto &ended : processes.poll())
            return fail(ErrorCode::Unavailable, "The host could not start: {}", ended.message);
        if (const int port = listeningPort(log); port > 0)
            return port;
    }
    return fail(ErrorCode::Unavailable, "The host did not start within a minute");
}

Result<> enrol(const DemoSite &site, const std::filesystem::path &study, const std::string &endpoint)
{
    const auto passphrase = randomHex(12);
    const auto file = site.folder / "invitation.json";
    std::error_code ignored;
    if (auto invited = federation::inviteSite(study, site.name, endpoint, passphrase, file); !invited)
        return invited;
    const auto invitation = security::Invitation::read(file, passphrase);
    if (!invitation)
        return fail(invitation.error());
    const auto enrolled = federation::SiteFolder::enrol(*invitation, site.folder);
    if (!enrolled)
        return fail(enrolled.error());
    std::filesystem::remove(file, ignored);
    // In the demo one person plays every part; in a real study each custodian reads the consent sheet first.
    return enrolled->approve({enrolled->plan().hash(), std::filesystem::absolute(site.data), toIso(now())});
}

/// Passes the study's new events on, from the database: they keep coming when the host was started again by hand.
class EventFollower
{
public:
    EventFollower(const std::filesystem::path &study, const Tell &tell) : m_study(study), m_tell(tell) {}

    /// The study's state, after telling what is new.
    Result<std::string> follow()
    {
        if (!m_reader) {
            auto opened = storage::StudyReader::open(m_study);
            if (!opened)
                return fail(opened.error());
            m_reader.emplace(std::move(*opened));
        }
        const auto revision = m_reader->revision();
        if (!revision)
            return fail(revision.error());
        if (*revision == m_revision)
            return m_state;
        m_revision = *revision;
        const auto shot = m_reader->snapshot();
        if (!shot)
            return fail(shot.error());
        for (const auto &event : shot->events) {
            if (event.time < m_last || (event.time == m_last && m_toldAtLast.contains(event.text)))
                continue;
            if (event.time > m_last)
                m_toldAtLast.clear();
            m_last = event.time;
            m_toldAtLast[event.text] = true;
            m_tell(event);
        }
        m_state = shot->state;
        return m_state;
    }

private:
    std::filesystem::path m_study;
    const Tell &m_tell;
    std::optional<storage::StudyReader> m_reader;
    std::int64_t m_revision = -1;
    std::string m_state = "prepared";
    TimePoint m_last{};
    std::map<std::string, bool> m_toldAtLast;
};

} // namespace

Result<> runDemoStudy(const DemoOptions &options, const Plan &plan, const std::vector<DemoSite> &sites,
                      const Tell &tell)
{
    const auto study = std::filesystem::absolute(options.out);
    const auto logs = study / "logs";
    const auto title =
        options.data.empty() ? fmt::format("Demo: {} (synthetic)", plan.task) : fmt::format("Demo: {}", plan.task);
    if (auto created = federation::createStudy(study, title, plan); !created)
        return created;

    NodeProcesses processes;
    if (auto started = processes.start("host", {"host", study.string(), "--listen", "127.0.0.1:0", "--events"},
                                       logs / "host.jsonl");
        !started)
        return started;
    const auto port = awaitPort(logs / "host.jsonl", processes);
    if (!port)
        return fail(port.error());
    const auto endpoint = fmt::format("127.0.0.1:{}", *port);
    const auto hostAgain = fmt::format("consilium-node host {} --listen {}", study.string(), endpoint);
    tell({now(),
          "hosting",
          {},
          0,
          fmt::format("Hosting the study on {}", endpoint),
          {{"endpoint", endpoint}, {"study", study.string()}}});
    // All are invited before the first enrols: the host waits for every invited site before it starts.
    const int threads = std::max(1, platform::availableCores() / static_cast<int>(sites.size()));
    for (const auto &site : sites) {
        if (auto enrolled = enrol(site, study, endpoint); !enrolled)
            return fail(enrolled.error(), "Site {}", site.name);
    }
    for (const auto &site : sites) {
        if (auto started = processes.start(
                site.name,
                {"join", "--site-dir", site.folder.string(), "--threads", std::to_string(threads), "--events"},
                logs / ("site-" + site.name + ".jsonl"));
            !started)
            return started;
    }

    EventFollower follower(study, tell);
    auto hostGone = std::optional<std::chrono::steady_clock::time_point>{};
    while (true) {
        if (platform::stopRequested())
            return stopped();
        for (const auto &ended : processes.poll()) {
            if (ended.name == "host") {
                hostGone = std::chrono::steady_clock::now();
                if (!ended.good)
                    tell({now(),
                          "warning",
                          {},
                          0,
                          fmt::format("The host stopped: {}. Start it again with: {}", ended.message, hostAgain),
                          Json::object()});
            } else if (!ended.good) {
                const auto site =
                    std::find_if(sites.begin(), sites.end(), [&](const auto &s) { return s.name == ended.name; });
                tell({now(), "warning", ended.name, 0,
                      fmt::format("The worker of {} stopped: {}. Start it again with: consilium-node join --site-dir "
                                  "{} --threads {}",
                                  ended.name, ended.message, site->folder.string(), threads),
                      Json::object()});
            }
        }
        const auto state = follower.follow();
        if (!state)
            return fail(state.error());
        if (*state == "finished")
            break;
        // A host that was killed may be started again by hand; then its lock is taken and the study moves on.
        if (hostGone &&
            std::chrono::steady_clock::now() - *hostGone > std::chrono::seconds(plan.federation.idleLimitSeconds))
            return failWithHint(ErrorCode::Unavailable, "Look into " + (study / "host.log").string(),
                                "The host of the demo is gone");
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    // The sites hear of the end by themselves and leave; the host waits for them.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (processes.count() > 0 && std::chrono::steady_clock::now() < deadline)
        processes.poll();
    return {};
}

Result<> trainLocalModels(const DemoOptions &options, const Plan &plan, const std::vector<DemoSite> &sites,
                          const Tell &tell)
{
    const auto study = std::filesystem::absolute(options.out);
    const storage::StudyPaths paths{study};
    const auto planFile = study / "local" / "plan.json";
    if (auto written = writeJson(planFile, plan.toJson()); !written)
        return written;
    NodeProcesses processes;
    const int together = std::max(1, std::min(platform::availableCores(), static_cast<int>(sites.size())));
    const int threads = std::max(1, platform::availableCores() / together);
    std::size_t next = 0, done = 0;
    while (done < sites.size()) {
        if (platform::stopRequested())
            return stopped();
        while (next < sites.size() && processes.count() < together) {
            const auto &site = sites[next++];
            tell({now(), "local-training", site.name, 0,
                  fmt::format("Training the local model of {} for comparison", site.name), Json::object()});
            if (auto started = processes.start(site.name,
                                               {"train", "--plan", planFile.string(), "--data", site.data.string(),
                                                "--out", (study / "local" / site.name).string(), "--threads",
                                                std::to_string(threads), "--events"},
                                               study / "logs" / ("local-" + site.name + ".jsonl"));
                !started)
                return started;
        }
        for (const auto &ended : processes.poll()) {
            if (!ended.good)
                return fail(ErrorCode::Internal, "The local model of {} could not be trained: {}", ended.name,
                            ended.message);
            if (auto copied = copyFileAtomically(study / "local" / ended.name / "model.safetensors",
                                                 paths.localModel(ended.name));
                !copied)
                return copied;
            ++done;
        }
    }
    return {};
}

} // namespace consilium::node
