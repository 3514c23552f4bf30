// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/preparation/registration.h"
#include "imaging/volume.h"

#include <array>
#include <vector>

namespace consilium::viewer {

/// By how much a lesion must change before it counts as changed.
///
/// Repeated measurements of one lesion's area differ by a coefficient of variation of 22.6 % below 0.67 cm2 and 12.1 %
/// from there on; a change says something when it exceeds twice that. Source: Goodkin et al., Magnetic resonance
/// imaging lesion enlargement in multiple sclerosis: disease-related activity, chance occurrence, or measurement
/// artifact?, Archives of Neurology 49, 1992. Areas are carried over to volumes as for a lesion of one shape: volume
/// goes with area to the power of 3/2, so that a small lesion is larger from 1.75 times its volume and smaller below
/// 0.41 times, a large one (0.41 mL, 9.2 mm) from 1.38 and below 0.66 times.
struct ChangeLimits
{
    double largeArea = 67;      ///< mm2, of the section through the middle of a ball of the lesion's volume
    double smallChange = 0.452; ///< of the earlier area, below largeArea
    double largeChange = 0.242; ///< of the earlier area, from largeArea on
    /// Voxels of the coarser grid by which the volume must change as well, and that a lesion must have to be called new
    /// or gone: fewer are as likely one more or less on its border. In keeping with the 3 mm that a lesion is asked to
    /// measure: Grahl et al., Evidence for a white matter lesion size threshold to support the diagnosis of relapsing
    /// remitting multiple sclerosis, Multiple Sclerosis and Related Disorders 29, 2019.
    double fewestVoxels = 3;
    /// mm between the centres of two voxels up to which lesions of the two examinations are the same lesion: one voxel
    /// of 1 mm in any direction, for what alignment leaves.
    double reach = 1.75;
};

enum class ChangeKind {
    New,
    Enlarged,
    Stable,
    Shrunk,
    Resolved,
    Unclear ///< too small to be called new or gone, or outside the other examination's field of view
};
constexpr std::array<ChangeKind, 6> kChangeKinds{ChangeKind::New,      ChangeKind::Enlarged, ChangeKind::Shrunk,
                                                 ChangeKind::Resolved, ChangeKind::Stable,   ChangeKind::Unclear};

/// Lesions of two examinations that are one and the same, with all that grew together or came apart between them.
struct LesionGroup
{
    ChangeKind kind = ChangeKind::Stable;
    double before = 0, now = 0;      ///< mL, each measured on its own grid
    std::vector<int> prior, current; ///< ids of imaging::findLesions in the two maps, largest first
    imaging::Vec3 position{};        ///< LPS mm in the current examination: where to look
    bool outsideView = false;        ///< of the other examination

    bool merged() const { return prior.size() > 1 && !current.empty(); }
    bool split() const { return current.size() > 1 && !prior.empty(); }
};

/// How the lesions of one patient changed from a prior examination to the current one.
///
/// Lesions are matched by place, in both directions, and those that touch through each other are one group, whose
/// volumes are summed: what merges or splits is judged as a whole. The prior's lesions are measured as they were drawn;
/// only their places are moved.
class LesionChange
{
public:
    struct Total
    {
        int groups = 0;
        double before = 0, now = 0; ///< mL
    };

    /// `currentToPrior` maps patient positions of the current examination to those of the prior one.
    LesionChange(const imaging::LabelMap &prior, const imaging::LabelMap &current,
                 const imaging::RigidTransform &currentToPrior, const ChangeLimits &limits = {});

    /// New ones first, then in the order of kChangeKinds; within one kind those that changed most in mL first.
    const std::vector<LesionGroup> &groups() const { return m_groups; }
    Total total(ChangeKind kind) const;
    Total total() const; ///< of all

private:
    std::vector<LesionGroup> m_groups;
};

/// What a group of these volumes (mL) is; voxelMillilitres: the larger voxel of the two grids.
ChangeKind changeKind(double before, double now, double voxelMillilitres, const ChangeLimits &limits = {});

} // namespace consilium::viewer
