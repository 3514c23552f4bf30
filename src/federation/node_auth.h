// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "security/keys.h"

#include <string>

namespace consilium::federation {

/// The three headers that prove on every call who is calling: the key, the time, and the key's signature over the
/// time's text.
struct AuthHeaders
{
    static constexpr auto keyName = "flwr-public-key-bin";
    static constexpr auto timeName = "flwr-timestamp";
    static constexpr auto signatureName = "flwr-signature-bin";

    std::string publicKey; ///< PEM SubjectPublicKeyInfo
    std::string timestamp; ///< ISO 8601 with offset
    std::string signature; ///< ECDSA/SHA-256, DER
};

Result<AuthHeaders> signHeaders(const security::PrivateKey &key, TimePoint time);

/// Checks signature and clock; the caller must still look up whose key it is. A call may come from up to 5 s in the
/// future or 65 s in the past. Errors: Refused, in words a site's technician understands.
Result<> checkHeaders(const AuthHeaders &headers, TimePoint serverTime);

/// The two halves of checkHeaders: that the key's owner signed the time, and that the time is near enough to now.
Result<> checkSignature(const AuthHeaders &headers);
Result<> checkAge(const AuthHeaders &headers, TimePoint serverTime);

} // namespace consilium::federation
