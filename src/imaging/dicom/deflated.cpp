// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/deflated.h"

#include <zlib.h>

#include <array>

namespace consilium::imaging::dicom {
namespace {

constexpr std::size_t largestUnpacked = std::size_t{2} << 30;

struct Inflater
{
    z_stream stream{};
    bool isReady = inflateInit2(&stream, -MAX_WBITS) == Z_OK;
    ~Inflater() { inflateEnd(&stream); }
};

} // namespace

Result<ByteOrigin> inflatedFrom(const ByteOrigin &origin, std::uintmax_t start)
{
    const auto name = origin.file.string();
    ByteProducer in(origin, start);
    Inflater inflater;
    if (!inflater.isReady)
        return fail(ErrorCode::Internal, "{} cannot be unpacked: zlib does not start", name);
    std::string unpacked;
    std::array<char, 64 * 1024> packed, piece;
    int state = Z_OK;
    while (state == Z_OK && !in.eos()) {
        inflater.stream.next_in = reinterpret_cast<Bytef *>(packed.data());
        inflater.stream.avail_in = static_cast<uInt>(in.read(packed.data(), packed.size()));
        if (!in.good())
            return fail(ErrorCode::Io, "{} cannot be read", name);
        do {
            inflater.stream.next_out = reinterpret_cast<Bytef *>(piece.data());
            inflater.stream.avail_out = piece.size();
            state = inflate(&inflater.stream, Z_NO_FLUSH);
            unpacked.append(piece.data(), piece.size() - inflater.stream.avail_out);
            if (unpacked.size() > largestUnpacked)
                return fail(ErrorCode::Unsupported, "{} unpacks to more than 2 GiB", name);
        } while (state == Z_OK && inflater.stream.avail_out == 0);
        if (state == Z_BUF_ERROR) // wants more
            state = Z_OK;
    }
    if (state != Z_STREAM_END)
        return fail(ErrorCode::Malformed, "{} is damaged: its deflated data {}", name,
                    state == Z_OK ? "break off" : "cannot be unpacked");
    return ByteOrigin::inMemory(std::move(unpacked), origin.file);
}

} // namespace consilium::imaging::dicom
