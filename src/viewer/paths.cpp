// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/paths.h"

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
    return utf8(name.extension() == ".nii" ? name.stem() : name);
}

std::string commonName(const std::vector<fs::path> &files)
{
    const fs::path folder = files.front().parent_path().filename();
    return files.size() == 1 || folder.empty() ? stem(files.front()) : utf8(folder);
}

} // namespace consilium::viewer
