// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/findings/findings_model.h"
#include "viewer/findings/prior_comparison.h"

#include <QWidget>
#include <filesystem>
#include <string>

class QLabel;
class QMenu;
class QTabWidget;
class QToolButton;

namespace consilium::viewer {

class LesionChangeView;
class LesionList;
class LoadSummary;
class VerdictFile;

/// A case's lesions, or structures, with what each model made of them: the load, the list (see LesionList) and, in a
/// second tab, what changed since an earlier examination.
class LesionPanel : public QWidget
{
    Q_OBJECT

public:
    explicit LesionPanel(QWidget *parent = nullptr);
    ~LesionPanel() override; ///< waits until the verdicts are written

    void setTheme(const Theme &theme);
    /// Nothing is decided about it, and verdicts are not kept until setVerdictFile.
    void setCase(std::shared_ptr<const LoadedCase> shown);
    /// Where this reader's verdicts on the case are (see verdictFile); they are read, and kept after every change.
    void setVerdictFile(const std::filesystem::path &file, const std::string &reader);

    /// Titles of the cases that can be chosen as the earlier examination.
    void setPriorCandidates(const QStringList &titles);
    void setPrior(std::shared_ptr<const LoadedCase> prior); ///< what priorRequested asked for, read
    void tellPriorFailed(const QString &message);

    LesionList &list() { return *m_list; }
    const LesionVerdicts &verdicts() const { return m_model->verdicts(); }
    const std::vector<imaging::LesionRegion> &regions() const { return m_model->regions(); }

Q_SIGNALS:
    void jumpRequested(const consilium::imaging::Vec3 &patient);
    /// `segmentation`: whose outline is to be edited: -1 the reference, else a prediction.
    void editRequested(const consilium::imaging::Vec3 &patient, int segmentation);
    void verdictsChanged();
    void regionsChanged();              ///< the places of the lesions are known
    void priorRequested(int candidate); ///< index of setPriorCandidates; -1: files are to be chosen
    void priorCompared(std::shared_ptr<const consilium::viewer::ComparedCases> result);
    void statusMessage(const QString &message);
    void errorOccurred(const QString &message);

private:
    void connectAll();
    void fillMenu();
    void placed(const std::vector<imaging::LesionRegion> &regions);
    void takeVerdicts(const Json &verdicts);
    void keep();
    void refresh();
    QString headline() const;
    void exportTable();

    std::shared_ptr<const LoadedCase> m_case;
    FindingsModel *m_model;
    LesionLocator *m_locator;
    VerdictFile *m_file;
    std::string m_reader;
    QLabel *m_title, *m_sum;
    QToolButton *m_more;
    QMenu *m_menu;
    QTabWidget *m_tabs;
    LoadSummary *m_load;
    LesionList *m_list;
    LesionChangeView *m_change;
};

} // namespace consilium::viewer
