// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "tasks/dataset.h"

#include <algorithm>
#include <map>
#include <set>

namespace consilium::tasks {

std::string_view name(Split split)
{
    switch (split) {
    case Split::Training: return "training";
    case Split::Validation: return "validation";
    case Split::Test: break;
    }
    return "test";
}

Result<Split> splitFromName(std::string_view text)
{
    for (const auto split : {Split::Training, Split::Validation, Split::Test}) {
        if (name(split) == text)
            return split;
    }
    return fail(ErrorCode::Invalid, "'{}' is not a split: training, validation, test", text);
}

namespace {

/// Ranking by a hash of each name alone keeps the order independent of platform, locale and order of the files.
std::vector<std::string> rankedPatients(const Dataset &dataset, std::uint64_t seed)
{
    std::set<std::string> patients;
    for (const auto &entry : dataset.cases)
        patients.insert(entry.patient);
    std::vector<std::pair<std::uint64_t, std::string>> keyed;
    for (const auto &patient : patients)
        keyed.emplace_back(derivedSeed(seed, "split:" + patient), patient);
    std::sort(keyed.begin(), keyed.end());
    std::vector<std::string> ranked;
    for (auto &[key, patient] : keyed)
        ranked.push_back(std::move(patient));
    return ranked;
}

std::size_t tenthOf(std::size_t patients)
{
    return patients < 3 ? 0 : std::max<std::size_t>(1, (patients + 5) / 10);
}

/// `splitOfRank` says for each rank of a patient where its cases go.
template <typename SplitOfRank>
std::vector<Split> splitsByRank(const Dataset &dataset, const std::vector<std::string> &ranked, SplitOfRank splitOfRank)
{
    std::map<std::string, Split> splitOf;
    for (std::size_t rank = 0; rank < ranked.size(); ++rank)
        splitOf[ranked[rank]] = splitOfRank(rank);
    std::vector<Split> splits;
    for (const auto &entry : dataset.cases)
        splits.push_back(splitOf.at(entry.patient));
    return splits;
}

} // namespace

std::vector<Split> splitCases(const Dataset &dataset, std::uint64_t seed)
{
    const auto ranked = rankedPatients(dataset, seed);
    const auto tenth = tenthOf(ranked.size());
    return splitsByRank(dataset, ranked, [tenth](std::size_t rank) {
        return rank < tenth ? Split::Test : rank < 2 * tenth ? Split::Validation : Split::Training;
    });
}

Result<std::vector<Split>> foldCases(const Dataset &dataset, std::uint64_t seed, int fold, int folds)
{
    const auto ranked = rankedPatients(dataset, seed);
    const auto tenth = tenthOf(ranked.size());
    if (fold < 0 || fold >= folds || ranked.size() - tenth < static_cast<std::size_t>(folds))
        return fail(ErrorCode::Invalid, "Dataset {} has {} patient(s) to train with, too few for fold {} of {}",
                    dataset.folder.string(), ranked.size() - tenth, fold + 1, folds);
    return splitsByRank(dataset, ranked, [=](std::size_t rank) {
        if (rank < tenth)
            return Split::Test;
        return (rank - tenth) % static_cast<std::size_t>(folds) == static_cast<std::size_t>(fold) ? Split::Validation
                                                                                                  : Split::Training;
    });
}

} // namespace consilium::tasks
