// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/main_window.h"
#include "core/json.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <filesystem>
#include <functional>
#include <vector>

namespace consilium::app {

class WheelLatency;

/// Drives the real window through the main job and every page, and keeps one picture a step: starts the demo by its
/// button, watches the first rounds, scrolls through an image while the sites train and measures how fast the window
/// answers, waits for the end and looks at the outcome, in both themes. Prints a line a step and leaves tour.json.
class Tour : public QObject
{
    Q_OBJECT

public:
    struct Options
    {
        std::filesystem::path folder; ///< of the pictures
        std::filesystem::path study;  ///< a finished study to use instead of running the demo; empty: run it
        /// Images to look at in every layout, and nothing else.
        std::vector<std::filesystem::path> files = {};
    };

    Tour(MainWindow &window, Options options, QObject *parent = nullptr);
    void start();

Q_SIGNALS:
    void finished(bool ok);

private:
    struct Step
    {
        QString name; ///< also of the picture
        int seconds;  ///< until it must have come to pass
        std::function<void()> act;
        std::function<bool()> done;
        bool needsDemo = false; ///< fails at once when the demo ends early
        bool essential = false; ///< the tour ends when it fails
    };

    void planDemo();
    void planStudy();
    void planPages();
    void planImages();
    void planLayouts(const QString &prefix, bool withSurface);
    void begin();
    void look();
    void conclude(bool ok, const QString &why = {});
    void end();

    void press(const QString &button);
    void choose(const QString &comboBox, int index);
    void hang(const QString &layout);
    QWidget *visibleCanvas() const;
    bool imageIsOpen() const;
    /// Studies of points have no label maps to compare and no surfaces.
    bool findsLandmarks() const;
    void measureLatency();
    int sitesTraining() const;

    MainWindow &m_window;
    Options m_options;
    std::vector<Step> m_steps;
    std::size_t m_step = 0;
    QTimer m_poll;
    QElapsedTimer m_clock;
    qint64 m_doneAt = -1; ///< when the step had come to pass, in ms; its picture is taken when the window has settled
    bool m_demoEnded = false, m_demoOk = false;
    QString m_demoMessage;
    WheelLatency *m_latency = nullptr;
    bool m_latencyDone = false;
    bool m_caseOpened = false;
    QString m_failure; ///< of the present step, when waiting longer is of no use
    bool m_ok = true;
    Json m_summary;
};

} // namespace consilium::app
