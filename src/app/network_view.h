// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/network_preview.h"
#include "app/node_process.h"
#include "core/theme.h"
#include "viewer/canvas/canvas_linker.h"
#include "viewer/canvas/slice_geometry.h"

#include <QTemporaryDir>
#include <QWidget>
#include <optional>

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;
class QProgressBar;
class QPushButton;

namespace consilium {
struct Plan;
}
namespace consilium::viewer {
class SliceCanvas;
}

namespace consilium::app {

class LandmarkMarks;
class Notice;
class PatchFrame;

/// What the network sees of a case: the source slice, the prepared one beside it, and what training shows of it, a
/// patch augmented anew with each draw.
///
/// Source and prepared slices are linked by patient position and carry orientation letters. A patch that was turned,
/// mirrored or bent carries none, for its contents lie where the patient does not have them; its words say what was
/// done to it.
///
/// Object names: network.back, .task, .channel, .plane, .draw, .again, .labels, .cancel, .notice, .source, .tensor,
/// .patch, .sourceWords, .tensorWords, .patchWords, .progress, .state.
class NetworkView : public QWidget
{
    Q_OBJECT

public:
    explicit NetworkView(QString program = nodeProgram(), QWidget *parent = nullptr);
    ~NetworkView() override;
    void setTheme(const Theme &theme);

    /// Shows a case of a dataset as `plan` prepares it; without one as the task chosen, of `tasks`, would.
    void open(const std::filesystem::path &dataset, const QString &caseId, const QStringList &tasks,
              const std::optional<Plan> &plan);
    /// Ends what is under way.
    void stop();

    const NetworkPreview *preview() const { return m_preview ? &*m_preview : nullptr; }

Q_SIGNALS:
    void backRequested();
    void shown(); ///< what was asked for is on the screen

private:
    void ask(bool anew);
    void read(const std::filesystem::path &folder);
    void show(NetworkPreview preview);
    void showChannel();
    void showPatch();
    void showLabels(bool visible);
    void makeCanvases(viewer::Plane plane);
    void dropCanvases();
    void fill(viewer::SliceCanvas &canvas, const PreviewImage &image, const PreviewInput *input, const QString &title,
              bool placed, const std::optional<viewer::PatientBox> &content) const;
    void setBusy(bool busy);

    QString m_program;
    std::unique_ptr<NodeProcess> m_node;
    std::unique_ptr<QTemporaryDir> m_scratch; ///< what nodes write; goes with the page
    int m_asked = 0;
    quint64 m_seed = 1;
    std::filesystem::path m_dataset, m_planFile;
    QString m_caseId;
    std::optional<NetworkPreview> m_preview;
    Theme m_theme;

    Notice *m_notice;
    QComboBox *m_task, *m_channel, *m_planeChoice, *m_draw;
    QPushButton *m_back, *m_again, *m_cancel;
    QCheckBox *m_labels;
    QLabel *m_title, *m_sourceWords, *m_tensorWords, *m_patchWords, *m_taskLabel;
    QProgressBar *m_progress;
    QLabel *m_state;
    QGridLayout *m_grid;
    viewer::SliceCanvas *m_source = nullptr, *m_tensor = nullptr, *m_patch = nullptr;
    std::unique_ptr<viewer::CanvasLinker> m_linker;
    std::unique_ptr<LandmarkMarks> m_tensorMarks, m_patchMarks;
    std::unique_ptr<PatchFrame> m_frame;
    std::optional<viewer::Plane> m_plane;
};

} // namespace consilium::app
