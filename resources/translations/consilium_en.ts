<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
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
    <name>consilium::viewer::LesionPanel</name>
    <message numerus="yes">
        <source>; %n more drawn by models only</source>
        <translation>
            <numerusform>; %n more drawn by models only</numerusform>
            <numerusform>; %n more drawn by models only</numerusform>
        </translation>
    </message>
</context>
</TS>
