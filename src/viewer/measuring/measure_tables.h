// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/measuring/measuring.h"

#include <QAbstractTableModel>
#include <QIcon>

namespace consilium::viewer {

/// One row a point: its name, how certain it is (editable, percent), whether it is locked (check box), and the error of
/// every set against the reference in mm.
class LandmarkTable : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, Confidence, Locked, FirstError };
    /// What sorts a cell: numbers as numbers.
    static constexpr int SortRole = Qt::UserRole;

    LandmarkTable(LandmarkEditor &editor, QObject *parent);

    void setTheme(const Theme &theme);
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    std::vector<int> compared() const;
    QVariant text(int row, int column) const;
    QString spoken(int row, int column) const;
    QVariant sortValue(int row, int column) const;

    LandmarkEditor &m_editor;
    Theme m_theme;
    bool m_themed = false;
};

/// SS, PT, PI, LL and PI - (PT + SS) of every set, in degrees, with the difference from the reference.
class AngleTable : public QAbstractTableModel
{
    Q_OBJECT

public:
    AngleTable(LandmarkEditor &editor, QObject *parent);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    LandmarkEditor &m_editor;
};

/// What was measured: name (editable) and values.
class MeasurementTable : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, Value };

    MeasurementTable(Measuring &measuring, QObject *parent);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    int idAt(int row) const; ///< 0: no such row

private:
    Measuring &m_measuring;
};

/// The part of a set's name that fits a narrow column: what stands before a colon.
QString shortSetName(const LandmarkEditor &editor, int whose);

/// What tells a set from the others on the canvas: its mark in its colour.
QIcon setIcon(const Theme &theme, int whose);

} // namespace consilium::viewer
