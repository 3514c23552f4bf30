// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/half_written.h"

#include <string>

namespace consilium {

void removeHalfWritten(std::span<const std::filesystem::path> folders)
{
    for (const auto &folder : folders) {
        std::error_code error;
        for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
            std::error_code ignored;
            if (it->path().filename().string().find(".partial-") != std::string::npos)
                std::filesystem::remove(it->path(), ignored);
        }
    }
}

} // namespace consilium
