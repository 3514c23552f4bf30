// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcistrma.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace consilium::imaging::dicom {

/// Where the bytes of a DICOM file come from: a file on the disk, of which the start was read, or memory. `start` then
/// holds all of them.
struct ByteOrigin
{
    std::filesystem::path file;
    std::uintmax_t size = 0;
    std::shared_ptr<const std::string> start;

    /// Errors, naming the file: NotFound; Unsupported (a folder, a device); Io.
    static Result<ByteOrigin> open(const std::filesystem::path &file);
    static ByteOrigin inMemory(std::string bytes, const std::filesystem::path &name);
};

/// Feeds DCMTK from a file or from memory. Unlike DCMTK's own streams it lets large values of either be read later,
/// from where they lie, so that a length in a damaged file never becomes memory before the bytes have been seen. And it
/// ends the reading of what DCMTK would take too long or too much for: sequences nested so deep that its recursion
/// would overflow the stack, and millions of elements that are none, which it reads one by one when a wrong length
/// leads it into pixels.
class ByteProducer : public DcmProducer
{
public:
    ByteProducer(ByteOrigin origin, std::uintmax_t offset);

    OFBool good() const override { return m_status.good(); }
    OFCondition status() const override { return m_status; }
    OFBool eos() override { return m_position >= m_origin.size; }
    offile_off_t avail() override { return static_cast<offile_off_t>(m_origin.size - m_position); }
    offile_off_t read(void *buffer, offile_off_t length) override;
    offile_off_t skip(offile_off_t length) override;
    void putback(offile_off_t length) override;

    const ByteOrigin &origin() const { return m_origin; }
    std::uintmax_t position() const { return m_position; }
    /// Why the reading was ended; null when it was not.
    const char *refusal() const { return m_refusal; }
    /// The next bytes are an element's tag.
    void expectTag();

private:
    void refuse(const char *why);
    void noteTag(const unsigned char *bytes, std::size_t count);
    std::size_t readFile(std::uintmax_t position, char *to, std::size_t count);
    std::size_t readPiece(std::uintmax_t position, char *to, std::size_t count);

    ByteOrigin m_origin;
    std::uintmax_t m_position = 0;
    OFCondition m_status;
    std::filebuf m_file;        ///< opened when bytes behind the start are asked for
    std::vector<char> m_window; ///< bytes of the file from m_windowStart on
    std::uintmax_t m_windowStart = 0;
    std::uintptr_t m_stackAtStart = 0;
    const char *m_refusal = nullptr;
    std::array<unsigned char, 4> m_tag{};
    std::size_t m_tagBytes = 4; ///< how many of them are there
    std::uintmax_t m_tagPosition = 0;
    std::uint32_t m_lastTag = 0;
    int m_descents = 0; ///< tags that do not rise, since the last item
};

class ByteStream : public DcmInputStream
{
public:
    explicit ByteStream(ByteOrigin origin, std::uintmax_t offset = 0);
    DcmInputStreamFactory *newFactory() const override;
    /// DCMTK marks the stream before each tag, to come back to it.
    void mark() override;
    const char *refusal() const { return m_producer.refusal(); }

private:
    ByteProducer m_producer;
};

} // namespace consilium::imaging::dicom
