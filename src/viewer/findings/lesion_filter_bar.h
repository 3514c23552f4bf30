// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/findings/lesion_filter.h"

#include <QWidget>

class QComboBox;
class QDoubleSpinBox;
class QLineEdit;

namespace consilium::viewer {

/// What narrows the list of lesions down: which ones, where, and from what volume on.
class LesionFilterBar : public QWidget
{
    Q_OBJECT

public:
    explicit LesionFilterBar(QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    void setCase(const LoadedCase *shown); ///< all lesions again
    const LesionCriteria &criteria() const { return m_criteria; }
    void clear();

Q_SIGNALS:
    void criteriaChanged(const consilium::viewer::LesionCriteria &criteria);

private:
    void tell();

    QComboBox *m_which;
    QLineEdit *m_place;
    QDoubleSpinBox *m_volume;
    std::vector<LesionCriteria> m_choices; // of m_which
    LesionCriteria m_criteria;
};

} // namespace consilium::viewer
