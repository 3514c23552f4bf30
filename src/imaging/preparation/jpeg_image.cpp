// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/jpeg_image.h"

#include "core/file.h"

#include <csetjmp>
#include <cstdio>
// After <cstdio>: the header uses FILE without including it.
#include <jpeglib.h>

namespace consilium::imaging {

namespace {

struct Failure
{
    jpeg_error_mgr manager; // first: libjpeg hands out a pointer to it
    std::jmp_buf back;
    char message[JMSG_LENGTH_MAX];
};

void leave(j_common_ptr state)
{
    auto *failure = reinterpret_cast<Failure *>(state->err);
    (*state->err->format_message)(state, failure->message);
    std::longjmp(failure->back, 1);
}

void keepQuiet(j_common_ptr) {}

enum class Outcome { Read, Damaged, NotGrey, TooLarge };

/// An image of more pixels than the file can hold, at one bit for a block of 8 x 8, or than there may be.
bool isTooLarge(const jpeg_decompress_struct &state, std::uint64_t fileBytes, std::uint64_t mostBytes)
{
    const auto pixels = std::uint64_t{state.image_width} * state.image_height;
    return pixels / 64 / 8 > fileBytes || pixels > mostBytes / sizeof(float);
}

/// Only plain data lives here: libjpeg leaves by longjmp, which runs no destructors.
Outcome decode(const std::string &bytes, std::uint64_t mostBytes, Volume &image, Failure &failure)
{
    jpeg_decompress_struct state{};
    state.err = jpeg_std_error(&failure.manager);
    failure.manager.error_exit = leave;
    failure.manager.output_message = keepQuiet;
    if (setjmp(failure.back)) {
        jpeg_destroy_decompress(&state);
        return Outcome::Damaged;
    }
    jpeg_create_decompress(&state);
    jpeg_mem_src(&state, reinterpret_cast<const unsigned char *>(bytes.data()),
                 static_cast<unsigned long>(bytes.size()));
    jpeg_read_header(&state, TRUE);
    if (state.jpeg_color_space == JCS_CMYK || state.jpeg_color_space == JCS_YCCK) {
        jpeg_destroy_decompress(&state);
        return Outcome::NotGrey;
    }
    image.geometry.size = {static_cast<int>(state.image_width), static_cast<int>(state.image_height), 1};
    if (isTooLarge(state, bytes.size(), mostBytes)) {
        jpeg_destroy_decompress(&state);
        return Outcome::TooLarge;
    }
    try {
        image.values.resize(static_cast<std::size_t>(image.geometry.voxels()));
    } catch (...) {
        jpeg_destroy_decompress(&state);
        throw;
    }
    state.out_color_space = JCS_GRAYSCALE;
    jpeg_start_decompress(&state);
    JSAMPARRAY row =
        (*state.mem->alloc_sarray)(reinterpret_cast<j_common_ptr>(&state), JPOOL_IMAGE, state.output_width, 1);
    float *out = image.values.data();
    while (state.output_scanline < state.output_height) {
        jpeg_read_scanlines(&state, row, 1);
        for (JDIMENSION i = 0; i < state.output_width; ++i)
            *out++ = row[0][i];
    }
    jpeg_finish_decompress(&state);
    // What libjpeg calls a warning, a premature end above all, is filled with grey.
    const bool whole = failure.manager.num_warnings == 0;
    if (!whole)
        (*failure.manager.format_message)(reinterpret_cast<j_common_ptr>(&state), failure.message);
    jpeg_destroy_decompress(&state);
    return whole ? Outcome::Read : Outcome::Damaged;
}

} // namespace

Result<Volume> readJpeg(const std::filesystem::path &file, std::uint64_t mostBytes)
{
    const auto bytes = readFile(file);
    if (!bytes)
        return fail(bytes.error());
    Volume image;
    Failure failure{};
    switch (decode(*bytes, mostBytes, image, failure)) {
    case Outcome::Damaged:
        return failWithHint(ErrorCode::Malformed, "Export or copy it again", "{} is truncated or damaged: {}",
                            file.string(), failure.message);
    case Outcome::NotGrey:
        return fail(ErrorCode::Unsupported, "{} holds CMYK colours, which no scanner writes", file.string());
    case Outcome::TooLarge:
        return fail(ErrorCode::Malformed, "{}: {} x {} pixels in {} bytes cannot be", file.string(),
                    image.geometry.size[0], image.geometry.size[1], bytes->size());
    case Outcome::Read: break;
    }
    return image;
}

} // namespace consilium::imaging
