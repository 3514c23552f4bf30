// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/certificate.h"

#include "security/openssl_error.h"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace consilium::security {

namespace {

constexpr long day = 24 * 3600;

std::string toPem(X509 *certificate)
{
    const auto bio = memoryBio();
    PEM_write_bio_X509(bio.get(), certificate);
    return contents(bio.get());
}

CertificatePointer readCertificate(std::string_view pem)
{
    const auto bio = memoryBio(pem);
    return CertificatePointer(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

RequestPointer readRequest(std::string_view pem)
{
    const auto bio = memoryBio(pem);
    return RequestPointer(PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr));
}

bool setName(X509_NAME *name, const std::string &commonName)
{
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char *>(commonName.data()),
                                      static_cast<int>(commonName.size()), -1, 0) == 1;
}

bool addExtension(X509 *certificate, X509 *issuer, int id, const std::string &value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

/// A certificate with a random serial number, valid from an hour ago: hospital clocks differ.
CertificatePointer blank(long validDays)
{
    CertificatePointer certificate(X509_new());
    X509_set_version(certificate.get(), X509_VERSION_3);
    const std::unique_ptr<BIGNUM, Freed<BN_free>> serial(BN_new());
    BN_rand(serial.get(), 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY);
    BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate.get()));
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), validDays * day);
    return certificate;
}

std::string publicPem(EVP_PKEY *key)
{
    const auto bio = memoryBio();
    PEM_write_bio_PUBKEY(bio.get(), key);
    return contents(bio.get());
}

} // namespace

Result<std::string> makeAuthority(const PrivateKey &key, const std::string &commonName)
{
    const auto certificate = blank(3650);
    auto *subject = X509_get_subject_name(certificate.get());
    if (!setName(subject, commonName) || X509_set_issuer_name(certificate.get(), subject) != 1 ||
        X509_set_pubkey(certificate.get(), key.handle()) != 1 ||
        !addExtension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
        !addExtension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign") ||
        !addExtension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash") ||
        X509_sign(certificate.get(), key.handle(), EVP_sha384()) == 0)
        return fail(opensslError(ErrorCode::Internal, "The study's certificate could not be made"));
    return toPem(certificate.get());
}

Result<std::string> makeRequest(const PrivateKey &key, const std::string &commonName)
{
    const RequestPointer request(X509_REQ_new());
    if (X509_REQ_set_version(request.get(), 0) != 1 || !setName(X509_REQ_get_subject_name(request.get()), commonName) ||
        X509_REQ_set_pubkey(request.get(), key.handle()) != 1 ||
        X509_REQ_sign(request.get(), key.handle(), EVP_sha384()) == 0)
        return fail(opensslError(ErrorCode::Internal, "The certificate request could not be made"));
    const auto bio = memoryBio();
    PEM_write_bio_X509_REQ(bio.get(), request.get());
    return contents(bio.get());
}

Result<std::string> issueCertificate(const PrivateKey &authorityKey, std::string_view authorityPem,
                                     std::string_view requestPem, const std::string &commonName, Purpose purpose)
{
    const auto request = readRequest(requestPem);
    const auto authority = readCertificate(authorityPem);
    if (!request || !authority)
        return fail(opensslError(ErrorCode::Malformed, request ? "The study's certificate cannot be read"
                                                               : "The certificate request cannot be read"));
    auto *key = X509_REQ_get0_pubkey(request.get());
    if (!key || X509_REQ_verify(request.get(), key) != 1)
        return fail(opensslError(ErrorCode::Refused, "The certificate request is not signed by its own key"));
    const auto certificate = blank(730);
    const bool server = purpose == Purpose::Server;
    if (!setName(X509_get_subject_name(certificate.get()), commonName) ||
        X509_set_issuer_name(certificate.get(), X509_get_subject_name(authority.get())) != 1 ||
        X509_set_pubkey(certificate.get(), key) != 1 ||
        !addExtension(certificate.get(), authority.get(), NID_basic_constraints, "critical,CA:FALSE") ||
        !addExtension(certificate.get(), authority.get(), NID_key_usage, "critical,digitalSignature") ||
        !addExtension(certificate.get(), authority.get(), NID_ext_key_usage, server ? "serverAuth" : "clientAuth") ||
        (server && !addExtension(certificate.get(), authority.get(), NID_subject_alt_name, "DNS:" + commonName)) ||
        X509_sign(certificate.get(), authorityKey.handle(), EVP_sha384()) == 0)
        return fail(opensslError(ErrorCode::Internal, "The certificate could not be issued"));
    return toPem(certificate.get());
}

Result<std::string> publicKeyOfRequest(std::string_view requestPem)
{
    const auto request = readRequest(requestPem);
    auto *key = request ? X509_REQ_get0_pubkey(request.get()) : nullptr;
    if (!key)
        return fail(opensslError(ErrorCode::Malformed, "The certificate request cannot be read"));
    return publicPem(key);
}

Result<std::string> publicKeyOfCertificate(std::string_view certificatePem)
{
    const auto certificate = readCertificate(certificatePem);
    auto *key = certificate ? X509_get0_pubkey(certificate.get()) : nullptr;
    if (!key)
        return fail(opensslError(ErrorCode::Malformed, "The certificate cannot be read"));
    return publicPem(key);
}

} // namespace consilium::security
