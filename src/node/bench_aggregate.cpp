// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "core/platform.h"
#include "core/platform_memory.h"
#include "core/safetensors.h"
#include "evaluation/statistics.h"
#include "federation/aggregation_timing.h"
#include "federation/light_site.h"
#include "federation/study_setup.h"
#include "node/bench.h"
#include "node/console.h"
#include "node/demo_processes.h"
#include "storage/study_store.h"

#include <QTemporaryDir>

#include <algorithm>
#include <iostream>
#include <latch>
#include <random>
#include <thread>

namespace consilium::node {

namespace fs = std::filesystem;

namespace {

struct BenchAggregate
{
    int sites = 8, rounds = 6, threads = 0;
    double megabytes = 124;
    std::string strategy = "fedavg";
    fs::path folder;
    bool json = false;
};

struct Measured
{
    std::vector<double> roundSeconds;
    double peakMemory = 0, lateMemory = 0, earlyMemory = 0; ///< bytes, of the host
    int earlyFiles = 0, lateFiles = 0, peakFiles = 0;
    std::int64_t received = 0, sent = 0;
};

/// A U-Net's worth of tensors: many small ones and a few large.
ModelState madeModel(double megabytes)
{
    std::mt19937 random(7);
    std::normal_distribution<float> normal(0, 0.05F);
    auto left = static_cast<std::size_t>(megabytes * 1e6 / sizeof(float));
    ModelState model;
    for (int index = 0; left > 0; ++index) {
        const auto count = std::min(left, std::size_t{1024} << std::min(2 * index, 24));
        std::vector<float> values(count);
        for (auto &value : values)
            value = normal(random);
        model.tensors.push_back(
            Tensor::fromFloats(fmt::format("layer{}.weight", index), {static_cast<std::int64_t>(count)}, values));
        left -= count;
    }
    return model;
}

Result<Plan> madePlan(const BenchAggregate &options)
{
    return Plan::fromJson({{"format", 1},
                           {"task", "bench"},
                           {"data", {{"channels", {"image"}}, {"labels", {"background", "label"}}}},
                           {"preprocessing", {{"normalisation", {"none"}}}},
                           {"federation",
                            {{"rounds", options.rounds},
                             {"quorum", options.sites},
                             {"strategy", {{"kind", options.strategy}}},
                             {"updates", {{"normLimit", 0}}}}},
                           {"privacy", {{"minimumCases", 0}}},
                           {"evaluation", {{"everyRounds", options.rounds}, {"selectBest", "last"}}}});
}

Result<int> awaitPort(const fs::path &log, NodeProcesses &processes)
{
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < deadline) {
        for (const auto &ended : processes.poll())
            return fail(ErrorCode::Unavailable, "The host could not start: {}", ended.message);
        if (const auto port = listeningPort(log); port > 0)
            return port;
    }
    return fail(ErrorCode::Unavailable, "The host did not start within a minute");
}

std::string siteName(int index)
{
    return fmt::format("site-{:04}", index);
}

/// Invites and enrols; without invitation files, whose passphrases take a second each to seal.
Result<std::vector<federation::SiteFolder>> enrolSites(const fs::path &study, const fs::path &folder, int count,
                                                       int port)
{
    const auto store = storage::StudyStore::openShared(study);
    if (!store)
        return fail(store.error());
    const auto &manifest = (*store)->manifest();
    std::vector<federation::SiteFolder> sites;
    for (int index = 0; index < count; ++index) {
        const auto token = randomHex(32);
        if (auto added = (*store)->addSite(siteName(index), sha256Hex(token)); !added)
            return fail(added.error());
        auto enrolled = federation::SiteFolder::enrol({manifest.id, manifest.title, siteName(index),
                                                       fmt::format("127.0.0.1:{}", port), manifest.certificate, token},
                                                      folder / siteName(index));
        if (!enrolled)
            return fail(enrolled.error());
        sites.push_back(std::move(*enrolled));
    }
    return sites;
}

/// Watches the host while the sites work.
class HostWatch
{
public:
    HostWatch(const fs::path &study, std::int64_t process) : m_study(study), m_process(process) {}

    Result<> look()
    {
        auto reader = storage::StudyReader::open(m_study);
        const auto shot = reader ? reader->snapshot() : Result<storage::StudySnapshot>(fail(reader.error()));
        if (!shot)
            return fail(shot.error());
        m_finished = shot->state == "finished";
        const auto use = platform::processUse(m_process);
        if (!use)
            return {};
        m_measured.peakMemory = std::max(m_measured.peakMemory, use->peakMemory);
        m_measured.peakFiles = std::max(m_measured.peakFiles, use->openFiles);
        m_measured.lateMemory = use->memory;
        m_measured.lateFiles = use->openFiles;
        if (shot->round == 11 && m_measured.earlyMemory == 0) {
            m_measured.earlyMemory = use->memory;
            m_measured.earlyFiles = use->openFiles;
        }
        return {};
    }
    bool finished() const { return m_finished; }

    Result<Measured> take()
    {
        auto reader = storage::StudyReader::open(m_study);
        const auto shot = reader ? reader->snapshot() : Result<storage::StudySnapshot>(fail(reader.error()));
        if (!shot)
            return fail(shot.error());
        for (const auto &round : shot->rounds) {
            if (round.ended)
                m_measured.roundSeconds.push_back(std::chrono::duration<double>(*round.ended - round.started).count());
        }
        for (const auto &site : shot->sites) {
            m_measured.received += site.bytesReceived;
            m_measured.sent += site.bytesSent;
        }
        return m_measured;
    }

private:
    fs::path m_study;
    std::int64_t m_process;
    Measured m_measured;
    bool m_finished = false;
};

Result<Measured> runStudy(const BenchAggregate &options, const fs::path &folder)
{
    const auto plan = madePlan(options);
    if (!plan)
        return fail(plan.error());
    const auto study = folder / "study";
    if (auto created = federation::createStudy(study, "Bench", *plan); !created)
        return fail(created.error());
    const auto model = madeModel(options.megabytes);
    if (auto written = writeSafetensors(storage::StudyPaths{study}.model(0), model); !written)
        return fail(written.error());
    NodeProcesses processes;
    const auto log = folder / "host.jsonl";
    if (auto started = processes.start("host", {"host", study.string(), "--listen", "127.0.0.1:0", "--events"}, log);
        !started)
        return fail(started.error());
    const auto port = awaitPort(log, processes);
    if (!port)
        return fail(port.error());
    const auto sites = enrolSites(study, folder / "sites", options.sites, *port);
    if (!sites)
        return fail(sites.error());

    std::vector<TensorInfo> tensors;
    for (const auto &tensor : model.tensors)
        tensors.push_back(tensor.info);
    // Up to so many bytes are hashed ahead; a long run works out its later rounds as they come.
    const auto rounds = std::min<double>(options.rounds, 16e9 / (static_cast<double>(model.bytes()) * options.sites));
    const federation::LightSites light(tensors, static_cast<int>(rounds), 11);
    std::latch prepared(options.sites);
    std::atomic<bool> stop{false};
    const auto stopAsked = [&stop] { return stop.load() || platform::stopRequested(); };
    std::mutex mutex;
    Result<> failed;
    std::vector<std::thread> threads;
    for (const auto &site : *sites)
        threads.emplace_back([&] {
            if (auto done = light.run(
                    site, [&] { prepared.arrive_and_wait(); }, stopAsked);
                !done && !stopAsked()) {
                const std::lock_guard lock(mutex);
                failed = fail(done.error(), "Site {}", site.site());
                stop = true;
            }
        });
    HostWatch watch(study, processes.processId("host"));
    ProgressLine progress(options.json);
    while (!watch.finished() && !stopAsked()) {
        if (auto looked = watch.look(); !looked)
            failed = looked;
        for (const auto &ended : processes.poll()) {
            if (!ended.good)
                failed = fail(ErrorCode::Unavailable, "The host ended: {}", ended.message);
        }
        if (!failed)
            stop = true;
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    stop = stop || !watch.finished();
    for (auto &thread : threads)
        thread.join();
    if (platform::stopRequested())
        return fail(ErrorCode::Cancelled, "The measurement was stopped");
    if (!failed)
        return fail(failed.error());
    return watch.take();
}

Result<> measure(BenchAggregate options)
{
    platform::allowManyOpenFiles();
    if (options.threads == 0)
        options.threads = platform::availableCores();
    const QTemporaryDir temporary;
    const fs::path folder = options.folder.empty() ? fs::path(temporary.path().toStdString()) : options.folder;
    std::error_code ignored;
    if (!options.folder.empty() && fs::exists(options.folder, ignored))
        return failWithHint(ErrorCode::Invalid, "Choose a new folder", "{} is there already", options.folder.string());
    // Of more sites than this the files would not all stay in the page cache, as updates that just arrived do.
    const int alone = std::clamp(static_cast<int>(4000 / options.megabytes), 1, options.sites);
    const auto combined = federation::timeAggregation(alone, options.megabytes, options.threads, folder / "alone");
    if (!combined)
        return fail(combined.error());
    const auto measured = runStudy(options, folder);
    if (!measured)
        return fail(measured.error());

    // The first round also opens the connections; its time is told apart.
    auto later = measured->roundSeconds;
    const double first = later.empty() ? 0 : later.front();
    if (later.size() > 1)
        later.erase(later.begin());
    const double median = evaluation::median(later).value_or(0);
    if (options.json) {
        printJson({{"sites", options.sites},
                   {"megabytes", options.megabytes},
                   {"strategy", options.strategy},
                   {"rounds", measured->roundSeconds.size()},
                   {"secondsPerRound", median},
                   {"secondsOfFirstRound", first},
                   {"slowestRound", *std::max_element(later.begin(), later.end())},
                   {"hostPeakMemory", measured->peakMemory},
                   {"hostMemoryInRound11", measured->earlyMemory},
                   {"hostMemoryAtTheEnd", measured->lateMemory},
                   {"hostOpenFilesInRound11", measured->earlyFiles},
                   {"hostOpenFilesAtTheEnd", measured->lateFiles},
                   {"hostPeakOpenFiles", measured->peakFiles},
                   {"bytesReceived", measured->received},
                   {"bytesSent", measured->sent},
                   {"aggregationBytesPerSecond", combined->updateBytes / combined->seconds},
                   {"memoryBytesPerSecond", combined->memoryBandwidth},
                   {"aggregationShareOfMemory", combined->updateShare()}});
        return {};
    }
    std::cout << fmt::format("{} sites x {:g} MB, {}, TLS on loopback, the host in a process of its own\n",
                             options.sites, options.megabytes, options.strategy)
              << fmt::format("  a round              {:.2f} s (median of {}; the slowest {:.2f}, the first {:.2f})\n",
                             median, later.size(), *std::max_element(later.begin(), later.end()), first)
              << fmt::format("  host's peak memory   {:.0f} MB\n", measured->peakMemory / 1e6)
              << fmt::format("  host's open files    {}\n", measured->peakFiles)
              << fmt::format("  over the wire        {:.1f} MB up, {:.1f} MB down\n",
                             static_cast<double>(measured->received) / 1e6, static_cast<double>(measured->sent) / 1e6);
    if (measured->earlyMemory > 0)
        std::cout << fmt::format("  round 11 to the end  memory {:.0f} to {:.0f} MB, open files {} to {}\n",
                                 measured->earlyMemory / 1e6, measured->lateMemory / 1e6, measured->earlyFiles,
                                 measured->lateFiles);
    std::cout << fmt::format("  aggregation alone    {:.1f} GB/s of {:.1f} GB/s that the memory gives: {:.0f} %\n",
                             combined->updateBytes / combined->seconds / 1e9, combined->memoryBandwidth / 1e9,
                             100 * combined->updateShare());
    return {};
}

} // namespace

void addBenchAggregate(CLI::App &bench, CommandLine &line)
{
    auto options = std::make_shared<BenchAggregate>();
    auto *command = bench.add_subcommand(
        "aggregate",
        "Seconds a round, memory and bytes of a host with many light sites; and how fast updates are combined");
    command->add_option("--sites", options->sites, "Sites, all in one process")
        ->check(CLI::Range(1, 5000))
        ->capture_default_str();
    command->add_option("--megabytes", options->megabytes, "Size of the model, in 10^6 bytes")
        ->check(CLI::Range(0.01, 4000.0))
        ->capture_default_str();
    command->add_option("--rounds", options->rounds, "Rounds")->check(CLI::Range(1, 100000))->capture_default_str();
    command->add_option("--strategy", options->strategy, "How updates are combined")->capture_default_str();
    command->add_option("--threads", options->threads, "Threads of the aggregation alone; without it all cores")
        ->check(CLI::PositiveNumber);
    command->add_option("--folder", options->folder, "New folder for the study; without it a temporary one");
    command->add_flag("--json", options->json, "Print JSON");
    command->callback([&line, options] { line.action = [options] { return measure(*options); }; });
}

} // namespace consilium::node
