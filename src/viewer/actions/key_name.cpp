// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/actions/key_name.h"

#include <QCoreApplication>
#include <QStringList>

namespace consilium::viewer {

namespace {

QString text(const char *source)
{
    return QCoreApplication::translate("KeyName", source);
}

struct NamedKey
{
    Qt::Key key;
    const char *name;
};

constexpr NamedKey namedKeys[] = {
    {Qt::Key_PageUp, QT_TRANSLATE_NOOP("KeyName", "Page Up")},
    {Qt::Key_PageDown, QT_TRANSLATE_NOOP("KeyName", "Page Down")},
    {Qt::Key_Home, QT_TRANSLATE_NOOP("KeyName", "Home")},
    {Qt::Key_End, QT_TRANSLATE_NOOP("KeyName", "End")},
    {Qt::Key_Insert, QT_TRANSLATE_NOOP("KeyName", "Insert")},
    {Qt::Key_Delete, QT_TRANSLATE_NOOP("KeyName", "Delete")},
    {Qt::Key_Backspace, QT_TRANSLATE_NOOP("KeyName", "Backspace")},
    {Qt::Key_Escape, QT_TRANSLATE_NOOP("KeyName", "Esc")},
    {Qt::Key_Return, QT_TRANSLATE_NOOP("KeyName", "Enter")},
    {Qt::Key_Enter, QT_TRANSLATE_NOOP("KeyName", "Enter (number pad)")},
    {Qt::Key_Tab, QT_TRANSLATE_NOOP("KeyName", "Tab")},
    {Qt::Key_Space, QT_TRANSLATE_NOOP("KeyName", "Space")},
    {Qt::Key_Up, QT_TRANSLATE_NOOP("KeyName", "Up")},
    {Qt::Key_Down, QT_TRANSLATE_NOOP("KeyName", "Down")},
    {Qt::Key_Left, QT_TRANSLATE_NOOP("KeyName", "Left")},
    {Qt::Key_Right, QT_TRANSLATE_NOOP("KeyName", "Right")},
};

QString oneKey(QKeyCombination combination)
{
    QStringList parts;
    const auto modifiers = combination.keyboardModifiers();
    if (modifiers & Qt::ControlModifier)
        parts << text(QT_TRANSLATE_NOOP("KeyName", "Ctrl"));
    if (modifiers & Qt::AltModifier)
        parts << text(QT_TRANSLATE_NOOP("KeyName", "Alt"));
    if (modifiers & Qt::ShiftModifier)
        parts << text(QT_TRANSLATE_NOOP("KeyName", "Shift"));
    if (modifiers & Qt::MetaModifier)
        parts << text(QT_TRANSLATE_NOOP("KeyName", "Meta"));
    for (const auto &[key, name] : namedKeys) {
        if (key == combination.key())
            return (parts << text(name)).join(u'+');
    }
    return (parts << QKeySequence(combination.key()).toString(QKeySequence::NativeText)).join(u'+');
}

} // namespace

QString keyName(const QKeySequence &keys)
{
    QStringList parts;
    for (int i = 0; i < keys.count(); ++i)
        parts << oneKey(keys[static_cast<uint>(i)]);
    return parts.join(QStringLiteral(", "));
}

QString keyNames(const std::vector<QKeySequence> &keys)
{
    QString names;
    for (const auto &sequence : keys) {
        names = names.isEmpty() ? keyName(sequence)
                                : text(QT_TRANSLATE_NOOP("KeyName", "%1 or %2")).arg(names, keyName(sequence));
    }
    return names;
}

} // namespace consilium::viewer
