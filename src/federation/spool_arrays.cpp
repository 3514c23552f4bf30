// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/spool_arrays.h"

#include "federation/array_record.h"
#include "federation/npy.h"

#include <algorithm>
#include <array>

namespace consilium::federation {

namespace {

/// Where an object's body begins, from its own header; its length runs to the end of the file.
Result<std::uint64_t> bodyOffset(const std::string &id, std::uint64_t size, const Spool &spool)
{
    // A chunk has no children, so its header is short.
    std::array<char, 48> head{};
    const auto looked = std::min<std::uint64_t>(head.size(), size);
    if (auto read = spool.readAt(id, 0, std::as_writable_bytes(std::span(head).first(looked))); !read)
        return fail(read.error());
    const std::string_view text(head.data(), looked);
    const auto end = text.find('\0');
    if (!text.starts_with("ArrayChunk ") || end == std::string_view::npos)
        return fail(ErrorCode::Malformed, "The object {} is no array chunk", id);
    return end + 1;
}

} // namespace

Result<std::shared_ptr<const SpoolArrays>> SpoolArrays::open(const std::string &recordId, const Spool &spool)
{
    const auto named = namedArrays(recordId, spool);
    if (!named)
        return fail(named.error());
    std::shared_ptr<SpoolArrays> arrays(new SpoolArrays(spool));
    for (const auto &[name, id] : *named) {
        if (auto added = arrays->add(name, id); !added)
            return fail(added.error());
    }
    return arrays;
}

Result<> SpoolArrays::add(const std::string &name, const std::string &arrayId)
{
    const auto chunks = chunksOf(name, arrayId, m_spool);
    if (!chunks)
        return fail(chunks.error());
    TensorInfo info;
    std::vector<Piece> pieces;
    std::size_t filled = 0;
    for (const auto &id : *chunks) {
        const auto size = m_spool.size(id);
        if (!size)
            return fail(size.error());
        auto offset = bodyOffset(id, *size, m_spool);
        if (!offset)
            return fail(offset.error());
        if (pieces.empty()) {
            // Long enough for the header of any shape that parseNpyHeader takes.
            std::string head(std::min<std::uint64_t>(1024, *size - *offset), '\0');
            if (auto read = m_spool.readAt(id, *offset, std::as_writable_bytes(std::span(head))); !read)
                return read;
            auto header = parseNpyHeader(head);
            if (!header)
                return fail(header.error(), "Array '{}'", name);
            info = std::move(header->tensor);
            info.name = name;
            *offset += header->size;
        }
        pieces.push_back({id, *offset, filled, static_cast<std::size_t>(*size - *offset),
                          *size < Spool::smallestView ? std::nullopt : m_spool.view(id)});
        if (pieces.back().mapped && pieces.back().mapped->bytes().size() != *size)
            return fail(ErrorCode::Io, "The spooled object {} changed while it was read", id);
        filled += pieces.back().bytes;
    }
    if (filled != info.bytes())
        return fail(ErrorCode::Malformed, "The array '{}' has {} bytes, its shape needs {}", name, filled,
                    info.bytes());
    m_tensors.push_back(std::move(info));
    m_pieces.push_back(std::move(pieces));
    return {};
}

std::vector<SpoolArrays::Piece>::const_iterator SpoolArrays::pieceAt(std::size_t index, std::size_t byte) const
{
    const auto &pieces = m_pieces[index];
    return std::prev(std::upper_bound(pieces.begin(), pieces.end(), byte,
                                      [](std::size_t at, const Piece &each) { return at < each.begin; }));
}

Result<std::span<const std::byte>> SpoolArrays::read(std::size_t index, std::size_t begin, std::size_t count,
                                                     std::vector<std::byte> &scratch) const
{
    const auto width = byteSize(m_tensors[index].dtype);
    auto from = begin * width;
    auto piece = pieceAt(index, from);
    if (piece->mapped && from + (count * width) <= piece->begin + piece->bytes)
        return piece->mapped->bytes().subspan(piece->offset + (from - piece->begin), count * width);
    scratch.resize(count * width);
    auto out = std::span(scratch);
    for (; !out.empty(); ++piece) {
        const auto skipped = from - piece->begin;
        const auto part = out.first(std::min(out.size(), piece->bytes - skipped));
        if (piece->mapped)
            std::ranges::copy(piece->mapped->bytes().subspan(piece->offset + skipped, part.size()), part.begin());
        else if (auto read = m_spool.readAt(piece->id, piece->offset + skipped, part); !read)
            return fail(read.error());
        from += part.size();
        out = out.subspan(part.size());
    }
    return std::span<const std::byte>(scratch);
}

void SpoolArrays::release(std::size_t index, std::size_t begin, std::size_t count) const
{
    const auto width = byteSize(m_tensors[index].dtype);
    auto from = begin * width;
    const auto end = from + (count * width);
    for (auto piece = pieceAt(index, from); from < end; ++piece) {
        const auto skipped = from - piece->begin, part = std::min(end - from, piece->bytes - skipped);
        if (piece->mapped)
            piece->mapped->release(piece->offset + skipped, part);
        from += part;
    }
}

} // namespace consilium::federation
