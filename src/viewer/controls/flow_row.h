// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>
#include <memory>
#include <vector>

namespace consilium::viewer {

/// A row of controls that does not decide how wide the window is: in one line while it fits, its controls shrunk
/// towards their smallest widths if need be; else in several lines, each control at the width it would like.
/// Controls stand in the middle of their line.
class FlowRow : public QLayout
{
public:
    explicit FlowRow(QWidget *parent = nullptr) : QLayout(parent) {}
    ~FlowRow() override;

    /// Room between groups, left out at the beginning of a line.
    void addSpacing(int width);

    void addItem(QLayoutItem *item) override;
    int count() const override { return static_cast<int>(m_items.size()); }
    QLayoutItem *itemAt(int index) const override;
    QLayoutItem *takeAt(int index) override;

    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override; ///< all in one line
    QSize minimumSize() const override;
    void setGeometry(const QRect &area) override;

private:
    struct Placed
    {
        QLayoutItem *item;
        QRect area;
    };
    /// Where everything goes in a row of that width, from (0, 0); and how high that is.
    int place(int width, std::vector<Placed> *places) const;
    int gap() const { return std::max(spacing(), 0); }

    std::vector<std::unique_ptr<QLayoutItem>> m_items;
};

} // namespace consilium::viewer
