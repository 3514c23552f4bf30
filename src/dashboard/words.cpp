// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/words.h"

#include "dashboard/study_progress.h"

#include <QDateTime>
#include <QLocale>
#include <QStringList>
#include <cmath>
#include <functional>
#include <map>

namespace consilium::dashboard {

using namespace std::chrono;

namespace {

// The aggregator notes a lost site itself; where it cannot (it was killed), silence this long is worth saying.
constexpr auto silence = seconds(90);

/// More names than these are counted.
constexpr qsizetype mostNames = 3;
constexpr std::size_t mostNamedSites = 4;
constexpr qsizetype mostReasons = 4;
constexpr qsizetype longestNote = 240;

// Words of the aggregator and of a site's schedule that are no fault.
bool countsLater(const std::string &detail)
{
    return detail.starts_with("still training");
}
bool isResting(const std::string &detail)
{
    return detail.starts_with("waits for its hours") || detail.starts_with("paused");
}
bool hasSignedOff(const std::string &detail)
{
    return detail == "it has signed off";
}

bool endedEarly(const storage::StudySnapshot &study)
{
    return study.state == "finished" && study.round < study.plan.federation.rounds;
}

QString withDetail(const QString &state, const std::string &detail)
{
    return detail.empty() ? state : QStringLiteral("%1, %2").arg(state, QString::fromStdString(detail));
}

QString withPercent(const QString &state, double progress)
{
    return progress > 0 ? QStringLiteral("%1 %2 %").arg(state).arg(std::lround(100 * std::min(progress, 1.0))) : state;
}

} // namespace

QString Words::clock(seconds time)
{
    const auto total = std::max<std::int64_t>(time.count(), 0);
    const auto two = [](std::int64_t value) { return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0')); };
    if (total < 3600)
        return two(total / 60) + QLatin1Char(':') + two(total % 60);
    return QStringLiteral("%1:%2:%3").arg(total / 3600).arg(two(total / 60 % 60), two(total % 60));
}

QString Words::duration(seconds time)
{
    if (time < seconds(60))
        return tr("less than a minute");
    const auto total = (time.count() + 30) / 60;
    if (total < 60)
        return tr("%1 min").arg(total);
    return total % 60 == 0 ? tr("%1 h").arg(total / 60) : tr("%1 h %2 min").arg(total / 60).arg(total % 60);
}

QString Words::moment(TimePoint time)
{
    const auto local = QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count());
    return local.date() == QDate::currentDate() ? QLocale().toString(local.time(), QLocale::ShortFormat)
                                                : QLocale().toString(local.date(), QLocale::ShortFormat);
}

QString Words::ago(TimePoint then, TimePoint now)
{
    const auto gone = duration_cast<seconds>(now - then).count();
    if (gone < 3)
        return tr("now");
    if (gone < 60)
        return tr("%1 s ago").arg(gone);
    if (gone < 3600)
        return tr("%1 min ago").arg(gone / 60);
    if (gone < 24 * 3600)
        return tr("%1 h ago").arg(gone / 3600);
    return moment(then);
}

QString Words::bytes(std::int64_t count)
{
    return count > 0 ? QLocale().formattedDataSize(count, 1, QLocale::DataSizeSIFormat) : QStringLiteral("–");
}

StateWords Words::site(const storage::SiteRow &site, const storage::SiteRoundRow *row,
                       const storage::StudySnapshot &study, TimePoint now)
{
    const bool over = study.state == "finished" || study.state == "stopped";
    if (!site.enrolled)
        return {Mark::Waiting, over ? tr("never joined") : tr("has not joined yet"), {}};

    const bool counted = row && row->state == SiteState::Counted;
    const bool refused = row && row->state == SiteState::NotCounted;
    if (!over && !counted && !refused) {
        const auto seen = site.lastSeen ? duration_cast<seconds>(now - *site.lastSeen) : seconds(0);
        if (!site.online) {
            return {Mark::Warning,
                    site.lastSeen ? tr("lost %1 ago, waiting").arg(clock(seen)) : tr("joined, not connected yet"),
                    {}};
        }
        if (seen > silence)
            return {Mark::Warning, tr("nothing heard for %1, waiting").arg(clock(seen)), {}};
    }
    if (!row)
        return {Mark::Waiting, over ? tr("took no part") : tr("ready, waiting for the next round"), {}};

    if (over && !counted && !refused)
        return {Mark::Waiting, tr("not done when the study ended"), {}};
    if (!refused && !counted && isResting(row->detail))
        return {Mark::Waiting, QString::fromStdString(row->detail), {}};
    switch (row->state) {
    case SiteState::Offered: return {Mark::Waiting, withDetail(tr("offered the model"), row->detail), {}};
    case SiteState::Downloading: return {Mark::Working, withPercent(tr("downloading"), row->progress), row->progress};
    case SiteState::Training: return {Mark::Working, withDetail(tr("training"), row->detail), row->progress};
    case SiteState::Validating: return {Mark::Working, withDetail(tr("validating"), row->detail), {}};
    case SiteState::Uploading: return {Mark::Working, withPercent(tr("uploading"), row->progress), row->progress};
    case SiteState::Counted: return {Mark::Done, !over && !site.online ? tr("counted, then lost") : tr("counted"), {}};
    case SiteState::NotCounted: break;
    }
    return {countsLater(row->detail) || hasSignedOff(row->detail) ? Mark::Waiting : Mark::Bad,
            row->detail.empty() ? tr("not counted") : tr("not counted: %1").arg(QString::fromStdString(row->detail)),
            {}};
}

QString Words::cosine(double value)
{
    return QLocale().toString(std::abs(value) < 0.005 ? 0.0 : value, 'f', 2);
}

bool Words::pullsAgainst(double cosine)
{
    return cosine <= -0.005;
}

QString Words::drift(const Drift &drift)
{
    const auto number = [](double value) { return QLocale().toString(value, 'g', 3); };
    QStringList parts;
    if (drift.cosine)
        parts << tr("cosine %1 with the shared model's step").arg(cosine(*drift.cosine));
    if (drift.norm)
        parts << tr("norm of its change %1").arg(number(*drift.norm));
    if (drift.distance)
        parts << tr("distance of its model from the new one %1").arg(number(*drift.distance));
    if (drift.weight)
        parts << tr("weight in the combination %1").arg(number(*drift.weight));
    if (parts.isEmpty())
        return {};
    auto text = tr("Round %1: %2").arg(drift.round).arg(parts.join(QStringLiteral(", ")));
    if (drift.cosine && pullsAgainst(*drift.cosine))
        text += QLatin1Char('\n') + tr("Below 0: this site pulled against the others.");
    return text;
}

QString Words::headline(const storage::StudySnapshot &study)
{
    const int rounds = study.plan.federation.rounds;
    if (endedEarly(study))
        return tr("Ended after round %1 of %2").arg(study.round).arg(rounds);
    if (study.state == "finished")
        return study.round == 1 ? tr("Finished after one round") : tr("Finished after %n rounds", nullptr, study.round);
    if (study.state == "stopped")
        return tr("Stopped in round %1 of %2").arg(study.round).arg(rounds);
    if (study.round == 0)
        return tr("Waiting for sites");
    return tr("Round %1 of %2").arg(study.round).arg(rounds);
}

QString Words::roundDetail(const storage::StudySnapshot &study)
{
    const auto sites = static_cast<int>(study.sites.size());
    const auto joined = static_cast<int>(std::ranges::count_if(study.sites, &storage::SiteRow::enrolled));
    if (study.state == "finished") {
        const auto best = study.bestRound > 0 ? tr("best model: round %1").arg(study.bestRound) : QString();
        return !endedEarly(study) ? best
               : best.isEmpty()   ? tr("validation improved no more")
                                  : tr("validation improved no more; %1").arg(best);
    }
    if (study.state == "stopped")
        return {};
    const auto *round = currentRound(study);
    if (!round)
        return tr("%1 of %n sites have joined", nullptr, sites).arg(joined);
    switch (round->state) {
    case RoundState::Aggregating: return tr("combining the updates");
    case RoundState::Evaluating: return tr("evaluating the new model at the sites");
    case RoundState::Failed: return tr("the round failed");
    case RoundState::Closed:
        return study.round >= study.plan.federation.rounds ? tr("testing the final models at the sites")
                                                           : tr("round closed");
    default: return tr("%1 of %n sites in", nullptr, joined).arg(sitesIn(study));
    }
}

QString Words::time(const storage::StudySnapshot &study, TimePoint now)
{
    if (!study.started)
        return {};
    if (study.ended)
        return tr("took %1").arg(duration(duration_cast<seconds>(*study.ended - *study.started)));
    if (study.state != "running")
        return {};
    const auto elapsed = tr("running for %1").arg(duration(duration_cast<seconds>(now - *study.started)));
    const auto left = timeLeft(study, now);
    if (!left)
        return elapsed;
    return *left < seconds(60) ? tr("%1, less than a minute left").arg(elapsed)
                               : tr("%1, about %2 left").arg(elapsed, duration(*left));
}

namespace {

/// "a, b, c and 9 more".
QString names(const std::vector<const storage::SiteRoundRow *> &sites)
{
    QStringList shown;
    for (const auto *site : sites) {
        if (shown.size() == mostNames && std::ssize(sites) > mostNames + 1)
            return Words::tr("%1 and %2 more")
                .arg(shown.join(QStringLiteral(", ")))
                .arg(std::ssize(sites) - shown.size());
        shown << QString::fromStdString(site->site);
    }
    return shown.join(QStringLiteral(", "));
}

/// The sites a round closed without, by reason, the commonest first.
QString missingInWords(const std::vector<const storage::SiteRoundRow *> &missing)
{
    std::map<std::string, std::vector<const storage::SiteRoundRow *>> byReason;
    for (const auto *site : missing)
        byReason[site->detail].push_back(site);
    std::vector<std::pair<std::string, std::vector<const storage::SiteRoundRow *>>> reasons(byReason.begin(),
                                                                                            byReason.end());
    std::ranges::stable_sort(reasons, std::greater(), [](const auto &reason) { return reason.second.size(); });
    QStringList parts;
    for (const auto &[reason, sites] : reasons) {
        if (parts.size() == mostReasons) {
            parts << Words::tr("%n further reasons", nullptr, static_cast<int>(std::ssize(reasons) - parts.size()));
            break;
        }
        parts << (reason.empty() ? names(sites)
                                 : Words::tr("%1 (%2)").arg(names(sites), QString::fromStdString(reason)));
    }
    const auto told = parts.join(QStringLiteral("; "));
    return missing.size() > mostNamedSites
               ? Words::tr("closed without %n sites: %1", nullptr, static_cast<int>(missing.size())).arg(told)
               : Words::tr("closed without %1").arg(told);
}

QString shortened(const QString &note)
{
    if (note.size() <= longestNote)
        return note;
    const auto end = note.lastIndexOf(QLatin1Char(' '), longestNote);
    return note.first(end > 0 ? end : longestNote) + QStringLiteral(" …");
}

} // namespace

QStringList Words::notes(const storage::StudySnapshot &study)
{
    struct Missing
    {
        std::vector<const storage::SiteRoundRow *> sites;
        bool faults = false;
    };
    std::map<int, Missing> missing;
    for (const auto &row : study.siteRounds) {
        if (row.state == SiteState::NotCounted) {
            auto &round = missing[row.round];
            round.sites.push_back(&row);
            round.faults = round.faults || !countsLater(row.detail);
        }
    }
    QStringList notes;
    for (auto round = study.rounds.rbegin(); round != study.rounds.rend(); ++round) {
        const auto note = shortened(QString::fromStdString(round->note));
        const auto found = missing.find(round->round);
        if (round->state == RoundState::Failed) {
            notes << (note.isEmpty() ? tr("Round %1 failed.").arg(round->round)
                                     : tr("Round %1 failed: %2").arg(round->round).arg(note));
        } else if (round->state == RoundState::Closed && found != missing.end()) {
            if (!found->second.faults)
                continue;
            const bool many = found->second.sites.size() > mostNamedSites || note.isEmpty();
            notes << tr("Round %1: %2").arg(round->round).arg(many ? missingInWords(found->second.sites) : note);
        } else if (!note.isEmpty()) {
            notes << tr("Round %1: %2").arg(round->round).arg(note);
        }
    }
    return notes;
}

} // namespace consilium::dashboard
