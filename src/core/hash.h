// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace consilium {

/// SHA-256 (FIPS 180-4), fed in pieces.
class Sha256
{
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256 &) = delete;
    Sha256 &operator=(const Sha256 &) = delete;

    void add(std::span<const std::byte> bytes);
    void add(std::string_view bytes) { add(std::as_bytes(std::span(bytes))); }
    /// 64 lower-case hexadecimal digits. Call once.
    std::string hex();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
std::string sha256Hex(std::string_view bytes);

/// `count` random bytes from the system's cryptographic generator, as 2*count hexadecimal digits.
std::string randomHex(std::size_t count);

/// A seed that depends on all parts and on nothing else: the first eight bytes of SHA-256 over them. Lets every site,
/// round and case draw its own numbers while the same study gives the same ones again.
std::uint64_t derivedSeed(std::uint64_t seed, std::string_view first, std::uint64_t second = 0);

} // namespace consilium
