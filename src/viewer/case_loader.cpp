// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/case_loader.h"

#include <QMetaObject>

namespace consilium::viewer {

namespace {

Result<std::shared_ptr<const LoadedCase>> readCase(const CaseSource &source)
{
    try {
        auto opened = loadReviewCase(source);
        if (!opened)
            return fail(opened.error());
        auto loaded = std::make_shared<LoadedCase>();
        loaded->opened = std::move(*opened);
        loaded->findings = findingsOf(loaded->opened);
        return loaded;
    } catch (const std::bad_alloc &) {
        return failWithHint(ErrorCode::Unavailable, "Close other programs or open smaller images",
                            "Not enough memory to open {}", source.title);
    }
}

} // namespace

CaseLoader::CaseLoader(QObject *parent) : QObject(parent)
{
    m_thread.setMaxThreadCount(1);
}

CaseLoader::~CaseLoader()
{
    cancel();
    m_thread.waitForDone();
}

void CaseLoader::cancel()
{
    ++m_newest;
    m_thread.clear();
}

void CaseLoader::load(const CaseSource &source)
{
    const std::uint64_t request = ++m_newest;
    m_thread.clear();
    m_thread.start([this, request, source] {
        if (request != m_newest)
            return;
        auto result = readCase(source);
        // The destructor waits for this thread, so `this` is alive; a call still queued then is dropped with the
        // object.
        QMetaObject::invokeMethod(
            this, [this, request, result = std::move(result)] { deliver(request, result); }, Qt::QueuedConnection);
    });
}

void CaseLoader::deliver(std::uint64_t request, const Result<std::shared_ptr<const LoadedCase>> &result)
{
    if (request != m_newest)
        return;
    if (result)
        Q_EMIT loaded(*result);
    else
        Q_EMIT failed(QString::fromStdString(result.error().line()));
}

} // namespace consilium::viewer
