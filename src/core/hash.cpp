// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"

#include <cassert>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <vector>

namespace consilium {

namespace {

std::string toHex(std::span<const unsigned char> bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

} // namespace

struct Sha256::State
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : m_state(std::make_unique<State>())
{
    EVP_DigestInit_ex(m_state->context, EVP_sha256(), nullptr);
}

Sha256::~Sha256() = default;

void Sha256::add(std::span<const std::byte> bytes)
{
    EVP_DigestUpdate(m_state->context, bytes.data(), bytes.size());
}

std::string Sha256::hex()
{
    std::array<unsigned char, 32> digest{};
    EVP_DigestFinal_ex(m_state->context, digest.data(), nullptr);
    return toHex(digest);
}

std::string sha256Hex(std::string_view bytes)
{
    Sha256 hash;
    hash.add(bytes);
    return hash.hex();
}

std::string randomHex(std::size_t count)
{
    std::vector<unsigned char> bytes(count);
    [[maybe_unused]] const int ok = RAND_bytes(bytes.data(), static_cast<int>(count));
    assert(ok == 1);
    return toHex(bytes);
}

std::uint64_t derivedSeed(std::uint64_t seed, std::string_view first, std::uint64_t second)
{
    const auto text = std::to_string(seed) + "/" + std::string(first) + "/" + std::to_string(second);
    return std::stoull(sha256Hex(text).substr(0, 16), nullptr, 16);
}

} // namespace consilium
