// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/verdict_file.h"

#include "viewer/cases/paths.h"

#include <QMetaObject>
#include <algorithm>

namespace consilium::viewer {

std::filesystem::path verdictFile(const std::filesystem::path &folder, const std::string &reader)
{
    std::string name = reader;
    std::replace_if(
        name.begin(), name.end(),
        [](char c) {
            return static_cast<unsigned char>(c) < 0x20 ||
                   std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos;
        },
        '-');
    return folder / fromUtf8("findings-" + (name.empty() ? "reader" : name) + ".json");
}

VerdictFile::VerdictFile(QObject *parent) : QObject(parent)
{
    m_thread.setMaxThreadCount(1);
}

VerdictFile::~VerdictFile()
{
    m_thread.waitForDone();
}

void VerdictFile::open(const std::filesystem::path &file)
{
    m_file = file;
    m_ready = false;
    const std::uint64_t request = ++m_request;
    if (file.empty())
        return;
    m_thread.start([this, file, request] {
        auto json = readJson(file);
        const auto deliver = [this, request, json = std::move(json)] {
            if (request != m_request)
                return;
            if (!json && json.error().code != ErrorCode::NotFound) {
                Q_EMIT failed(tr("Your verdicts on this case could not be read, so new ones are not kept. %1")
                                  .arg(QString::fromStdString(json.error().line())));
                return;
            }
            m_ready = true;
            Q_EMIT opened(json ? *json : Json());
        };
        // The destructor waits for this thread, so `this` is alive.
        QMetaObject::invokeMethod(this, deliver, Qt::QueuedConnection);
    });
}

void VerdictFile::refuse()
{
    m_ready = false;
}

void VerdictFile::save(Json verdicts)
{
    if (!m_ready)
        return;
    m_thread.start([this, file = m_file, verdicts = std::move(verdicts)] {
        const auto written = writeJson(file, verdicts);
        if (written)
            return;
        const QString message =
            tr("Your verdicts could not be kept. %1").arg(QString::fromStdString(written.error().line()));
        QMetaObject::invokeMethod(
            this, [this, message] { Q_EMIT failed(message); }, Qt::QueuedConnection);
    });
}

} // namespace consilium::viewer
