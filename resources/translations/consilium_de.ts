<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>ChangeKind</name>
    <message>
        <source>new</source>
        <translation>neu</translation>
    </message>
    <message>
        <source>enlarged</source>
        <translation>größer</translation>
    </message>
    <message>
        <source>stable</source>
        <translation>stabil</translation>
    </message>
    <message>
        <source>shrunk</source>
        <translation>kleiner</translation>
    </message>
    <message>
        <source>resolved</source>
        <translation>verschwunden</translation>
    </message>
    <message>
        <source>unclear</source>
        <translation>unklar</translation>
    </message>
</context>
<context>
    <name>CommandLine</name>
    <message>
        <source>Watch a study in which hospitals train a model together, and review its images. Research software, not a medical device.</source>
        <translation>Eine Studie verfolgen, in der Kliniken gemeinsam ein Modell trainieren, und ihre Bilder befunden. Forschungssoftware, kein Medizinprodukt.</translation>
    </message>
    <message>
        <source>Open the study folder DIR.</source>
        <translation>Den Studienordner DIR öffnen.</translation>
    </message>
    <message>
        <source>Drive the window through its main job and each page, and save one picture a step in DIR.</source>
        <translation>Das Fenster durch seine Hauptaufgabe und alle Seiten führen und je Schritt ein Bild in DIR speichern.</translation>
    </message>
    <message>
        <source>Colours: dark or light.</source>
        <translation>Farben: dark (dunkel) oder light (hell).</translation>
    </message>
    <message>
        <source>Language of the window: en or de.</source>
        <translation>Sprache des Fensters: en oder de.</translation>
    </message>
    <message>
        <source>Images and folders to open in Review.</source>
        <translation>Bilder und Ordner, die unter Befundung geöffnet werden.</translation>
    </message>
    <message>
        <source>--theme is dark or light, not &apos;%1&apos;</source>
        <translation>--theme ist dark oder light, nicht „%1“</translation>
    </message>
    <message>
        <source>There is no translation &apos;%1&apos;</source>
        <translation>Es gibt keine Übersetzung „%1“</translation>
    </message>
</context>
<context>
    <name>HangingLayout</name>
    <message>
        <source>Planes and 3D</source>
        <translation>Ebenen und 3D</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Nebeneinander</translation>
    </message>
    <message>
        <source>Difference to the reference</source>
        <translation>Abweichung von der Referenz</translation>
    </message>
    <message>
        <source>Swipe</source>
        <translation>Wischen</translation>
    </message>
    <message>
        <source>Flicker</source>
        <translation>Wechselbild</translation>
    </message>
    <message>
        <source>Lightbox</source>
        <translation>Leuchtkasten</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>Kanäle</translation>
    </message>
    <message>
        <source>Single</source>
        <translation>Einzeln</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Befundung</translation>
    </message>
    <message>
        <source>Two time points</source>
        <translation>Zwei Zeitpunkte</translation>
    </message>
</context>
<context>
    <name>HungCase</name>
    <message>
        <source>%1 mL</source>
        <translation>%1 ml</translation>
    </message>
    <message>
        <source>left</source>
        <translation>links</translation>
    </message>
    <message>
        <source>right</source>
        <translation>rechts</translation>
    </message>
    <message>
        <source>reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>bearbeitet</translation>
    </message>
    <message>
        <source>majority of models</source>
        <translation>Mehrheit der Modelle</translation>
    </message>
    <message>
        <source>Axial</source>
        <translation>Axial</translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation>Koronar</translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation>Sagittal</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>3D</source>
        <translation>3D</translation>
    </message>
    <message>
        <source>%1 | %2</source>
        <translation>%1 | %2</translation>
    </message>
    <message>
        <source>%1: found, invented, missed</source>
        <translation>%1: gefunden, erfunden, übersehen</translation>
    </message>
    <message>
        <source>Dice %1</source>
        <translation>Dice %1</translation>
    </message>
    <message>
        <source>found %1
invented %2
missed %3</source>
        <translation>gefunden %1
erfunden %2
übersehen %3</translation>
    </message>
</context>
<context>
    <name>KeyName</name>
    <message>
        <source>Page Up</source>
        <translation>Bild auf</translation>
    </message>
    <message>
        <source>Page Down</source>
        <translation>Bild ab</translation>
    </message>
    <message>
        <source>Home</source>
        <translation>Pos1</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>Insert</source>
        <translation>Einfg</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Entf</translation>
    </message>
    <message>
        <source>Backspace</source>
        <translation>Rücktaste</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Enter (number pad)</source>
        <translation>Eingabe (Ziffernblock)</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Leertaste</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Pfeil auf</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Pfeil ab</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Pfeil links</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Pfeil rechts</translation>
    </message>
    <message>
        <source>Ctrl</source>
        <translation>Strg</translation>
    </message>
    <message>
        <source>Alt</source>
        <translation>Alt</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Umschalt</translation>
    </message>
    <message>
        <source>Meta</source>
        <translation>Meta</translation>
    </message>
    <message>
        <source>%1 or %2</source>
        <translation>%1 oder %2</translation>
    </message>
</context>
<context>
    <name>LesionRegion</name>
    <message>
        <source>periventricular</source>
        <translation>periventrikulär</translation>
    </message>
    <message>
        <source>juxtacortical</source>
        <translation>juxtakortikal</translation>
    </message>
    <message>
        <source>infratentorial</source>
        <translation>infratentoriell</translation>
    </message>
    <message>
        <source>deep white matter</source>
        <translation>tiefes Marklager</translation>
    </message>
    <message>
        <source>not determined</source>
        <translation>nicht bestimmt</translation>
    </message>
    <message>
        <source>periventr.</source>
        <translation>periventr.</translation>
    </message>
    <message>
        <source>juxtacort.</source>
        <translation>juxtakort.</translation>
    </message>
    <message>
        <source>infratent.</source>
        <translation>infratent.</translation>
    </message>
    <message>
        <source>deep WM</source>
        <translation>Marklager</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Consilium</source>
        <translation>Consilium</translation>
    </message>
    <message>
        <source>Start, open and find studies</source>
        <translation>Studien starten, öffnen und finden</translation>
    </message>
    <message>
        <source>Studies</source>
        <translation>Studien</translation>
    </message>
    <message>
        <source>Look at images and segmentations side by side</source>
        <translation>Bilder und Segmentierungen nebeneinander betrachten</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Befundung</translation>
    </message>
    <message>
        <source>Watch the rounds, sites and curves of the open study</source>
        <translation>Runden, Standorte und Kurven der offenen Studie verfolgen</translation>
    </message>
    <message>
        <source>Federation</source>
        <translation>Föderation</translation>
    </message>
    <message>
        <source>Change between the dark and the light theme</source>
        <translation>Zwischen dunkler und heller Darstellung wechseln</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Look through the cases of a site, check and import them</source>
        <translation>Fälle eines Standorts ansehen, prüfen und importieren</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Daten</translation>
    </message>
    <message>
        <source>Appearance, mouse, keys, reader</source>
        <translation>Darstellung, Maus, Tasten, Name</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
</context>
<context>
    <name>PointerGestures</name>
    <message>
        <source>Tool or crosshair</source>
        <translation>Werkzeug oder Fadenkreuz</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>Verschieben</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>Window: width sideways, centre up and down</source>
        <translation>Fensterung: Breite seitwärts, Mitte auf und ab</translation>
    </message>
    <message>
        <source>Slices</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>left button, drag</source>
        <translation>linke Taste, ziehen</translation>
    </message>
    <message>
        <source>right button, drag</source>
        <translation>rechte Taste, ziehen</translation>
    </message>
    <message>
        <source>middle button, drag</source>
        <translation>mittlere Taste, ziehen</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>Maus</translation>
    </message>
    <message>
        <source>wheel</source>
        <translation>Rad</translation>
    </message>
    <message>
        <source>Zoom about the pointer</source>
        <translation>Zoom um den Zeiger</translation>
    </message>
    <message>
        <source>Ctrl+wheel, or two fingers apart</source>
        <translation>Strg+Rad, oder zwei Finger spreizen</translation>
    </message>
    <message>
        <source>Crosshair follows the pointer</source>
        <translation>Fadenkreuz folgt dem Zeiger</translation>
    </message>
    <message>
        <source>Shift+move</source>
        <translation>Umschalt+bewegen</translation>
    </message>
    <message>
        <source>The view alone, or all</source>
        <translation>Die Ansicht allein oder alle</translation>
    </message>
    <message>
        <source>double click</source>
        <translation>Doppelklick</translation>
    </message>
    <message>
        <source>Take back the drag under way</source>
        <translation>Laufendes Ziehen zurücknehmen</translation>
    </message>
    <message>
        <source>Esc while dragging</source>
        <translation>Esc beim Ziehen</translation>
    </message>
</context>
<context>
    <name>PointerScheme</name>
    <message>
        <source>Research</source>
        <translation>Forschung</translation>
    </message>
    <message>
        <source>PACS</source>
        <translation>PACS</translation>
    </message>
    <message>
        <source>Left: tool or crosshair. Right: zoom. Middle: pan. Ctrl+right: window.</source>
        <translation>Links: Werkzeug oder Fadenkreuz. Rechts: Zoom. Mitte: Verschieben. Strg+rechts: Fensterung.</translation>
    </message>
    <message>
        <source>Left: tool or crosshair. Right: window. Middle: pan. Ctrl+right: zoom.</source>
        <translation>Links: Werkzeug oder Fadenkreuz. Rechts: Fensterung. Mitte: Verschieben. Strg+rechts: Zoom.</translation>
    </message>
</context>
<context>
    <name>ReadingFinishedPage</name>
    <message>
        <source>Agreement of %1 readers, %2: %3 %4</source>
        <translation>Übereinstimmung von %1 Befundern, %2: %3 %4</translation>
    </message>
    <message>
        <source>%1 is not counted: %2</source>
        <translation>%1 wird nicht gezählt: %2</translation>
    </message>
    <message>
        <source>%1 %2 × %3, %4 × %5, %6 × equal</source>
        <translation>%1 %2 × %3, %4 × %5, %6 × gleich</translation>
    </message>
    <message>
        <source>; %1 of the decided for %2 (95 % interval %3 to %4, %5)</source>
        <translation>; %1 der entschiedenen für %2 (95-%-Intervall %3 bis %4, %5)</translation>
    </message>
    <message>
        <source>%1: median %2 (quartiles %3 to %4)</source>
        <translation>%1: Median %2 (Quartile %3 bis %4)</translation>
    </message>
    <message>
        <source>%1 for %2</source>
        <translation>%1 für %2</translation>
    </message>
    <message>
        <source>%1: %2 minus %3, median difference %4 (signed ranks, %5)</source>
        <translation>%1: %2 minus %3, mediane Differenz %4 (Vorzeichenränge, %5)</translation>
    </message>
    <message>
        <source>%1, %2: in %3 of %4 readings, %5 altogether</source>
        <translation>%1, %2: in %3 von %4 Befundungen, insgesamt %5</translation>
    </message>
</context>
<context>
    <name>ReadingWorklist</name>
    <message>
        <source>less than a minute</source>
        <translation>weniger als eine Minute</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
</context>
<context>
    <name>ScaleBar</name>
    <message>
        <source>%1 mm</source>
        <translation>%1 mm</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>Dark for the reading room, light for the office</source>
        <translation>Dunkel für den Befundungsraum, hell für das Büro</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Font size</source>
        <translation>Schriftgröße</translation>
    </message>
    <message>
        <source>Size of all text in the window</source>
        <translation>Größe aller Texte im Fenster</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Language of the window</source>
        <translation>Sprache des Fensters</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>What the mouse buttons do in an image</source>
        <translation>Was die Maustasten im Bild tun</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>Befunder/in</translation>
    </message>
    <message>
        <source>Your name in saved files and reading sessions</source>
        <translation>Name in gespeicherten Dateien und Befundungssitzungen</translation>
    </message>
    <message>
        <source>Image memory</source>
        <translation>Bildspeicher</translation>
    </message>
    <message>
        <source>Memory that opened images may take; beyond it, images not in sight are put away and read again when needed</source>
        <translation>Arbeitsspeicher, den geöffnete Bilder belegen dürfen; darüber hinaus werden nicht sichtbare Bilder ausgelagert und bei Bedarf neu gelesen</translation>
    </message>
    <message>
        <source>Mouse buttons</source>
        <translation>Maustasten</translation>
    </message>
</context>
<context>
    <name>StudiesPage</name>
    <message>
        <source>Hospitals train imaging models together without moving images. Start with the demo, or open a study.</source>
        <translation>Kliniken trainieren gemeinsam Bildmodelle, ohne Bilder zu verschicken. Beginnen mit der Demo oder einer vorhandenen Studie.</translation>
    </message>
    <message>
        <source>Try the demo</source>
        <translation>Demo ausprobieren</translation>
    </message>
    <message>
        <source>Three hospitals train one model together on this computer, each in a program of its own. The images are made up; no patient data is needed.</source>
        <translation>Drei Kliniken trainieren auf diesem Rechner gemeinsam ein Modell, jede in einem eigenen Programm. Die Bilder sind künstlich; Patientendaten sind nicht nötig.</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Rounds</source>
        <translation>Runden</translation>
    </message>
    <message>
        <source>as the task plans</source>
        <translation>wie die Aufgabe vorsieht</translation>
    </message>
    <message>
        <source>Start the demo</source>
        <translation>Demo starten</translation>
    </message>
    <message>
        <source>Watch the rounds</source>
        <translation>Runden verfolgen</translation>
    </message>
    <message>
        <source>Stop the demo</source>
        <translation>Demo anhalten</translation>
    </message>
    <message>
        <source>Open a study folder</source>
        <translation>Studienordner öffnen</translation>
    </message>
    <message>
        <source>Follow a study that runs on this computer or on a shared drive, or look back at one that is finished. Opening changes nothing in the folder.</source>
        <translation>Eine Studie verfolgen, die auf diesem Rechner oder einem Netzlaufwerk läuft, oder eine beendete ansehen. Das Öffnen ändert nichts im Ordner.</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Ordner wählen…</translation>
    </message>
    <message>
        <source>Recent studies</source>
        <translation>Zuletzt geöffnete Studien</translation>
    </message>
    <message>
        <source>Studies you start or open are listed here.</source>
        <translation>Hier stehen die Studien, die gestartet oder geöffnet wurden.</translation>
    </message>
    <message>
        <source>Double-click a study to open it</source>
        <translation>Doppelklick auf eine Studie öffnet sie</translation>
    </message>
</context>
<context>
    <name>WindowPreset</name>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
    <message>
        <source>Bright structures</source>
        <translation>Helle Strukturen</translation>
    </message>
    <message>
        <source>Full range</source>
        <translation>Voller Bereich</translation>
    </message>
    <message>
        <source>Brain</source>
        <translation>Gehirn</translation>
    </message>
    <message>
        <source>Stroke</source>
        <translation>Schlaganfall</translation>
    </message>
    <message>
        <source>Soft tissue</source>
        <translation>Weichteile</translation>
    </message>
    <message>
        <source>Bone</source>
        <translation>Knochen</translation>
    </message>
    <message>
        <source>Lung</source>
        <translation>Lunge</translation>
    </message>
</context>
<context>
    <name>consilium::app::ChoiceSetting</name>
    <message>
        <source>%1: there is no choice “%2”</source>
        <translation>%1: Auswahl „%2“ gibt es nicht</translation>
    </message>
</context>
<context>
    <name>consilium::app::DataPage</name>
    <message>
        <source>Open a dataset…</source>
        <translation>Datensatz öffnen…</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren…</translation>
    </message>
    <message>
        <source>De-identify a DICOM folder…</source>
        <translation>DICOM-Ordner de-identifizieren…</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Erneut prüfen</translation>
    </message>
    <message>
        <source>Dataset</source>
        <translation>Datensatz</translation>
    </message>
    <message>
        <source>Converts DICOM series of this computer to NIfTI</source>
        <translation>Wandelt DICOM-Serien dieses Rechners in NIfTI um</translation>
    </message>
    <message>
        <source>Looks at every voxel of the dataset once more</source>
        <translation>Prüft jeden Voxel des Datensatzes noch einmal</translation>
    </message>
    <message>
        <source>The reason is on the clipboard</source>
        <translation>Der Grund ist in der Zwischenablage</translation>
    </message>
    <message>
        <source>The cases your site learns from</source>
        <translation>Die Fälle, aus denen der Standort lernt</translation>
    </message>
    <message>
        <source>Open a folder of images with their labels (nnU-Net layout) to see every case, whether it passes a quality check, and who trains and who tests. Nothing leaves this computer. A folder of DICOM files can be dropped here to be imported.</source>
        <translation>Ein Ordner mit Bildern und Labels (Aufbau wie nnU-Net) zeigt jeden Fall, ob er die Qualitätsprüfung besteht und wozu er dient: Training oder Test. Nichts verlässt diesen Rechner. Ein Ordner mit DICOM-Dateien kann zum Importieren hierher gezogen werden.</translation>
    </message>
    <message>
        <source>%1. Cases that were not looked at are marked so.</source>
        <translation>%1. Nicht geprüfte Fälle sind so gekennzeichnet.</translation>
    </message>
    <message>
        <source>The dataset could not be opened: %1</source>
        <translation>Der Datensatz konnte nicht geöffnet werden: %1</translation>
    </message>
    <message>
        <source>Images at %1</source>
        <translation>Bilder in %1</translation>
    </message>
    <message>
        <source>Choose a dataset: the folder that holds imagesTr</source>
        <translation>Datensatz wählen: der Ordner, der imagesTr enthält</translation>
    </message>
    <message>
        <source>Choose a folder of DICOM files</source>
        <translation>Ordner mit DICOM-Dateien wählen</translation>
    </message>
    <message>
        <source>Something is under way. Wait for its end, or cancel it, and import then.</source>
        <translation>Gerade läuft etwas anderes. Bitte das Ende abwarten oder abbrechen und dann importieren.</translation>
    </message>
    <message>
        <source>Importing</source>
        <translation>Wird importiert</translation>
    </message>
    <message>
        <source>The import did not end well: %1</source>
        <translation>Der Import ist nicht gelungen: %1</translation>
    </message>
    <message>
        <source>1 series was written to %1</source>
        <translation>1 Serie wurde nach %1 geschrieben</translation>
    </message>
    <message numerus="yes">
        <source>%n series were written to %1</source>
        <translation>
            <numerusform>%n Serie wurde nach %1 geschrieben</numerusform>
            <numerusform>%n Serien wurden nach %1 geschrieben</numerusform>
        </translation>
    </message>
    <message>
        <source>Open in Review</source>
        <translation>Unter Befundung öffnen</translation>
    </message>
    <message>
        <source>Something is under way. Wait for its end, or cancel it, and try again then.</source>
        <translation>Gerade läuft etwas anderes. Bitte das Ende abwarten oder abbrechen und dann erneut versuchen.</translation>
    </message>
    <message>
        <source>Nothing was written: %1</source>
        <translation>Es wurde nichts geschrieben: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n files were written to %1</source>
        <translation>
            <numerusform>%n Datei wurde nach %1 geschrieben</numerusform>
            <numerusform>%n Dateien wurden nach %1 geschrieben</numerusform>
        </translation>
    </message>
    <message>
        <source>1 thing to look at is in the report</source>
        <translation>Der Bericht nennt 1 Punkt zum Nachsehen</translation>
    </message>
    <message numerus="yes">
        <source>%n things to look at are in the report</source>
        <translation>
            <numerusform>Der Bericht nennt %n Punkt zum Nachsehen</numerusform>
            <numerusform>Der Bericht nennt %n Punkte zum Nachsehen</numerusform>
        </translation>
    </message>
    <message>
        <source>1 file was not copied</source>
        <translation>1 Datei wurde nicht kopiert</translation>
    </message>
    <message numerus="yes">
        <source>%n files were not copied</source>
        <translation>
            <numerusform>%n Datei wurde nicht kopiert</numerusform>
            <numerusform>%n Dateien wurden nicht kopiert</numerusform>
        </translation>
    </message>
    <message>
        <source>Import them…</source>
        <translation>Importieren…</translation>
    </message>
    <message>
        <source>De-identifying</source>
        <translation>Wird de-identifiziert</translation>
    </message>
    <message>
        <source>There is no such file or folder.</source>
        <translation>Diese Datei oder diesen Ordner gibt es nicht.</translation>
    </message>
    <message>
        <source>%1. %2 of %3 cases are listed.</source>
        <translation>%1. %2 von %3 Fällen sind aufgeführt.</translation>
    </message>
</context>
<context>
    <name>consilium::app::DataTable</name>
    <message>
        <source>Open in Review</source>
        <translation>Unter Befundung öffnen</translation>
    </message>
    <message>
        <source>Show what the network sees</source>
        <translation>Zeigen, was das Netz sieht</translation>
    </message>
    <message>
        <source>Copy reason</source>
        <translation>Grund kopieren</translation>
    </message>
    <message>
        <source>Find a case, a patient or a reason</source>
        <translation>Fall, Patient oder Grund suchen</translation>
    </message>
    <message>
        <source>Quality check</source>
        <translation>Qualitätsprüfung</translation>
    </message>
    <message>
        <source>Any quality</source>
        <translation>Jede Qualität</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>Aufteilung</translation>
    </message>
    <message>
        <source>Every split</source>
        <translation>Jede Aufteilung</translation>
    </message>
    <message>
        <source>Cases of the dataset</source>
        <translation>Fälle des Datensatzes</translation>
    </message>
    <message>
        <source>%1 shown of %2</source>
        <translation>%1 von %2 angezeigt</translation>
    </message>
    <message>
        <source>Reason of the verdict</source>
        <translation>Grund des Urteils</translation>
    </message>
</context>
<context>
    <name>consilium::app::DataTaskStrip</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>What is being done</source>
        <translation>Was gerade geschieht</translation>
    </message>
    <message>
        <source>How far it is</source>
        <translation>Wie weit es ist</translation>
    </message>
    <message>
        <source>Cancel what is being done</source>
        <translation>Laufenden Vorgang abbrechen</translation>
    </message>
    <message>
        <source>Put this message away</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>Wird angehalten</translation>
    </message>
    <message>
        <source>%1: %2 of %3</source>
        <translation>%1: %2 von %3</translation>
    </message>
</context>
<context>
    <name>consilium::app::DatasetModel</name>
    <message>
        <source>training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>Validierung</translation>
    </message>
    <message>
        <source>test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>not checked</source>
        <translation>nicht geprüft</translation>
    </message>
    <message>
        <source>passes</source>
        <translation>in Ordnung</translation>
    </message>
    <message>
        <source>look at it</source>
        <translation>ansehen</translation>
    </message>
    <message>
        <source>fails</source>
        <translation>fehlerhaft</translation>
    </message>
    <message>
        <source>labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>landmarks</source>
        <translation>Landmarken</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>1 case</source>
        <translation>1 Fall</translation>
    </message>
    <message numerus="yes">
        <source>%n cases</source>
        <translation>
            <numerusform>%n Fall</numerusform>
            <numerusform>%n Fälle</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>1 patient</source>
        <translation>1 Patient</translation>
    </message>
    <message numerus="yes">
        <source>%n patients</source>
        <translation>
            <numerusform>%n Patient</numerusform>
            <numerusform>%n Patienten</numerusform>
        </translation>
    </message>
    <message>
        <source>1 fails QC</source>
        <translation>1 fällt durch die Prüfung</translation>
    </message>
    <message numerus="yes">
        <source>%n fail QC</source>
        <translation>
            <numerusform>%n fällt durch die Prüfung</numerusform>
            <numerusform>%n fallen durch die Prüfung</numerusform>
        </translation>
    </message>
    <message>
        <source>1 to look at</source>
        <translation>1 anzusehen</translation>
    </message>
    <message numerus="yes">
        <source>%n to look at</source>
        <translation>
            <numerusform>%n anzusehen</numerusform>
            <numerusform>%n anzusehen</numerusform>
        </translation>
    </message>
    <message>
        <source>QC not done</source>
        <translation>nicht geprüft</translation>
    </message>
    <message numerus="yes">
        <source>%n not checked</source>
        <translation>
            <numerusform>%n nicht geprüft</numerusform>
            <numerusform>%n nicht geprüft</numerusform>
        </translation>
    </message>
    <message>
        <source>all pass QC</source>
        <translation>alle in Ordnung</translation>
    </message>
    <message>
        <source>Middle slice of %1</source>
        <translation>Mittlere Schicht von %1</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>Patient</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>Kanäle</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>Voxels</source>
        <translation>Voxel</translation>
    </message>
    <message>
        <source>Spacing</source>
        <translation>Voxelgröße</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>Aufteilung</translation>
    </message>
    <message>
        <source>Quality check</source>
        <translation>Qualitätsprüfung</translation>
    </message>
</context>
<context>
    <name>consilium::app::DatasetReader</name>
    <message>
        <source>Looking at every voxel</source>
        <translation>Jeder Voxel wird geprüft</translation>
    </message>
    <message>
        <source>Reading headers</source>
        <translation>Kopfdaten werden gelesen</translation>
    </message>
    <message>
        <source>The quality check was stopped</source>
        <translation>Die Qualitätsprüfung wurde angehalten</translation>
    </message>
</context>
<context>
    <name>consilium::app::DeidentifyView</name>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>De-identify</source>
        <translation>De-identifizieren</translation>
    </message>
    <message>
        <source>Back to the cases</source>
        <translation>Zurück zu den Fällen</translation>
    </message>
    <message>
        <source>De-identify a DICOM folder</source>
        <translation>DICOM-Ordner de-identifizieren</translation>
    </message>
    <message>
        <source>Writes a copy of every image in which names, numbers, dates and free text are left out and pseudonyms stand for patients (DICOM PS3.15, basic profile). Files whose pixels may show a name are named in the report, to be looked at. The originals stay as they are.</source>
        <translation>Schreibt von jedem Bild eine Kopie ohne Namen, Nummern, Daten und Freitext; Pseudonyme stehen für Patienten (DICOM PS3.15, Basisprofil). Dateien, deren Bildpunkte einen Namen zeigen könnten, nennt der Bericht zum Nachsehen. Die Originale bleiben unverändert.</translation>
    </message>
    <message>
        <source>Folder of DICOM files</source>
        <translation>Ordner mit DICOM-Dateien</translation>
    </message>
    <message>
        <source>New folder for the copies</source>
        <translation>Neuer Ordner für die Kopien</translation>
    </message>
    <message>
        <source>Choose the folder of DICOM files</source>
        <translation>Ordner mit DICOM-Dateien wählen</translation>
    </message>
    <message>
        <source>Choose the new folder</source>
        <translation>Neuen Ordner wählen</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>Neuer Ordner</translation>
    </message>
    <message>
        <source>Choose a new folder</source>
        <translation>Neuen Ordner wählen</translation>
    </message>
    <message>
        <source>-deidentified</source>
        <translation>-deidentifiziert</translation>
    </message>
    <message>
        <source>Choose the folder of DICOM files.</source>
        <translation>Bitte den Ordner mit den DICOM-Dateien wählen.</translation>
    </message>
    <message>
        <source>There is no folder %1.</source>
        <translation>Den Ordner %1 gibt es nicht.</translation>
    </message>
</context>
<context>
    <name>consilium::app::FederationPage</name>
    <message>
        <source>Go to Studies</source>
        <translation>Zu den Studien</translation>
    </message>
    <message>
        <source>Stop the demo</source>
        <translation>Demo anhalten</translation>
    </message>
    <message>
        <source>The study could not be read: %1</source>
        <translation>Die Studie konnte nicht gelesen werden: %1</translation>
    </message>
    <message>
        <source>The demo goes on: %1</source>
        <translation>Die Demo läuft weiter: %1</translation>
    </message>
    <message>
        <source>The demo ended early: %1</source>
        <translation>Die Demo wurde vorzeitig beendet: %1</translation>
    </message>
    <message>
        <source>No study is open</source>
        <translation>Keine Studie geöffnet</translation>
    </message>
    <message>
        <source>This page shows the rounds of a study: what each site does, how the model improves, and what went wrong. Start the demo or open a study folder first.</source>
        <translation>Diese Seite zeigt die Runden einer Studie: was jeder Standort tut, wie sich das Modell verbessert und was misslungen ist. Dazu die Demo starten oder einen Studienordner öffnen.</translation>
    </message>
    <message>
        <source>The demo study is being prepared</source>
        <translation>Die Demostudie wird vorbereitet</translation>
    </message>
    <message>
        <source>The images of the hospitals are made first; the sites then join one by one.</source>
        <translation>Zuerst entstehen die Bilder der Kliniken; dann treten die Standorte nacheinander bei.</translation>
    </message>
    <message>
        <source>There is no study in this folder yet</source>
        <translation>In diesem Ordner ist noch keine Studie</translation>
    </message>
    <message>
        <source>%1 holds no study.json and study.db. The page fills as soon as they appear.</source>
        <translation>%1 enthält weder study.json noch study.db. Die Seite füllt sich, sobald sie erscheinen.</translation>
    </message>
</context>
<context>
    <name>consilium::app::ImportView</name>
    <message>
        <source>no description</source>
        <translation>ohne Beschreibung</translation>
    </message>
    <message>
        <source>Choose a folder to write to.</source>
        <translation>Bitte einen Zielordner wählen.</translation>
    </message>
    <message>
        <source>%1 is a file. Choose a new folder.</source>
        <translation>%1 ist eine Datei. Bitte einen neuen Ordner wählen.</translation>
    </message>
    <message>
        <source>%1 is not empty. Choose a new folder, so that nothing there is mixed or lost.</source>
        <translation>%1 ist nicht leer. Bitte einen neuen Ordner wählen, damit dort nichts vermischt wird oder verloren geht.</translation>
    </message>
    <message>
        <source>All series</source>
        <translation>Alle Serien</translation>
    </message>
    <message>
        <source>Remove what identifies the patient</source>
        <translation>Identifizierende Angaben entfernen</translation>
    </message>
    <message>
        <source>Back to the cases</source>
        <translation>Zurück zu den Fällen</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>Import from DICOM</source>
        <translation>Aus DICOM importieren</translation>
    </message>
    <message>
        <source>Names, numbers and dates are left out, and pseudonyms stand for patients. The same patient gets the same pseudonym every time on this computer.</source>
        <translation>Namen, Nummern und Daten entfallen, Pseudonyme stehen für Patienten. Derselbe Patient bekommt auf diesem Rechner immer dasselbe Pseudonym.</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Beschreibung</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>Patient</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>Bemerkungen</translation>
    </message>
    <message>
        <source>Series found</source>
        <translation>Gefundene Serien</translation>
    </message>
    <message>
        <source>Folder to write to</source>
        <translation>Zielordner</translation>
    </message>
    <message>
        <source>Write to</source>
        <translation>Schreiben nach</translation>
    </message>
    <message>
        <source>Reading headers: %1 of %2</source>
        <translation>Kopfdaten werden gelesen: %1 von %2</translation>
    </message>
    <message>
        <source>Looking for DICOM images</source>
        <translation>DICOM-Bilder werden gesucht</translation>
    </message>
    <message>
        <source>-nifti</source>
        <translation>-nifti</translation>
    </message>
    <message>
        <source>Import %1</source>
        <translation>%1 importieren</translation>
    </message>
    <message>
        <source>colour: shown in Review, not imported</source>
        <translation>Farbbild: unter Befundung zu sehen, nicht importiert</translation>
    </message>
    <message>
        <source>, %1 times</source>
        <translation>, %1 Zeitpunkte</translation>
    </message>
    <message>
        <source>patient %1</source>
        <translation>Patient %1</translation>
    </message>
    <message>
        <source>1 series found</source>
        <translation>1 Serie gefunden</translation>
    </message>
    <message numerus="yes">
        <source>%n series found</source>
        <translation>
            <numerusform>%n Serie gefunden</numerusform>
            <numerusform>%n Serien gefunden</numerusform>
        </translation>
    </message>
    <message>
        <source>1 file holds no image</source>
        <translation>1 Datei enthält kein Bild</translation>
    </message>
    <message numerus="yes">
        <source>%n files hold no image</source>
        <translation>
            <numerusform>%n Datei enthält kein Bild</numerusform>
            <numerusform>%n Dateien enthalten kein Bild</numerusform>
        </translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Import 1 series</source>
        <translation>1 Serie importieren</translation>
    </message>
    <message numerus="yes">
        <source>Import %n series</source>
        <translation>
            <numerusform>%n Serie importieren</numerusform>
            <numerusform>%n Serien importieren</numerusform>
        </translation>
    </message>
    <message>
        <source>Choose a new folder for the images</source>
        <translation>Neuen Ordner für die Bilder wählen</translation>
    </message>
</context>
<context>
    <name>consilium::app::MainWindow</name>
    <message>
        <source>The demo is finished</source>
        <translation>Die Demo ist beendet</translation>
    </message>
    <message>
        <source>The demo ended early: %1</source>
        <translation>Die Demo wurde vorzeitig beendet: %1</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>all sites on this computer</source>
        <translation>alle Standorte auf diesem Rechner</translation>
    </message>
    <message>
        <source>watching</source>
        <translation>wird verfolgt</translation>
    </message>
    <message>
        <source>demo</source>
        <translation>Demo</translation>
    </message>
    <message>
        <source>being prepared</source>
        <translation>in Vorbereitung</translation>
    </message>
    <message>
        <source>no study open</source>
        <translation>keine Studie geöffnet</translation>
    </message>
</context>
<context>
    <name>consilium::app::NameSetting</name>
    <message>
        <source>%1: letters, digits, spaces, dots, hyphens and underscores, at most 40</source>
        <translation>%1: Buchstaben, Ziffern, Leerzeichen, Punkte, Binde- und Unterstriche, höchstens 40</translation>
    </message>
</context>
<context>
    <name>consilium::app::NetworkPreview</name>
    <message>
        <source>turned by %1°</source>
        <translation>um %1° gedreht</translation>
    </message>
    <message>
        <source>magnified %1 times</source>
        <translation>%1-fach vergrößert</translation>
    </message>
    <message>
        <source>shrunk to %1</source>
        <translation>auf %1 verkleinert</translation>
    </message>
    <message>
        <source>mirrored left to right</source>
        <translation>links-rechts gespiegelt</translation>
    </message>
    <message>
        <source>mirrored front to back</source>
        <translation>vorn-hinten gespiegelt</translation>
    </message>
    <message>
        <source>mirrored head to foot</source>
        <translation>oben-unten gespiegelt</translation>
    </message>
    <message>
        <source>bent</source>
        <translation>verformt</translation>
    </message>
    <message>
        <source>shifted</source>
        <translation>verschoben</translation>
    </message>
    <message>
        <source>in its place</source>
        <translation>an seinem Ort</translation>
    </message>
    <message>
        <source>%1 %2 of %3 mm
values %4 to %5, mean %6, standard deviation %7</source>
        <translation>%1 %2 zu %3 mm
Werte %4 bis %5, Mittel %6, Standardabweichung %7</translation>
    </message>
    <message>
        <source>pixels</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>voxels</source>
        <translation>Voxel</translation>
    </message>
    <message>
        <source>mean taken off, divided by the standard deviation</source>
        <translation>Mittelwert abgezogen, durch die Standardabweichung geteilt</translation>
    </message>
    <message>
        <source>clipped and scaled by the study&apos;s intensities</source>
        <translation>mit den Intensitäten der Studie begrenzt und skaliert</translation>
    </message>
    <message>
        <source>scaled to 0 to 1</source>
        <translation>auf 0 bis 1 skaliert</translation>
    </message>
    <message>
        <source>values as they are</source>
        <translation>Werte unverändert</translation>
    </message>
    <message>
        <source>mean taken off, divided by the standard deviation, both of the voxels that are not 0</source>
        <translation>Mittelwert abgezogen, durch die Standardabweichung geteilt, beide aus den Voxeln ungleich 0</translation>
    </message>
</context>
<context>
    <name>consilium::app::NetworkView</name>
    <message>
        <source>Back to the cases</source>
        <translation>Zurück zu den Fällen</translation>
    </message>
    <message>
        <source>Another draw</source>
        <translation>Neu ziehen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>Prepared for</source>
        <translation>Vorbereitet für</translation>
    </message>
    <message>
        <source>Task that the case is prepared for</source>
        <translation>Aufgabe, für die der Fall vorbereitet wird</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>Kanal</translation>
    </message>
    <message>
        <source>Plane</source>
        <translation>Ebene</translation>
    </message>
    <message>
        <source>Axial</source>
        <translation>Axial</translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation>Koronar</translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation>Sagittal</translation>
    </message>
    <message>
        <source>Training patch</source>
        <translation>Trainingsausschnitt</translation>
    </message>
    <message>
        <source>Draws other training patches of the case, as the next epochs would</source>
        <translation>Zieht andere Trainingsausschnitte des Falls, wie es die nächsten Epochen täten</translation>
    </message>
    <message>
        <source>Shows or hides what the network should answer</source>
        <translation>Zeigt oder verbirgt, was das Netz antworten soll</translation>
    </message>
    <message>
        <source>The case is being prepared</source>
        <translation>Der Fall wird vorbereitet</translation>
    </message>
    <message>
        <source>What the network sees of %1</source>
        <translation>Was das Netz von %1 sieht</translation>
    </message>
    <message>
        <source>No temporary folder could be made: %1</source>
        <translation>Es konnte kein temporärer Ordner angelegt werden: %1</translation>
    </message>
    <message>
        <source>No task of this program takes images like these: their number of channels and of labels or landmarks fits none.</source>
        <translation>Keine Aufgabe dieses Programms nimmt solche Bilder: Die Zahl der Kanäle und der Labels oder Landmarken passt zu keiner.</translation>
    </message>
    <message>
        <source>The case could not be prepared: %1</source>
        <translation>Der Fall konnte nicht vorbereitet werden: %1</translation>
    </message>
    <message>
        <source>Patch %1 of %2</source>
        <translation>Ausschnitt %1 von %2</translation>
    </message>
    <message>
        <source>Landmarks</source>
        <translation>Landmarken</translation>
    </message>
    <message>
        <source>Source slice</source>
        <translation>Originalschicht</translation>
    </message>
    <message>
        <source>Prepared slice</source>
        <translation>Vorbereitete Schicht</translation>
    </message>
    <message>
        <source>%1, as it lies on the disk</source>
        <translation>%1, wie es gespeichert ist</translation>
    </message>
    <message>
        <source>%1, as the network is given it</source>
        <translation>%1, wie das Netz es bekommt</translation>
    </message>
    <message>
        <source>%1, a training patch</source>
        <translation>%1, ein Trainingsausschnitt</translation>
    </message>
    <message>
        <source>; fitted into a square, whose margins hold the smallest value</source>
        <translation>; in ein Quadrat eingepasst, dessen Ränder den kleinsten Wert haben</translation>
    </message>
    <message>
        <source>; 0 where it reaches beyond the case</source>
        <translation>; 0, wo er über den Fall hinausreicht</translation>
    </message>
    <message>
        <source>; it comes from within the dashes</source>
        <translation>; er stammt aus dem gestrichelten Rahmen</translation>
    </message>
</context>
<context>
    <name>consilium::app::NodeProcess</name>
    <message>
        <source>The program %1 could not be started: %2</source>
        <translation>Das Programm %1 konnte nicht gestartet werden: %2</translation>
    </message>
    <message>
        <source>The node was stopped</source>
        <translation>Der Knoten wurde angehalten</translation>
    </message>
    <message>
        <source>The node ended unexpectedly (status %1)</source>
        <translation>Der Knoten wurde unerwartet beendet (Status %1)</translation>
    </message>
</context>
<context>
    <name>consilium::app::Notice</name>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Put this message away</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message>
        <source>Details of the message</source>
        <translation>Einzelheiten der Meldung</translation>
    </message>
</context>
<context>
    <name>consilium::app::NumberSetting</name>
    <message>
        <source>%1: from %2 to %3 %4</source>
        <translation>%1: von %2 bis %3 %4</translation>
    </message>
</context>
<context>
    <name>consilium::app::ReviewPage</name>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>The study&apos;s test cases can be looked at in Review</source>
        <translation>Die Testfälle der Studie können unter Befundung angesehen werden</translation>
    </message>
    <message>
        <source>Test cases with every model (%1)</source>
        <translation>Testfälle mit allen Modellen (%1)</translation>
    </message>
    <message>
        <source>Images at %1</source>
        <translation>Bilder in %1</translation>
    </message>
    <message>
        <source>Opened files</source>
        <translation>Geöffnete Dateien</translation>
    </message>
    <message>
        <source>What to show</source>
        <translation>Was gezeigt wird</translation>
    </message>
</context>
<context>
    <name>consilium::app::SettingsPage</name>
    <message>
        <source>Appearance</source>
        <translation>Darstellung</translation>
    </message>
    <message>
        <source>The language changes at the next start.</source>
        <translation>Die Sprache ändert sich beim nächsten Start.</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>Maus</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Befundung</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
</context>
<context>
    <name>consilium::app::StudiesPage</name>
    <message>
        <source>MS lesions (synthetic, three hospitals)</source>
        <translation>MS-Läsionen (synthetisch, drei Kliniken)</translation>
    </message>
    <message>
        <source>There is no study in %1. Choose the folder that holds study.json and study.db.</source>
        <translation>In %1 ist keine Studie. Bitte den Ordner wählen, der study.json und study.db enthält.</translation>
    </message>
    <message>
        <source>The study could not be opened: %1</source>
        <translation>Die Studie konnte nicht geöffnet werden: %1</translation>
    </message>
    <message>
        <source>The folder %1 could not be made. Check the permissions and the free space.</source>
        <translation>Der Ordner %1 konnte nicht angelegt werden. Bitte Rechte und freien Platz prüfen.</translation>
    </message>
    <message>
        <source>Starting the node</source>
        <translation>Der Knoten wird gestartet</translation>
    </message>
    <message>
        <source>Study folder: %1</source>
        <translation>Studienordner: %1</translation>
    </message>
    <message>
        <source>Stopping: the sites finish what they are writing</source>
        <translation>Wird angehalten: Die Standorte schreiben noch zu Ende</translation>
    </message>
    <message>
        <source>The demo is finished. Federation shows its curves and results, Review its images.</source>
        <translation>Die Demo ist beendet. Unter Föderation stehen Kurven und Ergebnisse, unter Befundung die Bilder.</translation>
    </message>
    <message>
        <source>The demo was not finished.</source>
        <translation>Die Demo wurde nicht zu Ende geführt.</translation>
    </message>
    <message>
        <source>The demo ended early: %1</source>
        <translation>Die Demo wurde vorzeitig beendet: %1</translation>
    </message>
    <message>
        <source>Choose a study folder</source>
        <translation>Studienordner wählen</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>Studie</translation>
    </message>
</context>
<context>
    <name>consilium::app::Tour</name>
    <message>
        <source>the demo ended early: %1</source>
        <translation>die Demo wurde vorzeitig beendet: %1</translation>
    </message>
    <message>
        <source>it had not come to pass after %1 s</source>
        <translation>es war nach %1 s nicht eingetreten</translation>
    </message>
    <message>
        <source>the picture %1 could not be written</source>
        <translation>das Bild %1 konnte nicht geschrieben werden</translation>
    </message>
    <message>
        <source>there is no button %1 to press</source>
        <translation>es gibt keine Schaltfläche %1</translation>
    </message>
    <message>
        <source>the list %1 has no entry %2</source>
        <translation>die Liste %1 hat keinen Eintrag %2</translation>
    </message>
    <message>
        <source>the canvas did not repaint when the wheel turned</source>
        <translation>das Bild wurde beim Drehen des Mausrads nicht neu gezeichnet</translation>
    </message>
    <message>
        <source>the canvas stopped repainting when the wheel turned</source>
        <translation>das Bild wurde beim Drehen des Mausrads nicht weiter gezeichnet</translation>
    </message>
    <message>
        <source>the window answered too slowly: p95 %1 ms</source>
        <translation>das Fenster antwortete zu langsam: p95 %1 ms</translation>
    </message>
</context>
<context>
    <name>consilium::dashboard::CurveChart</name>
    <message>
        <source>per site, by round</source>
        <translation>je Standort und Runde</translation>
    </message>
    <message>
        <source>shared model, per site, by round</source>
        <translation>gemeinsames Modell, je Standort und Runde</translation>
    </message>
    <message>
        <source>1: with the shared model&apos;s step, below 0: against it</source>
        <translation>1: mit dem Schritt des gemeinsamen Modells, unter 0: gegen ihn</translation>
    </message>
    <message>
        <source>best round %1: mean %2</source>
        <translation>beste Runde %1: Mittel %2</translation>
    </message>
    <message>
        <source>Training loss</source>
        <translation>Trainingsverlust</translation>
    </message>
    <message>
        <source>No losses were reported in this study.</source>
        <translation>In dieser Studie wurden keine Verluste gemeldet.</translation>
    </message>
    <message>
        <source>Losses appear here as soon as the sites report from training.</source>
        <translation>Verluste erscheinen hier, sobald die Standorte aus dem Training berichten.</translation>
    </message>
    <message>
        <source>Drift</source>
        <translation>Drift</translation>
    </message>
    <message>
        <source>The sites&apos; drift was not measured in this study.</source>
        <translation>Die Drift der Standorte wurde in dieser Studie nicht gemessen.</translation>
    </message>
    <message>
        <source>How far each site pulls its own way appears here when the updates of the first round have been combined.</source>
        <translation>Wie weit jeder Standort in seine eigene Richtung zieht, erscheint hier, wenn die Beiträge der ersten Runde zusammengeführt sind.</translation>
    </message>
    <message>
        <source>Landmarks found in validation</source>
        <translation>In der Validierung gefundene Landmarken</translation>
    </message>
    <message>
        <source>No round of this study was evaluated at the sites.</source>
        <translation>Keine Runde dieser Studie wurde an den Standorten ausgewertet.</translation>
    </message>
    <message>
        <source>The share of landmarks found appears here when the first round has been evaluated at the sites.</source>
        <translation>Der Anteil gefundener Landmarken erscheint hier, wenn die erste Runde an den Standorten ausgewertet ist.</translation>
    </message>
    <message>
        <source>Validation Dice</source>
        <translation>Dice in der Validierung</translation>
    </message>
    <message>
        <source>Dice appears here when the first round has been evaluated at the sites.</source>
        <translation>Dice erscheint hier, wenn die erste Runde an den Standorten ausgewertet ist.</translation>
    </message>
    <message>
        <source>%1, round %2: %3</source>
        <translation>%1, Runde %2: %3</translation>
    </message>
    <message>
        <source>★ best: round %1, mean %2</source>
        <translation>★ beste: Runde %1, Mittel %2</translation>
    </message>
</context>
<context>
    <name>consilium::dashboard::EventLog</name>
    <message>
        <source> at %1</source>
        <translation> an %1</translation>
    </message>
    <message>
        <source>Error: %1</source>
        <translation>Fehler: %1</translation>
    </message>
    <message>
        <source>Warning: %1</source>
        <translation>Warnung: %1</translation>
    </message>
    <message>
        <source>Lost: %1</source>
        <translation>Verloren: %1</translation>
    </message>
    <message>
        <source>Nothing has happened yet. Joins, rounds and failures are told here.</source>
        <translation>Noch ist nichts geschehen. Hier stehen Beitritte, Runden und Fehler.</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
</context>
<context>
    <name>consilium::dashboard::ResultsModel</name>
    <message>
        <source>Federated, best (round %1)</source>
        <translation>Föderiert, bestes (Runde %1)</translation>
    </message>
    <message>
        <source>Federated, best</source>
        <translation>Föderiert, bestes</translation>
    </message>
    <message>
        <source>Federated, round %1</source>
        <translation>Föderiert, Runde %1</translation>
    </message>
    <message>
        <source>%1, personal</source>
        <translation>%1, personalisiert</translation>
    </message>
    <message>
        <source>%1, last round</source>
        <translation>%1, letzte Runde</translation>
    </message>
    <message>
        <source>%1, alone</source>
        <translation>%1, allein</translation>
    </message>
    <message>
        <source>The global model of the round that did best in validation</source>
        <translation>Das globale Modell der Runde mit dem besten Ergebnis in der Validierung</translation>
    </message>
    <message>
        <source>The global model after round %1</source>
        <translation>Das globale Modell nach Runde %1</translation>
    </message>
    <message>
        <source>The personal model of %1; it stays at its site</source>
        <translation>Das personalisierte Modell von %1; es bleibt an seinem Standort</translation>
    </message>
    <message>
        <source>What %1 sent in the last round, before it was combined with the others</source>
        <translation>Was %1 in der letzten Runde gesendet hat, vor der Zusammenführung mit den anderen</translation>
    </message>
    <message>
        <source>Trained on the data of %1 alone</source>
        <translation>Allein mit den Daten von %1 trainiert</translation>
    </message>
    <message>
        <source>stays at its site</source>
        <translation>bleibt an seinem Standort</translation>
    </message>
    <message>
        <source>not every site has tested it</source>
        <translation>nicht an allen Standorten getestet</translation>
    </message>
    <message>
        <source>not tested here</source>
        <translation>hier nicht getestet</translation>
    </message>
    <message>
        <source>%1: %2 on average over the sites, each weighing alike</source>
        <translation>%1: im Mittel %2 über die Standorte, alle gleich gewichtet</translation>
    </message>
    <message>
        <source>%1 at %2: %3</source>
        <translation>%1 an %2: %3</translation>
    </message>
    <message numerus="yes">
        <source> (%n cases with %1)</source>
        <translation>
            <numerusform> (%n Fall mit %1)</numerusform>
            <numerusform> (%n Fälle mit %1)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n lesions</source>
        <translation>
            <numerusform>%n Läsion</numerusform>
            <numerusform>%n Läsionen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n regions</source>
        <translation>
            <numerusform>%n Region</numerusform>
            <numerusform>%n Regionen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> (%n cases)</source>
        <translation>
            <numerusform> (%n Fall)</numerusform>
            <numerusform> (%n Fälle)</numerusform>
        </translation>
    </message>
    <message>
        <source>. The best of all models.</source>
        <translation>. Das beste aller Modelle.</translation>
    </message>
    <message>
        <source>. The best of all models at this site.</source>
        <translation>. Das beste aller Modelle an diesem Standort.</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>Over the sites, each weighing alike</source>
        <translation>Über die Standorte, alle gleich gewichtet</translation>
    </message>
    <message>
        <source>Tested at %1</source>
        <translation>Getestet an %1</translation>
    </message>
    <message>
        <source>lesions</source>
        <translation>Läsionen</translation>
    </message>
    <message>
        <source>regions</source>
        <translation>Regionen</translation>
    </message>
</context>
<context>
    <name>consilium::dashboard::ResultsTable</name>
    <message>
        <source>Landmarks found, every model at every site</source>
        <translation>Gefundene Landmarken, jedes Modell an jedem Standort</translation>
    </message>
    <message>
        <source>Test Dice, every model at every site</source>
        <translation>Dice im Test, jedes Modell an jedem Standort</translation>
    </message>
    <message>
        <source>small figures: cases · %1</source>
        <translation>kleine Zahlen: Fälle · %1</translation>
    </message>
    <message>
        <source>small figures: cases</source>
        <translation>kleine Zahlen: Fälle</translation>
    </message>
    <message>
        <source>On cases kept out of all training.</source>
        <translation>An Fällen, die in keinem Training vorkamen.</translation>
    </message>
    <message>
        <source>The federated model scores %1 higher on average than a model that another site trained alone.</source>
        <translation>Das föderierte Modell liegt im Mittel um %1 über einem Modell, das ein anderer Standort allein trainiert hat.</translation>
    </message>
    <message>
        <source>The federated model scores %1 lower on average than a model that another site trained alone.</source>
        <translation>Das föderierte Modell liegt im Mittel um %1 unter einem Modell, das ein anderer Standort allein trainiert hat.</translation>
    </message>
    <message>
        <source>The personal models find %1 on average, each at its own site.</source>
        <translation>Die personalisierten Modelle finden im Mittel %1, jedes an seinem Standort.</translation>
    </message>
    <message>
        <source>The personal models reach %1 on average, each at its own site.</source>
        <translation>Die personalisierten Modelle erreichen im Mittel %1, jedes an seinem Standort.</translation>
    </message>
</context>
<context>
    <name>consilium::dashboard::RoundBoard</name>
    <message>
        <source>and %1 earlier, see the log</source>
        <translation>und %1 frühere, siehe Protokoll</translation>
    </message>
    <message>
        <source>Sites</source>
        <translation>Standorte</translation>
    </message>
</context>
<context>
    <name>consilium::dashboard::SiteLegend</name>
    <message>
        <source>median of %1</source>
        <translation>Median von %1</translation>
    </message>
    <message>
        <source>middle 80 %</source>
        <translation>mittlere 80 %</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>und %1 weitere</translation>
    </message>
</context>
<context>
    <name>consilium::dashboard::SiteTableModel</name>
    <message>
        <source>%1 lost or not counted</source>
        <translation>%1 verloren oder nicht gezählt</translation>
    </message>
    <message>
        <source>%1 at work</source>
        <translation>%1 bei der Arbeit</translation>
    </message>
    <message>
        <source>%1 waiting or away</source>
        <translation>%1 wartend oder abwesend</translation>
    </message>
    <message>
        <source>%1 counted</source>
        <translation>%1 gezählt</translation>
    </message>
    <message numerus="yes">
        <source>%n sites: %1</source>
        <translation>
            <numerusform>%n Standort: %1</numerusform>
            <numerusform>%n Standorte: %1</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 came from the site, %2 went to it</source>
        <translation>%1 kamen vom Standort, %2 gingen an ihn</translation>
    </message>
    <message>
        <source>Whole study: %1.</source>
        <translation>Ganze Studie: %1.</translation>
    </message>
    <message>
        <source>Round %1: %2.</source>
        <translation>Runde %1: %2.</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>Standort</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>Fälle</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Gefunden</translation>
    </message>
    <message>
        <source>Dice</source>
        <translation>Dice</translation>
    </message>
    <message>
        <source>Drift</source>
        <translation>Drift</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>Zuletzt</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>What the site does in this round</source>
        <translation>Was der Standort in dieser Runde tut</translation>
    </message>
    <message>
        <source>Training cases; they stay at the site</source>
        <translation>Trainingsfälle; sie bleiben am Standort</translation>
    </message>
    <message>
        <source>Share of landmarks that the shared model finds in the site&apos;s validation cases, latest round</source>
        <translation>Anteil der Landmarken, die das gemeinsame Modell in den Validierungsfällen des Standorts findet, letzte Runde</translation>
    </message>
    <message>
        <source>Mean foreground Dice of the shared model on the site&apos;s validation cases, latest round</source>
        <translation>Mittlerer Vordergrund-Dice des gemeinsamen Modells an den Validierungsfällen des Standorts, letzte Runde</translation>
    </message>
    <message>
        <source>Cosine of the site&apos;s change with the shared model&apos;s step when it was last counted: 1 in its direction, 0 across it, below 0 against it</source>
        <translation>Kosinus der Änderung des Standorts mit dem Schritt des gemeinsamen Modells, als er zuletzt gezählt wurde: 1 in dessen Richtung, 0 quer dazu, unter 0 dagegen</translation>
    </message>
    <message>
        <source>When the aggregator last heard from the site</source>
        <translation>Wann sich der Standort zuletzt beim Aggregator gemeldet hat</translation>
    </message>
    <message>
        <source>Models and messages exchanged with the site in this round</source>
        <translation>Modelle und Nachrichten, die in dieser Runde mit dem Standort ausgetauscht wurden</translation>
    </message>
    <message>
        <source>Models and messages exchanged with the site over the study</source>
        <translation>Modelle und Nachrichten, die im Lauf der Studie mit dem Standort ausgetauscht wurden</translation>
    </message>
</context>
<context>
    <name>consilium::dashboard::Words</name>
    <message>
        <source>less than a minute</source>
        <translation>weniger als eine Minute</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 h</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
    <message>
        <source>%1 s ago</source>
        <translation>vor %1 s</translation>
    </message>
    <message>
        <source>%1 min ago</source>
        <translation>vor %1 min</translation>
    </message>
    <message>
        <source>%1 h ago</source>
        <translation>vor %1 h</translation>
    </message>
    <message>
        <source>never joined</source>
        <translation>nie beigetreten</translation>
    </message>
    <message>
        <source>has not joined yet</source>
        <translation>noch nicht beigetreten</translation>
    </message>
    <message>
        <source>lost %1 ago, waiting</source>
        <translation>seit %1 verloren, wartend</translation>
    </message>
    <message>
        <source>joined, not connected yet</source>
        <translation>beigetreten, noch nicht verbunden</translation>
    </message>
    <message>
        <source>nothing heard for %1, waiting</source>
        <translation>seit %1 nichts gehört, wartend</translation>
    </message>
    <message>
        <source>took no part</source>
        <translation>nicht beteiligt</translation>
    </message>
    <message>
        <source>ready, waiting for the next round</source>
        <translation>bereit, wartet auf die nächste Runde</translation>
    </message>
    <message>
        <source>not done when the study ended</source>
        <translation>bei Studienende nicht fertig</translation>
    </message>
    <message>
        <source>offered the model</source>
        <translation>Modell angeboten</translation>
    </message>
    <message>
        <source>downloading</source>
        <translation>lädt herunter</translation>
    </message>
    <message>
        <source>training</source>
        <translation>trainiert</translation>
    </message>
    <message>
        <source>validating</source>
        <translation>validiert</translation>
    </message>
    <message>
        <source>uploading</source>
        <translation>lädt hoch</translation>
    </message>
    <message>
        <source>counted, then lost</source>
        <translation>gezählt, dann verloren</translation>
    </message>
    <message>
        <source>counted</source>
        <translation>gezählt</translation>
    </message>
    <message>
        <source>not counted</source>
        <translation>nicht gezählt</translation>
    </message>
    <message>
        <source>not counted: %1</source>
        <translation>nicht gezählt: %1</translation>
    </message>
    <message>
        <source>cosine %1 with the shared model&apos;s step</source>
        <translation>Kosinus %1 mit dem Schritt des gemeinsamen Modells</translation>
    </message>
    <message>
        <source>norm of its change %1</source>
        <translation>Norm der Änderung %1</translation>
    </message>
    <message>
        <source>distance of its model from the new one %1</source>
        <translation>Abstand des eigenen vom neuen Modell %1</translation>
    </message>
    <message>
        <source>weight in the combination %1</source>
        <translation>Gewicht bei der Zusammenführung %1</translation>
    </message>
    <message>
        <source>Round %1: %2</source>
        <translation>Runde %1: %2</translation>
    </message>
    <message>
        <source>Below 0: this site pulled against the others.</source>
        <translation>Unter 0: Dieser Standort zog gegen die anderen.</translation>
    </message>
    <message>
        <source>Ended after round %1 of %2</source>
        <translation>Beendet nach Runde %1 von %2</translation>
    </message>
    <message>
        <source>Finished after one round</source>
        <translation>Fertig nach einer Runde</translation>
    </message>
    <message numerus="yes">
        <source>Finished after %n rounds</source>
        <translation>
            <numerusform>Fertig nach %n Runde</numerusform>
            <numerusform>Fertig nach %n Runden</numerusform>
        </translation>
    </message>
    <message>
        <source>Stopped in round %1 of %2</source>
        <translation>Angehalten in Runde %1 von %2</translation>
    </message>
    <message>
        <source>Waiting for sites</source>
        <translation>Wartet auf Standorte</translation>
    </message>
    <message>
        <source>Round %1 of %2</source>
        <translation>Runde %1 von %2</translation>
    </message>
    <message>
        <source>best model: round %1</source>
        <translation>bestes Modell: Runde %1</translation>
    </message>
    <message>
        <source>validation improved no more</source>
        <translation>Validierung ohne weitere Verbesserung</translation>
    </message>
    <message>
        <source>validation improved no more; %1</source>
        <translation>Validierung ohne weitere Verbesserung; %1</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n sites have joined</source>
        <translation>
            <numerusform>%1 von %n Standort beigetreten</numerusform>
            <numerusform>%1 von %n Standorten beigetreten</numerusform>
        </translation>
    </message>
    <message>
        <source>combining the updates</source>
        <translation>Beiträge werden zusammengeführt</translation>
    </message>
    <message>
        <source>evaluating the new model at the sites</source>
        <translation>das neue Modell wird an den Standorten ausgewertet</translation>
    </message>
    <message>
        <source>the round failed</source>
        <translation>die Runde ist gescheitert</translation>
    </message>
    <message>
        <source>testing the final models at the sites</source>
        <translation>die endgültigen Modelle werden an den Standorten getestet</translation>
    </message>
    <message>
        <source>round closed</source>
        <translation>Runde abgeschlossen</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n sites in</source>
        <translation>
            <numerusform>%1 von %n Standort fertig</numerusform>
            <numerusform>%1 von %n Standorten fertig</numerusform>
        </translation>
    </message>
    <message>
        <source>took %1</source>
        <translation>Dauer %1</translation>
    </message>
    <message>
        <source>running for %1</source>
        <translation>läuft seit %1</translation>
    </message>
    <message>
        <source>%1, less than a minute left</source>
        <translation>%1, noch weniger als eine Minute</translation>
    </message>
    <message>
        <source>%1, about %2 left</source>
        <translation>%1, noch etwa %2</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1 und %2 weitere</translation>
    </message>
    <message numerus="yes">
        <source>%n further reasons</source>
        <translation>
            <numerusform>%n weiterer Grund</numerusform>
            <numerusform>%n weitere Gründe</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message numerus="yes">
        <source>closed without %n sites: %1</source>
        <translation>
            <numerusform>ohne %n Standort abgeschlossen: %1</numerusform>
            <numerusform>ohne %n Standorte abgeschlossen: %1</numerusform>
        </translation>
    </message>
    <message>
        <source>closed without %1</source>
        <translation>abgeschlossen ohne %1</translation>
    </message>
    <message>
        <source>Round %1 failed.</source>
        <translation>Runde %1 ist gescheitert.</translation>
    </message>
    <message>
        <source>Round %1 failed: %2</source>
        <translation>Runde %1 ist gescheitert: %2</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ActionModel</name>
    <message>
        <source>What the mouse does is changed by choosing another scheme</source>
        <translation>Was die Maus tut, wird durch ein anderes Schema geändert</translation>
    </message>
    <message>
        <source>no key</source>
        <translation>keine Taste</translation>
    </message>
    <message>
        <source>%1, by default no key</source>
        <translation>%1, üblich: keine Taste</translation>
    </message>
    <message>
        <source>%1, by default %2</source>
        <translation>%1, üblich: %2</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Taste</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ActionTable</name>
    <message>
        <source>%1 already means %2</source>
        <translation>%1 ist schon belegt: %2</translation>
    </message>
    <message>
        <source>%1 and %2 would share a key</source>
        <translation>%1 und %2 hätten dieselbe Taste</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ActionTableView</name>
    <message>
        <source>Press the new key</source>
        <translation>Neue Taste drücken</translation>
    </message>
    <message>
        <source>Search for an action or a key</source>
        <translation>Aktion oder Taste suchen</translation>
    </message>
    <message>
        <source>Search the keys</source>
        <translation>Tasten durchsuchen</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Use it here instead</source>
        <translation>Hier verwenden</translation>
    </message>
    <message>
        <source>Take the key away from the other action and give it to this one</source>
        <translation>Die Taste der anderen Aktion wegnehmen und dieser geben</translation>
    </message>
    <message>
        <source>Change key…</source>
        <translation>Taste ändern…</translation>
    </message>
    <message>
        <source>Press the new key of the chosen action (F2)</source>
        <translation>Neue Taste der gewählten Aktion drücken (F2)</translation>
    </message>
    <message>
        <source>Remove key</source>
        <translation>Taste entfernen</translation>
    </message>
    <message>
        <source>The chosen action has no key any more</source>
        <translation>Die gewählte Aktion hat dann keine Taste mehr</translation>
    </message>
    <message>
        <source>Reset key</source>
        <translation>Taste zurücksetzen</translation>
    </message>
    <message>
        <source>The chosen action has its default key again</source>
        <translation>Die gewählte Aktion hat dann wieder die übliche Taste</translation>
    </message>
    <message>
        <source>Reset all keys</source>
        <translation>Alle Tasten zurücksetzen</translation>
    </message>
    <message>
        <source>Every action has its default key again</source>
        <translation>Jede Aktion hat dann wieder die übliche Taste</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Save all keys in a file</source>
        <translation>Alle Tasten in einer Datei speichern</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren…</translation>
    </message>
    <message>
        <source>Read the keys from a file</source>
        <translation>Tasten aus einer Datei lesen</translation>
    </message>
    <message>
        <source>Every action has its default key</source>
        <translation>Jede Aktion hat die übliche Taste</translation>
    </message>
    <message>
        <source>Export keys</source>
        <translation>Tasten exportieren</translation>
    </message>
    <message>
        <source>Keys (*.json)</source>
        <translation>Tasten (*.json)</translation>
    </message>
    <message>
        <source>Import keys</source>
        <translation>Tasten importieren</translation>
    </message>
    <message>
        <source>No action and no key is called “%1”</source>
        <translation>Keine Aktion und keine Taste heißt „%1“</translation>
    </message>
    <message>
        <source>The keys were saved in %1</source>
        <translation>Die Tasten wurden in %1 gespeichert</translation>
    </message>
    <message>
        <source>The keys were read</source>
        <translation>Die Tasten wurden gelesen</translation>
    </message>
    <message numerus="yes">
        <source>The keys were read; %n actions of the file are not known here</source>
        <translation>
            <numerusform>Die Tasten wurden gelesen; %n Aktion der Datei ist hier unbekannt</numerusform>
            <numerusform>Die Tasten wurden gelesen; %n Aktionen der Datei sind hier unbekannt</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::viewer::AngleTable</name>
    <message>
        <source>%1°</source>
        <translation>%1°</translation>
    </message>
    <message>
        <source>%1°
%2°</source>
        <comment>angle, difference from the reference</comment>
        <translation>%1°
%2°</translation>
    </message>
    <message>
        <source>%1; below it the difference from the reference</source>
        <translation>%1; darunter die Abweichung von der Referenz</translation>
    </message>
    <message>
        <source>Pelvic incidence is the sum of tilt and slope: the rest must be 0</source>
        <translation>Die Beckeninzidenz ist die Summe aus Beckenkippung und Sakrumneigung: Der Rest muss 0 sein</translation>
    </message>
    <message>
        <source>Sacral slope</source>
        <translation>Sakrumneigung (Sacral Slope)</translation>
    </message>
    <message>
        <source>Pelvic tilt</source>
        <translation>Beckenkippung (Pelvic Tilt)</translation>
    </message>
    <message>
        <source>Pelvic incidence</source>
        <translation>Beckeninzidenz (Pelvic Incidence)</translation>
    </message>
    <message>
        <source>Lumbar lordosis, L1 to S1</source>
        <translation>Lendenlordose, L1 bis S1</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::BrushBox</name>
    <message>
        <source>3D</source>
        <translation>3D</translation>
    </message>
    <message>
        <source>Pen pressure</source>
        <translation>Stiftdruck</translation>
    </message>
    <message>
        <source>Paint only these values</source>
        <translation>Nur diese Werte malen</translation>
    </message>
    <message>
        <source>Values to paint</source>
        <translation>Werte zum Malen</translation>
    </message>
    <message>
        <source>Brush diameter in millimetres</source>
        <translation>Pinseldurchmesser in Millimetern</translation>
    </message>
    <message>
        <source>Diameter of brush, eraser and sphere ([ smaller, ] larger)</source>
        <translation>Durchmesser von Pinsel, Radierer und Kugel ([ kleiner, ] größer)</translation>
    </message>
    <message>
        <source> mm</source>
        <translation> mm</translation>
    </message>
    <message>
        <source>Brush size</source>
        <translation>Pinselgröße</translation>
    </message>
    <message>
        <source>Brush and eraser work through the slices, as a sphere</source>
        <translation>Pinsel und Radierer wirken als Kugel durch die Schichten</translation>
    </message>
    <message>
        <source>The harder the pen is pressed, the wider the brush</source>
        <translation>Je stärker der Stift gedrückt wird, desto breiter der Pinsel</translation>
    </message>
    <message>
        <source>Brush, sphere and polygon reach only voxels whose image value lies in the range</source>
        <translation>Pinsel, Kugel und Polygon erreichen nur Voxel, deren Bildwert im Bereich liegt</translation>
    </message>
    <message>
        <source>Brush in 3D</source>
        <translation>3D-Pinsel</translation>
    </message>
    <message>
        <source>&amp;Size</source>
        <translation>&amp;Größe</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::BrushTool</name>
    <message>
        <source>Nothing is being edited yet. Choose what to start from.</source>
        <translation>Noch wird nichts bearbeitet. Bitte wählen, womit begonnen wird.</translation>
    </message>
    <message>
        <source>%1 is locked. Unlock it or choose another.</source>
        <translation>%1 ist gesperrt. Bitte entsperren oder ein anderes wählen.</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>Radierer</translation>
    </message>
    <message>
        <source>Sphere</source>
        <translation>Kugel</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ChangeModel</name>
    <message>
        <source>Outside the field of view of the other examination</source>
        <translation>Außerhalb des Bildfelds der anderen Untersuchung</translation>
    </message>
    <message>
        <source>Only in this examination, but too small to be called new</source>
        <translation>Nur in dieser Untersuchung, aber zu klein, um neu zu heißen</translation>
    </message>
    <message>
        <source>Only in the earlier examination, but too small to be called resolved</source>
        <translation>Nur in der früheren Untersuchung, aber zu klein, um verschwunden zu heißen</translation>
    </message>
    <message numerus="yes">
        <source>; %n lesions grew together</source>
        <translation>
            <numerusform>; %n Läsion zusammengewachsen</numerusform>
            <numerusform>; %n Läsionen zusammengewachsen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>; in %n pieces now</source>
        <translation>
            <numerusform>; jetzt in %n Teil</numerusform>
            <numerusform>; jetzt in %n Teilen</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 mL in the earlier examination</source>
        <translation>%1 ml in der früheren Untersuchung</translation>
    </message>
    <message>
        <source>Not there earlier</source>
        <translation>Früher nicht vorhanden</translation>
    </message>
    <message>
        <source>%1 mL now</source>
        <translation>jetzt %1 ml</translation>
    </message>
    <message>
        <source>Not there now</source>
        <translation>Jetzt nicht vorhanden</translation>
    </message>
    <message>
        <source>No change in per cent</source>
        <translation>Keine prozentuale Änderung</translation>
    </message>
    <message>
        <source>Volume changed by %1 %</source>
        <translation>Volumen um %1 % geändert</translation>
    </message>
    <message>
        <source>change</source>
        <translation>Änderung</translation>
    </message>
    <message>
        <source>Volume in the earlier examination in mL</source>
        <translation>Volumen in der früheren Untersuchung in ml</translation>
    </message>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
    <message>
        <source>Volume now in mL</source>
        <translation>Volumen jetzt in ml</translation>
    </message>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>Change of the volume in per cent</source>
        <translation>Änderung des Volumens in Prozent</translation>
    </message>
    <message>
        <source>where</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Where it lies</source>
        <translation>Wo sie liegt</translation>
    </message>
    <message>
        <source>before</source>
        <translation>vorher</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::EditAutosave</name>
    <message>
        <source>Unsaved work is not being kept: %1</source>
        <translation>Ungespeicherte Arbeit wird nicht gesichert: %1</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::EditLabelModel</name>
    <message>
        <source>%1, active</source>
        <translation>%1, aktiv</translation>
    </message>
    <message>
        <source>%1 mL</source>
        <translation>%1 ml</translation>
    </message>
    <message>
        <source>A locked label is never changed</source>
        <translation>Ein gesperrtes Label wird nie geändert</translation>
    </message>
    <message>
        <source>%1 is locked</source>
        <translation>%1 ist gesperrt</translation>
    </message>
    <message>
        <source>%1 is not locked</source>
        <translation>%1 ist nicht gesperrt</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Volumen</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>Sperre</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::EditPanel</name>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>Label %1</source>
        <translation>Label %1</translation>
    </message>
    <message>
        <source>Editing</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>State of the edit</source>
        <translation>Stand der Bearbeitung</translation>
    </message>
    <message>
        <source>Start &amp;from</source>
        <translation>&amp;Beginnen mit</translation>
    </message>
    <message>
        <source>Start from</source>
        <translation>Beginnen mit</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Beginnen</translation>
    </message>
    <message>
        <source>Start editing a copy</source>
        <translation>Eine Kopie bearbeiten</translation>
    </message>
    <message>
        <source>Edits a copy: what it is made from stays as it is</source>
        <translation>Bearbeitet eine Kopie: Die Vorlage bleibt unverändert</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Save the edit beside the case&apos;s files</source>
        <translation>Bearbeitung neben den Dateien des Falls speichern</translation>
    </message>
    <message>
        <source>Writes a new file beside the case&apos;s files; those stay as they are</source>
        <translation>Schreibt eine neue Datei neben die Dateien des Falls; diese bleiben unverändert</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Export the edit in a format of your choice</source>
        <translation>Bearbeitung in einem wählbaren Format exportieren</translation>
    </message>
    <message>
        <source>NIfTI…</source>
        <translation>NIfTI…</translation>
    </message>
    <message>
        <source>NIfTI (*.nii.gz *.nii)</source>
        <translation>NIfTI (*.nii.gz *.nii)</translation>
    </message>
    <message>
        <source>NRRD…</source>
        <translation>NRRD…</translation>
    </message>
    <message>
        <source>NRRD (*.nrrd)</source>
        <translation>NRRD (*.nrrd)</translation>
    </message>
    <message>
        <source>DICOM segmentation…</source>
        <translation>DICOM-Segmentierung…</translation>
    </message>
    <message>
        <source>DICOM segmentation (*.dcm)</source>
        <translation>DICOM-Segmentierung (*.dcm)</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message numerus="yes">
        <source>%n slice(s) filled.</source>
        <translation>
            <numerusform>%n Schicht gefüllt.</numerusform>
            <numerusform>%n Schichten gefüllt.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing to fill: the label needs to be drawn in two slices of this plane that lie apart, and to overlap.</source>
        <translation>Nichts zu füllen: Das Label muss in zwei auseinanderliegenden Schichten dieser Ebene gezeichnet sein und sich überlappen.</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>Wird gespeichert…</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>Wird berechnet…</translation>
    </message>
    <message>
        <source>Open a case to edit</source>
        <translation>Zum Bearbeiten einen Fall öffnen</translation>
    </message>
    <message>
        <source>Nothing is being edited</source>
        <translation>Es wird nichts bearbeitet</translation>
    </message>
    <message>
        <source>Unsaved changes would be lost. Press Discard and start again to drop them.</source>
        <translation>Ungespeicherte Änderungen gingen verloren. Mit „Verwerfen und beginnen“ werden sie fallen gelassen.</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>Ungespeicherte Änderungen</translation>
    </message>
    <message>
        <source>Saved as %1</source>
        <translation>Gespeichert als %1</translation>
    </message>
    <message>
        <source>No changes</source>
        <translation>Keine Änderungen</translation>
    </message>
    <message>
        <source> · drawn from nothing</source>
        <translation> · ohne Vorlage gezeichnet</translation>
    </message>
    <message>
        <source> · copy of %1</source>
        <translation> · Kopie von %1</translation>
    </message>
    <message>
        <source>Discard and start</source>
        <translation>Verwerfen und beginnen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Undo: %1</source>
        <translation>Rückgängig: %1</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Redo: %1</source>
        <translation>Wiederholen: %1</translation>
    </message>
    <message>
        <source>Export the edit</source>
        <translation>Bearbeitung exportieren</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::EditTools</name>
    <message>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <source>Paints the active label. Ctrl erases, [ and ] change the size, Esc takes the stroke back.</source>
        <translation>Malt das aktive Label. Strg radiert, [ und ] ändern die Größe, Esc nimmt den Strich zurück.</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>Radierer</translation>
    </message>
    <message>
        <source>Clears labels that are not locked. Esc takes the stroke back.</source>
        <translation>Löscht nicht gesperrte Labels. Esc nimmt den Strich zurück.</translation>
    </message>
    <message>
        <source>Sphere</source>
        <translation>Kugel</translation>
    </message>
    <message>
        <source>Paints a sphere through the slices. Ctrl erases.</source>
        <translation>Malt eine Kugel durch die Schichten. Strg radiert.</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>Polygon</translation>
    </message>
    <message>
        <source>Click corners or draw an outline. Return or a double click fills it, with Ctrl clears it; Esc drops it.</source>
        <translation>Ecken anklicken oder einen Umriss ziehen. Eingabe oder Doppelklick füllt ihn, mit Strg wird gelöscht; Esc verwirft ihn.</translation>
    </message>
    <message>
        <source>Region grow</source>
        <translation>Region wachsen lassen</translation>
    </message>
    <message>
        <source>Click a voxel: what hangs together with it within the range gets the active label. Hold to see its size first, Esc drops it.</source>
        <translation>Einen Voxel anklicken: Was im Wertebereich mit ihm zusammenhängt, bekommt das aktive Label. Gedrückt halten zeigt zuerst die Größe, Esc verwirft.</translation>
    </message>
    <message>
        <source>Remove piece</source>
        <translation>Teil entfernen</translation>
    </message>
    <message>
        <source>Click a lesion, or any piece of a label: all that hangs together with it is removed. Hold to see it first, Esc drops it.</source>
        <translation>Eine Läsion oder ein Teil eines Labels anklicken: Alles Zusammenhängende wird entfernt. Gedrückt halten zeigt es zuerst, Esc verwirft.</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::EditWork</name>
    <message>
        <source>There is not enough memory for this edit. Close other programs.</source>
        <translation>Für diese Bearbeitung reicht der Speicher nicht. Bitte andere Programme schließen.</translation>
    </message>
    <message>
        <source>The labels changed while the slices between were worked out. Fill again.</source>
        <translation>Die Labels haben sich während der Berechnung geändert. Bitte erneut füllen.</translation>
    </message>
    <message>
        <source>Fill between slices</source>
        <translation>Zwischen Schichten füllen</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::FindingsModel</name>
    <message>
        <source>Lesion %1</source>
        <translation>Läsion %1</translation>
    </message>
    <message>
        <source>%1 mL</source>
        <translation>%1 ml</translation>
    </message>
    <message>
        <source>In the reference</source>
        <translation>In der Referenz</translation>
    </message>
    <message>
        <source>Not in the reference</source>
        <translation>Nicht in der Referenz</translation>
    </message>
    <message>
        <source>Missed by %1</source>
        <translation>Von %1 übersehen</translation>
    </message>
    <message>
        <source>%1 mL in the reference</source>
        <translation>%1 ml in der Referenz</translation>
    </message>
    <message>
        <source>Dice %1, %2 mL: %3</source>
        <translation>Dice %1, %2 ml: %3</translation>
    </message>
    <message>
        <source>structure</source>
        <translation>Struktur</translation>
    </message>
    <message>
        <source>mL</source>
        <translation>ml</translation>
    </message>
    <message>
        <source>#</source>
        <translation>#</translation>
    </message>
    <message>
        <source>ref</source>
        <translation>Ref</translation>
    </message>
    <message>
        <source>Lesion %1, outlined by %2</source>
        <translation>Läsion %1, umrissen von %2</translation>
    </message>
    <message>
        <source>Longest diameter %1 mm</source>
        <translation>Größter Durchmesser %1 mm</translation>
    </message>
    <message>
        <source>The place is being determined</source>
        <translation>Der Ort wird bestimmt</translation>
    </message>
    <message>
        <source>The place could not be determined</source>
        <translation>Der Ort konnte nicht bestimmt werden</translation>
    </message>
    <message>
        <source>Accepted by you</source>
        <translation>Von mir bestätigt</translation>
    </message>
    <message>
        <source>Rejected by you</source>
        <translation>Von mir verworfen</translation>
    </message>
    <message>
        <source>Not yet reviewed</source>
        <translation>Noch nicht beurteilt</translation>
    </message>
    <message>
        <source>Not drawn by %1</source>
        <translation>Von %1 nicht eingezeichnet</translation>
    </message>
    <message>
        <source>Drawn by %1, not in the reference</source>
        <translation>Von %1 eingezeichnet, nicht in der Referenz</translation>
    </message>
    <message>
        <source>Drawn by %1</source>
        <translation>Von %1 eingezeichnet</translation>
    </message>
    <message>
        <source>covers %1 % of it, Dice %2</source>
        <translation>deckt %1 % davon, Dice %2</translation>
    </message>
    <message>
        <source>Found by %1: %2</source>
        <translation>Von %1 gefunden: %2</translation>
    </message>
    <message>
        <source>Drawn by %1 too: %2</source>
        <translation>Auch von %1 eingezeichnet: %2</translation>
    </message>
    <message>
        <source>Number, by volume</source>
        <translation>Nummer, nach Volumen</translation>
    </message>
    <message>
        <source>Volume in mL</source>
        <translation>Volumen in ml</translation>
    </message>
    <message>
        <source>mm</source>
        <translation>mm</translation>
    </message>
    <message>
        <source>Longest diameter in mm</source>
        <translation>Größter Durchmesser in mm</translation>
    </message>
    <message>
        <source>where</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Where it lies</source>
        <translation>Wo sie liegt</translation>
    </message>
    <message>
        <source>you</source>
        <translation>ich</translation>
    </message>
    <message>
        <source>Your verdict</source>
        <translation>Eigenes Urteil</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::GrowTool</name>
    <message>
        <source>There is no image to grow a region in.</source>
        <translation>Es gibt kein Bild, in dem eine Region wachsen kann.</translation>
    </message>
    <message>
        <source>The value here lies outside the range to grow in.</source>
        <translation>Der Wert hier liegt außerhalb des Wertebereichs.</translation>
    </message>
    <message>
        <source>Region grow</source>
        <translation>Region wachsen lassen</translation>
    </message>
    <message>
        <source>%1 voxels, %2 mL</source>
        <translation>%1 Voxel, %2 ml</translation>
    </message>
    <message>
        <source>, cut off at the limit</source>
        <translation>, an der Grenze abgeschnitten</translation>
    </message>
    <message>
        <source>There is no label here to remove.</source>
        <translation>Hier ist kein Label zum Entfernen.</translation>
    </message>
    <message>
        <source>%1 is locked. Unlock it first.</source>
        <translation>%1 ist gesperrt. Bitte zuerst entsperren.</translation>
    </message>
    <message>
        <source>Remove piece</source>
        <translation>Teil entfernen</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::LabelEditor</name>
    <message>
        <source>Background</source>
        <translation>Hintergrund</translation>
    </message>
    <message>
        <source>Label 1</source>
        <translation>Label 1</translation>
    </message>
    <message>
        <source>Label %1</source>
        <translation>Label %1</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::LabelList</name>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>%1 is active and locked: nothing is painted</source>
        <translation>%1 ist aktiv und gesperrt: Es wird nichts gemalt</translation>
    </message>
    <message>
        <source>Painting %1</source>
        <translation>Gemalt wird %1</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::LandmarkEditor</name>
    <message>
        <source>Reader</source>
        <translation>Befunder/in</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>Move %1</source>
        <translation>%1 verschieben</translation>
    </message>
    <message>
        <source>Place %1</source>
        <translation>%1 setzen</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>%1 entfernen</translation>
    </message>
    <message>
        <source>Mark %1 as hidden</source>
        <translation>%1 als verdeckt kennzeichnen</translation>
    </message>
    <message>
        <source>Mark %1 as visible</source>
        <translation>%1 als sichtbar kennzeichnen</translation>
    </message>
    <message>
        <source>Lock %1</source>
        <translation>%1 sperren</translation>
    </message>
    <message>
        <source>Unlock %1</source>
        <translation>%1 entsperren</translation>
    </message>
    <message>
        <source>Set the confidence of %1</source>
        <translation>Sicherheit von %1 setzen</translation>
    </message>
    <message>
        <source>Start from %1</source>
        <translation>Mit %1 beginnen</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::LandmarkTable</name>
    <message>
        <source>(%1 %)</source>
        <comment>certainty of a hidden point</comment>
        <translation>(%1 %)</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 is missing</source>
        <translation>%1 fehlt</translation>
    </message>
    <message>
        <source>%1 is hidden, placed by judgement</source>
        <translation>%1 ist verdeckt, nach Ermessen gesetzt</translation>
    </message>
    <message>
        <source>%1 % certain</source>
        <translation>zu %1 % sicher</translation>
    </message>
    <message>
        <source>Locked: it cannot be moved</source>
        <translation>Gesperrt: kann nicht verschoben werden</translation>
    </message>
    <message>
        <source>Not locked</source>
        <translation>Nicht gesperrt</translation>
    </message>
    <message>
        <source>%1 mm</source>
        <translation>%1 mm</translation>
    </message>
    <message>
        <source>Name of the point; a click sorts in the task&apos;s order</source>
        <translation>Name des Punkts; ein Klick sortiert in der Reihenfolge der Aufgabe</translation>
    </message>
    <message>
        <source>Point</source>
        <translation>Punkt</translation>
    </message>
    <message>
        <source>How certain its place is; in brackets when it is hidden</source>
        <translation>Wie sicher der Ort ist; in Klammern, wenn verdeckt</translation>
    </message>
    <message>
        <source>Sure</source>
        <translation>Sicher</translation>
    </message>
    <message>
        <source>Locked points cannot be moved</source>
        <translation>Gesperrte Punkte können nicht verschoben werden</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>Sperre</translation>
    </message>
    <message>
        <source>%1: distance from %2 in mm; a click sorts by it</source>
        <translation>%1: Abstand von %2 in mm; ein Klick sortiert danach</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::LesionChangeView</name>
    <message>
        <source>Change since an earlier examination</source>
        <translation>Änderung seit einer früheren Untersuchung</translation>
    </message>
    <message>
        <source>Compare with…</source>
        <translation>Vergleichen mit…</translation>
    </message>
    <message>
        <source>Chooses an earlier examination of the same patient</source>
        <translation>Wählt eine frühere Untersuchung desselben Patienten</translation>
    </message>
    <message>
        <source>Shows which lesions are new, larger, smaller or gone since an earlier examination of the same patient. The two are aligned first.</source>
        <translation>Zeigt, welche Läsionen seit einer früheren Untersuchung desselben Patienten neu, größer, kleiner oder verschwunden sind. Beide werden zuerst aufeinander ausgerichtet.</translation>
    </message>
    <message>
        <source>Alignment</source>
        <translation>Ausrichtung</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Changed lesions</source>
        <translation>Geänderte Läsionen</translation>
    </message>
    <message>
        <source>Choose files…</source>
        <translation>Dateien wählen…</translation>
    </message>
    <message>
        <source>Aligning with %1</source>
        <translation>Wird auf %1 ausgerichtet</translation>
    </message>
    <message>
        <source>They could not be compared. %1</source>
        <translation>Der Vergleich ist nicht gelungen. %1</translation>
    </message>
    <message>
        <source> (%1 %)</source>
        <translation> (%1 %)</translation>
    </message>
    <message>
        <source>Since %1. Turned by %2° and moved by %3 mm to fit; check that they do.</source>
        <translation>Seit %1. Zur Deckung um %2° gedreht und um %3 mm verschoben; bitte prüfen, ob es passt.</translation>
    </message>
    <message>
        <source>A lesion is enlarged or shrunk when its volume changed by more than two measurements of the same lesion differ: small ones to 1.75 or 0.41 times, those over 0.4 mL to 1.38 or 0.66 times (Goodkin 1992).</source>
        <translation>Eine Läsion gilt als größer oder kleiner, wenn sich ihr Volumen stärker ändert, als zwei Messungen derselben Läsion voneinander abweichen: kleine auf das 1,75- oder 0,41-fache, solche über 0,4 ml auf das 1,38- oder 0,66-fache (Goodkin 1992).</translation>
    </message>
    <message>
        <source>lesions</source>
        <translation>Läsionen</translation>
    </message>
    <message>
        <source>mL now</source>
        <translation>ml jetzt</translation>
    </message>
    <message>
        <source>%1 mL before, %2 mL now: %3 mL</source>
        <translation>vorher %1 ml, jetzt %2 ml: %3 ml</translation>
    </message>
    <message>
        <source>mL before</source>
        <translation>ml vorher</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::LesionFilterBar</name>
    <message>
        <source>Which lesions are listed</source>
        <translation>Welche Läsionen aufgeführt sind</translation>
    </message>
    <message>
        <source>Where the listed lesions lie</source>
        <translation>Wo die aufgeführten Läsionen liegen</translation>
    </message>
    <message>
        <source>Any place</source>
        <translation>Jeder Ort</translation>
    </message>
    <message>
        <source>A part of a place&apos;s name, such as periventricular</source>
        <translation>Teil einer Ortsbezeichnung, etwa periventrikulär</translation>
    </message>
    <message>
        <source>Smallest volume listed</source>
        <translation>Kleinstes aufgeführtes Volumen</translation>
    </message>
    <message>
        <source>Lists lesions of this volume or more</source>
        <translation>Führt Läsionen ab diesem Volumen auf</translation>
    </message>
    <message>
        <source> mL</source>
        <translation> ml</translation>
    </message>
    <message>
        <source>Any size</source>
        <translation>Jede Größe</translation>
    </message>
    <message>
        <source>All lesions</source>
        <translation>Alle Läsionen</translation>
    </message>
    <message>
        <source>Not yet reviewed</source>
        <translation>Noch nicht beurteilt</translation>
    </message>
    <message>
        <source>Missed by %1</source>
        <translation>Von %1 übersehen</translation>
    </message>
    <message>
        <source>Invented by %1</source>
        <translation>Von %1 erfunden</translation>
    </message>
    <message>
        <source>Drawn by one model only</source>
        <translation>Nur von einem Modell eingezeichnet</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Bestätigt</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Verworfen</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::LesionList</name>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Bestätigen</translation>
    </message>
    <message>
        <source>Accept this lesion (Y)</source>
        <translation>Läsion bestätigen (Y)</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Reject this lesion (N)</source>
        <translation>Läsion verwerfen (N)</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Edit this lesion&apos;s outline (E)</source>
        <translation>Umriss der Läsion bearbeiten (E)</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Undo the last verdict (Ctrl+Z)</source>
        <translation>Letztes Urteil rückgängig (Strg+Z)</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Redo the verdict (Ctrl+Shift+Z)</source>
        <translation>Urteil wiederholen (Strg+Umschalt+Z)</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Previous lesion that is not yet reviewed (comma)</source>
        <translation>Vorige noch nicht beurteilte Läsion (Komma)</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Next lesion that is not yet reviewed (full stop)</source>
        <translation>Nächste noch nicht beurteilte Läsion (Punkt)</translation>
    </message>
    <message>
        <source>%1 of %2 reviewed</source>
        <translation>%1 von %2 beurteilt</translation>
    </message>
    <message>
        <source>%1 of %2 listed, %3 reviewed</source>
        <translation>%1 von %2 aufgeführt, %3 beurteilt</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::LesionPanel</name>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>Structures (%1)</source>
        <translation>Strukturen (%1)</translation>
    </message>
    <message>
        <source>Dice against the reference, per model</source>
        <translation>Dice gegen die Referenz, je Modell</translation>
    </message>
    <message>
        <source>Lesions (%1)</source>
        <translation>Läsionen (%1)</translation>
    </message>
    <message>
        <source>Nothing is segmented in this case</source>
        <translation>In diesem Fall ist nichts segmentiert</translation>
    </message>
    <message>
        <source>%1 mL in all</source>
        <translation>insgesamt %1 ml</translation>
    </message>
    <message numerus="yes">
        <source>; %n more drawn by models only</source>
        <translation>
            <numerusform>; %n weitere nur von Modellen</numerusform>
            <numerusform>; %n weitere nur von Modellen</numerusform>
        </translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Sort, export and accept all that are listed</source>
        <translation>Sortieren, exportieren und alle aufgeführten bestätigen</translation>
    </message>
    <message>
        <source>List</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Änderung</translation>
    </message>
    <message>
        <source>Accept all listed</source>
        <translation>Alle aufgeführten bestätigen</translation>
    </message>
    <message>
        <source>Sort by</source>
        <translation>Sortieren nach</translation>
    </message>
    <message>
        <source>Export as CSV…</source>
        <translation>Als CSV exportieren…</translation>
    </message>
    <message>
        <source>Your verdicts on this case could not be read, so new ones are not kept. %1</source>
        <translation>Die eigenen Urteile zu diesem Fall konnten nicht gelesen werden, neue werden daher nicht gesichert. %1</translation>
    </message>
    <message>
        <source>No lesion is marked in this case</source>
        <translation>In diesem Fall ist keine Läsion markiert</translation>
    </message>
    <message>
        <source>Export the table</source>
        <translation>Tabelle exportieren</translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation>Kommagetrennte Werte (*.csv)</translation>
    </message>
    <message>
        <source>The table is in %1</source>
        <translation>Die Tabelle ist in %1</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::LoadSummary</name>
    <message>
        <source>Lesion load</source>
        <translation>Läsionslast</translation>
    </message>
    <message>
        <source>Lesion load by region</source>
        <translation>Läsionslast nach Region</translation>
    </message>
    <message>
        <source>By region</source>
        <translation>Nach Region</translation>
    </message>
    <message>
        <source>Shows the lesion load of each region</source>
        <translation>Zeigt die Läsionslast jeder Region</translation>
    </message>
    <message>
        <source>lesions</source>
        <translation>Läsionen</translation>
    </message>
    <message>
        <source>mL</source>
        <translation>ml</translation>
    </message>
    <message>
        <source>missed</source>
        <translation>übersehen</translation>
    </message>
    <message>
        <source>invented</source>
        <translation>erfunden</translation>
    </message>
    <message>
        <source>Number of lesions: %1</source>
        <translation>Zahl der Läsionen: %1</translation>
    </message>
    <message>
        <source>%1 mL</source>
        <translation>%1 ml</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>%1  %2</source>
        <comment>letter of a model, its name</comment>
        <translation>%1  %2</translation>
    </message>
    <message>
        <source>%1: you accepted %2 and rejected %3 of its lesions</source>
        <translation>%1: %2 seiner Läsionen bestätigt, %3 verworfen</translation>
    </message>
    <message numerus="yes">
        <source>%n of the reference&apos;s lesions missed by %1</source>
        <translation>
            <numerusform>%n Läsion der Referenz von %1 übersehen</numerusform>
            <numerusform>%n Läsionen der Referenz von %1 übersehen</numerusform>
        </translation>
    </message>
    <message>
        <source>Drawn by %1, but not in the reference: %2</source>
        <translation>Von %1 eingezeichnet, aber nicht in der Referenz: %2</translation>
    </message>
    <message>
        <source>Accepted by you</source>
        <translation>Von mir bestätigt</translation>
    </message>
    <message>
        <source>Accepted by you; rejected: %1</source>
        <translation>Von mir bestätigt; verworfen: %1</translation>
    </message>
    <message>
        <source>Found by %1</source>
        <translation>Von %1 gefunden</translation>
    </message>
    <message>
        <source>%1: %2 accepted by you, %3 mL</source>
        <translation>%1: %2 bestätigt, %3 ml</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n found by %2</source>
        <translation>
            <numerusform>%1 von %n von %2 gefunden</numerusform>
            <numerusform>%1 von %n von %2 gefunden</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::viewer::MeasurePanel</name>
    <message>
        <source>Measuring</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>Landmarks</source>
        <translation>Landmarken</translation>
    </message>
    <message>
        <source>Angles</source>
        <translation>Winkel</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>Messungen</translation>
    </message>
    <message>
        <source>Start from</source>
        <translation>Beginnen mit</translation>
    </message>
    <message>
        <source>Takes over the points of a model or of the reference, to be corrected</source>
        <translation>Übernimmt die Punkte eines Modells oder der Referenz zum Korrigieren</translation>
    </message>
    <message>
        <source>Draw the angles of</source>
        <translation>Winkel zeichnen von</translation>
    </message>
    <message>
        <source>Whose angles are drawn</source>
        <translation>Wessen Winkel gezeichnet werden</translation>
    </message>
    <message>
        <source>Spinopelvic angles</source>
        <translation>Spinopelvine Winkel</translation>
    </message>
    <message>
        <source>Nothing is measured yet. Choose a tool and drag on an image.</source>
        <translation>Noch ist nichts gemessen. Werkzeug wählen und im Bild ziehen.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Deletes the chosen measurement</source>
        <translation>Löscht die gewählte Messung</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Saves landmarks and measurements beside the case</source>
        <translation>Speichert Landmarken und Messungen neben dem Fall</translation>
    </message>
    <message>
        <source>whoever has them</source>
        <translation>wer welche hat</translation>
    </message>
    <message>
        <source>Show the points of %1</source>
        <translation>Punkte von %1 zeigen</translation>
    </message>
    <message>
        <source>This case has no landmarks.</source>
        <translation>Dieser Fall hat keine Landmarken.</translation>
    </message>
    <message>
        <source>Undo: %1</source>
        <translation>Rückgängig: %1</translation>
    </message>
    <message>
        <source>Nothing to undo</source>
        <translation>Nichts rückgängig zu machen</translation>
    </message>
    <message>
        <source>Redo: %1</source>
        <translation>Wiederholen: %1</translation>
    </message>
    <message>
        <source>Nothing to redo</source>
        <translation>Nichts zu wiederholen</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n point(s) placed; errors in mm</source>
        <translation>
            <numerusform>%1 von %n Punkt gesetzt; Fehler in mm</numerusform>
            <numerusform>%1 von %n Punkten gesetzt; Fehler in mm</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::viewer::MeasureTool</name>
    <message>
        <source>Change %1</source>
        <translation>%1 ändern</translation>
    </message>
    <message>
        <source>Move %1</source>
        <translation>%1 verschieben</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::MeasurementList</name>
    <message>
        <source>Distance</source>
        <translation>Abstand</translation>
    </message>
    <message>
        <source>Angle</source>
        <translation>Winkel</translation>
    </message>
    <message>
        <source>Cobb angle</source>
        <translation>Cobb-Winkel</translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation>Ellipse</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>Polygon</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>kind of measurement, number</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>Draw %1</source>
        <translation>%1 zeichnen</translation>
    </message>
    <message>
        <source>Delete %1</source>
        <translation>%1 löschen</translation>
    </message>
    <message>
        <source>Rename %1</source>
        <translation>%1 umbenennen</translation>
    </message>
    <message>
        <source>mm</source>
        <translation>mm</translation>
    </message>
    <message>
        <source>px</source>
        <translation>px</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>value, unit</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1°</source>
        <translation>%1°</translation>
    </message>
    <message>
        <source>area %1 %2²</source>
        <comment>value, unit</comment>
        <translation>Fläche %1 %2²</translation>
    </message>
    <message>
        <source>mean %1, SD %2</source>
        <translation>Mittel %1, SD %2</translation>
    </message>
    <message numerus="yes">
        <source>%1 to %2 (%n voxel(s))</source>
        <translation>
            <numerusform>%1 bis %2 (%n Voxel)</numerusform>
            <numerusform>%1 bis %2 (%n Voxel)</numerusform>
        </translation>
    </message>
    <message>
        <source>perimeter %1 %2</source>
        <comment>value, unit</comment>
        <translation>Umfang %1 %2</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::MeasurementTable</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::Measuring</name>
    <message>
        <source>Landmarks</source>
        <translation>Landmarken</translation>
    </message>
    <message>
        <source>Drag points; the arrow keys move the chosen one, Tab goes to the next, L locks it.</source>
        <translation>Punkte ziehen; die Pfeiltasten verschieben den gewählten, Tab geht zum nächsten, L sperrt ihn.</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>Abstand</translation>
    </message>
    <message>
        <source>Drag from one end to the other.</source>
        <translation>Von einem Ende zum anderen ziehen.</translation>
    </message>
    <message>
        <source>Angle</source>
        <translation>Winkel</translation>
    </message>
    <message>
        <source>Drag along one arm to the vertex, then click the end of the other.</source>
        <translation>Entlang eines Schenkels zum Scheitel ziehen, dann das Ende des anderen anklicken.</translation>
    </message>
    <message>
        <source>Cobb angle</source>
        <translation>Cobb-Winkel</translation>
    </message>
    <message>
        <source>Drag along one endplate, then along the other.</source>
        <translation>Entlang der einen Endplatte ziehen, dann entlang der anderen.</translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation>Ellipse</translation>
    </message>
    <message>
        <source>Drag a box: area, mean and deviation of what lies inside.</source>
        <translation>Einen Rahmen ziehen: Fläche, Mittel und Abweichung des Inhalts.</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>Polygon</translation>
    </message>
    <message>
        <source>Click corner by corner; Return, a double click or the first corner closes it.</source>
        <translation>Ecke für Ecke anklicken; Eingabe, Doppelklick oder die erste Ecke schließt.</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ObliqueCanvas</name>
    <message>
        <source>Oblique plane</source>
        <translation>Schräge Ebene</translation>
    </message>
    <message>
        <source>Axial</source>
        <translation>Axial</translation>
    </message>
    <message>
        <source>%1° from axial</source>
        <translation>%1° zu axial</translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation>Koronar</translation>
    </message>
    <message>
        <source>%1° from coronal</source>
        <translation>%1° zu koronar</translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation>Sagittal</translation>
    </message>
    <message>
        <source>%1° from sagittal</source>
        <translation>%1° zu sagittal</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::PolygonTool</name>
    <message>
        <source>The polygon on slice %1 is still open: Return closes it, Esc drops it.</source>
        <translation>Das Polygon auf Schicht %1 ist noch offen: Eingabe schließt es, Esc verwirft es.</translation>
    </message>
    <message>
        <source>Polygon eraser</source>
        <translation>Polygon-Radierer</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>Polygon</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::QuestionGroup</name>
    <message>
        <source>%1, left</source>
        <translation>%1, links</translation>
    </message>
    <message>
        <source>%1, right</source>
        <translation>%1, rechts</translation>
    </message>
    <message>
        <source>left</source>
        <translation>links</translation>
    </message>
    <message>
        <source>right</source>
        <translation>rechts</translation>
    </message>
    <message>
        <source>equal</source>
        <translation>gleich</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1: %2, where 1 is %3 and 5 is %4</source>
        <translation>%1: %2, wobei 1 %3 und 5 %4 bedeutet</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>%1 adds one, Shift+%1 takes one away</source>
        <translation>%1 zählt eins dazu, Umschalt+%1 nimmt eins weg</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ReadingFinishedPage</name>
    <message>
        <source>Thank you</source>
        <translation>Danke</translation>
    </message>
    <message>
        <source>Show which model was which</source>
        <translation>Zeigen, welches Modell welches war</translation>
    </message>
    <message>
        <source>Back to the cases</source>
        <translation>Zurück zu den Fällen</translation>
    </message>
    <message>
        <source>Export CSV…</source>
        <translation>CSV exportieren…</translation>
    </message>
    <message>
        <source>Export JSON…</source>
        <translation>JSON exportieren…</translation>
    </message>
    <message>
        <source>Close session</source>
        <translation>Sitzung schließen</translation>
    </message>
    <message>
        <source>Answers are final from then on</source>
        <translation>Danach sind die Antworten endgültig</translation>
    </message>
    <message>
        <source>Answers with the models&apos; names</source>
        <translation>Antworten mit den Namen der Modelle</translation>
    </message>
    <message>
        <source>Export the results</source>
        <translation>Ergebnisse exportieren</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
    <message>
        <source>Data (*.json)</source>
        <translation>Daten (*.json)</translation>
    </message>
    <message>
        <source>Choose another folder: this one holds the readers&apos; records.</source>
        <translation>Bitte einen anderen Ordner wählen: Dieser enthält die Aufzeichnungen der Befunder.</translation>
    </message>
    <message>
        <source>The results are in %1.</source>
        <translation>Die Ergebnisse sind in %1.</translation>
    </message>
    <message>
        <source>One case read in %1.</source>
        <translation>Ein Fall in %1 befundet.</translation>
    </message>
    <message numerus="yes">
        <source>%n cases read in %1.</source>
        <translation>
            <numerusform>%n Fall in %1 befundet.</numerusform>
            <numerusform>%n Fälle in %1 befundet.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ReadingPanel</name>
    <message>
        <source>Questions about this case</source>
        <translation>Fragen zu diesem Fall</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Question before (Backspace)</source>
        <translation>Vorige Frage (Rücktaste)</translation>
    </message>
    <message>
        <source>Question before</source>
        <translation>Vorige Frage</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Next question, then next case (Return)</source>
        <translation>Nächste Frage, dann nächster Fall (Eingabe)</translation>
    </message>
    <message>
        <source>Next question</source>
        <translation>Nächste Frage</translation>
    </message>
    <message>
        <source>Comment (/)</source>
        <translation>Kommentar (/)</translation>
    </message>
    <message>
        <source>Comment on this case</source>
        <translation>Kommentar zu diesem Fall</translation>
    </message>
    <message>
        <source>Case %1 of %2</source>
        <translation>Fall %1 von %2</translation>
    </message>
    <message>
        <source>&apos;%1&apos; has no answer yet</source>
        <translation>„%1“ hat noch keine Antwort</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ReadingSetup</name>
    <message>
        <source>Reading session</source>
        <translation>Befundungssitzung</translation>
    </message>
    <message>
        <source>Start or resume a reading session</source>
        <translation>Befundungssitzung beginnen oder fortsetzen</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>Befunder/in</translation>
    </message>
    <message>
        <source>Your name or a pseudonym</source>
        <translation>Eigener Name oder Pseudonym</translation>
    </message>
    <message>
        <source>Open a reading plan</source>
        <translation>Befundungsplan öffnen</translation>
    </message>
    <message>
        <source>Plans (*.json)</source>
        <translation>Pläne (*.json)</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Open plan…</source>
        <translation>Plan öffnen…</translation>
    </message>
    <message>
        <source>Open a plan from a file</source>
        <translation>Plan aus einer Datei öffnen</translation>
    </message>
    <message>
        <source>Name of the session</source>
        <translation>Name der Sitzung</translation>
    </message>
    <message>
        <source>Models to compare</source>
        <translation>Zu vergleichende Modelle</translation>
    </message>
    <message>
        <source>Pairs of models</source>
        <translation>Modellpaare</translation>
    </message>
    <message>
        <source>each case shows one pair, in turn</source>
        <translation>jeder Fall zeigt ein Paar, reihum</translation>
    </message>
    <message>
        <source>each case shows every pair</source>
        <translation>jeder Fall zeigt alle Paare</translation>
    </message>
    <message>
        <source>Blinded: which model is on which side is not shown</source>
        <translation>Verblindet: Welches Modell auf welcher Seite steht, wird nicht gezeigt</translation>
    </message>
    <message>
        <source>Blinded</source>
        <translation>Verblindet</translation>
    </message>
    <message>
        <source>Seed of the order</source>
        <translation>Startwert der Reihenfolge</translation>
    </message>
    <message>
        <source>The same seed gives the same order and sides again</source>
        <translation>Derselbe Startwert ergibt wieder dieselbe Reihenfolge und dieselben Seiten</translation>
    </message>
    <message>
        <source>Start reading</source>
        <translation>Befundung beginnen</translation>
    </message>
    <message>
        <source>Session</source>
        <translation>Sitzung</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Pairs</source>
        <translation>Paare</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Sessions begun in this study</source>
        <translation>Begonnene Sitzungen dieser Studie</translation>
    </message>
    <message>
        <source>Resume or join</source>
        <translation>Fortsetzen oder beitreten</translation>
    </message>
    <message>
        <source>Resume or join the chosen session</source>
        <translation>Gewählte Sitzung fortsetzen oder ihr beitreten</translation>
    </message>
    <message numerus="yes">
        <source>A reading session compares two models: this study shows %n.</source>
        <translation>
            <numerusform>Eine Befundungssitzung vergleicht zwei Modelle: Diese Studie zeigt %n.</numerusform>
            <numerusform>Eine Befundungssitzung vergleicht zwei Modelle: Diese Studie zeigt %n.</numerusform>
        </translation>
    </message>
    <message>
        <source>Enter your name or a pseudonym; it stands beside your answers.</source>
        <translation>Bitte Namen oder Pseudonym eingeben; es steht neben den Antworten.</translation>
    </message>
    <message>
        <source>%1 finished</source>
        <translation>%1 fertig</translation>
    </message>
    <message>
        <source>%1 %2 of %3</source>
        <translation>%1 %2 von %3</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ReadingWorklist</name>
    <message>
        <source>Cases read</source>
        <translation>Befundete Fälle</translation>
    </message>
    <message>
        <source>Cases of this session</source>
        <translation>Fälle dieser Sitzung</translation>
    </message>
    <message>
        <source>Reading session</source>
        <translation>Befundungssitzung</translation>
    </message>
    <message>
        <source>No session is open</source>
        <translation>Keine Sitzung geöffnet</translation>
    </message>
    <message>
        <source>%1 of %2 read</source>
        <translation>%1 von %2 befundet</translation>
    </message>
    <message>
        <source>about %1 left</source>
        <translation>noch etwa %1</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ReadingWorklistModel</name>
    <message>
        <source>● done, corrected</source>
        <translation>● fertig, korrigiert</translation>
    </message>
    <message>
        <source>● done</source>
        <translation>● fertig</translation>
    </message>
    <message>
        <source>◐ reading</source>
        <translation>◐ in Befundung</translation>
    </message>
    <message>
        <source>○ not read</source>
        <translation>○ nicht befundet</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>#</source>
        <translation>#</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::RecoveryBox</name>
    <message>
        <source>Go on with it</source>
        <translation>Damit fortfahren</translation>
    </message>
    <message>
        <source>Go on with the unsaved work</source>
        <translation>Mit der ungespeicherten Arbeit fortfahren</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Discard the unsaved work</source>
        <translation>Ungespeicherte Arbeit verwerfen</translation>
    </message>
    <message numerus="yes">
        <source>There is unsaved work on this case of %1: %n step(s).</source>
        <translation>
            <numerusform>Zu diesem Fall gibt es ungespeicherte Arbeit vom %1: %n Schritt.</numerusform>
            <numerusform>Zu diesem Fall gibt es ungespeicherte Arbeit vom %1: %n Schritte.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::viewer::RegionBox</name>
    <message>
        <source>Values to grow in</source>
        <translation>Wertebereich zum Wachsen</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>Füllen</translation>
    </message>
    <message>
        <source>Farthest from the point, millimetres</source>
        <translation>Größter Abstand vom Punkt in Millimetern</translation>
    </message>
    <message>
        <source> mm</source>
        <translation> mm</translation>
    </message>
    <message>
        <source>Largest volume, millilitres</source>
        <translation>Größtes Volumen in Millilitern</translation>
    </message>
    <message>
        <source> mL</source>
        <translation> ml</translation>
    </message>
    <message>
        <source>Region found</source>
        <translation>Gefundene Region</translation>
    </message>
    <message>
        <source>Region grow: click in an image. Hold to see the size first.</source>
        <translation>Region wachsen lassen: ins Bild klicken. Gedrückt halten zeigt zuerst die Größe.</translation>
    </message>
    <message>
        <source>Slices to fill between</source>
        <translation>Schichten, zwischen denen gefüllt wird</translation>
    </message>
    <message>
        <source>axial slices</source>
        <translation>axiale Schichten</translation>
    </message>
    <message>
        <source>coronal slices</source>
        <translation>koronare Schichten</translation>
    </message>
    <message>
        <source>sagittal slices</source>
        <translation>sagittale Schichten</translation>
    </message>
    <message>
        <source>Fill between slices</source>
        <translation>Zwischen Schichten füllen</translation>
    </message>
    <message>
        <source>Gives the active label to the empty slices between those where it is drawn</source>
        <translation>Gibt das aktive Label den leeren Schichten zwischen denen, in denen es gezeichnet ist</translation>
    </message>
    <message>
        <source>Region grow within</source>
        <translation>Wachsen innerhalb von</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>Höchstens</translation>
    </message>
    <message>
        <source>Between</source>
        <translation>Zwischen</translation>
    </message>
    <message>
        <source>No region: the value there lies outside the range.</source>
        <translation>Keine Region: Der Wert dort liegt außerhalb des Bereichs.</translation>
    </message>
    <message>
        <source>Region: %1 voxels, %2 mL</source>
        <translation>Region: %1 Voxel, %2 ml</translation>
    </message>
    <message>
        <source>%1; cut off at the limit</source>
        <translation>%1; an der Grenze abgeschnitten</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ResultsModel</name>
    <message>
        <source>left</source>
        <translation>links</translation>
    </message>
    <message>
        <source>right</source>
        <translation>rechts</translation>
    </message>
    <message>
        <source>equal</source>
        <translation>gleich</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>Befunder/in</translation>
    </message>
    <message>
        <source>#</source>
        <translation>#</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Pfeil links</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Pfeil rechts</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>Frage</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>Element</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>Seite</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Time (s)</source>
        <translation>Zeit (s)</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ReviewBar</name>
    <message>
        <source>Open images</source>
        <translation>Bilder öffnen</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>Kanal</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>Anordnung</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>Koppeln</translation>
    </message>
    <message>
        <source>position</source>
        <translation>Position</translation>
    </message>
    <message>
        <source>All views follow the cursor</source>
        <translation>Alle Ansichten folgen dem Fadenkreuz</translation>
    </message>
    <message>
        <source>zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>All views zoom and pan together</source>
        <translation>Alle Ansichten zoomen und schieben gemeinsam</translation>
    </message>
    <message>
        <source>contrast</source>
        <translation>Fensterung</translation>
    </message>
    <message>
        <source>All views share one window</source>
        <translation>Alle Ansichten teilen eine Fensterung</translation>
    </message>
    <message>
        <source>overlay</source>
        <translation>Overlay</translation>
    </message>
    <message>
        <source>All views share overlay strength and style</source>
        <translation>Alle Ansichten teilen Stärke und Stil des Overlays</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>Overlay</translation>
    </message>
    <message>
        <source>Fill the overlay</source>
        <translation>Overlay füllen</translation>
    </message>
    <message>
        <source>Overlay opacity</source>
        <translation>Deckkraft des Overlays</translation>
    </message>
    <message>
        <source>Opening a case</source>
        <translation>Fall wird geöffnet</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Previous case</source>
        <translation>Voriger Fall</translation>
    </message>
    <message>
        <source>Next case</source>
        <translation>Nächster Fall</translation>
    </message>
    <message>
        <source>Show the overlay</source>
        <translation>Overlay anzeigen</translation>
    </message>
    <message>
        <source>Fit slices to their views</source>
        <translation>Schichten einpassen</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fensterung</translation>
    </message>
    <message>
        <source>How images are drawn</source>
        <translation>Wie Bilder gezeichnet werden</translation>
    </message>
    <message>
        <source>Copy the active view&apos;s window to all</source>
        <translation>Fensterung der aktiven Ansicht auf alle übertragen</translation>
    </message>
    <message>
        <source>Black on white</source>
        <translation>Schwarz auf Weiß</translation>
    </message>
    <message>
        <source>Smooth pixels</source>
        <translation>Pixel glätten</translation>
    </message>
    <message>
        <source>Corner text</source>
        <translation>Ecktexte</translation>
    </message>
    <message>
        <source>Scale bar</source>
        <translation>Maßstab</translation>
    </message>
    <message>
        <source>Crosshair</source>
        <translation>Fadenkreuz</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Outline</source>
        <translation>Umriss</translation>
    </message>
    <message>
        <source>%1 pixels</source>
        <translation>%1 Pixel</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ReviewView</name>
    <message>
        <source>Reading DICOM headers: %1 of %2</source>
        <translation>DICOM-Kopfdaten werden gelesen: %1 von %2</translation>
    </message>
    <message>
        <source>Open images…</source>
        <translation>Bilder öffnen…</translation>
    </message>
    <message>
        <source>Looking for images</source>
        <translation>Bilder werden gesucht</translation>
    </message>
    <message>
        <source>Open images</source>
        <translation>Bilder öffnen</translation>
    </message>
    <message>
        <source>Images and cases (*.nii *.nii.gz *.hdr *.nrrd *.nhdr *.mha *.mhd *.dcm *.png *.jpg *.jpeg *.tif *.tiff *.json);;All files (*)</source>
        <translation>Bilder und Fälle (*.nii *.nii.gz *.hdr *.nrrd *.nhdr *.mha *.mhd *.dcm *.png *.jpg *.jpeg *.tif *.tiff *.json);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Opening %1</source>
        <translation>%1 wird geöffnet</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>Axial</source>
        <translation>Axial</translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation>Koronar</translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation>Sagittal</translation>
    </message>
    <message>
        <source>%1  %2  %3 mm</source>
        <translation>%1  %2  %3 mm</translation>
    </message>
    <message>
        <source>column %1, row %2</source>
        <translation>Spalte %1, Zeile %2</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Befundung</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fensterung</translation>
    </message>
    <message>
        <source>Previous case</source>
        <translation>Voriger Fall</translation>
    </message>
    <message>
        <source>Next case</source>
        <translation>Nächster Fall</translation>
    </message>
    <message>
        <source>Show or hide the overlay</source>
        <translation>Overlay ein- oder ausblenden</translation>
    </message>
    <message>
        <source>Overlay fainter</source>
        <translation>Overlay schwächer</translation>
    </message>
    <message>
        <source>Overlay stronger</source>
        <translation>Overlay stärker</translation>
    </message>
    <message>
        <source>Next layout</source>
        <translation>Nächste Anordnung</translation>
    </message>
    <message>
        <source>The active view alone, or all</source>
        <translation>Nur die aktive Ansicht oder alle</translation>
    </message>
    <message>
        <source>The other picture of a flicker comparison</source>
        <translation>Das andere Bild im Wechselbild</translation>
    </message>
    <message>
        <source>Next slice</source>
        <translation>Nächste Schicht</translation>
    </message>
    <message>
        <source>Previous slice</source>
        <translation>Vorige Schicht</translation>
    </message>
    <message>
        <source>First slice</source>
        <translation>Erste Schicht</translation>
    </message>
    <message>
        <source>Last slice</source>
        <translation>Letzte Schicht</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Fit slices to their views</source>
        <translation>Schichten einpassen</translation>
    </message>
    <message>
        <source>One pixel of the image on one of the screen</source>
        <translation>Ein Bildpixel auf einen Bildschirmpixel</translation>
    </message>
    <message>
        <source>Black on white</source>
        <translation>Schwarz auf Weiß</translation>
    </message>
    <message>
        <source>Smooth pixels</source>
        <translation>Pixel glätten</translation>
    </message>
    <message>
        <source>Corner text</source>
        <translation>Ecktexte</translation>
    </message>
    <message>
        <source>Crosshair</source>
        <translation>Fadenkreuz</translation>
    </message>
    <message>
        <source>Window preset %1</source>
        <translation>Fenstervorgabe %1</translation>
    </message>
    <message>
        <source>Copy the active view&apos;s window to all</source>
        <translation>Fensterung der aktiven Ansicht auf alle übertragen</translation>
    </message>
    <message>
        <source>Review shows images with what people and models drew on them, side by side. Open DICOM or NIfTI files, or a study whose cases are listed here.</source>
        <translation>Hier erscheinen Bilder mit dem, was Menschen und Modelle darin eingezeichnet haben, nebeneinander. Geöffnet werden DICOM- oder NIfTI-Dateien oder eine Studie, deren Fälle hier aufgeführt sind.</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>Window: %1</source>
        <translation>Fensterung: %1</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>Overlay</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>As the bar says</source>
        <translation>Wie in der Leiste</translation>
    </message>
    <message>
        <source>%1 against the reference</source>
        <translation>%1 gegen die Referenz</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Plane</source>
        <translation>Ebene</translation>
    </message>
    <message>
        <source>Compare with another case</source>
        <translation>Mit einem anderen Fall vergleichen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>Larger brush</source>
        <translation>Größerer Pinsel</translation>
    </message>
    <message>
        <source>Smaller brush</source>
        <translation>Kleinerer Pinsel</translation>
    </message>
    <message>
        <source>Open the earlier examination</source>
        <translation>Frühere Untersuchung öffnen</translation>
    </message>
    <message>
        <source>%1 is not among the cases that are listed</source>
        <translation>%1 ist nicht unter den aufgeführten Fällen</translation>
    </message>
    <message>
        <source>%1 lacks what a model drew; it cannot be read</source>
        <translation>%1 fehlt, was ein Modell eingezeichnet hat; es lässt sich nicht lesen</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Befundung</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::SceneWidget</name>
    <message>
        <source>3D scene</source>
        <translation>3D-Szene</translation>
    </message>
    <message>
        <source>Drag or arrow keys turn it, the wheel zooms, a click moves the cursor. F, L and T look from the front, the left and the top; 0 shows everything.</source>
        <translation>Ziehen oder Pfeiltasten drehen, das Rad zoomt, ein Klick setzt das Fadenkreuz. F, L und T blicken von vorn, links und oben; 0 zeigt alles.</translation>
    </message>
    <message>
        <source>Surfaces</source>
        <translation>Oberflächen</translation>
    </message>
    <message>
        <source>Maximum intensity</source>
        <translation>Maximumintensität</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Volumen</translation>
    </message>
    <message>
        <source>Plane in the patient</source>
        <translation>Ebene im Patienten</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::SliceCanvas</name>
    <message>
        <source>Axial slice</source>
        <translation>Axiale Schicht</translation>
    </message>
    <message>
        <source>Coronal slice</source>
        <translation>Koronare Schicht</translation>
    </message>
    <message>
        <source>Sagittal slice</source>
        <translation>Sagittale Schicht</translation>
    </message>
    <message>
        <source>Slice %1 of %2</source>
        <translation>Schicht %1 von %2</translation>
    </message>
    <message>
        <source>%1 cm</source>
        <translation>%1 cm</translation>
    </message>
    <message>
        <source>%1 mm</source>
        <translation>%1 mm</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::SurfaceBar</name>
    <message>
        <source>Surfaces</source>
        <translation>Oberflächen</translation>
    </message>
    <message>
        <source>Surfaces of what is segmented</source>
        <translation>Oberflächen der Segmentierungen</translation>
    </message>
    <message>
        <source>MIP</source>
        <translation>MIP</translation>
    </message>
    <message>
        <source>Maximum intensity projection: the brightest voxel along each ray</source>
        <translation>Maximumintensitätsprojektion: der hellste Voxel entlang jedes Strahls</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Volumen</translation>
    </message>
    <message>
        <source>The image as a body, from a chosen grey on</source>
        <translation>Das Bild als Körper, ab einem gewählten Grauwert</translation>
    </message>
    <message>
        <source>Oblique</source>
        <translation>Schräg</translation>
    </message>
    <message>
        <source>A plane at any angle through the cursor</source>
        <translation>Eine Ebene in beliebigem Winkel durch das Fadenkreuz</translation>
    </message>
    <message>
        <source>Threshold, percent of the window</source>
        <translation>Schwelle, Prozent des Fensters</translation>
    </message>
    <message>
        <source>Darker voxels are not shown. Percent of the grey scale as the slices have it.</source>
        <translation>Dunklere Voxel werden nicht gezeigt. Prozent der Grauskala, wie die Schichten sie haben.</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>Look from</source>
        <translation>Blick von</translation>
    </message>
    <message>
        <source>Look from the front, the left or the top; all of it in sight</source>
        <translation>Blick von vorn, links oder oben; alles im Bild</translation>
    </message>
    <message>
        <source>From the front</source>
        <translation>Von vorn</translation>
    </message>
    <message>
        <source>From the left</source>
        <translation>Von links</translation>
    </message>
    <message>
        <source>From the top</source>
        <translation>Von oben</translation>
    </message>
    <message>
        <source>Coronal, from the front</source>
        <translation>Koronar, von vorn</translation>
    </message>
    <message>
        <source>Sagittal, from the left</source>
        <translation>Sagittal, von links</translation>
    </message>
    <message>
        <source>Axial, from the top</source>
        <translation>Axial, von oben</translation>
    </message>
    <message>
        <source>from %1 %</source>
        <translation>ab %1 %</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::SurfaceView</name>
    <message>
        <source>3D view</source>
        <translation>3D-Ansicht</translation>
    </message>
    <message>
        <source>The 3D view needs OpenGL 3.2, which this screen does not offer. Slices work without it.</source>
        <translation>Die 3D-Ansicht braucht OpenGL 3.2, das dieser Bildschirm nicht bietet. Schichten gehen auch ohne.</translation>
    </message>
    <message>
        <source>Building the surfaces…</source>
        <translation>Oberflächen werden berechnet…</translation>
    </message>
    <message>
        <source>Nothing is segmented in this case, so there are no surfaces to show. MIP, Volume and Oblique show the image itself.</source>
        <translation>In diesem Fall ist nichts segmentiert, es gibt also keine Oberflächen. MIP, Volumen und Schräg zeigen das Bild selbst.</translation>
    </message>
    <message>
        <source>Preparing the image…</source>
        <translation>Das Bild wird vorbereitet…</translation>
    </message>
    <message>
        <source>The 3D view cannot be shown: its part of the program is missing. Slices work without it.
%1</source>
        <translation>Die 3D-Ansicht kann nicht gezeigt werden: Ihr Programmteil fehlt. Schichten gehen auch ohne.
%1</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ToolStrip</name>
    <message>
        <source>Crosshair</source>
        <translation>Fadenkreuz</translation>
    </message>
    <message>
        <source>Press or drag to move the crosshair in all linked views.</source>
        <translation>Drücken oder ziehen bewegt das Fadenkreuz in allen gekoppelten Ansichten.</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ValueRangeBox</name>
    <message>
        <source>%1, lowest</source>
        <translation>%1, kleinster</translation>
    </message>
    <message>
        <source>%1, highest</source>
        <translation>%1, größter</translation>
    </message>
    <message>
        <source>From image</source>
        <translation>Aus dem Bild</translation>
    </message>
    <message>
        <source>Take the range from the image: of the values under the active label, or of the whole image while little is drawn</source>
        <translation>Bereich aus dem Bild nehmen: aus den Werten unter dem aktiven Label oder, solange wenig gezeichnet ist, aus dem ganzen Bild</translation>
    </message>
    <message>
        <source>%1 from the image</source>
        <translation>%1 aus dem Bild</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::VerdictFile</name>
    <message>
        <source>Your verdicts on this case could not be read, so new ones are not kept. %1</source>
        <translation>Die eigenen Urteile zu diesem Fall konnten nicht gelesen werden, neue werden daher nicht gesichert. %1</translation>
    </message>
    <message>
        <source>Your verdicts could not be kept. %1</source>
        <translation>Die eigenen Urteile konnten nicht gesichert werden. %1</translation>
    </message>
</context>
<context>
    <name>consilium::viewer::Viewport</name>
    <message>
        <source>Links</source>
        <translation>Kopplungen</translation>
    </message>
    <message>
        <source>This view alone</source>
        <translation>Nur diese Ansicht</translation>
    </message>
    <message>
        <source>What this view shows</source>
        <translation>Was diese Ansicht zeigt</translation>
    </message>
    <message>
        <source>What this view shows: %1</source>
        <translation>Was diese Ansicht zeigt: %1</translation>
    </message>
    <message>
        <source>position</source>
        <translation>Position</translation>
    </message>
    <message>
        <source>zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>window</source>
        <translation>Fensterung</translation>
    </message>
    <message>
        <source>overlay</source>
        <translation>Overlay</translation>
    </message>
    <message>
        <source>Linked with nothing</source>
        <translation>Nicht gekoppelt</translation>
    </message>
    <message>
        <source>Linked: %1</source>
        <translation>Gekoppelt: %1</translation>
    </message>
    <message>
        <source>; shifted by %1 mm</source>
        <translation>; um %1 mm verschoben</translation>
    </message>
    <message>
        <source>All views again</source>
        <translation>Wieder alle Ansichten</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>Position</translation>
    </message>
    <message>
        <source>Zoom and pan</source>
        <translation>Zoom und Verschieben</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fensterung</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>Overlay</translation>
    </message>
    <message>
        <source>Link as it stands, keeping the shift</source>
        <translation>Koppeln wie es steht, Versatz behalten</translation>
    </message>
    <message>
        <source>No shift</source>
        <translation>Kein Versatz</translation>
    </message>
</context>
</TS>
