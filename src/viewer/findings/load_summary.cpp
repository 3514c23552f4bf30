// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/load_summary.h"

#include "viewer/canvas/colours.h"
#include "viewer/findings/findings_model.h"

#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

namespace consilium::viewer {

namespace {

// A name that is too long for the panel is cut where the reader sees that it is.
class ElidedLabel : public QLabel
{
public:
    using QLabel::QLabel;

    QSize minimumSizeHint() const override { return {0, QLabel::minimumSizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(rect(), Qt::AlignVCenter | Qt::AlignLeft,
                         fontMetrics().elidedText(text(), Qt::ElideRight, width()));
    }
};

} // namespace

LoadSummary::LoadSummary(QWidget *parent)
    : QWidget(parent), m_regions(new QWidget(this)), m_loadGrid(new QGridLayout),
      m_regionGrid(new QGridLayout(m_regions)), m_byRegion(new QToolButton(this))
{
    setObjectName(QStringLiteral("review.lesions.load"));
    setAccessibleName(tr("Lesion load"));
    m_regions->setObjectName(QStringLiteral("review.lesions.regions"));
    m_regions->setAccessibleName(tr("Lesion load by region"));
    m_regions->hide();
    m_byRegion->setObjectName(QStringLiteral("review.lesions.byRegion"));
    m_byRegion->setText(tr("By region"));
    m_byRegion->setCheckable(true);
    m_byRegion->setArrowType(Qt::RightArrow);
    m_byRegion->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_byRegion->setToolTip(tr("Shows the lesion load of each region"));
    m_byRegion->setAutoRaise(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(m_loadGrid);
    column->addWidget(m_byRegion, 0, Qt::AlignLeft);
    column->addWidget(m_regions);
    m_regionGrid->setContentsMargins(0, 0, 0, 0);
    connect(m_byRegion, &QToolButton::toggled, this, [this](bool open) {
        m_byRegion->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
        m_regions->setVisible(open);
    });
}

void LoadSummary::setTheme(const Theme &theme)
{
    m_theme = theme;
    layout()->setSpacing(theme.step);
    for (QGridLayout *grid : {m_loadGrid, m_regionGrid}) {
        grid->setHorizontalSpacing(2 * theme.step);
        grid->setVerticalSpacing(theme.step / 2);
    }
    QFont caption = font();
    caption.setPixelSize(theme.captionSize);
    m_byRegion->setFont(caption);
    fill();
    fillRegions();
}

void LoadSummary::present(const LoadedCase &shown, const FindingTotals &totals)
{
    m_totals = totals;
    m_names.clear();
    for (const Segmentation &model : shown.opened.predictions)
        m_names.append(QString::fromStdString(model.name));
    m_letters = letters(shown.opened.predictions);
    fill();
    fillRegions();
}

void LoadSummary::clear(QGridLayout &grid)
{
    while (QLayoutItem *item = grid.takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

void LoadSummary::add(QGridLayout &grid, int row, int column, const QString &text, const QString &said, bool quiet)
{
    auto *label = column == 0 ? new ElidedLabel : new QLabel;
    QFont caption = font();
    caption.setPixelSize(m_theme.captionSize);
    label->setFont(caption);
    label->setText(text);
    label->setTextFormat(Qt::PlainText);
    const QString whole = said.isEmpty() ? text : said;
    label->setToolTip(whole);
    label->setAccessibleName(whole);
    if (quiet) {
        QPalette palette = label->palette();
        palette.setColor(QPalette::WindowText, colour(m_theme.quietText));
        label->setPalette(palette);
    }
    grid.addWidget(label, row, column, column == 0 ? Qt::Alignment() : Qt::AlignRight);
}

void LoadSummary::fill()
{
    clear(*m_loadGrid);
    m_loadGrid->setColumnStretch(0, 1);
    const bool compares = m_totals.reference && !m_totals.models.empty();
    int row = 0;
    const QStringList heads = compares ? QStringList{tr("lesions"), tr("mL"), tr("missed"), tr("invented")}
                                       : QStringList{tr("lesions"), tr("mL")};
    for (int n = 0; n < heads.size(); ++n)
        add(*m_loadGrid, row, n + 1, heads[n], {}, true);
    ++row;
    const auto addLoad = [&](const QString &name, const LesionLoad &load, const QString &said) {
        add(*m_loadGrid, row, 0, name, said);
        add(*m_loadGrid, row, 1, QString::number(load.lesions), tr("Number of lesions: %1").arg(load.lesions));
        const QString millilitres = millilitreText(load.millilitres);
        add(*m_loadGrid, row, 2, millilitres, tr("%1 mL").arg(millilitres));
    };
    if (m_totals.reference)
        addLoad(tr("Reference"), *m_totals.reference, {});
    row += m_totals.reference ? 1 : 0;
    for (std::size_t n = 0; n < m_totals.models.size(); ++n) {
        const FindingTotals::Model &model = m_totals.models[n];
        const QString &name = m_names[static_cast<int>(n)];
        addLoad(
            tr("%1  %2", "letter of a model, its name").arg(m_letters[static_cast<int>(n)], name), model.drawn,
            tr("%1: you accepted %2 and rejected %3 of its lesions").arg(name).arg(model.accepted).arg(model.rejected));
        if (compares) {
            add(*m_loadGrid, row, 3, QString::number(model.missed),
                tr("%n of the reference's lesions missed by %1", nullptr, model.missed).arg(name));
            add(*m_loadGrid, row, 4, QString::number(model.invented),
                tr("Drawn by %1, but not in the reference: %2").arg(name).arg(model.invented));
        }
        ++row;
    }
    addLoad(tr("Accepted by you"), m_totals.accepted, tr("Accepted by you; rejected: %1").arg(m_totals.rejected));
}

void LoadSummary::fillRegions()
{
    clear(*m_regionGrid);
    m_regionGrid->setColumnStretch(0, 1);
    m_byRegion->setEnabled(!m_totals.regions.empty());
    const bool compares = m_totals.reference && !m_totals.models.empty();
    add(*m_regionGrid, 0, 1, tr("lesions"), {}, true);
    add(*m_regionGrid, 0, 2, tr("mL"), {}, true);
    for (int n = 0; compares && n < m_letters.size(); ++n)
        add(*m_regionGrid, 0, 3 + n, m_letters[n], tr("Found by %1").arg(m_names[n]), true);
    int row = 1;
    for (const FindingTotals::Region &region : m_totals.regions) {
        const QString millilitres = millilitreText(region.load.millilitres), name = regionName(region.region);
        add(*m_regionGrid, row, 0, name,
            tr("%1: %2 accepted by you, %3 mL")
                .arg(name)
                .arg(region.accepted.lesions)
                .arg(millilitreText(region.accepted.millilitres)));
        add(*m_regionGrid, row, 1, QString::number(region.load.lesions),
            tr("Number of lesions: %1").arg(region.load.lesions));
        add(*m_regionGrid, row, 2, millilitres, tr("%1 mL").arg(millilitres));
        for (int n = 0; compares && n < m_letters.size(); ++n)
            add(*m_regionGrid, row, 3 + n, QString::number(region.found[static_cast<std::size_t>(n)]),
                tr("%1 of %n found by %2", nullptr, region.load.lesions)
                    .arg(region.found[static_cast<std::size_t>(n)])
                    .arg(m_names[n]));
        ++row;
    }
}

} // namespace consilium::viewer
