// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/setting.h"
#include "viewer/actions/action_table.h"
#include "viewer/canvas/pointer_scheme.h"

namespace consilium::app {

/// The mouse schemes there are, to choose from; the default first.
std::vector<Choice> pointerChoices();

/// What the mouse, a touch pad and the wheel do under a scheme, for the table of keys: the scheme's drags first, then
/// what no scheme changes.
std::vector<viewer::Gesture> pointerGestures(const viewer::PointerScheme &scheme);

} // namespace consilium::app
