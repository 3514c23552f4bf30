// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/quality/quality.h"

namespace consilium::imaging {

/// One channel of a case, read.
struct QualityChannel
{
    std::string name; ///< "FLAIR", or "channel 2" when the task names none
    Volume volume;
    LabelMap brain; ///< no values when the task has no brain, or none was found
};

/// Each spacing in canonical axes within the tolerance; the value is the largest deviation in mm.
QualityFinding checkSpacing(const QualityChannel &channel, const Vec3 &expected, double tolerance);

/// Median of the brain over the standard deviation of the noise: that of fluid in FLAIR, where tissue has the lesions
/// and the folds that look like noise, and that of the whole brain else. The noise is the median of the finest diagonal
/// Haar coefficients (2 x 2 x 2 voxels) over 0.6745. Source: Coupé et al., Robust Rician noise estimation for MR
/// images, Medical Image Analysis 14, 2010 (without its correction for SNR below 3).
QualityFinding checkSignalToNoise(const QualityChannel &channel);

/// The largest flat face of the brain mask, inside the image or at its border, as a share of the brain's largest cross
/// section in that plane: a brain is round, a field of view is not. The brain's volume must be that of a brain, too.
QualityFinding checkCoverage(const QualityChannel &channel);

/// Dice of two channels' brain masks, by patient position, and the ratio of their volumes.
QualityFinding checkAgreement(const QualityChannel &first, const QualityChannel &second);

/// Percent signal ghosting: the difference of the mean background in front of and behind the head from that on its left
/// and right, over the mean signal. Motion, flow and Nyquist ghosts lie along one of the two, the phase-encoding
/// direction; noise lies in both. Not measured where the background was masked. Source: American College of Radiology,
/// Phantom test guidance for the ACR MRI accreditation program, "percent signal ghosting".
QualityFinding checkGhosting(const QualityChannel &channel);

} // namespace consilium::imaging
