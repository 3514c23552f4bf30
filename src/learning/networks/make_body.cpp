// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/networks/make_body.h"

#include "learning/networks/unet.h"

namespace consilium::learning {

Result<std::shared_ptr<Body>> makeBody(const Plan &plan, const std::filesystem::path &)
{
    const auto &kind = plan.network.kind;
    if (plan.network.dimensions != 2 && plan.network.dimensions != 3)
        return fail(ErrorCode::Unsupported, "A network of {} dimensions is not 2 or 3", plan.network.dimensions);
    if (kind == "unet")
        return std::make_shared<UNetImpl>(UNetShape::of(plan));
    return fail(ErrorCode::Unsupported, "The plan asks for a network of kind '{}', which this program does not have",
                kind);
}

} // namespace consilium::learning
