// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/cases/case_loader.h"

#include <QElapsedTimer>
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

// Runs `work(request)` on the thread and `deliver(value)` on this object's; a newer request, or cancel, drops both.
template <typename Work, typename Deliver>
void CaseLoader::start(Work work, Deliver deliver)
{
    const std::uint64_t request = ++m_newest;
    m_thread.clear();
    m_thread.start([this, request, work = std::move(work), deliver = std::move(deliver)] {
        if (request != m_newest)
            return;
        auto result = work(request);
        const auto present = [this, request, deliver, result = std::move(result)] {
            if (request != m_newest)
                return;
            if (result)
                deliver(*result);
            else
                Q_EMIT failed(QString::fromStdString(result.error().line()));
        };
        // The destructor waits for this thread, so `this` is alive; a call still queued then is dropped with the
        // object.
        QMetaObject::invokeMethod(this, present, Qt::QueuedConnection);
    });
}

void CaseLoader::find(const std::vector<std::filesystem::path> &paths)
{
    const auto look = [this, paths](std::uint64_t request) {
        QElapsedTimer sinceTold;
        sinceTold.start();
        return findCases(paths, [&](std::size_t done, std::size_t total) {
            if (sinceTold.elapsed() >= 100) {
                sinceTold.restart();
                QMetaObject::invokeMethod(
                    this, [=, this] { Q_EMIT finding(static_cast<int>(done), static_cast<int>(total)); },
                    Qt::QueuedConnection);
            }
            return request == m_newest;
        });
    };
    start(look, [this](const std::vector<CaseSource> &sources) { Q_EMIT found(sources); });
}

void CaseLoader::load(const CaseSource &source)
{
    start([source](std::uint64_t) { return readCase(source); },
          [this](const std::shared_ptr<const LoadedCase> &opened) { Q_EMIT loaded(opened); });
}

} // namespace consilium::viewer
