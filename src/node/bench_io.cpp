// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform.h"
#include "core/platform_memory.h"
#include "imaging/dicom/series.h"
#include "imaging/dicom/series_writer.h"
#include "node/bench.h"
#include "node/console.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <algorithm>
#include <iostream>

namespace consilium::node {

namespace fs = std::filesystem;
namespace dicom = imaging::dicom;

namespace {

struct BenchIo
{
    fs::path dicom;   ///< measure this folder in place of a made series
    fs::path measure; ///< what a child process opens once
    int slices = 400, runs = 3;
    bool json = false;
};

/// Whole numbers with fine texture in 16 bits, as a CT has them.
imaging::Volume madeVolume(int slices)
{
    imaging::Volume volume;
    volume.geometry.size = {512, 512, slices};
    volume.geometry.spacing = {0.7, 0.7, 1};
    volume.values.resize(static_cast<std::size_t>(volume.geometry.voxels()));
    std::uint32_t state = 1;
    for (auto &value : volume.values) {
        state = state * 1664525 + 1013904223;
        value = static_cast<float>(static_cast<int>(state >> 20) - 1024);
    }
    return volume;
}

/// Opens the largest series of a folder, as the desktop would, and says what it took.
Result<> openOnce(const fs::path &folder)
{
    QElapsedTimer timer;
    timer.start();
    const auto scan = dicom::scanSeries(folder);
    if (!scan)
        return fail(scan.error());
    const double scanned = static_cast<double>(timer.nsecsElapsed()) * 1e-9;
    const auto largest = std::max_element(scan->series.begin(), scan->series.end(),
                                          [](auto &a, auto &b) { return a.geometry.voxels() < b.geometry.voxels(); });
    const auto volume = dicom::loadSeries(*largest);
    if (!volume)
        return fail(volume.error());
    Json json{{"scanSeconds", scanned},
              {"seconds", static_cast<double>(timer.nsecsElapsed()) * 1e-9},
              {"dimensions", volume->geometry.size},
              {"volumeBytes", volume->values.size() * sizeof(float)}};
    if (const auto peak = platform::peakMemory())
        json["peakBytes"] = *peak;
    std::cout << json.dump() << std::endl;
    return {};
}

struct Run
{
    double seconds = 0; ///< of the whole process, start to end
    QByteArray output;
};

Result<Run> timed(const QString &program, const QStringList &arguments)
{
    QProcess process;
    QElapsedTimer timer;
    timer.start();
    process.start(program, arguments);
    if (!process.waitForFinished(-1) || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return fail(ErrorCode::Internal, "{} failed: {}", program.toStdString(),
                    process.readAllStandardError().trimmed().toStdString());
    return Run{static_cast<double>(timer.nsecsElapsed()) * 1e-9, process.readAllStandardOutput()};
}

QString ownProgram()
{
#ifdef Q_OS_WIN
    return QString::fromStdString((platform::programFolder() / "consilium-node.exe").string());
#else
    return QString::fromStdString((platform::programFolder() / "consilium-node").string());
#endif
}

/// Opening, from the folder to the volume in memory, beside the whole of a conversion. Both programs in turn, so that
/// neither has the warmer cache; the best run of each counts.
Result<Json> compare(const fs::path &folder, int runs)
{
    const auto converter = QStandardPaths::findExecutable("dcm2niix");
    const auto path = QString::fromStdString(folder.string());
    Json best;
    double ours = 1e9, theirs = 1e9;
    for (int run = 0; run < runs && !platform::stopRequested(); ++run) {
        const auto opened = timed(ownProgram(), {"bench", "io", "--measure", path});
        if (!opened)
            return fail(opened.error());
        const auto figures = parseJson(opened->output.toStdString());
        if (!figures)
            return fail(figures.error());
        if (const double seconds = (*figures)["seconds"].get<double>(); seconds < ours) {
            best = *figures;
            best["processSeconds"] = opened->seconds;
            ours = seconds;
        }
        if (converter.isEmpty())
            continue;
        const QTemporaryDir out;
        const auto converted = timed(converter, {"-z", "n", "-b", "n", "-f", "out", "-o", out.path(), path});
        if (!converted)
            return fail(converted.error());
        theirs = std::min(theirs, converted->seconds);
    }
    if (best.is_null())
        return fail(ErrorCode::Cancelled, "The measurement was stopped before its first run");
    if (!converter.isEmpty()) {
        best["dcm2niixSeconds"] = theirs;
        best["ratio"] = ours / theirs;
    }
    if (best.contains("peakBytes"))
        best["peakToVolume"] = best["peakBytes"].get<double>() / best["volumeBytes"].get<double>();
    return best;
}

void print(const Json &result)
{
    const auto size = result["dimensions"];
    std::cout << fmt::format("DICOM series of {} x {} x {} voxels\n", size[0].get<int>(), size[1].get<int>(),
                             size[2].get<int>());
    std::cout << fmt::format("  opened        {:.2f} s, of which headers {:.2f} s; whole process {:.2f} s\n",
                             result["seconds"].get<double>(), result["scanSeconds"].get<double>(),
                             result["processSeconds"].get<double>());
    if (result.contains("ratio"))
        std::cout << fmt::format("  dcm2niix      {:.2f} s to convert it; ratio {:.2f}\n",
                                 result["dcm2niixSeconds"].get<double>(), result["ratio"].get<double>());
    else
        std::cout << "  dcm2niix      not on the PATH, not compared\n";
    if (result.contains("peakToVolume"))
        std::cout << fmt::format("  peak memory   {:.0f} MiB, {:.2f} times the volume\n",
                                 result["peakBytes"].get<double>() / (1 << 20), result["peakToVolume"].get<double>());
}

Result<> benchIo(const BenchIo &options)
{
    if (!options.measure.empty())
        return openOnce(options.measure);
    const QTemporaryDir made;
    auto folder = options.dicom;
    if (folder.empty()) {
        folder = fs::path(made.path().toStdString()) / "series";
        ProgressLine line(options.json);
        line.show("Writing a series to open");
        dicom::SeriesDescription description;
        description.modality = "CT";
        description.uidSeed = "bench io";
        if (auto written = dicom::writeSeries(folder, madeVolume(options.slices), description); !written)
            return written;
    }
    const auto result = compare(folder, options.runs);
    if (!result)
        return fail(result.error());
    if (options.json)
        printJson(*result);
    else
        print(*result);
    return {};
}

} // namespace

void addBenchIo(CLI::App &bench, CommandLine &line)
{
    auto options = std::make_shared<BenchIo>();
    auto *io = bench.add_subcommand("io", "Opens a DICOM series, beside dcm2niix converting it");
    io->add_option("--dicom", options->dicom, "Folder with the series; one of 400 x 512 x 512 is made otherwise");
    io->add_option("--slices", options->slices, "Slices of the series made")->check(CLI::Range(2, 5000));
    io->add_option("--runs", options->runs, "The best of so many counts")->check(CLI::Range(1, 100));
    io->add_option("--measure", options->measure, "Open the series of this folder once, in this process");
    io->add_flag("--json", options->json, "Print the figures as JSON");
    io->callback([&line, options] { line.action = [options] { return benchIo(*options); }; });
}

} // namespace consilium::node
