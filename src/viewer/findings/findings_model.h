// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/cases/case_loader.h"

#include <QAbstractTableModel>

namespace consilium::viewer {

/// The findings of a case as rows: one per lesion, or per structure.
class FindingsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    void setCase(std::shared_ptr<const LoadedCase> shown);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    int firstModelColumn() const { return listsLesions() && hasReference() ? 3 : 2; }
    /// Where to look for a row, when it lies anywhere.
    std::optional<imaging::Vec3> position(int row) const;

private:
    bool listsLesions() const { return m_case && m_case->opened.kind == LabelKind::Lesions; }
    bool hasReference() const { return m_case && m_case->opened.reference.has_value(); }
    int alignment(int column) const;
    QVariant lesionData(const LesionFinding &lesion, int row, int column, int role) const;
    QVariant structureData(const StructureFinding &structure, int column, int role) const;

    std::shared_ptr<const LoadedCase> m_case;
};

/// The part of a prediction's name that fits a narrow column: what stands before a colon ("local" of "local: north").
QString shortName(const std::string &name);

} // namespace consilium::viewer
