// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/cases/case_loader.h"

#include <QElapsedTimer>
#include <QMetaObject>

namespace consilium::viewer {

namespace {

// Thirty times a second: what arrives in between is shown together.
constexpr int kArrivalMilliseconds = 33;

using Arriving = std::function<void(ReviewCase)>;

Result<std::shared_ptr<const LoadedCase>> readCase(const CaseSource &source, const Arriving &arriving)
{
    try {
        auto opened = loadReviewCase(source, arriving);
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
    m_arrivals.setInterval(kArrivalMilliseconds);
    connect(&m_arrivals, &QTimer::timeout, this, &CaseLoader::slicesArrived);
}

CaseLoader::~CaseLoader()
{
    cancel();
    m_thread.waitForDone();
}

void CaseLoader::cancel()
{
    ++m_newest;
    m_arrivals.stop();
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
                return deliver(*result);
            m_arrivals.stop();
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
    if (const auto kept = m_cache.find(source)) {
        const std::uint64_t request = ++m_newest;
        m_arrivals.stop();
        m_thread.clear();
        // Queued like any other answer, so that callers need not know where it comes from.
        const auto present = [this, request, kept] {
            if (request == m_newest)
                Q_EMIT loaded(kept);
        };
        QMetaObject::invokeMethod(this, present, Qt::QueuedConnection);
        return;
    }
    const auto read = [this, source](std::uint64_t request) {
        return readCase(source, [this, request](ReviewCase opened) {
            auto partly = std::make_shared<LoadedCase>();
            partly->opened = std::move(opened);
            const auto show = [this, request, partly = std::shared_ptr<const LoadedCase>(std::move(partly))] {
                if (request != m_newest)
                    return;
                m_arrivals.start();
                Q_EMIT arriving(partly);
            };
            QMetaObject::invokeMethod(this, show, Qt::QueuedConnection);
        });
    };
    start(read, [this, source](const std::shared_ptr<const LoadedCase> &opened) {
        m_arrivals.stop();
        m_cache.keep(source, opened);
        Q_EMIT loaded(opened);
    });
}

void CaseLoader::prefetch(const CaseSource &source)
{
    // A series may take seconds, for which whatever is asked for next would wait.
    if (source.series || m_cache.find(source))
        return;
    m_thread.start([this, source, request = m_newest.load()] {
        if (request != m_newest)
            return;
        // What is wrong with it is told when it is asked for.
        const auto read = readCase(source, {});
        if (!read)
            return;
        QMetaObject::invokeMethod(
            this, [this, source, kept = *read] { m_cache.keep(source, kept); }, Qt::QueuedConnection);
    });
}

} // namespace consilium::viewer
