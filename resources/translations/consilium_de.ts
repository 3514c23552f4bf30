<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>CommandLine</name>
    <message>
        <source>Watch a study in which hospitals train a model together, and review its images. Research software, not a medical device.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the study folder DIR.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drive the window through its main job and each page, and save one picture a step in DIR.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colours: dark or light.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language of the window: en or de.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images and folders to open in Review.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>--theme is dark or light, not &apos;%1&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no translation &apos;%1&apos;</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeyName</name>
    <message>
        <source>Page Up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page Down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Home</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Insert</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Backspace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Esc</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter (number pad)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Space</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shift</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Meta</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 or %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Consilium</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start, open and find studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at images and segmentations side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Review</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Watch the rounds, sites and curves of the open study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Federation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change between the dark and the light theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark for the reading room, light for the office</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Font size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size of all text in the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language of the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the mouse buttons do in an image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reader</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your name in saved files and reading sessions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory that opened images may take; beyond it, images not in sight are put away and read again when needed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StudiesPage</name>
    <message>
        <source>Hospitals train imaging models together without moving images. Start with the demo, or open a study.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try the demo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Three hospitals train one model together on this computer, each in a program of its own. The images are made up; no patient data is needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Task</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rounds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as the task plans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the demo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Watch the rounds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the demo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a study folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Follow a study that runs on this computer or on a shared drive, or look back at one that is finished. Opening changes nothing in the folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recent studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Studies you start or open are listed here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Double-click a study to open it</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::app::ChoiceSetting</name>
    <message>
        <source>%1: there is no choice “%2”</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::app::FederationPage</name>
    <message>
        <source>Go to Studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the demo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The study could not be read: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The demo goes on: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The demo ended early: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No study is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This page shows the rounds of a study: what each site does, how the model improves, and what went wrong. Start the demo or open a study folder first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The demo study is being prepared</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The images of the hospitals are made first; the sites then join one by one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no study in this folder yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 holds no study.json and study.db. The page fills as soon as they appear.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::app::MainWindow</name>
    <message>
        <source>The demo is finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The demo ended early: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all sites on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>watching</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>demo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>being prepared</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no study open</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::app::NameSetting</name>
    <message>
        <source>%1: letters, digits, spaces, dots, hyphens and underscores, at most 40</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::app::NodeProcess</name>
    <message>
        <source>The program %1 could not be started: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The node was stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The node ended unexpectedly (status %1)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::app::Notice</name>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put this message away</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::app::NumberSetting</name>
    <message>
        <source>%1: from %2 to %3 %4</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::app::ReviewPage</name>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The study&apos;s test cases can be looked at in Review</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test cases with every model (%1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images at %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opened files</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::app::SettingsPage</name>
    <message>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The language changes at the next start.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::app::StudiesPage</name>
    <message>
        <source>MS lesions (synthetic, three hospitals)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no study in %1. Choose the folder that holds study.json and study.db.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The study could not be opened: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder %1 could not be made. Check the permissions and the free space.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting the node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Study folder: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopping: the sites finish what they are writing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The demo is finished. Federation shows its curves and results, Review its images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The demo was not finished.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The demo ended early: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a study folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Study</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::app::Tour</name>
    <message>
        <source>the demo ended early: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it had not come to pass after %1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the picture %1 could not be written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no button %1 to press</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the list %1 has no entry %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the canvas did not repaint when the wheel turned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the canvas stopped repainting when the wheel turned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the window answered too slowly: p95 %1 ms</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::dashboard::CurveChart</name>
    <message>
        <source>per site, by round</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>shared model, per site, by round</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1: with the shared model&apos;s step, below 0: against it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>best round %1: mean %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No losses were reported in this study.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Losses appear here as soon as the sites report from training.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drift</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sites&apos; drift was not measured in this study.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How far each site pulls its own way appears here when the updates of the first round have been combined.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Landmarks found in validation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No round of this study was evaluated at the sites.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The share of landmarks found appears here when the first round has been evaluated at the sites.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Validation Dice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dice appears here when the first round has been evaluated at the sites.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, round %2: %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>★ best: round %1, mean %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::dashboard::EventLog</name>
    <message>
        <source> at %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Error: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warning: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lost: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has happened yet. Joins, rounds and failures are told here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::dashboard::ResultsModel</name>
    <message>
        <source>Federated, best (round %1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Federated, best</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Federated, round %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, personal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, last round</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The global model of the round that did best in validation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The global model after round %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The personal model of %1; it stays at its site</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What %1 sent in the last round, before it was combined with the others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trained on the data of %1 alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stays at its site</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not every site has tested it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not tested here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2 on average over the sites, each weighing alike</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 at %2: %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source> (%n cases with %1)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n lesions</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n regions</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> (%n cases)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>. The best of all models.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>. The best of all models at this site.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Over the sites, each weighing alike</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tested at %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lesions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>regions</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::dashboard::ResultsTable</name>
    <message>
        <source>Landmarks found, every model at every site</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test Dice, every model at every site</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>small figures: cases · %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>small figures: cases</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On cases kept out of all training.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The federated model scores %1 higher on average than a model that another site trained alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The federated model scores %1 lower on average than a model that another site trained alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The personal models find %1 on average, each at its own site.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The personal models reach %1 on average, each at its own site.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::dashboard::RoundBoard</name>
    <message>
        <source>and %1 earlier, see the log</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::dashboard::SiteLegend</name>
    <message>
        <source>median of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>middle 80 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::dashboard::SiteTableModel</name>
    <message>
        <source>%1 lost or not counted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 at work</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 waiting or away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 counted</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n sites: %1</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>%1 came from the site, %2 went to it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole study: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Round %1: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Site</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cases</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drift</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the site does in this round</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training cases; they stay at the site</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of landmarks that the shared model finds in the site&apos;s validation cases, latest round</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean foreground Dice of the shared model on the site&apos;s validation cases, latest round</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cosine of the site&apos;s change with the shared model&apos;s step when it was last counted: 1 in its direction, 0 across it, below 0 against it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When the aggregator last heard from the site</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models and messages exchanged with the site in this round</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models and messages exchanged with the site over the study</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::dashboard::Words</name>
    <message>
        <source>less than a minute</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 s ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 min ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 h ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>never joined</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>has not joined yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lost %1 ago, waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>joined, not connected yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing heard for %1, waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>took no part</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ready, waiting for the next round</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not done when the study ended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>offered the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>downloading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>validating</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>uploading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>counted, then lost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>counted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not counted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not counted: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cosine %1 with the shared model&apos;s step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>norm of its change %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>distance of its model from the new one %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weight in the combination %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Round %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Below 0: this site pulled against the others.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ended after round %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finished after one round</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Finished after %n rounds</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Stopped in round %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for sites</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Round %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>best model: round %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>validation improved no more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>validation improved no more; %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n sites have joined</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>combining the updates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>evaluating the new model at the sites</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the round failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>testing the final models at the sites</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>round closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n sites in</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>took %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>running for %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, less than a minute left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, about %2 left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n further reasons</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>closed without %n sites: %1</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>closed without %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Round %1 failed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Round %1 failed: %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ActionModel</name>
    <message>
        <source>What the mouse does is changed by choosing another scheme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, by default no key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, by default %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ActionTable</name>
    <message>
        <source>%1 already means %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 and %2 would share a key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ActionTableView</name>
    <message>
        <source>Press the new key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search for an action or a key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use it here instead</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the key away from the other action and give it to this one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change key…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press the new key of the chosen action (F2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chosen action has no key any more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chosen action has its default key again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset all keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every action has its default key again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save all keys in a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read the keys from a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every action has its default key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys (*.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No action and no key is called “%1”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keys were saved in %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keys were read</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>The keys were read; %n actions of the file are not known here</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::viewer::FindingsModel</name>
    <message>
        <source>Lesion %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 mL</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not in the reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Found by %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Missed by %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 mL in the reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dice %1, %2 mL: %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>structure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mL</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>#</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ref</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::viewer::LesionPanel</name>
    <message>
        <source>Findings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Structures (%1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dice against the reference, per model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lesions (%1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is segmented in this case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 mL in all</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>; %n more drawn by models only</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ReviewBar</name>
    <message>
        <source>Open images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous case (Page Up)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next case (Page Down)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Channel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>position</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All views follow the cursor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>zoom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All views zoom and pan together</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>contrast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All views share one window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>overlay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All views share overlay strength and style</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the overlay (S)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fill the overlay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overlay opacity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overlay opacity (A fainter, D stronger)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit slices to their views (0)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening a case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ReviewView</name>
    <message>
        <source>reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading DICOM headers: %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Review shows images with what people and models drew on them, side by side and in three planes. Open DICOM, NIfTI or other images, or the cases of a finished study.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open images…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Planes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images and cases (*.nii *.nii.gz *.hdr *.nrrd *.nhdr *.mha *.mhd *.dcm *.png *.jpg *.jpeg *.tif *.tiff *.json);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Axial</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 mL</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dice %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1  %2  %3 mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>column %1, row %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::viewer::SliceCanvas</name>
    <message>
        <source>Axial slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Coronal slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sagittal slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::viewer::SurfaceView</name>
    <message>
        <source>3D view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The 3D view needs OpenGL 3.2, which this screen does not offer. Slices work without it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is segmented in this case, so there are no surfaces to show.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Building the surfaces…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>consilium::viewer::VtkWidget</name>
    <message>
        <source>3D</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
