// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/pointer_scheme.h"

#include "viewer/canvas/review_resources.h"

#include <QCoreApplication>
#include <QKeySequence>
#include <algorithm>
#include <map>

namespace consilium::viewer {

namespace {

// Named here as well as in the file so that they are found for translation.
[[maybe_unused]] const char *const kTranslated[] = {
    QT_TRANSLATE_NOOP("PointerScheme", "Research"),
    QT_TRANSLATE_NOOP("PointerScheme", "PACS"),
    QT_TRANSLATE_NOOP("PointerScheme", "Left: tool or crosshair. Right: zoom. Middle: pan. Ctrl+right: window."),
    QT_TRANSLATE_NOOP("PointerScheme", "Left: tool or crosshair. Right: window. Middle: pan. Ctrl+right: zoom."),
};

QString translated(const Json &text)
{
    return QCoreApplication::translate("PointerScheme", text.get<std::string>().c_str());
}

Qt::KeyboardModifiers modifiersOf(const std::string &names)
{
    Qt::KeyboardModifiers modifiers;
    for (const auto &[name, modifier] : {std::pair{"ctrl", Qt::ControlModifier}, std::pair{"shift", Qt::ShiftModifier},
                                         std::pair{"alt", Qt::AltModifier}})
        if (names.find(name) != names.npos)
            modifiers |= modifier;
    return modifiers;
}

std::vector<PointerScheme> readSchemes()
{
    const std::map<std::string, Qt::MouseButton> buttons{
        {"left", Qt::LeftButton}, {"right", Qt::RightButton}, {"middle", Qt::MiddleButton}};
    const std::map<std::string, PointerAction> actions{{"tool", PointerAction::Tool},
                                                       {"pan", PointerAction::Pan},
                                                       {"zoom", PointerAction::Zoom},
                                                       {"window", PointerAction::Contrast},
                                                       {"slices", PointerAction::Slices}};
    const auto json = reviewResource("pointer_schemes.json");
    Q_ASSERT(json); // a part of the program
    std::vector<PointerScheme> schemes;
    for (const Json &entry : *json) {
        PointerScheme scheme{QString::fromStdString(entry.at("id")),
                             translated(entry.at("title")),
                             translated(entry.at("description")),
                             {}};
        for (const Json &drag : entry.at("drag"))
            scheme.bindings.push_back(
                {buttons.at(drag.at("button")), modifiersOf(drag.value("with", "")), actions.at(drag.at("does"))});
        schemes.push_back(std::move(scheme));
    }
    return schemes;
}

} // namespace

std::optional<PointerAction> PointerScheme::actionOf(Qt::MouseButton button, Qt::KeyboardModifiers modifiers) const
{
    const auto bound = [&](const PointerBinding &binding, Qt::KeyboardModifiers wanted) {
        return binding.button == button && binding.modifiers == wanted;
    };
    // A keypad or a group switch is no modifier of the reader's.
    modifiers &= Qt::ControlModifier | Qt::ShiftModifier | Qt::AltModifier;
    const auto exact = std::find_if(bindings.begin(), bindings.end(), [&](auto &b) { return bound(b, modifiers); });
    if (exact != bindings.end())
        return exact->action;
    const auto plain = std::find_if(bindings.begin(), bindings.end(), [&](auto &b) { return bound(b, {}); });
    if (plain != bindings.end() && plain->action == PointerAction::Tool)
        return plain->action;
    return std::nullopt;
}

const std::vector<PointerScheme> &pointerSchemes()
{
    static const std::vector<PointerScheme> schemes = readSchemes();
    return schemes;
}

const PointerScheme &pointerScheme(const QString &id)
{
    const auto &all = pointerSchemes();
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto &scheme) { return scheme.id == id; });
    return found == all.end() ? all.front() : *found;
}

} // namespace consilium::viewer
