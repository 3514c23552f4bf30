// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "dashboard/site_colours.h"
#include "dashboard/study_progress.h"

#include <QFrame>
#include <map>

class QChart;
class QChartView;
class QGraphicsSimpleTextItem;
class QLabel;
class QLineSeries;
class QScatterSeries;
class QStackedLayout;
class QValueAxis;

namespace consilium::dashboard {

class SiteLegend;

/// Loss, or Dice or the share of landmarks found, over the rounds, one line a site in the site's colour, dash and point
/// shape. Says in a sentence why it is empty while it is. Pointing at a mark tells its site, round and value.
class CurveChart : public QFrame
{
    Q_OBJECT

public:
    enum class Kind { Loss, Headline };
    explicit CurveChart(Kind kind, QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    void setSnapshot(const storage::StudySnapshot &study);
    void clear();

    bool hasCurves() const { return !m_lines.empty(); }
    /// What is drawn now, by site name.
    const std::vector<SiteCurve> &curves() const { return m_curves; }

private:
    struct Line
    {
        QLineSeries *line;
        QScatterSeries *marks;
    };

    Line &lineFor(const std::string &site);
    void paintLine(const Line &line, int index);
    void scaleAxes(const storage::StudySnapshot &study);
    void showBest(const storage::StudySnapshot &study);
    /// Names the curves as the study's kind of task does.
    void nameCurves(bool landmarks);

    Kind m_kind;
    Theme m_theme;
    SiteColours m_sites;
    std::vector<SiteCurve> m_curves;
    std::map<std::string, Line> m_lines;
    QLabel *m_title;
    QLabel *m_caption;
    QLabel *m_empty;
    SiteLegend *m_legend;
    QChart *m_chart;
    QChartView *m_view;
    QStackedLayout *m_stack;
    QScatterSeries *m_best;
    QValueAxis *m_rounds;
    QValueAxis *m_values;
};

} // namespace consilium::dashboard
