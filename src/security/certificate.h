// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "security/keys.h"

namespace consilium::security {

/// A study's own certificate authority: a self-signed certificate for `key`, valid for ten years. PEM.
Result<std::string> makeAuthority(const PrivateKey &key, const std::string &commonName);

/// A PKCS #10 request that proves the site holds `key`. PEM.
Result<std::string> makeRequest(const PrivateKey &key, const std::string &commonName);

enum class Purpose { Server, Site };

/// Signs a request: a certificate for `commonName` (the name in the request is not believed), valid for two years,
/// usable for `purpose` alone; a server's carries commonName as its DNS name. PEM. Errors: Malformed; Refused (the
/// request's own signature is wrong).
Result<std::string> issueCertificate(const PrivateKey &authorityKey, std::string_view authorityPem,
                                     std::string_view requestPem, const std::string &commonName, Purpose purpose);

/// The public key inside a request or certificate, as PEM SubjectPublicKeyInfo. Errors: Malformed.
Result<std::string> publicKeyOfRequest(std::string_view requestPem);
Result<std::string> publicKeyOfCertificate(std::string_view certificatePem);

} // namespace consilium::security
