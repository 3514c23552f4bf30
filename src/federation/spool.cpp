// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/spool.h"

#include "core/file.h"
#include "core/hash.h"

namespace consilium::federation {

namespace fs = std::filesystem;

bool Spool::has(const std::string &id) const
{
    if (!isObjectId(id))
        return false;
    const std::lock_guard lock(m_outdated->mutex);
    m_outdated->ids.erase(id); // whoever asks counts on it
    std::error_code ignored;
    return fs::exists(path(id), ignored);
}

void Spool::makeRoom(std::uint64_t bytes) const
{
    const std::lock_guard lock(m_outdated->mutex);
    auto &ids = m_outdated->ids;
    for (std::uint64_t freed = 0; !ids.empty() && freed < bytes; ids.erase(ids.begin())) {
        std::error_code none, ignored;
        const auto size = fs::file_size(path(*ids.begin()), none);
        freed += none ? 0 : size;
        fs::remove(path(*ids.begin()), ignored);
    }
}

namespace {

std::string idOf(std::span<const std::string_view> pieces)
{
    Sha256 hash;
    for (const auto piece : pieces)
        hash.add(piece);
    return hash.hex();
}

} // namespace

Result<> Spool::write(const std::string &id, std::span<const std::string_view> pieces) const
{
    if (has(id))
        return {};
    std::uint64_t bytes = 0;
    for (const auto piece : pieces)
        bytes += piece.size();
    makeRoom(bytes);
    auto file = AtomicFile::create(path(id));
    if (!file)
        return fail(file.error());
    if (auto written = file->write(pieces); !written)
        return written;
    return file->commit(false);
}

Result<> Spool::put(const std::string &id, std::span<const std::string_view> pieces) const
{
    if (!isObjectId(id) || idOf(pieces) != id)
        return fail(ErrorCode::Refused, "An object's bytes do not match its id {}", id.substr(0, 64));
    return write(id, pieces);
}

Result<std::string> Spool::put(const FleetObject &object) const
{
    const auto encoded = object.encode();
    const std::string_view piece(encoded);
    auto id = objectId(encoded);
    if (auto stored = write(id, std::span(&piece, 1)); !stored)
        return fail(stored.error());
    return id;
}

Result<std::string> Spool::putLeaf(std::string_view type, std::span<const std::string_view> body) const
{
    std::size_t length = 0;
    for (const auto piece : body)
        length += piece.size();
    const auto header = FleetObject::header(type, {}, length);
    std::vector<std::string_view> pieces{header};
    pieces.insert(pieces.end(), body.begin(), body.end());
    auto id = idOf(pieces);
    if (auto stored = write(id, pieces); !stored)
        return fail(stored.error());
    return id;
}

Result<std::uint64_t> Spool::size(const std::string &id) const
{
    std::error_code error;
    const auto bytes = isObjectId(id) ? fs::file_size(path(id), error) : 0;
    if (!isObjectId(id) || error)
        return fail(ErrorCode::NotFound, "The object {} is not there", id.substr(0, 64));
    return bytes;
}

Result<> Spool::readAt(const std::string &id, std::uint64_t offset, std::span<std::byte> out) const
{
    const auto file = isObjectId(id) ? m_open->file(path(id)) : nullptr;
    if (!file || !file->read(offset, out))
        return fail(ErrorCode::Io, "The spooled object {} could not be read", path(id).string());
    return {};
}

Result<std::string> Spool::get(const std::string &id) const
{
    if (!isObjectId(id))
        return fail(ErrorCode::Malformed, "'{}' is not an object's id", id.substr(0, 64));
    auto bytes = readFile(path(id));
    if (!bytes)
        return bytes;
    if (auto good = check(id, *bytes); !good)
        return fail(good.error());
    return bytes;
}

Result<platform::MappedFile> Spool::map(const std::string &id) const
{
    if (!has(id))
        return fail(ErrorCode::NotFound, "The object {} is not there", id.substr(0, 64));
    auto mapped = view(id);
    if (!mapped)
        return fail(ErrorCode::Io, "The spooled object {} could not be read", path(id).string());
    const auto bytes = mapped->bytes();
    if (auto good = check(id, {reinterpret_cast<const char *>(bytes.data()), bytes.size()}); !good)
        return fail(good.error());
    return std::move(*mapped);
}

Result<> Spool::check(const std::string &id, std::string_view bytes) const
{
    if (objectId(bytes) == id)
        return {};
    std::error_code ignored;
    fs::remove(path(id), ignored);
    return fail(ErrorCode::Malformed, "The spooled object {} was damaged and has to be sent again", id);
}

Result<FleetObject> Spool::object(const std::string &id) const
{
    const auto bytes = get(id);
    if (!bytes)
        return fail(bytes.error());
    return FleetObject::decode(*bytes);
}

Result<std::set<std::string>> Spool::reachable(const std::string &id) const
{
    std::set<std::string> found;
    std::vector<std::pair<std::string, bool>> open{{id, false}}; // id, and whether it is known to be a leaf
    while (!open.empty()) {
        const auto [next, leaf] = open.back();
        open.pop_back();
        if (!found.insert(next).second || leaf || !has(next))
            continue;
        const auto object = this->object(next);
        if (!object)
            return fail(object.error());
        for (const auto &child : object->children)
            open.emplace_back(child, object->type == "Array"); // chunks are large and have no children: not read
    }
    return found;
}

Result<> Spool::keepOnly(const std::set<std::string> &kept, Removal when) const
{
    m_open->close(); // a file that is open keeps its space on the disk
    removeOutdated();
    std::set<std::string> outdated;
    std::error_code error;
    for (fs::directory_iterator it(m_folder, error), end; !error && it != end; it.increment(error)) {
        const auto name = it->path().filename().string();
        if (isObjectId(name) && !kept.contains(name))
            outdated.insert(name);
    }
    {
        const std::lock_guard lock(m_outdated->mutex);
        m_outdated->ids.swap(outdated);
    }
    if (when == Removal::Now)
        removeOutdated();
    if (error)
        return fail(ErrorCode::Io, "The spool {} could not be read: {}", m_folder.string(), error.message());
    return {};
}

} // namespace consilium::federation
