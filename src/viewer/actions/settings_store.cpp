// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/actions/settings_store.h"

#include <QSettings>

namespace consilium::viewer {

QVariant SavedSettings::value(const QString &key) const
{
    return QSettings().value(key);
}

void SavedSettings::setValue(const QString &key, const QVariant &value)
{
    QSettings().setValue(key, value);
}

void SavedSettings::remove(const QString &key)
{
    QSettings().remove(key);
}

QVariant MemorySettings::value(const QString &key) const
{
    const auto found = m_values.find(key);
    return found == m_values.end() ? QVariant() : found->second;
}

void MemorySettings::setValue(const QString &key, const QVariant &value)
{
    m_values[key] = value;
}

void MemorySettings::remove(const QString &key)
{
    m_values.erase(key);
}

} // namespace consilium::viewer
