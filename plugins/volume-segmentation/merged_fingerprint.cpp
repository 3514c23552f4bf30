// SPDX-License-Identifier: GPL-3.0-or-later
#include "merged_fingerprint.h"

#include <algorithm>
#include <cmath>

namespace consilium::segmentation {

namespace {

using Triple = std::array<double, 3>;

Triple percentile(const Json &axes, const char *key)
{
    return axes.contains(key) ? axes[key].get<Triple>() : axes.at("median").get<Triple>();
}

SiteFingerprint::Spread spreadOf(const Json &axes)
{
    return {percentile(axes, "percentile10"), axes.at("median").get<Triple>(), percentile(axes, "percentile90")};
}

std::optional<ForegroundIntensity> foregroundOf(const Json &intensity)
{
    if (!intensity.contains("pooled") || intensity["pooled"].is_null())
        return std::nullopt;
    const auto &pooled = intensity["pooled"];
    const auto number = [&pooled](const char *key) { return pooled.at(key).get<double>(); };
    return ForegroundIntensity{number("voxels"), number("mean"), number("deviation"), number("percentile0.5"),
                               number("percentile99.5")};
}

bool possible(const SiteFingerprint::Spread &spread)
{
    return std::all_of(spread.begin(), spread.end(), [](const Triple &values) {
        return std::all_of(values.begin(), values.end(), [](double v) { return v > 0 && std::isfinite(v); });
    });
}

bool possible(const std::optional<ForegroundIntensity> &foreground)
{
    return !foreground || (foreground->voxels >= 1 && foreground->deviation >= 0 && std::isfinite(foreground->voxels) &&
                           std::isfinite(foreground->mean) && std::isfinite(foreground->deviation) &&
                           foreground->low <= foreground->high);
}

bool possible(const SiteFingerprint &site)
{
    return site.cases >= 1 && !site.channels.empty() && possible(site.spacing) && possible(site.extent) &&
           std::all_of(site.foreground.begin(), site.foreground.end(), [](const auto &f) { return possible(f); });
}

} // namespace

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

Result<SiteFingerprint> readFingerprint(const Json &json, std::size_t number)
{
    try {
        if (const int format = json.at("format").get<int>(); format != 1)
            return fail(ErrorCode::Unsupported, "Fingerprint {} has format {}; this program knows format 1", number,
                        format);
        SiteFingerprint site;
        site.cases = json.at("cases").get<int>();
        site.channels = json.at("channels").get<std::vector<std::string>>();
        site.labels = json.at("labels").get<std::vector<std::string>>();
        site.spacing = spreadOf(json.at("spacing"));
        if (json.contains("extent")) {
            site.extent = spreadOf(json["extent"]);
        } else {
            const auto size = json.at("size").at("median").get<Triple>();
            for (auto &values : site.extent) {
                for (std::size_t axis = 0; axis < 3; ++axis)
                    values[axis] = size[axis] * site.spacing[1][axis];
            }
        }
        for (std::size_t channel = 0; channel < site.channels.size(); ++channel) {
            site.ct.push_back(json.contains("modalities") ? json["modalities"].at(channel) == "CT"
                                                          : lower(site.channels[channel]) == "ct");
            site.foreground.push_back(json.contains("intensity") ? foregroundOf(json["intensity"].at(channel))
                                                                 : std::nullopt);
        }
        if (!possible(site))
            return fail(ErrorCode::Malformed, "Fingerprint {} holds numbers that no dataset has", number);
        return site;
    } catch (const Json::exception &) {
        return fail(ErrorCode::Malformed, "Fingerprint {} is not a fingerprint of this program", number);
    }
}

double percentileOverSites(std::span<const SiteFingerprint> sites, SiteFingerprint::Spread SiteFingerprint::*spread,
                           std::size_t axis, double percent)
{
    constexpr std::array<long long, 3> shares{3, 4, 3};
    std::vector<std::pair<double, long long>> values;
    long long total = 0;
    for (const auto &site : sites) {
        for (std::size_t index = 0; index < shares.size(); ++index)
            values.emplace_back((site.*spread)[index][axis], shares[index] * site.cases);
        total += 10LL * site.cases;
    }
    std::sort(values.begin(), values.end());
    long long below = 0;
    for (const auto &[value, weight] : values) {
        below += weight;
        if (100.0 * static_cast<double>(below) >= percent * static_cast<double>(total))
            return value;
    }
    return values.back().first;
}

std::optional<ForegroundIntensity> foregroundOverSites(std::span<const SiteFingerprint> sites, std::size_t channel)
{
    ForegroundIntensity all;
    for (const auto &site : sites) {
        if (const auto &one = site.foreground[channel]) {
            all.voxels += one->voxels;
            all.mean += one->voxels * one->mean;
            all.low += one->voxels * one->low;
            all.high += one->voxels * one->high;
        }
    }
    if (all.voxels == 0)
        return std::nullopt;
    all.mean /= all.voxels;
    all.low /= all.voxels;
    all.high /= all.voxels;
    double squares = 0;
    for (const auto &site : sites) {
        if (const auto &one = site.foreground[channel]) {
            const double between = one->mean - all.mean;
            squares += (one->voxels - 1) * one->deviation * one->deviation + one->voxels * between * between;
        }
    }
    all.deviation = std::sqrt(squares / std::max(1.0, all.voxels - 1));
    return all;
}

} // namespace consilium::segmentation
