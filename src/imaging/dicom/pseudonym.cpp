// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/pseudonym.h"

#include "core/file.h"
#include "core/hash.h"
#include "imaging/dicom/deidentify.h"
#include "imaging/dicom/derived_uid.h"

#include <algorithm>

namespace consilium::imaging::dicom {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view fileHeading = "Consilium pseudonym key 1\n";
constexpr std::size_t keySize = 32;

int hexDigit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return -1;
}

/// Empty when `hex` is not pairs of lower-case hexadecimal digits.
std::string fromHex(std::string_view hex)
{
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        const int high = hexDigit(hex[i]), low = hexDigit(hex[i + 1]);
        if (high < 0 || low < 0)
            return {};
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

Result<std::string> readKey(const fs::path &file)
{
    const auto content = readFile(file);
    if (!content)
        return fail(content.error());
    const auto bytes = content->starts_with(fileHeading) && content->size() == fileHeading.size() + 2 * keySize + 1
                           ? fromHex(std::string_view(*content).substr(fileHeading.size(), 2 * keySize))
                           : std::string();
    if (bytes.size() != keySize)
        return failWithHint(ErrorCode::Malformed, "Name another file; a new key is made in a file that does not exist",
                            "{} is not a pseudonym key", file.string());
    return bytes;
}

/// Makes a key in `file`, and leaves alone what somebody else made there meanwhile: a key replaced is lost.
Result<> makeKey(const fs::path &file)
{
    auto unpublished = file;
    unpublished += ".new-" + randomHex(6);
    if (const auto written = writePrivateFile(unpublished, std::string(fileHeading) + randomHex(keySize) + "\n");
        !written)
        return fail(written.error(), "The pseudonym key could not be made");
    std::error_code error, ignored;
    fs::create_hard_link(unpublished, file, error);
    if (error && error != std::errc::file_exists) { // a file system without hard links; not at once, but no overwriting
        error.clear();
        fs::copy_file(unpublished, file, fs::copy_options::none, error);
    }
    fs::remove(unpublished, ignored);
    if (error && error != std::errc::file_exists)
        return fail(ErrorCode::Io, "The pseudonym key {} could not be made: {}", file.string(), error.message());
    return {};
}

std::uint64_t leadingNumber(const std::array<std::uint8_t, 32> &digest)
{
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i)
        number = number << 8 | digest[i];
    return number;
}

} // namespace

std::array<std::uint8_t, 32> hmacSha256(std::string_view key, std::string_view message)
{
    constexpr std::size_t block = 64;
    std::string padded(key.size() > block ? fromHex(sha256Hex(key)) : std::string(key));
    padded.resize(block, '\0');
    auto inner = padded, outer = padded;
    for (std::size_t i = 0; i < block; ++i) {
        inner[i] = static_cast<char>(inner[i] ^ 0x36);
        outer[i] = static_cast<char>(outer[i] ^ 0x5c);
    }
    inner += message;
    outer += fromHex(sha256Hex(inner));
    const auto bytes = fromHex(sha256Hex(outer));
    std::array<std::uint8_t, 32> digest{};
    std::ranges::copy(bytes, digest.begin());
    return digest;
}

Result<PseudonymKey> PseudonymKey::open(const fs::path &file)
{
    std::error_code error;
    const bool there = fs::exists(file, error);
    if (error) // not known to be absent: a share that is away, a folder that may not be searched
        return failWithHint(ErrorCode::Io, "Check the disk it lies on and your rights there",
                            "The pseudonym key {} cannot be reached: {}", file.string(), error.message());
    if (!there) {
        if (const auto made = makeKey(file); !made)
            return fail(made.error());
    }
    // Read back even when just made: of two runs that make it at once, both use the one that stayed.
    auto bytes = readKey(file);
    if (!bytes)
        return fail(bytes.error());
    return fromBytes(std::move(*bytes));
}

PseudonymKey PseudonymKey::fromBytes(std::string bytes)
{
    PseudonymKey key;
    key.m_bytes = std::move(bytes);
    return key;
}

// Each use hashes under a word of its own, so that a pseudonym says nothing about a date shift or a UID.

std::string PseudonymKey::patient(const std::string &patientId) const
{
    // Crockford's alphabet: no letter that is read as another or as a digit.
    static constexpr char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    auto number = leadingNumber(hmacSha256(m_bytes, "patient:" + patientId));
    std::string name = "C-";
    for (int i = 0; i < 10; ++i) {
        name += alphabet[number >> 59];
        number <<= 5;
    }
    return name;
}

int PseudonymKey::dateShift(const std::string &patientId) const
{
    return -1 - static_cast<int>(leadingNumber(hmacSha256(m_bytes, "date:" + patientId)) % 3650);
}

std::string PseudonymKey::uid(const std::string &original) const
{
    const auto digest = hmacSha256(m_bytes, "uid:" + original);
    std::array<std::uint8_t, 16> uuid{};
    std::copy_n(digest.begin(), uuid.size(), uuid.begin());
    return derivedUid(uuid);
}

} // namespace consilium::imaging::dicom
