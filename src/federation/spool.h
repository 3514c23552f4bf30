// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/fleet_object.h"
#include "federation/open_files.h"

#include <filesystem>
#include <limits>
#include <mutex>
#include <optional>
#include <set>
#include <span>

namespace consilium::federation {

/// Objects on disk by their id: what arrived once is never asked for again, also after a restart. Safe from several
/// threads and processes, since an object's content follows from its name.
class Spool
{
public:
    explicit Spool(std::filesystem::path folder)
        : m_folder(std::move(folder)), m_open(std::make_shared<OpenFiles>()), m_outdated(std::make_shared<Outdated>())
    {
    }

    bool has(const std::string &id) const;
    /// Stores encoded bytes that may lie in several pieces. Errors: Refused (they do not hash to `id`); Io.
    Result<> put(const std::string &id, std::span<const std::string_view> pieces) const;
    Result<> put(const std::string &id, std::string_view encoded) const { return put(id, std::span(&encoded, 1)); }
    /// Stores an object of our own and returns its id. Errors: Io.
    Result<std::string> put(const FleetObject &object) const;
    /// An object without children whose body lies in several pieces, of which no copy is made. Errors: Io.
    Result<std::string> putLeaf(std::string_view type, std::span<const std::string_view> body) const;
    /// The encoded bytes, checked against the id; a damaged file is removed so that it can be fetched again.
    /// Errors: NotFound; Malformed (damaged); Io.
    Result<std::string> get(const std::string &id) const;
    Result<FleetObject> object(const std::string &id) const;

    /// Size in bytes of the encoded object. Errors: NotFound.
    Result<std::uint64_t> size(const std::string &id) const;
    /// Bytes of the encoded object from `offset`, not checked against the id: for what was checked when it was put.
    /// Errors: NotFound; Io (it is shorter).
    Result<> readAt(const std::string &id, std::uint64_t offset, std::span<std::byte> out) const;

    /// From so many bytes on an object is worth a mapping, of which a process may have some ten thousands.
    static constexpr std::uint64_t smallestView = 64 << 10;
    /// The encoded bytes as memory, not checked against the id; nothing where that cannot be had.
    std::optional<platform::MappedFile> view(const std::string &id) const
    {
        return platform::MappedFile::open(path(id));
    }
    /// The same, checked as get() does. Errors: as get().
    Result<platform::MappedFile> map(const std::string &id) const;

    /// Everything below `id`, itself included, as far as it is here.
    Result<std::set<std::string>> reachable(const std::string &id) const;
    enum class Removal {
        Now,
        /// One by one before others are stored, at the next call at the latest: memory and disk that were just given up
        /// are the cheapest to have again. An object that is asked for meanwhile stays.
        AsOthersCome
    };
    /// Removes every object that is not in `kept`. Errors: Io.
    Result<> keepOnly(const std::set<std::string> &kept, Removal when = Removal::Now) const;
    /// Removes what is still to be removed.
    void removeOutdated() const { makeRoom(std::numeric_limits<std::uint64_t>::max()); }

private:
    /// Objects that are to be removed.
    struct Outdated
    {
        std::mutex mutex;
        std::set<std::string> ids;
    };
    /// Removes outdated objects of so many bytes, or all there are.
    void makeRoom(std::uint64_t bytes) const;
    Result<> write(const std::string &id, std::span<const std::string_view> pieces) const;
    /// Removes what does not hash to its id. Errors: Malformed.
    Result<> check(const std::string &id, std::string_view bytes) const;
    std::filesystem::path path(const std::string &id) const { return m_folder / id; }
    std::filesystem::path m_folder;
    std::shared_ptr<OpenFiles> m_open; ///< shared by copies, as is the next
    std::shared_ptr<Outdated> m_outdated;
};

} // namespace consilium::federation
