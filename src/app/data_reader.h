// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/data_case.h"
#include "app/node_process.h"

#include <QHash>
#include <QObject>
#include <QTimer>
#include <memory>

namespace consilium::app {

/// Reads a dataset for the Data page: a node lists its cases from headers alone, then another looks at every voxel.
///
/// Verdicts of an earlier look are kept in a folder and taken from there while no file of the dataset has changed since
/// and the same was expected of it.
class DatasetReader : public QObject
{
    Q_OBJECT

public:
    /// `keptFolder`: where verdicts are kept; empty: nowhere. `program`: the node.
    explicit DatasetReader(std::filesystem::path keptFolder, QString program = nodeProgram(),
                           QObject *parent = nullptr);
    ~DatasetReader() override;

    /// Reads `folder`; what was being read before is dropped without a word. `seed`: of the splits; without it a plan's
    /// usual one.
    void open(const std::filesystem::path &folder, std::optional<std::uint64_t> seed = {});
    /// Looks at every voxel once more, whatever is kept.
    void checkAgain();
    void stop();

    bool isRunning() const { return m_state != State::Idle; }
    bool isChecking() const { return m_state == State::Checking; }

Q_SIGNALS:
    void opened(const consilium::app::DatasetInfo &info);
    void listed(const std::vector<consilium::app::DataCase> &cases); ///< a share of them, several times
    void progress(const QString &text, int done, int total);
    void judged(const std::vector<consilium::app::CaseVerdict> &verdicts);
    /// It is listed and, as far as it was not stopped, looked at. `message`: what went wrong or that it was stopped.
    void finished(bool ok, const QString &message);

private:
    enum class State { Idle, Listing, Recalling, Checking };
    void run(State state, QStringList arguments);
    void take(const Json &event);
    void flush();
    void conclude(bool ok, const QString &message);
    void recall();
    void check();
    void keepVerdicts();
    std::filesystem::path keptFile() const;

    const std::filesystem::path m_keptFolder;
    const QString m_program;
    State m_state = State::Idle;
    std::unique_ptr<NodeProcess> m_node;
    QTimer m_batch;
    std::filesystem::path m_folder;
    std::optional<std::uint64_t> m_seed;
    DatasetInfo m_info;
    QHash<QString, QString> m_stamps; ///< by case
    std::vector<DataCase> m_cases;    ///< not yet told
    std::vector<CaseVerdict> m_verdicts, m_all;
    int m_generation = 0;
};

} // namespace consilium::app
