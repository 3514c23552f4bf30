// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/controls/flow_row.h"

#include <QWidget>
#include <algorithm>

namespace consilium::viewer {

namespace {

bool isGap(const QLayoutItem *item)
{
    return const_cast<QLayoutItem *>(item)->spacerItem();
}

// A spacer is empty to Qt, and a hidden control takes no room.
bool takesRoom(const QLayoutItem *item)
{
    return isGap(item) || !item->isEmpty();
}

int wishOf(const QLayoutItem *item)
{
    return std::clamp(item->sizeHint().width(), item->minimumSize().width(),
                      std::max(item->maximumSize().width(), item->minimumSize().width()));
}

int leastOf(const QLayoutItem *item)
{
    return std::min(item->minimumSize().width(), wishOf(item));
}

} // namespace

FlowRow::~FlowRow() = default;

void FlowRow::addSpacing(int width)
{
    addItem(new QSpacerItem(width, 0, QSizePolicy::Fixed, QSizePolicy::Minimum));
}

void FlowRow::addItem(QLayoutItem *item)
{
    m_items.emplace_back(item);
    invalidate();
}

QLayoutItem *FlowRow::itemAt(int index) const
{
    return index >= 0 && index < count() ? m_items[static_cast<std::size_t>(index)].get() : nullptr;
}

QLayoutItem *FlowRow::takeAt(int index)
{
    if (index < 0 || index >= count())
        return nullptr;
    auto *item = m_items[static_cast<std::size_t>(index)].release();
    m_items.erase(m_items.begin() + index);
    invalidate();
    return item;
}

int FlowRow::place(int width, std::vector<Placed> *places) const
{
    std::vector<const QLayoutItem *> shown;
    int wishes = 0, leasts = 0;
    for (const auto &item : m_items) {
        if (!takesRoom(item.get()))
            continue;
        shown.push_back(item.get());
        wishes += wishOf(item.get());
        leasts += leastOf(item.get());
    }
    const int gaps = gap() * std::max(static_cast<int>(shown.size()) - 1, 0);
    const int over = wishes + gaps - width;
    const bool oneLine = leasts + gaps <= width;
    // What is too much for one line is taken from those that can give, each by its share.
    const int give = wishes - leasts;
    std::vector<Placed> line;
    int x = 0, y = 0, high = 0;
    const auto endLine = [&] {
        for (auto &placed : line) {
            placed.area.moveTop(y + (high - placed.area.height()) / 2);
            if (places)
                places->push_back(placed);
        }
        line.clear();
        y += high;
    };
    for (const QLayoutItem *item : shown) {
        int wide = wishOf(item);
        if (oneLine && over > 0 && give > 0)
            wide -= (wide - leastOf(item)) * over / give + (wide > leastOf(item) ? 1 : 0);
        wide = std::max(wide, leastOf(item));
        if (!oneLine && !line.empty() && x + wide > width) {
            endLine();
            y += gap();
            x = high = 0;
        }
        if (isGap(item) && line.empty())
            continue;
        const int tall = item->sizeHint().height();
        line.push_back({const_cast<QLayoutItem *>(item), {x, y, std::min(wide, width), tall}});
        high = std::max(high, tall);
        x += wide + gap();
    }
    endLine();
    return y;
}

int FlowRow::heightForWidth(int width) const
{
    const auto margins = contentsMargins();
    return place(width - margins.left() - margins.right(), nullptr) + margins.top() + margins.bottom();
}

QSize FlowRow::sizeHint() const
{
    int wide = 0, tall = 0, shown = 0;
    for (const auto &item : m_items) {
        if (!takesRoom(item.get()))
            continue;
        ++shown;
        wide += wishOf(item.get());
        tall = std::max(tall, item->sizeHint().height());
    }
    const auto margins = contentsMargins();
    return {wide + gap() * std::max(shown - 1, 0) + margins.left() + margins.right(),
            tall + margins.top() + margins.bottom()};
}

QSize FlowRow::minimumSize() const
{
    QSize least;
    for (const auto &item : m_items) {
        if (takesRoom(item.get()))
            least = least.expandedTo({leastOf(item.get()), item->sizeHint().height()});
    }
    const auto margins = contentsMargins();
    return least + QSize(margins.left() + margins.right(), margins.top() + margins.bottom());
}

void FlowRow::setGeometry(const QRect &area)
{
    QLayout::setGeometry(area);
    const auto inside = area.marginsRemoved(contentsMargins());
    std::vector<Placed> places;
    place(inside.width(), &places);
    for (const auto &[item, where] : places)
        item->setGeometry(where.translated(inside.topLeft()));
}

} // namespace consilium::viewer
