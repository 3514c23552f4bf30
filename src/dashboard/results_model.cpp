// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/results_model.h"

#include "dashboard/marks.h"

#include <QFont>
#include <QLocale>

namespace consilium::dashboard {

namespace {

using Kind = TestRow::Kind;

constexpr int signSize = 14;

QPixmap siteSign(int index, const Theme &theme)
{
    constexpr int ratio = 2;
    QPixmap pixmap(signSize * ratio, signSize * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    if (index >= 0) {
        QPainter painter(&pixmap);
        drawSiteShape(painter, QPointF(signSize / 2.0, signSize / 2.0), 9, index, SiteColours::at(index, theme));
    }
    return pixmap;
}

QString number(double value)
{
    return QLocale().toString(value, 'f', 3);
}

} // namespace

void ResultsModel::setResults(TestResults results, const SiteColours &colours, const storage::StudySnapshot &study)
{
    const auto names = [](const std::string &text) { return text.find("lesion") != std::string::npos; };
    beginResetModel();
    m_results = std::move(results);
    m_colours = colours;
    m_bestRound = study.bestRound;
    m_countsLesions = names(study.plan.task) || std::ranges::any_of(study.plan.data.labels, names);
    endResetModel();
}

void ResultsModel::setTheme(const Theme &theme)
{
    m_theme = theme;
    if (!m_results.rows.empty()) {
        Q_EMIT headerDataChanged(Qt::Vertical, 0, rowCount() - 1);
        Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
    }
}

int ResultsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_results.rows.size());
}

int ResultsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() || m_results.rows.empty() ? 0 : static_cast<int>(m_results.sites.size()) + 1;
}

const TestCell &ResultsModel::cell(const QModelIndex &index) const
{
    const auto &row = m_results.rows.at(static_cast<std::size_t>(index.row()));
    return index.column() == 0 ? row.mean : row.cells.at(static_cast<std::size_t>(index.column() - 1));
}

QString ResultsModel::support(const TestCell &cell) const
{
    if (!cell.value)
        return {};
    const auto cases = QLocale().toString(cell.cases);
    return cell.lesions ? QStringLiteral("%1 · %2").arg(cases, QLocale().toString(*cell.lesions)) : cases;
}

QString ResultsModel::rowName(const TestRow &row) const
{
    const auto owner = QString::fromStdString(row.owner);
    switch (row.kind) {
    case Kind::Best: return m_bestRound > 0 ? tr("Federated, best (round %1)").arg(m_bestRound) : tr("Federated, best");
    case Kind::Round: return tr("Federated, round %1").arg(row.round);
    case Kind::Personal: return tr("%1, personal").arg(owner);
    case Kind::Update: return tr("%1, last round").arg(owner);
    case Kind::Local: return tr("%1, alone").arg(owner);
    case Kind::Other: break;
    }
    return QString::fromStdString(row.model);
}

QString ResultsModel::rowTip(const TestRow &row) const
{
    const auto owner = QString::fromStdString(row.owner);
    switch (row.kind) {
    case Kind::Best: return tr("The global model of the round that did best in validation");
    case Kind::Round: return tr("The global model after round %1").arg(row.round);
    case Kind::Personal: return tr("The personal model of %1; it stays at its site").arg(owner);
    case Kind::Update: return tr("What %1 sent in the last round, before it was combined with the others").arg(owner);
    case Kind::Local: return tr("Trained on the data of %1 alone").arg(owner);
    case Kind::Other: break;
    }
    return {};
}

QString ResultsModel::cellTip(const TestRow &row, const TestCell &cell, int column) const
{
    const bool mean = column == 0;
    const auto site = mean ? std::string() : m_results.sites[static_cast<std::size_t>(column - 1)];
    if (!cell.value) {
        if (mean)
            return row.kind == Kind::Personal ? tr("stays at its site") : tr("not every site has tested it");
        return row.staysAway(site) ? tr("stays at its site") : tr("not tested here");
    }
    auto text = mean
                    ? tr("%1: %2 on average over the sites, each weighing alike").arg(rowName(row), number(*cell.value))
                    : tr("%1 at %2: %3").arg(rowName(row), QString::fromStdString(site), number(*cell.value));
    if (cell.lesions) {
        const int count = *cell.lesions;
        text += tr(" (%n cases with %1)", nullptr, cell.cases)
                    .arg(m_countsLesions ? tr("%n lesions", nullptr, count) : tr("%n regions", nullptr, count));
    } else {
        text += tr(" (%n cases)", nullptr, cell.cases);
    }
    if (cell.best)
        text += mean ? tr(". The best of all models.") : tr(". The best of all models at this site.");
    return text;
}

QVariant ResultsModel::data(const QModelIndex &index, int role) const
{
    const auto &shown = cell(index);
    switch (role) {
    case Qt::DisplayRole: return shown.value ? number(*shown.value) : QStringLiteral("–");
    case SupportRole: return support(shown);
    case Qt::TextAlignmentRole: return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    case Qt::ToolTipRole: return cellTip(m_results.rows[static_cast<std::size_t>(index.row())], shown, index.column());
    case Qt::FontRole:
        if (shown.best) {
            QFont font;
            font.setBold(true);
            return font;
        }
        return {};
    default: return {};
    }
}

QVariant ResultsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    const auto place = static_cast<std::size_t>(section);
    if (orientation == Qt::Horizontal) {
        if (section == 0) {
            return role == Qt::DisplayRole         ? QVariant(tr("Mean"))
                   : role == Qt::ToolTipRole       ? QVariant(tr("Over the sites, each weighing alike"))
                   : role == Qt::TextAlignmentRole ? QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter)
                                                   : QVariant();
        }
        const auto &site = m_results.sites.at(place - 1);
        switch (role) {
        case Qt::DisplayRole: return QString::fromStdString(site);
        case Qt::ToolTipRole: return tr("Tested at %1").arg(QString::fromStdString(site));
        case Qt::TextAlignmentRole: return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
        default: return {};
        }
    }
    const auto &row = m_results.rows.at(place);
    switch (role) {
    case Qt::DisplayRole: return rowName(row);
    case Qt::ToolTipRole: return rowTip(row);
    case Qt::TextAlignmentRole: return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::DecorationRole:
        return m_theme.series.empty() ? QVariant()
                                      : siteSign(row.owner.empty() ? -1 : m_colours.index(row.owner), m_theme);
    default: return {};
    }
}

} // namespace consilium::dashboard
