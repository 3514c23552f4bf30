// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/jpeg_ls.h"

#include <charls/charls.h>

#include <algorithm>

namespace consilium::imaging::dicom {
namespace {

std::vector<std::uint8_t> interleavedPlanes(const std::vector<std::uint8_t> &planes, std::size_t components,
                                            std::size_t sampleBytes)
{
    std::vector<std::uint8_t> out(planes.size());
    const auto pixels = planes.size() / components / sampleBytes;
    for (std::size_t component = 0; component < components; ++component) {
        for (std::size_t pixel = 0; pixel < pixels; ++pixel)
            std::copy_n(planes.data() + (component * pixels + pixel) * sampleBytes, sampleBytes,
                        out.data() + (pixel * components + component) * sampleBytes);
    }
    return out;
}

} // namespace

Result<std::vector<std::uint8_t>> decodeJpegLs(std::span<const std::uint8_t> stream, std::size_t size)
{
    try {
        charls::jpegls_decoder decoder;
        decoder.source(stream.data(), stream.size());
        decoder.read_header();
        // Before memory is taken: a later segment may name another size than the frame header.
        if (decoder.destination_size() != size)
            return fail(ErrorCode::Malformed, "its JPEG-LS data are not of the size that its header says");
        std::vector<std::uint8_t> decoded(size);
        decoder.decode(decoded.data(), decoded.size());
        const auto components = static_cast<std::size_t>(decoder.frame_info().component_count);
        if (components == 1 || decoder.interleave_mode() != charls::interleave_mode::none)
            return decoded;
        return interleavedPlanes(decoded, components, decoder.frame_info().bits_per_sample > 8 ? 2 : 1);
    } catch (const std::exception &error) { // CharLS's own, or no memory
        return fail(ErrorCode::Malformed, "its JPEG-LS data are damaged ({})", error.what());
    }
}

} // namespace consilium::imaging::dicom
