// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "core/random.h"
#include "imaging/landmarks.h"
#include "support/small_dataset.h"
#include "tasks/task.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <numbers>

using namespace consilium;
using namespace consilium::tasks;
using consilium::test::SmallDataset;
using imaging::Geometry;
using imaging::LandmarkSet;
using imaging::Vec3;
using imaging::Visibility;
using imaging::Volume;

namespace {

/// A lateral picture of 96 x 128 pixels of 2 mm, 256 mm high: rows to the feet, columns to the back.
Geometry lateral()
{
    return {{96, 128, 1}, {2, 2, 1}, {0, -80, 120}, {Vec3{0, 0, -1}, Vec3{1, 0, 0}, Vec3{0, -1, 0}}};
}

/// Spots of different sizes on a dim, uneven ground.
Volume pictureOf(const std::vector<Vec3> &pixels, std::uint64_t seed)
{
    Random random(seed);
    Volume picture{lateral(), {}};
    for (int j = 0; j < 128; ++j) {
        for (int i = 0; i < 96; ++i) {
            double value = 20 + 0.1 * i + 3 * random.normal();
            for (std::size_t n = 0; n < pixels.size(); ++n) {
                const double distance = std::hypot(i - pixels[n][0], j - pixels[n][1]);
                value += 200 * std::exp(-distance * distance / (n == 0 ? 18.0 : 72.0));
            }
            picture.values.push_back(static_cast<float>(value));
        }
    }
    return picture;
}

imaging::Landmark at(const std::string &name, const Vec3 &position)
{
    return {name, position, Visibility::Visible, 1, false};
}

double valueOf(const CaseMetrics &metrics, const std::string &name)
{
    for (const auto &metric : metrics.metrics)
        if (metric.name == name)
            return metric.value;
    return std::nan("");
}

} // namespace

class tst_LandmarkLocalisation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void refusesWhatNobodyCanLearnFrom_data();
    void refusesWhatNobodyCanLearnFrom();
    void refusesDatasetsOfOtherKinds();
    void refusesTooFewCases();
    void everySiteStartsFromTheSameModel();
    void fittingFindsTheSpots();
    void sameSeedSameBytes();
    void turnedFilesAreTheSamePicture();
    void whatThePictureDoesNotShowDoesNotCount();
    void comparesByHand();
    void comparesAngles();
    void compareNeedsThePictureForShares();

private:
    std::filesystem::path points(const std::string &id) const
    {
        return m_dataset->folder() / "landmarksTr" / (id + ".mrk.json");
    }
    /// Two spots somewhere; the same id is the same case.
    bool addCase(const std::string &id)
    {
        Random random(derivedSeed(5, id));
        const std::vector<Vec3> pixels{{random.uniform(15, 80), random.uniform(15, 50), 0},
                                       {random.uniform(15, 80), random.uniform(75, 112), 0}};
        const LandmarkSet set{
            {at("small", lateral().toPatient(pixels[0])), at("large", lateral().toPatient(pixels[1]))}};
        return imaging::writeNifti(m_dataset->image(id),
                                   pictureOf(pixels, static_cast<std::uint64_t>(random.below(1 << 30))))
                   .has_value() &&
               imaging::writeLandmarks(points(id), set).has_value();
    }
    bool addCases(int count)
    {
        for (int n = 0; n < count; ++n)
            if (!addCase(fmt::format("case-{:02}", n)))
                return false;
        return true;
    }
    std::unique_ptr<TrainingJob> opened(const Plan &plan)
    {
        auto job = m_task->open(plan, {m_dataset->folder()}, {.threads = 1});
        if (!job)
            qWarning("%s", job.error().line().c_str());
        return job ? std::move(*job) : nullptr;
    }
    QString failureOf(const Plan &plan)
    {
        const auto job = m_task->open(plan, {m_dataset->folder()}, {.threads = 2});
        return job ? QString() : QString::fromStdString(job.error().line());
    }

    std::unique_ptr<Task> m_task;
    Plan m_plan;
    std::unique_ptr<QTemporaryDir> m_temporary;
    std::unique_ptr<SmallDataset> m_dataset;
};

void tst_LandmarkLocalisation::initTestCase()
{
    auto task = loadTask("landmark-localisation");
    QVERIFY2(task, task ? "" : task.error().line().c_str());
    m_task = std::move(*task);
    const auto plan = Plan::fromJson(
        {{"format", 1},
         {"task", "spots"},
         {"seed", 7u},
         {"data", {{"kind", "landmark-localisation"}, {"channels", {"X-ray"}}, {"landmarks", {"small", "large"}}}},
         {"network", {{"kind", "hourglass"}, {"dimensions", 2}, {"features", {16}}, {"stacks", 1}}},
         {"preprocessing", {{"size", {64, 64}}, {"normalisation", {"zscore"}}}},
         {"augmentation",
          {{"rotation", 10}, {"scaling", {0.9, 1.1}}, {"mirror", Json::array()}, {"gamma", {1, 1}}, {"noise", 0}}},
         {"training",
          {{"batchesPerEpoch", 30},
           {"batchSize", 4},
           {"patch", {64, 64}},
           {"loss", "dsnt"},
           {"optimizer", {{"kind", "adamw"}, {"lr", 0.004}, {"weightDecay", 0.0001}}}}},
         {"federation", {{"rounds", 5}}},
         {"privacy", {{"minimumCases", 3}}}});
    QVERIFY2(plan, plan ? "" : plan.error().line().c_str());
    m_plan = *plan;
}

void tst_LandmarkLocalisation::init()
{
    m_temporary = std::make_unique<QTemporaryDir>();
    m_dataset = std::make_unique<SmallDataset>(std::filesystem::path(m_temporary->path().toStdString()) / "data");
    QVERIFY(m_dataset->describe(Json{{"channel_names", {{"0", "X-ray"}}}, {"landmarks", {"small", "large"}}}));
}

void tst_LandmarkLocalisation::refusesWhatNobodyCanLearnFrom_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QStringList>("words");
    QTest::newRow("not a number") << "nan" << QStringList{"case-01_0000.nii.gz", "2 pixel(s) that are not numbers"};
    QTest::newRow("one value") << "constant" << QStringList{"case-01_0000.nii.gz", "has the value 5 everywhere"};
    QTest::newRow("a volume") << "slices" << QStringList{"case-01_0000.nii.gz", "96 x 128 x 2", "one slice"};
    QTest::newRow("another name") << "name" << QStringList{"case-01.mrk.json", "\"medium\" is not one of the task's"};
    QTest::newRow("cut short") << "truncated" << QStringList{"case-01_0000.nii.gz"};
    QTest::newRow("no points") << "points" << QStringList{"case-01.mrk.json", "markups"};
}

void tst_LandmarkLocalisation::refusesWhatNobodyCanLearnFrom()
{
    QFETCH(QString, what);
    QFETCH(QStringList, words);
    QVERIFY(addCases(3));
    auto picture = imaging::readNifti(m_dataset->image("case-01"));
    QVERIFY(picture);
    if (what == "nan") {
        picture->values[100] = picture->values[7000] = std::nanf("");
    } else if (what == "constant") {
        std::fill(picture->values.begin(), picture->values.end(), 5.0F);
    } else if (what == "slices") {
        picture->geometry.size[2] = 2;
        picture->values.resize(2 * picture->values.size());
    } else if (what == "name") {
        QVERIFY(imaging::writeLandmarks(points("case-01"), {{at("medium", {0, 0, 0})}}));
    } else if (what == "points") {
        QVERIFY(writeFileAtomically(points("case-01"), "{}"));
    }
    QVERIFY(imaging::writeNifti(m_dataset->image("case-01"), *picture));
    if (what == "truncated") {
        const auto whole = readFile(m_dataset->image("case-01"));
        QVERIFY(whole && writeFileAtomically(m_dataset->image("case-01"),
                                             std::string_view(*whole).substr(0, whole->size() / 2)));
    }
    const auto line = failureOf(m_plan);
    QVERIFY2(line.contains("Case case-01") && !line.contains('\n'), qPrintable(line));
    for (const auto &word : words)
        QVERIFY2(line.contains(word), qPrintable(line));
    if (what != "truncated" && what != "points")
        return;
    // What may leave the site is read from the same files.
    const auto fingerprint = m_task->fingerprint(m_dataset->folder(), Json::object());
    QVERIFY(!fingerprint && QString::fromStdString(fingerprint.error().line()).contains("Case case-01"));
}

void tst_LandmarkLocalisation::refusesDatasetsOfOtherKinds()
{
    QVERIFY(addCases(3));
    auto plan = m_plan;
    plan.data.landmarks = {"small", "middle"};
    auto line = failureOf(plan);
    QVERIFY2(line.contains("\"large\", which the plan does not know"), qPrintable(line));
    plan = m_plan;
    plan.data.channels = {"low", "high"};
    plan.preprocessing.normalisation = {"zscore", "zscore"};
    line = failureOf(plan);
    QVERIFY2(line.contains("1 channel(s), the plan 2"), qPrintable(line));

    const SmallDataset volumes(m_dataset->folder().parent_path() / "volumes");
    QVERIFY(volumes.describe());
    for (const auto *id : {"a", "b", "c"})
        QVERIFY(volumes.addCase(id, test::gridOf(8, 8, 8)));
    const auto job = m_task->open(m_plan, {volumes.folder()}, {.threads = 1});
    QVERIFY(!job && QString::fromStdString(job.error().line()).contains("has label maps"));
    QVERIFY(!m_task->fingerprint(volumes.folder(), Json::object()));
}

void tst_LandmarkLocalisation::refusesTooFewCases()
{
    QVERIFY(addCases(2));
    const auto job = m_task->open(m_plan, {m_dataset->folder()}, {.threads = 1});
    QVERIFY(!job);
    QCOMPARE(job.error().code, ErrorCode::Refused);
}

void tst_LandmarkLocalisation::everySiteStartsFromTheSameModel()
{
    QVERIFY(addCases(3));
    auto here = m_task->open(m_plan, {m_dataset->folder()}, {.threads = 1});
    auto there = m_task->open(m_plan, {}, {.threads = 2});
    QVERIFY(here && there);
    const auto first = (*here)->initialModel(), second = (*there)->initialModel();
    QVERIFY(first && second && *first == *second);
}

void tst_LandmarkLocalisation::fittingFindsTheSpots()
{
    QVERIFY(addCases(20));
    const auto job = opened(m_plan);
    QVERIFY(job);
    QCOMPARE(job->cases(Split::Training), 16);
    const auto start = job->initialModel();
    QVERIFY(start);
    const auto before = job->evaluate({&*start, 1}, Split::Test);
    QVERIFY2(before, before ? "" : before.error().line().c_str());
    std::vector<double> losses;
    TrainingJob::FitRequest request;
    request.steps = 150;
    request.firstStep = 0;
    request.selectBest = true;
    request.progress = [&losses](const TrainingProgress &progress) {
        losses.push_back(progress.loss);
        return true;
    };
    const auto fitted = job->fit(*start, request);
    QVERIFY2(fitted, fitted ? "" : fitted.error().line().c_str());
    QCOMPARE(fitted->samples, 16);
    QCOMPARE(fitted->epochScores.size(), 5u);
    QVERIFY2(fitted->loss < 0.6 * losses.front(),
             qPrintable(QString("%1 after %2").arg(fitted->loss).arg(losses.front())));
    const auto after = job->evaluate({&fitted->model, 1}, Split::Test);
    QVERIFY(after);
    QCOMPARE(after->cases.size(), 2u);
    QCOMPARE(after->means.size(), 3u);
    QCOMPARE(after->means[0].name, std::string("found"));
    QCOMPARE(after->means[1].name, std::string("error"));
    // Bright spots on a dim ground: nothing to it. 4 mm are one pixel of the network's.
    QVERIFY2(after->means[1].value < 6 && after->means[1].value < 0.2 * before->means[1].value,
             qPrintable(QString("%1 mm after %2").arg(after->means[1].value).arg(before->means[1].value)));
    QVERIFY(after->means[0].value > before->means[0].value);

    // What predict writes is what evaluate measured, and compare measures again.
    const auto &tested = after->cases[0];
    const auto out = m_dataset->folder() / "answers" / (tested.caseId + ".mrk.json");
    const auto done = job->predict({&fitted->model, 1}, {m_dataset->image(tested.caseId)}, out);
    QVERIFY2(done, done ? "" : done.error().line().c_str());
    const auto answer = imaging::readLandmarks(out);
    QVERIFY2(answer, answer ? "" : answer.error().line().c_str());
    QCOMPARE(answer->points.size(), 2u);
    QCOMPARE(answer->points[0].name, std::string("small"));
    for (const auto &point : answer->points) {
        QVERIFY(point.confidence > 0.5 && point.confidence <= 1);
        const auto pixel = lateral().toIndex(point.position);
        QVERIFY(pixel[0] > 0 && pixel[0] < 95 && pixel[1] > 0 && pixel[1] < 127 && std::abs(pixel[2]) < 1e-6);
    }
    const auto compared = m_task->compare(m_plan, tested.caseId, out, points(tested.caseId));
    QVERIFY2(compared, compared ? "" : compared.error().line().c_str());
    QCOMPARE(compared->metrics.size(), tested.metrics.size());
    for (const auto &metric : tested.metrics)
        QVERIFY(std::abs(valueOf(*compared, metric.name) - metric.value) < 1e-3);

    // An ensemble answers with the mean.
    const std::vector both{*start, fitted->model};
    const auto mixed = job->evaluate(both, Split::Test);
    QVERIFY(mixed && mixed->means[1].value != after->means[1].value);
    const auto evidence = job->finishEvidence(fitted->model);
    QVERIFY(evidence);
    const auto finish = m_task->chooseFinish(m_plan, {&*evidence, 1});
    QVERIFY(finish && finish->empty());
}

void tst_LandmarkLocalisation::sameSeedSameBytes()
{
    QVERIFY(addCases(3));
    std::vector<ModelState> models;
    for (const std::uint64_t seed : {1, 1, 2}) {
        const auto job = opened(m_plan);
        QVERIFY(job);
        TrainingJob::FitRequest request;
        request.round = 2;
        request.steps = 3;
        request.seed = seed;
        auto fitted = job->fit(*job->initialModel(), request);
        QVERIFY2(fitted, fitted ? "" : fitted.error().line().c_str());
        models.push_back(std::move(fitted->model));
    }
    QVERIFY(models[0] == models[1]);
    QVERIFY(!(models[0] == models[2]));
}

void tst_LandmarkLocalisation::turnedFilesAreTheSamePicture()
{
    // Rows from the feet to the head, as many converters write them, and rows along the first axis.
    QVERIFY(addCase("up"));
    const auto straight = imaging::readNifti(m_dataset->image("up"));
    QVERIFY(straight);
    const auto &from = straight->geometry;
    Volume reversed = *straight, exchanged = *straight;
    reversed.geometry.origin = from.toPatient({0, 127, 0});
    exchanged.geometry.size = {128, 96, 1};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        reversed.geometry.direction[axis][1] *= -1;
        std::swap(exchanged.geometry.direction[axis][0], exchanged.geometry.direction[axis][1]);
    }
    for (int j = 0; j < 128; ++j) {
        for (int i = 0; i < 96; ++i) {
            reversed.values[static_cast<std::size_t>(from.offset(i, 127 - j, 0))] = straight->at(i, j, 0);
            exchanged.values[static_cast<std::size_t>(j + 128 * i)] = straight->at(i, j, 0);
        }
    }
    QVERIFY(imaging::writeNifti(m_dataset->image("reversed"), reversed));
    QVERIFY(imaging::writeNifti(m_dataset->image("exchanged"), exchanged));
    auto job = m_task->open(m_plan, {}, {.threads = 1});
    QVERIFY(job);
    const auto model = (*job)->initialModel();
    std::vector<LandmarkSet> answers;
    for (const auto *id : {"up", "reversed", "exchanged"}) {
        const auto out = m_dataset->folder() / (std::string(id) + ".mrk.json");
        const auto done = (*job)->predict({&*model, 1}, {m_dataset->image(id)}, out);
        QVERIFY2(done, done ? "" : done.error().line().c_str());
        answers.push_back(*imaging::readLandmarks(out));
    }
    for (std::size_t n = 0; n < 2; ++n)
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const double there = answers[0].points[n].position[axis];
            QVERIFY(std::abs(answers[1].points[n].position[axis] - there) < 1e-3);
            QVERIFY(std::abs(answers[2].points[n].position[axis] - there) < 1e-3);
        }
}

void tst_LandmarkLocalisation::whatThePictureDoesNotShowDoesNotCount()
{
    QVERIFY(addCases(3));
    for (const auto *id : {"case-00", "case-01", "case-02"}) {
        auto set = imaging::readLandmarks(points(id));
        QVERIFY(set);
        set->points[0].position = lateral().toPatient({-30, 20, 0}); // beside the picture
        QVERIFY(imaging::writeLandmarks(points(id), *set));
    }
    const auto fingerprint = m_task->fingerprint(m_dataset->folder(), Json::object());
    QVERIFY2(fingerprint, fingerprint ? "" : fingerprint.error().line().c_str());
    QVERIFY((*fingerprint)["size"]["median"].dump() == "[96.0,128.0]");
    QVERIFY((*fingerprint)["spacing"]["maximum"].dump() == "[2.0,2.0]");
    QVERIFY(fingerprint->dump().find("case-0") == std::string::npos);
    const auto job = opened(m_plan);
    QVERIFY(job);
    const auto start = job->initialModel();
    const auto result = job->evaluate({&*start, 1}, Split::Test);
    QVERIFY(result);
    // One landmark is left: its share is all or nothing, and its error the mean.
    const double found = valueOf(result->cases[0], "found");
    QVERIFY(found == 0 || found == 1);
    const auto out = m_dataset->folder() / "answer.mrk.json";
    QVERIFY(job->predict({&*start, 1}, {m_dataset->image(result->cases[0].caseId)}, out));
    const auto answer = imaging::readLandmarks(out);
    const auto truth = imaging::readLandmarks(points(result->cases[0].caseId));
    QVERIFY(answer && truth);
    const auto &a = answer->points[1].position, &b = truth->points[1].position;
    QVERIFY(std::abs(std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) - valueOf(result->cases[0], "error")) < 1e-3);
}

void tst_LandmarkLocalisation::comparesByHand()
{
    QVERIFY(addCase("case-00"));
    auto truth = imaging::readLandmarks(points("case-00"));
    QVERIFY(truth);
    auto answer = *truth;
    answer.points[0].position[1] += 3; // 3, 4, 5
    answer.points[0].position[2] -= 4;
    answer.points[1].position[2] += 9;
    const auto file = m_dataset->folder() / "case-00.csv";
    QVERIFY(imaging::writeLandmarks(file, answer));
    auto compared = m_task->compare(m_plan, "case-00", file, points("case-00"));
    QVERIFY2(compared, compared ? "" : compared.error().line().c_str());
    // The picture is 256 mm high, 3 % are 7.68 mm.
    QVERIFY(std::abs(valueOf(*compared, "found") - 0.5) < 1e-9);
    QVERIFY(std::abs(valueOf(*compared, "error") - 7) < 1e-6);
    QVERIFY(std::abs(valueOf(*compared, "errorShare") - 7.0 / 256) < 1e-8);

    answer.points.pop_back(); // no answer is not found
    QVERIFY(imaging::writeLandmarks(file, answer));
    compared = m_task->compare(m_plan, "case-00", file, points("case-00"));
    QVERIFY(compared && std::abs(valueOf(*compared, "found") - 0.5) < 1e-9);
    QVERIFY(std::abs(valueOf(*compared, "error") - 5) < 1e-6);
}

void tst_LandmarkLocalisation::comparesAngles()
{
    auto plan = m_plan;
    plan.data.landmarks = {"S1 anterior",        "S1 posterior",         "femoral head left",
                           "femoral head right", "L1 superior anterior", "L1 superior posterior"};
    QVERIFY(m_task->metrics(plan).size() == 7u);
    // In the sagittal plane (patient axes P and S), and in that of a picture that knows no patient, whose rows run down
    // along P: to the front is -P there, and -L here.
    for (const bool placed : {true, false}) {
        const auto put = [placed](double forward, double up) {
            return placed ? Vec3{0, -forward, up} : Vec3{forward, -up, 0};
        };
        const auto set = [&](double turn) { // about the hips, to the front
            LandmarkSet points;
            const auto add = [&](const char *name, double x, double y) {
                points.points.push_back(
                    at(name, put(std::cos(turn) * x + std::sin(turn) * y, std::cos(turn) * y - std::sin(turn) * x)));
            };
            add("S1 anterior", 20, 85);
            add("S1 posterior", -20, 115);
            add("femoral head left", -4, 0);
            add("femoral head right", 4, 0);
            add("L1 superior anterior", 15, 256);
            add("L1 superior posterior", -15, 240);
            return points;
        };
        const auto truth = m_dataset->folder() / "truth.mrk.json", answer = m_dataset->folder() / "answer.mrk.json";
        QVERIFY(imaging::writeLandmarks(truth, set(0)));
        QVERIFY(imaging::writeLandmarks(answer, set(10 * std::numbers::pi / 180)));
        const auto compared = m_task->compare(plan, "case", answer, truth);
        QVERIFY2(compared, compared ? "" : compared.error().line().c_str());
        // Leaning 10 degrees: slope and tilt change by as much, the pelvis and the curve do not.
        QVERIFY(std::abs(valueOf(*compared, "sacralSlope") - 10) < 1e-6);
        QVERIFY(std::abs(valueOf(*compared, "pelvicTilt") - 10) < 1e-6);
        QVERIFY(valueOf(*compared, "pelvicIncidence") < 1e-6 && valueOf(*compared, "lumbarLordosis") < 1e-6);
    }
}

void tst_LandmarkLocalisation::compareNeedsThePictureForShares()
{
    QVERIFY(addCase("case-00"));
    const auto alone = m_dataset->folder().parent_path() / "alone" / "case-00.mrk.json";
    QVERIFY(imaging::writeLandmarks(alone, *imaging::readLandmarks(points("case-00"))));
    const auto compared = m_task->compare(m_plan, "case-00", points("case-00"), alone);
    QVERIFY(compared);
    QCOMPARE(compared->metrics.size(), 1u);
    QCOMPARE(compared->metrics[0].name, std::string("error"));
    QCOMPARE(compared->metrics[0].value, 0.0);
    const auto absent = m_task->compare(m_plan, "case-00", points("none"), alone);
    QVERIFY(!absent && QString::fromStdString(absent.error().line()).contains("Case case-00"));
}

QTEST_GUILESS_MAIN(tst_LandmarkLocalisation)
#include "tst_landmark_localisation.moc"
