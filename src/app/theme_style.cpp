// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/theme_style.h"

#include "core/json.h"
#include "dashboard/site_colours.h"

#include <QApplication>
#include <QFile>
#include <QFont>
#include <QPalette>
#include <QWidget>

// Resources of a static library are not registered by themselves, and the macro does not work inside a namespace.
static void registerThemes()
{
    Q_INIT_RESOURCE(themes);
}

namespace consilium::app {

namespace {

using dashboard::colour;

QPalette paletteOf(const Theme &theme)
{
    QPalette palette;
    const std::pair<QPalette::ColorRole, const std::string &> roles[] = {{QPalette::Window, theme.window},
                                                                         {QPalette::WindowText, theme.text},
                                                                         {QPalette::Base, theme.panel},
                                                                         {QPalette::AlternateBase, theme.raised},
                                                                         {QPalette::Text, theme.text},
                                                                         {QPalette::Button, theme.raised},
                                                                         {QPalette::ButtonText, theme.text},
                                                                         {QPalette::BrightText, theme.bad},
                                                                         {QPalette::Highlight, theme.accent},
                                                                         {QPalette::HighlightedText, theme.window},
                                                                         {QPalette::ToolTipBase, theme.raised},
                                                                         {QPalette::ToolTipText, theme.text},
                                                                         {QPalette::PlaceholderText, theme.quietText},
                                                                         {QPalette::Link, theme.accent},
                                                                         {QPalette::LinkVisited, theme.accent},
                                                                         {QPalette::Light, theme.raised},
                                                                         {QPalette::Midlight, theme.raised},
                                                                         {QPalette::Mid, theme.line},
                                                                         {QPalette::Dark, theme.line},
                                                                         {QPalette::Shadow, theme.window}};
    for (const auto &[role, value] : roles)
        palette.setColor(role, colour(value));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, colour(theme.quietText));
    return palette;
}

QString withRoles(QString sheet, const Theme &theme)
{
    const std::pair<const char *, QString> roles[] = {
        {"@window", QString::fromStdString(theme.window)},
        {"@panel", QString::fromStdString(theme.panel)},
        {"@raised", QString::fromStdString(theme.raised)},
        {"@text", QString::fromStdString(theme.text)},
        {"@quiet", QString::fromStdString(theme.quietText)},
        {"@line", QString::fromStdString(theme.line)},
        {"@field", fieldLine(theme).name()},
        {"@accent", QString::fromStdString(theme.accent)},
        {"@bad", QString::fromStdString(theme.bad)},
        {"@title", QString::number(theme.titleSize)},
        {"@caption", QString::number(theme.captionSize)},
        {"@bodypx", QString::number(theme.bodySize) + QStringLiteral("px")},
        {"@heading", QString::number(theme.bodySize + 2)},
        {"@radius", QString::number(theme.radius)},
        // Wide enough for the longest name of a page in any language, at any font size.
        {"@railpx", QString::number(theme.captionSize * 19 / 2) + QStringLiteral("px")}};
    for (const auto &[role, value] : roles)
        sheet.replace(QLatin1String(role), value);
    return sheet;
}

constexpr auto sheet = R"css(
QLabel[role="title"] { font-size: @titlepx; font-weight: 600; }
QLabel[role="heading"] { font-size: @headingpx; font-weight: 600; }
QLabel[role="quiet"] { color: @quiet; }
QLabel[role="caption"] { color: @quiet; font-size: @captionpx; }
QFrame[role="card"], QTableView[role="card"] { background: @panel; border: 1px solid @line; border-radius: @radiuspx; }
QFrame[role="card"] QLabel, QFrame[role="card"] QTableView, QFrame[role="card"] QListWidget { background: transparent; }
QFrame#rail { min-width: @railpx; max-width: @railpx; background: @panel; border: none; border-right: 1px solid @line; }
QFrame#rail QToolButton { border: none; border-radius: @radiuspx; padding: 8px 2px; color: @quiet; font-size: @captionpx; }
QFrame#rail QToolButton:hover { background: @raised; color: @text; }
QFrame#rail QToolButton:checked { background: @raised; color: @text; }
QFrame#rail QToolButton:focus { outline: none; border: 1px solid @accent; }
QFrame#titleBar { border: none; border-bottom: 1px solid @line; }
QFrame#statusBar { border: none; border-top: 1px solid @line; }
QPushButton { background: @raised; border: 1px solid @line; border-radius: @radiuspx; padding: 6px 14px; min-height: 16px; }
QPushButton:hover, QPushButton:focus { border-color: @accent; }
QPushButton:pressed { background: @line; }
QPushButton:disabled { color: @quiet; }
QPushButton[role="primary"] { background: @accent; border-color: @accent; color: @window; }
QPushButton[role="primary"]:disabled { background: @raised; border-color: @line; color: @quiet; }
QComboBox, QAbstractSpinBox, QLineEdit { background: @raised; border: 1px solid @field; border-radius: @radiuspx; padding: 4px 6px; min-height: 16px; }
QComboBox:hover, QComboBox:focus, QAbstractSpinBox:hover, QAbstractSpinBox:focus, QLineEdit:hover, QLineEdit:focus { border-color: @accent; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit, QKeySequenceEdit QLineEdit { background: transparent; border: none; padding: 0; min-height: 0; }
QPlainTextEdit, QTextEdit { border: 1px solid @field; border-radius: @radiuspx; }
QTableView, QListView, QTreeView, QScrollArea, QGraphicsView { border: 1px solid transparent; }
QPlainTextEdit:focus, QTextEdit:focus, QTableView:focus, QListView:focus, QTreeView:focus, QScrollArea:focus, QGraphicsView:focus { border: 1px solid @accent; }
QCheckBox:focus, QRadioButton:focus, QSlider:focus { border: 1px solid @accent; border-radius: @radiuspx; }
QCheckBox::indicator:unchecked { border: 1px solid @field; border-radius: 2px; background: @raised; width: 12px; height: 12px; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url(:/themes/chevron-down.svg); width: 10px; height: 10px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: 18px; }
QAbstractSpinBox::up-arrow { image: url(:/themes/chevron-up.svg); width: 8px; height: 8px; }
QAbstractSpinBox::down-arrow { image: url(:/themes/chevron-down.svg); width: 8px; height: 8px; }
QComboBox QAbstractItemView { background: @raised; border: 1px solid @line; outline: none; }
QCheckBox::indicator, QAbstractItemView::indicator { width: 14px; height: 14px; border: 1px solid @quiet; border-radius: 3px; background: @raised; }
QCheckBox::indicator:hover, QCheckBox::indicator:focus { border-color: @accent; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked { background: @accent; border-color: @accent; image: url(:/themes/check.svg); }
QCheckBox::indicator:disabled { border-color: @line; }
QToolButton { border: 1px solid transparent; border-radius: @radiuspx; padding: 3px 4px; color: @quiet; }
QToolButton:hover, QToolButton:focus { border-color: @accent; }
QToolButton:checked { background: @raised; border-color: @line; color: @text; }
QToolButton:checked:focus { border-color: @accent; }
QProgressBar { background: @line; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QTableView[role="rows"]::item { padding: 0 8px; border-bottom: 1px solid @line; }
QHeaderView { background: transparent; }
QHeaderView::section { background: transparent; color: @quiet; font-size: @captionpx; border: none; border-bottom: 1px solid @line;
                       padding: 5px 8px; }
QTableView[role="matrix"] QHeaderView::section:vertical { color: @text; font-size: @bodypx; border-bottom: 1px solid @line; padding: 0 8px 0 0; }
QTableView[role="matrix"] QTableCornerButton::section { background: transparent; border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: @line; border-radius: 4px; margin: 1px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: @quiet; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QListWidget::item { padding: 6px 4px; border-bottom: 1px solid @line; }
QListWidget::item:hover { background: @raised; }
QToolTip { background: @raised; color: @text; border: 1px solid @line; padding: 4px; }
QFrame[role="failure"] { background: @panel; border: 1px solid @bad; border-radius: @radiuspx; }
)css";

} // namespace

QColor fieldLine(const Theme &theme)
{
    const auto quiet = colour(theme.quietText), line = colour(theme.line);
    const auto mix = [](int a, int b) { return (3 * a + b) / 4; };
    return {mix(quiet.red(), line.red()), mix(quiet.green(), line.green()), mix(quiet.blue(), line.blue())};
}

Theme scaled(Theme theme, int fontPercent)
{
    for (int *size : {&theme.titleSize, &theme.bodySize, &theme.captionSize, &theme.row, &theme.step})
        *size = (*size * fontPercent + 50) / 100;
    return theme;
}

Result<Theme> loadTheme(const QString &variant, int fontPercent)
{
    registerThemes();
    QFile file(QStringLiteral(":/themes/theme.json"));
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Internal, "The theme is missing from the program");
    const auto json = parseJson(file.readAll().toStdString());
    if (!json)
        return fail(json.error());
    return Theme::fromJson(*json, variant.toStdString()).map([&](Theme theme) {
        return scaled(std::move(theme), fontPercent);
    });
}

void applyTheme(const Theme &theme)
{
    QIcon::setThemeName(theme.name == "dark" ? QStringLiteral("breeze-dark") : QStringLiteral("breeze"));
    auto font = QApplication::font();
    font.setPixelSize(theme.bodySize);
    QApplication::setFont(font);
    QApplication::setPalette(paletteOf(theme));
    qApp->setStyleSheet(withRoles(QString::fromLatin1(sheet), theme));
}

QIcon icon(const QString &name)
{
    return QIcon::fromTheme(name);
}

void restoreDottedNames(QWidget *form, const QString &prefix)
{
    for (auto *child : form->findChildren<QObject *>()) {
        const auto name = child->objectName();
        if (name.startsWith(prefix + QLatin1Char('_')))
            child->setObjectName(QString(name).replace(QLatin1Char('_'), QLatin1Char('.')));
    }
}

} // namespace consilium::app
