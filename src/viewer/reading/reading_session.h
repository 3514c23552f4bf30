// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/reading/reading_record.h"
#include "viewer/reading/reading_writer.h"

#include <functional>
#include <memory>

namespace consilium::viewer {

/// The time of day, and one that never goes back; tests set both.
class ReadingClock
{
public:
    virtual ~ReadingClock() = default;
    virtual TimePoint now() const;
    virtual std::chrono::milliseconds elapsed() const; ///< since any fixed moment
};

enum class ReadingState { NotRead, Reading, Done };

struct ReadingProgress
{
    std::size_t done = 0, total = 0;
    /// The median time of the done cases for each that is left; nothing before the first is done.
    std::optional<std::chrono::milliseconds> left;
};

/// Which of the plan's models is drawn on which side. For who draws; people are not told before the session is
/// unblinded.
struct ShownModels
{
    int left = 0, right = 1;
};

/// One reader's way through a plan. Everything said is kept at once in <study>/reading/<session>/ (see ReadingRecord),
/// so that a session that was cut off resumes at the same case with the same sides. What people see of it names no
/// model until all cases are done and the reader unblinds; then answers are final. Not for several threads; one session
/// object at a time for a reader.
class ReadingSession
{
public:
    /// Begins, or resumes when this reader has begun before. `available` are the study's cases (see resolved()).
    /// Errors: Invalid (no name of session or reader; as resolved()); NotFound; Refused (the session was begun with
    /// another plan); Io; Malformed.
    static Result<std::unique_ptr<ReadingSession>> open(const ReadingPlace &place, const ReadingPlan &plan,
                                                        std::span<const std::string> available,
                                                        std::shared_ptr<const ReadingClock> clock = nullptr);
    /// Resumes or joins a session with the plan it was begun with. Errors: NotFound (no such session); as open().
    static Result<std::unique_ptr<ReadingSession>> resume(const ReadingPlace &place,
                                                          std::shared_ptr<const ReadingClock> clock = nullptr);
    ~ReadingSession();

    const std::string &name() const { return m_record.session; }
    const std::string &reader() const { return m_record.reader; }
    const std::string &title() const { return m_record.plan.title; }
    bool isBlinded() const { return m_record.plan.blinded && !m_record.unblinded; }
    const std::vector<ReadingQuestion> &questions() const { return m_record.plan.questions; }
    const std::vector<ReadingStep> &steps() const { return m_steps; }
    const std::filesystem::path &studyFolder() const { return m_place.study; }
    std::filesystem::path folder() const { return m_place.folder(); }

    std::size_t count() const { return m_record.readings.size(); }
    std::size_t current() const { return m_record.current; }
    const std::string &caseId(std::size_t index) const { return m_record.readings.at(index).item.caseId; }
    ReadingState state(std::size_t index) const;
    std::chrono::milliseconds time(std::size_t index) const;
    const std::string &comment(std::size_t index) const { return m_record.readings.at(index).comment; }
    std::size_t corrections(std::size_t index) const { return m_record.readings.at(index).corrections.size(); }
    ReadingProgress progress() const;

    /// Of the current case.
    std::optional<Answer> answer(const ReadingStep &step) const;
    /// Empty text is no answer.
    bool isAnswered(const ReadingStep &step) const;
    /// Answers, or changes an answer of, the current case; changing one of a done case keeps the old one as a
    /// correction. The same answer again changes nothing. Errors: Invalid (no answer to this question); Refused
    /// (answers are final).
    Result<> setAnswer(const ReadingStep &step, const Answer &answer);
    /// Errors: Refused.
    Result<> setComment(const std::string &comment);

    /// The first step of the current case that has to be answered and is not.
    std::optional<ReadingStep> missing() const;
    /// Ends the current case and goes to the next that is not done, after it first; the session is finished when all
    /// are. Errors: Invalid, naming the question that has to be answered; Refused.
    Result<> next();
    /// To the case before in reading order; false at the first.
    bool back();
    /// Out of range does nothing.
    void goTo(std::size_t index);

    bool isFinished() const { return m_record.finished; }
    /// Answers can no longer be changed: the reader has seen what was left and right.
    bool isFinal() const { return m_record.unblinded; }
    /// Shows what was left and right; answers are final from here on. Errors: Refused (cases are left to read).
    Result<> unblind();

    ShownModels shownModels() const;
    /// Names of the models on the left and right of the current case, for who draws them; not to be shown.
    std::pair<std::string, std::string> drawnModels() const;
    /// Errors: Refused, while the session is blinded.
    Result<std::string> modelName(std::size_t index, Side side) const;

    /// The time of a case runs while its images are in front: these stop and start it, and twice is as once. A session
    /// begins running and stops when it is finished.
    void pause();
    void resumeTime();
    bool isPaused() const { return !m_runningSince; }

    /// Waits until all is on the disk. Errors: Io.
    Result<> flush() { return m_writer->flush(); }
    /// Hears, on another thread, of writes that fail.
    void setFailureHandler(std::function<void(const Error &)> handler);

private:
    ReadingSession(ReadingPlace place, ReadingRecord record, std::shared_ptr<const ReadingClock> clock);
    Result<> checkOpen() const;
    Reading &here() { return m_record.readings[m_record.current]; }
    void settle();
    void keep(const char *event, Json details = Json::object());

    ReadingPlace m_place;
    ReadingRecord m_record;
    std::vector<ReadingStep> m_steps;
    std::shared_ptr<const ReadingClock> m_clock;
    std::optional<std::chrono::milliseconds> m_runningSince;
    std::unique_ptr<ReadingWriter> m_writer;
};

} // namespace consilium::viewer
