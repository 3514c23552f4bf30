// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/review_resources.h"

#include <QFile>

// Resources of a static library are not registered by themselves, and the macro does not work inside a namespace.
static void registerReview()
{
    Q_INIT_RESOURCE(review);
}

namespace consilium::viewer {

Result<Json> reviewResource(const std::string &name)
{
    registerReview();
    QFile file(QStringLiteral(":/review/") + QString::fromStdString(name));
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::NotFound, "{} is missing from the program", name);
    return parseJson(file.readAll().toStdString());
}

} // namespace consilium::viewer
