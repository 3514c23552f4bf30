// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "viewer/reading/reading_order.h"

#include <chrono>
#include <variant>

namespace consilium::viewer {

enum class Choice { Left, Right, Equal };

/// Items of a checklist that were ticked, with how many (1 where the question does not count). Empty: none was.
using Checked = std::map<std::string, int>;

/// By the kind of the question: choice, likert (1 to 5), checklist, text.
using Answer = std::variant<Choice, int, Checked, std::string>;

Json toJson(const Answer &answer);
/// Errors: Malformed (no answer to this question: another kind, out of its range, an item it does not have).
Result<Answer> answerFromJson(const ReadingQuestion &question, const Json &json);
/// Whether `answer` is one to `question`. Errors: Invalid, as for answerFromJson.
Result<> checkAnswer(const ReadingQuestion &question, const Answer &answer);

/// An answer that was changed after its case was done.
struct Correction
{
    std::string key;           ///< as answerKey()
    std::optional<Answer> was; ///< nothing: it had not been answered
    TimePoint at;
};

/// One case as a reader read it.
struct Reading
{
    ReadingItem item;
    std::map<std::string, Answer> answers; ///< by answerKey()
    std::string comment;
    std::chrono::milliseconds time{0}; ///< with the case in front and the window active
    bool done = false;
    std::vector<Correction> corrections;
};

/// All that one reader said in one session, as it is kept in <study>/reading/<session>/<reader>.json. Sides stand there
/// by the model's number in the plan, so that a glance at the file gives no name away.
struct ReadingRecord
{
    std::string session, reader;
    ReadingPlan plan; ///< resolved
    std::string planHash;
    TimePoint begun;
    std::uint64_t sequence = 0; ///< of the last entry in the log
    std::size_t current = 0;    ///< index into readings
    bool finished = false;
    bool unblinded = false;
    std::vector<Reading> readings; ///< in reading order

    Json toJson() const;
    /// Errors: Malformed, naming the key; Unsupported (written by a newer version).
    static Result<ReadingRecord> fromJson(const Json &json);
};

/// Where a session of a study lies.
struct ReadingPlace
{
    std::filesystem::path study;
    std::string session, reader; ///< as people write them

    std::filesystem::path folder() const;     ///< <study>/reading/<session>
    std::filesystem::path planFile() const;   ///< <study>/reading/<session>.plan.json
    std::filesystem::path recordFile() const; ///< <study>/reading/<session>/<reader>.json
    std::filesystem::path logFile() const;    ///< <study>/reading/<session>/<reader>.log.jsonl
};

/// A file name for any text: letters, digits, "-", "_" and inner "." stay, every other byte becomes %XX. Different
/// texts have different names; empty text has none.
std::string fileNameFor(const std::string &text);
/// The text of a name made by fileNameFor().
std::string textOfFileName(const std::string &name);

/// Errors: NotFound; Io; Malformed, Unsupported, naming the file.
Result<ReadingRecord> readReadingRecord(const std::filesystem::path &file);

/// A session begun in a study, for people who choose one to resume or join.
struct StartedSession
{
    std::string session, title;
    struct Reader
    {
        std::string name;
        std::size_t done = 0, total = 0;
        bool finished = false;
    };
    std::vector<Reader> readers; ///< by name
};

/// By name. A study without sessions has none. Errors: Io; as readReadingRecord.
Result<std::vector<StartedSession>> startedSessions(const std::filesystem::path &study);

/// The records of a session's folder, by file name. Errors: NotFound (no such folder); Io; as readReadingRecord.
Result<std::vector<ReadingRecord>> readSessionRecords(const std::filesystem::path &sessionFolder);

} // namespace consilium::viewer
