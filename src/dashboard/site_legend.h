// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "dashboard/site_colours.h"

#include <QWidget>

namespace consilium::dashboard {

/// Names the lines of a chart in one row: line and point shape in the site's colour, then its name.
class SiteLegend : public QWidget
{
    Q_OBJECT

public:
    explicit SiteLegend(QWidget *parent = nullptr);
    void setTheme(const Theme &theme);
    void setSites(const SiteColours &sites);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    SiteColours m_sites;
    Theme m_theme;
};

} // namespace consilium::dashboard
