// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/geometry.h"

namespace consilium::viewer {

/// A box along the patient's axes, LPS mm.
struct PatientBox
{
    imaging::Vec3 low{}, high{};
};

} // namespace consilium::viewer
