// SPDX-License-Identifier: GPL-3.0-or-later
// Field positions and formulas: the NIfTI-1 standard (nifti1.h, NIMH 2003, sections "METHOD 1" to "METHOD 3") and the
// NIfTI-2 header description (2011).
#include "imaging/nifti_header.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>
#include <string_view>
#include <type_traits>

namespace consilium::imaging {

namespace {

constexpr std::size_t nifti2HeaderSize = 540;

// Offsets of the fields whose meaning the two versions share.
struct Layout
{
    int dim, datatype, pixdim, voxOffset, slope, intercept, units, qformCode, sformCode, quaternion, qoffset, srow;
};
constexpr Layout layout1{40, 70, 76, 108, 112, 116, 123, 252, 254, 256, 268, 280};
constexpr Layout layout2{16, 12, 104, 168, 176, 184, 500, 344, 348, 352, 376, 400};

template <typename T>
T load(std::span<const std::byte> bytes, std::size_t offset, bool swapped)
{
    std::array<std::byte, sizeof(T)> raw;
    std::memcpy(raw.data(), bytes.data() + offset, sizeof(T));
    if (swapped)
        std::reverse(raw.begin(), raw.end());
    T value;
    std::memcpy(&value, raw.data(), sizeof(T));
    return value;
}

// One header, either version, its numbers widened to the larger of the two types.
class Fields
{
public:
    Fields(std::span<const std::byte> bytes, bool second, bool swapped)
        : m_bytes(bytes), m_second(second), m_swapped(swapped), m_at(second ? layout2 : layout1)
    {
    }

    std::int64_t dim(int n) const
    {
        return m_second ? load<std::int64_t>(m_bytes, at(m_at.dim, n, 8), m_swapped)
                        : load<std::int16_t>(m_bytes, at(m_at.dim, n, 2), m_swapped);
    }
    int datatype() const { return load<std::int16_t>(m_bytes, static_cast<std::size_t>(m_at.datatype), m_swapped); }
    double pixdim(int n) const { return real(m_at.pixdim, n); }
    double slope() const { return real(m_at.slope); }
    double intercept() const { return real(m_at.intercept); }
    double voxOffset() const
    {
        if (!m_second)
            return real(m_at.voxOffset);
        return static_cast<double>(load<std::int64_t>(m_bytes, static_cast<std::size_t>(m_at.voxOffset), m_swapped));
    }
    int units() const { return m_second ? code(m_at.units) & 0x07 : std::to_integer<int>(m_bytes[123]) & 0x07; }
    int qformCode() const { return code(m_at.qformCode); }
    int sformCode() const { return code(m_at.sformCode); }
    double quaternion(int n) const { return real(m_at.quaternion, n); }
    double qoffset(int n) const { return real(m_at.qoffset, n); }
    double srow(int row, int column) const { return real(m_at.srow, 4 * row + column); }

private:
    static std::size_t at(int base, int n, int width) { return static_cast<std::size_t>(base + n * width); }
    double real(int base, int n = 0) const
    {
        return m_second ? load<double>(m_bytes, at(base, n, 8), m_swapped)
                        : load<float>(m_bytes, at(base, n, 4), m_swapped);
    }
    int code(int base) const
    {
        return m_second ? load<std::int32_t>(m_bytes, static_cast<std::size_t>(base), m_swapped)
                        : load<std::int16_t>(m_bytes, static_cast<std::size_t>(base), m_swapped);
    }

    std::span<const std::byte> m_bytes;
    bool m_second, m_swapped;
    Layout m_at;
};

std::string_view typeName(int code)
{
    switch (code) {
    case 2: return "uint8";
    case 4: return "int16";
    case 8: return "int32";
    case 16: return "float32";
    case 64: return "float64";
    case 256: return "int8";
    case 512: return "uint16";
    case 768: return "uint32";
    case 1024: return "int64";
    case 1280: return "uint64";
    case 1: return "binary";
    case 32:
    case 1792:
    case 2048: return "complex";
    case 128:
    case 2304: return "RGB";
    case 1536: return "float128";
    default: return {};
    }
}

constexpr bool isReal(int code)
{
    switch (static_cast<NiftiType>(code)) {
    case NiftiType::UInt8:
    case NiftiType::Int16:
    case NiftiType::Int32:
    case NiftiType::Float32:
    case NiftiType::Float64:
    case NiftiType::Int8:
    case NiftiType::UInt16:
    case NiftiType::UInt32:
    case NiftiType::Int64:
    case NiftiType::UInt64: return true;
    }
    return false;
}

// METHOD 2: the rotation of the unit quaternion (a, b, c, d) with a >= 0.
Matrix3 rotation(double b, double c, double d)
{
    double a = 1 - (b * b + c * c + d * d);
    if (a < 1e-7) { // a turn by 180 degrees: float32 may leave b, c, d a little too long
        const double scale = 1 / std::sqrt(b * b + c * c + d * d);
        b *= scale;
        c *= scale;
        d *= scale;
        a = 0;
    } else {
        a = std::sqrt(a);
    }
    return {Vec3{a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)},
            Vec3{2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)},
            Vec3{2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c}};
}

// Voxel index to RAS: columns of the matrix are the steps along i, j, k, in the file's unit of length.
struct Affine
{
    Matrix3 matrix{};
    Vec3 offset{};
    const char *name = "none";
};

Affine chosenTransform(const Fields &fields)
{
    Affine affine;
    if (fields.sformCode() > 0) {
        affine.name = "sform";
        for (int r = 0; r < 3; ++r) {
            for (int c = 0; c < 3; ++c)
                affine.matrix[r][c] = fields.srow(r, c);
            affine.offset[r] = fields.srow(r, 3);
        }
        return affine;
    }
    Matrix3 turn{Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
    if (fields.qformCode() > 0) {
        affine.name = "qform";
        turn = rotation(fields.quaternion(0), fields.quaternion(1), fields.quaternion(2));
        for (int r = 0; r < 3; ++r)
            affine.offset[r] = fields.qoffset(r);
        if (fields.pixdim(0) < 0)
            for (int r = 0; r < 3; ++r)
                turn[r][2] = -turn[r][2];
    }
    for (int r = 0; r < 3; ++r)
        for (int c = 0; c < 3; ++c)
            affine.matrix[r][c] = turn[r][c] * std::abs(fields.pixdim(c + 1));
    return affine;
}

// A single slice often says nothing of the third axis: it then stands on the other two, 1 mm thick or as thick as it
// says.
void completeSlice(Affine &affine, const Fields &fields, const Index3 &size)
{
    auto &m = affine.matrix;
    if (size[2] != 1 || m[0][2] != 0 || m[1][2] != 0 || m[2][2] != 0)
        return;
    Vec3 normal{m[1][0] * m[2][1] - m[2][0] * m[1][1], m[2][0] * m[0][1] - m[0][0] * m[2][1],
                m[0][0] * m[1][1] - m[1][0] * m[0][1]};
    const double length = std::hypot(normal[0], normal[1], normal[2]);
    const double thickness = std::abs(fields.pixdim(3)) > 0 ? std::abs(fields.pixdim(3)) : 1;
    for (int r = 0; r < 3; ++r)
        m[r][2] = length > 0 ? normal[r] / length * thickness : 0;
}

// Degrees by which the worst pair of axes misses a right angle.
double shearOf(const Matrix3 &unitAxes)
{
    double largest = 0;
    for (int a = 0; a < 3; ++a) {
        const int b = (a + 1) % 3;
        double cosine = 0;
        for (int r = 0; r < 3; ++r)
            cosine += unitAxes[r][a] * unitAxes[r][b];
        largest = std::max(largest, std::abs(cosine));
    }
    return std::asin(std::min(largest, 1.0)) * 180 / std::numbers::pi;
}

Result<> place(NiftiHeader &header, const Affine &affine, int units)
{
    auto &geometry = header.geometry;
    const double toMillimetres = units == 1 ? 1e3 : units == 3 ? 1e-3 : 1;
    Matrix3 axes = affine.matrix;
    for (int c = 0; c < 3; ++c) {
        const double length = std::hypot(axes[0][c], axes[1][c], axes[2][c]);
        if (!std::isfinite(length) || length <= 0)
            return fail(ErrorCode::Malformed, "its {} places no volume in space (singular affine)", affine.name);
        geometry.spacing[c] = length * toMillimetres;
        for (int r = 0; r < 3; ++r)
            axes[r][c] /= length;
    }
    if (std::abs(determinant(axes)) < 1e-3)
        return fail(ErrorCode::Malformed, "its {} places no volume in space (singular affine)", affine.name);
    header.shear = shearOf(axes);
    geometry.direction = nearestOrthogonal(axes);
    for (int r = 0; r < 3; ++r) {
        if (!std::isfinite(affine.offset[r]))
            return fail(ErrorCode::Malformed, "its {} has an origin that is not a number", affine.name);
        const double lps = r < 2 ? -1 : 1;
        geometry.origin[r] = lps * affine.offset[r] * toMillimetres + 0.0; // + 0.0 turns -0 into 0
        for (int c = 0; c < 3; ++c)
            geometry.direction[r][c] = lps * geometry.direction[r][c] + 0.0;
    }
    return {};
}

Result<> readDimensions(const Fields &fields, NiftiHeader &header)
{
    const auto rank = fields.dim(0);
    if (rank < 1 || rank > 7)
        return fail(ErrorCode::Malformed, "it claims {} dimensions", rank);
    auto &size = header.geometry.size;
    for (int n = 1; n <= 3; ++n) {
        const auto length = n <= rank ? fields.dim(n) : 1;
        if (length < 1 || length > std::numeric_limits<int>::max())
            return fail(ErrorCode::Malformed, "it claims {} voxels along axis {}", length, n);
        size[n - 1] = static_cast<int>(length);
    }
    double frames = 1;
    for (int n = 4; n <= rank; ++n) {
        const auto length = std::max<std::int64_t>(1, fields.dim(n)); // some writers leave 0
        frames *= static_cast<double>(length);
        if (length > 1)
            header.dimensions = n;
    }
    // Far beyond any scanner, and small enough that byte counts cannot overflow.
    if (static_cast<double>(size[0]) * size[1] * size[2] * frames > 1e12 || frames > std::numeric_limits<int>::max())
        return fail(ErrorCode::Malformed, "it claims {} x {} x {} voxels in {} frames", size[0], size[1], size[2],
                    frames);
    header.frames = static_cast<int>(frames);
    return {};
}

template <typename T>
void store(std::vector<std::byte> &bytes, int offset, std::type_identity_t<T> value)
{
    std::memcpy(bytes.data() + offset, &value, sizeof(T));
}

// The inverse of METHOD 2: b, c, d of a proper rotation. Dividing by the largest of the four keeps the others accurate.
Vec3 quaternionOf(const Matrix3 &r)
{
    const std::array<double, 4> squares{1 + r[0][0] + r[1][1] + r[2][2], 1 + r[0][0] - r[1][1] - r[2][2],
                                        1 - r[0][0] + r[1][1] - r[2][2], 1 - r[0][0] - r[1][1] + r[2][2]};
    const auto largest = std::max_element(squares.begin(), squares.end()) - squares.begin();
    const double s = 2 * std::sqrt(squares[static_cast<std::size_t>(largest)]); // 4 times that component
    std::array<double, 4> q{};                                                  // a, b, c, d
    switch (largest) {
    case 0: q = {s / 4, (r[2][1] - r[1][2]) / s, (r[0][2] - r[2][0]) / s, (r[1][0] - r[0][1]) / s}; break;
    case 1: q = {(r[2][1] - r[1][2]) / s, s / 4, (r[0][1] + r[1][0]) / s, (r[0][2] + r[2][0]) / s}; break;
    case 2: q = {(r[0][2] - r[2][0]) / s, (r[0][1] + r[1][0]) / s, s / 4, (r[1][2] + r[2][1]) / s}; break;
    default: q = {(r[1][0] - r[0][1]) / s, (r[0][2] + r[2][0]) / s, (r[1][2] + r[2][1]) / s, s / 4}; break;
    }
    const double sign = q[0] < 0 ? -1 : 1; // the header leaves a to be worked out as the positive root
    return {sign * q[1], sign * q[2], sign * q[3]};
}

// b, c, d as float32. Readers work a out as sqrt(1 - b^2 - c^2 - d^2): near half a turn the plain rounding of the three
// would cost it four digits, half a millimetre over a head. Of the neighbouring floats those that give a back best.
std::array<float, 3> roundedQuaternion(const Vec3 &bcd)
{
    const double a = std::sqrt(std::max(0.0, 1 - bcd[0] * bcd[0] - bcd[1] * bcd[1] - bcd[2] * bcd[2]));
    const auto neighbour = [](double value, int step) {
        const auto rounded = static_cast<float>(value);
        const float towards = step < 0 ? -2.0F : 2.0F;
        return rounded == 0 || step == 0 ? rounded : std::nextafter(rounded, towards);
    };
    std::array<float, 3> best{};
    double smallest = std::numeric_limits<double>::infinity();
    for (int n = 0; n < 27; ++n) {
        const std::array<float, 3> candidate{neighbour(bcd[0], n % 3 - 1), neighbour(bcd[1], n / 3 % 3 - 1),
                                             neighbour(bcd[2], n / 9 - 1)};
        double rest = 1;
        for (const double component : candidate)
            rest -= component * component;
        const double miss = std::abs(std::sqrt(std::max(0.0, rest)) - a);
        if (miss < smallest) {
            smallest = miss;
            best = candidate;
        }
    }
    return best;
}

} // namespace

std::size_t byteSize(NiftiType type)
{
    switch (type) {
    case NiftiType::UInt8:
    case NiftiType::Int8: return 1;
    case NiftiType::Int16:
    case NiftiType::UInt16: return 2;
    case NiftiType::Int32:
    case NiftiType::UInt32:
    case NiftiType::Float32: return 4;
    default: return 8;
    }
}

std::size_t niftiHeaderSize(std::span<const std::byte> bytes)
{
    for (const bool swapped : {false, true}) {
        const auto claimed = static_cast<std::size_t>(load<std::int32_t>(bytes, 0, swapped));
        if (claimed == nifti1HeaderSize || claimed == nifti2HeaderSize)
            return claimed;
    }
    return 0;
}

Result<ParsedNifti> parseNiftiHeader(std::span<const std::byte> bytes)
{
    if (bytes.size() < nifti1HeaderSize)
        return fail(ErrorCode::Malformed, "it is truncated: {} bytes, less than a NIfTI header", bytes.size());
    const auto headerSize = niftiHeaderSize(bytes);
    const bool second = headerSize == nifti2HeaderSize;
    const std::string_view magic(reinterpret_cast<const char *>(bytes.data()) + (second ? 4 : 344), 3);
    if (headerSize == nifti1HeaderSize && magic[0] != 'n')
        return fail(ErrorCode::Unsupported,
                    "it is an ANALYZE 7.5 header or none at all: it does not say where left is");
    if (headerSize == 0 || magic[0] != 'n' || magic[2] != (second ? '2' : '1') || (magic[1] != '+' && magic[1] != 'i'))
        return fail(ErrorCode::Malformed, "it is not a NIfTI file");
    if (bytes.size() < headerSize)
        return fail(ErrorCode::Malformed, "it is truncated: {} bytes, less than a NIfTI-2 header", bytes.size());

    ParsedNifti parsed;
    parsed.swapped = load<std::int32_t>(bytes, 0, false) != static_cast<std::int32_t>(headerSize);
    const Fields fields(bytes, second, parsed.swapped);
    if (auto read = readDimensions(fields, parsed.header); !read)
        return fail(read.error());

    const int datatype = fields.datatype();
    if (typeName(datatype).empty())
        return fail(ErrorCode::Malformed, "it has the unknown data type {}", datatype);
    parsed.header.componentType = typeName(datatype);
    if (!isReal(datatype))
        return fail(ErrorCode::Unsupported, "it holds {} values; one real number per voxel is read",
                    typeName(datatype));
    parsed.type = static_cast<NiftiType>(datatype);

    parsed.pair = magic[1] == 'i';
    const double start = fields.voxOffset();
    if (!(start == 0 || (start >= (parsed.pair ? 0 : static_cast<double>(headerSize)) && start < 9e15)))
        return fail(ErrorCode::Malformed, "its voxels would begin at byte {}", start);
    // Some writers leave 0 for "right after the header", which ends with the four bytes of the extension mark.
    parsed.dataOffset = start == 0 && !parsed.pair ? headerSize + 4 : static_cast<std::uint64_t>(start);

    if (const double slope = fields.slope(); std::isfinite(slope) && slope != 0) {
        parsed.slope = slope;
        parsed.intercept = std::isfinite(fields.intercept()) ? fields.intercept() : 0;
    }

    auto affine = chosenTransform(fields);
    completeSlice(affine, fields, parsed.header.geometry.size);
    parsed.header.transform = affine.name;
    if (auto placed = place(parsed.header, affine, fields.units()); !placed)
        return fail(placed.error());
    return parsed;
}

std::vector<std::byte> niftiHeaderFor(const Geometry &geometry, NiftiType type)
{
    std::vector<std::byte> bytes(352);
    store<std::int32_t>(bytes, 0, nifti1HeaderSize);
    bytes[38] = std::byte{'r'}; // "regular", which ANALYZE readers ask for
    const std::array<int, 8> dim{3, geometry.size[0], geometry.size[1], geometry.size[2], 1, 1, 1, 1};
    for (int n = 0; n < 8; ++n)
        store<std::int16_t>(bytes, layout1.dim + 2 * n, static_cast<std::int16_t>(dim[n]));
    store<std::int16_t>(bytes, layout1.datatype, static_cast<std::int16_t>(type));
    store<std::int16_t>(bytes, 72, static_cast<std::int16_t>(8 * byteSize(type))); // bitpix
    store<float>(bytes, layout1.voxOffset, 352);
    store<float>(bytes, layout1.slope, 1);
    bytes[static_cast<std::size_t>(layout1.units)] = std::byte{2}; // millimetres

    Matrix3 ras = nearestOrthogonal(geometry.direction);
    for (int r = 0; r < 2; ++r)
        for (auto &component : ras[r])
            component = -component;
    const Vec3 origin{-geometry.origin[0], -geometry.origin[1], geometry.origin[2]};
    for (int r = 0; r < 3; ++r) {
        for (int c = 0; c < 3; ++c)
            store<float>(bytes, layout1.srow + 16 * r + 4 * c,
                         static_cast<float>(ras[r][c] * geometry.spacing[c] + 0.0));
        store<float>(bytes, layout1.srow + 16 * r + 12, static_cast<float>(origin[r] + 0.0));
        store<float>(bytes, layout1.qoffset + 4 * r, static_cast<float>(origin[r] + 0.0));
    }

    // A quaternion holds rotations alone; qfac says that the third axis is mirrored.
    const double qfac = determinant(ras) < 0 ? -1 : 1;
    for (auto &row : ras)
        row[2] *= qfac;
    const auto quaternion = roundedQuaternion(quaternionOf(ras));
    store<float>(bytes, layout1.pixdim, static_cast<float>(qfac));
    for (int n = 0; n < 3; ++n) {
        store<float>(bytes, layout1.pixdim + 4 * (n + 1), static_cast<float>(geometry.spacing[n]));
        store<float>(bytes, layout1.quaternion + 4 * n, quaternion[static_cast<std::size_t>(n)]);
    }
    for (int n = 4; n < 8; ++n)
        store<float>(bytes, layout1.pixdim + 4 * n, 1);
    store<std::int16_t>(bytes, layout1.qformCode, 1); // scanner-based coordinates
    store<std::int16_t>(bytes, layout1.sformCode, 1);
    std::memcpy(bytes.data() + 148, "Consilium", 9); // descrip
    std::memcpy(bytes.data() + 344, "n+1", 4);
    return bytes;
}

} // namespace consilium::imaging
