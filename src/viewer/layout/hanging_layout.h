// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "viewer/canvas/colours.h"
#include "viewer/canvas/slice_geometry.h"

#include <QString>
#include <vector>

namespace consilium::viewer {

enum class ViewKind { Slice, Surface, Swipe, Flicker };

/// What lies over an image.
enum class OverlayKind {
    None,
    Chosen,    ///< what the bar says
    One,       ///< one segmentation
    Difference ///< one segmentation against the reference: found, invented, missed
};

/// What one view shows: any image of any case with any model's answer.
struct ViewContent
{
    ViewKind kind = ViewKind::Slice;
    QString name;               ///< of the canvas: "axial", "column2"
    Plane plane = Plane::Axial; ///< of slices
    OverlayKind overlay = OverlayKind::Chosen;
    int segmentation = kReference; ///< of One and Difference, and the first of a comparison
    int second = kReference;       ///< of a comparison
    int channel = -1;              ///< -1: the one the bar says
    int offset = 0;                ///< slices from the cursor's
    bool prior = false;            ///< of the earlier case that was opened for comparison

    bool operator==(const ViewContent &) const = default;
};

/// What a layout has to know of a case.
struct CaseShape
{
    std::vector<int> segmentations; ///< kReference, indices of predictions
    int channels = 1;
    Plane facing = Plane::Axial;               ///< the plane of a single slice or a radiograph
    int left = kReference, right = kReference; ///< of a reading session
    bool hasPrior = false;
};

/// How images are hung: data, from resources/review/layouts.json and the reader's own file.
///
/// {"id", "title", "columns" (0 or missing: side by side in one row), "listed" (true), "views": [{"name", "show":
/// "slice" | "surface" | "swipe" | "flicker", "plane": "axial" | "coronal" | "sagittal" | "facing", "overlay": "none" |
/// "chosen" | "reference" | "each" | "difference" | "pair" | "left" | "right", "channel": n | "each", "times", "step",
/// "atMost", "case": "current" | "prior"}]}. "each" makes a view for each segmentation, "difference" one for each
/// model, "channel": "each" one for each image; "times" makes so many views, "step" slices apart, the cursor's in the
/// middle.
class HangingLayout
{
public:
    /// Errors: Malformed, naming the layout and the word that is not known.
    static Result<HangingLayout> fromJson(const Json &json);

    const QString &id() const { return m_id; }
    const QString &title() const { return m_title; } ///< in the reader's language
    bool isListed() const { return m_listed; }       ///< offered for choosing

    /// The views for one case, at least one; names are made unique by numbers from 1.
    std::vector<ViewContent> views(const CaseShape &shape) const;
    /// Columns of the grid for so many views.
    int columnsFor(int views) const;

private:
    struct Template
    {
        ViewContent view;
        bool facing = false, eachSegmentation = false, eachModel = false, pair = false, left = false, right = false,
             eachChannel = false;
        int times = 1, step = 0, atMost = 16;
    };
    static Result<Template> readView(const Json &json);
    void addViews(const Template &from, const CaseShape &shape, std::vector<ViewContent> &views) const;

    QString m_id, m_title;
    bool m_listed = true;
    int m_columns = 0;
    std::vector<Template> m_views;
};

/// The layouts for a kind of case ("lesions", "structures", "radiograph"), those of the program and then those of
/// `own`, a file of the same form, when it is not null. A layout of `own` replaces one of the same id. Errors: as
/// HangingLayout::fromJson.
Result<std::vector<HangingLayout>> hangingLayouts(const std::string &kind, const Json &own = {});

} // namespace consilium::viewer
