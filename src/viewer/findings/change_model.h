// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/findings/lesion_location.h"
#include "viewer/findings/prior_comparison.h"

#include <QAbstractTableModel>
#include <QColor>

namespace consilium::viewer {

QString changeName(ChangeKind kind); ///< "new", "enlarged", "unchanged", "shrunk", "resolved", "unclear"

/// What became of each lesion between two examinations, a row each. Cells sort by Qt::UserRole.
class ChangeModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Kind, Before, Now, Percent, Where, Columns };

    using QAbstractTableModel::QAbstractTableModel;

    void setTheme(const Theme &theme);
    void setComparison(std::shared_ptr<const ComparedCases> compared);
    void setRegions(std::vector<imaging::LesionRegion> regions); ///< of the current case's findings

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    std::optional<imaging::Vec3> position(int row) const;

private:
    void findRegions();
    QString text(std::size_t row, int column) const;
    QString words(std::size_t row, int column) const;
    QVariant order(std::size_t row, int column) const;

    std::shared_ptr<const ComparedCases> m_compared;
    std::vector<imaging::LesionRegion> m_findingRegions, m_regions; // of the findings, of the groups
    QColor m_quiet;
};

} // namespace consilium::viewer
