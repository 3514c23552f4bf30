// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "viewer/actions/settings_store.h"

#include <QKeySequence>
#include <QObject>
#include <QStringList>
#include <functional>
#include <memory>
#include <vector>

class QAction;
class QWidget;

namespace consilium::viewer {

/// What a key can do, as the part of the window that does it describes it.
struct ActionSpec
{
    enum class Scope {
        Window,      ///< anywhere in the window, while the owner is visible
        WithinWidget ///< while the owner, or something in it, has the keyboard
    };

    QString id;                         ///< "review.nextCase"; unique, never translated, kept in settings
    QString category;                   ///< "Review", translated
    QString text;                       ///< "Next case", translated
    std::vector<QKeySequence> defaults; ///< the first is the one people are told of; may be empty
    Scope scope = Scope::Window;
    bool takesOver = false; ///< while enabled, it has its keys before all others: the digits of a reading session
    bool repeats = true;    ///< again and again while the key is held
};

/// What the mouse does, told beside the keys; it is changed by choosing another scheme, not in the table.
struct Gesture
{
    QString category, text, gesture; ///< all translated: "Mouse", "Window and level", "Right button, drag"
};

/// The one list of what keys do in a window: parts of the window add their actions, the reader changes the keys.
///
/// Keys work through Qt's shortcuts, so a letter or a digit never leaves a field that text is typed in. Where several
/// actions have a key, the one that takes over comes first, then the one whose owner has the keyboard, then the
/// window's. A control that moves by arrows, Home and End, or is pressed by Space and Return, keeps those keys while it
/// has the keyboard, unless the action is its own. An action is off, and leaves its keys to others, while its QAction
/// is disabled or its owner hidden or disabled. Its QAction bears no shortcut of its own and may be given to buttons
/// and menus.
///
/// Only what differs from the defaults is kept, under "keys/<id>" as a list of portable key names; an empty list
/// means that the reader wants no key. The window's thread only.
class ActionTable : public QObject
{
    Q_OBJECT

public:
    /// `store` outlives the table.
    explicit ActionTable(SettingsStore &store, QObject *parent = nullptr);
    ~ActionTable() override;

    /// The action belongs to `owner` and leaves the table with it. `act` runs whenever the action is triggered, by key
    /// or otherwise.
    QAction *add(const ActionSpec &spec, QWidget *owner, std::function<void()> act);

    /// Ids in the order of addition.
    QStringList ids() const;
    bool contains(const QString &id) const { return find(id); }
    /// The action must be there for all that follow.
    const ActionSpec &spec(const QString &id) const;
    QAction *action(const QString &id) const;
    const std::vector<QKeySequence> &keys(const QString &id) const;
    bool isChanged(const QString &id) const { return keys(id) != spec(id).defaults; } ///< from its defaults

    /// Of the actions that could be meant at the same time as `id`, those that one of `keys` belongs to already, or
    /// begins. A key sequence conflicts with its own beginning. An action that takes over conflicts only with its like.
    QStringList conflicts(const QString &id, const std::vector<QKeySequence> &keys) const;
    /// "Page Down already means Next case"; empty without a conflict.
    QString conflictSentence(const QString &id, const std::vector<QKeySequence> &keys) const;

    /// Errors: Busy, with the conflict in words; nothing is changed then.
    Result<> setKeys(const QString &id, const std::vector<QKeySequence> &keys);
    /// As setKeys, but takes the keys away from the actions that had them.
    void takeKeys(const QString &id, const std::vector<QKeySequence> &keys);
    /// Back to the defaults. Errors: Busy, when another action was given one of them meanwhile.
    Result<> reset(const QString &id);
    void resetAll();

    /// {"format": "consilium-keys", "version": 1, "keys": {"review.nextCase": ["PgDown"], ...}}, every action.
    Json exportKeys() const;
    /// All or nothing. Ids the window does not know are left alone and returned; actions the file does not name keep
    /// their keys. Errors: Malformed; Unsupported (a later version); Busy (two actions would share a key).
    Result<QStringList> importKeys(const Json &json);

    /// Gives `widget` the tool tip "Next case (Page Down)", and keeps it true when the key changes. `text` replaces
    /// the action's own.
    void describe(QWidget *widget, const QString &id, const QString &text = {});
    /// "Next case (Page Down)".
    QString hint(const QString &id, const QString &text = {}) const;

    void setGestures(std::vector<Gesture> gestures);
    const std::vector<Gesture> &gestures() const { return m_gestures; }

Q_SIGNALS:
    void keysChanged(const QString &id);
    /// Actions came or went, or the gestures changed.
    void listChanged();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Entry;

    Entry *find(const QString &id) const;
    void apply(Entry &entry, std::vector<QKeySequence> keys);
    void keep(const Entry &entry);
    void bind(Entry &entry);
    const Entry *meantBy(const QKeySequence &keys) const;
    void fire(const QKeySequence &keys);
    void removeGone();

    SettingsStore &m_store;
    std::vector<std::unique_ptr<Entry>> m_entries;
    std::vector<Gesture> m_gestures;
};

} // namespace consilium::viewer
