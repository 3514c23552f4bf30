// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/reading/reading_setup.h"

#include "viewer/cases/paths.h"
#include "viewer/reading/reading_looks.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <limits>

namespace consilium::viewer {

namespace {

void name(QWidget *widget, const char *objectName, const QString &accessibleName)
{
    widget->setObjectName(QStringLiteral("review.reading.") + QLatin1String(objectName));
    widget->setAccessibleName(accessibleName);
}

} // namespace

ReadingSetup::ReadingSetup(QWidget *parent)
    : QWidget(parent), m_title(new QLabel(tr("Reading session"), this)), m_notice(new QLabel(this)),
      m_reader(new QLineEdit(this))
{
    name(this, "setup", tr("Start or resume a reading session"));
    name(m_title, "setupTitle", {});
    name(m_notice, "setupNotice", {});
    name(m_reader, "reader", tr("Reader"));
    m_notice->setWordWrap(true);
    m_notice->setTextFormat(Qt::PlainText);
    m_reader->setPlaceholderText(tr("Your name or a pseudonym"));
    auto *column = new QVBoxLayout(this);
    column->addWidget(m_title);
    auto *reader = new QFormLayout;
    reader->addRow(tr("Reader"), m_reader);
    column->addLayout(reader);
    column->addWidget(makeNew());
    column->addWidget(makeBegun());
    column->addWidget(m_notice);
    column->addStretch(1);

    connect(m_reader, &QLineEdit::textChanged, this, &ReadingSetup::checkStart);
    connect(m_sessionName, &QLineEdit::textChanged, this, &ReadingSetup::checkStart);
    connect(m_plan, &QComboBox::currentIndexChanged, this, &ReadingSetup::showPlan);
    connect(m_models, &QListWidget::itemChanged, this, &ReadingSetup::checkStart);
    connect(m_sessions, &QListWidget::currentRowChanged, this, &ReadingSetup::checkStart);
    connect(m_sessions, &QListWidget::itemActivated, this, &ReadingSetup::resume);
    connect(m_start, &QPushButton::clicked, this, &ReadingSetup::start);
    connect(m_resume, &QPushButton::clicked, this, &ReadingSetup::resume);
    connect(m_openPlan, &QPushButton::clicked, this, [this] {
        const QString file = QFileDialog::getOpenFileName(this, tr("Open a reading plan"), {}, tr("Plans (*.json)"));
        if (!file.isEmpty())
            addPlan(fromUtf8(file.toStdString()));
    });
    checkStart();
}

QWidget *ReadingSetup::makeNew()
{
    auto *box = new QWidget(this);
    auto *form = new QFormLayout(box);
    form->setContentsMargins(0, 0, 0, 0);
    m_plan = new QComboBox(box);
    name(m_plan, "plan", tr("Plan"));
    m_openPlan = new QPushButton(tr("Open plan…"), box);
    name(m_openPlan, "openPlan", tr("Open a plan from a file"));
    auto *planRow = new QHBoxLayout;
    planRow->addWidget(m_plan, 1);
    planRow->addWidget(m_openPlan);
    m_sessionName = new QLineEdit(box);
    name(m_sessionName, "sessionName", tr("Name of the session"));
    m_models = new QListWidget(box);
    name(m_models, "models", tr("Models to compare"));
    m_pairing = new QComboBox(box);
    name(m_pairing, "pairing", tr("Pairs of models"));
    m_pairing->addItems({tr("each case shows one pair, in turn"), tr("each case shows every pair")});
    // The long words would decide how wide the panel is.
    m_blinded = new QCheckBox(tr("Blinded"), box);
    m_blinded->setToolTip(tr("Blinded: which model is on which side is not shown"));
    name(m_blinded, "blinded", tr("Blinded"));
    m_seed = new QSpinBox(box);
    name(m_seed, "seed", tr("Seed of the order"));
    m_seed->setToolTip(tr("The same seed gives the same order and sides again"));
    m_seed->setRange(0, std::numeric_limits<int>::max());
    m_start = new QPushButton(tr("Start reading"), box);
    name(m_start, "start", tr("Start reading"));
    m_start->setProperty("role", QStringLiteral("primary"));
    form->addRow(tr("Plan"), planRow);
    form->addRow(tr("Session"), m_sessionName);
    form->addRow(tr("Models"), m_models);
    form->addRow(tr("Pairs"), m_pairing);
    form->addRow(QString(), m_blinded);
    form->addRow(tr("Seed"), m_seed);
    auto *startRow = new QHBoxLayout;
    startRow->addWidget(m_start);
    startRow->addStretch(1);
    form->addRow(QString(), startRow);
    return box;
}

QWidget *ReadingSetup::makeBegun()
{
    auto *box = new QWidget(this);
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    auto *label = new QLabel(tr("Sessions begun in this study"), box);
    name(label, "sessionsLabel", {});
    m_sessions = new QListWidget(box);
    name(m_sessions, "sessions", tr("Sessions begun in this study"));
    m_resume = new QPushButton(tr("Resume or join"), box);
    name(m_resume, "resume", tr("Resume or join the chosen session"));
    column->addWidget(label);
    column->addWidget(m_sessions);
    column->addWidget(m_resume, 0, Qt::AlignLeft);
    return box;
}

void ReadingSetup::setTheme(const Theme &theme)
{
    m_theme = theme;
    layout()->setContentsMargins(theme.margin, theme.margin, theme.margin, theme.margin);
    layout()->setSpacing(2 * theme.step);
    for (QWidget *child : findChildren<QWidget *>())
        looks::font(child, theme.bodySize);
    looks::font(m_title, theme.titleSize, true);
    looks::text(m_notice, theme.warn);
    for (QLineEdit *line : {m_reader, m_sessionName})
        line->setMinimumHeight(theme.row);
    m_seed->setMaximumWidth(6 * theme.row);
    m_models->setMaximumHeight(4 * theme.row);
    m_sessions->setMaximumHeight(5 * theme.row);
}

void ReadingSetup::setStudyFolder(const std::filesystem::path &study)
{
    m_study = study;
    listSessions();
}

void ReadingSetup::setClock(std::shared_ptr<const ReadingClock> clock)
{
    m_clock = std::move(clock);
}

void ReadingSetup::setPlans(std::vector<ReadingPlan> plans, const std::string &kind)
{
    m_plans = std::move(plans);
    m_plan->clear();
    int first = 0;
    for (std::size_t i = 0; i < m_plans.size(); ++i) {
        m_plan->addItem(QString::fromStdString(m_plans[i].title));
        if (first == 0 && m_plans[i].kind == kind)
            first = static_cast<int>(i);
    }
    m_plan->setCurrentIndex(m_plans.empty() ? -1 : first);
}

void ReadingSetup::addPlan(const std::filesystem::path &file)
{
    auto plan = readReadingPlan(file);
    if (!plan) {
        say(QString::fromStdString(plan.error().line()));
        return;
    }
    say({});
    m_plans.push_back(*plan);
    m_plan->addItem(QString::fromStdString(plan->title));
    m_plan->setCurrentIndex(m_plan->count() - 1);
}

void ReadingSetup::setCases(const QStringList &ids, const QStringList &models)
{
    m_cases.clear();
    for (const QString &id : ids)
        m_cases.push_back(id.toStdString());
    m_models->clear();
    for (const QString &model : models) {
        auto *item = new QListWidgetItem(model, m_models);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(Qt::Checked);
    }
    showPlan(m_plan->currentIndex());
}

void ReadingSetup::showPlan(int index)
{
    if (index >= 0 && index < static_cast<int>(m_plans.size())) {
        const ReadingPlan &plan = m_plans[static_cast<std::size_t>(index)];
        m_sessionName->setText(QString::fromStdString(plan.title));
        m_blinded->setChecked(plan.blinded);
        m_seed->setValue(static_cast<int>(std::min<std::uint64_t>(plan.seed, std::numeric_limits<int>::max())));
        m_pairing->setCurrentIndex(plan.pairing == Pairing::Rotate ? 0 : 1);
        for (int i = 0; !plan.models.empty() && i < m_models->count(); ++i) {
            const std::string model = m_models->item(i)->text().toStdString();
            const bool named = std::find(plan.models.begin(), plan.models.end(), model) != plan.models.end();
            m_models->item(i)->setCheckState(named ? Qt::Checked : Qt::Unchecked);
        }
    }
    checkStart();
}

QStringList ReadingSetup::checkedModels() const
{
    QStringList models;
    for (int i = 0; i < m_models->count(); ++i)
        if (m_models->item(i)->checkState() == Qt::Checked)
            models.append(m_models->item(i)->text());
    return models;
}

void ReadingSetup::checkStart()
{
    const bool reader = !m_reader->text().trimmed().isEmpty();
    const auto models = checkedModels().size();
    m_pairing->setEnabled(models > 2);
    m_start->setEnabled(reader && models >= 2 && !m_cases.empty() && !m_sessionName->text().trimmed().isEmpty() &&
                        m_plan->currentIndex() >= 0);
    m_resume->setEnabled(reader && m_sessions->currentRow() >= 0);
    if (m_models->count() < 2)
        say(tr("A reading session compares two models: this study shows %n.", nullptr, m_models->count()));
    else if (!reader)
        say(tr("Enter your name or a pseudonym; it stands beside your answers."));
    else
        say({});
}

void ReadingSetup::listSessions()
{
    m_sessions->clear();
    const auto begun = startedSessions(m_study);
    if (!begun) {
        say(QString::fromStdString(begun.error().line()));
        return;
    }
    for (const StartedSession &session : *begun) {
        QStringList readers;
        for (const auto &reader : session.readers)
            readers.append(
                reader.finished
                    ? tr("%1 finished").arg(QString::fromStdString(reader.name))
                    : tr("%1 %2 of %3").arg(QString::fromStdString(reader.name)).arg(reader.done).arg(reader.total));
        const QString title = QString::fromStdString(session.session);
        auto *item = new QListWidgetItem(
            readers.isEmpty() ? title : tr("%1: %2").arg(title, readers.join(QStringLiteral(", "))), m_sessions);
        item->setData(Qt::UserRole, title);
    }
    checkStart();
}

void ReadingSetup::start()
{
    if (m_plan->currentIndex() < 0)
        return;
    ReadingPlan plan = m_plans[static_cast<std::size_t>(m_plan->currentIndex())];
    plan.models.clear();
    for (const QString &model : checkedModels())
        plan.models.push_back(model.toStdString());
    plan.blinded = m_blinded->isChecked();
    // A seed too large for the field stays the plan's.
    if (plan.seed <= static_cast<std::uint64_t>(std::numeric_limits<int>::max()))
        plan.seed = static_cast<std::uint64_t>(m_seed->value());
    plan.pairing = m_pairing->currentIndex() == 0 ? Pairing::Rotate : Pairing::Every;
    const ReadingPlace place{m_study, m_sessionName->text().trimmed().toStdString(),
                             m_reader->text().trimmed().toStdString()};
    handOn(ReadingSession::open(place, plan, m_cases, m_clock));
}

void ReadingSetup::resume()
{
    const QListWidgetItem *chosen = m_sessions->currentItem();
    if (!chosen || m_reader->text().trimmed().isEmpty()) {
        checkStart();
        return;
    }
    handOn(ReadingSession::resume(
        {m_study, chosen->data(Qt::UserRole).toString().toStdString(), m_reader->text().trimmed().toStdString()},
        m_clock));
}

void ReadingSetup::handOn(Result<std::unique_ptr<ReadingSession>> opened)
{
    if (!opened) {
        say(QString::fromStdString(opened.error().line()));
        return;
    }
    say({});
    listSessions();
    Q_EMIT sessionReady(std::shared_ptr<ReadingSession>(std::move(*opened)));
}

void ReadingSetup::say(const QString &notice)
{
    m_notice->setText(notice);
}

} // namespace consilium::viewer
