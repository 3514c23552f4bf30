// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/cases/paths.h"

#include "imaging/files/image_files.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace consilium::viewer {

namespace fs = std::filesystem;

std::string utf8(const fs::path &path)
{
    const auto text = path.u8string();
    return {text.begin(), text.end()};
}

fs::path fromUtf8(const std::string &text)
{
    return fs::path(std::u8string(text.begin(), text.end()));
}

std::string stem(const fs::path &file)
{
    fs::path name = file.filename();
    if (name.extension() == ".gz")
        name = name.stem();
    return utf8(imaging::isImageName(name) ? name.stem() : name);
}

bool namedLikeLabels(const fs::path &file)
{
    std::string name = stem(file);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    const std::array<const char *, 4> words{"lesion", "label", "seg", "mask"};
    return std::any_of(words.begin(), words.end(), [&](const char *word) { return name.find(word) != name.npos; }) ||
           utf8(file.parent_path().filename()).rfind("labels", 0) == 0;
}

std::string commonName(const std::vector<fs::path> &files)
{
    const fs::path folder = files.front().parent_path().filename();
    return files.size() == 1 || folder.empty() ? stem(files.front()) : utf8(folder);
}

} // namespace consilium::viewer
