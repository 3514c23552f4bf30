// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/setting.h"

namespace consilium::app {

/// Everything a reader can choose but the keys, which the table of actions keeps. Made after the translations are
/// installed, since labels are translated once.
class Settings
{
public:
    /// `store` outlives the settings.
    explicit Settings(viewer::SettingsStore &store);

    ChoiceSetting theme;       ///< "dark" (default), "light"
    NumberSetting fontScale;   ///< percent of the theme's sizes, 80 to 150
    ChoiceSetting language;    ///< "system" (default), "en", "de"; takes effect at the next start
    ChoiceSetting mouseScheme; ///< id of a viewer::PointerScheme
    NameSetting readerName;    ///< in the names of saved files and in reading sessions; the login name by default
    NumberSetting imageMemory; ///< GB (2^30 bytes) that opened images may take, 1 to 256
};

} // namespace consilium::app
