// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QThreadPool>
#include <atomic>
#include <filesystem>
#include <memory>
#include <vector>

namespace consilium::app {

/// A DICOM series that was found, as the picker lists it: no name and no date of a patient.
struct FoundSeries
{
    QString uid, modality, description, part;
    int patient = 0; ///< 1, 2, ... in the order they were found
    int images = 0;  ///< files or frames
    int columns = 0, rows = 0, slices = 0, times = 1;
    bool isColour = false; ///< shown, not imported
    QStringList warnings;
};

/// Finds the series below a folder and draws the middle slice of each, on a thread of its own. The newest folder wins.
class SeriesFinder : public QObject
{
    Q_OBJECT

public:
    explicit SeriesFinder(QObject *parent = nullptr);
    ~SeriesFinder() override;

    void find(const std::filesystem::path &folder);
    void cancel();
    bool isRunning() const { return m_running; }

Q_SIGNALS:
    void reading(int done, int total); ///< headers; at most ten times a second
    void found(const std::vector<consilium::app::FoundSeries> &series, int skipped);
    void pictured(int series, const QImage &picture); ///< by place in found()
    void failed(const QString &message);              ///< also when there is no DICOM image

private:
    template <typename Deliver>
    void post(std::uint64_t job, Deliver deliver);

    std::atomic<std::uint64_t> m_newest{0};
    bool m_running = false;
    QThreadPool m_thread;
};

} // namespace consilium::app
