// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/strategy_loader.h"

#include "federation/strategy_factory.h"
#include "tasks/plugin_loader.h"

#include <QObject>
#include <QtPlugin>

Q_DECLARE_INTERFACE(consilium::federation::StrategyFactory, CONSILIUM_STRATEGY_FACTORY_ID)

namespace consilium::node {

Result<std::unique_ptr<federation::Strategy>> loadStrategy(const Plan &plan)
{
    const auto &strategy = plan.federation.strategy;
    if (strategy.kind != "plugin")
        return federation::makeStrategy(plan);
    const auto plugin = tasks::loadPlugin(strategy.plugin, CONSILIUM_STRATEGY_FACTORY_ID, "federation.strategy.plugin");
    if (!plugin)
        return fail(plugin.error());
    const auto *factory = qobject_cast<federation::StrategyFactory *>(*plugin);
    if (!factory)
        return fail(ErrorCode::Malformed, "The plug-in '{}' offers no strategy", strategy.plugin);
    return factory->create(plan);
}

} // namespace consilium::node
