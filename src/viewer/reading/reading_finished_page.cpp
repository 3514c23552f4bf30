// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/reading/reading_finished_page.h"

#include "viewer/cases/paths.h"
#include "viewer/reading/reading_looks.h"
#include "viewer/reading/reading_worklist.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

namespace consilium::viewer {

namespace {

QString qt(const std::string &text)
{
    return QString::fromStdString(text);
}

QString number(double value, int decimals = 2)
{
    return QLocale().toString(value, 'f', decimals);
}

QString percent(double share)
{
    return QLocale().toString(share * 100, 'f', 0) + QStringLiteral(" %");
}

QString probability(double p)
{
    return p < 0.001 ? QStringLiteral("p < ") + number(0.001, 3) : QStringLiteral("p = ") + number(p, 3);
}

QString sentence(const char *text)
{
    return QCoreApplication::translate("ReadingFinishedPage", text);
}

const ReadingQuestion *find(const std::vector<ReadingQuestion> &questions, const std::string &id)
{
    const auto found = std::find_if(questions.begin(), questions.end(), [&](const auto &q) { return q.id == id; });
    return found == questions.end() ? nullptr : &*found;
}

QString itemText(const ReadingQuestion *question, const std::string &id)
{
    if (question)
        for (const auto &item : question->items)
            if (item.id == id)
                return qt(item.text);
    return qt(id);
}

} // namespace

QStringList summarySentences(const ReadingResults &results, const std::vector<ReadingQuestion> &questions)
{
    QStringList lines;
    const auto titled = [&](const std::string &id) {
        const ReadingQuestion *question = find(questions, id);
        return question ? qt(question->text) : qt(id);
    };
    for (const ChoiceSummary &choice : results.choices) {
        if (!choice.reader.empty())
            continue;
        QString line = sentence(QT_TRANSLATE_NOOP("ReadingFinishedPage", "%1 %2 × %3, %4 × %5, %6 × equal"))
                           .arg(titled(choice.question))
                           .arg(choice.firstWins)
                           .arg(qt(choice.first))
                           .arg(choice.secondWins)
                           .arg(qt(choice.second))
                           .arg(choice.equal);
        if (choice.firstShare)
            line += sentence(QT_TRANSLATE_NOOP("ReadingFinishedPage",
                                               "; %1 of the decided for %2 (95 % interval %3 to %4, %5)"))
                        .arg(percent(choice.firstShare->share), qt(choice.first), percent(choice.firstShare->low),
                             percent(choice.firstShare->high), probability(choice.p));
        lines.append(line);
    }
    for (const ScaleSummary &scale : results.scales) {
        const QString numbers = sentence(QT_TRANSLATE_NOOP("ReadingFinishedPage", "%1: median %2 (quartiles %3 to %4)"))
                                    .arg(titled(scale.question), number(scale.median, 1),
                                         number(scale.lowerQuartile, 1), number(scale.upperQuartile, 1));
        lines.append(
            scale.model.empty()
                ? numbers
                : sentence(QT_TRANSLATE_NOOP("ReadingFinishedPage", "%1 for %2")).arg(numbers, qt(scale.model)));
    }
    for (const ScaleComparison &comparison : results.comparisons)
        lines.append(sentence(QT_TRANSLATE_NOOP("ReadingFinishedPage",
                                                "%1: %2 minus %3, median difference %4 (signed ranks, %5)"))
                         .arg(titled(comparison.question), qt(comparison.first), qt(comparison.second),
                              number(comparison.medianDifference, 1), probability(comparison.test.p)));
    for (const ItemSummary &item : results.items) {
        const QString numbers =
            sentence(QT_TRANSLATE_NOOP("ReadingFinishedPage", "%1, %2: in %3 of %4 readings, %5 altogether"))
                .arg(titled(item.question), itemText(find(questions, item.question), item.item))
                .arg(item.ticked)
                .arg(item.readings)
                .arg(item.total);
        lines.append(
            item.model.empty()
                ? numbers
                : sentence(QT_TRANSLATE_NOOP("ReadingFinishedPage", "%1 for %2")).arg(numbers, qt(item.model)));
    }
    for (const ReaderAgreement &agreement : results.agreement) {
        if (!agreement.value || (agreement.readers.size() == 2 && results.readers.size() > 2))
            continue;
        const QString about = agreement.item.empty()
                                  ? titled(agreement.question)
                                  : titled(agreement.question) + QStringLiteral(", ") +
                                        itemText(find(questions, agreement.question), agreement.item);
        lines.append(sentence(QT_TRANSLATE_NOOP("ReadingFinishedPage", "Agreement of %1 readers, %2: %3 %4"))
                         .arg(agreement.readers.size())
                         .arg(about, qt(agreement.measure), number(*agreement.value)));
    }
    for (const auto &[reader, why] : results.leftOut)
        lines.append(
            sentence(QT_TRANSLATE_NOOP("ReadingFinishedPage", "%1 is not counted: %2")).arg(qt(reader), qt(why)));
    return lines;
}

void ResultsModel::setRows(std::vector<ResultRow> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int ResultsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ResultsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : 11;
}

QVariant ResultsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || role != Qt::DisplayRole)
        return {};
    const ResultRow &row = m_rows[static_cast<std::size_t>(index.row())];
    switch (index.column()) {
    case 0: return qt(row.reader);
    case 1: return static_cast<int>(row.position);
    case 2: return qt(row.caseId);
    case 3: return qt(row.left);
    case 4: return qt(row.right);
    case 5: return qt(row.question);
    case 6: return qt(row.item);
    case 7: return row.side.empty() ? QString() : row.side == "left" ? tr("left") : tr("right");
    case 8: return qt(row.model);
    case 9: return row.answer == "equal" ? tr("equal") : qt(row.answer);
    case 10: return number(static_cast<double>(row.time.count()) / 1000, 1);
    default: return {};
    }
}

QVariant ResultsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QString titles[] = {tr("Reader"), tr("#"),    tr("Case"),  tr("Left"),   tr("Right"),   tr("Question"),
                              tr("Item"),   tr("Side"), tr("Model"), tr("Answer"), tr("Time (s)")};
    return section < 11 ? titles[section] : QString();
}

ReadingFinishedPage::ReadingFinishedPage(QWidget *parent)
    : QWidget(parent), m_model(new ResultsModel(this)), m_thanks(new QLabel(tr("Thank you"), this)),
      m_text(new QLabel(this)), m_summary(new QLabel(this)),
      m_unblind(new QPushButton(tr("Show which model was which"), this)),
      m_correct(new QPushButton(tr("Back to the cases"), this)), m_csv(new QPushButton(tr("Export CSV…"), this)),
      m_json(new QPushButton(tr("Export JSON…"), this)), m_close(new QPushButton(tr("Close session"), this)),
      m_table(new QTableView(this))
{
    setObjectName(QStringLiteral("review.reading.finished"));
    const std::pair<QWidget *, const char *> names[] = {
        {m_thanks, "thanks"},   {m_text, "finishedText"}, {m_summary, "summary"},
        {m_unblind, "unblind"}, {m_correct, "correct"},   {m_csv, "exportCsv"},
        {m_json, "exportJson"}, {m_close, "close"},       {m_table, "results"}};
    for (const auto &[widget, name] : names)
        widget->setObjectName(QStringLiteral("review.reading.") + QLatin1String(name));
    for (QPushButton *button : {m_unblind, m_correct, m_csv, m_json, m_close})
        button->setAccessibleName(button->text());
    m_unblind->setProperty("role", QStringLiteral("primary"));
    m_unblind->setToolTip(tr("Answers are final from then on"));
    m_table->setAccessibleName(tr("Answers with the models' names"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (QLabel *label : {m_text, m_summary}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);

    auto *buttons = new QHBoxLayout;
    for (QPushButton *button : {m_unblind, m_correct, m_csv, m_json, m_close})
        buttons->addWidget(button);
    buttons->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->addWidget(m_thanks);
    column->addWidget(m_text);
    column->addLayout(buttons);
    column->addWidget(m_summary);
    column->addWidget(m_table, 1);
    column->addStretch(0);

    connect(m_unblind, &QPushButton::clicked, this, &ReadingFinishedPage::unblind);
    connect(m_correct, &QPushButton::clicked, this, &ReadingFinishedPage::correctionRequested);
    connect(m_close, &QPushButton::clicked, this, &ReadingFinishedPage::closeRequested);
    connect(m_csv, &QPushButton::clicked, this, [this] { chooseFile(QStringLiteral("csv")); });
    connect(m_json, &QPushButton::clicked, this, [this] { chooseFile(QStringLiteral("json")); });
    setSession(nullptr);
}

void ReadingFinishedPage::setTheme(const Theme &theme)
{
    m_theme = theme;
    layout()->setContentsMargins(theme.margin, theme.margin, theme.margin, theme.margin);
    layout()->setSpacing(2 * theme.step);
    for (QWidget *child : findChildren<QWidget *>())
        looks::font(child, theme.bodySize);
    looks::font(m_thanks, theme.titleSize, true);
    looks::font(m_table->horizontalHeader(), theme.captionSize);
    looks::text(m_text, theme.quietText);
    m_table->verticalHeader()->setDefaultSectionSize(theme.row);
}

void ReadingFinishedPage::setSession(std::shared_ptr<ReadingSession> session)
{
    m_session = std::move(session);
    m_results.reset();
    m_model->setRows({});
    m_summary->clear();
    m_text->clear();
    const bool finished = m_session && m_session->isFinished();
    if (finished) {
        std::chrono::milliseconds total{0};
        for (std::size_t i = 0; i < m_session->count(); ++i)
            total += m_session->time(i);
        const auto cases = static_cast<int>(m_session->count());
        m_text->setText(cases == 1 ? tr("One case read in %1.").arg(durationText(total))
                                   : tr("%n cases read in %1.", nullptr, cases).arg(durationText(total)));
        if (!m_session->isBlinded())
            showResults();
    }
    m_unblind->setVisible(finished && m_session->isBlinded());
    m_correct->setVisible(finished && m_session->isBlinded());
    for (QWidget *widget : {static_cast<QWidget *>(m_csv), static_cast<QWidget *>(m_json),
                            static_cast<QWidget *>(m_summary), static_cast<QWidget *>(m_table)})
        widget->setVisible(m_results.has_value());
}

void ReadingFinishedPage::unblind()
{
    if (!m_session)
        return;
    if (auto done = m_session->unblind(); !done) {
        m_text->setText(qt(done.error().line()));
        return;
    }
    setSession(m_session);
    Q_EMIT unblinded();
}

void ReadingFinishedPage::showResults()
{
    if (auto kept = m_session->flush(); !kept) {
        m_text->setText(qt(kept.error().line()));
        return;
    }
    auto results = readingResults(m_session->folder());
    if (!results) {
        m_text->setText(qt(results.error().line()));
        return;
    }
    m_results = std::move(*results);
    m_model->setRows(m_results->rows);
    m_table->resizeColumnsToContents();
    m_summary->setText(summarySentences(*m_results, m_session->questions()).join(QLatin1Char('\n')));
}

void ReadingFinishedPage::chooseFile(const QString &ending)
{
    if (!m_session)
        return;
    const auto proposal = m_session->folder().parent_path() / (m_session->folder().filename().string() + "-results");
    const QString file =
        QFileDialog::getSaveFileName(this, tr("Export the results"), qt(utf8(proposal)) + QLatin1Char('.') + ending,
                                     ending == QLatin1String("csv") ? tr("Tables (*.csv)") : tr("Data (*.json)"));
    if (!file.isEmpty())
        exportTo(fromUtf8(file.toStdString()));
}

bool ReadingFinishedPage::exportTo(const std::filesystem::path &file)
{
    if (!m_results || !m_session)
        return false;
    std::error_code ignored;
    if (std::filesystem::equivalent(file.parent_path(), m_session->folder(), ignored)) {
        m_text->setText(tr("Choose another folder: this one holds the readers' records."));
        return false;
    }
    if (auto written = writeResults(*m_results, file); !written) {
        m_text->setText(qt(written.error().line()));
        return false;
    }
    m_text->setText(tr("The results are in %1.").arg(qt(utf8(file))));
    return true;
}

} // namespace consilium::viewer
