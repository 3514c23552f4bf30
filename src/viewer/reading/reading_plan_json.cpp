// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/reading/reading_plan.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace consilium::viewer {

namespace {

constexpr std::uint64_t kLargestSeed = (std::uint64_t{1} << 53) - 1;

/// Reads an object key by key, remembers the first fault and which keys nobody asked for.
class PlanObject
{
public:
    PlanObject(const Json &json, std::string where, std::optional<Error> &error)
        : m_json(json), m_where(std::move(where)), m_error(error)
    {
        if (!json.is_object())
            fault({}, "must be an object");
    }

    void text(const char *key, std::string &out, bool needed = false)
    {
        if (const Json *value = find(key, needed)) {
            if (!value->is_string() || (needed && value->get<std::string>().empty()))
                fault(key, "must be text");
            else
                out = value->get<std::string>();
        }
    }

    void flag(const char *key, bool &out)
    {
        if (const Json *value = find(key, false)) {
            if (value->is_boolean())
                out = value->get<bool>();
            else
                fault(key, "must be true or false");
        }
    }

    template <typename Value>
    void word(const char *key, Value &out, std::initializer_list<std::pair<const char *, Value>> words,
              bool needed = false)
    {
        const Json *value = find(key, needed);
        if (!value)
            return;
        std::string allowed;
        for (const auto &[name, meaning] : words) {
            if (*value == name) {
                out = meaning;
                return;
            }
            allowed += (allowed.empty() ? "" : ", ") + std::string(name);
        }
        fault(key, "must be one of " + allowed);
    }

    void texts(const char *key, std::vector<std::string> &out)
    {
        if (const Json *value = find(key, false))
            textsOf(key, *value, out);
    }

    void textsOf(const char *key, const Json &value, std::vector<std::string> &out)
    {
        std::set<std::string> seen;
        if (!value.is_array()) {
            fault(key, "must be a list of names");
            return;
        }
        for (const auto &entry : value) {
            if (!entry.is_string() || entry.get<std::string>().empty())
                fault(key, "must be a list of names");
            else if (!seen.insert(entry.get<std::string>()).second)
                fault(key, "names '" + entry.get<std::string>() + "' twice");
            else
                out.push_back(entry.get<std::string>());
        }
    }

    const Json *find(const char *key, bool needed)
    {
        m_known.insert(key);
        if (m_json.is_object() && m_json.contains(key))
            return &m_json.at(key);
        if (needed)
            fault(key, "is missing");
        return nullptr;
    }

    void refuseOthers()
    {
        if (!m_json.is_object())
            return;
        for (const auto &[key, value] : m_json.items())
            if (!m_known.contains(key))
                fault({}, "unknown key '" + key + "'");
    }

    void fault(const std::string &key, const std::string &what)
    {
        if (m_error)
            return;
        const std::string place = m_where + (m_where.empty() || key.empty() ? "" : ".") + key;
        m_error = Error{ErrorCode::Malformed, (place.empty() ? "reading plan" : place) + ": " + what, {}};
    }

private:
    const Json &m_json;
    std::string m_where;
    std::optional<Error> &m_error;
    std::set<std::string> m_known;
};

bool isId(const std::string &id)
{
    return !id.empty() && std::all_of(id.begin(), id.end(), [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

bool isLetterOrDigit(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

char upper(char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// All different, letters and digits.
bool areKeys(const std::string &keys)
{
    return std::set<char>(keys.begin(), keys.end()).size() == keys.size() &&
           std::all_of(keys.begin(), keys.end(), isLetterOrDigit);
}

void readItems(PlanObject &question, const Json &items, const std::string &where, std::vector<ChecklistItem> &out,
               std::optional<Error> &error)
{
    if (!items.is_array() || items.empty()) {
        question.fault("items", "must be a list of one item or more");
        return;
    }
    std::set<std::string> ids;
    std::string keys;
    for (std::size_t i = 0; i < items.size(); ++i) {
        PlanObject object(items[i], where + ".items[" + std::to_string(i) + "]", error);
        ChecklistItem &item = out.emplace_back();
        std::string key;
        object.text("id", item.id, true);
        object.text("text", item.text, true);
        object.text("key", key);
        object.refuseOthers();
        if (!isId(item.id) || !ids.insert(item.id).second)
            object.fault("id", "must be of letters a-z, digits, - and _, and no other item's");
        if (key.empty() && !item.text.empty())
            key = item.text.substr(0, 1);
        item.key = key.size() == 1 ? upper(key[0]) : '?';
        keys += item.key;
        if (!areKeys(keys))
            object.fault("key", "must be one letter or digit that no other item has");
    }
}

void readQuestion(const Json &json, std::size_t index, ReadingQuestion &question, std::optional<Error> &error)
{
    const std::string where = "questions[" + std::to_string(index) + "]";
    PlanObject object(json, where, error);
    object.text("id", question.id, true);
    if (!isId(question.id) || question.id == "comment")
        object.fault("id", "must be of letters a-z, digits, - and _, and not 'comment'");
    object.word<QuestionKind>("kind", question.kind,
                              {{"choice", QuestionKind::Choice},
                               {"likert", QuestionKind::Likert},
                               {"checklist", QuestionKind::Checklist},
                               {"text", QuestionKind::Text}},
                              true);
    object.text("text", question.text, true);
    object.flag("required", question.required);
    if (question.kind == QuestionKind::Choice) {
        object.word<QuestionScope>("per", question.scope, {{"case", QuestionScope::Case}});
    } else {
        object.word<QuestionScope>("per", question.scope,
                                   {{"case", QuestionScope::Case}, {"side", QuestionScope::Side}});
    }
    const bool scale = question.kind == QuestionKind::Likert;
    if (scale || question.kind == QuestionKind::Choice) {
        question.keys = scale ? "12345" : "123";
        object.text("keys", question.keys);
        std::transform(question.keys.begin(), question.keys.end(), question.keys.begin(), upper);
        if (question.keys.size() != (scale ? 5u : 3u) || !areKeys(question.keys))
            object.fault("keys", scale ? "must be five different letters or digits"
                                       : "must be three different letters or digits");
    }
    if (scale) {
        object.text("low", question.low, true);
        object.text("high", question.high, true);
    }
    if (question.kind == QuestionKind::Checklist) {
        object.flag("counts", question.counts);
        if (const Json *items = object.find("items", true))
            readItems(object, *items, where, question.items, error);
    }
    object.refuseOthers();
}

void readPairs(PlanObject &plan, const Json &pairs, ReadingPlan &out)
{
    if (!pairs.is_object()) {
        plan.fault("pairs", "must be an object of case ids");
        return;
    }
    for (const auto &[id, value] : pairs.items()) {
        std::vector<std::string> models;
        const std::string key = "pairs." + id;
        plan.textsOf(key.c_str(), value, models);
        if (models.size() == 2)
            out.pairs[id] = {models[0], models[1]};
        else
            plan.fault(key, "must be two different models");
    }
}

Json toJson(const ReadingQuestion &question)
{
    static const char *const kinds[] = {"choice", "likert", "checklist", "text"};
    Json json{{"id", question.id},
              {"kind", kinds[static_cast<int>(question.kind)]},
              {"text", question.text},
              {"per", question.scope == QuestionScope::Case ? "case" : "side"},
              {"required", question.required}};
    if (!question.keys.empty())
        json["keys"] = question.keys;
    if (question.kind == QuestionKind::Likert) {
        json["low"] = question.low;
        json["high"] = question.high;
    }
    if (question.kind == QuestionKind::Checklist) {
        json["counts"] = question.counts;
        for (const auto &item : question.items)
            json["items"].push_back({{"id", item.id}, {"text", item.text}, {"key", std::string(1, item.key)}});
    }
    return json;
}

} // namespace

Result<ReadingPlan> ReadingPlan::fromJson(const Json &json)
{
    ReadingPlan plan;
    std::optional<Error> error;
    PlanObject object(json, {}, error);
    object.text("title", plan.title, true);
    object.text("kind", plan.kind);
    if (const Json *cases = object.find("cases", false); cases && *cases != "all") {
        plan.allCases = false;
        object.textsOf("cases", *cases, plan.cases);
        if (plan.cases.empty())
            object.fault("cases", "must be \"all\" or a list of case ids");
    }
    object.texts("models", plan.models);
    object.word<Pairing>("pairing", plan.pairing, {{"rotate", Pairing::Rotate}, {"every", Pairing::Every}});
    if (const Json *pairs = object.find("pairs", false))
        readPairs(object, *pairs, plan);
    object.flag("blinded", plan.blinded);
    if (const Json *seed = object.find("seed", false)) {
        if (seed->is_number_integer() && *seed >= 0 && *seed <= kLargestSeed)
            plan.seed = seed->get<std::uint64_t>();
        else
            object.fault("seed", "must be a whole number, 0 to 2^53 - 1");
    }
    object.flag("orderPerReader", plan.orderPerReader);
    if (const Json *questions = object.find("questions", true)) {
        if (!questions->is_array() || questions->empty())
            object.fault("questions", "must be a list of one question or more");
        else
            for (std::size_t i = 0; i < questions->size(); ++i)
                readQuestion((*questions)[i], i, plan.questions.emplace_back(), error);
    }
    std::set<std::string> ids;
    for (std::size_t i = 0; i < plan.questions.size(); ++i)
        if (!ids.insert(plan.questions[i].id).second)
            object.fault("questions[" + std::to_string(i) + "].id", "another question has it");
    object.refuseOthers();
    if (error)
        return fail(std::move(*error));
    return plan;
}

Json ReadingPlan::toJson() const
{
    Json json{{"title", title},
              {"cases", "all"},
              {"models", models},
              {"pairing", pairing == Pairing::Rotate ? "rotate" : "every"},
              {"blinded", blinded},
              {"seed", seed},
              {"orderPerReader", orderPerReader},
              {"questions", Json::array()}};
    if (!kind.empty())
        json["kind"] = kind;
    if (!allCases)
        json["cases"] = cases;
    for (const auto &[id, pair] : pairs)
        json["pairs"][id] = {pair.first, pair.second};
    for (const auto &question : questions)
        json["questions"].push_back(viewer::toJson(question));
    return json;
}

} // namespace consilium::viewer
