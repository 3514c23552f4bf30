// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/jpeg2000.h"

#include <openjpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace consilium::imaging::dicom {
namespace {

struct Reading
{
    std::span<const std::uint8_t> bytes;
    std::size_t position = 0;
};

OPJ_SIZE_T readBytes(void *to, OPJ_SIZE_T count, void *user)
{
    auto &reading = *static_cast<Reading *>(user);
    const auto length = std::min<std::size_t>(count, reading.bytes.size() - reading.position);
    if (length == 0)
        return static_cast<OPJ_SIZE_T>(-1); // the end
    std::memcpy(to, reading.bytes.data() + reading.position, length);
    reading.position += length;
    return length;
}

OPJ_OFF_T skipBytes(OPJ_OFF_T count, void *user)
{
    auto &reading = *static_cast<Reading *>(user);
    if (count < 0 || static_cast<std::uint64_t>(count) > reading.bytes.size() - reading.position)
        return -1;
    reading.position += static_cast<std::size_t>(count);
    return count;
}

OPJ_BOOL seekBytes(OPJ_OFF_T position, void *user)
{
    auto &reading = *static_cast<Reading *>(user);
    if (position < 0 || static_cast<std::uint64_t>(position) > reading.bytes.size())
        return OPJ_FALSE;
    reading.position = static_cast<std::size_t>(position);
    return OPJ_TRUE;
}

// opj_stream_t and opj_codec_t are one type to the compiler.
struct DestroyStream
{
    void operator()(opj_stream_t *stream) const { opj_stream_destroy(stream); }
};
struct DestroyCodec
{
    void operator()(opj_codec_t *codec) const { opj_destroy_codec(codec); }
};
struct DestroyImage
{
    void operator()(opj_image_t *image) const { opj_image_destroy(image); }
};

std::unique_ptr<opj_stream_t, DestroyStream> streamOver(Reading &reading)
{
    std::unique_ptr<opj_stream_t, DestroyStream> stream(opj_stream_create(64 * 1024, OPJ_TRUE));
    if (stream) {
        opj_stream_set_user_data(stream.get(), &reading, nullptr);
        opj_stream_set_user_data_length(stream.get(), reading.bytes.size());
        opj_stream_set_read_function(stream.get(), readBytes);
        opj_stream_set_skip_function(stream.get(), skipBytes);
        opj_stream_set_seek_function(stream.get(), seekBytes);
    }
    return stream;
}

bool isJp2(std::span<const std::uint8_t> bytes)
{
    return bytes.size() >= 8 && std::memcmp(bytes.data() + 4, "jP  ", 4) == 0;
}

Result<> checkShape(const opj_image_t &image, const FrameShape &shape)
{
    if (static_cast<int>(image.numcomps) != shape.samples)
        return fail(ErrorCode::Malformed, "its JPEG 2000 data have {} samples a pixel, its header says {}",
                    image.numcomps, shape.samples);
    for (OPJ_UINT32 n = 0; n < image.numcomps; ++n) {
        const auto &component = image.comps[n];
        if (component.w != static_cast<OPJ_UINT32>(shape.columns) || component.h != static_cast<OPJ_UINT32>(shape.rows))
            return fail(ErrorCode::Malformed, "its JPEG 2000 data are {} x {}, its header says {} x {}", component.w,
                        component.h, shape.columns, shape.rows);
        if (component.prec < 1 || component.prec > 8u * static_cast<unsigned>(shape.bytesPerSample))
            return fail(ErrorCode::Malformed, "its JPEG 2000 data have {} bits a sample, more than its header allows",
                        component.prec);
    }
    return {};
}

template <typename Sample>
void interleave(const opj_image_t &image, std::uint8_t *out)
{
    const std::size_t pixels = std::size_t{image.comps[0].w} * image.comps[0].h;
    for (OPJ_UINT32 n = 0; n < image.numcomps; ++n) {
        const OPJ_INT32 *from = image.comps[n].data;
        for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
            const auto sample = static_cast<Sample>(from[pixel]);
            std::memcpy(out + (pixel * image.numcomps + n) * sizeof(Sample), &sample, sizeof(Sample));
        }
    }
}

} // namespace

Result<std::vector<std::uint8_t>> decodeJpeg2000(std::span<const std::uint8_t> bytes, const FrameShape &shape)
{
    const auto damaged = [] { return fail(ErrorCode::Malformed, "its JPEG 2000 data are damaged"); };
    Reading reading{bytes};
    const auto stream = streamOver(reading);
    const std::unique_ptr<opj_codec_t, DestroyCodec> codec(
        opj_create_decompress(isJp2(bytes) ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K));
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    if (!stream || !codec || !opj_setup_decoder(codec.get(), &parameters))
        return fail(ErrorCode::Internal, "OpenJPEG does not start");
    opj_image_t *read = nullptr;
    const bool hasHeader = opj_read_header(stream.get(), codec.get(), &read);
    const std::unique_ptr<opj_image_t, DestroyImage> image(read);
    if (!hasHeader || !image)
        return damaged();
    // Before the decoder reserves memory for it.
    if (auto checked = checkShape(*image, shape); !checked)
        return fail(checked.error());
    if (!opj_decode(codec.get(), stream.get(), image.get()))
        return damaged();
    // A JP2 file may turn one sample into three by a palette of its own.
    if (auto checked = checkShape(*image, shape); !checked)
        return fail(checked.error());
    for (OPJ_UINT32 n = 0; n < image->numcomps; ++n) {
        if (!image->comps[n].data)
            return damaged();
    }
    std::vector<std::uint8_t> out(std::size_t{image->comps[0].w} * image->comps[0].h * image->numcomps *
                                  static_cast<std::size_t>(shape.bytesPerSample));
    if (shape.bytesPerSample == 1)
        interleave<std::uint8_t>(*image, out.data());
    else if (shape.bytesPerSample == 2)
        interleave<std::uint16_t>(*image, out.data());
    else
        interleave<std::uint32_t>(*image, out.data());
    return out;
}

} // namespace consilium::imaging::dicom
