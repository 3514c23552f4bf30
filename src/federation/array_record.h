// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/spool.h"

#include <string>
#include <utility>
#include <vector>

/// How arrays are made of objects on the Fleet wire. Private to this library.
namespace consilium::federation {

/// Errors: Malformed (it is of another type); those of Spool::object.
Result<FleetObject> objectOfType(const std::string &id, const Spool &spool, std::string_view type);

/// name -> id, in order, from an ArrayRecord's or RecordDict's body; every id must be one of the children.
/// Errors: Malformed.
Result<std::vector<std::pair<std::string, std::string>>> namedChildren(const FleetObject &object);

/// The arrays of an ArrayRecord.
Result<std::vector<std::pair<std::string, std::string>>> namedArrays(const std::string &recordId, const Spool &spool);

/// The chunks of an array, in the order of its bytes; one may stand several times. `name` is for errors.
/// Errors: NotFound; Malformed.
Result<std::vector<std::string>> chunksOf(const std::string &name, const std::string &arrayId, const Spool &spool);

} // namespace consilium::federation
