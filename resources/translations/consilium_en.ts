<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>consilium::app::DataPage</name>
    <message numerus="yes">
        <source>%n series were written to %1</source>
        <translation>
            <numerusform>%n series was written to %1</numerusform>
            <numerusform>%n series were written to %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files were written to %1</source>
        <translation>
            <numerusform>%n file was written to %1</numerusform>
            <numerusform>%n files were written to %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n things to look at are in the report</source>
        <translation>
            <numerusform>%n thing to look at is in the report</numerusform>
            <numerusform>%n things to look at are in the report</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files were not copied</source>
        <translation>
            <numerusform>%n file was not copied</numerusform>
            <numerusform>%n files were not copied</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::app::DatasetModel</name>
    <message numerus="yes">
        <source>%n cases</source>
        <translation>
            <numerusform>%n case</numerusform>
            <numerusform>%n cases</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n patients</source>
        <translation>
            <numerusform>%n patient</numerusform>
            <numerusform>%n patients</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n fail QC</source>
        <translation>
            <numerusform>%n fails QC</numerusform>
            <numerusform>%n fail QC</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n to look at</source>
        <translation>
            <numerusform>%n to look at</numerusform>
            <numerusform>%n to look at</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not checked</source>
        <translation>
            <numerusform>%n not checked</numerusform>
            <numerusform>%n not checked</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::app::ImportView</name>
    <message numerus="yes">
        <source>%n series found</source>
        <translation>
            <numerusform>%n series found</numerusform>
            <numerusform>%n series found</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files hold no image</source>
        <translation>
            <numerusform>%n file holds no image</numerusform>
            <numerusform>%n files hold no image</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Import %n series</source>
        <translation>
            <numerusform>Import %n series</numerusform>
            <numerusform>Import %n series</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::dashboard::ResultsModel</name>
    <message numerus="yes">
        <source> (%n cases with %1)</source>
        <translation>
            <numerusform> (%n case with %1)</numerusform>
            <numerusform> (%n cases with %1)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n lesions</source>
        <translation>
            <numerusform>%n lesion</numerusform>
            <numerusform>%n lesions</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n regions</source>
        <translation>
            <numerusform>%n region</numerusform>
            <numerusform>%n regions</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> (%n cases)</source>
        <translation>
            <numerusform> (%n case)</numerusform>
            <numerusform> (%n cases)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::dashboard::SiteTableModel</name>
    <message numerus="yes">
        <source>%n sites: %1</source>
        <translation>
            <numerusform>%n site: %1</numerusform>
            <numerusform>%n sites: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::dashboard::Words</name>
    <message numerus="yes">
        <source>Finished after %n rounds</source>
        <translation>
            <numerusform>Finished after %n round</numerusform>
            <numerusform>Finished after %n rounds</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n sites have joined</source>
        <translation>
            <numerusform>%1 of %n site has joined</numerusform>
            <numerusform>%1 of %n sites have joined</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n sites in</source>
        <translation>
            <numerusform>%1 of %n site in</numerusform>
            <numerusform>%1 of %n sites in</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n further reasons</source>
        <translation>
            <numerusform>%n further reason</numerusform>
            <numerusform>%n further reasons</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>closed without %n sites: %1</source>
        <translation>
            <numerusform>closed without %n site: %1</numerusform>
            <numerusform>closed without %n sites: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ActionTableView</name>
    <message numerus="yes">
        <source>The keys were read; %n actions of the file are not known here</source>
        <translation>
            <numerusform>The keys were read; %n action of the file is not known here</numerusform>
            <numerusform>The keys were read; %n actions of the file are not known here</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ChangeModel</name>
    <message numerus="yes">
        <source>; %n lesions grew together</source>
        <translation>
            <numerusform>; %n lesion grew together</numerusform>
            <numerusform>; %n lesions grew together</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>; in %n pieces now</source>
        <translation>
            <numerusform>; in %n piece now</numerusform>
            <numerusform>; in %n pieces now</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::viewer::EditPanel</name>
    <message numerus="yes">
        <source>%n slice(s) filled.</source>
        <translation>
            <numerusform>%n slice filled.</numerusform>
            <numerusform>%n slices filled.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::viewer::LesionPanel</name>
    <message numerus="yes">
        <source>; %n more drawn by models only</source>
        <translation>
            <numerusform>; %n more drawn by models only</numerusform>
            <numerusform>; %n more drawn by models only</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::viewer::LoadSummary</name>
    <message numerus="yes">
        <source>%n of the reference&apos;s lesions missed by %1</source>
        <translation>
            <numerusform>%n of the reference&apos;s lesions missed by %1</numerusform>
            <numerusform>%n of the reference&apos;s lesions missed by %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n found by %2</source>
        <translation>
            <numerusform>%1 of %n found by %2</numerusform>
            <numerusform>%1 of %n found by %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::viewer::MeasurePanel</name>
    <message numerus="yes">
        <source>%1 of %n point(s) placed; errors in mm</source>
        <translation>
            <numerusform>%1 of %n point placed; errors in mm</numerusform>
            <numerusform>%1 of %n points placed; errors in mm</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::viewer::MeasurementList</name>
    <message numerus="yes">
        <source>%1 to %2 (%n voxel(s))</source>
        <translation>
            <numerusform>%1 to %2 (%n voxel)</numerusform>
            <numerusform>%1 to %2 (%n voxels)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ReadingFinishedPage</name>
    <message numerus="yes">
        <source>%n cases read in %1.</source>
        <translation>
            <numerusform>%n case read in %1.</numerusform>
            <numerusform>%n cases read in %1.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::viewer::ReadingSetup</name>
    <message numerus="yes">
        <source>A reading session compares two models: this study shows %n.</source>
        <translation>
            <numerusform>A reading session compares two models: this study shows %n.</numerusform>
            <numerusform>A reading session compares two models: this study shows %n.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>consilium::viewer::RecoveryBox</name>
    <message numerus="yes">
        <source>There is unsaved work on this case of %1: %n step(s).</source>
        <translation>
            <numerusform>There is unsaved work on this case of %1: %n step.</numerusform>
            <numerusform>There is unsaved work on this case of %1: %n steps.</numerusform>
        </translation>
    </message>
</context>
</TS>
