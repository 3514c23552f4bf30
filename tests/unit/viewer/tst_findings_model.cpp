// SPDX-License-Identifier: GPL-3.0-or-later
#include "lesion_phantom.h"
#include "viewer/findings/findings_csv.h"
#include "viewer/findings/lesion_filter.h"
#include "viewer/findings/verdict_file.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>
#include <random>

using namespace consilium;
using namespace consilium::viewer;
using imaging::LesionRegion;
using Which = LesionCriteria::Which;

class tst_FindingsModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void columnsSayWhatTheyShow();
    void marksHaveWords();
    void lettersTellModelsApart();
    void sortsNumbersAsNumbers();
    void filters_data();
    void filters();
    void nextIsTheNextWithoutAVerdict();
    void undoIsExact();
    void verdictsKeepTheirLesions();
    void refusesWhatIsNotTheirs();
    void fileIsReadAndWritten();
    void neverWritesOverSomethingElse();
    void tablesOfText();
    void structuresStayAsTheyWere();

private:
    QString text(int row, int section, int role = Qt::DisplayRole) const
    {
        return m_model->data(m_model->index(row, section), role).toString();
    }

    std::shared_ptr<const LoadedCase> m_case;
    std::unique_ptr<FindingsModel> m_model;
};

void tst_FindingsModel::init()
{
    QLocale::setDefault(QLocale::c());
    m_case = test::fiveLesions();
    m_model = std::make_unique<FindingsModel>();
    m_model->setCase(m_case);
    new QAbstractItemModelTester(m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest, m_model.get());
}

void tst_FindingsModel::columnsSayWhatTheyShow()
{
    QStringList heads;
    for (int n = 0; n < m_model->columnCount(); ++n)
        heads.append(m_model->headerData(n, Qt::Horizontal, Qt::DisplayRole).toString());
    QCOMPARE(heads, (QStringList{"#", "mL", "mm", "where", "ref", "L", "F", "you"}));
    QCOMPARE(m_model->headerData(5, Qt::Horizontal, Qt::ToolTipRole).toString(), QString("local: north"));
    QStringList row;
    for (int n = 0; n < m_model->columnCount(); ++n)
        row.append(text(0, n));
    QCOMPARE(row, (QStringList{"1", "0.20", "9.8", "\u2026", "\u2713", "\u2713", "\u2713", ""}));
    m_model->setRegions({LesionRegion::Periventricular, LesionRegion::Juxtacortical, LesionRegion::Infratentorial,
                         LesionRegion::DeepWhiteMatter, LesionRegion::Unknown});
    QCOMPARE(text(0, 3), QString("periventr."));
    QCOMPARE(text(4, 3), QString("\u2013"));
}

void tst_FindingsModel::marksHaveWords()
{
    const auto words = [&](int row, int section) { return text(row, section, Qt::AccessibleTextRole); };
    QCOMPARE(words(0, 0), QString("Lesion 1"));
    QCOMPARE(words(2, 0), QString("Lesion 3, outlined by local: north"));
    QCOMPARE(words(0, 4), QString("In the reference"));
    QCOMPARE(words(0, 6), QString("Found by federated: round 12: covers 50 % of it, Dice 0.67"));
    QCOMPARE(words(1, 6), QString("Missed by federated: round 12"));
    QCOMPARE(words(2, 5), QString("Drawn by local: north, not in the reference"));
    QCOMPARE(words(2, 6), QString("Not drawn by federated: round 12"));
    QCOMPARE(words(4, 6), QString("Drawn by federated: round 12 too: covers 100 % of it, Dice 1.00"));
    QCOMPARE(words(0, 7), QString("Not yet reviewed"));
    for (int row = 0; row < m_model->rowCount(); ++row)
        for (int section = 0; section < m_model->columnCount(); ++section) {
            QVERIFY(!words(row, section).isEmpty());
            QCOMPARE(text(row, section, Qt::ToolTipRole), words(row, section));
        }
}

void tst_FindingsModel::lettersTellModelsApart()
{
    const auto named = [](std::initializer_list<const char *> names) {
        std::vector<Segmentation> predictions;
        for (const char *name : names)
            predictions.push_back({name, nullptr});
        return letters(predictions);
    };
    QCOMPARE(named({"local: north", "federated"}), (QStringList{"L", "F"}));
    QCOMPARE(named({"local: north", "federated", "local: south"}), (QStringList{"L1", "F", "L2"}));
}

void tst_FindingsModel::sortsNumbersAsNumbers()
{
    // 1,000 lesions of random volume: as text "10.2" would come before "9.8".
    auto many = std::make_shared<LoadedCase>(*m_case);
    std::mt19937 random(5);
    many->findings.lesions.clear();
    for (int n = 0; n < 1000; ++n) {
        LesionFinding lesion = m_case->findings.lesions.front();
        lesion.millilitres = static_cast<double>(random() % 20000) / 1000;
        lesion.diameter = static_cast<double>(random() % 400) / 10;
        many->findings.lesions.push_back(lesion);
    }
    m_model->setCase(many);
    LesionFilter filter(*m_model);
    for (const int section : {1, 2}) {
        filter.sort(section, Qt::AscendingOrder);
        double before = -1;
        for (int row = 0; row < 1000; ++row) {
            const double value = filter.data(filter.index(row, section), Qt::UserRole).toDouble();
            QVERIFY(value >= before);
            before = value;
        }
    }
    QVERIFY(filter.headerData(2, Qt::Horizontal, Qt::DisplayRole).toString().startsWith("mm"));
    filter.sort(-1);
    for (int row = 0; row < 1000; ++row)
        QCOMPARE(filter.findingOf(filter.index(row, 0)), row);
}

void tst_FindingsModel::filters_data()
{
    QTest::addColumn<int>("which");
    QTest::addColumn<int>("model");
    QTest::addColumn<QString>("place");
    QTest::addColumn<double>("millilitres");
    QTest::addColumn<QString>("listed");
    const auto row = [](const char *title, Which which, int model, const char *place, double ml, const char *listed) {
        QTest::newRow(title) << int(which) << model << QString(place) << ml << QString(listed);
    };
    // A, B, D, C, E by volume; A accepted, D rejected.
    row("all", Which::All, -1, "", 0, "ABDCE");
    row("missed by local", Which::Missed, 0, "", 0, "C");
    row("missed by federated", Which::Missed, 1, "", 0, "BC");
    row("invented by local", Which::Invented, 0, "", 0, "DE");
    row("invented by federated", Which::Invented, 1, "", 0, "E");
    row("only one model", Which::OnlyOneModel, -1, "", 0, "BD");
    row("not reviewed", Which::NotReviewed, -1, "", 0, "BCE");
    row("accepted", Which::Accepted, -1, "", 0, "A");
    row("rejected", Which::Rejected, -1, "", 0, "D");
    row("from 75 voxels", Which::All, -1, "", 0.075, "ABD");
    row("juxtacortical", Which::All, -1, "Cortical", 0, "B");
    row("deep white matter", Which::All, -1, "white", 0, "C");
    row("missed by federated and small", Which::Missed, 1, "", 0.06, "B");
}

void tst_FindingsModel::filters()
{
    QFETCH(int, which);
    QFETCH(int, model);
    QFETCH(QString, place);
    QFETCH(double, millilitres);
    QFETCH(QString, listed);
    m_model->setRegions({LesionRegion::Periventricular, LesionRegion::Juxtacortical, LesionRegion::Infratentorial,
                         LesionRegion::DeepWhiteMatter, LesionRegion::Unknown});
    m_model->setVerdict({0}, Verdict::Accepted);
    m_model->setVerdict({2}, Verdict::Rejected);
    LesionFilter filter(*m_model);
    filter.setCriteria({static_cast<Which>(which), model, place, millilitres});
    QString found;
    for (const std::size_t finding : filter.shown())
        found += QLatin1String("ABDCE").at(static_cast<qsizetype>(finding));
    QCOMPARE(found, listed);
}

void tst_FindingsModel::nextIsTheNextWithoutAVerdict()
{
    LesionFilter filter(*m_model);
    m_model->setVerdict({1, 2}, Verdict::Accepted);
    QCOMPARE(filter.notReviewed(0, 1), 3);
    QCOMPARE(filter.notReviewed(3, -1), 0);
    QCOMPARE(filter.notReviewed(4, 1), 0); // round the end
    QCOMPARE(filter.notReviewed(-1, 1), 0);
    QCOMPARE(filter.notReviewed(-1, -1), 4);
    m_model->setVerdict({0, 3, 4}, Verdict::Rejected);
    QCOMPARE(filter.notReviewed(0, 1), -1);
}

void tst_FindingsModel::undoIsExact()
{
    // 1,000 random verdicts, undone one by one, lead back through every state to the first; redone, to the last.
    LesionVerdicts verdicts(40);
    const auto state = [&] {
        QString text;
        for (std::size_t n = 0; n < verdicts.size(); ++n)
            text += QString::number(int(verdicts.at(n)));
        return text;
    };
    std::mt19937 random(3);
    QStringList states{state()};
    for (int n = 0; n < 1000; ++n) {
        std::vector<std::size_t> lesions(1 + random() % 3);
        for (auto &lesion : lesions)
            lesion = random() % 40;
        if (verdicts.set(lesions, static_cast<Verdict>(random() % 3)))
            states.append(state());
    }
    QVERIFY(states.size() > 500);
    for (qsizetype n = states.size() - 1; n-- > 0;) {
        QVERIFY(!verdicts.undo().empty());
        QCOMPARE(state(), states[n]);
    }
    QVERIFY(!verdicts.canUndo() && verdicts.undo().empty());
    for (qsizetype n = 1; n < states.size(); ++n) {
        QVERIFY(!verdicts.redo().empty());
        QCOMPARE(state(), states[n]);
    }
    QVERIFY(!verdicts.canRedo());
}

// A model more and one less: the verdicts stay with their lesions, and what is not listed any more is not lost.
void tst_FindingsModel::verdictsKeepTheirLesions()
{
    m_model->setVerdict({1}, Verdict::Accepted);    // B, of the reference
    m_model->setVerdict({2, 4}, Verdict::Rejected); // D and E, of the local model
    const Json written = m_model->verdicts().toJson(*m_case, "Dr. M\u00fcller");
    QCOMPARE(written.at("verdicts").size(), std::size_t{3});

    auto fewer = std::make_shared<LoadedCase>(*m_case);
    fewer->opened.predictions.erase(fewer->opened.predictions.begin()); // no local model: A, B, C, E by the federated
    fewer->findings = findingsOf(fewer->opened);
    QCOMPARE(fewer->findings.lesions.size(), std::size_t{4});
    LesionVerdicts again(4);
    QVERIFY(again.read(written, *fewer));
    QVERIFY(again.at(1) == Verdict::Accepted);
    QCOMPARE(again.count(Verdict::None), std::size_t{3}); // E's outline is now another's
    const Json kept = again.toJson(*fewer, "Dr. M\u00fcller");
    QCOMPARE(kept.at("verdicts").size(), std::size_t{3});
    LesionVerdicts whole(5);
    QVERIFY(whole.read(kept, *m_case));
    for (std::size_t n = 0; n < 5; ++n)
        QVERIFY(whole.at(n) == m_model->verdicts().at(n));

    // The reference's B was redrawn, half as large: it is to be looked at again.
    auto redrawn = std::make_shared<LoadedCase>(*m_case);
    redrawn->findings.lesions[1].millilitres /= 2;
    LesionVerdicts after(5);
    QVERIFY(after.read(written, *redrawn));
    QVERIFY(after.at(1) == Verdict::None && after.at(2) == Verdict::Rejected);
}

void tst_FindingsModel::refusesWhatIsNotTheirs()
{
    LesionVerdicts verdicts(5);
    QVERIFY(verdicts.set({0}, Verdict::Accepted));
    Json json = verdicts.toJson(*m_case, "r");
    const auto code = [&](const Json &bad) { return LesionVerdicts(5).read(bad, *m_case).error().code; };
    QCOMPARE(code(Json::object()), ErrorCode::Malformed);
    QCOMPARE(code(Json::array()), ErrorCode::Malformed);
    Json changed = json;
    changed["version"] = 2;
    QCOMPARE(code(changed), ErrorCode::Unsupported);
    changed = json;
    changed["case"] = "another";
    QCOMPARE(code(changed), ErrorCode::Invalid);
    changed = json;
    changed["verdicts"][0]["verdict"] = "perhaps";
    QCOMPARE(code(changed), ErrorCode::Malformed);
    changed = json;
    changed["verdicts"][0].erase("position");
    QCOMPARE(code(changed), ErrorCode::Malformed);
}

void tst_FindingsModel::fileIsReadAndWritten()
{
    QTemporaryDir folder;
    const auto path = verdictFile(folder.path().toStdString(), "A/B");
    QCOMPARE(path.filename(), std::filesystem::path("findings-A-B.json"));
    QCOMPARE(verdictFile("x", "").filename(), std::filesystem::path("findings-reader.json"));
    m_model->setVerdict({3}, Verdict::Rejected);
    {
        VerdictFile file;
        QSignalSpy opened(&file, &VerdictFile::opened);
        file.save(Json::object()); // before it is known what is there, nothing is written
        file.open(path);
        QVERIFY(opened.wait(5000));
        QVERIFY(opened.first().first().value<Json>().is_null());
        file.save(m_model->verdicts().toJson(*m_case, "A/B"));
    } // waits
    const auto json = readJson(path);
    QVERIFY(json);
    QCOMPARE(json->at("reader").get<std::string>(), std::string("A/B"));
    LesionVerdicts again(5);
    QVERIFY(again.read(*json, *m_case));
    QVERIFY(again.at(3) == Verdict::Rejected);
    QCOMPARE(std::distance(std::filesystem::directory_iterator(folder.path().toStdString()), {}), 1);
}

void tst_FindingsModel::neverWritesOverSomethingElse()
{
    QTemporaryDir folder;
    const auto path = std::filesystem::path(folder.path().toStdString()) / "findings-r.json";
    {
        QFile other(QString::fromStdString(path.string()));
        QVERIFY(other.open(QIODevice::WriteOnly));
        other.write("not JSON");
    }
    VerdictFile file;
    QSignalSpy failed(&file, &VerdictFile::failed);
    file.open(path);
    QVERIFY(failed.wait(5000));
    QVERIFY(!file.isReady());
    file.save(Json::object());
    QFile other(QString::fromStdString(path.string()));
    QVERIFY(other.open(QIODevice::ReadOnly));
    QCOMPARE(other.readAll(), QByteArray("not JSON"));
}

void tst_FindingsModel::tablesOfText()
{
    auto named = std::make_shared<LoadedCase>(*m_case);
    named->opened.predictions[0].name = "local, \"north\"";
    m_model->setCase(named);
    m_model->setRegions(std::vector<LesionRegion>(5, LesionRegion::Infratentorial));
    m_model->setVerdict({3}, Verdict::Accepted);
    QLocale::setDefault(QLocale(QLocale::German)); // files have decimal points all the same
    const auto lines = QString::fromStdString(findingsCsv(*m_model, {3, 0})).split("\r\n");
    QLocale::setDefault(QLocale::c());
    QCOMPARE(lines.size(), 4); // a header, two lesions and the end
    QVERIFY(lines[0].startsWith("number,volume_ml,diameter_mm,place,left_lps_mm"));
    QVERIFY(lines[0].contains(",\"local, \"\"north\"\"\","));
    // C: 2 x 5 x 5 voxels from (0, 0, -18); its middle voxel is the one at (0.5 or 1.5, 2.5, -15.5).
    QVERIFY2(lines[1].startsWith("4,0.0500,6.") && lines[1].contains(",infratentorial,") &&
                 lines[1].contains(",2.50,-15.50,reference,yes,no,0.000,0.000,no,0.000,0.000,accepted"),
             qPrintable(lines[1]));
    QVERIFY(lines[2].contains(",yes,yes,1.000,1.000,yes,0.500,0.667,"));
}

void tst_FindingsModel::structuresStayAsTheyWere()
{
    auto structures = std::make_shared<LoadedCase>(*m_case);
    structures->opened.kind = LabelKind::Structures;
    structures->opened.labels = {"background", "anterior"};
    structures->findings = findingsOf(structures->opened);
    m_model->setCase(structures);
    QStringList heads;
    for (int n = 0; n < m_model->columnCount(); ++n)
        heads.append(m_model->headerData(n, Qt::Horizontal, Qt::DisplayRole).toString());
    QCOMPARE(heads, (QStringList{"structure", "mL", "local", "federated"}));
    QCOMPARE(text(0, 0), QString("anterior"));
    QCOMPARE(text(0, 1), QString("0.35"));
    // Local: A, B of 350 in common, and 400 drawn: 2 x 300 / 750.
    QCOMPARE(text(0, 2), QString("0.80"));
    LesionFilter filter(*m_model);
    filter.setCriteria({Which::NotReviewed, -1, "x", 50});
    QCOMPARE(filter.rowCount(), 1);
    const auto csv = QString::fromStdString(findingsCsv(*m_model, {0}));
    QVERIFY(csv.contains("anterior,0.3500,0.4000,0.8000,0.1250,"));
}

QTEST_GUILESS_MAIN(tst_FindingsModel)
#include "tst_findings_model.moc"
