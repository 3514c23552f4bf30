// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/data_thumbnails.h"

#include "imaging/files/image_files.h"
#include "imaging/quality/thumbnail.h"

#include <QCryptographicHash>
#include <QFile>
#include <QSaveFile>
#include <algorithm>

namespace consilium::app {

namespace fs = std::filesystem;

namespace {

constexpr int pictureInterval = 33; // ms

fs::path toPath(const QString &text)
{
    return text.toStdU16String();
}
QString display(const fs::path &path)
{
    return QString::fromStdU16String(path.u16string());
}

QImage imageOf(const imaging::Thumbnail &thumbnail)
{
    if (thumbnail.pixels.empty())
        return {};
    return QImage(thumbnail.pixels.data(), thumbnail.width, thumbnail.height, thumbnail.width,
                  QImage::Format_Grayscale8)
        .copy();
}

/// A kept picture that cannot be written costs time the next time, and nothing else.
void keep(const QImage &image, const fs::path &file)
{
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    QSaveFile out(display(file));
    if (!out.open(QIODevice::WriteOnly))
        return;
    out.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    if (image.save(&out, "PNG"))
        out.commit();
}

} // namespace

ThumbnailStore::ThumbnailStore(Settings settings, QObject *parent)
    : QObject(parent), m_settings(std::move(settings)), m_pictures(m_settings.memory)
{
    m_threads.setMaxThreadCount(std::max(1, m_settings.threads));
    m_threads.setThreadPriority(QThread::LowPriority);
    m_coalesce.setSingleShot(true);
    m_coalesce.setInterval(pictureInterval);
    connect(&m_coalesce, &QTimer::timeout, this, &ThumbnailStore::deliver);
    if (!m_settings.folder.empty())
        m_threads.start([this] { tidy(); });
}

ThumbnailStore::~ThumbnailStore()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
        m_wanted.clear();
    }
    m_threads.waitForDone();
}

QPixmap ThumbnailStore::picture(const QString &file) const
{
    const auto *picture = m_pictures.object(file);
    return picture ? *picture : QPixmap();
}

int ThumbnailStore::made() const
{
    const std::lock_guard lock(m_mutex);
    return m_made;
}

void ThumbnailStore::want(const QStringList &files)
{
    const std::lock_guard lock(m_mutex);
    m_wanted.clear();
    for (const auto &file : files)
        if (!m_pictures.contains(file) && !m_failed.contains(file) && !m_inWork.contains(file))
            m_wanted.push_back(file);
    const int needed = std::min(m_threads.maxThreadCount(), static_cast<int>(m_wanted.size()));
    for (; m_workers < needed; ++m_workers)
        m_threads.start([this] { work(); });
}

void ThumbnailStore::work()
{
    while (true) {
        QString file;
        {
            const std::lock_guard lock(m_mutex);
            if (m_wanted.empty()) {
                --m_workers;
                return;
            }
            file = m_wanted.front();
            m_wanted.pop_front();
            m_inWork.insert(file);
        }
        auto image = load(file);
        // Here and once, not for every paint.
        if (!image.isNull())
            image = image.convertToFormat(QImage::Format_RGB32)
                        .scaled(m_settings.side, m_settings.side, Qt::KeepAspectRatio, Qt::SmoothTransformation);
        const std::lock_guard lock(m_mutex);
        m_done.push_back({file, std::move(image)});
        if (m_done.size() == 1 && !m_closing)
            QMetaObject::invokeMethod(
                this,
                [this] {
                    if (!m_coalesce.isActive())
                        m_coalesce.start();
                },
                Qt::QueuedConnection);
    }
}

std::optional<fs::path> ThumbnailStore::keptName(const fs::path &file) const
{
    if (m_settings.folder.empty())
        return std::nullopt;
    std::error_code error;
    const auto size = fs::file_size(file, error);
    const auto written = error ? fs::file_time_type() : fs::last_write_time(file, error);
    if (error)
        return std::nullopt;
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(display(file).toUtf8());
    hash.addData(QByteArray::number(static_cast<qulonglong>(size)) + ' ' +
                 QByteArray::number(static_cast<qlonglong>(written.time_since_epoch().count())));
    const auto name = QString::fromLatin1(hash.result().toHex().left(32));
    return m_settings.folder / toPath(name.left(2)) / toPath(name + QStringLiteral(".png"));
}

QImage ThumbnailStore::load(const QString &file)
{
    const auto path = toPath(file);
    const auto kept = keptName(path);
    if (kept) {
        QImage image(display(*kept), "PNG");
        if (!image.isNull()) {
            std::error_code ignored; // it was looked at: tidy() takes others first
            fs::last_write_time(*kept, fs::file_time_type::clock::now(), ignored);
            return image;
        }
    }
    const auto volume = imaging::readImage(path);
    if (!volume)
        return {};
    auto image = imageOf(imaging::makeThumbnail(*volume));
    {
        const std::lock_guard lock(m_mutex);
        ++m_made;
    }
    if (kept && !image.isNull())
        keep(image, *kept);
    return image;
}

void ThumbnailStore::deliver()
{
    std::vector<Picture> done;
    {
        const std::lock_guard lock(m_mutex);
        done.swap(m_done);
        for (const auto &picture : done)
            m_inWork.remove(picture.file);
    }
    QStringList files;
    for (auto &[file, image] : done) {
        files << file;
        ++m_delivered;
        if (image.isNull()) {
            m_failed.insert(file);
            continue;
        }
        image.setDevicePixelRatio(m_settings.pixelRatio);
        auto *pixmap = new QPixmap(QPixmap::fromImage(std::move(image)));
        const auto bytes = qsizetype{pixmap->width()} * pixmap->height() * pixmap->depth() / 8;
        m_pictures.insert(file, pixmap, std::max<qsizetype>(bytes, 1));
    }
    if (!files.isEmpty())
        Q_EMIT ready(files);
}

void ThumbnailStore::tidy() const
{
    struct Kept
    {
        fs::path file;
        fs::file_time_type looked;
        std::uintmax_t size;
    };
    std::vector<Kept> all;
    std::uintmax_t bytes = 0;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(m_settings.folder, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code gone;
        if (entry->path().extension() != ".png" || !entry->is_regular_file(gone))
            continue;
        const auto size = entry->file_size(gone);
        const auto looked = entry->last_write_time(gone);
        if (!gone) {
            all.push_back({entry->path(), looked, size});
            bytes += size;
        }
    }
    std::ranges::sort(all, {}, &Kept::looked);
    for (const auto &kept : all) {
        if (bytes <= m_settings.disk)
            return;
        if (std::error_code gone; fs::remove(kept.file, gone))
            bytes -= kept.size;
    }
}

} // namespace consilium::app
