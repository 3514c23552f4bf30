// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <string>
#include <string_view>

namespace consilium::security {

/// Encrypts `plain` under a passphrase: scrypt (RFC 7914, N = 2^15, r = 8, p = 1) to a key, AES-256-GCM (NIST SP
/// 800-38D) over the text. The result is salt (16 bytes), nonce (12), cipher text, tag (16).
Result<std::string> seal(std::string_view plain, std::string_view passphrase);

/// Errors: Refused (wrong passphrase, or changed on the way: the two cannot be told apart); Malformed (too short).
Result<std::string> unseal(std::string_view sealed, std::string_view passphrase);

} // namespace consilium::security
