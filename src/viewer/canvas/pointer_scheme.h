// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <Qt>
#include <optional>
#include <vector>

namespace consilium::viewer {

/// What a drag over a canvas does.
enum class PointerAction { Tool, Pan, Zoom, Contrast, Slices };

struct PointerBinding
{
    Qt::MouseButton button = Qt::LeftButton;
    Qt::KeyboardModifiers modifiers;
    PointerAction action = PointerAction::Tool;
};

/// Which button does what: data, from resources/review/pointer_schemes.json, so that readers keep the habits of the
/// program they come from.
struct PointerScheme
{
    QString id, title, description;
    std::vector<PointerBinding> bindings;

    /// The binding of exactly these modifiers; else, for a button that holds the tool, the tool, which has its own use
    /// for modifiers.
    std::optional<PointerAction> actionOf(Qt::MouseButton button, Qt::KeyboardModifiers modifiers) const;
};

/// The schemes there are, the default first. Titles are in the reader's language.
const std::vector<PointerScheme> &pointerSchemes();
/// The scheme of that id, or the default one.
const PointerScheme &pointerScheme(const QString &id);

} // namespace consilium::viewer
