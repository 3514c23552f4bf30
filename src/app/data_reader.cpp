// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/data_reader.h"

#include "app/node_release.h"
#include "core/file.h"
#include "core/hash.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

namespace consilium::app {

namespace {

constexpr int batchInterval = 50; // ms

QString display(const std::filesystem::path &path)
{
    return QString::fromStdU16String(path.u16string());
}

/// The verdicts in a file, when it speaks of exactly these cases as they are now.
std::optional<std::vector<CaseVerdict>> readKept(const std::filesystem::path &file,
                                                 const QHash<QString, QString> &stamps)
{
    const auto json = readJson(file);
    if (!json || !json->is_object() || static_cast<qsizetype>(json->size()) != stamps.size())
        return std::nullopt;
    std::vector<CaseVerdict> verdicts;
    for (const auto &[id, kept] : json->items()) {
        const auto name = QString::fromStdString(id);
        if (!kept.is_object() || QString::fromStdString(kept.value("stamp", std::string())) != stamps.value(name))
            return std::nullopt;
        verdicts.push_back({name, qualityNamed(QString::fromStdString(kept.value("verdict", std::string()))),
                            QString::fromStdString(kept.value("reason", std::string()))});
        if (verdicts.back().quality == CaseQuality::Unknown)
            return std::nullopt;
    }
    return verdicts;
}

} // namespace

DatasetReader::DatasetReader(std::filesystem::path keptFolder, QString program, QObject *parent)
    : QObject(parent), m_keptFolder(std::move(keptFolder)), m_program(std::move(program))
{
    m_batch.setInterval(batchInterval);
    connect(&m_batch, &QTimer::timeout, this, &DatasetReader::flush);
}

DatasetReader::~DatasetReader() = default;

void DatasetReader::open(const std::filesystem::path &folder, std::optional<std::uint64_t> seed)
{
    m_folder = folder;
    m_seed = seed;
    m_info = {};
    m_stamps.clear();
    m_cases.clear();
    m_verdicts.clear();
    m_all.clear();
    run(State::Listing, {QStringLiteral("--headers-only")});
}

void DatasetReader::run(State state, QStringList arguments)
{
    ++m_generation;
    release(std::move(m_node));
    m_state = state;
    m_node = std::make_unique<NodeProcess>(m_program);
    connect(m_node.get(), &NodeProcess::event, this, &DatasetReader::take);
    // Queued: what follows may replace the process, which is still speaking.
    connect(
        m_node.get(), &NodeProcess::finished, this,
        [this, generation = m_generation](bool ok, const QString &message) {
            if (generation == m_generation)
                conclude(ok, message);
        },
        Qt::QueuedConnection);
    arguments = QStringList{QStringLiteral("inspect"), display(m_folder), QStringLiteral("--events")} + arguments;
    if (m_seed)
        arguments << QStringLiteral("--seed") << QString::number(*m_seed);
    m_batch.start();
    m_node->start(arguments);
}

void DatasetReader::take(const Json &event)
{
    const bool listing = m_state == State::Listing;
    if (const auto info = listing ? datasetFrom(event) : std::nullopt) {
        m_info = *info;
        m_info.folder = m_folder;
        Q_EMIT opened(m_info);
    } else if (auto found = listing ? caseFrom(event) : std::nullopt) {
        m_stamps.insert(found->id, found->stamp);
        m_cases.push_back(std::move(*found));
    } else if (auto verdict = verdictFrom(event)) {
        m_all.push_back(*verdict);
        m_verdicts.push_back(std::move(*verdict));
    } else if (event.value("event", std::string()) == "progress") {
        Q_EMIT progress(tr("Looking at every voxel"), event.value("done", 0), event.value("total", 0));
    }
}

void DatasetReader::flush()
{
    if (auto cases = std::exchange(m_cases, {}); !cases.empty()) {
        Q_EMIT listed(cases);
        if (m_state == State::Listing)
            Q_EMIT progress(tr("Reading headers"), static_cast<int>(m_stamps.size()), m_info.cases);
    }
    if (auto verdicts = std::exchange(m_verdicts, {}); !verdicts.empty())
        Q_EMIT judged(verdicts);
}

void DatasetReader::conclude(bool ok, const QString &message)
{
    flush();
    m_batch.stop();
    const auto state = std::exchange(m_state, State::Idle);
    if (ok && state == State::Listing)
        return recall();
    if (ok && state == State::Checking)
        keepVerdicts();
    Q_EMIT finished(ok, message);
}

std::filesystem::path DatasetReader::keptFile() const
{
    return m_keptFolder / (sha256Hex(m_folder.string() + '\n' + m_info.task.toStdString()).substr(0, 32) + ".json");
}

void DatasetReader::recall()
{
    if (m_keptFolder.empty())
        return check();
    m_state = State::Recalling;
    QThreadPool::globalInstance()->start(
        [reader = QPointer(this), generation = m_generation, file = keptFile(), stamps = m_stamps] {
            auto verdicts = readKept(file, stamps);
            QMetaObject::invokeMethod(qApp, [reader, generation, verdicts = std::move(verdicts)] {
                if (!reader || reader->m_generation != generation || reader->m_state != State::Recalling)
                    return;
                if (!verdicts)
                    return reader->check();
                reader->m_state = State::Idle;
                Q_EMIT reader->judged(*verdicts);
                Q_EMIT reader->finished(true, {});
            });
        });
}

void DatasetReader::check()
{
    m_all.clear();
    // Data need not have a task's spacing, which a plan brings it to; but one case that differs from all others is odd.
    QStringList arguments{QStringLiteral("--common-spacing")};
    if (!m_info.task.isEmpty())
        arguments << QStringLiteral("--task") << m_info.task;
    run(State::Checking, arguments);
}

void DatasetReader::checkAgain()
{
    if (!isRunning() && !m_stamps.isEmpty())
        check();
}

void DatasetReader::stop()
{
    if (m_state == State::Recalling) {
        m_state = State::Idle;
        Q_EMIT finished(false, tr("The quality check was stopped"));
    } else if (m_node) {
        m_node->stop();
    }
}

void DatasetReader::keepVerdicts()
{
    if (m_keptFolder.empty())
        return;
    Json json = Json::object();
    for (const auto &verdict : m_all)
        json[verdict.id.toStdString()] = {{"stamp", m_stamps.value(verdict.id).toStdString()},
                                          {"verdict", nameOf(verdict.quality).toStdString()},
                                          {"reason", verdict.reason.toStdString()}};
    // One that cannot be written is found out anew the next time.
    QThreadPool::globalInstance()->start(
        [file = keptFile(), json = std::move(json)] { (void)writeFileAtomically(file, json.dump()); });
}

} // namespace consilium::app
