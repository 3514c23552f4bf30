// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <QWidget>
#include <vector>

namespace consilium::app {

/// How long a canvas takes from a turn of the wheel to the end of the repaint it causes.
///
/// Wheel events are posted one at a time, as the window system does, some tens of milliseconds apart; the clock runs
/// from the posting until the event loop comes round after the paint, so that linked canvases that repaint along and
/// the copy to the screen are in the figure.
class WheelLatency : public QObject
{
    Q_OBJECT

public:
    WheelLatency(QWidget *canvas, int events, QObject *parent = nullptr);
    void start();

    const std::vector<double> &milliseconds() const { return m_times; }
    /// `share` 0 to 1: 0.5 is the median (nearest rank). There must be at least one time.
    double quantile(double share) const;

Q_SIGNALS:
    /// `complete`: every event was answered by a paint.
    void finished(bool complete);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void turn();
    void painted();

    QPointer<QWidget> m_canvas;
    int m_events;
    int m_sent = 0;
    bool m_waiting = false;
    QElapsedTimer m_clock;
    QTimer m_pause, m_deadline;
    std::vector<double> m_times;
};

} // namespace consilium::app
