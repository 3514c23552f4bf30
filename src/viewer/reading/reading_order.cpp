// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/reading/reading_order.h"

#include "core/hash.h"
#include "core/random.h"

#include <algorithm>
#include <numeric>

namespace consilium::viewer {

namespace {

template <typename Value>
void shuffle(std::vector<Value> &values, Random &random)
{
    for (std::size_t i = values.size(); i-- > 1;)
        std::swap(values[i], values[random.below(i + 1)]);
}

using ModelPair = std::pair<int, int>;

ModelPair pairOf(const ReadingPlan &plan, const std::pair<std::string, std::string> &names)
{
    const auto index = [&](const std::string &name) {
        return static_cast<int>(std::find(plan.models.begin(), plan.models.end(), name) - plan.models.begin());
    };
    return std::minmax({index(names.first), index(names.second)});
}

} // namespace

std::vector<ReadingItem> readingOrder(const ReadingPlan &plan, const std::string &reader)
{
    Random random(plan.orderPerReader ? derivedSeed(plan.seed, reader) : plan.seed);
    std::vector<ModelPair> pairs;
    for (int a = 0; a < static_cast<int>(plan.models.size()); ++a)
        for (int b = a + 1; b < static_cast<int>(plan.models.size()); ++b)
            pairs.emplace_back(a, b);

    std::vector<std::size_t> order(plan.cases.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    shuffle(order, random);

    std::vector<ReadingItem> items;
    const std::size_t rounds = plan.pairing == Pairing::Every ? pairs.size() : 1;
    for (std::size_t round = 0; round < rounds; ++round) {
        for (std::size_t i = 0; i < order.size(); ++i) {
            const std::string &id = plan.cases[order[i]];
            const auto own = plan.pairs.find(id);
            if (own != plan.pairs.end() && round > 0)
                continue;
            const std::size_t turn = plan.pairing == Pairing::Every ? i + round : order[i];
            const auto [left, right] = own != plan.pairs.end() ? pairOf(plan, own->second) : pairs[turn % pairs.size()];
            items.push_back({id, left, right});
        }
    }

    const std::vector<ReadingItem> unturned = items;
    for (const auto &pair : pairs) {
        std::vector<std::size_t> shown;
        for (std::size_t i = 0; i < items.size(); ++i)
            if (ModelPair(unturned[i].left, unturned[i].right) == pair)
                shown.push_back(i);
        if (shown.empty())
            continue;
        std::vector<int> turned(shown.size(), 0);
        const std::size_t more = shown.size() % 2 == 1 ? random.below(std::size_t{2}) : 0;
        std::fill_n(turned.begin(), shown.size() / 2 + more, 1);
        shuffle(turned, random);
        for (std::size_t i = 0; i < shown.size(); ++i)
            if (turned[i])
                std::swap(items[shown[i]].left, items[shown[i]].right);
    }
    return items;
}

} // namespace consilium::viewer
