// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/prior_comparison.h"

#include <QElapsedTimer>
#include <QMetaObject>
#include <utility>

namespace consilium::viewer {

namespace {

struct Author
{
    int segmentation;
    const Segmentation *prior, *current;
};

std::optional<Author> commonAuthor(const ReviewCase &prior, const ReviewCase &current)
{
    if (prior.reference && current.reference)
        return Author{-1, &*prior.reference, &*current.reference};
    for (std::size_t n = 0; n < current.predictions.size(); ++n)
        for (const Segmentation &earlier : prior.predictions)
            if (earlier.name == current.predictions[n].name)
                return Author{static_cast<int>(n), &earlier, &current.predictions[n]};
    return std::nullopt;
}

} // namespace

Result<ComparedCases> compareCases(std::shared_ptr<const LoadedCase> prior, std::shared_ptr<const LoadedCase> current,
                                   const std::function<bool(double)> &progress, const ChangeLimits &limits)
{
    const ReviewCase &earlier = prior->opened, &now = current->opened;
    if (earlier.kind != LabelKind::Lesions || now.kind != LabelKind::Lesions)
        return fail(ErrorCode::Invalid, "Only lesions can be compared over time, not structures");
    const auto author = commonAuthor(earlier, now);
    if (!author)
        return failWithHint(ErrorCode::Invalid, "Open the earlier examination with a reference or the same models",
                            "Nobody marked lesions in both examinations");
    imaging::RegistrationOptions options;
    options.progress = progress;
    const auto aligned =
        imaging::registerRigid(*now.channels.front().volume, *earlier.channels.front().volume, options);
    if (!aligned)
        return fail(aligned.error());
    LesionChange change(*author->prior->labels, *author->current->labels, aligned->fixedToMoving, limits);
    if (progress && !progress(1))
        return fail(ErrorCode::Cancelled, "The comparison was cancelled");
    return ComparedCases{std::move(prior), std::move(current), author->segmentation, aligned->fixedToMoving,
                         std::move(change)};
}

PriorComparison::PriorComparison(QObject *parent) : QObject(parent)
{
    m_thread.setMaxThreadCount(1);
}

PriorComparison::~PriorComparison()
{
    cancel();
    m_thread.waitForDone();
}

void PriorComparison::cancel()
{
    ++m_newest;
    m_thread.clear();
}

void PriorComparison::start(std::shared_ptr<const LoadedCase> prior, std::shared_ptr<const LoadedCase> current)
{
    cancel();
    const std::uint64_t request = m_newest;
    m_thread.start([this, request, prior = std::move(prior), current = std::move(current)] {
        // The destructor waits for this thread, so `this` is alive.
        const auto tell = [this, request](auto act) {
            QMetaObject::invokeMethod(
                this,
                [this, request, act = std::move(act)] {
                    if (request == m_newest)
                        act();
                },
                Qt::QueuedConnection);
        };
        QElapsedTimer sinceTold;
        const auto progress = [&](double share) {
            if (!sinceTold.isValid() || sinceTold.elapsed() >= 100) {
                sinceTold.restart();
                tell([this, share] { Q_EMIT progressed(share); });
            }
            return request == m_newest;
        };
        auto compared = compareCases(prior, current, progress);
        if (compared) {
            auto result = std::make_shared<const ComparedCases>(std::move(*compared));
            tell([this, result] { Q_EMIT this->compared(result); });
        } else {
            const QString message = QString::fromStdString(compared.error().line());
            tell([this, message] { Q_EMIT failed(message); });
        }
    });
}

} // namespace consilium::viewer
