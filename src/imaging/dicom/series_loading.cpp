// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/series.h"

#include "core/parallel.h"
#include "core/platform.h"
#include "core/platform_memory.h"
#include "imaging/dicom/pixels.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <new>
#include <stdexcept>

namespace consilium::imaging::dicom {

namespace fs = std::filesystem;

namespace {

/// Slices that one thread reads from one file: multi-frame files are shared among threads.
struct Batch
{
    fs::path file;
    std::vector<std::size_t> slices; ///< indices along k
};

/// Slices of one file per batch; those of a multi-frame file in pieces, a mosaic whole, for it is decoded at once.
std::vector<Batch> batchesOf(const Series &series, const std::vector<SeriesSlice> &frame, int threads)
{
    std::map<fs::path, std::vector<std::size_t>> byFile;
    for (std::size_t k = 0; k < frame.size(); ++k)
        if (!frame[k].file.empty())
            byFile[frame[k].file].push_back(k);
    std::vector<Batch> batches;
    for (const auto &[file, slices] : byFile) {
        const auto pieces = series.mosaicSide > 0 ? 1 : std::min<std::size_t>(slices.size(), threads);
        for (std::size_t piece = 0; piece < pieces; ++piece) {
            const auto at = [&](std::size_t n) {
                return slices.begin() + static_cast<std::ptrdiff_t>(slices.size() * n / pieces);
            };
            batches.push_back({file, {at(piece), at(piece + 1)}});
        }
    }
    return batches;
}

/// Room for `count` values, its pages asked for by all threads before one sets them to 0.
void makeRoom(std::vector<float> &values, std::size_t count, int threads)
{
    constexpr std::size_t piece = 1 << 22;
    values.reserve(count);
    const std::span storage(values.data(), count);
    (void)forEachIndex((count + piece - 1) / piece, threads, [&](std::size_t n) -> Result<> {
        platform::askForPages(std::as_writable_bytes(storage.subspan(n * piece, std::min(piece, count - n * piece))));
        return {};
    });
    values.resize(count);
}

/// One plane as it lies in the file.
struct Grid
{
    std::size_t columns, rows;
};

class Loader
{
public:
    Loader(const Series &series, const std::vector<SeriesSlice> &frame, Volume &volume, const Arrival &arrival)
        : m_series(series), m_frame(frame), m_volume(volume), m_arrival(arrival),
          m_isSheared(series.shear != std::array<double, 2>{0, 0})
    {
    }

    /// Whether single slices are final as soon as they are read.
    bool arrivesBySlices() const
    {
        return m_arrival.arrived && !m_isSheared &&
               std::none_of(m_frame.begin(), m_frame.end(), [](auto &slice) { return slice.file.empty(); });
    }

    /// The headers alone.
    Result<> check(const Batch &batch) const
    {
        auto file = DicomFile::open(batch.file, Depth::Whole);
        if (!file)
            return fail(file.error());
        const auto frames = FrameReader::open(*file);
        return frames ? checkUnchanged(frames->layout(), batch) : fail(frames.error());
    }

    /// The batch that holds the middle slice, before the others.
    Result<> readFirst(const std::vector<Batch> &batches) const
    {
        const Batch &middle = batches.front();
        if (auto done = read(middle); !done)
            return done;
        if (m_arrival.began)
            m_arrival.began(slice(middle.slices.front()));
        return {};
    }

    Result<> read(const Batch &batch) const
    {
        if (m_arrival.cancelled && m_arrival.cancelled())
            return fail(ErrorCode::Cancelled, "Reading was cancelled");
        if (auto done = readAll(batch); !done)
            return done;
        if (arrivesBySlices())
            for (const auto k : batch.slices)
                m_arrival.arrived(static_cast<int>(k));
        return {};
    }

    /// All slices have arrived, if none did by itself.
    void tellWhole() const
    {
        if (m_arrival.arrived && !arrivesBySlices())
            for (int k = 0; k < m_volume.geometry.size[2]; ++k)
                m_arrival.arrived(k);
    }

private:
    Result<> readAll(const Batch &batch) const
    {
        auto file = DicomFile::open(batch.file, Depth::Whole);
        if (!file)
            return fail(file.error());
        auto frames = FrameReader::open(*file);
        if (!frames)
            return fail(frames.error());
        if (auto checked = checkUnchanged(frames->layout(), batch); !checked)
            return checked;
        if (m_series.mosaicSide > 0)
            return readMosaic(*frames, batch);
        for (const auto k : batch.slices)
            if (auto read = readSlice(*frames, k); !read)
                return read;
        return {};
    }

public:
    /// What no file fills holds the smallest value: air in CT, nothing in MR.
    void fillBlank() const
    {
        const bool missing =
            std::any_of(m_frame.begin(), m_frame.end(), [](auto &slice) { return slice.file.empty(); });
        if (!missing && !m_isSheared)
            return;
        for (std::size_t k = 0; k < m_frame.size(); ++k)
            if (m_frame[k].file.empty())
                std::ranges::fill(slice(k), blank);
        float smallest = std::numeric_limits<float>::max();
        for (const float value : m_volume.values)
            smallest = value < smallest ? value : smallest; // false for NaN
        for (auto &value : m_volume.values)
            if (std::isnan(value))
                value = smallest;
    }

private:
    static constexpr float blank = std::numeric_limits<float>::quiet_NaN();

    std::size_t sliceSize() const
    {
        return static_cast<std::size_t>(m_volume.geometry.size[0]) *
               static_cast<std::size_t>(m_volume.geometry.size[1]);
    }
    std::span<float> slice(std::size_t k) const
    {
        return std::span(m_volume.values).subspan(k * sliceSize(), sliceSize());
    }

    Result<> checkUnchanged(const PixelLayout &layout, const Batch &batch) const
    {
        const int side = std::max(m_series.mosaicSide, 1);
        const bool sameSize =
            layout.columns == m_volume.geometry.size[0] * side && layout.rows == m_volume.geometry.size[1] * side;
        const auto last = std::max_element(batch.slices.begin(), batch.slices.end(),
                                           [&](auto a, auto b) { return m_frame[a].frame < m_frame[b].frame; });
        const bool hasFrames = m_series.mosaicSide > 0 || m_frame[*last].frame < layout.frames;
        if (hasFrames && (sameSize || (m_isSheared && layout.columns <= m_volume.geometry.size[0] &&
                                       layout.rows <= m_volume.geometry.size[1])))
            return {};
        return failWithHint(ErrorCode::Malformed, "Scan the folder again", "{} is not the image it was when scanned",
                            batch.file.string());
    }

    Result<> readSlice(FrameReader &frames, std::size_t k) const
    {
        const auto &entry = m_frame[k];
        if (m_series.isColour)
            return readLuminance(frames, entry.frame, slice(k));
        if (!m_isSheared)
            return frames.readGrey(entry.frame, slice(k), entry.slope, entry.intercept);
        const Grid grid{static_cast<std::size_t>(frames.layout().columns),
                        static_cast<std::size_t>(frames.layout().rows)};
        std::vector<float> plane(grid.columns * grid.rows);
        if (auto read = frames.readGrey(entry.frame, plane, entry.slope, entry.intercept); !read)
            return read;
        putSheared(plane, grid, k);
        return {};
    }

    /// Source of the weights: ITU-R BT.601.
    static Result<> readLuminance(FrameReader &frames, int frame, std::span<float> out)
    {
        const auto colours = frames.readColour(frame);
        if (!colours)
            return fail(colours.error());
        for (std::size_t n = 0; n < out.size(); ++n) {
            const auto *rgb = colours->data() + 3 * n;
            out[n] = 0.299F * rgb[0] + 0.587F * rgb[1] + 0.114F * rgb[2];
        }
        return {};
    }

    /// Where index 0 of the slice lies on the straightened grid, in pixels along a row or a column.
    double offset(std::size_t axis, std::size_t k, std::size_t pixels) const
    {
        const double drift = m_series.shear[axis] / m_volume.geometry.spacing[axis];
        const double room = static_cast<double>(m_volume.geometry.size[axis]) - static_cast<double>(pixels);
        return drift * static_cast<double>(k) + (drift < 0 ? room : 0);
    }

    /// Linear between the slice's own pixels, along rows and columns.
    void putSheared(std::span<const float> plane, Grid grid, std::size_t k) const
    {
        const double shiftX = offset(0, k, grid.columns), shiftY = offset(1, k, grid.rows);
        const auto out = slice(k);
        const auto width = static_cast<std::size_t>(m_volume.geometry.size[0]);
        constexpr double rounding = 1e-6;
        for (std::size_t j = 0; j < out.size() / width; ++j) {
            const double y = std::round((static_cast<double>(j) - shiftY) / rounding) * rounding;
            for (std::size_t i = 0; i < width; ++i) {
                const double x = std::round((static_cast<double>(i) - shiftX) / rounding) * rounding;
                out[i + j * width] = sample(plane, grid, x, y);
            }
        }
    }

    static float sample(std::span<const float> plane, Grid grid, double x, double y)
    {
        if (x < 0 || y < 0 || x > static_cast<double>(grid.columns - 1) || y > static_cast<double>(grid.rows - 1))
            return blank;
        const auto i = std::min(static_cast<std::size_t>(x), grid.columns - 1);
        const auto j = std::min(static_cast<std::size_t>(y), grid.rows - 1);
        const auto i1 = std::min(i + 1, grid.columns - 1), j1 = std::min(j + 1, grid.rows - 1);
        const double fx = x - static_cast<double>(i), fy = y - static_cast<double>(j);
        const auto at = [&](std::size_t c, std::size_t r) { return static_cast<double>(plane[c + r * grid.columns]); };
        return static_cast<float>((1 - fy) * ((1 - fx) * at(i, j) + fx * at(i1, j)) +
                                  fy * ((1 - fx) * at(i, j1) + fx * at(i1, j1)));
    }

    Result<> readMosaic(FrameReader &frames, const Batch &batch) const
    {
        const auto &layout = frames.layout();
        const auto width = static_cast<std::size_t>(layout.columns),
                   side = static_cast<std::size_t>(m_series.mosaicSide);
        const auto columns = width / side, rows = static_cast<std::size_t>(layout.rows) / side;
        std::vector<float> mosaic(width * static_cast<std::size_t>(layout.rows));
        const auto &first = m_frame[batch.slices.front()];
        if (auto read = frames.readGrey(0, mosaic, first.slope, first.intercept); !read)
            return read;
        for (const auto k : batch.slices) {
            const auto tile = static_cast<std::size_t>(m_frame[k].frame);
            const auto *from = mosaic.data() + (tile / side * rows * width) + tile % side * columns;
            for (std::size_t row = 0; row < rows; ++row)
                std::copy_n(from + row * width, columns, slice(k).data() + row * columns);
        }
        return {};
    }

    const Series &m_series;
    const std::vector<SeriesSlice> &m_frame;
    Volume &m_volume;
    const Arrival &m_arrival;
    bool m_isSheared;
};

std::string nameOf(const Series &series)
{
    return fmt::format("Series {}{}{}", series.number, series.description.empty() ? "" : " " + series.description,
                       series.part.empty() ? "" : " (" + series.part + ")");
}

Error tooLarge(const Series &series)
{
    return {ErrorCode::Unavailable,
            fmt::format("{} could not be read: {} voxels need more memory than there is", nameOf(series),
                        series.geometry.voxels()),
            {}};
}

/// From the middle outward, where a reader begins to look.
void sortFromMiddle(std::vector<Batch> &batches, std::size_t slices)
{
    const auto distance = [&](const Batch &batch) {
        const auto k = batch.slices.front();
        return k > slices / 2 ? k - slices / 2 : slices / 2 - k;
    };
    std::stable_sort(batches.begin(), batches.end(),
                     [&](const Batch &a, const Batch &b) { return distance(a) < distance(b); });
}

Result<> load(const Series &series, Volume &volume, const Arrival &arrival, int time, int threads)
{
    if (time < 0 || static_cast<std::size_t>(time) >= series.frames.size())
        return fail(ErrorCode::Invalid, "{} has no time {}: it holds {}, counted from 0", nameOf(series), time,
                    series.frames.size());
    const auto &frame = series.frames[static_cast<std::size_t>(time)];
    volume.geometry = series.geometry;
    try {
        const int workers = threads > 0 ? threads : platform::availableCores();
        const Loader loader(series, frame, volume, arrival);
        auto batches = batchesOf(series, frame, workers);
        // A header may promise far more than the file holds: found out before gigabytes are asked for.
        if (batches.empty())
            return fail(ErrorCode::Malformed, "{} has no slice", nameOf(series));
        if (auto checked = loader.check(batches.front()); !checked)
            return fail(checked.error());
        makeRoom(volume.values, static_cast<std::size_t>(series.geometry.voxels()), workers);
        sortFromMiddle(batches, frame.size());
        if (loader.arrivesBySlices())
            if (auto first = loader.readFirst(batches); !first)
                return first;
        const std::size_t done = loader.arrivesBySlices() ? 1 : 0;
        const auto read =
            forEachIndex(batches.size() - done, workers, [&](std::size_t n) { return loader.read(batches[n + done]); });
        if (!read)
            return fail(read.error());
        loader.fillBlank();
        loader.tellWhole();
    } catch (const std::bad_alloc &) {
        return fail(tooLarge(series));
    } catch (const std::length_error &) {
        return fail(tooLarge(series));
    }
    return {};
}

/// Slices of a colour series are put in their places as they are, so a tilted one would come out wrong.
Result<> checkShowable(const Series &series)
{
    if (series.isColour && series.gantryTilt != 0)
        return fail(ErrorCode::Unsupported, "{} is in colour and tilted: it is not shown", nameOf(series));
    return {};
}

Result<Volume> load(const Series &series, int time, int threads)
{
    Volume volume;
    if (auto read = load(series, volume, {}, time, threads); !read)
        return fail(read.error());
    return volume;
}

} // namespace

Result<Volume> loadSeries(const Series &series, int time, int threads)
{
    if (series.isColour)
        return fail(ErrorCode::Unsupported, "{} is in colour: it can be shown, not be used as a volume",
                    nameOf(series));
    return load(series, time, threads);
}

Result<Volume> loadForViewing(const Series &series, int time, int threads)
{
    if (auto showable = checkShowable(series); !showable)
        return fail(showable.error());
    return load(series, time, threads);
}

Result<> loadForViewing(const Series &series, Volume &volume, const Arrival &arrival, int time, int threads)
{
    if (auto showable = checkShowable(series); !showable)
        return showable;
    return load(series, volume, arrival, time, threads);
}

} // namespace consilium::imaging::dicom
