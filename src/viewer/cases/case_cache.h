// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/cases/case_findings.h"
#include "viewer/cases/case_source.h"

#include <cstdint>
#include <list>
#include <memory>
#include <string>

namespace consilium::viewer {

/// A case read and examined.
struct LoadedCase
{
    ReviewCase opened;
    CaseFindings findings;
};

/// What the volumes and label maps of a case take in memory.
std::int64_t bytesOf(const ReviewCase &opened);

/// Cases that were shown, for as long as they fit into a budget: the one used longest ago goes first. A case larger
/// than the budget is not kept.
class CaseCache
{
public:
    explicit CaseCache(std::int64_t budget = std::int64_t{2} << 30) : m_budget(budget) {}

    void setBudget(std::int64_t bytes);
    std::int64_t bytes() const { return m_bytes; }

    /// Null when it is not there.
    std::shared_ptr<const LoadedCase> find(const CaseSource &source);
    void keep(const CaseSource &source, std::shared_ptr<const LoadedCase> loaded);
    /// What was read of these files is out of date.
    void forget(const CaseSource &source);

private:
    struct Entry
    {
        std::string key;
        std::shared_ptr<const LoadedCase> loaded;
        std::int64_t bytes = 0;
    };
    void makeRoom();

    std::int64_t m_budget, m_bytes = 0;
    std::list<Entry> m_entries; // the newest first
};

} // namespace consilium::viewer
