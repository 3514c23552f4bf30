// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/update_check.h"

#include "core/name_pattern.h"
#include "federation/tile_kernels.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <unordered_map>

namespace consilium::federation {

namespace {

constexpr std::size_t piece = 32 * 1024; // elements; two of them stay in the second-level cache

/// The bytes in double precision.
const double *widened(DType type, std::span<const std::byte> bytes, std::vector<double> &wide, std::size_t count)
{
    wide.resize(count);
    kernels::widen(type, bytes, wide);
    return wide.data();
}

/// Sum of the squares of the change of one tensor, read in pieces.
class ChangeReader
{
public:
    ChangeReader(const UpdateReader &update, const UpdateReader &model, bool delta)
        : m_update(update), m_model(model), m_delta(delta)
    {
    }

    Result<double> squares(std::size_t index, std::size_t modelIndex)
    {
        const auto &info = m_update.tensors()[index];
        const auto elements = static_cast<std::size_t>(info.elements());
        double sum = 0;
        for (std::size_t begin = 0; begin < elements; begin += piece) {
            const auto count = std::min(piece, elements - begin);
            const auto theirs = m_update.read(index, begin, count, m_theirs);
            if (!theirs)
                return fail(theirs.error());
            Result<std::span<const std::byte>> ours{};
            if (!m_delta) {
                ours = m_model.read(modelIndex, begin, count, m_ours);
                if (!ours)
                    return fail(ours.error());
            }
            const double part = squaresOf(info.dtype, *theirs, *ours, count);
            m_update.release(index, begin, count);
            if (!m_delta)
                m_model.release(modelIndex, begin, count);
            if (!std::isfinite(part))
                return fail(ErrorCode::Invalid, "its tensor '{}' holds values that are not finite", info.name);
            sum += part;
        }
        return sum;
    }

private:
    /// `ours`: of no use where the update is a change.
    double squaresOf(DType type, std::span<const std::byte> theirs, std::span<const std::byte> ours, std::size_t count)
    {
        if (type == DType::F32) {
            m_zeros.resize(m_delta ? count * sizeof(float) : 0);
            return kernels::squaredChange(kernels::Floats(theirs.data()),
                                          kernels::Floats(m_delta ? m_zeros.data() : ours.data()), count);
        }
        const auto *values = widened(type, theirs, m_wide, count);
        if (!m_delta)
            return kernels::squaredChange(values, widened(type, ours, m_wideOurs, count), count);
        m_wideOurs.assign(count, 0);
        return kernels::squaredChange(values, m_wideOurs.data(), count);
    }

    const UpdateReader &m_update, &m_model;
    bool m_delta;
    std::vector<std::byte> m_theirs, m_ours, m_zeros;
    std::vector<double> m_wide, m_wideOurs;
};

std::string times(double factor)
{
    return factor >= 1e6 ? fmt::format("{:.1e}", factor) : fmt::format("{:.{}f}", factor, factor >= 10 ? 0 : 1);
}

} // namespace

Result<double> checkUpdate(const UpdateReader &update, const UpdateReader &model, bool delta,
                           const std::vector<std::string> &stays)
{
    const auto &theirs = update.tensors();
    const auto &ours = model.tensors();
    std::unordered_map<std::string_view, std::size_t> names;
    for (std::size_t i = 0; i < theirs.size(); ++i)
        names.emplace(theirs[i].name, i);
    std::size_t staying = 0, awaited = 0;
    for (const auto &info : ours)
        matchesAnyPattern(info.name, stays) ? staying += names.contains(info.name) : ++awaited;
    if (theirs.size() - staying != awaited)
        return fail(ErrorCode::Invalid, "it has {} tensors, the model {}", theirs.size() - staying, awaited);
    ChangeReader changes(update, model, delta);
    double sum = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
        if (matchesAnyPattern(ours[i].name, stays))
            continue;
        const auto found = names.find(ours[i].name);
        const auto &info = theirs[found == names.end() ? std::min(i, theirs.size() - 1) : found->second];
        const bool change = delta && kernels::isFloating(info.dtype) && kernels::isFloating(ours[i].dtype);
        if (info.name != ours[i].name || info.shape != ours[i].shape || (info.dtype != ours[i].dtype && !change))
            return fail(ErrorCode::Invalid, "its tensor '{}' has another name, type or shape than the model's '{}'",
                        info.name, ours[i].name);
        if (!kernels::isFloating(info.dtype))
            continue;
        const auto squares = changes.squares(found->second, i);
        if (!squares)
            return fail(squares.error());
        sum += *squares;
    }
    return std::sqrt(sum);
}

std::vector<NormJudgement> judgeNorms(std::span<const double> norms, const Plan::Updates &updates)
{
    std::vector<NormJudgement> judgements(norms.size());
    std::vector<double> changed;
    std::ranges::copy_if(norms, std::back_inserter(changed), [](double norm) { return norm > 0; });
    if (updates.normLimit <= 0 || changed.size() < 3)
        return judgements;
    const auto middle = changed.begin() + static_cast<long>((changed.size() - 1) / 2);
    std::ranges::nth_element(changed, middle);
    for (std::size_t i = 0; i < norms.size(); ++i) {
        const double factor = norms[i] / *middle;
        if (!(factor > updates.normLimit))
            continue;
        auto &judgement = judgements[i];
        judgement.reason = fmt::format("its change is {} times the round's median", times(factor));
        if (updates.overNorm == "clip") {
            judgement.verdict = NormJudgement::Verdict::Clipped;
            judgement.scale = updates.normLimit / factor;
            judgement.reason += fmt::format(" and counts as {} times", times(updates.normLimit));
        } else {
            judgement.verdict = NormJudgement::Verdict::Refused;
        }
    }
    return judgements;
}

} // namespace consilium::federation
