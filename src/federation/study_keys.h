// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace consilium::federation {

/// The host's secrets inside a study folder; readable by their owner alone.
struct StudyKeys
{
    std::filesystem::path folder;
    std::filesystem::path authorityKey() const { return folder / "authority-key.pem"; }
    std::filesystem::path serverKey() const { return folder / "server-key.pem"; }
    std::filesystem::path serverCertificate() const { return folder / "server-certificate.pem"; }
};

} // namespace consilium::federation
