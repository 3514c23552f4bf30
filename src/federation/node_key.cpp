// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/node_key.h"

#include "core/file.h"

namespace consilium::federation {

namespace {

std::filesystem::path privateNodeKey(const std::filesystem::path &folder)
{
    return folder / "node-key.pem";
}

/// A string on the SSH wire: its length in four bytes, big endian, then its bytes (RFC 4251, section 5).
std::string sshString(std::string_view text)
{
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>(text.size() >> shift & 0xff);
    return out.append(text);
}

Result<security::PrivateKey> readOrMake(const std::filesystem::path &file)
{
    const auto pem = readFile(file);
    if (pem) {
        auto key = security::PrivateKey::fromPem(*pem);
        if (!key)
            return fail(key.error(), "The node's key {}", file.string());
        return key;
    }
    if (pem.error().code != ErrorCode::NotFound)
        return fail(pem.error());
    auto key = security::PrivateKey::generate();
    if (!key)
        return key;
    if (auto written = writePrivateFile(file, key->toPem()); !written)
        return fail(written.error());
    return key;
}

} // namespace

std::filesystem::path publicNodeKey(const std::filesystem::path &folder)
{
    return folder / "node-key.pub";
}

Result<std::string> openSshPublicKey(const std::string &publicPem)
{
    std::string body;
    for (std::size_t begin = 0; begin < publicPem.size();) {
        const auto end = std::min(publicPem.find('\n', begin), publicPem.size());
        if (publicPem[begin] != '-')
            body += publicPem.substr(begin, end - begin);
        begin = end + 1;
    }
    const auto der = security::fromBase64(body);
    if (!der)
        return fail(der.error());
    // A SubjectPublicKeyInfo of P-384 ends with the point, not compressed: 04, x and y of 48 bytes each.
    constexpr std::size_t point = 97;
    if (der->size() < point || (*der)[der->size() - point] != '\x04')
        return fail(ErrorCode::Unsupported, "The node's key is not one on P-384");
    const std::string type = "ecdsa-sha2-nistp384";
    return type + ' ' +
           security::toBase64(sshString(type) + sshString("nistp384") + sshString(der->substr(der->size() - point)));
}

Result<security::PrivateKey> openNodeKey(const std::filesystem::path &folder)
{
    auto key = readOrMake(privateNodeKey(folder));
    if (!key)
        return key;
    const auto line = openSshPublicKey(key->publicPem());
    if (!line)
        return fail(line.error(), "The node's key {}", privateNodeKey(folder).string());
    if (auto written = writeFileAtomically(publicNodeKey(folder), *line + '\n'); !written)
        return fail(written.error());
    return key;
}

} // namespace consilium::federation
