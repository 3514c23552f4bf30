// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/seal.h"

#include "security/openssl_error.h"

#include <array>
#include <openssl/rand.h>

namespace consilium::security {

namespace {

constexpr std::size_t saltSize = 16, nonceSize = 12, tagSize = 16;
using Key = std::array<unsigned char, 32>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;

const unsigned char *bytes(std::string_view text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}
unsigned char *bytes(std::string &text)
{
    return reinterpret_cast<unsigned char *>(text.data());
}

bool deriveKey(std::string_view passphrase, std::string_view salt, Key &key)
{
    constexpr std::uint64_t memoryLimit = 64 << 20; // scrypt takes 128 * N * r = 32 MiB
    return EVP_PBE_scrypt(passphrase.data(), passphrase.size(), bytes(salt), salt.size(), 1 << 15, 8, 1, memoryLimit,
                          key.data(), key.size()) == 1;
}

} // namespace

Result<std::string> seal(std::string_view plain, std::string_view passphrase)
{
    std::string out(saltSize + nonceSize + plain.size() + tagSize, '\0');
    Key key;
    const CipherContext context(EVP_CIPHER_CTX_new());
    int size = 0;
    if (RAND_bytes(bytes(out), saltSize + nonceSize) != 1 ||
        !deriveKey(passphrase, std::string_view(out).substr(0, saltSize), key) ||
        EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), bytes(out) + saltSize) != 1 ||
        EVP_EncryptUpdate(context.get(), bytes(out) + saltSize + nonceSize, &size, bytes(plain),
                          static_cast<int>(plain.size())) != 1 ||
        EVP_EncryptFinal_ex(context.get(), bytes(out) + saltSize + nonceSize + size, &size) != 1 ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tagSize,
                            bytes(out) + saltSize + nonceSize + plain.size()) != 1)
        return fail(opensslError(ErrorCode::Internal, "Sealing failed"));
    return out;
}

Result<std::string> unseal(std::string_view sealed, std::string_view passphrase)
{
    if (sealed.size() < saltSize + nonceSize + tagSize)
        return fail(ErrorCode::Malformed, "The sealed text is too short");
    Key key;
    const CipherContext context(EVP_CIPHER_CTX_new());
    const auto cipherSize = sealed.size() - saltSize - nonceSize - tagSize;
    std::string plain(cipherSize, '\0');
    std::string tag(sealed.substr(sealed.size() - tagSize));
    int size = 0;
    if (!deriveKey(passphrase, sealed.substr(0, saltSize), key) ||
        EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), bytes(sealed) + saltSize) != 1 ||
        EVP_DecryptUpdate(context.get(), bytes(plain), &size, bytes(sealed) + saltSize + nonceSize,
                          static_cast<int>(cipherSize)) != 1 ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tagSize, tag.data()) != 1)
        return fail(opensslError(ErrorCode::Internal, "Opening the seal failed"));
    if (EVP_DecryptFinal_ex(context.get(), bytes(plain) + size, &size) != 1) {
        opensslError(ErrorCode::Refused, {});
        return failWithHint(ErrorCode::Refused, "Check the passphrase, or ask the host for a new copy",
                            "The passphrase is wrong or the text was changed");
    }
    return plain;
}

} // namespace consilium::security
