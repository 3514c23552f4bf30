// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/audited.h"
#include "storage/study_transaction.h"

#include <SQLiteCpp/VariadicBind.h>

namespace consilium::storage {

void StudyStore::insertMetrics(const std::vector<MetricRow> &metrics)
{
    SQLite::Statement put(*m_database, "INSERT OR REPLACE INTO metrics VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    for (const auto &metric : metrics) {
        SQLite::bind(put, metric.round, metric.site, metric.model, metric.split, metric.name, metric.step, metric.value,
                     metric.support);
        put.exec();
        put.reset();
    }
}

Result<> StudyStore::addMetrics(const std::vector<MetricRow> &metrics)
{
    return transact(Durability::WithTheNext, [&] { insertMetrics(metrics); });
}

Result<std::vector<MetricRow>> StudyStore::metrics(const std::string &model, const std::string &split)
{
    return transact([&] {
        std::vector<MetricRow> found;
        SQLite::Statement rows(
            *m_database, "SELECT round, site, name, step, value, support FROM metrics WHERE model = ? AND split = ? "
                         "ORDER BY round, site, name, step");
        SQLite::bind(rows, model, split);
        while (rows.executeStep())
            found.push_back({rows.getColumn(0).getInt(), rows.getColumn(1).getString(), model, split,
                             rows.getColumn(2).getString(), rows.getColumn(3).getInt(), rows.getColumn(4).getDouble(),
                             rows.getColumn(5).getInt()});
        return found;
    });
}

Result<> StudyStore::addEvent(const Event &event)
{
    return transact([&] {
        SQLite::Statement put(*m_database,
                              "INSERT INTO events (time, event, site, round, text, details) VALUES (?, ?, ?, ?, ?, ?)");
        SQLite::bind(put, toIso(event.time), event.event, event.site, event.round, event.text, event.details.dump());
        put.exec();
        link(auditOfEvent(event));
    });
}

} // namespace consilium::storage
