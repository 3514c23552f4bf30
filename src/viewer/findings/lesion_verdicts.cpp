// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/lesion_verdicts.h"

#include "core/clock.h"

#include <algorithm>
#include <cmath>

namespace consilium::viewer {

namespace {

constexpr const char *kFormat = "consilium-lesion-verdicts";
constexpr int kVersion = 1;
constexpr double kSamePlace = 0.5; // mm

const char *word(Verdict verdict)
{
    return verdict == Verdict::Accepted ? "accepted" : "rejected";
}

std::optional<std::size_t> lesionOf(const Json &entry, const LoadedCase &shown)
{
    const auto author = entry.at("drawnBy").get<std::string>();
    const auto position = entry.at("position").get<imaging::Vec3>();
    const auto millilitres = entry.at("millilitres").get<double>();
    const auto &lesions = shown.findings.lesions;
    for (std::size_t n = 0; n < lesions.size(); ++n) {
        const auto &at = lesions[n].position;
        const double away = std::hypot(at[0] - position[0], at[1] - position[1], at[2] - position[2]);
        if (away <= kSamePlace && std::abs(lesions[n].millilitres - millilitres) <= 0.01 * millilitres &&
            authorOf(shown, lesions[n]) == author)
            return n;
    }
    return std::nullopt;
}

} // namespace

std::string authorOf(const LoadedCase &shown, const LesionFinding &lesion)
{
    return lesion.drawnBy < 0 ? "reference" : shown.opened.predictions[static_cast<std::size_t>(lesion.drawnBy)].name;
}

std::size_t LesionVerdicts::count(Verdict verdict) const
{
    return static_cast<std::size_t>(std::count(m_verdicts.begin(), m_verdicts.end(), verdict));
}

bool LesionVerdicts::set(const std::vector<std::size_t> &lesions, Verdict verdict)
{
    std::vector<Change> step;
    for (const std::size_t lesion : lesions) {
        if (m_verdicts[lesion] == verdict)
            continue;
        step.push_back({lesion, m_verdicts[lesion], verdict});
        m_verdicts[lesion] = verdict;
    }
    if (step.empty())
        return false;
    m_steps.resize(m_position);
    m_steps.push_back(std::move(step));
    ++m_position;
    return true;
}

std::vector<std::size_t> LesionVerdicts::undo()
{
    std::vector<std::size_t> changed;
    if (!canUndo())
        return changed;
    for (const Change &change : m_steps[--m_position]) {
        m_verdicts[change.lesion] = change.before;
        changed.push_back(change.lesion);
    }
    return changed;
}

std::vector<std::size_t> LesionVerdicts::redo()
{
    std::vector<std::size_t> changed;
    if (!canRedo())
        return changed;
    for (const Change &change : m_steps[m_position++]) {
        m_verdicts[change.lesion] = change.after;
        changed.push_back(change.lesion);
    }
    return changed;
}

Json LesionVerdicts::toJson(const LoadedCase &shown, const std::string &reader) const
{
    Json verdicts = m_others;
    for (std::size_t n = 0; n < m_verdicts.size(); ++n) {
        if (m_verdicts[n] == Verdict::None)
            continue;
        const LesionFinding &lesion = shown.findings.lesions[n];
        verdicts.push_back({{"drawnBy", authorOf(shown, lesion)},
                            {"position", lesion.position},
                            {"millilitres", lesion.millilitres},
                            {"verdict", word(m_verdicts[n])}});
    }
    return {{"format", kFormat}, {"version", kVersion},     {"case", shown.opened.id},
            {"reader", reader},  {"written", toIso(now())}, {"verdicts", std::move(verdicts)}};
}

Result<> LesionVerdicts::read(const Json &json, const LoadedCase &shown)
{
    try {
        if (json.at("format") != kFormat)
            return fail(ErrorCode::Malformed, "It holds something other than verdicts on lesions");
        if (json.at("version").get<int>() > kVersion)
            return fail(ErrorCode::Unsupported, "It was written by a newer version of this program");
        if (json.at("case") != shown.opened.id)
            return fail(ErrorCode::Invalid, "It belongs to {}", json.at("case").get<std::string>());
        std::vector<Verdict> verdicts(shown.findings.lesions.size(), Verdict::None);
        Json others = Json::array();
        for (const Json &entry : json.at("verdicts")) {
            const auto said = entry.at("verdict").get<std::string>();
            if (said != "accepted" && said != "rejected")
                return fail(ErrorCode::Malformed, "\"{}\" is no verdict", said);
            if (const auto lesion = lesionOf(entry, shown))
                verdicts[*lesion] = said == "accepted" ? Verdict::Accepted : Verdict::Rejected;
            else
                others.push_back(entry);
        }
        m_verdicts = std::move(verdicts);
        m_others = std::move(others);
        m_steps.clear();
        m_position = 0;
        return {};
    } catch (const Json::exception &problem) {
        return fail(ErrorCode::Malformed, "It does not hold verdicts on lesions: {}", problem.what());
    }
}

} // namespace consilium::viewer
