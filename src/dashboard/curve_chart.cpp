// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/curve_chart.h"

#include "dashboard/marks.h"
#include "dashboard/site_legend.h"

#include <QAreaSeries>
#include <QChart>
#include <QChartView>
#include <QGraphicsLayout>
#include <QLabel>
#include <QLineSeries>
#include <QLocale>
#include <QScatterSeries>
#include <QStackedLayout>
#include <QToolTip>
#include <QVBoxLayout>
#include <QValueAxis>
#include <cmath>

namespace consilium::dashboard {

namespace {

/// 1, 2 or 5 times a power of ten: the smallest such step with which `span` has at most `most` parts.
double niceStep(double span, int most)
{
    const double raw = span / most;
    const double magnitude = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * magnitude >= raw - 1e-12)
            return factor * magnitude;
    }
    return 10 * magnitude;
}

QList<QPointF> toList(const std::vector<QPointF> &points)
{
    return QList<QPointF>(points.begin(), points.end());
}

/// How many of many sites are drawn one by one.
constexpr std::size_t mostOutlying = 2;
constexpr int leastHeightWithLegend = 200;
/// Pixels between two labels of the upright axis; with less they are cut.
constexpr int heightOfTick = 30;

} // namespace

CurveChart::CurveChart(Kind kind, QWidget *parent)
    : QFrame(parent), m_kind(kind), m_title(new QLabel), m_caption(new QLabel), m_empty(new QLabel),
      m_legend(new SiteLegend), m_chart(new QChart), m_view(new QChartView(m_chart)), m_stack(new QStackedLayout),
      m_best(new QScatterSeries), m_zero(new QLineSeries), m_median(new QLineSeries),
      m_spread(new QAreaSeries(new QLineSeries, new QLineSeries)), m_rounds(new QValueAxis), m_values(new QValueAxis)
{
    setProperty("role", "card");
    m_title->setProperty("role", "heading");
    m_caption->setProperty("role", "caption");
    m_caption->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_caption->setWordWrap(true); // large type
    m_caption->setText(kind == Kind::Loss       ? tr("per site, by round")
                       : kind == Kind::Headline ? tr("shared model, per site, by round")
                                                : tr("1: with the shared model's step, below 0: against it"));
    m_empty->setProperty("role", "quiet");
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    nameCurves(false, false);

    m_chart->legend()->hide();
    m_chart->setBackgroundVisible(false);
    m_chart->setMargins(QMargins(0, 0, 0, 0));
    m_chart->layout()->setContentsMargins(0, 0, 0, 0);
    m_chart->addAxis(m_rounds, Qt::AlignBottom);
    m_chart->addAxis(m_values, Qt::AlignLeft);
    m_rounds->setLabelFormat("%d");
    m_rounds->setTickType(QValueAxis::TicksDynamic);
    m_rounds->setTickAnchor(0);
    m_values->setTickType(QValueAxis::TicksDynamic);
    m_values->setTickAnchor(0);
    m_view->setRenderHint(QPainter::Antialiasing);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setBackgroundBrush(Qt::NoBrush);
    m_view->setStyleSheet(QStringLiteral("background: transparent"));
    m_view->setMinimumHeight(96);

    m_best->setMarkerShape(QScatterSeries::MarkerShapeStar);
    m_best->setMarkerSize(15);
    m_spread->upperSeries()->setParent(m_spread);
    m_spread->lowerSeries()->setParent(m_spread);
    for (QAbstractSeries *series : {static_cast<QAbstractSeries *>(m_spread), static_cast<QAbstractSeries *>(m_zero),
                                    static_cast<QAbstractSeries *>(m_median), static_cast<QAbstractSeries *>(m_best)})
        attach(series);
    connect(m_best, &QScatterSeries::hovered, this, [this](const QPointF &point, bool on) {
        if (on)
            QToolTip::showText(
                QCursor::pos(),
                tr("best round %1: mean %2").arg(std::lround(point.x())).arg(QLocale().toString(point.y(), 'f', 3)),
                this);
    });

    auto *head = new QHBoxLayout;
    head->addWidget(m_title);
    head->addWidget(m_caption, 1);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(head);
    layout->addWidget(m_legend);
    layout->addLayout(m_stack, 1);
    m_legend->hide();
}

void CurveChart::attach(QAbstractSeries *series)
{
    m_chart->addSeries(series);
    series->attachAxis(m_rounds);
    series->attachAxis(m_values);
}

void CurveChart::setTheme(const Theme &theme)
{
    m_theme = theme;
    layout()->setContentsMargins(3 * theme.step, 2 * theme.step, 3 * theme.step, 2 * theme.step);
    layout()->setSpacing(theme.step);
    QFont caption = font();
    caption.setPixelSize(theme.captionSize);
    for (auto *axis : {m_rounds, m_values}) {
        axis->setLabelsFont(caption);
        axis->setLabelsColor(colour(theme.quietText));
        axis->setLinePen(QPen(colour(theme.line), 1));
        axis->setGridLinePen(QPen(colour(theme.line), 1));
    }
    m_rounds->setGridLineVisible(false);
    m_best->setBrush(colour(theme.text));
    m_best->setPen(QPen(colour(theme.panel), 1));
    m_zero->setPen(QPen(colour(theme.quietText), 1, Qt::DashLine));
    m_median->setPen(QPen(colour(theme.text), 2));
    m_spread->setBrush(colour(theme.line));
    m_spread->setPen(QPen(Qt::NoPen));
    m_legend->setTheme(theme);
    for (const auto &[site, line] : m_lines)
        paintLine(line, m_sites.index(site));
}

void CurveChart::remove(const Line &line)
{
    for (QAbstractSeries *series :
         {static_cast<QAbstractSeries *>(line.line), static_cast<QAbstractSeries *>(line.marks)}) {
        m_chart->removeSeries(series);
        delete series;
    }
}

void CurveChart::clear()
{
    for (const auto &[site, line] : m_lines)
        remove(line);
    m_lines.clear();
    m_curves.clear();
    m_summary = {};
    for (auto *series :
         {static_cast<QXYSeries *>(m_best), static_cast<QXYSeries *>(m_zero), static_cast<QXYSeries *>(m_median),
          static_cast<QXYSeries *>(m_spread->upperSeries()), static_cast<QXYSeries *>(m_spread->lowerSeries())})
        series->clear();
    m_legend->hide();
    m_stack->setCurrentWidget(m_empty);
}

void CurveChart::nameCurves(bool landmarks, bool over)
{
    if (m_kind == Kind::Loss) {
        m_title->setText(tr("Training loss"));
        m_empty->setText(over ? tr("No losses were reported in this study.")
                              : tr("Losses appear here as soon as the sites report from training."));
    } else if (m_kind == Kind::Drift) {
        m_title->setText(tr("Drift"));
        m_empty->setText(over ? tr("The sites' drift was not measured in this study.")
                              : tr("How far each site pulls its own way appears here when the updates of the first "
                                   "round have been combined."));
    } else if (landmarks) {
        m_title->setText(tr("Landmarks found in validation"));
        m_empty->setText(
            over ? tr("No round of this study was evaluated at the sites.")
                 : tr("The share of landmarks found appears here when the first round has been evaluated at the "
                      "sites."));
    } else {
        m_title->setText(tr("Validation Dice"));
        m_empty->setText(over ? tr("No round of this study was evaluated at the sites.")
                              : tr("Dice appears here when the first round has been evaluated at the sites."));
    }
}

void CurveChart::setSnapshot(const storage::StudySnapshot &study)
{
    nameCurves(!study.plan.data.landmarks.empty(), study.state == "finished" || study.state == "stopped");
    std::vector<std::string> names;
    for (const auto &site : study.sites)
        names.push_back(site.name);
    if (SiteColours sites(std::move(names)); sites != m_sites) {
        clear();
        m_sites = std::move(sites);
    }
    auto curves = m_kind == Kind::Loss       ? lossCurves(study)
                  : m_kind == Kind::Headline ? headlineCurves(study)
                                             : driftCurves(study);
    if (curves.empty())
        return clear();
    draw(std::move(curves));
    m_plannedRounds = study.plan.federation.rounds;
    m_round = study.round;
    scaleAxes();
    if (m_kind == Kind::Headline)
        showBest(study);
    showLegend();
    tellValues();
    m_stack->setCurrentWidget(m_view);
}

void CurveChart::tellValues()
{
    QStringList values;
    for (const auto &curve : m_curves) {
        if (!curve.marks.empty())
            values << tr("%1, round %2: %3")
                          .arg(QString::fromStdString(curve.site))
                          .arg(std::lround(curve.marks.back().x()))
                          .arg(QLocale().toString(curve.marks.back().y(), 'f', 3));
    }
    m_view->setAccessibleName(m_title->text());
    m_view->setAccessibleDescription(values.join(QStringLiteral("; ")));
}

void CurveChart::draw(std::vector<SiteCurve> curves)
{
    CurveSummary summary;
    if (curves.size() > mostCurves) {
        summary = summarise(curves, m_kind != Kind::Loss, mostOutlying);
        curves = summary.outlying;
    }
    if (summary != m_summary) {
        m_median->replace(toList(summary.median));
        m_spread->upperSeries()->replace(toList(summary.high));
        m_spread->lowerSeries()->replace(toList(summary.low));
        m_summary = std::move(summary);
    }
    if (curves == m_curves)
        return;
    // A study that was opened anew may have fewer sites with points, and with many others stand out in every round.
    for (auto line = m_lines.begin(); line != m_lines.end();) {
        const bool stays = std::ranges::find(curves, line->first, &SiteCurve::site) != curves.end();
        if (!stays)
            remove(line->second);
        line = stays ? std::next(line) : m_lines.erase(line);
    }
    for (const auto &curve : curves) {
        auto &line = lineFor(curve.site);
        line.line->replace(toList(curve.line));
        line.marks->replace(toList(curve.marks));
    }
    m_curves = std::move(curves);
}

void CurveChart::showLegend()
{
    std::vector<std::string> shown;
    for (const auto &curve : m_curves)
        shown.push_back(curve.site);
    m_legend->setSites(m_sites, std::move(shown), m_summary.sites);
    m_legend->setVisible(hasCurves() && (m_keepsLegend || m_summary.sites > 0 || height() >= leastHeightWithLegend));
}

void CurveChart::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    showLegend();
    if (hasCurves())
        scaleAxes();
}

CurveChart::Line &CurveChart::lineFor(const std::string &site)
{
    if (const auto found = m_lines.find(site); found != m_lines.end())
        return found->second;
    const Line line{new QLineSeries, new QScatterSeries};
    attach(line.line);
    attach(line.marks);
    connect(line.marks, &QScatterSeries::hovered, this, [this, site](const QPointF &point, bool on) {
        if (on)
            QToolTip::showText(QCursor::pos(),
                               tr("%1, round %2: %3")
                                   .arg(QString::fromStdString(site))
                                   .arg(std::lround(point.x()))
                                   .arg(QLocale().toString(point.y(), 'f', 3)),
                               this);
    });
    paintLine(line, m_sites.index(site));
    // The star stays above the lines: series draw in the order they were added.
    m_chart->removeSeries(m_best);
    attach(m_best);
    return m_lines.emplace(site, line).first->second;
}

void CurveChart::paintLine(const Line &line, int index)
{
    const auto ink = SiteColours::at(index, m_theme);
    line.line->setPen(QPen(ink, 1.6, siteDash(index)));
    line.marks->setMarkerShape(siteShape(index));
    line.marks->setMarkerSize(7);
    line.marks->setBrush(ink);
    line.marks->setPen(QPen(Qt::NoPen));
}

void CurveChart::scaleAxes()
{
    // A long study shows its beginning first: the axis grows ahead of the curves.
    const int total = std::max(m_plannedRounds, 1);
    const int shown = total <= 15 ? total : std::min(total, std::max(10, m_round + m_round / 2));
    m_rounds->setRange(0, shown + 0.03 * shown); // room for the marks of the last round
    m_rounds->setTickInterval(std::max(1.0, niceStep(shown, 12)));

    double low = 1e300, high = -1e300;
    for (const auto &curve : m_curves) {
        for (const auto &point : curve.line) {
            low = std::min(low, point.y());
            high = std::max(high, point.y());
        }
    }
    for (const auto *spread : {&m_summary.low, &m_summary.high}) {
        for (const auto &point : *spread) {
            low = std::min(low, point.y());
            high = std::max(high, point.y());
        }
    }
    // Less than this is no difference worth a whole axis.
    const double least = m_kind == Kind::Loss ? 0.05 : 0.2;
    if (high - low < least)
        high = low + least;
    const double step = niceStep(high - low, std::clamp(m_view->height() / heightOfTick, 2, 5));
    low = std::floor(low / step - 0.25) * step;
    high = std::ceil(high / step + 0.25) * step;
    if (m_kind != Kind::Loss) {
        low = std::max(low, m_kind == Kind::Drift ? -1.0 : 0.0);
        high = std::min(high, 1.0);
    }
    if (m_kind == Kind::Drift)
        m_zero->replace(low < 0 ? QList<QPointF>{{0, 0}, {m_rounds->max(), 0}} : QList<QPointF>{});
    m_values->setRange(low, high);
    m_values->setTickInterval(step);
    const int decimals = std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 1, 4);
    m_values->setLabelFormat(QStringLiteral("%.%1f").arg(decimals));
}

void CurveChart::showBest(const storage::StudySnapshot &study)
{
    const auto best = bestHeadline(study);
    m_best->replace(best ? QList<QPointF>{*best} : QList<QPointF>{});
    m_caption->setText(
        best ? tr("★ best: round %1, mean %2").arg(std::lround(best->x())).arg(QLocale().toString(best->y(), 'f', 3))
             : tr("shared model, per site, by round"));
}

} // namespace consilium::dashboard
