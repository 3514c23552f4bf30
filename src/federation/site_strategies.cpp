// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/headline_metric.h"
#include "core/name_pattern.h"
#include "federation/site_strategy.h"

#include <algorithm>
#include <cstring>

namespace consilium::federation {

namespace {

bool isControl(const Tensor &tensor)
{
    return tensor.info.name.starts_with(controlPrefix);
}

std::string controlName(const std::string &name)
{
    return std::string(controlPrefix) + name;
}

/// Calls `work` with a value of the tensor's type; only these two are trained by gradients.
template <typename Work>
bool withFloats(DType type, Work &&work)
{
    if (type == DType::F32)
        work(float{});
    else if (type == DType::F64)
        work(double{});
    return type == DType::F32 || type == DType::F64;
}

template <typename T>
T valueAt(const Tensor *tensor, std::size_t index)
{
    T value{};
    if (tensor)
        std::memcpy(&value, tensor->values.data() + index * sizeof(T), sizeof(T));
    return value;
}

template <typename T>
void setValueAt(Tensor &tensor, std::size_t index, double value)
{
    const auto narrow = static_cast<T>(value);
    std::memcpy(tensor.values.data() + index * sizeof(T), &narrow, sizeof(T));
}

/// Training with a proximal term to the global model (Li et al. 2020, FedProx).
class FedProxSite : public SiteStrategy
{
public:
    using SiteStrategy::SiteStrategy;

protected:
    Result<SiteTraining> train(const Round &round, ModelState &) const override
    {
        return trained(round, {.start = round.start,
                               .round = round.number,
                               .proximal = m_plan.federation.strategy.proximal,
                               .progress = round.progress});
    }
};

/// Reports how well the trained model does on the validation cases here, which decides its weight.
class ValidationWeightedSite : public SiteStrategy
{
public:
    using SiteStrategy::SiteStrategy;

protected:
    Result<SiteTraining> train(const Round &round, ModelState &keeps) const override
    {
        auto training = SiteStrategy::train(round, keeps);
        if (!training)
            return training;
        const auto evaluation = round.trainer.evaluate(training->update, "validation");
        if (!evaluation)
            return fail(evaluation.error());
        for (const auto &[name, value] : evaluation->metrics) {
            const auto *number = std::get_if<double>(&value);
            if (evaluation->cases > 0 && number && isHeadline(name))
                training->score = *number;
        }
        return training;
    }
};

/// Normalisation layers, or whatever tensors the plan names, stay at the site (Li et al. 2021, FedBN).
class FedBnSite : public SiteStrategy
{
public:
    using SiteStrategy::SiteStrategy;

protected:
    bool staysHome(const Tensor &tensor) const
    {
        return matchesAnyPattern(tensor.info.name, m_plan.federation.strategy.keepHome);
    }

    void bringHome(ModelState &model, const ModelState &kept) const override
    {
        SiteStrategy::bringHome(model, kept);
        for (auto &tensor : model.tensors) {
            const auto *own = staysHome(tensor) ? kept.find(tensor.info.name) : nullptr;
            if (own)
                tensor = *own;
        }
    }

    std::optional<ModelState> personal(const ModelState &sent, const ModelState &kept) const override
    {
        if (kept.tensors.empty())
            return std::nullopt;
        auto model = sent;
        bringHome(model, kept);
        return model;
    }

    Result<SiteTraining> train(const Round &round, ModelState &keeps) const override
    {
        // What stays home is known before the training: hours are not to be spent on a pattern that was misspelt.
        const auto home = std::ranges::count_if(round.start.tensors, [this](const auto &t) { return staysHome(t); });
        if (home == 0 || home == std::ssize(round.start.tensors))
            return failWithHint(ErrorCode::Invalid, "Name the normalisation layers of this plan's network",
                                "{} tensor of the model matches the plan's federation.strategy.keepHome, {}",
                                home == 0 ? "No" : "Every", fmt::join(m_plan.federation.strategy.keepHome, ", "));
        auto training = SiteStrategy::train(round, keeps);
        if (!training)
            return training;
        auto &tensors = training->update.tensors;
        const auto homeBegins = std::stable_partition(tensors.begin(), tensors.end(),
                                                      [this](const Tensor &tensor) { return !staysHome(tensor); });
        keeps.tensors.assign(std::make_move_iterator(homeBegins), std::make_move_iterator(tensors.end()));
        tensors.erase(homeBegins, tensors.end());
        return training;
    }
};

/// Control variates (Karimireddy et al. 2020, SCAFFOLD, algorithm 1 with option II). The host's come with the model; a
/// model that comes with none, or a site that has none yet, has zeros.
class ScaffoldSite : public SiteStrategy
{
public:
    using SiteStrategy::SiteStrategy;

protected:
    Result<SiteTraining> train(const Round &round, ModelState &keeps) const override
    {
        auto correction = correctionOf(round);
        if (!correction)
            return fail(correction.error());
        LocalUpdate whole;
        auto training = trained(
            round,
            {.start = round.start, .round = round.number, .correction = &*correction, .progress = round.progress},
            &whole);
        if (!training)
            return training;
        for (const auto &step : correction->tensors) {
            const auto &name = step.info.name;
            const auto *start = round.start.find(name), *end = whole.model.find(name);
            if (!end || end->info != start->info)
                return fail(ErrorCode::Invalid, "The trained model lacks the tensor {}, or has it in another shape",
                            name);
            const auto *global = round.sent.find(controlName(name)), *own = round.kept.find(controlName(name));
            Tensor change{{controlName(name), step.info.dtype, step.info.shape}, step.values}, kept = change;
            withFloats(step.info.dtype, [&](auto type) {
                using T = decltype(type);
                for (std::size_t i = 0; i < step.values.size() / sizeof(T); ++i) {
                    const double moved = double{valueAt<T>(start, i)} - double{valueAt<T>(end, i)};
                    const double before = valueAt<T>(own, i), c = valueAt<T>(global, i);
                    // Without a step that moved anything there is no gradient to tell of.
                    const double after =
                        whole.learningRateSum > 0 ? before - c + moved / whole.learningRateSum : before;
                    setValueAt<T>(kept, i, after);
                    setValueAt<T>(change, i, double{valueAt<T>(&kept, i)} - before);
                }
            });
            keeps.tensors.push_back(std::move(kept));
            training->update.tensors.push_back(std::move(change));
        }
        return training;
    }

private:
    /// c - c_i by the model's names: of the tensors that the host has control variates of, and of all of floating point
    /// where it sent none.
    Result<ModelState> correctionOf(const Round &round) const
    {
        const bool given = std::ranges::any_of(round.sent.tensors, isControl);
        ModelState correction;
        for (const auto &tensor : round.start.tensors) {
            const auto name = controlName(tensor.info.name);
            const auto *global = round.sent.find(name), *own = round.kept.find(name);
            if (given && !global)
                continue;
            for (const auto *control : {global, own}) {
                if (control && (control->info.shape != tensor.info.shape || control->info.dtype != tensor.info.dtype ||
                                control->values.size() != tensor.values.size()))
                    return fail(ErrorCode::Invalid, "The control variate of {} has another shape or type than it",
                                tensor.info.name);
            }
            Tensor difference{tensor.info, tensor.values};
            const bool floats = withFloats(tensor.info.dtype, [&](auto type) {
                using T = decltype(type);
                for (std::size_t i = 0; i < tensor.values.size() / sizeof(T); ++i)
                    setValueAt<T>(difference, i, double{valueAt<T>(global, i)} - double{valueAt<T>(own, i)});
            });
            if (floats)
                correction.tensors.push_back(std::move(difference));
        }
        return correction;
    }
};

/// A personal model beside the global one, held to it by a proximal term (Li et al. 2021, Ditto, algorithm 1).
class DittoSite : public SiteStrategy
{
public:
    using SiteStrategy::SiteStrategy;

protected:
    std::optional<ModelState> personal(const ModelState &, const ModelState &kept) const override
    {
        return kept.tensors.empty() ? std::nullopt : std::optional(kept);
    }

    Result<SiteTraining> train(const Round &round, ModelState &keeps) const override
    {
        LocalProgress first;
        const auto half = [&](bool second) {
            return [&, second](LocalProgress now) {
                if (second) {
                    now.epoch += first.epochs;
                    now.step += first.steps;
                } else {
                    first = now;
                }
                now.epochs += second ? first.epochs : now.epochs;
                now.steps += second ? first.steps : now.steps;
                return !round.progress || round.progress(now);
            };
        };
        auto training = trained(round, {.start = round.start, .round = round.number, .progress = half(false)});
        if (!training)
            return training;
        const auto &before = round.kept.tensors.empty() ? round.start : round.kept;
        auto own = round.trainer.fit({.start = before,
                                      .round = round.number,
                                      .proximal = m_plan.federation.strategy.proximal,
                                      .anchor = &round.start,
                                      .purpose = "personal",
                                      .progress = half(true)});
        if (!own)
            return fail(own.error(), "The site's own model");
        keeps = std::move(own->model);
        return training;
    }
};

/// What the sites have no part in.
class PlainSite : public SiteStrategy
{
public:
    using SiteStrategy::SiteStrategy;
};

} // namespace

std::unique_ptr<SiteStrategy> SiteStrategy::create(const Plan &plan, std::filesystem::path folder)
{
    const auto &kind = plan.federation.strategy.kind;
    folder /= "strategy";
    if (kind == "fedprox")
        return std::make_unique<FedProxSite>(plan, std::move(folder));
    if (kind == "validation-weighted")
        return std::make_unique<ValidationWeightedSite>(plan, std::move(folder));
    if (kind == "fedbn")
        return std::make_unique<FedBnSite>(plan, std::move(folder));
    if (kind == "scaffold")
        return std::make_unique<ScaffoldSite>(plan, std::move(folder));
    if (kind == "ditto")
        return std::make_unique<DittoSite>(plan, std::move(folder));
    return std::make_unique<PlainSite>(plan, std::move(folder));
}

} // namespace consilium::federation
