// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/controls/flow_row.h"

#include <QTest>
#include <QWidget>

using consilium::viewer::FlowRow;

namespace {

class Block : public QWidget
{
public:
    Block(QWidget *parent, int least, int wish) : QWidget(parent), m_least(least), m_wish(wish) {}
    QSize sizeHint() const override { return {m_wish, 20}; }
    QSize minimumSizeHint() const override { return {m_least, 20}; }

private:
    int m_least, m_wish;
};

} // namespace

class tst_FlowRow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aWideRowIsOneLine();
    void aTightRowShrinksWhatCan();
    void aNarrowRowBreaks();
    void hiddenControlsTakeNoRoom();
    void theWidestControlIsTheLeastWidth();

private:
    std::unique_ptr<QWidget> m_window;
    FlowRow *m_row = nullptr;
    std::vector<Block *> m_blocks;
};

// Three controls of 100, of which the second can be 40; 10 between them, 30 before the third: 350 and 290 in all.
void tst_FlowRow::init()
{
    m_window = std::make_unique<QWidget>();
    m_row = new FlowRow(m_window.get());
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(10);
    m_blocks.clear();
    for (const int least : {100, 40, 100}) {
        if (m_blocks.size() == 2)
            m_row->addSpacing(20);
        m_blocks.push_back(new Block(m_window.get(), least, 100));
        m_row->addWidget(m_blocks.back());
    }
    m_window->show();
}

void tst_FlowRow::aWideRowIsOneLine()
{
    m_row->setGeometry({0, 0, 500, 20});
    QCOMPARE(m_row->sizeHint().width(), 100 + 10 + 100 + 10 + 20 + 10 + 100);
    QCOMPARE(m_row->heightForWidth(500), 20);
    QCOMPARE(m_blocks[0]->geometry(), QRect(0, 0, 100, 20));
    QCOMPARE(m_blocks[1]->geometry(), QRect(110, 0, 100, 20));
    QCOMPARE(m_blocks[2]->geometry(), QRect(250, 0, 100, 20));
}

void tst_FlowRow::aTightRowShrinksWhatCan()
{
    QCOMPARE(m_row->heightForWidth(300), 20);
    m_row->setGeometry({0, 0, 300, 20});
    QCOMPARE(m_blocks[0]->width(), 100);
    QCOMPARE(m_blocks[2]->width(), 100);
    QVERIFY(m_blocks[1]->width() >= 40 && m_blocks[1]->width() <= 50);
    QVERIFY(m_blocks[2]->geometry().right() < 300);
}

void tst_FlowRow::aNarrowRowBreaks()
{
    QCOMPARE(m_row->heightForWidth(289), 20 + 10 + 20);
    m_row->setGeometry({0, 0, 250, 50});
    QCOMPARE(m_blocks[1]->geometry(), QRect(110, 0, 100, 20));
    QCOMPARE(m_blocks[2]->geometry().top(), 30);
    QCOMPARE(m_blocks[2]->width(), 100);
    // One below the other, and no gap at the beginning of a line.
    QCOMPARE(m_row->heightForWidth(100), 3 * 20 + 2 * 10);
    m_row->setGeometry({0, 0, 100, 80});
    for (int i = 0; i < 3; ++i)
        QCOMPARE(m_blocks[static_cast<std::size_t>(i)]->geometry(), QRect(0, 30 * i, 100, 20));
}

void tst_FlowRow::hiddenControlsTakeNoRoom()
{
    m_blocks[1]->hide();
    m_row->invalidate();
    m_row->setGeometry({0, 0, 500, 20});
    QCOMPARE(m_blocks[2]->geometry(), QRect(140, 0, 100, 20));
}

void tst_FlowRow::theWidestControlIsTheLeastWidth()
{
    QCOMPARE(m_row->minimumSize(), QSize(100, 20));
}

QTEST_MAIN(tst_FlowRow)
#include "tst_flow_row.moc"
