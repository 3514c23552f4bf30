// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace consilium::security {

/// An elliptic-curve key on P-384 (FIPS 186-4), the kind that names a node on the wire.
class PrivateKey
{
public:
    static Result<PrivateKey> generate();
    /// Errors: Malformed (not a PEM key); Unsupported (another kind of key).
    static Result<PrivateKey> fromPem(std::string_view pem);
    PrivateKey(PrivateKey &&) noexcept;
    PrivateKey &operator=(PrivateKey &&) noexcept;
    ~PrivateKey();

    std::string toPem() const;     ///< PKCS #8, not encrypted
    std::string publicPem() const; ///< SubjectPublicKeyInfo
    /// ECDSA over SHA-256, DER-encoded.
    Result<std::string> sign(std::string_view message) const;

    evp_pkey_st *handle() const { return m_key; }

private:
    explicit PrivateKey(evp_pkey_st *key) : m_key(key) {}
    evp_pkey_st *m_key;
};

/// Whether `signature` (ECDSA/SHA-256, DER) over `message` was made by the owner of `publicPem`.
bool verify(std::string_view publicPem, std::string_view message, std::string_view signature);

/// The key in its one usual spelling, so that the same key always compares equal. Errors: Malformed.
Result<std::string> normalisedPublicPem(std::string_view pem);

std::string toBase64(std::string_view bytes);
Result<std::string> fromBase64(std::string_view text);

} // namespace consilium::security
