// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/editing/label_editor.h"

#include <QWidget>

class QDoubleSpinBox;
class QHBoxLayout;

namespace consilium::viewer {

/// Two numbers, low and high, and a button that takes them from the image. Object names: <name>.low, <name>.high,
/// <name>.fromImage.
class ValueRangeBox : public QWidget
{
    Q_OBJECT

public:
    /// `what` names it for screen readers: "Values to paint".
    ValueRangeBox(const QString &name, const QString &what, QWidget *parent = nullptr);

    ValueInterval interval() const; ///< low never above high
    void setInterval(const ValueInterval &interval);

Q_SIGNALS:
    void edited(); ///< by the reader
    void fromImageRequested();

private:
    QDoubleSpinBox *addNumber(const QString &name, const QString &accessibleName);

    QHBoxLayout *m_row;
    QDoubleSpinBox *m_low, *m_high;
};

} // namespace consilium::viewer
