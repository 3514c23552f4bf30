// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/value_range_box.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QIcon>
#include <QLabel>
#include <QSignalBlocker>
#include <QToolButton>
#include <algorithm>
#include <cmath>

namespace consilium::viewer {

ValueRangeBox::ValueRangeBox(const QString &name, const QString &what, QWidget *parent)
    : QWidget(parent), m_row(new QHBoxLayout(this))
{
    setObjectName(name);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_low = addNumber(name + QStringLiteral(".low"), tr("%1, lowest").arg(what));
    m_row->addWidget(new QLabel(QStringLiteral("–"), this));
    m_high = addNumber(name + QStringLiteral(".high"), tr("%1, highest").arg(what));
    auto *fromImage = new QToolButton(this);
    fromImage->setObjectName(name + QStringLiteral(".fromImage"));
    fromImage->setIcon(QIcon::fromTheme(QStringLiteral("color-picker")));
    fromImage->setText(tr("From image"));
    fromImage->setToolTip(
        tr("Take the range from the image: of the values under the active label, or of the whole image "
           "while little is drawn"));
    fromImage->setAccessibleName(tr("%1 from the image").arg(what));
    m_row->addWidget(fromImage);
    connect(fromImage, &QToolButton::clicked, this, &ValueRangeBox::fromImageRequested);
}

QDoubleSpinBox *ValueRangeBox::addNumber(const QString &name, const QString &accessibleName)
{
    auto *number = new QDoubleSpinBox(this);
    number->setObjectName(name);
    number->setAccessibleName(accessibleName);
    number->setToolTip(accessibleName);
    number->setRange(-1e6, 1e6);
    number->setDecimals(1);
    number->setButtonSymbols(QAbstractSpinBox::NoButtons);
    number->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    number->setKeyboardTracking(false);
    // A range of six figures must not make the panel wider.
    number->setMinimumWidth(48);
    number->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_row->addWidget(number, 1);
    connect(number, &QDoubleSpinBox::valueChanged, this, &ValueRangeBox::edited);
    return number;
}

ValueInterval ValueRangeBox::interval() const
{
    return {std::min(m_low->value(), m_high->value()), std::max(m_low->value(), m_high->value())};
}

void ValueRangeBox::setInterval(const ValueInterval &interval)
{
    // An image of 0 to 1 needs more places than one of Hounsfield units.
    const int decimals = std::max(std::abs(interval.low), std::abs(interval.high)) >= 10 ? 1 : 3;
    for (const auto &[number, value] : {std::pair{m_low, interval.low}, {m_high, interval.high}}) {
        const QSignalBlocker quiet(number);
        number->setDecimals(decimals);
        number->setValue(value);
    }
}

} // namespace consilium::viewer
