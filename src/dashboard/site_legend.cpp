// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/site_legend.h"

#include "dashboard/marks.h"

#include <QPainter>

namespace consilium::dashboard {

namespace {

constexpr int key = 26;
constexpr int gap = 6;
constexpr int between = 16;

} // namespace

SiteLegend::SiteLegend(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void SiteLegend::setTheme(const Theme &theme)
{
    m_theme = theme;
    update();
}

void SiteLegend::setSites(const SiteColours &sites, std::vector<std::string> shown, std::size_t summed)
{
    if (sites == m_sites && shown == m_shown && summed == m_summed)
        return;
    m_sites = sites;
    m_shown = std::move(shown);
    m_summed = summed;
    update();
}

QSize SiteLegend::sizeHint() const
{
    return {200, fontMetrics().height() + 4};
}

void SiteLegend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    int x = 0;
    const double y = height() / 2.0;
    const auto write = [&](const QString &name) {
        const int width = fontMetrics().horizontalAdvance(name);
        painter.setPen(colour(m_theme.text));
        painter.drawText(QRect(x + key + gap, 0, width + 2, height()), Qt::AlignLeft | Qt::AlignVCenter, name);
        x += key + gap + width + between;
    };
    if (m_summed > 0) {
        painter.setPen(QPen(colour(m_theme.text), 2));
        painter.drawLine(QPointF(x, y), QPointF(x + key, y));
        write(tr("median of %1").arg(m_summed));
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour(m_theme.line));
        painter.drawRect(QRectF(x, y - 5, key, 10));
        write(tr("middle 80 %"));
    }
    for (std::size_t i = 0; i < m_shown.size(); ++i) {
        const auto name = QString::fromStdString(m_shown[i]);
        // Room is kept for saying how many more there are.
        const bool last = i + 1 == m_shown.size();
        if (x + key + gap + fontMetrics().horizontalAdvance(name) > width() - (last ? 0 : 60)) {
            painter.setPen(colour(m_theme.quietText));
            painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter,
                             tr("and %1 more").arg(m_shown.size() - i));
            return;
        }
        const int index = m_sites.index(m_shown[i]);
        const auto ink = SiteColours::at(index, m_theme);
        painter.setPen(QPen(ink, 1.6, siteDash(index)));
        painter.drawLine(QPointF(x, y), QPointF(x + key, y));
        drawSiteShape(painter, QPointF(x + key / 2.0, y), 8, index, ink);
        write(name);
    }
}

} // namespace consilium::dashboard
