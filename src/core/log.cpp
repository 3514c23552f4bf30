// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace consilium {

void startLogging(const std::filesystem::path &file)
{
    auto screen = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    screen->set_level(spdlog::level::warn);
    std::vector<spdlog::sink_ptr> sinks{screen};
    if (!file.empty()) {
        try {
            sinks.push_back(std::make_shared<spdlog::sinks::basic_file_sink_mt>(file.string()));
        } catch (const spdlog::spdlog_ex &) {
            // A log that cannot be written must not stop the work; the screen still has the warnings.
        }
    }
    auto logger = std::make_shared<spdlog::logger>("consilium", sinks.begin(), sinks.end());
    logger->set_level(spdlog::level::info);
    logger->flush_on(spdlog::level::info);
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %v");
    spdlog::set_default_logger(std::move(logger));
}

} // namespace consilium
