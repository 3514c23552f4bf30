// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/measuring/landmark_layer.h"
#include "viewer/measuring/landmark_tool.h"
#include "viewer/measuring/measure_tool.h"
#include "viewer/measuring/measurement_layer.h"

#include <QPointer>
#include <QThreadPool>
#include <QUndoStack>
#include <map>
#include <vector>

namespace consilium::viewer {

/// All that a reader measures in one case: landmarks, angles and measurements with their tools and layers, on one undo
/// stack. A page makes one, lets it watch its canvases, and offers its tools.
class Measuring : public QObject
{
    Q_OBJECT

public:
    explicit Measuring(QObject *parent = nullptr);
    ~Measuring() override;

    /// Draws on the canvas and hears its keys; it may be destroyed at any time.
    void watch(SliceCanvas *canvas);
    void unwatch(SliceCanvas *canvas);
    /// "landmarks", "distance", "angle", "cobb", "ellipse", "polygon".
    std::vector<ToolEntry> tools() const;
    /// Which tool the canvases have now; null or another's: none of these. What was under way with another is given up.
    void setToolTaken(CanvasTool *tool);

    /// Begins anew with a case (null: none) and reads what the reader saved in `folder` before; that is where save()
    /// puts it. `reader` may be any name.
    void setCase(const ReviewCase *opened, const std::filesystem::path &folder, const QString &reader);
    /// Writes landmarks-READER.mrk.json and measurements-READER.json, those that changed, on a thread; saved() or
    /// failed() comes of it. What is changed meanwhile stays to be saved.
    void save();
    bool isDirty() const { return m_landmarks.isDirty() || m_measurements.isDirty(); }

    QUndoStack &undoStack() { return m_undo; }
    LandmarkEditor &landmarks() { return m_landmarks; }
    MeasurementList &measurements() { return m_measurements; }
    SpinopelvicLayer &angleLayer() { return m_angleLayer; }
    LandmarkLayer &landmarkLayer() { return m_landmarkLayer; }
    /// Draws the watched canvases anew, after a layer was told something.
    void updateCanvases();

    /// The image that the statistics in the panel are of: the first channel until told otherwise.
    void setImage(std::shared_ptr<const imaging::Volume> image);
    std::optional<RegionStatistics> statistics(const Measurement &measurement) const;
    /// The middle of what was measured: where to look.
    static imaging::Vec3 middleOf(const Measurement &measurement);

Q_SIGNALS:
    void changed(); ///< landmarks or measurements
    void imageChanged();
    void jumpRequested(const consilium::imaging::Vec3 &patient); ///< Tab went to a point on another slice
    void failed(const QString &message); ///< it could not be saved, or what was saved before not be read
    void saved();

private:
    void readSaved();
    Result<> maySave() const;

    QUndoStack m_undo;
    LandmarkEditor m_landmarks;
    MeasurementList m_measurements;
    SpinopelvicLayer m_angleLayer;
    LandmarkLayer m_landmarkLayer;
    MeasurementLayer m_measurementLayer;
    LandmarkTool m_landmarkTool;
    std::vector<MeasureTool *> m_measureTools; // children
    std::vector<QPointer<SliceCanvas>> m_canvases;
    std::shared_ptr<const imaging::Volume> m_image;
    mutable std::map<int, std::pair<Measurement, std::optional<RegionStatistics>>> m_statistics; // by id
    std::filesystem::path m_landmarkFile, m_measurementFile;
    QThreadPool m_thread;
};

/// Whether lengths in mm may be claimed: pictures that know neither their place nor the size of their pixels are
/// counted as if these were 1 mm.
bool isSpacingKnown(const ReviewCase &opened);

} // namespace consilium::viewer
