// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/node_auth.h"

namespace consilium::federation {

Result<AuthHeaders> signHeaders(const security::PrivateKey &key, TimePoint time)
{
    AuthHeaders headers{key.publicPem(), toIso(time), {}};
    auto signature = key.sign(headers.timestamp);
    if (!signature)
        return fail(signature.error());
    headers.signature = std::move(*signature);
    return headers;
}

Result<> checkAge(const AuthHeaders &headers, TimePoint serverTime)
{
    const auto time = fromIso(headers.timestamp);
    if (!time)
        return fail(ErrorCode::Refused, "The call is not signed");
    const auto ahead = std::chrono::duration<double>(*time - serverTime).count();
    if (ahead > 5 || ahead < -65)
        return failWithHint(ErrorCode::Refused, "Set the clock of this computer, best by a time server",
                            "This site's clock is {:.0f} s {} the host's", std::abs(ahead),
                            ahead > 0 ? "ahead of" : "behind");
    return {};
}

Result<> checkSignature(const AuthHeaders &headers)
{
    if (headers.publicKey.empty() || !fromIso(headers.timestamp))
        return fail(ErrorCode::Refused, "The call is not signed");
    if (!security::verify(headers.publicKey, headers.timestamp, headers.signature))
        return fail(ErrorCode::Refused, "The call's signature is wrong");
    return {};
}

Result<> checkHeaders(const AuthHeaders &headers, TimePoint serverTime)
{
    auto signedRightly = checkSignature(headers);
    return signedRightly ? checkAge(headers, serverTime) : signedRightly;
}

} // namespace consilium::federation
