// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/node_process.h"
#include "core/theme.h"

#include <QFrame>
#include <functional>

class QLabel;
class QProgressBar;
class QPushButton;

namespace consilium::app {

/// Work that a node does for a page: what it is doing, how far, a cancel that works, and how it ended, which stays
/// until it is put away. Hidden while there is nothing to say.
class DataTaskStrip : public QFrame
{
    Q_OBJECT

public:
    explicit DataTaskStrip(QString program = nodeProgram(), QWidget *parent = nullptr);
    void setTheme(const Theme &theme);

    /// Starts `consilium-node arguments`. One task at a time.
    void run(const QString &what, const QStringList &arguments);
    bool isRunning() const { return m_node.isRunning(); }

    // For work that something else does: the same words, bar and cancel.
    void showProgress(const QString &what, int done, int total);
    void showEnd(bool ok, const QString &message);
    /// Beside the end that is shown: the one next step.
    void offer(const QString &step, std::function<void()> take);
    void clear();

    QString text() const;

Q_SIGNALS:
    void cancelRequested(); ///< for work that something else does
    /// The node ended. `report`: its last event but progress. `ok` false: `message` says why.
    void finished(bool ok, const QString &message, const consilium::Json &report);

private:
    void setBusy(bool busy);

    NodeProcess m_node;
    Theme m_theme;
    QLabel *m_sign, *m_text;
    QProgressBar *m_bar;
    QPushButton *m_cancel, *m_step, *m_dismiss;
    std::function<void()> m_take;
    QString m_what;
    Json m_report;
    bool m_ok = true, m_ended = false;
};

} // namespace consilium::app
