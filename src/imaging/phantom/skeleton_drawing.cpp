// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/phantom/skeleton_drawing.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace consilium::imaging {

namespace {

constexpr double s_degree = std::numbers::pi / 180;

SagittalPoint turned(const SagittalPoint &p, double angle)
{
    const double c = std::cos(angle), s = std::sin(angle);
    return {c * p.x - s * p.y, s * p.x + c * p.y};
}

/// An edge that sags towards one side: endplates and walls are hollow, the corners stand out.
void addHollowEdge(Outline &outline, const SagittalPoint &from, const SagittalPoint &to, double sag)
{
    const auto along = to - from;
    const double length = std::hypot(along.x, along.y);
    const SagittalPoint across{-along.y / length, along.x / length};
    constexpr int pieces = 10;
    for (int piece = 0; piece < pieces; ++piece) {
        const double t = 1.0 * piece / pieces;
        const double depth = sag * (1 - std::pow(std::abs(2 * t - 1), 3.0));
        outline.push_back(from + along * t + across * depth);
    }
}

/// `apart`: the walls nearer to and farther from the detector are cast this much higher and lower.
Outline bodyOutline(const VertebraShape &v, const SagittalPoint &apart)
{
    Outline outline;
    // Clockwise with the front to the right: the inside lies to the right of each edge.
    addHollowEdge(outline, v.superiorPosterior + apart, v.superiorAnterior + apart, -1.1);
    addHollowEdge(outline, v.superiorAnterior + apart, v.inferiorAnterior + apart, -1.9);
    addHollowEdge(outline, v.inferiorAnterior + apart, v.inferiorPosterior + apart, -1.5);
    addHollowEdge(outline, v.inferiorPosterior + apart, v.superiorPosterior + apart, -1.2);
    return outline;
}

void drawBody(ProjectionCanvas &canvas, const VertebraShape &v, double density, Random &random)
{
    // The beam spreads: farther from the middle of the picture the two rims of an endplate part.
    const SagittalPoint apart{random.normal(0, 0.4), random.normal(0, 0.5)};
    BoneLook half{0.19 * density, 0.11 * std::sqrt(density), 0.7, 2.2, 0.13};
    canvas.addBone(bodyOutline(v, apart), half);
    canvas.addBone(bodyOutline(v, apart * -1), half);
    // Endplates are dense plates along the beam, thicker than the walls.
    for (const auto &[back, front] :
         {std::pair(v.superiorPosterior, v.superiorAnterior), std::pair(v.inferiorPosterior, v.inferiorAnterior)}) {
        const auto middle = (back + front) * 0.5;
        const auto centre = v.fromPosteriorWall(v.depth() / 2, 0);
        const auto sag = (centre - middle) * (1.2 / 13);
        const Outline plate =
            smoothLine(std::array{back, (back * 0.7 + front * 0.3) + sag, (back * 0.3 + front * 0.7) + sag, front});
        canvas.addTube(plate, 0.9, 0.9, 0.16 * std::sqrt(density), 0);
    }
}

/// Points given as mm to the front of, and above, the middle of the posterior wall.
Outline behind(const VertebraShape &v, std::initializer_list<SagittalPoint> points, double scale, double lift = 0)
{
    Outline outline;
    for (const auto &p : points)
        outline.push_back(v.fromPosteriorWall(scale * p.x, scale * p.y + lift));
    return smoothOutline(outline, 4);
}

void drawPosteriorElements(ProjectionCanvas &canvas, const VertebraShape &v, double density, double scale,
                           Random &random)
{
    const BoneLook arch{0.14 * density, 0.08 * density, 0.8, 2.5, 0.13};
    for (int side = 0; side < 2; ++side) {
        const double lift = random.normal(0, 0.9);
        canvas.addBone(behind(v, {{2, 1}, {2, 10}, {-6, 9}, {-11, 11}, {-12, 2}, {-6, 1.5}}, scale, lift), arch);
        canvas.addBone(behind(v,
                              {{-10, 3},
                               {-8, 12},
                               {-10, 23},
                               {-15, 26},
                               {-19, 15},
                               {-22, 4},
                               {-27, -9},
                               {-30, -23},
                               {-25, -29},
                               {-19, -22},
                               {-16, -9},
                               {-12, -1}},
                              scale, lift),
                       arch);
        const auto process = v.fromPosteriorWall(-14 * scale, 4 * scale + lift);
        canvas.addTube({process, process + SagittalPoint{-2, 0}}, 3.8 * scale, 1.2, 0.022 * density, 0.002);
    }
    canvas.addBone(
        behind(v, {{-20, 4}, {-42, 3}, {-60, -3}, {-66, -10}, {-65, -19}, {-57, -23}, {-42, -17}, {-23, -9}}, scale),
        {0.24 * density, 0.09 * density, 0.9, 3, 0.12});
}

void drawSacrum(ProjectionCanvas &canvas, const SpineShape &spine, double density, Random &random)
{
    constexpr std::array lengths{29.0, 24.0, 20.0, 17.0, 15.0, 12.0, 14.0};
    constexpr std::array depths{33.0, 27.0, 22.0, 18.0, 14.0, 10.0, 7.0, 5.0};
    const double scale =
        std::hypot(spine.s1Anterior.x - spine.s1Posterior.x, spine.s1Anterior.y - spine.s1Posterior.y) / 33;
    double heading = spine.slope * s_degree;
    const double curl = random.uniform(9, 15) * s_degree;
    auto middle = spine.s1Middle;
    Outline front{spine.s1Anterior}, back{spine.s1Posterior};
    std::vector<Outline> remnants;
    for (std::size_t part = 0; part < lengths.size(); ++part) {
        // Straight for the first segment, then curled forward, most at the tail.
        middle = middle - headward(heading) * (scale * lengths[part]);
        if (part > 0)
            heading -= curl;
        const double half = scale * depths[part + 1] / 2;
        // The front wall stays smooth; what is lost in depth is lost behind.
        middle = middle + forward(heading) * (part == 0 ? 2.0 : 0.6);
        front.push_back(middle + forward(heading) * half);
        back.push_back(middle - forward(heading) * half);
        if (part < 4)
            remnants.push_back({front.back() - forward(heading) * 1.5, back.back() + forward(heading) * (0.35 * half)});
    }
    // The endplate stays straight; only the two long walls are smooth curves.
    auto outline = smoothLine(front, 4);
    auto returning = smoothLine(back, 4);
    outline.insert(outline.end(), returning.rbegin(), returning.rend());
    canvas.addBone(outline, {0.30 * density, 0.16 * std::sqrt(density), 0.8, 4, 0.12});
    const auto plate = spine.s1Anterior - spine.s1Posterior;
    Outline top;
    addHollowEdge(top, spine.s1Posterior, spine.s1Anterior, -0.9);
    top.push_back(spine.s1Posterior + plate);
    canvas.addTube(top, 0.9, 0.9, 0.12 * std::sqrt(density), 0);
    for (const auto &remnant : remnants)
        canvas.addTube(remnant, 0.8, 0.8, 0.05, 0);
    // The median crest: what is left of the spinous processes.
    Outline crest;
    for (std::size_t part = 0; part < 5; ++part)
        crest.push_back(back[part] - forward(spine.slope * s_degree) * (part == 0 ? 4.0 : 1.0));
    for (std::size_t part = 5; part-- > 0;)
        crest.push_back(back[part] - forward(spine.slope * s_degree) * (16 - 2.5 * static_cast<double>(part)) +
                        SagittalPoint{0, part % 2 == 0 ? 2.0 : -2.0});
    canvas.addBone(smoothOutline(crest, 4), {0.13 * density, 0.07 * density, 0.9, 4, 0.1});
    // The wings lie beside the first two segments.
    canvas.addLump(spine.s1Middle - headward(heading) * 5 + SagittalPoint{-4, -22}, 24, 30, 0.5, 0.22 * density);
}

/// Control points for a pelvis of 12 degrees tilt whose sacral endplate lies 105 mm from the hip's centre.
constexpr std::array s_ilium{
    SagittalPoint{60, 80},   SagittalPoint{56, 100},  SagittalPoint{38, 124},  SagittalPoint{10, 139},
    SagittalPoint{-24, 142}, SagittalPoint{-54, 128}, SagittalPoint{-76, 102}, SagittalPoint{-74, 84},
    SagittalPoint{-54, 66},  SagittalPoint{-40, 46},  SagittalPoint{-42, 18},  SagittalPoint{-34, 2},
    SagittalPoint{-40, -34}, SagittalPoint{-30, -57}, SagittalPoint{-12, -54}, SagittalPoint{0, -38},
    SagittalPoint{22, -32},  SagittalPoint{48, -40},  SagittalPoint{58, -24},  SagittalPoint{46, -4},
    SagittalPoint{30, 10},   SagittalPoint{38, 36},   SagittalPoint{46, 58}};

void drawPelvis(ProjectionCanvas &canvas, const SpineShape &spine, const SagittalPoint &hip, double radius,
                double density, Random &random)
{
    const double scale = std::hypot(spine.s1Middle.x, spine.s1Middle.y) / 105 * (radius / 23.5);
    const double angle = (spine.tilt - 12) * s_degree + random.normal(0, 0.01);
    Outline ilium;
    for (const auto &p : s_ilium)
        ilium.push_back(hip + turned(p * scale, angle));
    canvas.addBone(smoothOutline(ilium, 3), {0.13 * density, 0.14 * density, 1.0, 6, 0.08});
    // The thick bar from hip to sacrum, which carries the trunk, and the crest.
    const auto bar = [&](double x, double y) { return hip + turned(SagittalPoint{x, y} * scale, angle); };
    canvas.addLump(bar(-10, 40), 17, 34, angle + 0.25, 0.16 * density);
    canvas.addLump(bar(-42, 84), 24, 36, angle + 0.7, 0.18 * density);
    canvas.addTube(smoothLine(std::array{bar(56, 98), bar(36, 121), bar(8, 136), bar(-26, 138), bar(-56, 123)}), 4, 1.5,
                   0.022 * density, 0.008);
    // The socket's rim, thickest in its roof.
    Outline roof;
    for (int step = 0; step <= 12; ++step) {
        const double around = (15 + 13.5 * step) * s_degree + angle;
        roof.push_back(hip + SagittalPoint{std::cos(around), std::sin(around)} * (radius + 3.6));
    }
    canvas.addTube(roof, 1.5, 1.5, 0.055 * density, 0);
    canvas.addTube(Outline(roof.begin() + 4, roof.begin() + 9), 2.2, 2.2, 0.035 * density, 0);
}

void drawFemur(ProjectionCanvas &canvas, const SagittalPoint &hip, double radius, double density, Random &random)
{
    canvas.addBall(hip, radius, {0.28 * density, 0.15 * density, 0.9, 4, 0.1});
    // Flexed a little, one more than the other; neck, trochanters and shaft lie one over the other.
    const double flexion = random.normal(8, 5) * s_degree;
    Outline femur;
    for (const SagittalPoint &p : std::initializer_list<SagittalPoint>{{13, -8},
                                                                       {10, -30},
                                                                       {9, -60},
                                                                       {12, -100},
                                                                       {16, -150},
                                                                       {-14, -150},
                                                                       {-18, -100},
                                                                       {-22, -56},
                                                                       {-27, -30},
                                                                       {-24, -8},
                                                                       {-12, -1},
                                                                       {-4, 4}})
        femur.push_back(hip + turned(p, flexion));
    canvas.addBone(smoothOutline(femur, 4), {0.13 * density, 0.14 * density, 2.2, 9, 0.1});
}

void drawRibs(ProjectionCanvas &canvas, const SpineShape &spine, double density, Random &random)
{
    // The heads of the tenth to twelfth ribs lie at and above T12; the lower ones are shorter.
    const auto &t12 = spine.vertebrae.front();
    for (int rib = 0; rib < 3; ++rib) {
        const double reach = 80 + 45 * rib;
        for (int side = 0; side < 2; ++side) {
            const auto head = t12.fromPosteriorWall(-2, 7.0 + 30 * rib + random.normal(0, 2));
            const double drop = random.uniform(0.85, 1.05) * reach;
            const double swing = random.uniform(0.35, 0.55) * reach;
            const std::array line{head,
                                  head + SagittalPoint{-16, -3},
                                  head + SagittalPoint{-29, -0.16 * drop},
                                  head + SagittalPoint{-31, -0.36 * drop},
                                  head + SagittalPoint{-31 + 0.4 * swing, -0.66 * drop},
                                  head + SagittalPoint{-31 + 1.1 * swing, -drop}};
            canvas.addTube(smoothLine(line, 8), 4.4, 0.9, 0.024 * density, 0.006);
        }
    }
}

} // namespace

void drawSkeleton(ProjectionCanvas &canvas, const SpineShape &spine, double density, Random &random)
{
    drawRibs(canvas, spine, density, random);
    double scale = 0.9;
    for (const auto &vertebra : spine.vertebrae) {
        drawPosteriorElements(canvas, vertebra, density, scale, random);
        drawBody(canvas, vertebra, density, random);
        scale = std::min(1.0, scale + 0.04);
    }
    drawSacrum(canvas, spine, density, random);
    drawPelvis(canvas, spine, spine.leftHip, spine.leftHipRadius, density, random);
    drawPelvis(canvas, spine, spine.rightHip, spine.rightHipRadius, density, random);
    drawFemur(canvas, spine.leftHip, spine.leftHipRadius, density, random);
    drawFemur(canvas, spine.rightHip, spine.rightHipRadius, density, random);
}

void drawInstrumentation(ProjectionCanvas &canvas, const SpineShape &spine, int upper, int lower, Random &random)
{
    constexpr double metalPerMm = 0.35;
    for (int side = 0; side < 2; ++side) {
        const double lift = random.normal(0, 1.2), aside = random.normal(0, 1.5);
        Outline heads;
        for (int level = upper; level <= lower; ++level) {
            SagittalPoint head, tip;
            if (level < static_cast<int>(spine.vertebrae.size())) {
                const auto &v = spine.vertebrae[static_cast<std::size_t>(level)];
                const double rise = random.normal(0, 0.6);
                head = v.fromPosteriorWall(-22 + aside, 7.5 + lift + rise);
                tip =
                    v.fromPosteriorWall(random.uniform(0.6, 0.85) * v.depth(), 5 + lift + rise + random.normal(0, 1.2));
            } else {
                const double angle = spine.slope * s_degree;
                head = spine.s1Posterior - forward(angle) * (18 - aside) - headward(angle) * (3 - lift);
                tip = spine.s1Anterior - forward(angle) * 7 - headward(angle) * (10 - lift);
            }
            heads.push_back(head);
            // Shaft and thread.
            const auto along = (tip - head) * (1 / std::hypot(tip.x - head.x, tip.y - head.y));
            const SagittalPoint across{-along.y, along.x};
            canvas.addPin({head, tip - along * 4, tip}, 2.4, metalPerMm);
            const double length = std::hypot(tip.x - head.x, tip.y - head.y);
            for (double at = 8; at < length - 3; at += 2.6) {
                const auto middle = head + along * at;
                canvas.addPin({middle - across * 2.6 - along * 0.4, middle + across * 2.6 + along * 0.4}, 0.7,
                              metalPerMm);
            }
            canvas.addPin({head - across * 4.5, head + across * 4.5}, 4.2, 0.5 * metalPerMm); // the screw's head
        }
        if (heads.size() < 2)
            continue;
        heads.insert(heads.begin(), heads.front() * 2 - heads[1]);
        heads.front() = heads[1] + (heads.front() - heads[1]) * 0.3;
        heads.push_back(heads.back() + (heads.back() - heads[heads.size() - 2]) * 0.3);
        canvas.addPin(smoothLine(heads), 2.75, metalPerMm);
    }
}

} // namespace consilium::imaging
