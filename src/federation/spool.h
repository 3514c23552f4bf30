// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/fleet_object.h"
#include "federation/open_files.h"

#include <filesystem>
#include <set>
#include <span>

namespace consilium::federation {

/// Objects on disk by their id: what arrived once is never asked for again, also after a restart. Safe from several
/// threads and processes, since an object's content follows from its name.
class Spool
{
public:
    explicit Spool(std::filesystem::path folder) : m_folder(std::move(folder)), m_open(std::make_shared<OpenFiles>()) {}

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

    /// Everything below `id`, itself included, as far as it is here.
    Result<std::set<std::string>> reachable(const std::string &id) const;
    /// Removes every object that is not in `kept`. Errors: Io.
    Result<> keepOnly(const std::set<std::string> &kept) const;

private:
    Result<> write(const std::string &id, std::span<const std::string_view> pieces) const;
    std::filesystem::path path(const std::string &id) const { return m_folder / id; }
    std::filesystem::path m_folder;
    std::shared_ptr<OpenFiles> m_open; ///< shared by copies
};

} // namespace consilium::federation
