// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/update_reader.h"

#include <filesystem>
#include <memory>
#include <string_view>

namespace consilium::federation {

/// A safetensors file, read where it lies: one descriptor, no memory that grows with it. Errors: as
/// SafetensorsFile::open.
Result<std::shared_ptr<const UpdateReader>> readerOf(const std::filesystem::path &file);

/// Tensors that are in memory already.
std::shared_ptr<const UpdateReader> readerOf(ModelState state);

/// Of `all`, the tensors whose names begin with `prefix`; `strip`: under what follows it.
std::shared_ptr<const UpdateReader> tensorsWithPrefix(std::shared_ptr<const UpdateReader> all, std::string_view prefix,
                                                      bool strip);
/// The others.
std::shared_ptr<const UpdateReader> tensorsWithoutPrefix(std::shared_ptr<const UpdateReader> all,
                                                         std::string_view prefix);

} // namespace consilium::federation
