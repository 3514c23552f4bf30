// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCache>
#include <QImage>
#include <QObject>
#include <QPixmap>
#include <QSet>
#include <QStringList>
#include <QThreadPool>
#include <QTimer>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>

namespace consilium::app {

/// Small pictures of image files, made on threads of their own for what is in sight.
///
/// The newest ones stay in memory up to a budget of bytes; all are kept as PNG in a folder, readable by their owner
/// alone, under a name made of the image's path, size and time of writing, so that a file that was written anew gets a
/// new picture. The folder is kept below a size of its own: what was not looked at longest goes first.
class ThumbnailStore : public QObject
{
    Q_OBJECT

public:
    struct Settings
    {
        std::filesystem::path folder;                    ///< empty: none is kept on the disk
        qsizetype memory = 48 << 20;                     ///< bytes of pictures
        std::uintmax_t disk = std::uintmax_t{256} << 20; ///< bytes of files
        int side = 48;                                   ///< device pixels: pictures fit into such a square
        double pixelRatio = 1;                           ///< device pixels for each of the window's
        int threads = 1;
    };

    explicit ThumbnailStore(Settings settings, QObject *parent = nullptr);
    /// What is being made is waited for, and dropped.
    ~ThumbnailStore() override;

    /// The picture of a file, or null while there is none. Cheap.
    QPixmap picture(const QString &file) const;
    /// Whether a picture could not be made.
    bool failed(const QString &file) const { return m_failed.contains(file); }
    /// These are in sight, the most wanted first; what was asked for before and has not begun is dropped.
    void want(const QStringList &files);

    /// Pictures made or read from the disk so far, and those made of an image.
    int delivered() const { return m_delivered; }
    int made() const;
    qsizetype bytesInMemory() const { return m_pictures.totalCost(); }

Q_SIGNALS:
    void ready(const QStringList &files); ///< at most thirty times a second

private:
    struct Picture
    {
        QString file;
        QImage image; ///< null: it could not be made
    };
    void work();
    QImage load(const QString &file);
    std::optional<std::filesystem::path> keptName(const std::filesystem::path &file) const;
    void deliver();
    void tidy() const;

    const Settings m_settings;
    mutable QCache<QString, QPixmap> m_pictures;
    QSet<QString> m_failed;
    QTimer m_coalesce;
    int m_delivered = 0;

    mutable std::mutex m_mutex;
    std::deque<QString> m_wanted; // guarded, as all below
    QSet<QString> m_inWork;
    std::vector<Picture> m_done;
    int m_workers = 0, m_made = 0;
    bool m_closing = false;
    QThreadPool m_threads;
};

} // namespace consilium::app
