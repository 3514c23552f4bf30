// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QVariant>
#include <map>

namespace consilium::viewer {

/// Where what a reader chose is kept between runs. Keys are paths ("keys/review.nextCase"). The window's thread only.
class SettingsStore
{
public:
    virtual ~SettingsStore() = default;

    /// An invalid QVariant when nothing is kept under `key`.
    virtual QVariant value(const QString &key) const = 0;
    virtual void setValue(const QString &key, const QVariant &value) = 0;
    virtual void remove(const QString &key) = 0;
};

/// The reader's own settings, as QSettings keeps them for the application's name. Written when Qt sees fit, at the
/// latest at the program's end.
class SavedSettings : public SettingsStore
{
public:
    QVariant value(const QString &key) const override;
    void setValue(const QString &key, const QVariant &value) override;
    void remove(const QString &key) override;
};

/// Forgotten with the object: for the tour and for tests, which leave no trace.
class MemorySettings : public SettingsStore
{
public:
    QVariant value(const QString &key) const override;
    void setValue(const QString &key, const QVariant &value) override;
    void remove(const QString &key) override;

private:
    std::map<QString, QVariant> m_values;
};

} // namespace consilium::viewer
