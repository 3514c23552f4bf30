// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/networks/make_body.h"

#include "learning/networks/ahnet.h"
#include "learning/networks/ahnet_slices.h"
#include "learning/networks/hourglass.h"
#include "learning/networks/residual_unet.h"
#include "learning/networks/scripted_network.h"
#include "learning/networks/unet.h"

namespace consilium::learning {

Result<std::shared_ptr<Body>> makeBody(const Plan &plan, const std::filesystem::path &module)
{
    const auto &kind = plan.network.kind;
    if (plan.network.dimensions != 2 && plan.network.dimensions != 3)
        return fail(ErrorCode::Unsupported, "A network of {} dimensions is not 2 or 3", plan.network.dimensions);
    if (kind == "unet")
        return std::make_shared<UNetImpl>(UNetShape::of(plan));
    if (kind == "residual-unet")
        return std::make_shared<ResidualUNetImpl>(UNetShape::of(plan));
    if (kind == "ahnet" && plan.network.dimensions == 2)
        return std::make_shared<SliceAHNetImpl>(AHNetShape::of(plan));
    if (kind == "ahnet")
        return std::make_shared<AHNetImpl>(AHNetShape::of(plan));
    if (kind == "hourglass")
        return std::make_shared<StackedHourglassImpl>(HourglassShape::of(plan));
    if (kind == "torchscript")
        return ScriptedNetwork::open(plan, module);
    return fail(ErrorCode::Unsupported, "The plan asks for a network of kind '{}', which this program does not have",
                kind);
}

} // namespace consilium::learning
