// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/brain_surface.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

namespace consilium::imaging {

namespace {

constexpr int s_iterations = 1000;
constexpr double s_localThreshold = 0.3;                        // of the way from the background to the local brightest
constexpr double s_darkReach = 20, s_brightReach = 10;          // mm looked inwards for the darkest and the brightest
constexpr double s_smallestRadius = 3.33, s_largestRadius = 10; // mm of curvature: smoothed away, left alone

Vec3 operator+(const Vec3 &a, const Vec3 &b)
{
    return {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
}
Vec3 operator-(const Vec3 &a, const Vec3 &b)
{
    return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}
Vec3 operator*(double factor, const Vec3 &v)
{
    return {factor * v[0], factor * v[1], factor * v[2]};
}
double dot(const Vec3 &a, const Vec3 &b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
Vec3 cross(const Vec3 &a, const Vec3 &b)
{
    return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
double norm(const Vec3 &v)
{
    return std::sqrt(dot(v, v));
}
Vec3 unit(const Vec3 &v)
{
    const double length = norm(v);
    return length > 0 ? 1 / length * v : v;
}

TriangleMesh icosahedron()
{
    const double g = std::numbers::phi;
    TriangleMesh mesh;
    for (const double a : {-1.0, 1.0}) {
        for (const double b : {-g, g}) {
            mesh.points.push_back(unit({a, b, 0}));
            mesh.points.push_back(unit({0, a, b}));
            mesh.points.push_back(unit({b, 0, a}));
        }
    }
    // A face joins three points that are one edge (2 of the unscaled solid) apart.
    const double edge = 2 / std::sqrt(1 + g * g);
    const auto near = [&](int a, int b) { return norm(mesh.points[a] - mesh.points[b]) < 1.01 * edge; };
    for (int a = 0; a < 12; ++a)
        for (int b = a + 1; b < 12; ++b)
            for (int c = b + 1; c < 12; ++c)
                if (near(a, b) && near(b, c) && near(a, c)) {
                    const auto &p = mesh.points;
                    const bool outward = dot(cross(p[b] - p[a], p[c] - p[a]), p[a]) > 0;
                    mesh.triangles.push_back(outward ? Index3{a, b, c} : Index3{a, c, b});
                }
    return mesh;
}

void subdivide(TriangleMesh &mesh)
{
    std::map<std::pair<int, int>, int> middles;
    const auto middle = [&](int a, int b) {
        const auto [place, isNew] = middles.try_emplace(std::minmax(a, b), static_cast<int>(mesh.points.size()));
        if (isNew)
            mesh.points.push_back(unit(mesh.points[a] + mesh.points[b]));
        return place->second;
    };
    std::vector<Index3> finer;
    for (const auto &[a, b, c] : mesh.triangles) {
        const int ab = middle(a, b), bc = middle(b, c), ca = middle(c, a);
        finer.insert(finer.end(), {{a, ab, ca}, {ab, b, bc}, {ca, bc, c}, {ab, bc, ca}});
    }
    mesh.triangles = std::move(finer);
}

std::vector<std::vector<int>> neighboursOf(const TriangleMesh &mesh)
{
    std::vector<std::vector<int>> neighbours(mesh.points.size());
    for (const auto &triangle : mesh.triangles)
        for (int corner = 0; corner < 3; ++corner) // each edge is seen once in either direction
            neighbours[triangle[corner]].push_back(triangle[(corner + 1) % 3]);
    return neighbours;
}

std::vector<Vec3> normalsOf(const TriangleMesh &mesh)
{
    std::vector<Vec3> normals(mesh.points.size(), Vec3{});
    for (const auto &[a, b, c] : mesh.triangles) {
        const auto normal = cross(mesh.points[b] - mesh.points[a], mesh.points[c] - mesh.points[a]);
        for (const int corner : {a, b, c})
            normals[corner] = normals[corner] + normal;
    }
    for (auto &normal : normals)
        normal = unit(normal);
    return normals;
}

/// The head seen from the surface: nearest voxel, background outside.
class Sampler
{
public:
    Sampler(const Volume &head, double background) : m_head(head), m_background(background)
    {
        const auto &geometry = head.geometry;
        m_origin = geometry.toIndex({0, 0, 0});
        for (int c = 0; c < 3; ++c) {
            Vec3 axis{};
            axis[c] = 1;
            m_axes[c] = geometry.toIndex(axis) - m_origin;
        }
    }
    double at(const Vec3 &p) const
    {
        Index3 index{};
        for (int c = 0; c < 3; ++c) {
            const double place = m_origin[c] + p[0] * m_axes[0][c] + p[1] * m_axes[1][c] + p[2] * m_axes[2][c] + 0.5;
            if (!(place >= 0 && place < m_head.geometry.size[c]))
                return m_background;
            index[c] = static_cast<int>(place);
        }
        return m_head.at(index[0], index[1], index[2]);
    }

private:
    const Volume &m_head;
    double m_background;
    Vec3 m_origin{};
    std::array<Vec3, 3> m_axes{};
};

/// How strongly the image pushes a point out (positive) or in, -2 to 2.
double imageForce(const Sampler &head, const BrainIntensities &is, const Vec3 &point, const Vec3 &normal,
                  double darkReach)
{
    double darkest = is.brain, brightest = is.head;
    for (double depth = 0; depth <= darkReach; depth += 2) {
        const double value = head.at(point - depth * normal);
        darkest = std::min(darkest, value);
        if (depth <= s_brightReach)
            brightest = std::max(brightest, value);
    }
    darkest = std::max(darkest, is.background);
    brightest = std::min(brightest, is.brain);
    const double threshold = is.background + s_localThreshold * (brightest - is.background);
    return 2 * (darkest - threshold) / std::max(brightest - is.background, 1e-6 * (is.bright - is.background));
}

double meanEdge(const TriangleMesh &mesh, const std::vector<std::vector<int>> &neighbours)
{
    double sum = 0;
    std::size_t edges = 0;
    for (std::size_t n = 0; n < mesh.points.size(); ++n) {
        edges += neighbours[n].size();
        for (const int other : neighbours[n])
            sum += norm(mesh.points[other] - mesh.points[n]);
    }
    return sum / static_cast<double>(edges);
}

} // namespace

TriangleMesh sphere(const Vec3 &centre, double radius, int subdivisions)
{
    auto mesh = icosahedron();
    for (int n = 0; n < subdivisions; ++n)
        subdivide(mesh);
    for (auto &point : mesh.points)
        point = centre + radius * point;
    return mesh;
}

void growBrainSurface(TriangleMesh &mesh, const Volume &head, const BrainIntensities &intensities)
{
    const Sampler sampler(head, intensities.background);
    const auto neighbours = neighboursOf(mesh);
    const double bend = (1 / s_smallestRadius + 1 / s_largestRadius) / 2;
    const double slope = 6 / (1 / s_smallestRadius - 1 / s_largestRadius);
    auto moved = mesh.points;
    double edge = 0;
    for (int iteration = 0; iteration < s_iterations; ++iteration) {
        // A small surface must not take the ventricles beneath it for the skull.
        const double darkReach = std::min(s_darkReach, s_brightReach + iteration * s_darkReach / s_iterations);
        const auto normals = normalsOf(mesh);
        if (iteration % 20 == 0)
            edge = meanEdge(mesh, neighbours);
        for (std::size_t n = 0; n < mesh.points.size(); ++n) {
            const auto &point = mesh.points[n];
            Vec3 mean{};
            for (const int other : neighbours[n])
                mean = mean + mesh.points[other];
            const auto pull = 1.0 / static_cast<double>(neighbours[n].size()) * mean - point;
            const double along = dot(pull, normals[n]);
            const auto inward = along * normals[n], tangential = pull - inward;
            const double curvature = 2 * std::abs(along) / (edge * edge); // of the circle through the neighbours
            const double smoothing = (1 + std::tanh(slope * (curvature - bend))) / 2;
            const double force = 0.05 * edge * imageForce(sampler, intensities, point, normals[n], darkReach);
            moved[n] = point + 0.5 * tangential + smoothing * inward + force * normals[n];
        }
        std::swap(mesh.points, moved);
    }
}

LabelMap voxelsInside(const TriangleMesh &mesh, const Geometry &grid)
{
    std::vector<Vec3> points;
    for (const auto &point : mesh.points)
        points.push_back(grid.toIndex(point));
    struct Crossing
    {
        double at; // along i
        int turn;  // +1 into the surface, -1 out of it
    };
    std::vector<std::vector<Crossing>> rows(static_cast<std::size_t>(grid.size[1]) * grid.size[2]);
    for (const auto &[ia, ib, ic] : mesh.triangles) {
        const auto &a = points[ia], &b = points[ib], &c = points[ic];
        const auto normal = cross(b - a, c - a);
        if (normal[0] == 0)
            continue; // seen edge on along i
        const auto [lowJ, highJ] = std::minmax({a[1], b[1], c[1]});
        const auto [lowK, highK] = std::minmax({a[2], b[2], c[2]});
        for (int k = std::max(0, static_cast<int>(std::ceil(lowK))); k <= std::min(grid.size[2] - 1.0, highK); ++k) {
            for (int j = std::max(0, static_cast<int>(std::ceil(lowJ))); j <= std::min(grid.size[1] - 1.0, highJ);
                 ++j) {
                // A row through an edge must count for one of its two triangles: an edge owns its lower-left side.
                const auto side = [&](const Vec3 &from, const Vec3 &to) {
                    const bool swap = std::pair(from[2], from[1]) > std::pair(to[2], to[1]);
                    const auto &p = swap ? to : from, &q = swap ? from : to;
                    const double area = (q[1] - p[1]) * (k - p[2]) - (q[2] - p[2]) * (j - p[1]);
                    return (area >= 0) != swap;
                };
                const bool first = side(a, b);
                if (side(b, c) != first || side(c, a) != first)
                    continue;
                const double i = a[0] - (normal[1] * (j - a[1]) + normal[2] * (k - a[2])) / normal[0];
                rows[j + static_cast<std::size_t>(grid.size[1]) * k].push_back({i, normal[0] < 0 ? 1 : -1});
            }
        }
    }
    // A reflected grid turns every triangle over.
    const int outside = determinant(grid.direction) < 0 ? -1 : 1;
    LabelMap inside{grid, std::vector<std::uint8_t>(static_cast<std::size_t>(grid.voxels()), 0)};
    for (std::size_t row = 0; row < rows.size(); ++row) {
        auto &crossings = rows[row];
        std::sort(crossings.begin(), crossings.end(), [](const auto &l, const auto &r) { return l.at < r.at; });
        int depth = 0;
        for (std::size_t n = 0; n + 1 < crossings.size(); ++n) {
            depth += outside * crossings[n].turn;
            if (depth <= 0)
                continue;
            const int from = std::max(0, static_cast<int>(std::ceil(crossings[n].at)));
            const int to = static_cast<int>(std::min(grid.size[0] - 1.0, std::floor(crossings[n + 1].at)));
            for (int i = from; i <= to; ++i)
                inside.values[row * static_cast<std::size_t>(grid.size[0]) + static_cast<std::size_t>(i)] = 1;
        }
    }
    return inside;
}

} // namespace consilium::imaging
