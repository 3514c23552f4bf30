// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "dashboard/curve_summary.h"
#include "dashboard/site_colours.h"

#include <QFrame>
#include <map>

class QAbstractSeries;
class QAreaSeries;
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

/// Loss, or Dice or the share of landmarks found, or drift over the rounds, one line a site in the site's colour, dash
/// and point shape; with more than `mostCurves` sites their median and spread, and the lines of the sites that stand
/// out. Says in a sentence why it is empty while it is. Pointing at a mark tells its site, round and value.
class CurveChart : public QFrame
{
    Q_OBJECT

public:
    enum class Kind { Loss, Headline, Drift };
    explicit CurveChart(Kind kind, QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    void setSnapshot(const storage::StudySnapshot &study);
    void clear();

    /// Without this a chart too low for it leaves its legend out: the marks are those of the site table.
    void keepLegend() { m_keepsLegend = true; }

    bool hasCurves() const { return !m_lines.empty(); }
    /// The single lines drawn now.
    const std::vector<SiteCurve> &curves() const { return m_curves; }
    /// What stands for the other sites; no points while every site has its line.
    const CurveSummary &summary() const { return m_summary; }

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Line
    {
        QLineSeries *line;
        QScatterSeries *marks;
    };

    void attach(QAbstractSeries *series);
    Line &lineFor(const std::string &site);
    void remove(const Line &line);
    void paintLine(const Line &line, int index);
    void draw(std::vector<SiteCurve> curves);
    void scaleAxes();
    void showLegend();
    /// The curves in words, for who cannot see them.
    void tellValues();
    void showBest(const storage::StudySnapshot &study);
    /// Names the curves as the study's kind of task does. `over`: nothing will come any more.
    void nameCurves(bool landmarks, bool over);

    Kind m_kind;
    Theme m_theme;
    SiteColours m_sites;
    std::vector<SiteCurve> m_curves;
    CurveSummary m_summary;
    bool m_keepsLegend = false;
    int m_plannedRounds = 0;
    int m_round = 0; ///< in flight, or the last one
    std::map<std::string, Line> m_lines;
    QLabel *m_title;
    QLabel *m_caption;
    QLabel *m_empty;
    SiteLegend *m_legend;
    QChart *m_chart;
    QChartView *m_view;
    QStackedLayout *m_stack;
    QScatterSeries *m_best;
    QLineSeries *m_zero; ///< of the drift alone
    QLineSeries *m_median;
    QAreaSeries *m_spread;
    QValueAxis *m_rounds;
    QValueAxis *m_values;
};

} // namespace consilium::dashboard
