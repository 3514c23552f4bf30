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

void SiteLegend::setSites(const SiteColours &sites)
{
    if (sites == m_sites)
        return;
    m_sites = sites;
    setToolTip(QString());
    updateGeometry();
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
    int index = 0;
    for (const auto &site : m_sites.sites()) {
        const auto name = QString::fromStdString(site);
        const int width = fontMetrics().horizontalAdvance(name);
        // Room is kept for saying how many more there are.
        const bool last = index + 1 == static_cast<int>(m_sites.sites().size());
        if (x + key + gap + width > this->width() - (last ? 0 : 60)) {
            painter.setPen(colour(m_theme.quietText));
            painter.drawText(QRect(x, 0, this->width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter,
                             tr("and %1 more").arg(m_sites.sites().size() - static_cast<std::size_t>(index)));
            return;
        }
        const auto ink = SiteColours::at(index, m_theme);
        const double y = height() / 2.0;
        painter.setPen(QPen(ink, 1.6, siteDash(index)));
        painter.drawLine(QPointF(x, y), QPointF(x + key, y));
        drawSiteShape(painter, QPointF(x + key / 2.0, y), 8, index, ink);
        painter.setPen(colour(m_theme.text));
        painter.drawText(QRect(x + key + gap, 0, width + 2, height()), Qt::AlignLeft | Qt::AlignVCenter, name);
        x += key + gap + width + between;
        ++index;
    }
}

} // namespace consilium::dashboard
