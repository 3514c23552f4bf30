// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/reading/reading_session.h"

#include "core/file.h"
#include "evaluation/statistics.h"

#include <algorithm>
#include <cmath>

namespace consilium::viewer {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

TimePoint ReadingClock::now() const
{
    return consilium::now();
}

milliseconds ReadingClock::elapsed() const
{
    return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

namespace {

Result<> checkPlace(const ReadingPlace &place)
{
    if (place.reader.empty())
        return fail(ErrorCode::Invalid, "A reading needs the reader's name or pseudonym");
    if (place.session.empty())
        return fail(ErrorCode::Invalid, "A reading session needs a name");
    return {};
}

tl::unexpected<Error> otherPlan(const ReadingPlace &place)
{
    return failWithHint(ErrorCode::Refused, "Resume it with its own plan, or start a session of another name",
                        "The reading session '{}' was begun with another plan", place.session);
}

} // namespace

Result<std::unique_ptr<ReadingSession>> ReadingSession::open(const ReadingPlace &place, const ReadingPlan &plan,
                                                             std::span<const std::string> available,
                                                             std::shared_ptr<const ReadingClock> clock)
{
    if (auto checked = checkPlace(place); !checked)
        return fail(checked.error());
    const auto whole = resolved(plan, available);
    if (!whole)
        return fail(whole.error());
    const auto hash = planHash(*whole);
    if (!hash)
        return fail(hash.error());
    std::error_code ignored;
    if (fs::exists(place.planFile(), ignored)) {
        const auto kept = readReadingPlan(place.planFile());
        if (!kept)
            return fail(kept.error());
        const auto keptHash = planHash(*kept);
        if (!keptHash)
            return fail(keptHash.error());
        if (*keptHash != *hash)
            return otherPlan(place);
    } else if (auto written = writeJson(place.planFile(), whole->toJson()); !written) {
        return fail(written.error());
    }

    ReadingRecord record;
    const bool begun = fs::exists(place.recordFile(), ignored);
    if (begun) {
        auto kept = readReadingRecord(place.recordFile());
        if (!kept)
            return fail(kept.error());
        if (kept->planHash != *hash)
            return otherPlan(place);
        record = std::move(*kept);
    } else {
        record.session = place.session;
        record.reader = place.reader;
        record.plan = *whole;
        record.planHash = *hash;
        for (auto &item : readingOrder(*whole, place.reader))
            record.readings.push_back({std::move(item), {}, {}, {}, false, {}});
    }
    if (!clock)
        clock = std::make_shared<ReadingClock>();
    if (!begun)
        record.begun = clock->now();
    std::unique_ptr<ReadingSession> session(new ReadingSession(place, std::move(record), std::move(clock)));
    if (session->isFinished())
        session->m_runningSince.reset();
    session->keep(begun ? "resumed" : "begun");
    if (auto written = session->flush(); !written)
        return fail(written.error());
    return session;
}

Result<std::unique_ptr<ReadingSession>> ReadingSession::resume(const ReadingPlace &place,
                                                               std::shared_ptr<const ReadingClock> clock)
{
    const auto plan = readReadingPlan(place.planFile());
    if (!plan)
        return fail(plan.error(), "The reading session '{}' could not be resumed", place.session);
    return open(place, *plan, {}, std::move(clock));
}

ReadingSession::ReadingSession(ReadingPlace place, ReadingRecord record, std::shared_ptr<const ReadingClock> clock)
    : m_place(std::move(place)), m_record(std::move(record)), m_steps(viewer::steps(m_record.plan)),
      m_clock(std::move(clock)), m_runningSince(m_clock->elapsed()),
      m_writer(std::make_unique<ReadingWriter>(m_place.recordFile(), m_place.logFile()))
{
}

ReadingSession::~ReadingSession()
{
    if (m_runningSince)
        pause();
}

ReadingState ReadingSession::state(std::size_t index) const
{
    const Reading &reading = m_record.readings.at(index);
    if (reading.done)
        return ReadingState::Done;
    return index == m_record.current || !reading.answers.empty() ? ReadingState::Reading : ReadingState::NotRead;
}

milliseconds ReadingSession::time(std::size_t index) const
{
    const bool running = index == m_record.current && m_runningSince;
    return m_record.readings.at(index).time + (running ? m_clock->elapsed() - *m_runningSince : milliseconds(0));
}

ReadingProgress ReadingSession::progress() const
{
    ReadingProgress progress;
    progress.total = count();
    std::vector<double> times;
    for (const Reading &reading : m_record.readings)
        if (reading.done)
            times.push_back(static_cast<double>(reading.time.count()));
    progress.done = times.size();
    if (const auto typical = evaluation::median(times))
        progress.left = milliseconds(std::llround(*typical * static_cast<double>(progress.total - progress.done)));
    return progress;
}

std::optional<Answer> ReadingSession::answer(const ReadingStep &step) const
{
    const auto &answers = m_record.readings[m_record.current].answers;
    const auto found = answers.find(answerKey(m_record.plan, step));
    return found == answers.end() ? std::nullopt : std::optional<Answer>(found->second);
}

bool ReadingSession::isAnswered(const ReadingStep &step) const
{
    const auto said = answer(step);
    const auto *text = said ? std::get_if<std::string>(&*said) : nullptr;
    return said && !(text && text->empty());
}

Result<> ReadingSession::checkOpen() const
{
    if (m_record.unblinded)
        return fail(ErrorCode::Refused, "The session is unblinded: its answers are final");
    return {};
}

Result<> ReadingSession::setAnswer(const ReadingStep &step, const Answer &answer)
{
    if (auto open = checkOpen(); !open)
        return open;
    if (auto checked = checkAnswer(m_record.plan.questions.at(step.question), answer); !checked)
        return checked;
    const std::string key = answerKey(m_record.plan, step);
    const std::optional<Answer> before = this->answer(step);
    if (before == answer)
        return {};
    if (here().done)
        here().corrections.push_back({key, before, m_clock->now()});
    here().answers.insert_or_assign(key, answer);
    Json details{{"question", key}, {"answer", toJson(answer)}};
    if (before)
        details["was"] = toJson(*before);
    keep(here().done ? "corrected" : "answered", std::move(details));
    return {};
}

Result<> ReadingSession::setComment(const std::string &comment)
{
    if (auto open = checkOpen(); !open)
        return open;
    if (comment == here().comment)
        return {};
    if (here().done)
        here().corrections.push_back({"comment", here().comment, m_clock->now()});
    here().comment = comment;
    keep("commented", {{"comment", comment}});
    return {};
}

std::optional<ReadingStep> ReadingSession::missing() const
{
    for (const ReadingStep &step : m_steps)
        if (m_record.plan.questions[step.question].required && !isAnswered(step))
            return step;
    return std::nullopt;
}

Result<> ReadingSession::next()
{
    if (auto open = checkOpen(); !open)
        return open;
    if (const auto step = missing())
        return fail(ErrorCode::Invalid, "'{}' has no answer yet", m_record.plan.questions[step->question].text);
    settle();
    here().done = true;
    const std::size_t ended = m_record.current;
    for (std::size_t i = 1; i < count(); ++i) {
        const std::size_t index = (ended + i) % count();
        if (!m_record.readings[index].done) {
            m_record.current = index;
            break;
        }
    }
    m_record.finished = here().done;
    if (m_record.finished)
        m_runningSince.reset();
    keep("done", {{"case", caseId(ended)}, {"reading", ended}});
    return {};
}

bool ReadingSession::back()
{
    if (m_record.current == 0)
        return false;
    goTo(m_record.current - 1);
    return true;
}

void ReadingSession::goTo(std::size_t index)
{
    if (index >= count() || index == m_record.current)
        return;
    settle();
    m_record.current = index;
    keep("went");
}

Result<> ReadingSession::unblind()
{
    if (!m_record.finished)
        return fail(ErrorCode::Refused, "{} of {} cases are read: the session is unblinded when all are",
                    progress().done, count());
    if (m_record.unblinded)
        return {};
    m_record.unblinded = true;
    keep("unblinded");
    return flush();
}

std::pair<std::string, std::string> ReadingSession::drawnModels() const
{
    const ShownModels shown = shownModels();
    const auto &models = m_record.plan.models;
    return {models.at(static_cast<std::size_t>(shown.left)), models.at(static_cast<std::size_t>(shown.right))};
}

ShownModels ReadingSession::shownModels() const
{
    const ReadingItem &item = m_record.readings[m_record.current].item;
    return {item.left, item.right};
}

Result<std::string> ReadingSession::modelName(std::size_t index, Side side) const
{
    if (isBlinded())
        return fail(ErrorCode::Refused, "The session is blinded");
    const ReadingItem &item = m_record.readings.at(index).item;
    return m_record.plan.models.at(static_cast<std::size_t>(side == Side::Left ? item.left : item.right));
}

void ReadingSession::pause()
{
    if (!m_runningSince)
        return;
    settle();
    m_runningSince.reset();
    keep("paused");
}

void ReadingSession::resumeTime()
{
    if (m_runningSince || m_record.unblinded)
        return;
    m_runningSince = m_clock->elapsed();
    keep("continued");
}

void ReadingSession::settle()
{
    if (!m_runningSince)
        return;
    const milliseconds moment = m_clock->elapsed();
    here().time += moment - *m_runningSince;
    m_runningSince = moment;
}

void ReadingSession::keep(const char *event, Json details)
{
    settle();
    ++m_record.sequence;
    details["sequence"] = m_record.sequence;
    details["time"] = toIso(m_clock->now());
    details["event"] = event;
    if (!details.contains("reading"))
        details["reading"] = m_record.current;
    if (!details.contains("case"))
        details["case"] = caseId(m_record.current);
    details["milliseconds"] = m_record.readings[details["reading"].get<std::size_t>()].time.count();
    m_writer->write(m_record.toJson().dump(2) + "\n", details.dump());
}

void ReadingSession::setFailureHandler(std::function<void(const Error &)> handler)
{
    m_writer->setFailureHandler(std::move(handler));
}

} // namespace consilium::viewer
