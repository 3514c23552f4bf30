// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/agreement.h"
#include "evaluation/statistics.h"
#include "viewer/reading/reading_results.h"

#include <algorithm>
#include <functional>
#include <tuple>

namespace consilium::viewer {

namespace {

using evaluation::Category;

/// What readers judged: two models of one case, and which of the two (-1: the case).
struct Subject
{
    std::string caseId;
    int first = 0, second = 1; ///< indices into the plan's models, lower first
    int model = -1;

    auto operator<=>(const Subject &) const = default;
};

/// One question's answers, a row a subject and a place a reader; choices are the model's index, or the number of models
/// for equal.
struct Answers
{
    std::map<Subject, std::vector<std::optional<Answer>>> bySubject;
    int equal = 0;
};

Answers answersTo(const std::vector<ReadingRecord> &records, std::size_t question)
{
    Answers all;
    const ReadingPlan &plan = records.front().plan;
    all.equal = static_cast<int>(plan.models.size());
    for (std::size_t reader = 0; reader < records.size(); ++reader) {
        for (const Reading &reading : records[reader].readings) {
            for (const ReadingStep &step : steps(plan)) {
                if (step.question != question)
                    continue;
                Subject subject{reading.item.caseId, std::min(reading.item.left, reading.item.right),
                                std::max(reading.item.left, reading.item.right), -1};
                if (step.side)
                    subject.model = *step.side == Side::Left ? reading.item.left : reading.item.right;
                auto &row = all.bySubject[subject];
                row.resize(records.size());
                const auto found = reading.answers.find(answerKey(plan, step));
                if (found == reading.answers.end())
                    continue;
                row[reader] = found->second;
                if (const auto *choice = std::get_if<Choice>(&found->second))
                    row[reader] = *choice == Choice::Equal  ? all.equal
                                  : *choice == Choice::Left ? reading.item.left
                                                            : reading.item.right;
            }
        }
    }
    return all;
}

ChoiceSummary &entryFor(std::vector<ChoiceSummary> &choices, const std::string &question, const std::string &reader,
                        const std::string &first, const std::string &second)
{
    const auto same = [&](const ChoiceSummary &entry) {
        return std::tie(entry.question, entry.reader, entry.first, entry.second) ==
               std::tie(question, reader, first, second);
    };
    const auto found = std::find_if(choices.begin(), choices.end(), same);
    if (found != choices.end())
        return *found;
    choices.push_back({question, reader, first, second, 0, 0, 0, 1, {}});
    return choices.back();
}

void summariseChoice(const std::string &question, const Answers &answers, const std::vector<std::string> &readers,
                     const std::vector<std::string> &models, std::vector<ChoiceSummary> &out)
{
    std::vector<ChoiceSummary> choices;
    const auto count = [](ChoiceSummary &entry, int lead) {
        ++(lead > 0 ? entry.firstWins : lead < 0 ? entry.secondWins : entry.equal);
    };
    // All readers first: it is what people look for.
    for (std::size_t reader = 0; reader <= readers.size(); ++reader) {
        for (const auto &[subject, row] : answers.bySubject) {
            int lead = 0;
            bool answered = false;
            for (std::size_t i = 0; i < row.size(); ++i) {
                if ((reader > 0 && i != reader - 1) || !row[i])
                    continue;
                const int chosen = std::get<int>(*row[i]);
                lead += chosen == subject.first ? 1 : chosen == subject.second ? -1 : 0;
                answered = true;
            }
            if (answered)
                count(entryFor(choices, question, reader == 0 ? "" : readers[reader - 1],
                               models[static_cast<std::size_t>(subject.first)],
                               models[static_cast<std::size_t>(subject.second)]),
                      lead);
        }
        if (readers.size() == 1)
            break;
    }
    for (auto &entry : choices) {
        entry.p = evaluation::signTest(entry.firstWins, entry.secondWins);
        entry.firstShare = evaluation::wilsonInterval(entry.firstWins, entry.firstWins + entry.secondWins);
        out.push_back(entry);
    }
}

void summariseScale(const std::string &question, const Answers &answers, const std::vector<std::string> &models,
                    ReadingResults &results)
{
    std::map<int, std::vector<double>> byModel;
    std::map<std::pair<int, int>, std::map<std::string, std::map<int, double>>> means; // pair, case, model
    for (const auto &[subject, row] : answers.bySubject) {
        std::vector<double> grades;
        for (const auto &answer : row)
            if (answer)
                grades.push_back(std::get<int>(*answer));
        auto &all = byModel[subject.model];
        all.insert(all.end(), grades.begin(), grades.end());
        if (subject.model >= 0 && !grades.empty())
            means[{subject.first, subject.second}][subject.caseId][subject.model] = *evaluation::mean(grades);
    }
    for (const auto &[model, grades] : byModel) {
        if (grades.empty())
            continue;
        results.scales.push_back({question, model < 0 ? "" : models[static_cast<std::size_t>(model)], grades.size(),
                                  *evaluation::median(grades), *evaluation::percentile(grades, 25),
                                  *evaluation::percentile(grades, 75)});
    }
    for (const auto &[pair, cases] : means) {
        std::vector<double> differences;
        for (const auto &[id, mean] : cases)
            if (mean.contains(pair.first) && mean.contains(pair.second))
                differences.push_back(mean.at(pair.first) - mean.at(pair.second));
        if (!differences.empty())
            results.comparisons.push_back({question, models[static_cast<std::size_t>(pair.first)],
                                           models[static_cast<std::size_t>(pair.second)], differences.size(),
                                           *evaluation::median(differences), evaluation::signedRankTest(differences)});
    }
}

int countOf(const Answer &answer, const std::string &item)
{
    int total = 0;
    for (const auto &[id, count] : std::get<Checked>(answer))
        if (item.empty() || id == item)
            total += count;
    return total;
}

void summariseItems(const ReadingQuestion &question, const Answers &answers, const std::vector<std::string> &models,
                    std::vector<ItemSummary> &out)
{
    for (const ChecklistItem &item : question.items) {
        std::map<int, ItemSummary> byModel;
        for (const auto &[subject, row] : answers.bySubject) {
            ItemSummary &entry = byModel[subject.model];
            for (const auto &answer : row) {
                if (!answer)
                    continue;
                const int count = countOf(*answer, item.id);
                ++entry.readings;
                entry.ticked += count > 0 ? 1 : 0;
                entry.total += static_cast<std::size_t>(count);
            }
        }
        for (auto &[model, entry] : byModel) {
            entry.question = question.id;
            entry.item = item.id;
            entry.model = model < 0 ? "" : models[static_cast<std::size_t>(model)];
            out.push_back(entry);
        }
    }
}

/// Compares readers on one question, or one item of it.
class AgreementTable
{
public:
    AgreementTable(std::string question, std::string item, const Answers &answers,
                   const std::vector<std::string> &readers, std::vector<ReaderAgreement> &out)
        : m_question(std::move(question)), m_item(std::move(item)), m_answers(answers), m_readers(readers), m_out(out)
    {
    }

    void kappa(int categories, const std::function<int(const Answer &)> &categoryOf,
               std::initializer_list<std::pair<const char *, evaluation::KappaWeights>> kinds, bool fleiss)
    {
        std::vector<std::vector<Category>> rows;
        for (const auto &[subject, row] : m_answers.bySubject) {
            auto &categoriesOfRow = rows.emplace_back();
            for (const auto &answer : row)
                categoriesOfRow.push_back(answer ? Category(categoryOf(*answer)) : Category());
        }
        for (std::size_t a = 0; a < m_readers.size(); ++a)
            for (std::size_t b = a + 1; b < m_readers.size(); ++b)
                for (const auto &[name, weights] : kinds)
                    pair(rows, a, b, categories, name, weights);
        if (!fleiss || m_readers.size() < 3)
            return;
        ReaderAgreement entry = blank("Fleiss kappa", m_readers);
        const auto all = evaluation::fleissKappa(rows, categories);
        if (all) {
            entry.value = all->kappa;
            entry.subjects = all->subjects;
            entry.leftOut = all->leftOut;
            if (all->missingAnswers > 0)
                entry.note = fmt::format("{} answers are missing", all->missingAnswers);
        } else {
            entry.note = all.error().message;
        }
        m_out.push_back(std::move(entry));
    }

    void intraclass(const std::function<double(const Answer &)> &numberOf)
    {
        std::vector<std::vector<std::optional<double>>> rows;
        for (const auto &[subject, row] : m_answers.bySubject) {
            auto &numbers = rows.emplace_back();
            for (const auto &answer : row)
                numbers.push_back(answer ? std::optional<double>(numberOf(*answer)) : std::nullopt);
        }
        const auto all = evaluation::intraclassCorrelations(rows);
        if (!all) {
            ReaderAgreement entry = blank("ICC(2,1)", m_readers);
            entry.note = all.error().message;
            m_out.push_back(std::move(entry));
            return;
        }
        const auto k = std::to_string(m_readers.size());
        for (const auto &[name, icc] : {std::pair{std::string("ICC(1,1)"), all->oneWay},
                                        {std::string("ICC(2,1)"), all->agreement},
                                        {std::string("ICC(3,1)"), all->consistency},
                                        {"ICC(1," + k + ")", all->oneWayAverage},
                                        {"ICC(2," + k + ")", all->agreementAverage},
                                        {"ICC(3," + k + ")", all->consistencyAverage}}) {
            ReaderAgreement entry = blank(name, m_readers);
            entry.value = icc.value;
            entry.low = icc.low;
            entry.high = icc.high;
            entry.subjects = all->subjects;
            entry.leftOut = all->leftOut;
            m_out.push_back(std::move(entry));
        }
    }

private:
    ReaderAgreement blank(const std::string &measure, std::vector<std::string> readers) const
    {
        ReaderAgreement entry;
        entry.question = m_question;
        entry.item = m_item;
        entry.measure = measure;
        entry.readers = std::move(readers);
        return entry;
    }

    void pair(const std::vector<std::vector<Category>> &rows, std::size_t a, std::size_t b, int categories,
              const char *name, evaluation::KappaWeights weights)
    {
        std::vector<Category> first, second;
        for (const auto &row : rows) {
            first.push_back(row[a]);
            second.push_back(row[b]);
        }
        ReaderAgreement entry = blank(name, {m_readers[a], m_readers[b]});
        const auto kappa = evaluation::cohenKappa(first, second, categories, weights);
        if (kappa) {
            entry.value = kappa->kappa;
            entry.low = kappa->low;
            entry.high = kappa->high;
            entry.subjects = kappa->subjects;
            entry.leftOut = kappa->leftOut;
        } else {
            entry.note = kappa.error().message;
        }
        m_out.push_back(std::move(entry));
    }

    std::string m_question, m_item;
    const Answers &m_answers;
    const std::vector<std::string> &m_readers;
    std::vector<ReaderAgreement> &m_out;
};

void agree(const ReadingQuestion &question, const Answers &answers, const std::vector<std::string> &readers,
           std::vector<ReaderAgreement> &out)
{
    using evaluation::KappaWeights;
    AgreementTable whole(question.id, {}, answers, readers, out);
    switch (question.kind) {
    case QuestionKind::Choice:
        whole.kappa(
            answers.equal + 1, [](const Answer &answer) { return std::get<int>(answer); },
            {{"kappa", KappaWeights::None}}, true);
        break;
    case QuestionKind::Likert:
        whole.kappa(
            5, [](const Answer &answer) { return std::get<int>(answer) - 1; },
            {{"kappa linear", KappaWeights::Linear}, {"kappa quadratic", KappaWeights::Quadratic}}, false);
        whole.intraclass([](const Answer &answer) { return std::get<int>(answer); });
        break;
    case QuestionKind::Checklist:
        for (const ChecklistItem &item : question.items)
            AgreementTable(question.id, item.id, answers, readers, out)
                .kappa(
                    2, [&](const Answer &answer) { return countOf(answer, item.id) > 0 ? 1 : 0; },
                    {{"kappa", KappaWeights::None}}, true);
        if (question.counts)
            whole.intraclass([](const Answer &answer) { return countOf(answer, {}); });
        break;
    case QuestionKind::Text: break;
    }
}

} // namespace

void summarise(const std::vector<ReadingRecord> &records, ReadingResults &results)
{
    std::vector<std::string> readers;
    for (const auto &record : records)
        readers.push_back(record.reader);
    const ReadingPlan &plan = records.front().plan;
    for (std::size_t i = 0; i < plan.questions.size(); ++i) {
        const ReadingQuestion &question = plan.questions[i];
        const Answers answers = answersTo(records, i);
        if (question.kind == QuestionKind::Choice)
            summariseChoice(question.id, answers, readers, plan.models, results.choices);
        else if (question.kind == QuestionKind::Likert)
            summariseScale(question.id, answers, plan.models, results);
        else if (question.kind == QuestionKind::Checklist)
            summariseItems(question, answers, plan.models, results.items);
        if (records.size() > 1)
            agree(question, answers, readers, results.agreement);
    }
}

} // namespace consilium::viewer
