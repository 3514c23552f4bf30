// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/safetensors.h"
#include "support/small_dataset.h"
#include "tasks/task.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::tasks;
using consilium::test::gridOf;
using consilium::test::SmallDataset;

class tst_VolumeSegmentation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void refusesLabelsOfAnotherShape();
    void refusesLabelsOfAnotherPlace();
    void refusesTruncatedImage();
    void refusesLabelBeyondThePlan();
    void refusesTooFewCases();
    void refusesDatasetOfOtherChannels();
    void everySiteStartsFromTheSameModel();
    void fittingLowersTheLoss();
    void sameSeedSameBytes();
    void epochsAsLongAsTheCases();
    void strategiesAddTheirTerms();
    void aPersonCanStopIt();
    void stopsBetweenCases();
    void opensTheSplitsAskedFor();
    void poolsFolders();
    void predictsOnTheOriginalGrid();
    void evaluatesOnTheOriginalGrid();

private:
    QString failureOf(const Plan &plan)
    {
        const auto job = m_task->open(plan, {m_dataset->folder()}, {.threads = 2});
        return job ? QString() : QString::fromStdString(job.error().line());
    }
    bool addGoodCases(const std::vector<std::string> &ids, double spacing = 1)
    {
        return std::all_of(ids.begin(), ids.end(),
                           [&](const std::string &id) { return m_dataset->addCase(id, gridOf(16, 16, 16, spacing)); });
    }

    std::unique_ptr<Task> m_task;
    Plan m_plan;
    std::unique_ptr<QTemporaryDir> m_temporary;
    std::unique_ptr<SmallDataset> m_dataset;
};

void tst_VolumeSegmentation::initTestCase()
{
    auto task = loadTask("volume-segmentation");
    QVERIFY2(task, task ? "" : task.error().line().c_str());
    m_task = std::move(*task);
    const auto plan = Plan::fromJson(
        {{"format", 1},
         {"task", "test"},
         {"seed", 7u},
         {"data", {{"channels", {"T1"}}, {"labels", {"background", "lesion"}}}},
         {"network", {{"features", {4, 8}}, {"deepSupervision", false}}},
         {"preprocessing", {{"spacing", {1, 1, 1}}, {"normalisation", {"zscore"}}}},
         {"augmentation",
          {{"rotation", 0}, {"scaling", {1, 1}}, {"mirror", Json::array()}, {"gamma", {1, 1}}, {"noise", 0}}},
         {"training",
          {{"batchesPerEpoch", 10},
           {"batchSize", 2},
           {"patch", {16, 16, 16}},
           {"optimizer", {{"kind", "adamw"}, {"lr", 0.01}, {"weightDecay", 0}}}}},
         {"federation", {{"rounds", 3}}},
         {"privacy", {{"minimumCases", 3}}}});
    QVERIFY2(plan, plan ? "" : plan.error().line().c_str());
    m_plan = *plan;
}

void tst_VolumeSegmentation::init()
{
    m_temporary = std::make_unique<QTemporaryDir>();
    m_dataset = std::make_unique<SmallDataset>(std::filesystem::path(m_temporary->path().toStdString()) / "data");
    QVERIFY(m_dataset->describe());
}

void tst_VolumeSegmentation::refusesLabelsOfAnotherShape()
{
    QVERIFY(addGoodCases({"a", "b", "c"}));
    QVERIFY(
        imaging::writeLabels(m_dataset->labels("b"), {gridOf(16, 16, 15), std::vector<std::uint8_t>(16 * 16 * 15, 0)}));
    const auto message = failureOf(m_plan);
    QVERIFY2(message.contains("Case b: label map") && message.contains("b.nii.gz is 16x16x15 but the image") &&
                 message.contains("is 16x16x16"),
             qPrintable(message));
}

void tst_VolumeSegmentation::refusesLabelsOfAnotherPlace()
{
    QVERIFY(addGoodCases({"a", "b", "c"}));
    auto moved = gridOf(16, 16, 16);
    moved.origin = {5, 0, 0};
    QVERIFY(imaging::writeLabels(m_dataset->labels("b"), {moved, std::vector<std::uint8_t>(16 * 16 * 16, 0)}));
    const auto message = failureOf(m_plan);
    QVERIFY2(message.contains("Case b") && message.contains("elsewhere in the patient"), qPrintable(message));
}

void tst_VolumeSegmentation::refusesTruncatedImage()
{
    QVERIFY(addGoodCases({"a", "b", "c"}));
    const auto whole = readFile(m_dataset->image("b"));
    QVERIFY(whole);
    QVERIFY(writeFileAtomically(m_dataset->image("b"), std::string_view(*whole).substr(0, whole->size() / 2)));
    const auto message = failureOf(m_plan);
    QVERIFY2(message.contains("Case b") && message.contains("b_0000.nii.gz"), qPrintable(message));
    QVERIFY(!message.contains('\n'));
}

void tst_VolumeSegmentation::refusesLabelBeyondThePlan()
{
    QVERIFY(addGoodCases({"a", "b", "c"}));
    QVERIFY(m_dataset->addCase("c", gridOf(16, 16, 16), 2));
    const auto message = failureOf(m_plan);
    QVERIFY2(message.contains("Case c") && message.contains("value 2"), qPrintable(message));
}

void tst_VolumeSegmentation::refusesTooFewCases()
{
    QVERIFY(addGoodCases({"a", "b"}));
    const auto job = m_task->open(m_plan, {m_dataset->folder()}, {.threads = 1});
    QVERIFY(!job);
    QCOMPARE(job.error().code, ErrorCode::Refused);
    QVERIFY(QString::fromStdString(job.error().message).contains("2 case(s), and the plan asks for at least 3"));
}

void tst_VolumeSegmentation::refusesDatasetOfOtherChannels()
{
    QVERIFY(addGoodCases({"a", "b", "c"}));
    auto plan = m_plan;
    plan.data.channels = {"FLAIR", "T1"};
    plan.preprocessing.normalisation = {"zscore", "zscore"};
    const auto message = failureOf(plan);
    QVERIFY2(message.contains("1 channel(s), the plan 2"), qPrintable(message));
}

void tst_VolumeSegmentation::everySiteStartsFromTheSameModel()
{
    QVERIFY(addGoodCases({"a", "b", "c"}));
    auto here = m_task->open(m_plan, {m_dataset->folder()}, {.threads = 1});
    auto there = m_task->open(m_plan, {}, {.threads = 2});
    QVERIFY(here && there);
    QCOMPARE((*there)->cases(Split::Training), 0);
    const auto first = (*here)->initialModel();
    const auto second = (*there)->initialModel();
    QVERIFY(first && second);
    QVERIFY(*first == *second);
}

void tst_VolumeSegmentation::fittingLowersTheLoss()
{
    QVERIFY(addGoodCases({"a", "b", "c"}));
    auto job = m_task->open(m_plan, {m_dataset->folder()}, {.threads = 1});
    QVERIFY2(job, job ? "" : job.error().line().c_str());
    QCOMPARE((*job)->cases(Split::Training), 1);
    QCOMPARE((*job)->cases(Split::Validation), 1);
    QCOMPARE((*job)->cases(Split::Test), 1);
    const auto start = (*job)->initialModel();
    QVERIFY(start);
    const auto before = (*job)->evaluate({&*start, 1}, Split::Test);
    QVERIFY(before);

    std::vector<double> losses;
    int lastStep = 0;
    TrainingJob::FitRequest request;
    request.steps = 60;
    request.firstStep = 0;
    request.progress = [&](const TrainingProgress &progress) {
        losses.push_back(progress.loss);
        lastStep = progress.step;
        return progress.steps == 60 && progress.epochs == 6 && progress.epoch >= 1 && progress.epoch <= 6;
    };
    const auto fitted = (*job)->fit(*start, request);
    QVERIFY2(fitted, fitted ? "" : fitted.error().line().c_str());
    QCOMPARE(fitted->samples, 1);
    QCOMPARE(lastStep, 60);
    QVERIFY2(fitted->loss < 0.7 * losses.front(),
             qPrintable(QString("%1 after %2").arg(fitted->loss).arg(losses.front())));
    const auto after = (*job)->evaluate({&fitted->model, 1}, Split::Test);
    QVERIFY(after && !after->means.empty());
    QCOMPARE(after->means[0].name, std::string("dice"));
    QCOMPARE(after->means[0].support, 1);
    // A cuboid in a corner of a ramp, the same in every case: nothing to it.
    QVERIFY2(after->means[0].value > 0.8, qPrintable(QString::number(after->means[0].value)));
}

void tst_VolumeSegmentation::sameSeedSameBytes()
{
    QVERIFY(addGoodCases({"a", "b", "c"}));
    auto plan = m_plan;
    plan.training.patch = {8, 8, 8}; // smaller than the image: which patch is drawn is up to the seed
    std::vector<ModelState> models;
    for (const std::uint64_t seed : {1, 1, 2}) {
        auto job = m_task->open(plan, {m_dataset->folder()}, {.threads = 1});
        QVERIFY(job);
        TrainingJob::FitRequest request;
        request.round = 2;
        request.steps = 4;
        request.seed = seed;
        auto fitted = (*job)->fit(*(*job)->initialModel(), request);
        QVERIFY(fitted);
        models.push_back(std::move(fitted->model));
    }
    QVERIFY(models[0] == models[1]);
    QVERIFY(!(models[0] == models[2]));
}

void tst_VolumeSegmentation::epochsAsLongAsTheCases()
{
    // Of seven cases five train: three batches of two fill an epoch, two epochs a round, three rounds the study.
    QVERIFY(addGoodCases({"a", "b", "c", "d", "e", "f", "g"}));
    auto plan = m_plan;
    plan.training.epochLength = "cases";
    plan.training.epochsPerRound = 2;
    plan.training.schedule = {"rounds", 0.9, 30, 0.5, {1}};
    auto job = m_task->open(plan, {m_dataset->folder()}, {.threads = 1});
    QVERIFY2(job, job ? "" : job.error().line().c_str());
    QCOMPARE((*job)->cases(Split::Training), 5);
    QCOMPARE((*job)->stepsPerRound(), 6);
    const auto start = (*job)->initialModel();
    QVERIFY(start);
    TrainingJob::FitRequest request;
    std::vector<int> epochs;
    request.progress = [&](const TrainingProgress &progress) {
        epochs.push_back(progress.epoch);
        return progress.steps == 6 && progress.epochs == 2;
    };
    for (const auto &[round, sum] : {std::pair(1, 6 * 0.01), std::pair(2, 6 * 0.005), std::pair(3, 6 * 0.005)}) {
        request.round = round;
        const auto fitted = (*job)->fit(*start, request);
        QVERIFY2(fitted, fitted ? "" : fitted.error().line().c_str());
        QCOMPARE(fitted->steps, 6);
        QCOMPARE_LE(std::abs(fitted->learningRateSum - sum), 1e-12);
    }
    QCOMPARE(epochs, (std::vector{1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2}));

    plan.training.schedule = {};
    job = m_task->open(plan, {m_dataset->folder()}, {.threads = 1});
    QVERIFY(job);
    request.round = 2;
    const auto fitted = (*job)->fit(*start, request);
    QVERIFY(fitted);
    double sum = 0;
    for (int step = 6; step < 12; ++step)
        sum += 0.01 * std::pow(1 - step / 18.0, 0.9);
    QCOMPARE_LE(std::abs(fitted->learningRateSum - sum), 1e-12);
}

void tst_VolumeSegmentation::strategiesAddTheirTerms()
{
    QVERIFY(addGoodCases({"a", "b", "c"}));
    auto plan = m_plan;
    plan.training.optimizer = {"sgd", 0.01, 0, false, {0.9, 0.999}, 0};
    plan.training.schedule.kind = "constant";
    plan.training.clipGradient = 1e-12; // the cases teach nothing: what moves is what a strategy adds after clipping
    auto job = m_task->open(plan, {m_dataset->folder()}, {.threads = 1});
    QVERIFY(job);
    const auto start = (*job)->initialModel();
    QVERIFY(start);
    const std::vector<float> two{2, -2};
    const ModelState correction{{Tensor::fromFloats("heads.0.bias", {2}, two)}, {}};
    TrainingJob::FitRequest request;
    request.steps = 5;
    request.correction = &correction;
    const auto corrected = (*job)->fit(*start, request);
    QVERIFY2(corrected, corrected ? "" : corrected.error().line().c_str());
    const auto before = start->find("heads.0.bias")->floats(), after = corrected->model.find("heads.0.bias")->floats();
    QCOMPARE_LE(std::abs(after[0] - (before[0] - 5 * 0.01 * 2)), 1e-6);
    QCOMPARE_LE(std::abs(after[1] - (before[1] + 5 * 0.01 * 2)), 1e-6);

    plan.training.clipGradient = 12;
    job = m_task->open(plan, {m_dataset->folder()}, {.threads = 1});
    QVERIFY(job);
    request.correction = nullptr;
    const auto plain = (*job)->fit(*start, request);
    request.proximal = 2;
    const auto toStart = (*job)->fit(*start, request);
    request.anchor = &*start;
    const auto toAnchor = (*job)->fit(*start, request);
    QVERIFY(plain && toStart && toAnchor);
    QVERIFY(toStart->model == toAnchor->model);
    QVERIFY(!(toStart->model == plain->model));
    const std::vector<float> three{1, 2, 3};
    const ModelState other{{Tensor::fromFloats("heads.0.bias", {3}, three)}, {}};
    request.anchor = &other;
    const auto refused = (*job)->fit(*start, request);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Invalid);
}

void tst_VolumeSegmentation::aPersonCanStopIt()
{
    QVERIFY(addGoodCases({"a", "b", "c"}));
    auto job = m_task->open(m_plan, {m_dataset->folder()}, {.threads = 1});
    QVERIFY(job);
    TrainingJob::FitRequest request;
    request.progress = [](const TrainingProgress &) { return false; };
    const auto fitted = (*job)->fit(*(*job)->initialModel(), request);
    QVERIFY(!fitted);
    QCOMPARE(fitted.error().code, ErrorCode::Cancelled);
}

void tst_VolumeSegmentation::stopsBetweenCases()
{
    QVERIFY(addGoodCases({"a", "b", "c"}));
    bool stop = false;
    OpenOptions options;
    options.stopRequested = [&stop] { return stop; };
    auto job = m_task->open(m_plan, {m_dataset->folder()}, options);
    QVERIFY(job);
    const auto model = (*job)->initialModel();
    QVERIFY(model);
    stop = true;
    const auto evaluated = (*job)->evaluate({&*model, 1}, Split::Test);
    QVERIFY(!evaluated);
    QCOMPARE(evaluated.error().code, ErrorCode::Cancelled);
    const auto out = m_dataset->folder() / "a.nii.gz";
    const auto predicted = (*job)->predict({&*model, 1}, {m_dataset->image("a")}, out);
    QVERIFY(!predicted);
    QCOMPARE(predicted.error().code, ErrorCode::Cancelled);
    QVERIFY(!std::filesystem::exists(out));
    const auto again = m_task->open(m_plan, {m_dataset->folder()}, options);
    QVERIFY(!again);
    QCOMPARE(again.error().code, ErrorCode::Cancelled);
}

void tst_VolumeSegmentation::opensTheSplitsAskedFor()
{
    // Of three cases one is in each split; those of the others cannot even be read.
    QVERIFY(addGoodCases({"a", "b", "c"}));
    const auto dataset = openDataset(m_dataset->folder());
    QVERIFY(dataset);
    const auto splits = splitCases(*dataset, m_plan.seed);
    for (std::size_t n = 0; n < splits.size(); ++n)
        QVERIFY(splits[n] == Split::Test || writeFileAtomically(m_dataset->image(dataset->cases[n].id), "no image"));
    OpenOptions options;
    options.splits = {Split::Test};
    auto job = m_task->open(m_plan, {m_dataset->folder()}, options);
    QVERIFY2(job, job ? "" : job.error().line().c_str());
    QCOMPARE((*job)->cases(Split::Test), 1);
    QCOMPARE((*job)->cases(Split::Training), 0);
    const auto model = (*job)->initialModel();
    QVERIFY(model);
    QVERIFY((*job)->evaluate({&*model, 1}, Split::Test));
    const auto others = (*job)->evaluate({&*model, 1}, Split::Validation);
    QVERIFY(!others);
    QCOMPARE(others.error().code, ErrorCode::Invalid);
}

void tst_VolumeSegmentation::poolsFolders()
{
    QVERIFY(addGoodCases({"a", "b", "c"}));
    const SmallDataset second(m_dataset->folder().parent_path() / "second");
    QVERIFY(second.describe());
    for (const auto *id : {"d", "e", "f", "g"})
        QVERIFY(second.addCase(id, gridOf(16, 16, 16)));
    auto job = m_task->open(m_plan, {m_dataset->folder(), second.folder()}, {.threads = 2});
    QVERIFY(job);
    QCOMPARE((*job)->cases(Split::Training), 1 + 2);
    QCOMPARE((*job)->cases(Split::Validation), 2);
    QCOMPARE((*job)->cases(Split::Test), 2);
}

void tst_VolumeSegmentation::predictsOnTheOriginalGrid()
{
    // Axes turned, voxels of 1.5 mm where the plan wants 1 mm, away from the origin.
    auto geometry = gridOf(12, 14, 10, 1.5);
    geometry.direction = {imaging::Vec3{0, -1, 0}, imaging::Vec3{0, 0, 1}, imaging::Vec3{-1, 0, 0}};
    geometry.origin = {10, -20, 30};
    QVERIFY(m_dataset->addCase("a", geometry));
    auto job = m_task->open(m_plan, {}, {.threads = 1});
    QVERIFY(job);
    const auto out = m_dataset->folder() / "predictions" / "a.nii.gz";
    const auto model = (*job)->initialModel();
    QVERIFY(model);
    const auto done = (*job)->predict({&*model, 1}, {m_dataset->image("a")}, out);
    QVERIFY2(done, done ? "" : done.error().line().c_str());
    const auto labels = imaging::readLabels(out);
    const auto image = imaging::readNifti(m_dataset->image("a"));
    QVERIFY(labels && image);
    QVERIFY(labels->geometry.sameGrid(image->geometry));
    QVERIFY(!(*job)->predict({&*model, 1}, {m_dataset->folder() / "absent.nii.gz"}, m_dataset->folder() / "no.nii.gz"));
    QVERIFY(!std::filesystem::exists(m_dataset->folder() / "no.nii.gz"));
}

void tst_VolumeSegmentation::evaluatesOnTheOriginalGrid()
{
    // What predict writes, compared voxel by voxel here, is what evaluate reports, though the plan resamples in
    // between.
    QVERIFY(addGoodCases({"a", "b", "c"}, 2));
    auto plan = m_plan;
    plan.preprocessing.spacing = {1.6, 1.6, 1.6};
    auto job = m_task->open(plan, {m_dataset->folder()}, {.threads = 1});
    QVERIFY(job);
    TrainingJob::FitRequest request;
    request.steps = 10;
    const auto fitted = (*job)->fit(*(*job)->initialModel(), request);
    QVERIFY(fitted);
    const auto result = (*job)->evaluate({&fitted->model, 1}, Split::Test);
    QVERIFY(result);
    QCOMPARE(result->cases.size(), 1u);
    const auto id = result->cases[0].caseId;
    QVERIFY((*job)->predict({&fitted->model, 1}, {m_dataset->image(id)}, m_dataset->folder() / "p.nii.gz"));
    const auto predicted = imaging::readLabels(m_dataset->folder() / "p.nii.gz");
    const auto reference = imaging::readLabels(m_dataset->labels(id));
    QVERIFY(predicted && reference);
    int both = 0, sum = 0;
    for (std::size_t voxel = 0; voxel < reference->values.size(); ++voxel) {
        both += predicted->values[voxel] == 1 && reference->values[voxel] == 1 ? 1 : 0;
        sum += predicted->values[voxel] + reference->values[voxel];
    }
    QCOMPARE(result->cases[0].metrics[0].value, 2.0 * both / sum);
}

QTEST_APPLESS_MAIN(tst_VolumeSegmentation)
#include "tst_volume_segmentation.moc"
