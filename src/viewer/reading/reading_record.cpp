// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/reading/reading_record.h"

#include "viewer/cases/paths.h"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace consilium::viewer {

namespace fs = std::filesystem;

namespace {

constexpr int kFormat = 1;
constexpr const char *kChoices[] = {"left", "right", "equal"};
constexpr const char *kPlanEnding = ".plan.json";
constexpr const char *kRecordEnding = ".json";

bool endsWith(const std::string &text, const std::string &ending)
{
    return text.size() > ending.size() && text.ends_with(ending);
}

} // namespace

Json toJson(const Answer &answer)
{
    return std::visit(
        [](const auto &value) -> Json {
            if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Choice>)
                return kChoices[static_cast<int>(value)];
            else if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Checked>)
                return value.empty() ? Json::object() : Json(value);
            else
                return value;
        },
        answer);
}

Result<> checkAnswer(const ReadingQuestion &question, const Answer &answer)
{
    const auto wrong = [&] {
        return fail(ErrorCode::Invalid, "{}: this is no answer to '{}'", question.id, question.text);
    };
    if (answer.index() != static_cast<std::size_t>(question.kind))
        return wrong();
    if (const int *grade = std::get_if<int>(&answer); grade && (*grade < 1 || *grade > 5))
        return wrong();
    if (const auto *checked = std::get_if<Checked>(&answer)) {
        for (const auto &[id, count] : *checked) {
            const bool known = std::any_of(question.items.begin(), question.items.end(),
                                           [&id = id](const ChecklistItem &item) { return item.id == id; });
            if (!known || count < 1 || (!question.counts && count > 1))
                return wrong();
        }
    }
    return {};
}

Result<Answer> answerFromJson(const ReadingQuestion &question, const Json &json)
{
    std::optional<Answer> answer;
    if (question.kind == QuestionKind::Choice && json.is_string()) {
        for (int i = 0; i < 3; ++i)
            if (json == kChoices[i])
                answer = static_cast<Choice>(i);
    } else if (question.kind == QuestionKind::Likert && json.is_number_integer()) {
        answer = json.get<int>();
    } else if (question.kind == QuestionKind::Text && json.is_string()) {
        answer = json.get<std::string>();
    } else if (question.kind == QuestionKind::Checklist && json.is_object() &&
               std::all_of(json.begin(), json.end(), [](const Json &count) { return count.is_number_integer(); })) {
        answer = json.get<Checked>();
    }
    if (!answer || !checkAnswer(question, *answer))
        return fail(ErrorCode::Malformed, "{}: {} is no answer to '{}'", question.id, json.dump(), question.text);
    return *answer;
}

Json ReadingRecord::toJson() const
{
    Json json{{"format", kFormat},    {"session", session},    {"reader", reader},     {"plan", plan.toJson()},
              {"planHash", planHash}, {"begun", toIso(begun)}, {"sequence", sequence}, {"current", current},
              {"finished", finished}, {"unblinded", unblinded}};
    Json &all = json["readings"] = Json::array();
    for (const Reading &reading : readings) {
        Json entry{{"case", reading.item.caseId},          {"left", reading.item.left},
                   {"right", reading.item.right},          {"done", reading.done},
                   {"milliseconds", reading.time.count()}, {"answers", Json::object()}};
        for (const auto &[key, answer] : reading.answers)
            entry["answers"][key] = viewer::toJson(answer);
        if (!reading.comment.empty())
            entry["comment"] = reading.comment;
        for (const Correction &correction : reading.corrections)
            entry["corrections"].push_back({{"question", correction.key},
                                            {"was", correction.was ? viewer::toJson(*correction.was) : Json()},
                                            {"at", toIso(correction.at)}});
        all.push_back(std::move(entry));
    }
    return json;
}

namespace {

/// The question behind an answer's key. Errors: Malformed.
Result<const ReadingQuestion *> questionOf(const ReadingPlan &plan, const std::string &key)
{
    for (const ReadingStep &step : steps(plan))
        if (answerKey(plan, step) == key)
            return &plan.questions[step.question];
    return fail(ErrorCode::Malformed, "answers: the plan has no question '{}'", key);
}

Result<Reading> readingFromJson(const ReadingPlan &plan, const Json &json)
{
    Reading reading;
    json.at("case").get_to(reading.item.caseId);
    json.at("left").get_to(reading.item.left);
    json.at("right").get_to(reading.item.right);
    json.at("done").get_to(reading.done);
    reading.time = std::chrono::milliseconds(json.at("milliseconds").get<std::int64_t>());
    reading.comment = json.value("comment", std::string());
    const auto isModel = [&](int index) { return index >= 0 && index < static_cast<int>(plan.models.size()); };
    if (!isModel(reading.item.left) || !isModel(reading.item.right))
        return fail(ErrorCode::Malformed, "{}: left or right is none of the plan's models", reading.item.caseId);
    for (const auto &[key, value] : json.at("answers").items()) {
        const auto question = questionOf(plan, key);
        if (!question)
            return fail(question.error());
        auto answer = answerFromJson(**question, value);
        if (!answer)
            return fail(answer.error());
        reading.answers.emplace(key, std::move(*answer));
    }
    for (const auto &entry : json.value("corrections", Json::array())) {
        Correction correction;
        entry.at("question").get_to(correction.key);
        const auto at = fromIso(entry.at("at").get<std::string>());
        if (!at)
            return fail(at.error());
        correction.at = *at;
        if (const Json &was = entry.at("was"); !was.is_null() && correction.key == "comment") {
            correction.was = was.get<std::string>();
        } else if (!was.is_null()) {
            const auto question = questionOf(plan, correction.key);
            if (!question)
                return fail(question.error());
            auto answer = answerFromJson(**question, was);
            if (!answer)
                return fail(answer.error());
            correction.was = std::move(*answer);
        }
        reading.corrections.push_back(std::move(correction));
    }
    return reading;
}

} // namespace

Result<ReadingRecord> ReadingRecord::fromJson(const Json &json)
{
    ReadingRecord record;
    try {
        if (json.at("format").get<int>() > kFormat)
            return fail(ErrorCode::Unsupported, "This reading was kept by a newer version of Consilium");
        auto plan = ReadingPlan::fromJson(json.at("plan"));
        if (!plan)
            return fail(plan.error(), "plan");
        record.plan = std::move(*plan);
        json.at("session").get_to(record.session);
        json.at("reader").get_to(record.reader);
        json.at("planHash").get_to(record.planHash);
        const auto begun = fromIso(json.at("begun").get<std::string>());
        if (!begun)
            return fail(begun.error());
        record.begun = *begun;
        json.at("sequence").get_to(record.sequence);
        json.at("current").get_to(record.current);
        json.at("finished").get_to(record.finished);
        json.at("unblinded").get_to(record.unblinded);
        for (const Json &entry : json.at("readings")) {
            auto reading = readingFromJson(record.plan, entry);
            if (!reading)
                return fail(reading.error());
            record.readings.push_back(std::move(*reading));
        }
    } catch (const Json::exception &error) {
        return fail(ErrorCode::Malformed, "a reader's record is incomplete: {}", error.what());
    }
    if (record.current >= record.readings.size())
        return fail(ErrorCode::Malformed, "current: there is no such reading");
    return record;
}

std::string fileNameFor(const std::string &text)
{
    std::string name;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '_' || (c == '.' && !name.empty());
        name += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return name;
}

std::string textOfFileName(const std::string &name)
{
    std::string text;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] == '%' && i + 2 < name.size()) {
            text += static_cast<char>(std::strtol(name.substr(i + 1, 2).c_str(), nullptr, 16));
            i += 2;
        } else {
            text += name[i];
        }
    }
    return text;
}

fs::path ReadingPlace::folder() const
{
    return study / "reading" / fileNameFor(session);
}
fs::path ReadingPlace::planFile() const
{
    return study / "reading" / (fileNameFor(session) + kPlanEnding);
}
fs::path ReadingPlace::recordFile() const
{
    return folder() / (fileNameFor(reader) + kRecordEnding);
}
fs::path ReadingPlace::logFile() const
{
    return folder() / (fileNameFor(reader) + ".log.jsonl");
}

Result<ReadingRecord> readReadingRecord(const fs::path &file)
{
    const auto json = readJson(file);
    if (!json)
        return fail(json.error());
    auto record = ReadingRecord::fromJson(*json);
    if (!record)
        return fail(record.error(), "{}", file.string());
    return record;
}

namespace {

/// The files of a folder with this ending, by name.
Result<std::set<fs::path>> filesEnding(const fs::path &folder, const std::string &ending)
{
    std::error_code error;
    std::set<fs::path> files;
    for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
         entry.increment(error))
        if (endsWith(utf8(entry->path().filename()), ending))
            files.insert(entry->path());
    if (error)
        return fail(ErrorCode::Io, "{} could not be read: {}", folder.string(), error.message());
    return files;
}

} // namespace

Result<std::vector<ReadingRecord>> readSessionRecords(const fs::path &sessionFolder)
{
    std::error_code ignored;
    if (!fs::is_directory(sessionFolder, ignored))
        return fail(ErrorCode::NotFound, "{} holds no reading session", sessionFolder.string());
    const auto files = filesEnding(sessionFolder, kRecordEnding);
    if (!files)
        return fail(files.error());
    std::vector<ReadingRecord> records;
    for (const auto &file : *files) {
        auto record = readReadingRecord(file);
        if (!record)
            return fail(record.error());
        records.push_back(std::move(*record));
    }
    return records;
}

Result<std::vector<StartedSession>> startedSessions(const fs::path &study)
{
    std::vector<StartedSession> sessions;
    std::error_code ignored;
    if (!fs::is_directory(study / "reading", ignored))
        return sessions;
    const auto plans = filesEnding(study / "reading", kPlanEnding);
    if (!plans)
        return fail(plans.error());
    for (const auto &file : *plans) {
        const auto plan = readReadingPlan(file);
        if (!plan)
            return fail(plan.error());
        const std::string name = utf8(file.filename());
        StartedSession &started = sessions.emplace_back();
        started.session = textOfFileName(name.substr(0, name.size() - std::string(kPlanEnding).size()));
        started.title = plan->title;
        const fs::path folder = ReadingPlace{study, started.session, {}}.folder();
        if (!fs::is_directory(folder, ignored))
            continue;
        const auto records = readSessionRecords(folder);
        if (!records)
            return fail(records.error());
        for (const auto &record : *records) {
            const auto done = std::count_if(record.readings.begin(), record.readings.end(),
                                            [](const Reading &reading) { return reading.done; });
            started.readers.push_back(
                {record.reader, static_cast<std::size_t>(done), record.readings.size(), record.finished});
        }
    }
    return sessions;
}

} // namespace consilium::viewer
