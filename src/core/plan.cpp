// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan.h"

#include "core/hash.h"
#include "core/plan_check.h"
#include "core/plan_setting.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <set>

namespace consilium {

namespace {

/// Shows every key of a plan to `fields`, which reads or writes it: the one list of the keys there are.
template <typename PlanType, typename Fields>
void visitPlan(PlanType &plan, Fields &fields)
{
    fields.required("format", plan.format);
    fields.required("task", plan.task);
    fields("seed", plan.seed);
    fields.section("data", [&data = plan.data](auto &f) {
        f("kind", data.kind);
        f.required("channels", data.channels);
        f("labels", data.labels);
        f("landmarks", data.landmarks);
    });
    fields.section("network", [&network = plan.network](auto &f) {
        f("kind", network.kind);
        f("dimensions", network.dimensions);
        f("features", network.features);
        f("deepSupervision", network.deepSupervision);
        f("strides", network.strides);
        f("kernels", network.kernels);
        f("blocks", network.blocks);
        f("stacks", network.stacks);
        f("module", network.module);
    });
    fields.section("preprocessing", [&preprocessing = plan.preprocessing](auto &f) {
        f("spacing", preprocessing.spacing);
        f("size", preprocessing.size);
        f("normalisation", preprocessing.normalisation);
        f("intensities", preprocessing.intensities);
    });
    fields.section("augmentation", [&augmentation = plan.augmentation](auto &f) {
        f("rotation", augmentation.rotation);
        f("scaling", augmentation.scaling);
        f("elastic", augmentation.elastic);
        f("mirror", augmentation.mirror);
        f("gamma", augmentation.gamma);
        f("brightness", augmentation.brightness);
        f("contrast", augmentation.contrast);
        f("noise", augmentation.noise);
        f("blur", augmentation.blur);
        f("lowResolution", augmentation.lowResolution);
        f("clahe", augmentation.clahe);
        f("dropout", augmentation.dropout);
    });
    fields.section("training", [&training = plan.training](auto &f) {
        f("epochsPerRound", training.epochsPerRound);
        f("batchesPerEpoch", training.batchesPerEpoch);
        f("epochLength", training.epochLength);
        f("batchSize", training.batchSize);
        f("patch", training.patch);
        f.section("optimizer", [&optimizer = training.optimizer](auto &o) {
            o("kind", optimizer.kind);
            o("lr", optimizer.lr);
            o("momentum", optimizer.momentum);
            o("nesterov", optimizer.nesterov);
            o("betas", optimizer.betas);
            o("weightDecay", optimizer.weightDecay);
        });
        f.section("schedule", [&schedule = training.schedule](auto &s) {
            s("kind", schedule.kind);
            s("power", schedule.power);
            s("epochs", schedule.epochs);
            s("factor", schedule.factor);
            s("milestones", schedule.milestones);
        });
        f("loss", training.loss);
        f("foreground", training.foreground);
        f("clipGradient", training.clipGradient);
        f("average", training.average);
        f("patience", training.patience);
        f("precision", training.precision);
        f("folds", training.folds);
    });
    fields.section("inference", [&inference = plan.inference](auto &f) {
        f("overlap", inference.overlap);
        f("mirror", inference.mirror);
    });
    fields.section("federation", [&federation = plan.federation](auto &f) {
        f.section("strategy", [&strategy = federation.strategy](auto &s) {
            s("kind", strategy.kind);
            s("weights", strategy.weights);
            s("serverLr", strategy.serverLr);
            s.section("serverSchedule", [&schedule = strategy.serverSchedule](auto &r) {
                r("kind", schedule.kind);
                r("rounds", schedule.rounds);
                r("factor", schedule.factor);
            });
            s("momentum", strategy.momentum);
            s("betas", strategy.betas);
            s("adaptivity", strategy.adaptivity);
            s("proximal", strategy.proximal);
            s("keepHome", strategy.keepHome);
            s("trim", strategy.trim);
            s("byzantine", strategy.byzantine);
            s("selected", strategy.selected);
            s("smoothing", strategy.smoothing);
            s("buffer", strategy.buffer);
            s("staleness", strategy.staleness);
            s("plugin", strategy.plugin);
            s("settings", strategy.settings);
        });
        f.section("updates", [&updates = federation.updates](auto &u) {
            u("content", updates.content);
            u("encoding", updates.encoding);
            u("share", updates.share);
            u("normLimit", updates.normLimit);
            u("overNorm", updates.overNorm);
        });
        f("rounds", federation.rounds);
        f("quorum", federation.quorum);
        f("idleLimitSeconds", federation.idleLimitSeconds);
    });
    fields.section("privacy", [&privacy = plan.privacy](auto &f) {
        f("clip", privacy.clip);
        f("noise", privacy.noise);
        f("secureAggregation", privacy.secureAggregation);
        f("minimumCases", privacy.minimumCases);
    });
    fields.section("evaluation", [&evaluation = plan.evaluation](auto &f) {
        f("everyRounds", evaluation.everyRounds);
        f("selectBest", evaluation.selectBest);
        f("patience", evaluation.patience);
        f("crossSite", evaluation.crossSite);
    });
}

bool fits(const Json &value, const std::string &)
{
    return value.is_string();
}
bool fits(const Json &value, bool)
{
    return value.is_boolean();
}
bool fits(const Json &value, double)
{
    return value.is_number();
}
bool fits(const Json &value, int)
{
    return value.is_number_integer() && std::abs(value.get<double>()) <= 2147483647.0;
}
bool fits(const Json &value, std::uint64_t)
{
    return value.is_number_unsigned() && value.get<double>() <= 9007199254740992.0;
}
template <typename T>
bool fits(const Json &value, const std::optional<T> &)
{
    return value.is_null() || fits(value, T{});
}
template <typename T, std::size_t N>
bool fits(const Json &value, const std::array<T, N> &)
{
    return value.is_array() && value.size() == N &&
           std::all_of(value.begin(), value.end(), [](const Json &v) { return fits(v, T{}); });
}
template <typename T>
bool fits(const Json &value, const std::vector<T> &)
{
    return value.is_array() && std::all_of(value.begin(), value.end(), [](const Json &v) { return fits(v, T{}); });
}

bool fits(const Json &value, const std::map<std::string, double> &)
{
    return value.is_object() && std::all_of(value.begin(), value.end(), [](const Json &v) { return v.is_number(); });
}

template <typename T>
void assign(T &field, const Json &value)
{
    field = value.get<T>();
}
template <typename T>
void assign(std::optional<T> &field, const Json &value)
{
    field = value.is_null() ? std::nullopt : std::optional<T>(value.get<T>());
}

template <typename T>
Json jsonOf(const T &field)
{
    return field;
}
template <typename T>
Json jsonOf(const std::optional<T> &field)
{
    return field ? Json(*field) : Json(nullptr);
}

/// Takes the keys of one JSON object into fields, remembering the first thing that is wrong and which keys were known.
class Reader
{
public:
    Reader(const Json &object, std::string path, std::optional<Error> &error)
        : m_object(object), m_path(std::move(path)), m_error(error)
    {
        if (!m_object.is_object())
            complain(m_path.empty() ? "The plan" : m_path, "must be an object");
    }

    ~Reader()
    {
        if (!m_object.is_object())
            return;
        for (const auto &item : m_object.items()) {
            if (!m_known.contains(item.key()))
                complain(fullName(item.key()), "is not a key of a plan");
        }
    }
    Reader(const Reader &) = delete;
    Reader &operator=(const Reader &) = delete;

    template <typename T>
    void operator()(const std::string &key, T &field)
    {
        const auto *value = find(key);
        if (!value)
            return;
        if (!fits(*value, field))
            complain(fullName(key), "has the wrong type: " + value->dump());
        else
            assign(field, *value);
    }

    template <typename T>
    void required(const std::string &key, T &field)
    {
        if (!find(key))
            complain(fullName(key), "is missing");
        (*this)(key, field);
    }

    template <typename Visit>
    void section(const std::string &key, Visit &&visit)
    {
        if (const auto *value = find(key)) {
            Reader inner(*value, fullName(key), m_error);
            visit(inner);
        }
    }

private:
    std::string fullName(const std::string &key) const { return m_path.empty() ? key : m_path + "." + key; }

    void complain(const std::string &key, const std::string &what)
    {
        if (!m_error)
            m_error = planKeyError(key, what);
    }

    const Json *find(const std::string &key)
    {
        m_known.insert(key);
        if (!m_object.is_object() || !m_object.contains(key))
            return nullptr;
        return &m_object.at(key);
    }

    const Json &m_object;
    std::string m_path;
    std::optional<Error> &m_error;
    std::set<std::string> m_known;
};

/// Puts fields into one JSON object.
class Writer
{
public:
    template <typename T>
    void operator()(const std::string &key, const T &field)
    {
        m_object[key] = jsonOf(field);
    }
    template <typename T>
    void required(const std::string &key, const T &field)
    {
        (*this)(key, field);
    }
    template <typename Visit>
    void section(const std::string &key, Visit &&visit)
    {
        Writer inner;
        visit(inner);
        m_object[key] = std::move(inner.m_object);
    }

    Json take() && { return std::move(m_object); }

private:
    Json m_object = Json::object();
};

} // namespace

Result<Plan> Plan::fromJson(const Json &json)
{
    Plan plan;
    std::optional<Error> error;
    {
        Reader reader(json, "", error);
        visitPlan(plan, reader);
    }
    if (!error)
        error = impossibleKey(plan);
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
    Writer writer;
    visitPlan(*this, writer);
    return std::move(writer).take();
}

std::string Plan::hash() const
{
    const auto canonical = canonicalJson(toJson());
    assert(canonical); // a validated plan holds finite numbers only
    return sha256Hex(*canonical);
}

Result<> Plan::set(const std::vector<std::pair<std::string, std::string>> &settings)
{
    Json json = toJson();
    for (const auto &[path, value] : settings) {
        if (auto applied = applySetting(json, path, value, UnknownKeys::Refused); !applied)
            return applied;
    }
    auto changed = fromJson(json);
    if (!changed)
        return fail(changed.error());
    *this = std::move(*changed);
    return {};
}

} // namespace consilium
