// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lies_within.h"

#include <algorithm>

namespace consilium {

namespace fs = std::filesystem;

namespace {

Result<fs::path> placeOf(const fs::path &path)
{
    std::error_code error;
    // Made absolute first: weakly_canonical leaves a relative path as it is when nothing of it is there yet.
    auto place = fs::absolute(path, error);
    if (!error)
        place = fs::weakly_canonical(place, error);
    if (error)
        return fail(ErrorCode::Io, "Where {} lies cannot be told: {}", path.string(), error.message());
    return place.has_filename() ? place : place.parent_path(); // a missing folder keeps the slash at its end
}

} // namespace

Result<bool> liesWithin(const fs::path &folder, const fs::path &path)
{
    const auto outer = placeOf(folder), inner = placeOf(path);
    if (!outer)
        return fail(outer.error());
    if (!inner)
        return fail(inner.error());
    return std::ranges::mismatch(*outer, *inner).in1 == outer->end();
}

} // namespace consilium
