// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/reading/reading_plan.h"

#include "core/hash.h"

#include <algorithm>
#include <set>

namespace consilium::viewer {

namespace fs = std::filesystem;

Result<ReadingPlan> readReadingPlan(const fs::path &file)
{
    const auto json = readJson(file);
    if (!json)
        return fail(json.error());
    auto plan = ReadingPlan::fromJson(*json);
    if (!plan)
        return fail(plan.error(), "{}", file.string());
    return plan;
}

Result<std::vector<ReadingPlan>> readingPlansIn(const fs::path &folder)
{
    std::error_code error;
    std::set<fs::path> files;
    if (!fs::is_directory(folder, error))
        return std::vector<ReadingPlan>{};
    for (const auto &entry : fs::directory_iterator(folder, error))
        if (entry.path().extension() == ".json")
            files.insert(entry.path());
    if (error)
        return fail(ErrorCode::Io, "{} could not be read: {}", folder.string(), error.message());
    std::vector<ReadingPlan> plans;
    for (const auto &file : files) {
        auto plan = readReadingPlan(file);
        if (!plan)
            return fail(plan.error());
        plans.push_back(std::move(*plan));
    }
    return plans;
}

Result<ReadingPlan> resolved(ReadingPlan plan, std::span<const std::string> available)
{
    const auto holds = [](const auto &names, const std::string &name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (plan.models.size() < 2)
        return fail(ErrorCode::Invalid, "A reading session compares two models or more");
    if (plan.allCases) {
        plan.cases.assign(available.begin(), available.end());
        plan.allCases = false;
    }
    if (plan.cases.empty())
        return fail(ErrorCode::Invalid, "The reading plan '{}' has no cases to read", plan.title);
    for (const auto &id : plan.cases)
        if (!available.empty() && !holds(available, id))
            return fail(ErrorCode::NotFound, "The reading plan '{}' asks for {}, which the study does not have",
                        plan.title, id);
    for (const auto &[id, pair] : plan.pairs) {
        if (!holds(plan.cases, id))
            return fail(ErrorCode::Invalid, "pairs: {} is none of the plan's cases", id);
        for (const auto &model : {pair.first, pair.second})
            if (!holds(plan.models, model))
                return fail(ErrorCode::Invalid, "pairs.{}: '{}' is none of the plan's models", id, model);
    }
    return plan;
}

Result<std::string> planHash(const ReadingPlan &plan)
{
    const auto text = canonicalJson(plan.toJson());
    if (!text)
        return fail(text.error());
    return sha256Hex(*text);
}

std::vector<ReadingStep> steps(const ReadingPlan &plan)
{
    std::vector<ReadingStep> all;
    for (std::size_t i = 0; i < plan.questions.size(); ++i) {
        if (plan.questions[i].scope == QuestionScope::Case) {
            all.push_back({i, std::nullopt});
        } else {
            all.push_back({i, Side::Left});
            all.push_back({i, Side::Right});
        }
    }
    return all;
}

std::string answerKey(const ReadingPlan &plan, const ReadingStep &step)
{
    const std::string &id = plan.questions.at(step.question).id;
    return step.side ? id + (*step.side == Side::Left ? ".left" : ".right") : id;
}

} // namespace consilium::viewer
