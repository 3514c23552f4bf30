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

std::vector<Split> splitCases(const Dataset &dataset, std::uint64_t seed)
{
    std::set<std::string> patients;
    for (const auto &entry : dataset.cases)
        patients.insert(entry.patient);

    // Ranking by a hash of each name alone keeps the order independent of platform, locale and order of the files.
    std::vector<std::pair<std::uint64_t, std::string>> ranked;
    for (const auto &patient : patients)
        ranked.emplace_back(derivedSeed(seed, "split:" + patient), patient);
    std::sort(ranked.begin(), ranked.end());

    const auto tenth = ranked.size() < 3 ? 0 : std::max<std::size_t>(1, (ranked.size() + 5) / 10);
    std::map<std::string, Split> splitOf;
    for (std::size_t rank = 0; rank < ranked.size(); ++rank)
        splitOf[ranked[rank].second] = rank < tenth       ? Split::Test
                                       : rank < 2 * tenth ? Split::Validation
                                                          : Split::Training;

    std::vector<Split> splits;
    for (const auto &entry : dataset.cases)
        splits.push_back(splitOf.at(entry.patient));
    return splits;
}

} // namespace consilium::tasks
