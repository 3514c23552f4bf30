// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/node_release.h"

#include <QCoreApplication>

namespace consilium::app {

void release(std::unique_ptr<NodeProcess> node)
{
    constexpr int deadline = 2000; // ms
    if (!node || !node->isRunning())
        return;
    auto *ending = node.release();
    ending->disconnect();
    QObject::connect(ending, &NodeProcess::finished, ending, &QObject::deleteLater);
    ending->setParent(QCoreApplication::instance());
    ending->stop(deadline);
}

} // namespace consilium::app
