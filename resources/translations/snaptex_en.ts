<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>HistoryWindow</name>
    <message numerus="yes">
        <source>%Ln formula(s) written to {name}</source>
        <translation>
            <numerusform>%Ln formula written to {name}</numerusform>
            <numerusform>%Ln formulas written to {name}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete all %Ln formula(s) with their pictures, favourites too?</source>
        <translation>
            <numerusform>Delete the %Ln formula with its picture, even if it is a favourite?</numerusform>
            <numerusform>Delete all %Ln formulas with their pictures, favourites too?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln formula(s) in the history</source>
        <translation>
            <numerusform>%Ln formula in the history</numerusform>
            <numerusform>%Ln formulas in the history</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RecogniserPanel</name>
    <message numerus="yes">
        <source>After %n minute(s) without a snip</source>
        <translation>
            <numerusform>After %n minute without a snip</numerusform>
            <numerusform>After %n minutes without a snip</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SnipCountdown</name>
    <message numerus="yes">
        <source>The screen is taken in %n second(s)</source>
        <translation>
            <numerusform>The screen is taken in %n second</numerusform>
            <numerusform>The screen is taken in %n seconds</numerusform>
        </translation>
    </message>
</context>
</TS>
