// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "viewer/cases/case_loader.h"

#include <string>
#include <vector>

namespace consilium::viewer {

/// What a reader makes of a lesion.
enum class Verdict { None, Accepted, Rejected };

/// One reader's verdicts on a case's lesions, in the order of its findings, with undo without limit.
class LesionVerdicts
{
public:
    explicit LesionVerdicts(std::size_t lesions = 0) : m_verdicts(lesions, Verdict::None) {}

    std::size_t size() const { return m_verdicts.size(); }
    Verdict at(std::size_t lesion) const { return m_verdicts[lesion]; }
    std::size_t count(Verdict verdict) const;

    /// One step, however many lesions; false when nothing changes by it, which is no step.
    bool set(const std::vector<std::size_t> &lesions, Verdict verdict);
    bool canUndo() const { return m_position > 0; }
    bool canRedo() const { return m_position < m_steps.size(); }
    std::vector<std::size_t> undo(); ///< the lesions that changed
    std::vector<std::size_t> redo();

    /// {"format", "version", "case", "reader", "written", "verdicts": [{"drawnBy", "position", "millilitres",
    /// "verdict"}]}: lesions are named by who drew them and where (LPS mm), so that a model that is added or taken away
    /// moves no verdict to another lesion. Verdicts read for lesions that are not among the findings now stay in it.
    Json toJson(const LoadedCase &shown, const std::string &reader) const;
    /// Takes the verdicts of such a file in place of those here and forgets the steps. A verdict holds for a lesion of
    /// the same author within 0.5 mm and with the same volume to 1 %: one that was redrawn since is to be looked at
    /// again. Errors: Malformed (not such a file); Unsupported (of a newer version); Invalid (of another case).
    Result<> read(const Json &json, const LoadedCase &shown);

private:
    struct Change
    {
        std::size_t lesion;
        Verdict before, after;
    };
    std::vector<Verdict> m_verdicts;
    std::vector<std::vector<Change>> m_steps;
    std::size_t m_position = 0;
    Json m_others = Json::array(); // of lesions that are not among the findings
};

/// Who drew a finding: "reference", or the prediction's name.
std::string authorOf(const LoadedCase &shown, const LesionFinding &lesion);

} // namespace consilium::viewer
