// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/data_task_strip.h"

#include "app/theme_style.h"
#include "dashboard/marks.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace consilium::app {

using dashboard::Mark;

DataTaskStrip::DataTaskStrip(QString program, QWidget *parent)
    : QFrame(parent), m_node(std::move(program)), m_sign(new QLabel), m_text(new QLabel), m_bar(new QProgressBar),
      m_cancel(new QPushButton(tr("Cancel"))), m_step(new QPushButton), m_dismiss(new QPushButton(tr("Close")))
{
    setProperty("role", "card");
    m_text->setObjectName("data.task.text");
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setAccessibleName(tr("What is being done"));
    m_bar->setObjectName("data.task.progress");
    m_bar->setAccessibleName(tr("How far it is"));
    m_bar->setTextVisible(false);
    m_bar->setFixedWidth(160);
    m_cancel->setObjectName("data.task.cancel");
    m_cancel->setAccessibleName(tr("Cancel what is being done"));
    m_step->setObjectName("data.task.step");
    m_dismiss->setObjectName("data.task.dismiss");
    m_dismiss->setAccessibleName(tr("Put this message away"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 8, 6);
    layout->setSpacing(8);
    layout->addWidget(m_sign);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_bar);
    layout->addWidget(m_cancel);
    layout->addWidget(m_step);
    layout->addWidget(m_dismiss);
    hide();

    connect(m_step, &QPushButton::clicked, this, [this] {
        if (m_take)
            m_take();
    });
    connect(m_dismiss, &QPushButton::clicked, this, &DataTaskStrip::clear);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_cancel->setEnabled(false);
        m_text->setText(tr("Stopping"));
        if (m_node.isRunning())
            m_node.stop();
        else
            Q_EMIT cancelRequested();
    });
    connect(&m_node, &NodeProcess::event, this, [this](const Json &event) {
        if (event.value("event", std::string()) != "progress") {
            m_report = event;
            return;
        }
        if (m_node.isStopping())
            return;
        const int total = event.value("total", 0);
        m_bar->setRange(0, total);
        m_bar->setValue(event.value("done", 0));
        if (const auto text = event.value("text", std::string()); !text.empty())
            m_text->setText(QStringLiteral("%1: %2").arg(m_what, QString::fromStdString(text)));
    });
    connect(&m_node, &NodeProcess::finished, this, [this](bool ok, const QString &message) {
        setBusy(false);
        Q_EMIT finished(ok, message, m_report);
    });
}

void DataTaskStrip::setTheme(const Theme &theme)
{
    m_theme = theme;
    if (m_ended)
        m_sign->setPixmap(dashboard::markPixmap(m_ok ? Mark::Done : Mark::Warning, m_theme));
}

void DataTaskStrip::setBusy(bool busy)
{
    m_ended = !busy;
    m_bar->setVisible(busy);
    m_cancel->setVisible(busy);
    m_cancel->setEnabled(true);
    m_dismiss->setVisible(!busy);
    m_sign->setVisible(!busy);
    m_step->hide();
    show();
}

void DataTaskStrip::run(const QString &what, const QStringList &arguments)
{
    Q_ASSERT(!m_node.isRunning());
    m_what = what;
    m_report = Json::object();
    m_text->setText(what);
    m_bar->setRange(0, 0);
    setBusy(true);
    m_node.start(arguments);
}

void DataTaskStrip::showProgress(const QString &what, int done, int total)
{
    if (m_node.isRunning())
        return;
    if (m_ended || isHidden())
        setBusy(true);
    if (!m_cancel->isEnabled())
        return;
    m_bar->setRange(0, total);
    m_bar->setValue(done);
    m_text->setText(total > 0 ? tr("%1: %2 of %3").arg(what).arg(done).arg(total) : what);
}

void DataTaskStrip::showEnd(bool ok, const QString &message)
{
    if (m_node.isRunning())
        return;
    m_ok = ok;
    setBusy(false);
    m_text->setText(message);
    m_sign->setPixmap(dashboard::markPixmap(ok ? Mark::Done : Mark::Warning, m_theme));
}

void DataTaskStrip::clear()
{
    if (m_node.isRunning())
        return;
    m_text->clear();
    hide();
}

void DataTaskStrip::offer(const QString &step, std::function<void()> take)
{
    m_take = std::move(take);
    m_step->setText(step);
    m_step->show();
}

QString DataTaskStrip::text() const
{
    return m_text->text();
}

} // namespace consilium::app
