// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"

#include <QObject>
#include <QProcess>
#include <QStringList>
#include <QTimer>

namespace consilium::app {

/// `consilium-node` beside this program.
QString nodeProgram();

/// A node run as a supervised child: its events arrive as they are printed, its end is told once, and stop() always
/// ends it.
class NodeProcess : public QObject
{
    Q_OBJECT

public:
    explicit NodeProcess(QString program = nodeProgram(), QObject *parent = nullptr);
    /// Ends the child, politely first; does not wait longer than a second.
    ~NodeProcess() override;

    void start(const QStringList &arguments);
    /// Asks the node to stop; one that has not ended by `deadlineMilliseconds` is killed. finished() follows.
    void stop(int deadlineMilliseconds = 15000);

    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }
    bool isStopping() const { return m_stopping; }
    /// The last lines the node printed on stderr.
    QString errorOutput() const { return QString::fromUtf8(m_errors); }

Q_SIGNALS:
    /// One object of the node's event stream; lines that are not JSON objects are left out.
    void event(const consilium::Json &event);
    /// `ok`: exit status 0. Else `message` is the last line on stderr, or says how the program ended.
    void finished(bool ok, const QString &message);

private:
    void readEvents();
    void readErrors();
    void conclude(bool ok, QString message);

    QString m_program;
    QProcess m_process;
    QTimer m_deadline;
    QByteArray m_output; ///< a line not yet complete
    QByteArray m_errors;
    bool m_stopping = false;
    bool m_told = false;
};

} // namespace consilium::app
