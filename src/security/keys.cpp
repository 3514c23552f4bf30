// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/keys.h"

#include "security/openssl_error.h"

#include <algorithm>
#include <openssl/ec.h>
#include <openssl/pem.h>

namespace consilium::security {

namespace {

KeyPointer readPublic(std::string_view pem)
{
    const auto bio = memoryBio(pem);
    return KeyPointer(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
}

std::string writePublic(EVP_PKEY *key)
{
    const auto bio = memoryBio();
    PEM_write_bio_PUBKEY(bio.get(), key);
    return contents(bio.get());
}

using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

const unsigned char *bytes(std::string_view text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}

} // namespace

PrivateKey::PrivateKey(PrivateKey &&other) noexcept : m_key(std::exchange(other.m_key, nullptr)) {}

PrivateKey &PrivateKey::operator=(PrivateKey &&other) noexcept
{
    std::swap(m_key, other.m_key);
    return *this;
}

PrivateKey::~PrivateKey()
{
    EVP_PKEY_free(m_key);
}

Result<PrivateKey> PrivateKey::generate()
{
    auto *key = EVP_EC_gen("P-384");
    if (!key)
        return fail(opensslError(ErrorCode::Internal, "No key could be made"));
    return PrivateKey(key);
}

Result<PrivateKey> PrivateKey::fromPem(std::string_view pem)
{
    const auto bio = memoryBio(pem);
    auto *key = PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr);
    if (!key)
        return fail(opensslError(ErrorCode::Malformed, "The private key cannot be read"));
    PrivateKey wrapped(key);
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC || EVP_PKEY_get_bits(key) != 384)
        return fail(ErrorCode::Unsupported, "The private key is not an elliptic-curve key on P-384");
    return wrapped;
}

std::string PrivateKey::toPem() const
{
    const auto bio = memoryBio();
    PEM_write_bio_PKCS8PrivateKey(bio.get(), m_key, nullptr, nullptr, 0, nullptr, nullptr);
    return contents(bio.get());
}

std::string PrivateKey::publicPem() const
{
    return writePublic(m_key);
}

Result<std::string> PrivateKey::sign(std::string_view message) const
{
    const DigestContext context(EVP_MD_CTX_new());
    std::size_t size = 0;
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, m_key) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &size, bytes(message), message.size()) != 1)
        return fail(opensslError(ErrorCode::Internal, "Signing failed"));
    std::string signature(size, '\0');
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char *>(signature.data()), &size, bytes(message),
                       message.size()) != 1)
        return fail(opensslError(ErrorCode::Internal, "Signing failed"));
    signature.resize(size); // DER lengths vary; the first call gave the most it could be
    return signature;
}

bool verify(std::string_view publicPem, std::string_view message, std::string_view signature)
{
    const auto key = readPublic(publicPem);
    const DigestContext context(EVP_MD_CTX_new());
    const bool good =
        key && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
        EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(message), message.size()) == 1;
    if (!good)
        opensslError(ErrorCode::Refused, {}); // empties the queue for whoever comes next
    return good;
}

Result<std::string> normalisedPublicPem(std::string_view pem)
{
    const auto key = readPublic(pem);
    if (!key)
        return fail(opensslError(ErrorCode::Malformed, "The public key cannot be read"));
    return writePublic(key.get());
}

std::string toBase64(std::string_view input)
{
    std::string text((input.size() + 2) / 3 * 4 + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char *>(text.data()), bytes(input), static_cast<int>(input.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

Result<std::string> fromBase64(std::string_view text)
{
    std::string out(text.size() / 4 * 3 + 3, '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char *>(out.data()), bytes(text), static_cast<int>(text.size()));
    if (size < 0 || text.size() % 4 != 0)
        return fail(ErrorCode::Malformed, "Not valid base64");
    const auto padding = std::count(text.end() - std::min<std::ptrdiff_t>(2, std::ssize(text)), text.end(), '=');
    out.resize(static_cast<std::size_t>(size - padding));
    return out;
}

} // namespace consilium::security
