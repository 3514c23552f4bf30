// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "imaging/phantom/phantom_kinds.h"
#include "imaging/phantom/skeleton_drawing.h"

#include <algorithm>
#include <array>
#include <cmath>

// The picture's rows run from head to foot (-S), its columns backwards (+P) when the patient faces left in it and
// forwards (-P) when right; the third axis is the beam, by the right-hand rule towards the patient's right or left. The
// axis through both hips lies at LPS (0, 0, 0), all points in the plane L = 0.
namespace consilium::imaging {

namespace {

/// One clinic's equipment and patients.
struct Clinic
{
    double spacing = 0.3; ///< mm a pixel
    double blur = 0.35;   ///< mm, deviation of the focal spot's and the detector's together
    double contrast = 1, noise = 0.012;
    double compression = 0.72;     ///< share of the slow changes of brightness that processing takes away
    double instrumentation = 0.12; ///< share of operated patients
    double collimation = 0.25;     ///< share of pictures with borders in sight
    double porosity = 0;           ///< loss of bone on average
    double girth = 1;
    bool facesLeft = true, whiteBorders = false, marker = false;
};

/// Bounded, and exactly the reference for shift 0.
Clinic clinicOf(int shift)
{
    const auto wave = [shift](double rate) { return std::sin(rate * shift); };
    constexpr std::array spacings{0.3, 0.36, 0.32, 0.4, 0.34};
    Clinic clinic;
    clinic.spacing = spacings[static_cast<std::size_t>(shift) % spacings.size()];
    clinic.blur += 0.5 * std::abs(wave(1.3));
    clinic.contrast = std::exp(0.2 * wave(1.1));
    clinic.noise *= std::exp(0.7 * std::abs(wave(0.9)));
    clinic.compression += 0.15 * wave(1.7);
    clinic.instrumentation += 0.45 * std::abs(wave(2.3));
    clinic.collimation += 0.6 * std::abs(wave(1.9));
    clinic.porosity = 0.25 * std::abs(wave(0.7));
    clinic.girth += 0.15 * wave(2.9);
    clinic.facesLeft = shift % 3 != 2;
    clinic.whiteBorders = shift % 2 == 1;
    clinic.marker = shift % 2 == 0;
    return clinic;
}

/// What is in the picture: a box around all landmarks.
struct Field
{
    double back, front, bottom, top;
};

std::vector<Landmark> landmarksOf(const SpineShape &spine)
{
    std::vector<Landmark> points;
    const auto place = [&points](const std::string &name, const SagittalPoint &p) {
        points.push_back({name, Vec3{0, 0.0 - p.x, p.y}, Visibility::Visible, 1, false});
    };
    for (const auto &vertebra : spine.vertebrae) {
        place(vertebra.name + " superior anterior", vertebra.superiorAnterior);
        place(vertebra.name + " superior posterior", vertebra.superiorPosterior);
        place(vertebra.name + " inferior anterior", vertebra.inferiorAnterior);
        place(vertebra.name + " inferior posterior", vertebra.inferiorPosterior);
    }
    place("S1 anterior", spine.s1Anterior);
    place("S1 middle", spine.s1Middle);
    place("S1 posterior", spine.s1Posterior);
    place("femoral head left", spine.leftHip);
    place("femoral head right", spine.rightHip);
    return points;
}

Field fieldAround(const std::vector<Landmark> &landmarks, Random &random)
{
    Field field{1e9, -1e9, 1e9, -1e9};
    for (const auto &landmark : landmarks) {
        const double x = -landmark.position[1], y = landmark.position[2];
        field = {std::min(field.back, x), std::max(field.front, x), std::min(field.bottom, y), std::max(field.top, y)};
    }
    field.back -= random.uniform(68, 95);
    field.front += random.uniform(55, 95);
    field.bottom -= random.uniform(40, 65);
    field.top += random.uniform(22, 48);
    return field;
}

/// Attenuation of trunk, gas and lungs.
class SoftTissue
{
public:
    SoftTissue(const SpineShape &spine, const Clinic &clinic, Random &random)
        : m_spine(spine), m_depth(118 * clinic.girth * random.normal(1, 0.07)),
          m_width(165 * clinic.girth * random.normal(1, 0.05)), m_belly(random.uniform(-6, 26)),
          m_dome(random.uniform(-14, 10)), m_flat(random.uniform(0.1, 0.4))
    {
    }

    void draw(ProjectionCanvas &canvas, Random &random) const
    {
        const SagittalPoint first = canvas.position(0, 0);
        const SagittalPoint last = canvas.position(canvas.columns() - 1, canvas.rows() - 1);
        canvas.add(first, last, [this](const SagittalPoint &p) { return trunk(p) - lung(p); });
        mottle(canvas, random);
        drawGas(canvas, random);
    }

private:
    double trunk(const SagittalPoint &p) const
    {
        // The back follows the lordosis a little; the buttocks lie behind the sacrum, the thighs below the belly.
        const double level = (p.y - 160) / 120;
        const double low = std::max(0.0, 90 - p.y);
        const double back = -108 - 8 * level * level - 0.004 * low * low;
        const double front = 2 * m_depth - 100 + m_belly * std::exp(-2 * level * level);
        const double middle = (front + back) / 2, half = (front - back) / 2;
        const double u = (p.x - middle) / half;
        if (u <= -1 || u >= 1)
            return 0;
        const double width = m_width * (1 + 0.04 * level * level);
        return 0.0185 * 2 * width * std::pow(1 - u * u, 0.36);
    }

    /// Air above the diaphragm, which falls steeply behind the spine.
    double lung(const SagittalPoint &p) const
    {
        const auto &t12 = m_spine.vertebrae.front();
        const double x = p.x - t12.superiorAnterior.x;
        double sum = 0;
        for (const double side : {0.0, 1.0}) {
            const double front = (x - 75) / 95, back = std::max(0.0, -12 - x);
            const double dome =
                t12.superiorAnterior.y + m_dome + 10 * side + 95 * m_flat * (1 - front * front) - 0.02 * back * back;
            const double above = p.y - dome;
            sum += 0.16 * std::clamp(above / 1.2 + 0.5, 0.0, 1.0) + 0.42 * (1 - std::exp(-std::max(above, 0.0) / 40));
        }
        return sum;
    }

    void mottle(ProjectionCanvas &canvas, Random &random) const
    {
        auto &values = canvas.values();
        constexpr std::array sizes{45.0, 16.0, 6.0}, strengths{0.09, 0.045, 0.018};
        for (std::size_t scale = 0; scale < sizes.size(); ++scale) {
            const auto field = randomField(random, canvas.columns(), canvas.rows(), sizes[scale] / canvas.spacing());
            for (std::size_t pixel = 0; pixel < values.size(); ++pixel) {
                if (values[pixel] > 0.5F)
                    values[pixel] += static_cast<float>(strengths[scale]) * field[pixel];
            }
        }
    }

    /// Bowel gas lies before the spine, now and then over it.
    void drawGas(ProjectionCanvas &canvas, Random &random) const
    {
        const int lumps = 6 + random.below(10);
        for (int lump = 0; lump < lumps; ++lump) {
            const double y = random.uniform(20, 270);
            const double x = m_spine.frontAt(y) + random.uniform(8, 95);
            const double radius = random.uniform(6, 20);
            const double turn = random.uniform(0, std::numbers::pi), strength = random.uniform(0.1, 0.3);
            // Haustra: a chain of lumps.
            const int links = 2 + random.below(4);
            for (int link = 0; link < links; ++link) {
                const double along = 0.8 * radius * link;
                canvas.addLump({x + along * std::cos(turn), y + along * std::sin(turn)},
                               radius * random.uniform(0.8, 1.2), radius * random.uniform(0.6, 1.0), turn, -strength);
            }
        }
    }

    const SpineShape &m_spine;
    double m_depth, m_width, m_belly, m_dome, m_flat;
};

/// The letter of the side, in lead, near the upper corner in front.
void drawMarker(ProjectionCanvas &canvas, const Field &field)
{
    const SagittalPoint foot{field.front - 22, field.top - 30};
    canvas.addPin({foot, foot + SagittalPoint{0, 14}}, 1.3, 1.2);
    canvas.addPin({foot, foot + SagittalPoint{canvas.position(1, 0).x < canvas.position(0, 0).x ? -8.0 : 8.0, 0}}, 1.3,
                  1.2);
}

void instrument(ProjectionCanvas &canvas, const SpineShape &spine, const Clinic &clinic, Random &random)
{
    // Drawn whether used or not: the rest of the picture then does not depend on the operation.
    const bool operated = random.uniform() < clinic.instrumentation;
    const int lower = 5 + random.below(2);
    const int upper = std::max(0, lower - 1 - random.below(5));
    Random detail(derivedSeed(static_cast<std::uint64_t>(random.below(1 << 30)), "instrumentation"));
    if (operated)
        drawInstrumentation(canvas, spine, upper, lower, detail);
}

/// From attenuation to the stored numbers: blur, quantum noise, processing, tone curve.
std::vector<float> expose(ProjectionCanvas &canvas, const Clinic &clinic, Random &random)
{
    auto &values = canvas.values();
    const int columns = canvas.columns(), rows = canvas.rows();
    ProjectionCanvas::blur(values, columns, rows, clinic.blur / canvas.spacing());
    // Fewer quanta behind more body: noise in the logarithm grows with the root of the attenuation's exponential.
    for (auto &value : values)
        value += static_cast<float>(clinic.noise * std::exp(0.5 * (std::min<double>(value, 9) - 5)) * random.normal());
    auto slow = values;
    for (auto &value : slow)
        value = std::min(value, 7.5F); // metal throws no shadow into its surroundings
    ProjectionCanvas::blur(slow, columns, rows, 22 / canvas.spacing());
    const double compression = std::clamp(clinic.compression, 0.2, 0.9);
    for (std::size_t pixel = 0; pixel < values.size(); ++pixel)
        values[pixel] -= static_cast<float>(compression) * slow[pixel];

    // Exposure control: the middle of the picture becomes a middle grey.
    std::vector<float> middle;
    for (int row = rows / 5; row < 4 * rows / 5; row += 4) {
        for (int column = columns / 4; column < 3 * columns / 4; column += 4)
            middle.push_back(values[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                                    static_cast<std::size_t>(column)]);
    }
    const auto half = middle.begin() + std::ssize(middle) / 2;
    std::nth_element(middle.begin(), half, middle.end());
    const double level = *half, width = 0.46 / clinic.contrast, brightness = random.normal(0, 0.15);
    std::vector<float> stored;
    stored.reserve(values.size());
    for (const auto value : values)
        stored.push_back(
            static_cast<float>(std::round(4095 / (1 + std::exp(-((value - level) / width + brightness - 0.35))))));
    return stored;
}

/// Closes the shutters on what lies outside the part of interest, leaving a dim rim.
void collimate(std::vector<float> &stored, const ProjectionCanvas &canvas, const Field &field, const Clinic &clinic,
               Random &random)
{
    const bool closed = random.uniform() < clinic.collimation;
    const std::array margins{random.uniform(4, 40), random.uniform(4, 40), random.uniform(4, 26),
                             random.uniform(4, 18)};
    if (!closed)
        return;
    const double rest = clinic.whiteBorders ? 3900 : 60;
    const double tilt = random.uniform(-0.02, 0.02);
    std::size_t pixel = 0;
    for (int row = 0; row < canvas.rows(); ++row) {
        for (int column = 0; column < canvas.columns(); ++column, ++pixel) {
            const auto p = canvas.position(column, row);
            const double x = p.x + tilt * (p.y - 150), y = p.y - tilt * p.x;
            const double inside = std::min({x - field.back - margins[0], field.front - margins[1] - x,
                                            y - field.bottom - margins[2], field.top - margins[3] - y});
            const double open = std::clamp(0.5 + inside / 1.5, 0.0, 1.0);
            stored[pixel] = static_cast<float>(std::round(open * stored[pixel] + (1 - open) * rest));
        }
    }
}

Geometry geometryOf(const ProjectionCanvas &canvas, bool facesLeft)
{
    Geometry geometry;
    geometry.size = {canvas.columns(), canvas.rows(), 1};
    geometry.spacing = {canvas.spacing(), canvas.spacing(), 1};
    const double way = facesLeft ? 1 : -1;
    geometry.direction = {Vec3{0, 0, -way}, Vec3{way, 0, 0}, Vec3{0, -1, 0}};
    const auto corner = canvas.position(0, 0);
    geometry.origin = {0, 0.0 - corner.x, corner.y};
    return geometry;
}

} // namespace

PhantomCase spinopelvicPhantom(std::uint64_t seed, int siteShift)
{
    const auto clinic = clinicOf(siteShift);
    Random anatomy(derivedSeed(seed, "anatomy"));
    const SpineShape spine(anatomy);
    Random random(derivedSeed(seed, "scan"));
    PhantomCase made{{"X-ray"}, {}, {}, {landmarksOf(spine)}, "DX", {}};
    const auto field = fieldAround(made.landmarks.points, random);
    const int columns = static_cast<int>((field.front - field.back) / clinic.spacing);
    const int rows = static_cast<int>((field.top - field.bottom) / clinic.spacing);
    ProjectionCanvas canvas(columns, rows, clinic.spacing, {clinic.facesLeft ? field.front : field.back, field.top},
                            clinic.facesLeft);
    SoftTissue(spine, clinic, anatomy).draw(canvas, random);
    canvas.setGrain(random, 0.9);
    drawSkeleton(canvas, spine, std::clamp(random.normal(1 - clinic.porosity, 0.1), 0.55, 1.2), anatomy);
    instrument(canvas, spine, clinic, random);
    if (clinic.marker)
        drawMarker(canvas, field);
    Volume image{geometryOf(canvas, clinic.facesLeft), expose(canvas, clinic, random)};
    collimate(image.values, canvas, field, clinic, random);
    made.images.push_back(std::move(image));
    return made;
}

} // namespace consilium::imaging
