// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/strategy_factory.h"

#include <QObject>
#include <QtPlugin>

#include <algorithm>
#include <cmath>

Q_DECLARE_INTERFACE(consilium::federation::StrategyFactory, CONSILIUM_STRATEGY_FACTORY_ID)

namespace consilium::federation {

namespace {

/// Centred clipping (Karimireddy, He and Jaggi 2021, "Learning from history for Byzantine robust optimization"): from a
/// centre v, v <- v + 1/n sum (d_i - v) min(1, tau / ||d_i - v||), a few times over, d_i the site's change. The centre
/// begins at no change; tau is `radius` times the median norm of the round's changes, so that it needs no tuning to the
/// size of a network. All is worked out from the inner products of the changes: v stays a weighted sum of them.
///
/// Settings: radius, above 0 (1); iterations, 1 to 100 (3).
class CentredClipping : public Strategy
{
public:
    CentredClipping(double radius, int iterations) : m_radius(radius), m_iterations(iterations) {}

    bool needsGram() const override { return true; }
    Result<std::vector<double>> weigh(std::span<const Contribution> contributions, const Gram *gram) override
    {
        const auto sites = contributions.size();
        if (sites == 0)
            return fail(ErrorCode::Invalid, "There is no update to combine");
        std::vector<double> norms;
        for (std::size_t i = 0; i < sites; ++i)
            norms.push_back(std::sqrt(std::max(0.0, (*gram)(i, i))));
        std::ranges::sort(norms);
        const double tau = m_radius * (norms[(sites - 1) / 2] + norms[sites / 2]) / 2;
        std::vector<double> weights(sites, 0.0); // of the changes in v
        for (int iteration = 0; iteration < m_iterations; ++iteration) {
            std::vector<double> alongCentre(sites, 0.0); // d_i . v
            double centre = 0;                           // ||v||^2
            for (std::size_t i = 0; i < sites; ++i) {
                for (std::size_t j = 0; j < sites; ++j)
                    alongCentre[i] += weights[j] * (*gram)(i, j);
                centre += weights[i] * alongCentre[i];
            }
            std::vector<double> shares;
            double total = 0;
            for (std::size_t i = 0; i < sites; ++i) {
                const double distance = std::sqrt(std::max(0.0, (*gram)(i, i) - 2 * alongCentre[i] + centre));
                shares.push_back((distance > tau ? tau / distance : 1) / static_cast<double>(sites));
                total += shares.back();
            }
            for (std::size_t i = 0; i < sites; ++i)
                weights[i] = weights[i] * (1 - total) + shares[i];
        }
        return weights;
    }

private:
    double m_radius;
    int m_iterations;
};

} // namespace

/// What Qt's plug-in loader finds in this library.
class CentredClippingFactory : public QObject, public StrategyFactory
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID CONSILIUM_STRATEGY_FACTORY_ID FILE "plugin.json")
    Q_INTERFACES(consilium::federation::StrategyFactory)

public:
    Result<std::unique_ptr<Strategy>> create(const Plan &plan) const override
    {
        double radius = 1, iterations = 3;
        for (const auto &[name, value] : plan.federation.strategy.settings) {
            const auto key = "federation.strategy.settings." + name;
            if (name != "radius" && name != "iterations")
                return failWithHint(ErrorCode::Invalid, "It has radius and iterations",
                                    "{} is no setting of centred clipping", key);
            if (name == "radius" && !(value > 0 && std::isfinite(value)))
                return fail(ErrorCode::Invalid, "{} must be above 0", key);
            if (name == "iterations" && !(value >= 1 && value <= 100 && value == std::floor(value)))
                return fail(ErrorCode::Invalid, "{} must be a whole number from 1 to 100", key);
            (name == "radius" ? radius : iterations) = value;
        }
        return std::make_unique<CentredClipping>(radius, static_cast<int>(iterations));
    }
};

} // namespace consilium::federation

#include "centred_clipping.moc"
