// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/data_deidentify.h"

#include "app/data_import.h"
#include "app/notice.h"
#include "app/theme_style.h"

#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace consilium::app {

DeidentifyView::DeidentifyView(QWidget *parent)
    : QWidget(parent), m_notice(new Notice), m_in(new QLineEdit), m_out(new QLineEdit),
      m_chooseIn(new QPushButton(tr("Choose…"))), m_chooseOut(new QPushButton(tr("Choose…"))),
      m_start(new QPushButton(tr("De-identify"))), m_back(new QPushButton(tr("Back to the cases")))
{
    const std::pair<QWidget *, const char *> named[] = {
        {m_notice, "notice"},       {m_in, "in"},       {m_out, "out"},  {m_chooseIn, "chooseIn"},
        {m_chooseOut, "chooseOut"}, {m_start, "start"}, {m_back, "back"}};
    for (const auto &[widget, name] : named)
        widget->setObjectName(QStringLiteral("data.deidentify.") + QLatin1String(name));
    auto *title = new QLabel(tr("De-identify a DICOM folder"));
    title->setProperty("role", "heading");
    auto *text = new QLabel(tr(
        "Writes a copy of every image in which names, numbers, dates and free text are left out and pseudonyms stand "
        "for patients (DICOM PS3.15, basic profile). Files whose pixels may show a name are named in the report, to "
        "be looked at. The originals stay as they are."));
    text->setWordWrap(true);
    text->setProperty("role", "quiet");
    m_start->setProperty("role", "primary");
    m_in->setAccessibleName(tr("Folder of DICOM files"));
    m_out->setAccessibleName(tr("New folder for the copies"));
    m_chooseIn->setAccessibleName(tr("Choose the folder of DICOM files"));
    m_chooseOut->setAccessibleName(tr("Choose the new folder"));

    auto *head = new QHBoxLayout;
    head->addWidget(title);
    head->addStretch();
    head->addWidget(m_back);
    auto *form = new QFormLayout;
    form->setSpacing(8);
    for (const auto &[label, line, button] : {std::tuple{tr("Folder of DICOM files"), m_in, m_chooseIn},
                                              std::tuple{tr("New folder"), m_out, m_chooseOut}}) {
        auto *row = new QHBoxLayout;
        row->addWidget(line, 1);
        row->addWidget(button);
        auto *caption = new QLabel(label);
        caption->setBuddy(line);
        form->addRow(caption, row);
    }
    auto *foot = new QHBoxLayout;
    foot->addStretch();
    foot->addWidget(m_start);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    layout->addLayout(head);
    layout->addWidget(m_notice);
    layout->addWidget(text);
    layout->addLayout(form);
    layout->addLayout(foot);
    layout->addStretch();

    connect(m_back, &QPushButton::clicked, this, &DeidentifyView::backRequested);
    connect(m_chooseIn, &QPushButton::clicked, this, [this] { choose(m_in, tr("Choose the folder of DICOM files")); });
    connect(m_chooseOut, &QPushButton::clicked, this, [this] { choose(m_out, tr("Choose a new folder")); });
    connect(m_start, &QPushButton::clicked, this, &DeidentifyView::start);
}

void DeidentifyView::setTheme(const Theme &theme)
{
    m_notice->setTheme(theme);
    m_back->setIcon(icon(QStringLiteral("go-previous")));
    for (auto *button : {m_chooseIn, m_chooseOut})
        button->setIcon(icon(QStringLiteral("document-open-folder")));
}

void DeidentifyView::setIn(const std::filesystem::path &folder)
{
    auto whole = folder.lexically_normal();
    if (!whole.has_filename())
        whole = whole.parent_path();
    m_in->setText(QString::fromStdU16String(whole.u16string()));
    m_out->setText(m_in->text() + tr("-deidentified"));
    m_notice->clear();
}

void DeidentifyView::choose(QLineEdit *line, const QString &title)
{
    auto *dialog = new QFileDialog(this, title, line->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, [this, line](const QString &folder) {
        if (line == m_in)
            setIn(folder.toStdU16String());
        else
            line->setText(folder);
    });
    dialog->open();
}

void DeidentifyView::start()
{
    const auto in = m_in->text().trimmed(), out = m_out->text().trimmed();
    std::error_code error;
    if (in.isEmpty() || !std::filesystem::is_directory(in.toStdU16String(), error))
        return m_notice->tell(in.isEmpty() ? tr("Choose the folder of DICOM files.")
                                           : tr("There is no folder %1.").arg(in));
    if (const auto why = whyNotInto(out.toStdU16String()); !why.isEmpty())
        return m_notice->tell(why);
    m_notice->clear();
    Q_EMIT deidentifyRequested(in, out);
}

} // namespace consilium::app
