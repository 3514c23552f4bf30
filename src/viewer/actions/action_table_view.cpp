// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/actions/action_table_view.h"

#include "viewer/actions/action_model.h"
#include "viewer/actions/action_table.h"

#include <QFileDialog>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

namespace consilium::viewer {

namespace {

// Rows in which every word occurs, in whichever column.
class WordFilter : public QSortFilterProxyModel
{
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setWords(const QString &words)
    {
        m_words = words.simplified().split(u' ', Qt::SkipEmptyParts);
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override
    {
        QString line;
        for (int column = 0; column < sourceModel()->columnCount(parent); ++column)
            line += sourceModel()->index(row, column, parent).data().toString() + u'\n';
        return std::ranges::all_of(m_words, [&](const auto &word) { return line.contains(word, Qt::CaseInsensitive); });
    }

private:
    QStringList m_words;
};

class KeyDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        auto *editor = new QKeySequenceEdit(parent);
        editor->setObjectName(QStringLiteral("settings.keys.editor"));
        editor->setAccessibleName(ActionTableView::tr("Press the new key"));
        auto *self = const_cast<KeyDelegate *>(this);
        connect(
            editor, &QKeySequenceEdit::editingFinished, self,
            [self, editor] {
                Q_EMIT self->commitData(editor);
                Q_EMIT self->closeEditor(editor);
            },
            Qt::SingleShotConnection); // it finishes once more when it loses the keyboard
        return editor;
    }

    void setEditorData(QWidget *editor, const QModelIndex &) const override
    {
        // It starts empty, to hear the new key; what the key was stays written in the table until then.
        static_cast<QKeySequenceEdit *>(editor)->clear();
    }

    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override
    {
        const auto keys = static_cast<QKeySequenceEdit *>(editor)->keySequence();
        if (!keys.isEmpty())
            model->setData(index, QVariant::fromValue(keys), Qt::EditRole);
    }
};

} // namespace

ActionTableView::ActionTableView(ActionTable &table, QWidget *parent)
    : QWidget(parent), m_table(table), m_model(new ActionModel(table, this)), m_shown(new WordFilter(this)),
      m_search(new QLineEdit(this)), m_view(new QTableView(this)), m_message(new QLabel(this))
{
    setObjectName(QStringLiteral("settings.keys"));
    m_shown->setSourceModel(m_model);
    m_search->setObjectName(QStringLiteral("settings.keys.search"));
    m_search->setPlaceholderText(tr("Search for an action or a key"));
    m_search->setAccessibleName(tr("Search the keys"));
    m_search->setClearButtonEnabled(true);
    m_view->setObjectName(QStringLiteral("settings.keys.table"));
    m_view->setAccessibleName(tr("Keys"));
    m_view->setModel(m_shown);
    m_view->setItemDelegateForColumn(ActionModel::Key, new KeyDelegate(m_view));
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    m_view->setSortingEnabled(true);
    m_view->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    m_view->setShowGrid(false);
    m_view->setTabKeyNavigation(false);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->verticalHeader()->hide();
    m_view->horizontalHeader()->setHighlightSections(false);
    m_view->horizontalHeader()->setSectionResizeMode(ActionModel::Category, QHeaderView::ResizeToContents);
    m_view->horizontalHeader()->setSectionResizeMode(ActionModel::Action, QHeaderView::Stretch);
    m_view->horizontalHeader()->setSectionResizeMode(ActionModel::Key, QHeaderView::ResizeToContents);
    m_message->setObjectName(QStringLiteral("settings.keys.message"));
    m_message->setWordWrap(true);

    auto *told = new QHBoxLayout;
    told->addWidget(m_message, 1);
    m_take = addButton("settings.keys.take", tr("Use it here instead"),
                       tr("Take the key away from the other action and give it to this one"));
    told->addWidget(m_take);
    m_change = addButton("settings.keys.change", tr("Change key…"), tr("Press the new key of the chosen action (F2)"));
    m_clear = addButton("settings.keys.clear", tr("Remove key"), tr("The chosen action has no key any more"));
    m_reset = addButton("settings.keys.reset", tr("Reset key"), tr("The chosen action has its default key again"));
    m_resetAll =
        addButton("settings.keys.resetAll", tr("Reset all keys"), tr("Every action has its default key again"));
    m_export = addButton("settings.keys.export", tr("Export…"), tr("Save all keys in a file"));
    m_import = addButton("settings.keys.import", tr("Import…"), tr("Read the keys from a file"));
    auto *buttons = new QHBoxLayout;
    for (auto *button : {m_change, m_clear, m_reset})
        buttons->addWidget(button);
    buttons->addStretch(1);
    for (auto *button : {m_resetAll, m_export, m_import})
        buttons->addWidget(button);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_search);
    column->addWidget(m_view, 1);
    column->addLayout(told);
    column->addLayout(buttons);
    const QWidget *order[] = {m_search, m_view, m_take, m_change, m_clear, m_reset, m_resetAll, m_export, m_import};
    for (std::size_t i = 1; i < std::size(order); ++i)
        setTabOrder(const_cast<QWidget *>(order[i - 1]), const_cast<QWidget *>(order[i]));

    connect(m_search, &QLineEdit::textChanged, this, &ActionTableView::filter);
    connect(m_model, &ActionModel::refused, this, &ActionTableView::offer);
    connect(&m_table, &ActionTable::keysChanged, this, [this] { tell({}); });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] { tell({}); });
    connect(m_shown, &QAbstractItemModel::modelReset, this, [this] { tell({}); });
    connect(m_take, &QPushButton::clicked, this, [this] {
        // The offer is withdrawn as soon as the first key changes.
        const auto id = m_offeredId;
        if (m_table.contains(id))
            m_table.takeKeys(id, m_model->keysWith(id, m_offeredKey));
        m_view->setFocus();
    });
    connect(m_change, &QPushButton::clicked, this, [this] {
        m_view->setFocus();
        m_view->edit(m_view->currentIndex().siblingAtColumn(ActionModel::Key));
    });
    connect(m_clear, &QPushButton::clicked, this, [this] {
        if (const auto id = currentId(); !id.isEmpty())
            m_table.takeKeys(id, {});
    });
    connect(m_reset, &QPushButton::clicked, this, [this] {
        const auto id = currentId();
        if (id.isEmpty())
            return;
        if (const auto done = m_table.reset(id); !done)
            offer(id, m_table.spec(id).defaults.front(), QString::fromStdString(done.error().line()));
    });
    connect(m_resetAll, &QPushButton::clicked, this, [this] {
        m_table.resetAll();
        tell(tr("Every action has its default key"));
    });
    connect(m_export, &QPushButton::clicked, this, [this] {
        const auto file = QFileDialog::getSaveFileName(this, tr("Export keys"), QStringLiteral("consilium-keys.json"),
                                                       tr("Keys (*.json)"));
        if (!file.isEmpty())
            exportTo(file.toStdU16String());
    });
    connect(m_import, &QPushButton::clicked, this, [this] {
        const auto file = QFileDialog::getOpenFileName(this, tr("Import keys"), {}, tr("Keys (*.json)"));
        if (!file.isEmpty())
            importFrom(file.toStdU16String());
    });
    tell({});
}

QPushButton *ActionTableView::addButton(const char *name, const QString &text, const QString &tip)
{
    auto *button = new QPushButton(text, this);
    button->setObjectName(QLatin1String(name));
    button->setToolTip(tip);
    button->setAccessibleDescription(tip);
    button->setAutoDefault(false);
    return button;
}

void ActionTableView::setTheme(const Theme &theme)
{
    layout()->setSpacing(2 * theme.step);
    m_view->verticalHeader()->setDefaultSectionSize(theme.row);
    QFont body = font();
    body.setPixelSize(theme.bodySize);
    m_view->setFont(body);
    m_message->setFont(body);
}

QString ActionTableView::currentId() const
{
    return m_model->id(m_shown->mapToSource(m_view->currentIndex()).row());
}

void ActionTableView::filter(const QString &words)
{
    static_cast<WordFilter *>(m_shown)->setWords(words);
    if (!m_view->currentIndex().isValid() && m_shown->rowCount() > 0)
        m_view->setCurrentIndex(m_shown->index(0, ActionModel::Key));
    tell(m_shown->rowCount() == 0 ? tr("No action and no key is called “%1”").arg(words) : QString());
}

void ActionTableView::offer(const QString &id, const QKeySequence &first, const QString &sentence)
{
    tell(sentence);
    m_offeredId = id;
    m_offeredKey = first;
    m_take->setVisible(true);
}

void ActionTableView::tell(const QString &sentence)
{
    m_message->setText(sentence);
    m_offeredId.clear();
    m_take->setVisible(false);
    showChoice();
}

void ActionTableView::showChoice()
{
    const auto id = currentId();
    m_change->setEnabled(!id.isEmpty());
    m_clear->setEnabled(!id.isEmpty() && !m_table.keys(id).empty());
    m_reset->setEnabled(!id.isEmpty() && m_table.isChanged(id));
}

void ActionTableView::exportTo(const std::filesystem::path &file)
{
    const auto written = writeJson(file, m_table.exportKeys());
    tell(written ? tr("The keys were saved in %1").arg(QString::fromStdU16String(file.u16string()))
                 : QString::fromStdString(written.error().line()));
}

void ActionTableView::importFrom(const std::filesystem::path &file)
{
    const auto json = readJson(file);
    if (!json)
        return tell(QString::fromStdString(json.error().line()));
    const auto unknown = m_table.importKeys(*json);
    if (!unknown)
        return tell(QString::fromStdString(unknown.error().line()));
    tell(unknown->isEmpty() ? tr("The keys were read")
                            : tr("The keys were read; %n actions of the file are not known here", nullptr,
                                 static_cast<int>(unknown->size())));
}

} // namespace consilium::viewer
