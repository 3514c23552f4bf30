// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/actions/action_table.h"

#include "viewer/actions/key_name.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>
#include <QPlainTextEdit>
#include <QPointer>
#include <QShortcut>
#include <QStackedWidget>
#include <QTabBar>
#include <QTextEdit>
#include <algorithm>
#include <map>
#include <tuple>

namespace consilium::viewer {

namespace {

using Keys = std::vector<QKeySequence>;
using Scope = ActionSpec::Scope;

bool collide(const QKeySequence &a, const QKeySequence &b)
{
    return !a.isEmpty() && !b.isEmpty() &&
           (a.matches(b) != QKeySequence::NoMatch || b.matches(a) != QKeySequence::NoMatch);
}

bool collide(const Keys &a, const Keys &b)
{
    return std::ranges::any_of(
        a, [&](const auto &one) { return std::ranges::any_of(b, [&](const auto &two) { return collide(one, two); }); });
}

// Pages of one stack are never seen together.
bool neverTogether(const QWidget *a, const QWidget *b)
{
    if (a->window() != b->window())
        return true;
    const QWidget *below = a;
    for (const QWidget *up = a->parentWidget(); up; below = up, up = up->parentWidget()) {
        if (below == b || below->isAncestorOf(b))
            return false;
        if (up == b || up->isAncestorOf(b))
            return up != b && qobject_cast<const QStackedWidget *>(up);
    }
    return false;
}

int depth(const QWidget *widget)
{
    int levels = 0;
    for (; widget; widget = widget->parentWidget())
        ++levels;
    return levels;
}

bool holdsKeyboard(const QWidget *owner)
{
    const QWidget *focus = QApplication::focusWidget();
    return focus && (focus == owner || owner->isAncestorOf(focus));
}

// The keys by which a control is worked; who has no mouse would be lost without them.
bool worksBy(const QWidget *control, const QKeySequence &keys)
{
    if (keys.count() != 1 || (keys[0].keyboardModifiers() & ~Qt::KeypadModifier) != Qt::NoModifier)
        return false;
    const auto *button = qobject_cast<const QAbstractButton *>(control);
    const bool list = qobject_cast<const QAbstractItemView *>(control),
               choice = qobject_cast<const QComboBox *>(control);
    switch (keys[0].key()) {
    case Qt::Key_Space:
    case Qt::Key_Return:
    case Qt::Key_Enter: return button || list || choice;
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Home:
    case Qt::Key_End:
        return list || choice || (button && button->autoExclusive()) ||
               qobject_cast<const QAbstractSlider *>(control) || qobject_cast<const QAbstractSpinBox *>(control) ||
               qobject_cast<const QTabBar *>(control) || qobject_cast<const QTextEdit *>(control) ||
               qobject_cast<const QPlainTextEdit *>(control);
    default: return false;
    }
}

QString settingOf(const QString &id)
{
    return QStringLiteral("keys/") + id;
}

QStringList portable(const Keys &keys)
{
    QStringList texts;
    for (const auto &sequence : keys)
        texts << sequence.toString(QKeySequence::PortableText);
    return texts;
}

Keys fromPortable(const QStringList &texts)
{
    Keys keys;
    for (const auto &text : texts) {
        const auto sequence = QKeySequence::fromString(text, QKeySequence::PortableText);
        if (!sequence.isEmpty())
            keys.push_back(sequence);
    }
    return keys;
}

Keys tidy(Keys keys)
{
    Keys kept;
    for (auto &sequence : keys) {
        if (!sequence.isEmpty() && std::ranges::find(kept, sequence) == kept.end())
            kept.push_back(sequence);
    }
    return kept;
}

} // namespace

struct ActionTable::Entry
{
    ActionSpec spec;
    QPointer<QWidget> owner;
    QPointer<QAction> action;
    Keys keys;
    std::vector<QPointer<QShortcut>> shortcuts;

    bool overlaps(const Entry &other) const
    {
        if (!owner || !other.owner || spec.takesOver != other.spec.takesOver || neverTogether(owner, other.owner))
            return false;
        if (spec.scope == Scope::Window || other.spec.scope == Scope::Window)
            return true;
        return owner == other.owner || owner->isAncestorOf(other.owner) || other.owner->isAncestorOf(owner);
    }

    bool isMeant() const
    {
        if (!owner || !action || !action->isEnabled() || !owner->isVisible() || !owner->isEnabled())
            return false;
        return spec.scope == Scope::Window ? owner->window()->isActiveWindow() : holdsKeyboard(owner);
    }

    auto rank() const { return std::tuple(spec.takesOver, spec.scope == Scope::WithinWidget, depth(owner)); }
};

ActionTable::ActionTable(SettingsStore &store, QObject *parent) : QObject(parent), m_store(store)
{
    QCoreApplication::instance()->installEventFilter(this);
}

ActionTable::~ActionTable()
{
    for (const auto &entry : m_entries) {
        if (entry->action)
            entry->action->disconnect(this);
        for (const auto &shortcut : entry->shortcuts)
            delete shortcut.data();
    }
}

QAction *ActionTable::add(const ActionSpec &spec, QWidget *owner, std::function<void()> act)
{
    Q_ASSERT_X(owner && !find(spec.id), "ActionTable::add", qPrintable(spec.id));
    auto *action = new QAction(spec.text, owner);
    action->setObjectName(spec.id);
    connect(action, &QAction::triggered, owner, std::move(act));
    // The table may die first, or the owner.
    connect(action, &QObject::destroyed, this, &ActionTable::removeGone);
    auto entry = std::make_unique<Entry>(Entry{spec, owner, action, spec.defaults, {}});
    if (const auto kept = m_store.value(settingOf(spec.id)); kept.isValid())
        entry->keys = fromPortable(kept.toStringList());
    auto &added = *m_entries.emplace_back(std::move(entry));
    connect(action, &QAction::enabledChanged, this, [&added](bool enabled) {
        for (const auto &shortcut : added.shortcuts) {
            if (shortcut)
                shortcut->setEnabled(enabled);
        }
    });
    bind(added);
    Q_EMIT listChanged();
    return action;
}

void ActionTable::removeGone()
{
    std::erase_if(m_entries, [](const auto &entry) {
        if (entry->action)
            return false;
        for (const auto &shortcut : entry->shortcuts)
            delete shortcut.data();
        return true;
    });
    Q_EMIT listChanged();
}

ActionTable::Entry *ActionTable::find(const QString &id) const
{
    const auto found = std::ranges::find_if(m_entries, [&](const auto &entry) { return entry->spec.id == id; });
    return found == m_entries.end() ? nullptr : found->get();
}

QStringList ActionTable::ids() const
{
    QStringList all;
    for (const auto &entry : m_entries)
        all << entry->spec.id;
    return all;
}

const ActionSpec &ActionTable::spec(const QString &id) const
{
    Q_ASSERT(find(id));
    return find(id)->spec;
}

QAction *ActionTable::action(const QString &id) const
{
    Q_ASSERT(find(id));
    return find(id)->action;
}

const std::vector<QKeySequence> &ActionTable::keys(const QString &id) const
{
    Q_ASSERT(find(id));
    return find(id)->keys;
}

void ActionTable::bind(Entry &entry)
{
    for (const auto &shortcut : entry.shortcuts)
        delete shortcut.data();
    entry.shortcuts.clear();
    const auto context = entry.spec.scope == Scope::Window ? Qt::WindowShortcut : Qt::WidgetWithChildrenShortcut;
    for (const auto &keys : entry.keys) {
        auto *shortcut = new QShortcut(keys, entry.owner, nullptr, nullptr, context);
        shortcut->setAutoRepeat(entry.spec.repeats);
        shortcut->setEnabled(entry.action->isEnabled());
        // Qt tells one of those that share a key, in turn; who is meant is decided here in either case.
        connect(shortcut, &QShortcut::activated, this, [this, keys] { fire(keys); });
        connect(shortcut, &QShortcut::activatedAmbiguously, this, [this, keys] { fire(keys); });
        entry.shortcuts.emplace_back(shortcut);
    }
}

const ActionTable::Entry *ActionTable::meantBy(const QKeySequence &keys) const
{
    const Entry *meant = nullptr;
    for (const auto &entry : m_entries) {
        if (entry->isMeant() && std::ranges::find(entry->keys, keys) != entry->keys.end() &&
            (!meant || entry->rank() > meant->rank()))
            meant = entry.get();
    }
    return meant;
}

void ActionTable::fire(const QKeySequence &keys)
{
    if (const Entry *meant = meantBy(keys))
        meant->action->trigger();
}

bool ActionTable::eventFilter(QObject *watched, QEvent *event)
{
    // Asked before a shortcut takes a key: the control says no in place of Qt, which lets shortcuts have it.
    if (event->type() == QEvent::ShortcutOverride && watched == QApplication::focusWidget()) {
        const QKeySequence keys(static_cast<QKeyEvent *>(event)->keyCombination());
        const auto *control = static_cast<const QWidget *>(watched);
        if (worksBy(control, keys)) {
            const Entry *meant = meantBy(keys);
            if (meant && meant->owner != control) {
                event->accept();
                return true;
            }
        }
    }
    return QObject::eventFilter(watched, event);
}

QStringList ActionTable::conflicts(const QString &id, const std::vector<QKeySequence> &keys) const
{
    const Entry *asking = find(id);
    Q_ASSERT(asking);
    QStringList others;
    for (const auto &entry : m_entries) {
        if (entry.get() != asking && asking->overlaps(*entry) && collide(keys, entry->keys))
            others << entry->spec.id;
    }
    return others;
}

QString ActionTable::conflictSentence(const QString &id, const std::vector<QKeySequence> &keys) const
{
    const auto others = conflicts(id, keys);
    if (others.isEmpty())
        return {};
    const Entry &other = *find(others.front());
    const auto shared = std::ranges::find_if(other.keys, [&](const auto &key) { return collide(keys, {key}); });
    return tr("%1 already means %2").arg(keyName(*shared), other.spec.text);
}

void ActionTable::keep(const Entry &entry)
{
    if (entry.keys == entry.spec.defaults)
        m_store.remove(settingOf(entry.spec.id));
    else
        m_store.setValue(settingOf(entry.spec.id), portable(entry.keys));
}

void ActionTable::apply(Entry &entry, std::vector<QKeySequence> keys)
{
    keys = tidy(std::move(keys));
    if (keys == entry.keys)
        return;
    entry.keys = std::move(keys);
    keep(entry);
    bind(entry);
    Q_EMIT keysChanged(entry.spec.id);
}

Result<> ActionTable::setKeys(const QString &id, const std::vector<QKeySequence> &keys)
{
    Entry *entry = find(id);
    if (!entry)
        return fail(ErrorCode::NotFound, "There is no action {}", id.toStdString());
    if (const auto sentence = conflictSentence(id, keys); !sentence.isEmpty())
        return fail(Error{ErrorCode::Busy, sentence.toStdString(), {}});
    apply(*entry, keys);
    return {};
}

void ActionTable::takeKeys(const QString &id, const std::vector<QKeySequence> &keys)
{
    Entry &winner = *find(id);
    for (const auto &other : conflicts(id, keys)) {
        Entry &loser = *find(other);
        Keys left = loser.keys;
        std::erase_if(left, [&](const auto &key) { return collide(keys, {key}); });
        apply(loser, left);
    }
    apply(winner, keys);
}

Result<> ActionTable::reset(const QString &id)
{
    Entry *entry = find(id);
    if (!entry)
        return fail(ErrorCode::NotFound, "There is no action {}", id.toStdString());
    return setKeys(id, Keys(entry->spec.defaults));
}

void ActionTable::resetAll()
{
    for (const auto &entry : m_entries)
        apply(*entry, entry->spec.defaults);
}

Json ActionTable::exportKeys() const
{
    Json keys = Json::object();
    for (const auto &entry : m_entries) {
        Json list = Json::array();
        for (const auto &text : portable(entry->keys))
            list.push_back(text.toStdString());
        keys[entry->spec.id.toStdString()] = list;
    }
    return {{"format", "consilium-keys"}, {"version", 1}, {"keys", keys}};
}

Result<QStringList> ActionTable::importKeys(const Json &json)
{
    std::map<Entry *, Keys> wanted;
    QStringList unknown;
    try {
        if (json.at("format") != "consilium-keys")
            return fail(ErrorCode::Malformed, "This is no list of Consilium's keys");
        if (json.at("version").get<int>() > 1)
            return fail(ErrorCode::Unsupported, "The list of keys was written by a later version of Consilium");
        for (const auto &[id, list] : json.at("keys").items()) {
            const auto name = QString::fromStdString(id);
            Keys keys;
            for (const auto &item : list) {
                const auto text = QString::fromStdString(item.get<std::string>());
                const auto sequence = QKeySequence::fromString(text, QKeySequence::PortableText);
                for (int i = 0; i < sequence.count(); ++i) {
                    if (sequence[static_cast<uint>(i)].key() == Qt::Key_unknown)
                        return fail(ErrorCode::Malformed, "'{}' names no key", text.toStdString());
                }
                keys.push_back(sequence);
            }
            if (Entry *entry = find(name))
                wanted[entry] = tidy(keys);
            else
                unknown << name;
        }
    } catch (const Json::exception &error) {
        return fail(ErrorCode::Malformed, "The list of keys is damaged: {}", error.what());
    }
    const auto keysOf = [&](const auto &entry) -> const Keys & {
        const auto found = wanted.find(entry.get());
        return found == wanted.end() ? entry->keys : found->second;
    };
    for (const auto &a : m_entries) {
        for (const auto &b : m_entries) {
            if (a.get() < b.get() && a->overlaps(*b) && collide(keysOf(a), keysOf(b)))
                return fail(Error{ErrorCode::Busy,
                                  tr("%1 and %2 would share a key").arg(a->spec.text, b->spec.text).toStdString(),
                                  {}});
        }
    }
    for (const auto &[entry, keys] : wanted)
        apply(*entry, keys);
    return unknown;
}

QString ActionTable::hint(const QString &id, const QString &text) const
{
    const Entry *entry = find(id);
    Q_ASSERT(entry);
    const auto &said = text.isEmpty() ? entry->spec.text : text;
    return entry->keys.empty() ? said : tr("%1 (%2)").arg(said, keyName(entry->keys.front()));
}

void ActionTable::describe(QWidget *widget, const QString &id, const QString &text)
{
    widget->setToolTip(hint(id, text));
    connect(this, &ActionTable::keysChanged, widget, [this, widget, id, text](const QString &changed) {
        if (changed == id)
            widget->setToolTip(hint(id, text));
    });
}

void ActionTable::setGestures(std::vector<Gesture> gestures)
{
    m_gestures = std::move(gestures);
    Q_EMIT listChanged();
}

} // namespace consilium::viewer
