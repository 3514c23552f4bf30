// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/data_series.h"

#include "imaging/dicom/series.h"
#include "imaging/quality/thumbnail.h"

#include <QElapsedTimer>
#include <QHash>
#include <algorithm>
#include <mutex>

namespace consilium::app {

namespace dicom = imaging::dicom;

namespace {

QString text(const std::string &bytes)
{
    return QString::fromStdString(bytes);
}

FoundSeries listed(const dicom::Series &series, int patient)
{
    FoundSeries entry;
    entry.uid = text(series.uid);
    entry.modality = text(series.modality);
    entry.description = text(series.description);
    entry.part = text(series.part);
    entry.patient = patient;
    for (const auto &time : series.frames)
        entry.images +=
            static_cast<int>(std::ranges::count_if(time, [](const auto &one) { return !one.file.empty(); }));
    entry.columns = series.geometry.size[0];
    entry.rows = series.geometry.size[1];
    entry.slices = series.geometry.size[2];
    entry.times = static_cast<int>(series.frames.size());
    entry.isColour = series.isColour;
    for (const auto &warning : series.warnings)
        entry.warnings << text(warning);
    return entry;
}

/// The middle slice alone, so that a series of hundreds of files is not read for a picture.
QImage middleSlice(const dicom::Series &series)
{
    if (series.frames.empty() || series.frames.front().empty())
        return {};
    auto middle = series;
    const auto &slices = series.frames.front();
    auto slice = slices[slices.size() / 2];
    if (slice.file.empty())
        slice = slices.front();
    if (slice.file.empty())
        return {};
    middle.frames = {{slice}};
    middle.geometry.size[2] = 1;
    middle.gantryTilt = 0;
    middle.shear = {0, 0};
    const auto volume = dicom::loadForViewing(middle, 0, 1);
    if (!volume)
        return {};
    const auto thumbnail = imaging::makeThumbnail(*volume);
    if (thumbnail.pixels.empty())
        return {};
    return QImage(thumbnail.pixels.data(), thumbnail.width, thumbnail.height, thumbnail.width,
                  QImage::Format_Grayscale8)
        .copy();
}

} // namespace

SeriesFinder::SeriesFinder(QObject *parent) : QObject(parent)
{
    m_thread.setMaxThreadCount(1);
}

SeriesFinder::~SeriesFinder()
{
    ++m_newest;
    m_thread.clear();
    m_thread.waitForDone();
}

void SeriesFinder::cancel()
{
    ++m_newest;
    m_running = false;
}

template <typename Deliver>
void SeriesFinder::post(std::uint64_t job, Deliver deliver)
{
    QMetaObject::invokeMethod(
        this,
        [this, job, deliver = std::move(deliver)] {
            if (job == m_newest)
                deliver();
        },
        Qt::QueuedConnection);
}

void SeriesFinder::find(const std::filesystem::path &folder)
{
    const auto job = ++m_newest;
    m_running = true;
    m_thread.clear();
    m_thread.start([this, job, folder] {
        QElapsedTimer since;
        since.start();
        std::mutex mutex;
        dicom::ScanOptions options;
        options.progress = [&](std::size_t done, std::size_t total) {
            const std::lock_guard lock(mutex);
            if (done == total || since.elapsed() > 100) {
                since.restart();
                post(job, [this, done, total] { Q_EMIT reading(static_cast<int>(done), static_cast<int>(total)); });
            }
            return job == m_newest;
        };
        const auto scan = dicom::scanSeries(folder, options);
        if (!scan)
            return post(job, [this, message = text(scan.error().line())] {
                m_running = false;
                Q_EMIT failed(message);
            });
        QHash<QString, int> patients;
        std::vector<FoundSeries> list;
        for (const auto &series : scan->series) {
            const auto identity = text(series.patientIdentity);
            if (!patients.contains(identity))
                patients.insert(identity, static_cast<int>(patients.size()) + 1);
            list.push_back(listed(series, patients.value(identity)));
        }
        post(job, [this, list, skipped = static_cast<int>(scan->skipped.size())] { Q_EMIT found(list, skipped); });
        for (std::size_t n = 0; n < scan->series.size() && job == m_newest; ++n)
            if (auto picture = middleSlice(scan->series[n]); !picture.isNull())
                post(job, [this, n, picture] { Q_EMIT pictured(static_cast<int>(n), picture); });
        post(job, [this] { m_running = false; });
    });
}

} // namespace consilium::app
