<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
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
    <name>Settings</name>
    <message>
        <source>Theme</source>
        <translation>Darstellung</translation>
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
        <source>Mouse</source>
        <translation>Maus</translation>
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
        <source>Found by %1</source>
        <translation>Von %1 gefunden</translation>
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
        <source>Nothing is segmented in this case, so there are no surfaces to show.</source>
        <translation>In diesem Fall ist nichts segmentiert, es gibt also keine Oberflächen.</translation>
    </message>
    <message>
        <source>Building the surfaces…</source>
        <translation>Oberflächen werden berechnet…</translation>
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
<context>
    <name>consilium::viewer::VtkWidget</name>
    <message>
        <source>3D</source>
        <translation>3D</translation>
    </message>
</context>
</TS>
