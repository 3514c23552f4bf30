// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "security/keys.h"

#include <filesystem>

namespace consilium::federation {

/// The key by which a SuperLink knows a node: `folder`/node-key.pem, made when missing, readable by its owner alone.
/// Beside it lies node-key.pub for the SuperLink's operator, who registers nodes by it. Errors: Io; Malformed (naming
/// the file).
Result<security::PrivateKey> openNodeKey(const std::filesystem::path &folder);

/// Where openNodeKey puts the public key.
std::filesystem::path publicNodeKey(const std::filesystem::path &folder);

/// The public key on one line, "ecdsa-sha2-nistp384 <base64>", as `flwr supernode register` reads it. Source: RFC 5656,
/// section 3.1.
Result<std::string> openSshPublicKey(const std::string &publicPem);

} // namespace consilium::federation
