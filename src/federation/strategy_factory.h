// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/strategy.h"

namespace consilium::federation {

/// What the library of a strategy plug-in says that it is: the number counts changes of these interfaces. A macro
/// because Qt's meta-object compiler reads it. Program and plug-in tell Qt of it by Q_DECLARE_INTERFACE: this library
/// knows no Qt.
#define CONSILIUM_STRATEGY_FACTORY_ID "org.consilium.StrategyFactory/1"

/// What the plug-in's library exports: a strategy of a plan whose federation.strategy.kind is "plugin" and whose
/// federation.strategy.plugin is its name. It runs at the host alone; sites and host find in the plan which it is and
/// what federation.strategy.settings asks of it.
class StrategyFactory
{
public:
    virtual ~StrategyFactory() = default;
    /// Errors: Invalid (a setting that it does not know or that is impossible: names the key).
    virtual Result<std::unique_ptr<Strategy>> create(const Plan &plan) const = 0;
};

} // namespace consilium::federation
