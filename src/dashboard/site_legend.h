// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "dashboard/site_colours.h"

#include <QWidget>

namespace consilium::dashboard {

/// Names the lines of a chart in one row: line and point shape in the site's colour, then its name; with many sites
/// first their median and spread. What finds no room is counted.
class SiteLegend : public QWidget
{
    Q_OBJECT

public:
    explicit SiteLegend(QWidget *parent = nullptr);
    void setTheme(const Theme &theme);
    /// Names `shown` of the sites. `summed`: how many sites are drawn as median and spread instead; 0: none.
    void setSites(const SiteColours &sites, std::vector<std::string> shown, std::size_t summed = 0);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    SiteColours m_sites;
    std::vector<std::string> m_shown;
    std::size_t m_summed = 0;
    Theme m_theme;
};

} // namespace consilium::dashboard
