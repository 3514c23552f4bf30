// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/quality/quality.h"

#include "core/hash.h"
#include "core/parallel.h"
#include "core/platform.h"
#include "imaging/files/image_files.h"
#include "imaging/nifti.h"
#include "imaging/preparation/brain_mask.h"
#include "imaging/quality/image_checks.h"
#include "imaging/quality/label_checks.h"
#include "imaging/quality/thumbnail.h"

#include <algorithm>
#include <map>
#include <mutex>

namespace consilium::imaging {

namespace {

QualityFinding unreadable(const Error &error)
{
    return {"file", Verdict::Fail, 0, error.line()};
}

std::string pixelHash(const Volume &image)
{
    Sha256 hash;
    const auto &[size, spacing, origin, direction] = image.geometry;
    hash.add(std::as_bytes(std::span(size)));
    hash.add(std::as_bytes(std::span(spacing)));
    hash.add(std::as_bytes(std::span(origin)));
    hash.add(std::as_bytes(std::span(direction)));
    hash.add(std::as_bytes(std::span(image.values)));
    return hash.hex();
}

std::vector<QualityChannel> readChannels(const QualityCase &files, const QualityLimits &limits, QualityReport &report)
{
    std::vector<QualityChannel> channels;
    if (!limits.channels.empty() && limits.channels.size() != files.channels.size())
        report.findings.push_back(
            {"file", Verdict::Fail, static_cast<double>(files.channels.size()),
             fmt::format("The case has {} images, the task takes {}", files.channels.size(), limits.channels.size())});
    for (std::size_t n = 0; n < files.channels.size(); ++n) {
        auto volume = readImage(files.channels[n]);
        if (!volume) {
            report.pixelHashes.emplace_back();
            report.findings.push_back(unreadable(volume.error()));
            continue;
        }
        report.pixelHashes.push_back(pixelHash(*volume));
        const auto name = n < limits.channels.size() ? limits.channels[n] : fmt::format("channel {}", n + 1);
        channels.push_back({name, std::move(*volume), {}});
    }
    return channels;
}

void checkBrain(std::vector<QualityChannel> &channels, QualityReport &report)
{
    for (auto &channel : channels) {
        auto brain = brainMask(channel.volume);
        if (!brain) {
            report.findings.push_back(
                {"coverage", Verdict::Fail, 0, fmt::format("{}: {}", channel.name, brain.error().message)});
            continue;
        }
        channel.brain = std::move(*brain);
        report.findings.push_back(checkSignalToNoise(channel));
        report.findings.push_back(checkCoverage(channel));
    }
    const auto first = std::find_if(channels.begin(), channels.end(),
                                    [](const QualityChannel &channel) { return !channel.brain.values.empty(); });
    if (first == channels.end())
        return;
    for (auto other = first + 1; other != channels.end(); ++other)
        if (!other->brain.values.empty())
            report.findings.push_back(checkAgreement(*first, *other));
}

void checkLabelFile(const std::filesystem::path &file, const std::vector<QualityChannel> &channels,
                    const QualityLimits &limits, QualityReport &report)
{
    const auto labels = readLabelImage(file);
    if (!labels) {
        // A value that is no label is the labels' fault, not the file's.
        const bool value = labels.error().code == ErrorCode::Invalid;
        report.findings.push_back({value ? "labels" : "file", Verdict::Fail, 0, labels.error().line()});
        return;
    }
    for (auto &finding : checkLabels(*labels, channels, limits.labelCount))
        report.findings.push_back(std::move(finding));
}

QualityReport checkCase(const QualityCase &files, const QualityLimits &limits)
{
    QualityReport report;
    report.caseId = files.id;
    auto channels = readChannels(files, limits, report);
    if (channels.empty())
        return report;
    report.thumbnail = makeThumbnail(channels.front().volume);
    if (limits.spacing)
        for (const auto &channel : channels)
            report.findings.push_back(checkSpacing(channel, *limits.spacing, limits.spacingTolerance));
    if (limits.brain)
        checkBrain(channels, report);
    for (const auto &channel : channels)
        report.findings.push_back(checkGhosting(channel));
    if (files.labels)
        checkLabelFile(*files.labels, channels, limits, report);
    return report;
}

// An image that is there twice would be learned twice, or be tested on after training; in one case it stands for two
// contrasts and is one.
void findDuplicates(std::vector<QualityReport> &reports)
{
    std::map<std::string, std::vector<std::size_t>> owners;
    for (std::size_t n = 0; n < reports.size(); ++n)
        for (const auto &hash : reports[n].pixelHashes)
            if (!hash.empty())
                owners[hash].push_back(n);
    for (const auto &[hash, cases] : owners)
        for (std::size_t a = 0; cases.size() > 1 && a < cases.size(); ++a) {
            const auto other = cases[a == 0 ? 1 : 0];
            reports[cases[a]].findings.push_back(
                {"duplicate", Verdict::Fail, static_cast<double>(cases.size()),
                 other == cases[a]
                     ? std::string("Two images of the case are the same, voxel for voxel")
                     : fmt::format("An image is the same as one of {}, voxel for voxel", reports[other].caseId)});
        }
}

/// Voxels of an image by its header; of a format whose header is not looked at a voxel a byte.
double voxelsOf(const std::filesystem::path &file)
{
    if (isNiftiName(file)) {
        const auto header = readNiftiHeader(file);
        return header ? static_cast<double>(header->geometry.voxels()) : 0;
    }
    std::error_code error;
    const auto bytes = std::filesystem::file_size(file, error);
    return error ? 0 : static_cast<double>(bytes);
}

} // namespace

int casesAtOnce(const std::vector<QualityCase> &cases, int threads)
{
    double most = 1;
    for (const auto &entry : cases) {
        if (entry.channels.empty())
            continue;
        const double copies = 6 + 2 * static_cast<double>(entry.channels.size());
        most = std::max(most, voxelsOf(entry.channels.front()) * sizeof(float) * copies);
    }
    return static_cast<int>(std::clamp(4e9 / most, 1.0, std::max(1.0, static_cast<double>(threads))));
}

std::string_view name(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Pass: return "pass";
    case Verdict::Warn: return "warn";
    case Verdict::Fail: return "fail";
    }
    return {};
}

std::string QualityReport::reason() const
{
    const auto worst =
        std::max_element(findings.begin(), findings.end(),
                         [](const QualityFinding &a, const QualityFinding &b) { return a.verdict < b.verdict; });
    return worst == findings.end() || worst->verdict == Verdict::Pass ? std::string() : worst->reason;
}

Result<std::vector<QualityReport>> checkQuality(const std::vector<QualityCase> &cases, const QualityLimits &limits,
                                                const QualityOptions &options)
{
    std::vector<QualityReport> reports(cases.size());
    std::mutex mutex;
    std::size_t done = 0;
    const int threads = casesAtOnce(cases, options.threads > 0 ? options.threads : platform::availableCores());
    const auto looked = forEachIndex(cases.size(), threads, [&](std::size_t n) -> Result<> {
        reports[n] = checkCase(cases[n], limits);
        const std::lock_guard lock(mutex);
        ++done;
        if (options.progress && !options.progress(done, cases.size()))
            return fail(ErrorCode::Cancelled, "Stopped after {} of {} cases", done, cases.size());
        return {};
    });
    if (!looked)
        return fail(looked.error());
    findDuplicates(reports);
    for (auto &report : reports)
        for (const auto &finding : report.findings)
            report.verdict = std::max(report.verdict, finding.verdict);
    return reports;
}

Json toJson(const QualityReport &report)
{
    Json findings = Json::array();
    for (const auto &finding : report.findings)
        findings.push_back({{"check", finding.check},
                            {"verdict", name(finding.verdict)},
                            {"value", finding.value},
                            {"reason", finding.reason}});
    return {{"case", report.caseId},
            {"verdict", name(report.verdict)},
            {"reason", report.reason()},
            {"findings", std::move(findings)},
            {"pixelHashes", report.pixelHashes}};
}

std::string summary(const QualityReport &report)
{
    auto line = fmt::format("{}: {}", report.caseId, name(report.verdict));
    if (report.verdict == Verdict::Pass)
        return line;
    const auto others = std::count_if(report.findings.begin(), report.findings.end(),
                                      [](const QualityFinding &finding) { return finding.verdict != Verdict::Pass; }) -
                        1;
    line += ": " + report.reason();
    return others > 0 ? line + fmt::format(" (and {} more)", others) : line;
}

} // namespace consilium::imaging
