// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event.h"
#include "node/console.h"

#include <iostream>
#include <mutex>

namespace consilium::node {

/// A worker's events on standard output: as JSON lines, or as text with the progress on one line of its own. Safe from
/// several threads.
class EventPrinter
{
public:
    explicit EventPrinter(bool json) : m_json(json), m_progress(json) {}

    void print(const Event &event)
    {
        const std::lock_guard lock(m_mutex);
        if (m_json)
            std::cout << event.toJson().dump() << std::endl;
        else if (event.event == "progress")
            m_progress.show(event.text);
        else
            std::cout << event.text << std::endl;
    }

private:
    std::mutex m_mutex;
    bool m_json;
    ProgressLine m_progress;
};

} // namespace consilium::node
