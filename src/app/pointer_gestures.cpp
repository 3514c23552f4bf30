// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pointer_gestures.h"

#include <QCoreApplication>
#include <QStringList>

namespace consilium::app {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(PointerGestures)
};

QString actionName(viewer::PointerAction action)
{
    switch (action) {
    case viewer::PointerAction::Tool: return Text::tr("Tool or crosshair");
    case viewer::PointerAction::Pan: return Text::tr("Pan");
    case viewer::PointerAction::Zoom: return Text::tr("Zoom");
    case viewer::PointerAction::Contrast: return Text::tr("Window: width sideways, centre up and down");
    case viewer::PointerAction::Slices: return Text::tr("Slices");
    }
    return {};
}

QString dragName(const viewer::PointerBinding &binding)
{
    QStringList parts;
    if (binding.modifiers & Qt::ControlModifier)
        parts << QCoreApplication::translate("KeyName", "Ctrl");
    if (binding.modifiers & Qt::AltModifier)
        parts << QCoreApplication::translate("KeyName", "Alt");
    if (binding.modifiers & Qt::ShiftModifier)
        parts << QCoreApplication::translate("KeyName", "Shift");
    parts << (binding.button == Qt::LeftButton    ? Text::tr("left button, drag")
              : binding.button == Qt::RightButton ? Text::tr("right button, drag")
                                                  : Text::tr("middle button, drag"));
    return parts.join(u'+');
}

} // namespace

std::vector<Choice> pointerChoices()
{
    std::vector<Choice> choices;
    for (const auto &scheme : viewer::pointerSchemes())
        choices.push_back({scheme.id, scheme.title, scheme.description});
    return choices;
}

std::vector<viewer::Gesture> pointerGestures(const viewer::PointerScheme &scheme)
{
    const auto mouse = Text::tr("Mouse");
    std::vector<viewer::Gesture> gestures;
    for (const auto &binding : scheme.bindings)
        gestures.push_back({mouse, actionName(binding.action), dragName(binding)});
    gestures.push_back({mouse, Text::tr("Slices"), Text::tr("wheel")});
    gestures.push_back({mouse, Text::tr("Zoom about the pointer"), Text::tr("Ctrl+wheel, or two fingers apart")});
    gestures.push_back({mouse, Text::tr("Crosshair follows the pointer"), Text::tr("Shift+move")});
    gestures.push_back({mouse, Text::tr("The view alone, or all"), Text::tr("double click")});
    gestures.push_back({mouse, Text::tr("Take back the drag under way"), Text::tr("Esc while dragging")});
    return gestures;
}

} // namespace consilium::app
