// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/lesion_filter_bar.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QSignalBlocker>

namespace consilium::viewer {

using Which = LesionCriteria::Which;

LesionFilterBar::LesionFilterBar(QWidget *parent)
    : QWidget(parent), m_which(new QComboBox(this)), m_place(new QLineEdit(this)), m_volume(new QDoubleSpinBox(this))
{
    m_which->setObjectName(QStringLiteral("review.lesions.which"));
    m_which->setAccessibleName(tr("Which lesions are listed"));
    m_which->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_which->setMinimumContentsLength(8);
    m_place->setObjectName(QStringLiteral("review.lesions.place"));
    m_place->setAccessibleName(tr("Where the listed lesions lie"));
    m_place->setPlaceholderText(tr("Any place"));
    m_place->setToolTip(tr("A part of a place's name, such as periventricular"));
    m_place->setClearButtonEnabled(true);
    m_volume->setObjectName(QStringLiteral("review.lesions.volume"));
    m_volume->setAccessibleName(tr("Smallest volume listed"));
    m_volume->setToolTip(tr("Lists lesions of this volume or more"));
    m_volume->setRange(0, 100);
    m_volume->setDecimals(2);
    m_volume->setSingleStep(0.05);
    m_volume->setSuffix(tr(" mL"));
    m_volume->setPrefix(QStringLiteral("\u2265 "));
    m_volume->setSpecialValueText(tr("Any size"));
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->addWidget(m_which, 0, 0, 1, 2);
    grid->addWidget(m_place, 1, 0);
    grid->addWidget(m_volume, 1, 1);
    grid->setColumnStretch(0, 1);
    connect(m_which, &QComboBox::currentIndexChanged, this, &LesionFilterBar::tell);
    connect(m_place, &QLineEdit::textChanged, this, &LesionFilterBar::tell);
    connect(m_volume, &QDoubleSpinBox::valueChanged, this, &LesionFilterBar::tell);
}

void LesionFilterBar::setTheme(const Theme &theme)
{
    layout()->setSpacing(theme.step);
    QFont body = font();
    body.setPixelSize(theme.bodySize);
    for (QWidget *field :
         {static_cast<QWidget *>(m_which), static_cast<QWidget *>(m_place), static_cast<QWidget *>(m_volume)})
        field->setFont(body);
}

void LesionFilterBar::setCase(const LoadedCase *shown)
{
    {
        const QSignalBlocker quiet(m_which);
        m_which->clear();
        m_choices.clear();
        const auto offer = [&](const QString &text, Which which, int model = -1) {
            m_which->addItem(text);
            LesionCriteria choice;
            choice.which = which;
            choice.model = model;
            m_choices.push_back(choice);
        };
        offer(tr("All lesions"), Which::All);
        offer(tr("Not yet reviewed"), Which::NotReviewed);
        if (shown) {
            const auto &predictions = shown->opened.predictions;
            for (std::size_t n = 0; n < predictions.size() && shown->opened.reference; ++n) {
                const QString name = QString::fromStdString(predictions[n].name);
                offer(tr("Missed by %1").arg(name), Which::Missed, static_cast<int>(n));
                offer(tr("Invented by %1").arg(name), Which::Invented, static_cast<int>(n));
            }
            if (predictions.size() > 1)
                offer(tr("Drawn by one model only"), Which::OnlyOneModel);
        }
        offer(tr("Accepted"), Which::Accepted);
        offer(tr("Rejected"), Which::Rejected);
    }
    clear();
}

void LesionFilterBar::clear()
{
    {
        const QSignalBlocker which(m_which), place(m_place), volume(m_volume);
        m_which->setCurrentIndex(0);
        m_place->clear();
        m_volume->setValue(0);
    }
    tell();
}

void LesionFilterBar::tell()
{
    LesionCriteria criteria;
    if (const int chosen = m_which->currentIndex(); chosen >= 0 && chosen < static_cast<int>(m_choices.size()))
        criteria = m_choices[static_cast<std::size_t>(chosen)];
    criteria.place = m_place->text().trimmed();
    criteria.fewestMillilitres = m_volume->value();
    if (criteria == m_criteria)
        return;
    m_criteria = criteria;
    Q_EMIT criteriaChanged(m_criteria);
}

} // namespace consilium::viewer
