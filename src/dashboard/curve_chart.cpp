// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/curve_chart.h"

#include "dashboard/marks.h"
#include "dashboard/site_legend.h"

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

} // namespace

CurveChart::CurveChart(Kind kind, QWidget *parent)
    : QFrame(parent), m_kind(kind), m_title(new QLabel), m_caption(new QLabel), m_empty(new QLabel),
      m_legend(new SiteLegend), m_chart(new QChart), m_view(new QChartView(m_chart)), m_stack(new QStackedLayout),
      m_best(new QScatterSeries), m_rounds(new QValueAxis), m_values(new QValueAxis)
{
    setProperty("role", "card");
    m_title->setProperty("role", "heading");
    m_caption->setProperty("role", "caption");
    m_caption->setText(kind == Kind::Loss ? tr("per site, by round") : tr("shared model, per site, by round"));
    m_empty->setProperty("role", "quiet");
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    nameCurves(false);

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
    m_view->setMinimumHeight(120);

    m_best->setMarkerShape(QScatterSeries::MarkerShapeStar);
    m_best->setMarkerSize(15);
    m_chart->addSeries(m_best);
    m_best->attachAxis(m_rounds);
    m_best->attachAxis(m_values);
    connect(m_best, &QScatterSeries::hovered, this, [this](const QPointF &point, bool on) {
        if (on)
            QToolTip::showText(
                QCursor::pos(),
                tr("best round %1: mean %2").arg(std::lround(point.x())).arg(QLocale().toString(point.y(), 'f', 3)),
                this);
    });

    auto *head = new QHBoxLayout;
    head->addWidget(m_title);
    head->addStretch();
    head->addWidget(m_caption);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(head);
    layout->addWidget(m_legend);
    layout->addLayout(m_stack, 1);
    m_legend->hide();
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
    m_legend->setTheme(theme);
    for (const auto &[site, line] : m_lines)
        paintLine(line, m_sites.index(site));
}

void CurveChart::clear()
{
    for (const auto &[site, line] : m_lines) {
        m_chart->removeSeries(line.line);
        m_chart->removeSeries(line.marks);
        delete line.line;
        delete line.marks;
    }
    m_lines.clear();
    m_curves.clear();
    m_best->clear();
    m_legend->hide();
    m_stack->setCurrentWidget(m_empty);
}

void CurveChart::nameCurves(bool landmarks)
{
    if (m_kind == Kind::Loss) {
        m_title->setText(tr("Training loss"));
        m_empty->setText(tr("Losses appear here as soon as the sites report from training."));
    } else if (landmarks) {
        m_title->setText(tr("Landmarks found in validation"));
        m_empty->setText(
            tr("The share of landmarks found appears here when the first round has been evaluated at the sites."));
    } else {
        m_title->setText(tr("Validation Dice"));
        m_empty->setText(tr("Dice appears here when the first round has been evaluated at the sites."));
    }
}

void CurveChart::setSnapshot(const storage::StudySnapshot &study)
{
    nameCurves(!study.plan.data.landmarks.empty());
    std::vector<std::string> names;
    for (const auto &site : study.sites)
        names.push_back(site.name);
    if (const SiteColours sites(std::move(names)); sites != m_sites) {
        clear();
        m_sites = sites;
        m_legend->setSites(sites);
    }
    auto curves = m_kind == Kind::Loss ? lossCurves(study) : headlineCurves(study);
    if (curves.empty())
        return clear();
    if (curves != m_curves) {
        // A study that was opened anew may have fewer sites with points.
        for (const auto &[site, line] : m_lines) {
            if (std::ranges::find(curves, site, &SiteCurve::site) == curves.end()) {
                line.line->clear();
                line.marks->clear();
            }
        }
        for (const auto &curve : curves) {
            auto &line = lineFor(curve.site);
            line.line->replace(toList(curve.line));
            line.marks->replace(toList(curve.marks));
        }
        m_curves = std::move(curves);
    }
    scaleAxes(study);
    if (m_kind == Kind::Headline)
        showBest(study);
    m_legend->show();
    m_stack->setCurrentWidget(m_view);
}

CurveChart::Line &CurveChart::lineFor(const std::string &site)
{
    if (const auto found = m_lines.find(site); found != m_lines.end())
        return found->second;
    const Line line{new QLineSeries, new QScatterSeries};
    for (QXYSeries *series : {static_cast<QXYSeries *>(line.line), static_cast<QXYSeries *>(line.marks)}) {
        m_chart->addSeries(series);
        series->attachAxis(m_rounds);
        series->attachAxis(m_values);
    }
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
    m_chart->addSeries(m_best);
    m_best->attachAxis(m_rounds);
    m_best->attachAxis(m_values);
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

void CurveChart::scaleAxes(const storage::StudySnapshot &study)
{
    // A long study shows its beginning first: the axis grows ahead of the curves.
    const int total = std::max(study.plan.federation.rounds, 1);
    const int shown = total <= 15 ? total : std::min(total, std::max(10, study.round + study.round / 2));
    m_rounds->setRange(0, shown + 0.03 * shown); // room for the marks of the last round
    m_rounds->setTickInterval(std::max(1.0, niceStep(shown, 12)));

    double low = 1e300, high = -1e300;
    for (const auto &curve : m_curves) {
        for (const auto &point : curve.line) {
            low = std::min(low, point.y());
            high = std::max(high, point.y());
        }
    }
    // Less than this is no difference worth a whole axis.
    const double least = m_kind == Kind::Headline ? 0.2 : 0.05;
    if (high - low < least)
        high = low + least;
    const double step = niceStep(high - low, 5);
    low = std::floor(low / step - 0.25) * step;
    high = std::ceil(high / step + 0.25) * step;
    if (m_kind == Kind::Headline) {
        low = std::max(low, 0.0);
        high = std::min(high, 1.0);
    }
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
