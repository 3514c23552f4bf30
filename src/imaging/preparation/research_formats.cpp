// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/research_formats.h"

#include "core/file.h"
#include "imaging/preparation/jpeg_image.h"
#include "imaging/preparation/meta_image_header.h"

#include <algorithm>
#include <cmath>
#include <itkMetaImageIO.h>
#include <itkNrrdImageIO.h>
#include <itkPNGImageIO.h>
#include <itkTIFFImageIO.h>
#include <zlib.h>

namespace consilium::imaging {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t s_largest = std::uint64_t{16} << 30; // bytes: no image of one patient is larger

enum class Format { Nrrd, MetaImage, Png, Jpeg, Tiff, None };

std::string lowerName(const fs::path &file)
{
    auto name = file.filename().string();
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(c < 128 ? std::tolower(c) : c); });
    return name;
}

Format formatOf(const fs::path &file)
{
    const auto name = lowerName(file);
    const auto endsIn = [&](std::initializer_list<const char *> endings) {
        return std::any_of(endings.begin(), endings.end(), [&](const char *ending) { return name.ends_with(ending); });
    };
    return endsIn({".nrrd", ".nhdr"})  ? Format::Nrrd
           : endsIn({".mha", ".mhd"})  ? Format::MetaImage
           : endsIn({".png"})          ? Format::Png
           : endsIn({".jpg", ".jpeg"}) ? Format::Jpeg
           : endsIn({".tif", ".tiff"}) ? Format::Tiff
                                       : Format::None;
}

itk::ImageIOBase::Pointer readerOf(Format format)
{
    switch (format) {
    case Format::Nrrd: return itk::NrrdImageIO::New().GetPointer();
    case Format::MetaImage: return itk::MetaImageIO::New().GetPointer();
    case Format::Png: return itk::PNGImageIO::New().GetPointer();
    case Format::Tiff: return itk::TIFFImageIO::New().GetPointer();
    default: return nullptr;
    }
}

/// What ITK said, in one line: it gives a stack of library calls, the innermost and plainest last.
std::string reason(const itk::ExceptionObject &error)
{
    std::string text = error.GetDescription();
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())))
        text.pop_back();
    if (const auto line = text.rfind('\n'); line != std::string::npos)
        text = text.substr(line + 1);
    if (const auto object = text.find("): "); text.starts_with("ITK ERROR") && object != std::string::npos)
        text = text.substr(object + 3);
    if (const auto function = text.find(": "); text.starts_with("[nrrd]") && function != std::string::npos)
        text = text.substr(function + 2);
    return text;
}

/// Where the first volume lies. A 2D image is one slice of 1 mm pixels.
Result<Geometry> geometryOf(const itk::ImageIOBase &io, bool calibrated, const fs::path &file)
{
    Geometry geometry;
    geometry.size = {1, 1, 1};
    Matrix3 axes = geometry.direction;
    const unsigned dimensions = std::min(io.GetNumberOfDimensions(), 3U);
    for (unsigned c = 0; c < io.GetNumberOfDimensions(); ++c)
        if (io.GetDimensions(c) == 0 || io.GetDimensions(c) > 1000000)
            return fail(ErrorCode::Malformed, "{}: {} voxels along one axis cannot be", file.string(),
                        io.GetDimensions(c));
    for (unsigned c = 0; c < dimensions; ++c) {
        geometry.size[c] = static_cast<int>(io.GetDimensions(c));
        if (!calibrated || (c == 2 && io.GetNumberOfDimensions() < 3))
            continue;
        geometry.spacing[c] = io.GetSpacing(c);
        geometry.origin[c] = io.GetOrigin(c);
        const auto axis = io.GetDirection(c);
        for (unsigned r = 0; r < 3; ++r)
            axes[r][c] = (r < axis.size() ? axis[r] : 0) + 0.0; // + 0.0 turns -0 into 0
        if (!(geometry.spacing[c] > 0) || !std::isfinite(geometry.spacing[c]) || !std::isfinite(geometry.origin[c]))
            return fail(ErrorCode::Malformed, "{}: a spacing of {} mm cannot be", file.string(), geometry.spacing[c]);
    }
    if (!(std::abs(determinant(axes)) > 1e-6))
        return fail(ErrorCode::Malformed, "{}: its axes do not span space", file.string());
    geometry.direction = axes;
    Matrix3 straight = nearestOrthogonal(axes);
    for (int r = 0; r < 3; ++r)
        for (int c = 0; c < 3; ++c)
            if (std::abs(straight[r][c] - axes[r][c]) > 1e-9)
                geometry.direction[r][c] = straight[r][c];
    return geometry;
}

/// Luminance of ITU-R BT.601 for colours; the first component of anything else that has several.
template <typename T>
void toFloat(const T *raw, std::size_t components, bool colour, std::vector<float> &values)
{
    for (std::size_t n = 0; n < values.size(); ++n, raw += components)
        values[n] = colour
                        ? static_cast<float>(0.299 * static_cast<double>(raw[0]) + 0.587 * static_cast<double>(raw[1]) +
                                             0.114 * static_cast<double>(raw[2]))
                        : static_cast<float>(raw[0]);
}

bool convert(const itk::ImageIOBase &io, const std::vector<char> &raw, std::vector<float> &values)
{
    const std::size_t components = io.GetNumberOfComponents();
    const bool colour =
        components >= 3 && (io.GetPixelType() == itk::IOPixelEnum::RGB || io.GetPixelType() == itk::IOPixelEnum::RGBA);
    const auto as = [&]<typename T>(T) {
        toFloat(reinterpret_cast<const T *>(raw.data()), components, colour, values);
        return true;
    };
    switch (io.GetComponentType()) {
    case itk::IOComponentEnum::UCHAR: return as(static_cast<unsigned char>(0));
    case itk::IOComponentEnum::CHAR: return as(static_cast<signed char>(0));
    case itk::IOComponentEnum::USHORT: return as(static_cast<unsigned short>(0));
    case itk::IOComponentEnum::SHORT: return as(static_cast<short>(0));
    case itk::IOComponentEnum::UINT: return as(0U);
    case itk::IOComponentEnum::INT: return as(0);
    case itk::IOComponentEnum::ULONG: return as(0UL);
    case itk::IOComponentEnum::LONG: return as(0L);
    case itk::IOComponentEnum::ULONGLONG: return as(0ULL);
    case itk::IOComponentEnum::LONGLONG: return as(0LL);
    case itk::IOComponentEnum::FLOAT: return as(0.0F);
    case itk::IOComponentEnum::DOUBLE: return as(0.0);
    default: return false;
    }
}

Result<Volume> readThroughItk(const fs::path &file, Format format)
{
    const auto io = readerOf(format);
    io->SetFileName(file.string());
    if (!io->CanReadFile(file.string().c_str()))
        return fail(ErrorCode::Malformed, "{} is not of the format that its name says", file.string());
    io->ReadImageInformation();
    auto geometry = geometryOf(*io, format == Format::Nrrd || format == Format::MetaImage, file);
    if (!geometry)
        return fail(geometry.error());
    itk::ImageIORegion region(io->GetNumberOfDimensions());
    double bytes = static_cast<double>(io->GetComponentSize()) * io->GetNumberOfComponents();
    for (unsigned c = 0; c < io->GetNumberOfDimensions(); ++c) {
        region.SetIndex(c, 0);
        region.SetSize(c, io->GetDimensions(c));
        bytes *= static_cast<double>(io->GetDimensions(c));
    }
    if (!(bytes > 0 && bytes < static_cast<double>(s_largest)))
        return fail(ErrorCode::Malformed, "{}: a size of {:.0f} GB cannot be", file.string(), bytes / 1e9);
    io->SetIORegion(region);
    std::vector<char> raw(static_cast<std::size_t>(bytes));
    io->Read(raw.data());
    if (format == Format::Tiff)
        geometry->size[2] = 1; // the first page
    Volume volume{*geometry, std::vector<float>(static_cast<std::size_t>(geometry->voxels()))};
    if (!convert(*io, raw, volume.values))
        return fail(ErrorCode::Unsupported, "{}: voxels of type {} are not read", file.string(),
                    itk::ImageIOBase::GetComponentTypeAsString(io->GetComponentType()));
    return volume;
}

std::string gzipped(std::span<const std::uint8_t> bytes)
{
    z_stream state{};
    deflateInit2(&state, 6, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&state, static_cast<uLong>(bytes.size())), '\0');
    state.next_in = const_cast<Bytef *>(bytes.data());
    state.avail_in = static_cast<uInt>(bytes.size());
    state.next_out = reinterpret_cast<Bytef *>(out.data());
    state.avail_out = static_cast<uInt>(out.size());
    deflate(&state, Z_FINISH);
    out.resize(state.total_out);
    deflateEnd(&state);
    return out;
}

} // namespace

bool isResearchFormatName(const fs::path &file)
{
    return formatOf(file) != Format::None;
}

bool isPictureName(const fs::path &file)
{
    const auto format = formatOf(file);
    return format == Format::Png || format == Format::Jpeg || format == Format::Tiff;
}

Result<Volume> readResearchFormat(const fs::path &file)
{
    std::error_code error;
    if (!fs::is_regular_file(file, error))
        return fail(ErrorCode::NotFound, "There is no file {}", file.string());
    const auto format = formatOf(file);
    if (format == Format::None)
        return failWithHint(ErrorCode::Unsupported, "NRRD, MetaImage, PNG, JPEG and TIFF are read",
                            "{} has none of the endings that are known", file.string());
    if (format == Format::MetaImage)
        if (auto whole = checkMetaImage(file); !whole)
            return fail(whole.error());
    itk::Object::SetGlobalWarningDisplay(false); // what matters comes as an exception
    try {
        return format == Format::Jpeg ? readJpeg(file, s_largest) : readThroughItk(file, format);
    } catch (const itk::ExceptionObject &exception) {
        return fail(ErrorCode::Malformed, "{} could not be read: {}", file.string(), reason(exception));
    } catch (const std::bad_alloc &) {
        return fail(ErrorCode::Malformed, "{} says that it holds more than fits in memory", file.string());
    }
}

Result<LabelMap> readResearchLabels(const fs::path &file)
{
    const auto volume = readResearchFormat(file);
    if (!volume)
        return fail(volume.error());
    LabelMap labels{volume->geometry, {}};
    labels.values.reserve(volume->values.size());
    for (const float value : volume->values) {
        if (!(value >= 0 && value <= 255 && value == std::floor(value)))
            return failWithHint(ErrorCode::Invalid, "Labels are whole numbers from 0 to 255",
                                "{} is not a label map: a voxel holds {}", file.string(), value);
        labels.values.push_back(static_cast<std::uint8_t>(value));
    }
    return labels;
}

Result<> writeNrrd(const fs::path &file, const LabelMap &labels)
{
    if (!lowerName(file).ends_with(".nrrd"))
        return failWithHint(ErrorCode::Unsupported, "Name it .nrrd", "{}: only NRRD files are written here",
                            file.string());
    const auto &g = labels.geometry;
    const auto axis = [&](int c) {
        return fmt::format("({:.17g},{:.17g},{:.17g})", g.direction[0][c] * g.spacing[c],
                           g.direction[1][c] * g.spacing[c], g.direction[2][c] * g.spacing[c]);
    };
    const auto header =
        fmt::format("NRRD0004\ntype: uint8\ndimension: 3\nspace: left-posterior-superior\n"
                    "sizes: {} {} {}\nspace directions: {} {} {}\nkinds: domain domain domain\n"
                    "encoding: gzip\nspace origin: ({:.17g},{:.17g},{:.17g})\n\n",
                    g.size[0], g.size[1], g.size[2], axis(0), axis(1), axis(2), g.origin[0], g.origin[1], g.origin[2]);
    return writeFileAtomically(file, header + gzipped(labels.values));
}

} // namespace consilium::imaging
