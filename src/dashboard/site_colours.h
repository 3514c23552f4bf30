// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"

#include <QColor>
#include <algorithm>
#include <string>
#include <vector>

namespace consilium::dashboard {

inline QColor colour(const std::string &role)
{
    return QColor(QString::fromStdString(role));
}

/// Which series colour and mark a site has: its place among the study's sites by name, so that every page agrees.
class SiteColours
{
public:
    SiteColours() = default;
    explicit SiteColours(std::vector<std::string> sites) : m_sites(std::move(sites)) { std::ranges::sort(m_sites); }

    const std::vector<std::string> &sites() const { return m_sites; }
    bool operator==(const SiteColours &) const = default;

    /// Counts from 0; a name that is not there comes after all others.
    int index(const std::string &site) const
    {
        return static_cast<int>(std::ranges::lower_bound(m_sites, site) - m_sites.begin());
    }
    QColor of(const std::string &site, const Theme &theme) const { return at(index(site), theme); }

    /// Colours come round again after the last one; marks and dashes (marks.h) have another period, so pairs differ
    /// longer.
    static QColor at(int index, const Theme &theme)
    {
        return colour(theme.series[static_cast<std::size_t>(index) % theme.series.size()]);
    }

private:
    std::vector<std::string> m_sites;
};

} // namespace consilium::dashboard
