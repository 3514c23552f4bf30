// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/canvas/window_preset.h"
#include "viewer/cases/case_cache.h"
#include "viewer/cases/label_comparison.h"
#include "viewer/layout/viewport.h"

#include <QCoreApplication>
#include <QString>
#include <map>
#include <memory>

namespace consilium::viewer {

/// Segmentations beside kReference and the predictions: what is being edited, what most models say, none.
constexpr int kEdited = -2, kMajority = -3, kNothing = -4;

/// The case on the screen and what of it is chosen: knows what each view shows and fills it. Views show it; it holds no
/// widgets.
class HungCase
{
    Q_DECLARE_TR_FUNCTIONS(HungCase)

public:
    void setTheme(const Theme &theme) { m_theme = theme; }
    /// `partly`: it is still being read. The choices of channel and overlay fall back to the first.
    void setCase(std::shared_ptr<const LoadedCase> loaded);
    void setPrior(std::shared_ptr<const LoadedCase> prior) { m_prior = std::move(prior); }
    void setEdited(std::shared_ptr<const imaging::LabelMap> edited) { m_edited = std::move(edited); }
    /// Names of models are not shown, and nothing from which they could be told.
    void setBlinded(bool blinded) { m_blinded = blinded; }
    void setSides(int left, int right);

    const LoadedCase *loaded() const { return m_case.get(); }
    const std::shared_ptr<const LoadedCase> &shared() const { return m_case; }
    const LoadedCase *prior() const { return m_prior.get(); }
    const ReviewCase &opened() const { return m_case->opened; }
    bool isBlinded() const { return m_blinded; }

    std::size_t channel() const { return m_channel; }
    void setChannel(std::size_t channel) { m_channel = channel; }
    /// kReference, a prediction, kEdited or kMajority; nothing: all at once.
    void setOverlay(std::optional<int> segmentation) { m_overlay = segmentation; }
    std::optional<int> overlay() const { return m_overlay; }
    int firstOverlay() const; ///< what lies over the images of a new case

    /// Everything that can lie over the images, in order: reference, predictions, majority, edited.
    std::vector<int> choices() const;
    /// Of what is chosen, what files hold: the reference and predictions.
    std::vector<int> surfaces() const;
    CaseShape shape() const;
    QString nameOf(int segmentation) const;
    QColor colourOf(int segmentation) const; ///< not valid where labels have a colour each
    /// The image a view shows, and a number that tells images apart for windows.
    const Channel &channelOf(const ViewContent &content) const;
    int imageOf(const ViewContent &content) const;

    void fill(Viewport &viewport);
    /// Where reading starts: in the largest lesion or the first structure; else in the middle of `fallback`.
    imaging::Vec3 firstPosition(const imaging::Vec3 &fallback) const;
    /// "49.8 mL", and the Dice for a model.
    QString noteOf(int segmentation) const;
    /// Labels of one segmentation; null when there are none.
    std::shared_ptr<const imaging::LabelMap> labelsOf(int segmentation);

private:
    std::vector<Overlay> overlaysOf(const ViewContent &content);
    Overlay overlayOf(int segmentation);
    std::shared_ptr<const LabelDifference> differenceOf(int segmentation);
    QString titleOf(const ViewContent &content) const;
    std::vector<QColor> marksOf(const ViewContent &content) const;
    QString noteOf(const ViewContent &content);
    const LoadedCase &caseOf(const ViewContent &content) const { return content.prior && m_prior ? *m_prior : *m_case; }

    Theme m_theme;
    std::shared_ptr<const LoadedCase> m_case, m_prior;
    std::shared_ptr<const imaging::LabelMap> m_edited, m_majority;
    std::map<int, std::shared_ptr<const LabelDifference>> m_differences;
    std::size_t m_channel = 0;
    std::optional<int> m_overlay = kReference;
    int m_left = kReference, m_right = kReference;
    bool m_blinded = false;
};

} // namespace consilium::viewer
