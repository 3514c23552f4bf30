// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"

#include "core/file.h"

namespace consilium {

Result<Json> parseJson(std::string_view text)
{
    try {
        return Json::parse(text);
    } catch (const Json::parse_error &error) {
        // The library's text names line and column; its "[json.exception...]" tag is of no use to a reader.
        std::string what = error.what();
        if (const auto tag = what.find("] "); tag != std::string::npos)
            what.erase(0, tag + 2);
        return fail(ErrorCode::Malformed, "Not valid JSON: {}", what);
    }
}

Result<Json> readJson(const std::filesystem::path &file)
{
    const auto text = readFile(file);
    if (!text)
        return fail(text.error());
    auto value = parseJson(*text);
    if (!value)
        return fail(value.error(), "{}", file.string());
    return value;
}

Result<> writeJson(const std::filesystem::path &file, const Json &value)
{
    return writeFileAtomically(file, value.dump(2) + "\n");
}

} // namespace consilium
