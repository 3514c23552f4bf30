// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/findings/lesion_location.h"
#include "viewer/findings/lesion_verdicts.h"

#include <QAbstractTableModel>
#include <QColor>

namespace consilium::viewer {

/// The findings of a case as rows: one per lesion, or per structure. Cells sort by Qt::UserRole, which holds numbers as
/// numbers; tool tips and accessible texts say in words what a mark means.
class FindingsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    /// What a column shows. Structures have Name, Millilitres and Model; lesions all but Name, and Reference where
    /// there is one.
    enum class Column { Number, Name, Millilitres, Diameter, Where, Reference, Model, Review };

    using QAbstractTableModel::QAbstractTableModel;

    void setTheme(const Theme &theme);
    /// No verdicts, and places not known yet.
    void setCase(std::shared_ptr<const LoadedCase> shown);
    void setRegions(std::vector<imaging::LesionRegion> regions); ///< in the order of the findings

    const LoadedCase *shown() const { return m_case.get(); }
    const LesionVerdicts &verdicts() const { return m_verdicts; }
    const std::vector<imaging::LesionRegion> &regions() const { return m_regions; } ///< empty while not known
    imaging::LesionRegion region(int row) const;

    /// False when nothing changes by it. Each is one step for undo.
    bool setVerdict(const std::vector<std::size_t> &lesions, Verdict verdict);
    /// The first lesion that changed.
    std::optional<std::size_t> undo();
    std::optional<std::size_t> redo();
    /// As LesionVerdicts::read; what was decided before it came stays, as a step.
    Result<> readVerdicts(const Json &json);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    Column column(int section) const;
    int sectionOf(Column column) const; ///< the first; -1 when it is not shown
    int firstModelColumn() const;
    bool listsLesions() const { return m_case && m_case->opened.kind == LabelKind::Lesions; }
    /// Where to look for a row, when it lies anywhere.
    std::optional<imaging::Vec3> position(int row) const;

Q_SIGNALS:
    void verdictsChanged();

private:
    bool hasReference() const { return m_case && m_case->opened.reference.has_value(); }
    int modelCount() const { return m_case ? static_cast<int>(m_case->opened.predictions.size()) : 0; }
    QString modelName(int model) const;
    int alignment(int section) const;
    QVariant lesionData(std::size_t row, int section, int role) const;
    QString lesionText(std::size_t row, int section) const;
    QString lesionWords(std::size_t row, int section) const;
    QVariant lesionOrder(std::size_t row, int section) const;
    QVariant structureData(const StructureFinding &structure, int section, int role) const;
    void tellVerdicts();

    std::shared_ptr<const LoadedCase> m_case;
    std::vector<imaging::LesionRegion> m_regions;
    LesionVerdicts m_verdicts;
    QColor m_quiet, m_good, m_bad;
};

/// The part of a prediction's name that fits a narrow column: what stands before a colon ("local" of "local: north").
QString shortName(const std::string &name);

/// A letter for each name, its first one, with a number where several begin alike: "L1", "L2", "F".
QStringList letters(const std::vector<Segmentation> &predictions);

/// "12.4", "0.35", "0.021" mL in the reader's locale: as many digits as say something.
QString millilitreText(double millilitres);

} // namespace consilium::viewer
