// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/object_wire.h"

#include <algorithm>

namespace consilium::federation {

namespace {

// Wire types and field numbers of protocol buffers: varint 0, eight bytes 1, length and bytes 2, four bytes 5.
constexpr int varint = 0, eightBytes = 1, lengthAndBytes = 2, fourBytes = 5;

/// Reads across the slices of a buffer.
class Cursor
{
public:
    explicit Cursor(const std::vector<grpc::Slice> &slices)
    {
        for (const auto &slice : slices)
            m_pieces.emplace_back(reinterpret_cast<const char *>(slice.begin()), slice.size());
        skipEmpty();
    }

    bool atEnd() const { return m_at == m_pieces.size(); }

    bool byte(unsigned char &value)
    {
        if (atEnd())
            return false;
        value = static_cast<unsigned char>(m_pieces[m_at].front());
        m_pieces[m_at].remove_prefix(1);
        skipEmpty();
        return true;
    }

    bool number(std::uint64_t &value)
    {
        value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            unsigned char next = 0;
            if (!byte(next))
                return false;
            value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
            if (next < 0x80)
                return true;
        }
        return false;
    }

    bool take(std::uint64_t count, std::vector<std::string_view> &out)
    {
        while (count > 0) {
            if (atEnd())
                return false;
            auto &piece = m_pieces[m_at];
            const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(count, piece.size()));
            out.push_back(piece.substr(0, part));
            piece.remove_prefix(part);
            count -= part;
            skipEmpty();
        }
        return true;
    }

private:
    void skipEmpty()
    {
        while (m_at < m_pieces.size() && m_pieces[m_at].empty())
            ++m_at;
    }

    std::vector<std::string_view> m_pieces;
    std::size_t m_at = 0;
};

void appendNumber(std::string &out, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

void appendField(std::string &out, int field, int type)
{
    appendNumber(out, static_cast<std::uint64_t>(field) << 3 | static_cast<std::uint64_t>(type));
}

grpc::ByteBuffer headAndContent(const std::string &head, std::span<const grpc::Slice> content)
{
    std::vector<grpc::Slice> slices{grpc::Slice(head)};
    slices.insert(slices.end(), content.begin(), content.end());
    return grpc::ByteBuffer(slices.data(), slices.size());
}

/// Calls `number(field, value)` and `bytes(field, pieces)` for every field; false when the message is broken.
template <typename Number, typename Bytes>
bool readFields(const std::vector<grpc::Slice> &slices, Number &&number, Bytes &&bytes)
{
    for (Cursor cursor(slices); !cursor.atEnd();) {
        std::uint64_t key = 0, value = 0;
        if (!cursor.number(key))
            return false;
        std::vector<std::string_view> pieces;
        switch (key & 7) {
        case varint:
            if (!cursor.number(value))
                return false;
            number(key >> 3, value);
            break;
        case lengthAndBytes:
            if (!cursor.number(value) || !cursor.take(value, pieces))
                return false;
            bytes(key >> 3, std::move(pieces));
            break;
        case eightBytes:
            if (!cursor.take(8, pieces))
                return false;
            break;
        case fourBytes:
            if (!cursor.take(4, pieces))
                return false;
            break;
        default: return false;
        }
    }
    return true;
}

} // namespace

Result<ObjectRequest> readObjectRequest(const std::vector<grpc::Slice> &slices)
{
    ObjectRequest request;
    const auto bytes = [&](std::uint64_t field, std::vector<std::string_view> pieces) {
        if (field == 3) {
            request.id.clear();
            for (const auto piece : pieces)
                request.id += piece;
        } else if (field == 4) {
            request.content = std::move(pieces);
        }
    };
    if (!readFields(
            slices, [](std::uint64_t, std::uint64_t) {}, bytes))
        return fail(ErrorCode::Malformed, "A request for an object cannot be read");
    return request;
}

Result<ObjectResponse> readObjectResponse(const std::vector<grpc::Slice> &slices)
{
    ObjectResponse response;
    const auto number = [&](std::uint64_t field, std::uint64_t value) {
        if (field == 1)
            response.found = value != 0;
        else if (field == 2)
            response.available = value != 0;
    };
    const auto bytes = [&](std::uint64_t field, std::vector<std::string_view> pieces) {
        if (field == 3)
            response.content = std::move(pieces);
    };
    if (!readFields(slices, number, bytes))
        return fail(ErrorCode::Malformed, "The host's answer with an object cannot be read");
    return response;
}

grpc::ByteBuffer pushRequest(std::uint64_t node, std::uint64_t run, const std::string &id,
                             std::span<const grpc::Slice> content)
{
    std::uint64_t length = 0;
    for (const auto &piece : content)
        length += piece.size();
    std::string inner;
    appendField(inner, 1, varint);
    appendNumber(inner, node);
    std::string head;
    appendField(head, 1, lengthAndBytes);
    appendNumber(head, inner.size());
    head += inner;
    appendField(head, 2, varint);
    appendNumber(head, run);
    appendField(head, 3, lengthAndBytes);
    appendNumber(head, id.size());
    head += id;
    appendField(head, 4, lengthAndBytes);
    appendNumber(head, length);
    return headAndContent(head, content);
}

grpc::ByteBuffer pullResponse(const grpc::Slice &content)
{
    std::string head;
    appendField(head, 1, varint);
    appendNumber(head, 1);
    appendField(head, 2, varint);
    appendNumber(head, 1);
    appendField(head, 3, lengthAndBytes);
    appendNumber(head, content.size());
    return headAndContent(head, std::span(&content, 1));
}

} // namespace consilium::federation
