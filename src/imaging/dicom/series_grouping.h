// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/dicom/image_header.h"

#include <string>
#include <vector>

/// The steps from planes to volumes: planes alike, then times, then even stacks.
namespace consilium::imaging::dicom {

/// A plane with the file it comes from.
struct Image
{
    const ImageHeader *header = nullptr;
    Plane plane;
    double position = 0; ///< mm along the normal that the group has in common
};
using Images = std::vector<Image>;

/// Planes of one kind in order of position: several times of the same positions.
struct Timeline
{
    std::string label; ///< what tells it from others of its group, may be empty
    std::vector<Images> times;
    std::vector<std::string> warnings;
};

/// Puts planes that lie at one place into times, by temporal position, acquisition, trigger, diffusion, ..., whatever
/// tells every one of them apart, else by instance number; or into timelines of their own where the difference is no
/// time (inversion time) or the positions are others. `images` has one orientation and is sorted by position.
std::vector<Timeline> separateRepeats(Images images);

/// The volumes of a timeline: each evenly spaced. The parts are labelled, the warnings complete.
std::vector<Series> stackEvenly(const Timeline &timeline);

/// A series of planes that lie nowhere in particular: one slice, a time for each plane.
Series withoutPlace(const Images &planes);

/// A position for people: "-12.50".
std::string inMillimetres(double position);

} // namespace consilium::imaging::dicom
