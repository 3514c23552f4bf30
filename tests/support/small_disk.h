// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTemporaryDir>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/mount.h>

namespace consilium::test {

/// A disk of a few megabytes that a test can fill up: a tmpfs of its own, which only root may mount.
class SmallDisk
{
public:
    explicit SmallDisk(int mebibytes)
        : m_mounted(mount("tmpfs", m_folder.path().toUtf8().constData(), "tmpfs", 0, size(mebibytes).c_str()) == 0)
    {
    }
    ~SmallDisk()
    {
        if (m_mounted)
            umount2(m_folder.path().toUtf8().constData(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk &) = delete;
    SmallDisk &operator=(const SmallDisk &) = delete;

    bool mounted() const { return m_mounted; }
    std::filesystem::path path() const { return m_folder.path().toStdString(); }

    /// Leaves that many bytes free.
    void fillUpTo(std::size_t free) const
    {
        std::ofstream out(ballast(), std::ios::binary);
        const std::string piece(1 << 16, 'x');
        std::error_code ignored;
        while (out && std::filesystem::space(path(), ignored).available > free + piece.size())
            out.write(piece.data(), static_cast<std::streamsize>(piece.size())).flush();
    }
    void makeRoom() const { std::filesystem::remove(ballast()); }
    bool makeReadOnly() const
    {
        return mount("", m_folder.path().toUtf8().constData(), "", MS_REMOUNT | MS_RDONLY, nullptr) == 0;
    }

private:
    static std::string size(int mebibytes) { return "size=" + std::to_string(mebibytes) + "m"; }
    std::filesystem::path ballast() const { return path() / "ballast"; }

    QTemporaryDir m_folder;
    bool m_mounted;
};

} // namespace consilium::test
