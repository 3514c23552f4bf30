// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/measuring/measuring.h"

#include "viewer/canvas/slice_canvas.h"
#include "viewer/cases/paths.h"
#include "viewer/measuring/patient_vectors.h"

#include <algorithm>

namespace consilium::viewer {

namespace {

// A part of a file's name: whatever a file system or a shell could take amiss becomes a line.
std::string fileName(const QString &reader)
{
    QString name;
    for (const QChar letter : reader.trimmed())
        name += letter.isLetterOrNumber() || letter == u'.' ? letter : QChar(u'-');
    while (name.startsWith(u'.'))
        name.remove(0, 1);
    return name.isEmpty() ? "reader" : name.toStdString();
}

} // namespace

bool isSpacingKnown(const ReviewCase &opened)
{
    if (opened.isPlaced || opened.channels.empty())
        return true;
    const imaging::Vec3 &spacing = opened.channels.front().volume->geometry.spacing;
    return std::any_of(spacing.begin(), spacing.end(), [](double mm) { return mm != 1; });
}

Measuring::Measuring(QObject *parent)
    : QObject(parent), m_landmarks(&m_undo), m_measurements(&m_undo), m_angleLayer(m_landmarks),
      m_landmarkLayer(m_landmarks), m_measurementLayer(m_measurements), m_landmarkTool(m_landmarks)
{
    for (const auto kind : {MeasurementKind::Distance, MeasurementKind::Angle, MeasurementKind::Cobb,
                            MeasurementKind::Ellipse, MeasurementKind::Polygon})
        m_measureTools.push_back(new MeasureTool(kind, m_measurements, this));
    m_thread.setMaxThreadCount(1); // one save after another
    const auto tell = [this] {
        updateCanvases();
        Q_EMIT changed();
    };
    connect(&m_landmarks, &LandmarkEditor::changed, this, tell);
    connect(&m_landmarks, &LandmarkEditor::caseChanged, this, tell);
    connect(&m_landmarks, &LandmarkEditor::selectionChanged, this, &Measuring::updateCanvases);
    connect(&m_measurements, &MeasurementList::changed, this, tell);
    connect(&m_landmarkTool, &LandmarkTool::pointReached, this, &Measuring::jumpRequested);
    connect(&m_measurements, &MeasurementList::selectionChanged, this, &Measuring::updateCanvases);
}

Measuring::~Measuring()
{
    m_thread.waitForDone();
    for (const auto &canvas : std::vector(m_canvases))
        unwatch(canvas);
    // The commands speak of the editor and the list, which go before the stack.
    m_undo.clear();
}

void Measuring::watch(SliceCanvas *canvas)
{
    if (std::find(m_canvases.begin(), m_canvases.end(), canvas) != m_canvases.end())
        return;
    std::erase(m_canvases, nullptr);
    m_canvases.emplace_back(canvas);
    canvas->addLayer(&m_angleLayer);
    canvas->addLayer(&m_landmarkLayer);
    canvas->addLayer(&m_measurementLayer);
    canvas->installEventFilter(&m_landmarkTool);
    for (MeasureTool *tool : m_measureTools)
        canvas->installEventFilter(tool);
}

void Measuring::unwatch(SliceCanvas *canvas)
{
    if (!canvas)
        return;
    std::erase(m_canvases, canvas);
    canvas->removeLayer(&m_angleLayer);
    canvas->removeLayer(&m_landmarkLayer);
    canvas->removeLayer(&m_measurementLayer);
    canvas->removeEventFilter(&m_landmarkTool);
    for (MeasureTool *tool : m_measureTools)
        canvas->removeEventFilter(tool);
}

void Measuring::updateCanvases()
{
    for (const auto &canvas : m_canvases)
        if (canvas)
            canvas->update();
}

std::vector<ToolEntry> Measuring::tools() const
{
    const auto tool = [this](MeasurementKind kind) { return m_measureTools[static_cast<std::size_t>(kind)]; };
    return {
        {QStringLiteral("landmarks"), tr("Landmarks"),
         tr("Drag points; the arrow keys move the chosen one, Tab goes to the next, L locks it."),
         QStringLiteral("flag"), const_cast<LandmarkTool *>(&m_landmarkTool)},
        {QStringLiteral("distance"), tr("Distance"), tr("Drag from one end to the other."), QStringLiteral("measure"),
         tool(MeasurementKind::Distance)},
        {QStringLiteral("angle"), tr("Angle"), tr("Drag along one arm to the vertex, then click the end of the other."),
         QStringLiteral("draw-polyline"), tool(MeasurementKind::Angle)},
        {QStringLiteral("cobb"), tr("Cobb angle"), tr("Drag along one endplate, then along the other."),
         QStringLiteral("format-line-spacing-normal"), tool(MeasurementKind::Cobb)},
        {QStringLiteral("ellipse"), tr("Ellipse"), tr("Drag a box: area, mean and deviation of what lies inside."),
         QStringLiteral("draw-ellipse"), tool(MeasurementKind::Ellipse)},
        {QStringLiteral("polygon"), tr("Polygon"),
         tr("Click corner by corner; Return, a double click or the first corner closes it."),
         QStringLiteral("draw-polygon"), tool(MeasurementKind::Polygon)},
    };
}

void Measuring::setToolTaken(CanvasTool *tool)
{
    std::vector<KeyedTool *> all{&m_landmarkTool};
    all.insert(all.end(), m_measureTools.begin(), m_measureTools.end());
    for (KeyedTool *one : all) {
        if (one != tool)
            one->cancel();
        one->setTakenUp(one == tool);
    }
}

void Measuring::setCase(const ReviewCase *opened, const std::filesystem::path &folder, const QString &reader)
{
    for (MeasureTool *tool : m_measureTools)
        tool->cancel();
    m_statistics.clear();
    m_landmarks.setCase(opened);
    m_measurements.clear();
    m_angleLayer.setAutomatic();
    m_image = opened && !opened->channels.empty() ? opened->channels.front().volume : nullptr;
    m_measurements.setSpacingKnown(!opened || isSpacingKnown(*opened));
    m_landmarkFile.clear();
    m_measurementFile.clear();
    if (opened && !folder.empty()) {
        const std::string name = fileName(reader);
        m_landmarkFile = folder / fromUtf8("landmarks-" + name + ".mrk.json");
        m_measurementFile = folder / fromUtf8("measurements-" + name + ".json");
        readSaved();
    }
    Q_EMIT changed();
}

void Measuring::readSaved()
{
    const auto tell = [this](const Result<> &read) {
        if (!read && read.error().code != ErrorCode::NotFound)
            Q_EMIT failed(QString::fromStdString(read.error().line()));
    };
    tell(m_landmarks.load(m_landmarkFile));
    tell(m_measurements.load(m_measurementFile));
}

Result<> Measuring::maySave() const
{
    if (m_landmarkFile.empty())
        return failWithHint(ErrorCode::Invalid, "Open the case from a folder", "There is no place to save beside");
    if (m_landmarks.isDirty())
        if (auto may = m_landmarks.maySave(m_landmarkFile); !may)
            return may;
    return m_measurements.isDirty() ? m_measurements.maySave(m_measurementFile) : Result<>();
}

void Measuring::save()
{
    if (auto may = maySave(); !may) {
        Q_EMIT failed(QString::fromStdString(may.error().line()));
        return;
    }
    using Points = std::optional<imaging::LandmarkSet>;
    using Measurements = std::optional<std::vector<Measurement>>;
    const Points points = m_landmarks.isDirty() ? Points(m_landmarks.points()) : std::nullopt;
    const Measurements measurements = m_measurements.isDirty() ? Measurements(m_measurements.all()) : std::nullopt;
    const auto write = [=, this, landmarkFile = m_landmarkFile, measurementFile = m_measurementFile,
                        known = m_measurements.isSpacingKnown()] {
        const Result<> wrotePoints = points ? imaging::writeLandmarks(landmarkFile, *points) : Result<>();
        const Result<> wroteMeasurements =
            measurements ? writeMeasurements(measurementFile, *measurements, known) : Result<>();
        const auto tell = [=, this] {
            // Of a case that was left meanwhile only a failure is still of interest.
            const bool shown = landmarkFile == m_landmarkFile;
            if (shown && points && wrotePoints)
                m_landmarks.markSaved(landmarkFile, *points);
            if (shown && measurements && wroteMeasurements)
                m_measurements.markSaved(measurementFile, *measurements);
            for (const Result<> &wrote : {wrotePoints, wroteMeasurements})
                if (!wrote)
                    return Q_EMIT failed(QString::fromStdString(wrote.error().line()));
            Q_EMIT saved();
        };
        // The destructor waits for this thread, so `this` is alive; a call still queued then is dropped with the
        // object.
        QMetaObject::invokeMethod(this, tell, Qt::QueuedConnection);
    };
    m_thread.start(write);
}

void Measuring::setImage(std::shared_ptr<const imaging::Volume> image)
{
    m_image = std::move(image);
    m_statistics.clear();
    Q_EMIT imageChanged();
}

imaging::Vec3 Measuring::middleOf(const Measurement &measurement)
{
    using namespace vectors;
    if (measurement.kind == MeasurementKind::Ellipse)
        return measurement.points.front();
    Vec3 sum{};
    for (const Vec3 &point : measurement.points)
        sum = sum + point;
    return (1.0 / static_cast<double>(measurement.points.size())) * sum;
}

std::optional<RegionStatistics> Measuring::statistics(const Measurement &measurement) const
{
    if (!m_image || measurement.points.empty())
        return std::nullopt;
    auto &[known, found] = m_statistics[measurement.id];
    if (known == measurement)
        return found;
    known = measurement;
    found.reset();
    for (const Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal}) {
        const SliceGeometry geometry(m_image->geometry, plane);
        const int slice = geometry.nearestSlice(measurement.points.front());
        if (liesOn(measurement, slicePlane(geometry, slice))) {
            found = regionStatistics(*m_image, geometry, slice, measurement);
            break;
        }
    }
    return found;
}

} // namespace consilium::viewer
