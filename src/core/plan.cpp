// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan.h"

#include "core/hash.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <set>

namespace consilium {

namespace {

/// Takes the keys of one JSON object into fields, remembering the first thing that is wrong and which keys were known.
class Fields
{
public:
    Fields(const Json &object, std::string path, std::optional<Error> &error)
        : m_object(object), m_path(std::move(path)), m_error(error)
    {
        if (!m_object.is_object())
            complain(m_path.empty() ? "The plan" : m_path, "must be an object");
    }

    ~Fields()
    {
        if (!m_object.is_object())
            return;
        for (const auto &item : m_object.items()) {
            if (!m_known.contains(item.key()))
                complain(fullName(item.key()), "is not a key of a plan");
        }
    }
    Fields(const Fields &) = delete;
    Fields &operator=(const Fields &) = delete;

    template <typename T>
    void take(const std::string &key, T &field, bool required = false)
    {
        const auto *value = find(key);
        if (!value) {
            if (required)
                complain(fullName(key), "is missing");
            return;
        }
        if (!fits(*value, field))
            complain(fullName(key), "has the wrong type: " + value->dump());
        else
            field = value->get<T>();
    }

    void take(const std::string &key, std::optional<double> &field)
    {
        if (const auto *value = find(key)) {
            if (value->is_null())
                field.reset();
            else if (value->is_number())
                field = value->get<double>();
            else
                complain(fullName(key), "must be a number or null");
        }
    }

    /// The object under `key`, or nullptr.
    const Json *section(const std::string &key) { return find(key); }
    std::string fullName(const std::string &key) const { return m_path.empty() ? key : m_path + "." + key; }

    void complain(const std::string &key, const std::string &what)
    {
        if (!m_error)
            m_error =
                Error{ErrorCode::Invalid, fmt::format("Plan key '{}' {}", key, what), "Correct that key in the plan"};
    }

private:
    const Json *find(const std::string &key)
    {
        m_known.insert(key);
        if (!m_object.is_object() || !m_object.contains(key))
            return nullptr;
        return &m_object.at(key);
    }

    static bool fits(const Json &value, const std::string &) { return value.is_string(); }
    static bool fits(const Json &value, bool) { return value.is_boolean(); }
    static bool fits(const Json &value, double) { return value.is_number(); }
    static bool fits(const Json &value, int)
    {
        return value.is_number_integer() && std::abs(value.get<double>()) <= 2147483647.0;
    }
    static bool fits(const Json &value, std::uint64_t)
    {
        return value.is_number_unsigned() && value.get<double>() <= 9007199254740992.0;
    }
    template <typename T>
    static bool fits(const Json &value, const std::vector<T> &)
    {
        return value.is_array() && std::all_of(value.begin(), value.end(), [](const Json &v) { return fits(v, T{}); });
    }
    template <typename T, std::size_t N>
    static bool fits(const Json &value, const std::array<T, N> &)
    {
        return value.is_array() && value.size() == N &&
               std::all_of(value.begin(), value.end(), [](const Json &v) { return fits(v, T{}); });
    }

    const Json &m_object;
    std::string m_path;
    std::optional<Error> &m_error;
    std::set<std::string> m_known;
};

/// Which values are possible, key by key.
std::optional<Error> impossible(const Plan &plan)
{
    std::optional<Error> error;
    const auto require = [&error](bool possible, const char *key, const std::string &what) {
        if (!possible && !error)
            error =
                Error{ErrorCode::Invalid, fmt::format("Plan key '{}' {}", key, what), "Correct that key in the plan"};
    };
    const auto oneOf = [](const std::string &value, std::initializer_list<const char *> allowed) {
        return std::any_of(allowed.begin(), allowed.end(), [&](const char *word) { return value == word; });
    };
    const auto positive = [](const auto &values) {
        return !values.empty() && std::all_of(values.begin(), values.end(), [](auto v) { return v > 0; });
    };
    const auto &[format, task, seed, data, network, preprocessing, augmentation, training, federation, privacy,
                 evaluation] = plan;
    require(format == 1, "format", fmt::format("is {}; this program knows format 1", format));
    require(!task.empty(), "task", "must name a task");
    require(!data.channels.empty(), "data.channels", "must name at least one channel");
    require(data.labels.size() >= 2 && data.labels.size() <= 256, "data.labels",
            "must name the background and 1 to 255 labels");
    require(oneOf(network.kind, {"unet"}), "network.kind",
            fmt::format("'{}' is not a network this program has: unet", network.kind));
    require(network.dimensions == 2 || network.dimensions == 3, "network.dimensions", "must be 2 or 3");
    require(positive(network.features) && network.features.size() <= 8, "network.features",
            "must be 1 to 8 positive numbers");
    require(positive(preprocessing.spacing), "preprocessing.spacing", "must be three positive numbers");
    require(preprocessing.normalisation.size() == data.channels.size(), "preprocessing.normalisation",
            "must have one entry for each channel");
    for (const auto &scheme : preprocessing.normalisation)
        require(oneOf(scheme, {"zscore", "none"}), "preprocessing.normalisation",
                fmt::format("'{}' is not one of zscore, none", scheme));
    require(augmentation.rotation >= 0 && augmentation.rotation <= 180, "augmentation.rotation",
            "must be 0 to 180 degrees");
    require(augmentation.scaling[0] > 0 && augmentation.scaling[0] <= augmentation.scaling[1], "augmentation.scaling",
            "must be two positive numbers in rising order");
    require(augmentation.gamma[0] > 0 && augmentation.gamma[0] <= augmentation.gamma[1], "augmentation.gamma",
            "must be two positive numbers in rising order");
    for (const auto axis : augmentation.mirror)
        require(axis >= 0 && axis < network.dimensions, "augmentation.mirror",
                "must name axes of the network's dimensions");
    require(augmentation.noise >= 0, "augmentation.noise", "must not be negative");
    require(training.epochsPerRound > 0, "training.epochsPerRound", "must be positive");
    require(training.batchesPerEpoch > 0, "training.batchesPerEpoch", "must be positive");
    require(training.batchSize > 0, "training.batchSize", "must be positive");
    require(positive(training.patch) && static_cast<int>(training.patch.size()) == network.dimensions, "training.patch",
            "must have one positive size for each dimension of the network");
    if (!error) {
        const int divisor = 1 << (network.features.size() - 1);
        for (const auto extent : training.patch)
            require(extent % divisor == 0, "training.patch",
                    fmt::format("must be divisible by {}, for a network with {} resolutions", divisor,
                                network.features.size()));
    }
    require(oneOf(training.optimizer.kind, {"sgd", "adamw"}), "training.optimizer.kind",
            fmt::format("'{}' is not one of sgd, adamw", training.optimizer.kind));
    require(training.optimizer.lr > 0 && std::isfinite(training.optimizer.lr), "training.optimizer.lr",
            "must be positive");
    require(training.optimizer.momentum >= 0 && training.optimizer.momentum < 1, "training.optimizer.momentum",
            "must be 0 to below 1");
    require(training.optimizer.weightDecay >= 0, "training.optimizer.weightDecay", "must not be negative");
    require(oneOf(training.scheduleKind, {"poly", "constant"}), "training.schedule.kind",
            fmt::format("'{}' is not one of poly, constant", training.scheduleKind));
    require(training.schedulePower > 0, "training.schedule.power", "must be positive");
    require(oneOf(training.loss, {"dice+ce", "dice"}), "training.loss",
            fmt::format("'{}' is not one of dice+ce, dice", training.loss));
    require(training.foreground >= 0 && training.foreground <= 1, "training.foreground", "must be 0 to 1");
    require(oneOf(federation.strategy, {"fedavg"}), "federation.strategy.kind",
            fmt::format("'{}' is not one of fedavg", federation.strategy));
    require(federation.rounds > 0, "federation.rounds", "must be positive");
    require(federation.quorum > 0, "federation.quorum", "must be positive");
    require(federation.idleLimitSeconds > 0, "federation.idleLimitSeconds", "must be positive");
    require(!privacy.clip, "privacy.clip", "is not available in this version; leave it null");
    require(!privacy.noise, "privacy.noise", "is not available in this version; leave it null");
    require(!privacy.secureAggregation, "privacy.secureAggregation",
            "is not available in this version; leave it false");
    require(privacy.minimumCases >= 0, "privacy.minimumCases", "must not be negative");
    require(evaluation.everyRounds > 0, "evaluation.everyRounds", "must be positive");
    require(oneOf(evaluation.selectBest, {"validation", "last"}), "evaluation.selectBest",
            fmt::format("'{}' is not one of validation, last", evaluation.selectBest));
    return error;
}

} // namespace

Result<Plan> Plan::fromJson(const Json &json)
{
    Plan plan;
    std::optional<Error> error;
    {
        Fields top(json, "", error);
        top.take("format", plan.format, true);
        top.take("task", plan.task, true);
        top.take("seed", plan.seed);
        if (const auto *section = top.section("data")) {
            Fields f(*section, "data", error);
            f.take("kind", plan.data.kind);
            f.take("channels", plan.data.channels, true);
            f.take("labels", plan.data.labels, true);
        }
        if (const auto *section = top.section("network")) {
            Fields f(*section, "network", error);
            f.take("kind", plan.network.kind);
            f.take("dimensions", plan.network.dimensions);
            f.take("features", plan.network.features);
            f.take("deepSupervision", plan.network.deepSupervision);
        }
        if (const auto *section = top.section("preprocessing")) {
            Fields f(*section, "preprocessing", error);
            f.take("spacing", plan.preprocessing.spacing);
            f.take("normalisation", plan.preprocessing.normalisation);
        }
        if (const auto *section = top.section("augmentation")) {
            Fields f(*section, "augmentation", error);
            f.take("rotation", plan.augmentation.rotation);
            f.take("scaling", plan.augmentation.scaling);
            f.take("mirror", plan.augmentation.mirror);
            f.take("gamma", plan.augmentation.gamma);
            f.take("noise", plan.augmentation.noise);
        }
        if (const auto *section = top.section("training")) {
            Fields f(*section, "training", error);
            auto &training = plan.training;
            f.take("epochsPerRound", training.epochsPerRound);
            f.take("batchesPerEpoch", training.batchesPerEpoch);
            f.take("batchSize", training.batchSize);
            f.take("patch", training.patch);
            if (const auto *optimizer = f.section("optimizer")) {
                Fields o(*optimizer, "training.optimizer", error);
                o.take("kind", training.optimizer.kind);
                o.take("lr", training.optimizer.lr);
                o.take("momentum", training.optimizer.momentum);
                o.take("nesterov", training.optimizer.nesterov);
                o.take("weightDecay", training.optimizer.weightDecay);
            }
            if (const auto *schedule = f.section("schedule")) {
                Fields s(*schedule, "training.schedule", error);
                s.take("kind", training.scheduleKind);
                s.take("power", training.schedulePower);
            }
            f.take("loss", training.loss);
            f.take("foreground", training.foreground);
        }
        if (const auto *section = top.section("federation")) {
            Fields f(*section, "federation", error);
            if (const auto *strategy = f.section("strategy")) {
                Fields s(*strategy, "federation.strategy", error);
                s.take("kind", plan.federation.strategy);
            }
            f.take("rounds", plan.federation.rounds);
            f.take("quorum", plan.federation.quorum);
            f.take("idleLimitSeconds", plan.federation.idleLimitSeconds);
        }
        if (const auto *section = top.section("privacy")) {
            Fields f(*section, "privacy", error);
            f.take("clip", plan.privacy.clip);
            f.take("noise", plan.privacy.noise);
            f.take("secureAggregation", plan.privacy.secureAggregation);
            f.take("minimumCases", plan.privacy.minimumCases);
        }
        if (const auto *section = top.section("evaluation")) {
            Fields f(*section, "evaluation", error);
            f.take("everyRounds", plan.evaluation.everyRounds);
            f.take("selectBest", plan.evaluation.selectBest);
        }
    }
    if (!error)
        error = impossible(plan);
    if (error)
        return fail(std::move(*error));
    return plan;
}

Result<Plan> Plan::read(const std::filesystem::path &file)
{
    const auto json = readJson(file);
    if (!json)
        return fail(json.error());
    auto plan = fromJson(*json);
    if (!plan)
        return fail(plan.error(), "{}", file.string());
    return plan;
}

Json Plan::toJson() const
{
    const auto orNull = [](const std::optional<double> &value) { return value ? Json(*value) : Json(nullptr); };
    return {
        {"format", format},
        {"task", task},
        {"seed", seed},
        {"data", {{"kind", data.kind}, {"channels", data.channels}, {"labels", data.labels}}},
        {"network",
         {{"kind", network.kind},
          {"dimensions", network.dimensions},
          {"features", network.features},
          {"deepSupervision", network.deepSupervision}}},
        {"preprocessing", {{"spacing", preprocessing.spacing}, {"normalisation", preprocessing.normalisation}}},
        {"augmentation",
         {{"rotation", augmentation.rotation},
          {"scaling", augmentation.scaling},
          {"mirror", augmentation.mirror},
          {"gamma", augmentation.gamma},
          {"noise", augmentation.noise}}},
        {"training",
         {{"epochsPerRound", training.epochsPerRound},
          {"batchesPerEpoch", training.batchesPerEpoch},
          {"batchSize", training.batchSize},
          {"patch", training.patch},
          {"optimizer",
           {{"kind", training.optimizer.kind},
            {"lr", training.optimizer.lr},
            {"momentum", training.optimizer.momentum},
            {"nesterov", training.optimizer.nesterov},
            {"weightDecay", training.optimizer.weightDecay}}},
          {"schedule", {{"kind", training.scheduleKind}, {"power", training.schedulePower}}},
          {"loss", training.loss},
          {"foreground", training.foreground}}},
        {"federation",
         {{"strategy", {{"kind", federation.strategy}}},
          {"rounds", federation.rounds},
          {"quorum", federation.quorum},
          {"idleLimitSeconds", federation.idleLimitSeconds}}},
        {"privacy",
         {{"clip", orNull(privacy.clip)},
          {"noise", orNull(privacy.noise)},
          {"secureAggregation", privacy.secureAggregation},
          {"minimumCases", privacy.minimumCases}}},
        {"evaluation", {{"everyRounds", evaluation.everyRounds}, {"selectBest", evaluation.selectBest}}},
    };
}

std::string Plan::hash() const
{
    const auto canonical = canonicalJson(toJson());
    assert(canonical); // a validated plan holds finite numbers only
    return sha256Hex(*canonical);
}

Result<> Plan::set(const std::string &path, const std::string &value)
{
    Json json = toJson();
    Json *node = &json;
    for (std::size_t begin = 0; begin <= path.size();) {
        const auto end = std::min(path.find('.', begin), path.size());
        const auto key = path.substr(begin, end - begin);
        if (!node->is_object() || !node->contains(key))
            return fail(ErrorCode::Invalid, "Plan key '{}' is not a key of a plan", path);
        node = &(*node)[key];
        begin = end + 1;
    }
    const auto parsed = Json::parse(value, nullptr, false);
    *node = parsed.is_discarded() ? Json(value) : parsed;
    auto changed = fromJson(json);
    if (!changed)
        return fail(changed.error());
    *this = std::move(*changed);
    return {};
}

} // namespace consilium
