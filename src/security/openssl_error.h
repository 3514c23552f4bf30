// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <memory>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string>

namespace consilium::security {

/// OpenSSL's objects with their own ways of being freed.
template <auto Free>
struct Freed
{
    template <typename T>
    void operator()(T *object) const
    {
        Free(object);
    }
};
using KeyPointer = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using BioPointer = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using CertificatePointer = std::unique_ptr<X509, Freed<X509_free>>;
using RequestPointer = std::unique_ptr<X509_REQ, Freed<X509_REQ_free>>;

/// What OpenSSL last complained about, as an Error; clears its queue.
Error opensslError(ErrorCode code, const std::string &what);

BioPointer memoryBio(std::string_view bytes = {});
std::string contents(BIO *bio);

} // namespace consilium::security
