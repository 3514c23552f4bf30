// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/wheel_latency.h"

#include <QCoreApplication>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace consilium::app {

namespace {

constexpr int pauseMilliseconds = 40;
constexpr int deadlineMilliseconds = 3000;
// Up and down again, so that no volume ends under the wheel.
constexpr int turnsOneWay = 8;

} // namespace

WheelLatency::WheelLatency(QWidget *canvas, int events, QObject *parent)
    : QObject(parent), m_canvas(canvas), m_events(events)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(pauseMilliseconds);
    m_deadline.setSingleShot(true);
    m_deadline.setInterval(deadlineMilliseconds);
    connect(&m_pause, &QTimer::timeout, this, &WheelLatency::turn);
    connect(&m_deadline, &QTimer::timeout, this, [this] { Q_EMIT finished(false); });
    canvas->installEventFilter(this);
}

void WheelLatency::start()
{
    m_pause.start();
}

void WheelLatency::turn()
{
    if (!m_canvas) {
        Q_EMIT finished(false);
        return;
    }
    if (m_sent == m_events) {
        m_canvas->removeEventFilter(this);
        Q_EMIT finished(true);
        return;
    }
    const int direction = (m_sent / turnsOneWay) % 2 == 0 ? 120 : -120;
    ++m_sent;
    const QPointF centre = m_canvas->rect().center();
    m_waiting = true;
    m_deadline.start();
    m_clock.start();
    QCoreApplication::postEvent(m_canvas,
                                new QWheelEvent(centre, m_canvas->mapToGlobal(centre), {}, QPoint(0, direction),
                                                Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false));
}

bool WheelLatency::eventFilter(QObject *watched, QEvent *event)
{
    if (m_waiting && watched == m_canvas && event->type() == QEvent::Paint) {
        m_waiting = false;
        // The filter sees the event before the canvas does; the next round of the loop comes after the paint.
        QTimer::singleShot(0, this, &WheelLatency::painted);
    }
    return false;
}

void WheelLatency::painted()
{
    m_times.push_back(static_cast<double>(m_clock.nsecsElapsed()) / 1e6);
    m_deadline.stop();
    m_pause.start();
}

double WheelLatency::quantile(double share) const
{
    auto sorted = m_times;
    std::ranges::sort(sorted);
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
    return sorted.at(std::clamp<std::size_t>(rank, 1, sorted.size()) - 1);
}

} // namespace consilium::app
