<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>Snaptex: about</source>
        <translation>Snaptex: о программе</translation>
    </message>
    <message>
        <source>Licence texts</source>
        <translation>Тексты лицензий</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>What Snaptex is made of</source>
        <translation>Из чего состоит Snaptex</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Компонент</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Версия</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Лицензия</translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation>Версия {0}</translation>
    </message>
    <message>
        <source>A formula on the screen becomes LaTeX on the clipboard. It is read on this computer; nothing is sent anywhere. Snaptex is free software under the MIT licence, and contains:</source>
        <translation>Формула с экрана превращается в LaTeX в буфере обмена. Она распознаётся на этом компьютере; ничего никуда не отправляется. Snaptex — свободная программа под лицензией MIT; в неё входят:</translation>
    </message>
</context>
<context>
    <name>AlternativesController</name>
    <message>
        <source>The text was changed meanwhile, so it stays as it is.</source>
        <translation>Текст тем временем изменён, поэтому остаётся как есть.</translation>
    </message>
</context>
<context>
    <name>AlternativesMenu</name>
    <message>
        <source>Snaptex: other readings</source>
        <translation>Snaptex: другие прочтения</translation>
    </message>
    <message>
        <source>Other readings</source>
        <translation>Другие прочтения</translation>
    </message>
    <message>
        <source>Read: {token}</source>
        <translation>Прочитано: {token}</translation>
    </message>
    <message>
        <source>Nothing else can stand here.</source>
        <translation>Ничего другого здесь быть не может.</translation>
    </message>
    <message>
        <source>several symbols together</source>
        <translation>несколько символов вместе</translation>
    </message>
    <message>
        <source>end of what stands together</source>
        <translation>конец группы</translation>
    </message>
    <message>
        <source>subscript</source>
        <translation>нижний индекс</translation>
    </message>
    <message>
        <source>superscript</source>
        <translation>верхний индекс</translation>
    </message>
    <message>
        <source>next column</source>
        <translation>следующий столбец</translation>
    </message>
    <message>
        <source>next line</source>
        <translation>следующая строка</translation>
    </message>
    <message>
        <source>space</source>
        <translation>пробел</translation>
    </message>
    <message>
        <source>gap</source>
        <translation>промежуток</translation>
    </message>
</context>
<context>
    <name>Application</name>
    <message>
        <source>Loading the recogniser…</source>
        <translation>Загружается распознаватель…</translation>
    </message>
    <message>
        <source>Snaptex is reading a formula</source>
        <translation>Snaptex читает формулу</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Готово к работе</translation>
    </message>
    <message>
        <source>Snaptex is ready</source>
        <translation>Snaptex готов к работе</translation>
    </message>
    <message>
        <source>The recogniser is not running</source>
        <translation>Распознаватель не работает</translation>
    </message>
    <message>
        <source>Copied to the clipboard</source>
        <translation>Скопировано в буфер обмена</translation>
    </message>
</context>
<context>
    <name>CapturedImage</name>
    <message>
        <source>Not in the LaTeX; a click takes it in</source>
        <translation>Не входит в LaTeX; щелчок добавит</translation>
    </message>
</context>
<context>
    <name>Clipboard</name>
    <message>
        <source>There is no formula to copy.</source>
        <translation>Нет формулы, которую можно скопировать.</translation>
    </message>
    <message>
        <source>Nothing was copied: {reason}</source>
        <translation>Ничего не скопировано: {reason}</translation>
    </message>
    <message>
        <source>The clipboard took no text; another program may be holding it.</source>
        <translation>Буфер обмена не принял текст; возможно, его занимает другая программа.</translation>
    </message>
</context>
<context>
    <name>ComparisonView</name>
    <message>
        <source>Captured picture</source>
        <translation>Снятое изображение</translation>
    </message>
    <message>
        <source>Captured</source>
        <translation>Снимок</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Предпросмотр</translation>
    </message>
</context>
<context>
    <name>ConsentWindow</name>
    <message>
        <source>Snaptex: permission</source>
        <translation>Snaptex: разрешение</translation>
    </message>
    <message>
        <source>Snaptex asks your desktop for a picture of the screen. Allow it there; it stays on this computer, and you are asked only this once.</source>
        <translation>Snaptex запрашивает у рабочего стола снимок экрана. Разрешите его в открывшемся окне: снимок останется на этом компьютере, и вопрос задаётся только один раз.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
</context>
<context>
    <name>CopyFormat</name>
    <message>
        <source>MathML (Word)</source>
        <translation>MathML (Word)</translation>
    </message>
    <message>
        <source>Unicode text</source>
        <translation>Текст Юникода</translation>
    </message>
    <message>
        <source>SVG picture</source>
        <translation>Рисунок SVG</translation>
    </message>
    <message>
        <source>PNG picture</source>
        <translation>Рисунок PNG</translation>
    </message>
</context>
<context>
    <name>DesktopShortcutDialog</name>
    <message>
        <source>Snaptex: keyboard shortcut</source>
        <translation>Snaptex: сочетание клавиш</translation>
    </message>
    <message>
        <source>Bind a key in your desktop&apos;s settings</source>
        <translation>Назначьте клавишу в настройках рабочего стола</translation>
    </message>
    <message>
        <source>This desktop gives programs no hotkey of their own. Open its keyboard settings, add a shortcut of your own there, and let it run this command. Snaptex answers it as if it were the hotkey.</source>
        <translation>Этот рабочий стол не даёт программам собственных горячих клавиш. Откройте его настройки клавиатуры, добавьте там своё сочетание и назначьте ему эту команду. Для Snaptex это то же самое, что горячая клавиша.</translation>
    </message>
    <message>
        <source>Snip a formula</source>
        <translation>Снять формулу</translation>
    </message>
    <message>
        <source>Last region again</source>
        <translation>Та же область ещё раз</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Копировать</translation>
    </message>
    <message>
        <source>Copy the command: {name}</source>
        <translation>Скопировать команду: {name}</translation>
    </message>
</context>
<context>
    <name>ForgettingQuestion</name>
    <message>
        <source>More than half of the history is older than the settings keep. Formulas that would be deleted now: {count}.

The computer&apos;s clock may be wrong. Delete them?</source>
        <translation>Больше половины истории старше, чем хранится по настройкам. Формул, которые сейчас были бы удалены: {count}.

Возможно, часы компьютера неверны. Удалить их?</translation>
    </message>
</context>
<context>
    <name>FormatHotkeysField</name>
    <message>
        <source>Add a hotkey for a format</source>
        <translation>Добавить горячую клавишу для формата</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Убрать</translation>
    </message>
    <message>
        <source>Hotkey for a format</source>
        <translation>Горячая клавиша для формата</translation>
    </message>
    <message>
        <source>Format of this hotkey</source>
        <translation>Формат этой горячей клавиши</translation>
    </message>
</context>
<context>
    <name>FormulaPreview</name>
    <message>
        <source>Preview of the formula</source>
        <translation>Предпросмотр формулы</translation>
    </message>
    <message>
        <source>Drawing…</source>
        <translation>Рисуется…</translation>
    </message>
</context>
<context>
    <name>GlobalHotkey</name>
    <message>
        <source>This desktop gives programs no global hotkey; bind a key to the command “snaptex snip” in its keyboard settings.</source>
        <translation>Этот рабочий стол не даёт программам глобальных горячих клавиш; назначьте клавишу команде «snaptex snip» в его настройках клавиатуры.</translation>
    </message>
    <message>
        <source>“{hotkey}” would be typed by accident; a hotkey needs Ctrl, Alt or Meta.</source>
        <translation>«{hotkey}» легко нажать случайно; в горячей клавише нужны Ctrl, Alt или Meta.</translation>
    </message>
    <message>
        <source>“{hotkey}” is no hotkey; one looks like Ctrl+Alt+M.</source>
        <translation>«{hotkey}» — не горячая клавиша; она выглядит как Ctrl+Alt+M.</translation>
    </message>
    <message>
        <source>A hotkey ends in a letter, a digit, Space, Insert, Print or a function key.</source>
        <translation>Горячая клавиша заканчивается буквой, цифрой, пробелом, Insert, Print или функциональной клавишей.</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>The history is damaged and can&apos;t be moved away: {path}</source>
        <translation>История повреждена, и её файл не удаётся переместить: {path}</translation>
    </message>
    <message>
        <source>The history was damaged. Entries that came over into a new one: {count}. The old file is kept as {name}.</source>
        <translation>История была повреждена. Перенесено записей в новую: {count}. Старый файл сохранён как {name}.</translation>
    </message>
</context>
<context>
    <name>HistoryExport</name>
    <message>
        <source>There can&apos;t be a folder {folder}: {reason}.</source>
        <translation>Не удаётся создать папку {folder}: {reason}.</translation>
    </message>
    <message>
        <source>The file {path} can&apos;t be written: {reason}.</source>
        <translation>Не удаётся записать файл {path}: {reason}.</translation>
    </message>
</context>
<context>
    <name>HistoryRow</name>
    <message>
        <source>(no formula)</source>
        <translation>(нет формулы)</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Сегодня</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Вчера</translation>
    </message>
</context>
<context>
    <name>HistoryStore</name>
    <message>
        <source>The disk is full, so the history was not changed.</source>
        <translation>На диске нет места, поэтому история не изменена.</translation>
    </message>
    <message>
        <source>Another program is using the history, so it was not changed.</source>
        <translation>Историю использует другая программа, поэтому она не изменена.</translation>
    </message>
    <message>
        <source>The history may not be written, so it was not changed.</source>
        <translation>Историю нельзя записывать, поэтому она не изменена.</translation>
    </message>
    <message>
        <source>The history can&apos;t be opened; the log says where it should be.</source>
        <translation>Историю не удаётся открыть; где она должна быть, сказано в журнале.</translation>
    </message>
    <message>
        <source>The history could not be used: {reason}.</source>
        <translation>Историю не удалось использовать: {reason}.</translation>
    </message>
    <message>
        <source>There is no folder for the history: {reason}.</source>
        <translation>Нет папки для истории: {reason}.</translation>
    </message>
    <message>
        <source>The history was written by a later version of Snaptex, so this one leaves it alone.</source>
        <translation>История записана более новой версией Snaptex, поэтому эта версия её не трогает.</translation>
    </message>
</context>
<context>
    <name>HistoryWindow</name>
    <message>
        <source>Snaptex: history</source>
        <translation>Snaptex: история</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>Избранное</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Ещё</translation>
    </message>
    <message>
        <source>Captured picture</source>
        <translation>Снятое изображение</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>В избранное</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Удалить</translation>
    </message>
    <message>
        <source>Recognise again</source>
        <translation>Распознать снова</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Копировать</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Вернуть</translation>
    </message>
    <message numerus="yes">
        <source>%Ln formula(s) written to {name}</source>
        <translation>
            <numerusform>%Ln формула записана в {name}</numerusform>
            <numerusform>%Ln формулы записаны в {name}</numerusform>
            <numerusform>%Ln формул записано в {name}</numerusform>
        </translation>
    </message>
    <message>
        <source>Search in the LaTeX</source>
        <translation>Поиск в LaTeX</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Поиск</translation>
    </message>
    <message>
        <source>Export as a LaTeX document…</source>
        <translation>Экспорт в документ LaTeX…</translation>
    </message>
    <message>
        <source>Export as pictures with formulas…</source>
        <translation>Экспорт изображений с формулами…</translation>
    </message>
    <message>
        <source>Clear the history…</source>
        <translation>Очистить историю…</translation>
    </message>
    <message>
        <source>Formulas</source>
        <translation>Формулы</translation>
    </message>
    <message>
        <source>Deleted.</source>
        <translation>Удалено.</translation>
    </message>
    <message>
        <source>Show the result</source>
        <translation>Показать результат</translation>
    </message>
    <message>
        <source>Copy as lines</source>
        <translation>Копировать построчно</translation>
    </message>
    <message>
        <source>Copy as an align environment</source>
        <translation>Копировать как окружение align</translation>
    </message>
    <message>
        <source>Export the history</source>
        <translation>Экспорт истории</translation>
    </message>
    <message>
        <source>LaTeX (*.tex)</source>
        <translation>LaTeX (*.tex)</translation>
    </message>
    <message>
        <source>A folder for the pictures and formulas</source>
        <translation>Папка для изображений и формул</translation>
    </message>
    <message numerus="yes">
        <source>Delete all %Ln formula(s) with their pictures, favourites too?</source>
        <translation>
            <numerusform>Удалить %Ln формулу вместе с изображениями, включая избранное?</numerusform>
            <numerusform>Удалить все %Ln формулы вместе с изображениями, включая избранное?</numerusform>
            <numerusform>Удалить все %Ln формул вместе с изображениями, включая избранное?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln formula(s) in the history</source>
        <translation>
            <numerusform>%Ln формула в истории</numerusform>
            <numerusform>%Ln формулы в истории</numerusform>
            <numerusform>%Ln формул в истории</numerusform>
        </translation>
    </message>
    <message>
        <source>No formula fits.</source>
        <translation>Подходящих формул нет.</translation>
    </message>
    <message>
        <source>The formulas you snip will be here.</source>
        <translation>Здесь будут формулы, которые вы сняли.</translation>
    </message>
</context>
<context>
    <name>HotkeyController</name>
    <message>
        <source>The hotkey is off.</source>
        <translation>Горячая клавиша выключена.</translation>
    </message>
    <message>
        <source>{hotkey}: {problem}</source>
        <translation>{hotkey}: {problem}</translation>
    </message>
</context>
<context>
    <name>HotkeyField</name>
    <message>
        <source>Off</source>
        <translation>Выключить</translation>
    </message>
    <message>
        <source>Have no hotkey</source>
        <translation>Обойтись без горячей клавиши</translation>
    </message>
    <message>
        <source>{hotkey}: off</source>
        <translation>{hotkey}: выключить</translation>
    </message>
</context>
<context>
    <name>Hotkeys</name>
    <message>
        <source>Snip a formula</source>
        <translation>Снять формулу</translation>
    </message>
    <message>
        <source>Snip the last region again</source>
        <translation>Снять ту же область ещё раз</translation>
    </message>
    <message>
        <source>This desktop gives programs no hotkey; bind a key to Snaptex in its keyboard settings.</source>
        <translation>Этот рабочий стол не даёт программам горячих клавиш; назначьте клавишу для Snaptex в его настройках клавиатуры.</translation>
    </message>
    <message>
        <source>This is the other hotkey already; choose another one.</source>
        <translation>Это сочетание уже занято второй горячей клавишей; выберите другое.</translation>
    </message>
</context>
<context>
    <name>ImageInput</name>
    <message>
        <source>Pictures of formulas</source>
        <translation>Изображения формул</translation>
    </message>
    <message>
        <source>Pictures and PDF files</source>
        <translation>Изображения и файлы PDF</translation>
    </message>
    <message>
        <source>There is no picture in what was pasted or dropped.</source>
        <translation>Во вставленном или перетащенном нет изображения.</translation>
    </message>
    <message>
        <source>{name} is no picture that Snaptex can read.</source>
        <translation>{name} — не изображение, которое Snaptex может прочитать.</translation>
    </message>
</context>
<context>
    <name>LatexEditor</name>
    <message>
        <source>LaTeX</source>
        <translation>LaTeX</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Snip a formula</source>
        <translation>Снять формулу</translation>
    </message>
    <message>
        <source>In 3 s</source>
        <translation>Через 3 с</translation>
    </message>
    <message>
        <source>Open files…</source>
        <translation>Открыть файлы…</translation>
    </message>
    <message>
        <source>History</source>
        <translation>История</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>About</source>
        <translation>О программе</translation>
    </message>
    <message>
        <source>Copy each formula at once</source>
        <translation>Сразу копировать каждую формулу</translation>
    </message>
    <message>
        <source>or press, in any program,</source>
        <translation>или в любой программе нажмите</translation>
    </message>
    <message>
        <source>Closing this window ends Snaptex.</source>
        <translation>Закрытие этого окна завершает Snaptex.</translation>
    </message>
    <message>
        <source>Close this window and Snaptex stays in the tray.</source>
        <translation>Если закрыть это окно, Snaptex останется в области уведомлений.</translation>
    </message>
    <message>
        <source>Snip after 3 seconds, in which you can open a menu</source>
        <translation>Снять через 3 секунды: за это время можно открыть меню</translation>
    </message>
    <message>
        <source>Snip in 3 seconds</source>
        <translation>Снять через 3 секунды</translation>
    </message>
    <message>
        <source>Pictures and PDF files can be dropped here, too; pictures can be pasted (Ctrl+V)</source>
        <translation>Изображения и файлы PDF можно также перетащить сюда, а изображения — вставить (Ctrl+V)</translation>
    </message>
    <message>
        <source>Copy as</source>
        <translation>Копировать как</translation>
    </message>
</context>
<context>
    <name>ModelSentences</name>
    <message>
        <source>The image is blank: nothing stands out from its background.</source>
        <translation>Изображение пустое: на фоне ничего не выделяется.</translation>
    </message>
    <message>
        <source>The image is empty.</source>
        <translation>Изображение не содержит точек.</translation>
    </message>
    <message>
        <source>The image is too large to read: {0} x {1} pixels.</source>
        <translation>Изображение слишком велико: {0} × {1} пикселей.</translation>
    </message>
    <message>
        <source>The image is too small to hold a formula: {0} x {1} pixels.</source>
        <translation>Изображение слишком мало для формулы: {0} × {1} пикселей.</translation>
    </message>
    <message>
        <source>No formula goes on with {0} there.</source>
        <translation>Ни одна формула не продолжается там символом {0}.</translation>
    </message>
    <message>
        <source>The formula is too long to be read on.</source>
        <translation>Формула слишком длинна, чтобы читать её дальше.</translation>
    </message>
    <message>
        <source>There is no vocabulary at {0}.</source>
        <translation>По адресу {0} нет словаря.</translation>
    </message>
    <message>
        <source>There are no weights at {0}.</source>
        <translation>По адресу {0} нет весов сети.</translation>
    </message>
    <message>
        <source>{0} is damaged or was not written by Snaptex: {1}.</source>
        <translation>Файл {0} повреждён или записан не программой Snaptex: {1}.</translation>
    </message>
    <message>
        <source>{0} does not hold a recogniser network: {1}.</source>
        <translation>В файле {0} нет сети распознавателя: {1}.</translation>
    </message>
    <message>
        <source>{0} is damaged: it is not the file that was installed.</source>
        <translation>Файл {0} повреждён: это не тот файл, что был установлен.</translation>
    </message>
    <message>
        <source>{0} cannot be read; install Snaptex again.</source>
        <translation>Файл {0} не читается; установите Snaptex заново.</translation>
    </message>
    <message>
        <source>{0} is damaged; install Snaptex again.</source>
        <translation>Файл {0} повреждён; установите Snaptex заново.</translation>
    </message>
    <message>
        <source>The weights {0} were trained with another vocabulary than {1}; use the two of one training run.</source>
        <translation>Веса {0} обучены с другим словарём, чем {1}; возьмите оба файла одного обучения.</translation>
    </message>
    <message>
        <source>The graphs {0} are missing or damaged: {1}.</source>
        <translation>Графы {0} отсутствуют или повреждены: {1}.</translation>
    </message>
    <message>
        <source>The graphs {0} were made for another network than {1}, or another version of Snaptex; export them anew.</source>
        <translation>Графы {0} сделаны для другой сети, чем {1}, или для другой версии Snaptex; экспортируйте их заново.</translation>
    </message>
    <message>
        <source>There is no formula to draw.</source>
        <translation>Нет формулы, которую можно нарисовать.</translation>
    </message>
    <message>
        <source>The formula is too long for a preview: {0} characters.</source>
        <translation>Формула слишком длинна для предпросмотра: {0} знаков.</translation>
    </message>
    <message>
        <source>There is a closing brace too many.</source>
        <translation>Лишняя закрывающая фигурная скобка.</translation>
    </message>
    <message>
        <source>A closing brace is missing.</source>
        <translation>Не хватает закрывающей фигурной скобки.</translation>
    </message>
    <message>
        <source>A column mark &amp; stands outside of an environment.</source>
        <translation>Знак столбца &amp; стоит вне окружения.</translation>
    </message>
    <message>
        <source>The last command has no name yet.</source>
        <translation>У последней команды ещё нет имени.</translation>
    </message>
    <message>
        <source>A $ can stand in a \text only.</source>
        <translation>Знак $ может стоять только внутри \text.</translation>
    </message>
    <message>
        <source>The preview does not know {0}.</source>
        <translation>Предпросмотр не знает {0}.</translation>
    </message>
    <message>
        <source>The preview has no glyph for {0}.</source>
        <translation>В предпросмотре нет начертания для {0}.</translation>
    </message>
    <message>
        <source>This formula has no preview; its LaTeX may be incomplete.</source>
        <translation>У этой формулы нет предпросмотра; возможно, её LaTeX неполон.</translation>
    </message>
    <message>
        <source>This formula can&apos;t be written in MathML; its LaTeX may be incomplete.</source>
        <translation>Эту формулу нельзя записать в MathML; возможно, её LaTeX неполон.</translation>
    </message>
    <message>
        <source>This formula can&apos;t be written in Typst.</source>
        <translation>Эту формулу нельзя записать в Typst.</translation>
    </message>
    <message>
        <source>The command {0} is known in LaTeX only.</source>
        <translation>Команда {0} есть только в LaTeX.</translation>
    </message>
    <message>
        <source>This formula has nothing to draw.</source>
        <translation>В этой формуле нечего рисовать.</translation>
    </message>
    <message>
        <source>The formula is too large for a preview.</source>
        <translation>Формула слишком велика для предпросмотра.</translation>
    </message>
    <message>
        <source>The formula is nested too deeply: {0} levels.</source>
        <translation>Формула вложена слишком глубоко: уровней — {0}.</translation>
    </message>
    <message>
        <source>This formula takes too long to draw.</source>
        <translation>Эта формула рисуется слишком долго.</translation>
    </message>
    <message>
        <source>The preview can&apos;t be drawn: its process does not start.</source>
        <translation>Предпросмотр нарисовать нельзя: его процесс не запускается.</translation>
    </message>
    <message>
        <source>{0} is no length.</source>
        <translation>{0} — не длина.</translation>
    </message>
    <message>
        <source>{0} is no colour.</source>
        <translation>{0} — не цвет.</translation>
    </message>
    <message>
        <source>The image is full of specks; no formula can be told from them.</source>
        <translation>Изображение полно точек: формулу среди них не различить.</translation>
    </message>
    <message>
        <source>There is no formula or text in this image that can be read.</source>
        <translation>На этом снимке нет ни формулы, ни текста, которые можно прочесть.</translation>
    </message>
</context>
<context>
    <name>PageView</name>
    <message>
        <source>Page</source>
        <translation>Страница</translation>
    </message>
</context>
<context>
    <name>PagesBar</name>
    <message>
        <source>The snip before</source>
        <translation>Предыдущий снимок</translation>
    </message>
    <message>
        <source>The next snip</source>
        <translation>Следующий снимок</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{number} из {count}</translation>
    </message>
</context>
<context>
    <name>PdfDrawer</name>
    <message>
        <source>{name} can&apos;t be shown; the log says why: {path}</source>
        <translation>Файл {name} нельзя показать; причина в журнале: {path}</translation>
    </message>
</context>
<context>
    <name>PdfFile</name>
    <message>
        <source>Page {number} of {name} takes too long to draw.</source>
        <translation>Страница {number} файла {name} рисуется слишком долго.</translation>
    </message>
    <message>
        <source>Page {number} of {name} is damaged and can&apos;t be shown.</source>
        <translation>Страница {number} файла {name} повреждена, её нельзя показать.</translation>
    </message>
    <message>
        <source>{name} can&apos;t be read; it may be damaged.</source>
        <translation>Файл {name} не читается; возможно, он повреждён.</translation>
    </message>
    <message>
        <source>{name} is protected by a password; Snaptex can&apos;t open it.</source>
        <translation>Файл {name} защищён паролем, Snaptex не может его открыть.</translation>
    </message>
</context>
<context>
    <name>PdfWindow</name>
    <message>
        <source>The page before</source>
        <translation>Предыдущая страница</translation>
    </message>
    <message>
        <source>The next page</source>
        <translation>Следующая страница</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>Мельче</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>Крупнее</translation>
    </message>
    <message>
        <source>Fit the width</source>
        <translation>По ширине</translation>
    </message>
    <message>
        <source>of {count}</source>
        <translation>из {count}</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>Страница</translation>
    </message>
    <message>
        <source>Too small for a formula: drag a rectangle around it</source>
        <translation>Слишком мало для формулы: обведите её прямоугольником</translation>
    </message>
    <message>
        <source>Drag a rectangle around a formula</source>
        <translation>Обведите формулу прямоугольником</translation>
    </message>
</context>
<context>
    <name>PynputHotkey</name>
    <message>
        <source>A hotkey ends in a letter, a digit or a function key.</source>
        <translation>Горячая клавиша заканчивается буквой, цифрой или функциональной клавишей.</translation>
    </message>
</context>
<context>
    <name>RecogniserPanel</name>
    <message>
        <source>Runs on</source>
        <translation>Работает на</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Автоматически</translation>
    </message>
    <message>
        <source>Recogniser</source>
        <translation>Распознаватель</translation>
    </message>
    <message>
        <source>Choose one of my own…</source>
        <translation>Выбрать свой…</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>Процессор (CPU)</translation>
    </message>
    <message>
        <source>Graphics card (GPU)</source>
        <translation>Видеокарта (GPU)</translation>
    </message>
    <message>
        <source>What there is, is found when the recogniser loads.</source>
        <translation>Доступные устройства определяются при загрузке распознавателя.</translation>
    </message>
    <message>
        <source>Leaves the memory</source>
        <translation>Освобождает память</translation>
    </message>
    <message>
        <source>No graphics card that it can use was found; it runs on the processor.</source>
        <translation>Подходящей видеокарты не найдено; распознаватель работает на процессоре.</translation>
    </message>
    <message>
        <source>It runs on {card}.</source>
        <translation>Распознаватель работает на {card}.</translation>
    </message>
    <message>
        <source>It runs on the processor; {card} was found, too.</source>
        <translation>Распознаватель работает на процессоре; найдена также {card}.</translation>
    </message>
    <message>
        <source>Weights of a recogniser</source>
        <translation>Веса распознавателя</translation>
    </message>
    <message>
        <source>Weights (*.safetensors)</source>
        <translation>Веса (*.safetensors)</translation>
    </message>
    <message>
        <source>The bundled one</source>
        <translation>Встроенный</translation>
    </message>
    <message numerus="yes">
        <source>After %n minute(s) without a snip</source>
        <translation>
            <numerusform>Через %n минуту без снимков</numerusform>
            <numerusform>Через %n минуты без снимков</numerusform>
            <numerusform>Через %n минут без снимков</numerusform>
        </translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Никогда</translation>
    </message>
</context>
<context>
    <name>RecogniserWorker</name>
    <message>
        <source>The recogniser can&apos;t start: {file} is missing from {folder}; install Snaptex again.</source>
        <translation>Распознаватель не запускается: в папке {folder} нет файла {file}; установите Snaptex заново.</translation>
    </message>
    <message>
        <source>The recogniser could not be loaded; the log says why: {path}</source>
        <translation>Не удалось загрузить распознаватель; причина — в журнале: {path}</translation>
    </message>
    <message>
        <source>The recogniser is not running.</source>
        <translation>Распознаватель не работает.</translation>
    </message>
    <message>
        <source>The formula could not be recognised; the log says why: {path}</source>
        <translation>Не удалось распознать формулу; причина — в журнале: {path}</translation>
    </message>
    <message>
        <source>The symbols could not be looked at again; the log says why: {path}</source>
        <translation>Не удалось ещё раз рассмотреть символы; причина — в журнале: {path}</translation>
    </message>
    <message>
        <source>The formula could not be read on; the log says why: {path}</source>
        <translation>Не удалось читать формулу дальше; причина — в журнале: {path}</translation>
    </message>
</context>
<context>
    <name>RegionOverlay</name>
    <message>
        <source>Snaptex: choose a region</source>
        <translation>Snaptex: выберите область</translation>
    </message>
    <message>
        <source>Too small for a formula: drag a rectangle around it</source>
        <translation>Слишком мало для формулы: обведите её прямоугольником</translation>
    </message>
    <message>
        <source>Drag the handles, or use the arrow keys  ·  Enter accepts  ·  Esc cancels</source>
        <translation>Тяните за маркеры или пользуйтесь стрелками  ·  Enter — принять  ·  Esc — отменить</translation>
    </message>
    <message>
        <source>A region ends at the edge of its screen</source>
        <translation>Область заканчивается у края своего экрана</translation>
    </message>
    <message>
        <source>Hold Shift to correct the rectangle before it is read  ·  Esc cancels</source>
        <translation>Удерживайте Shift, чтобы поправить рамку до чтения  ·  Esc — отменить</translation>
    </message>
    <message>
        <source>Drag a rectangle around a formula  ·  Arrow keys move by a pixel  ·  Esc cancels</source>
        <translation>Обведите формулу рамкой  ·  Стрелки сдвигают на пиксель  ·  Esc — отменить</translation>
    </message>
</context>
<context>
    <name>RegionSelector</name>
    <message>
        <source>No region could be chosen; the log says why: {path}</source>
        <translation>Область не удалось выбрать; причина записана в журнале: {path}</translation>
    </message>
    <message>
        <source>The screen of the last region isn&apos;t there any more; choose a region anew.</source>
        <translation>Экрана прежней области больше нет; выберите область заново.</translation>
    </message>
</context>
<context>
    <name>ResultNotice</name>
    <message>
        <source>Snaptex: notice</source>
        <translation>Snaptex: уведомление</translation>
    </message>
    <message>
        <source>No formula was found in this picture.</source>
        <translation>В этом изображении формула не найдена.</translation>
    </message>
    <message>
        <source>Copied to the clipboard</source>
        <translation>Скопировано в буфер обмена</translation>
    </message>
    <message>
        <source>Formula read</source>
        <translation>Формула прочитана</translation>
    </message>
    <message>
        <source>Nothing was read</source>
        <translation>Ничего не прочитано</translation>
    </message>
</context>
<context>
    <name>ResultWindow</name>
    <message>
        <source>Snaptex: result</source>
        <translation>Snaptex: результат</translation>
    </message>
    <message>
        <source>New snip</source>
        <translation>Новый снимок</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Копировать</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Keep this window above others</source>
        <translation>Держать это окно поверх других</translation>
    </message>
    <message>
        <source>Reading the formula…</source>
        <translation>Формула читается…</translation>
    </message>
    <message>
        <source>No formula was found in this picture.</source>
        <translation>В этом изображении формула не найдена.</translation>
    </message>
    <message>
        <source>Copied to the clipboard</source>
        <translation>Скопировано в буфер обмена</translation>
    </message>
    <message>
        <source>Not copied: only {confidence} sure that it is right. The clipboard is as it was.</source>
        <translation>Не скопировано: уверенность в формуле лишь {confidence}. Буфер обмена остался прежним.</translation>
    </message>
    <message>
        <source>Copy anyway</source>
        <translation>Всё равно скопировать</translation>
    </message>
    <message>
        <source>Copy as</source>
        <translation>Копировать как</translation>
    </message>
    <message>
        <source>The form in which the formula is copied</source>
        <translation>Вид, в котором копируется формула</translation>
    </message>
    <message>
        <source>LaTeX</source>
        <translation>LaTeX</translation>
    </message>
    <message>
        <source>Reading on…</source>
        <translation>Читается дальше…</translation>
    </message>
    <message>
        <source>The clipboard holds the earlier text.</source>
        <translation>В буфере обмена прежний текст.</translation>
    </message>
    <message>
        <source>Confidence {confidence}</source>
        <translation>Уверенность {confidence}</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} с</translation>
    </message>
    <message>
        <source>Number {number}</source>
        <translation>Номер {number}</translation>
    </message>
</context>
<context>
    <name>RowsList</name>
    <message>
        <source>Rows</source>
        <translation>Строки</translation>
    </message>
    <message>
        <source>A row without a tick is left out of the LaTeX</source>
        <translation>Строка без галочки не входит в LaTeX</translation>
    </message>
    <message>
        <source>Confidence {confidence}</source>
        <translation>Уверенность {confidence}</translation>
    </message>
</context>
<context>
    <name>ScreenCapture</name>
    <message>
        <source>The system shows no screen to take a picture of.</source>
        <translation>Система не показывает экрана, который можно снять.</translation>
    </message>
    <message>
        <source>The system refused a picture of the screen: {reason}</source>
        <translation>Система не дала снимок экрана: {reason}</translation>
    </message>
    <message>
        <source>There is not enough memory for a picture of the screen.</source>
        <translation>Не хватает памяти для снимка экрана.</translation>
    </message>
</context>
<context>
    <name>ServicePanel</name>
    <message>
        <source>Answer editors, scripts and the browser on this computer</source>
        <translation>Отвечать редакторам, скриптам и браузеру на этом компьютере</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Порт</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Адрес</translation>
    </message>
    <message>
        <source>Open the page</source>
        <translation>Открыть страницу</translation>
    </message>
    <message>
        <source>Copy the token</source>
        <translation>Скопировать токен</translation>
    </message>
    <message>
        <source>Editors and scripts show it to the service with each request</source>
        <translation>Редакторы и скрипты предъявляют его службе при каждом запросе</translation>
    </message>
    <message>
        <source>Images come to the recogniser that is running; nothing leaves this computer. It stays in memory.</source>
        <translation>Изображения попадают к работающему распознавателю; ничто не покидает этот компьютер. Распознаватель остаётся в памяти.</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Запускается…</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Выключена</translation>
    </message>
    <message>
        <source>Local service</source>
        <translation>Локальная служба</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Скопировано</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Snaptex: settings</source>
        <translation>Snaptex: настройки</translation>
    </message>
    <message>
        <source>Hotkey</source>
        <translation>Горячая клавиша</translation>
    </message>
    <message>
        <source>Last region again</source>
        <translation>Та же область ещё раз</translation>
    </message>
    <message>
        <source>How to bind a key in the desktop…</source>
        <translation>Как назначить клавишу в рабочем столе…</translation>
    </message>
    <message>
        <source>Wait 3 seconds before a snip, to open a menu</source>
        <translation>Ждать 3 секунды перед снимком, чтобы открыть меню</translation>
    </message>
    <message>
        <source>Copy as</source>
        <translation>Копировать как</translation>
    </message>
    <message>
        <source>Copy each formula at once</source>
        <translation>Сразу копировать каждую формулу</translation>
    </message>
    <message>
        <source>Copy a formula again when I correct it</source>
        <translation>Копировать формулу заново, когда я её исправляю</translation>
    </message>
    <message>
        <source>Write an equation&apos;s number as \tag in displays</source>
        <translation>Писать номер уравнения как \tag в выключных формулах</translation>
    </message>
    <message>
        <source>The result&apos;s window</source>
        <translation>Окно результата</translation>
    </message>
    <message>
        <source>A notice in the corner</source>
        <translation>Уведомление в углу</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>Ничего</translation>
    </message>
    <message>
        <source>After a snip, show</source>
        <translation>После снимка показать</translation>
    </message>
    <message>
        <source>Show messages of the tray icon</source>
        <translation>Показывать сообщения значка в области уведомлений</translation>
    </message>
    <message>
        <source>Keep the formulas I snip, with their pictures</source>
        <translation>Хранить снятые формулы и их изображения</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Как в системе</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Светлая</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Тёмная</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Тема</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Язык</translation>
    </message>
    <message>
        <source>Snaptex speaks it from its next start on.</source>
        <translation>Вступит в силу при следующем запуске Snaptex.</translation>
    </message>
    <message>
        <source>Start Snaptex when I log in</source>
        <translation>Запускать Snaptex при входе в систему</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Страницы</translation>
    </message>
    <message>
        <source>Keep for</source>
        <translation>Хранить</translation>
    </message>
    <message>
        <source>For ever</source>
        <translation>Всегда</translation>
    </message>
    <message>
        <source>Snip</source>
        <translation>Снимок</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Результат</translation>
    </message>
    <message>
        <source>Other formats</source>
        <translation>Другие форматы</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Сообщения</translation>
    </message>
    <message>
        <source>History</source>
        <translation>История</translation>
    </message>
    <message>
        <source>Recogniser</source>
        <translation>Распознаватель</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>Служба</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Программа</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Запуск</translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n день</numerusform>
            <numerusform>%n дня</numerusform>
            <numerusform>%n дней</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SharedService</name>
    <message>
        <source>The service needs more packages; install snaptex[server], then switch it on again.</source>
        <translation>Службе нужны дополнительные пакеты; установите snaptex[server] и включите её снова.</translation>
    </message>
    <message>
        <source>Another program uses port {port}; choose another one.</source>
        <translation>Порт {port} занят другой программой; выберите другой.</translation>
    </message>
    <message>
        <source>The service could not be started; the log says why: {path}</source>
        <translation>Не удалось запустить службу; причина — в журнале: {path}</translation>
    </message>
</context>
<context>
    <name>SingleInstance</name>
    <message>
        <source>Another start of Snaptex will not find this one, and `snaptex snip` will not either.</source>
        <translation>Повторный запуск Snaptex не найдёт эту программу, и `snaptex snip` тоже.</translation>
    </message>
</context>
<context>
    <name>SnipController</name>
    <message>
        <source>The reading was cancelled.</source>
        <translation>Чтение отменено.</translation>
    </message>
</context>
<context>
    <name>SnipCountdown</name>
    <message>
        <source>Snaptex: countdown</source>
        <translation>Snaptex: обратный отсчёт</translation>
    </message>
    <message>
        <source>Open the menu that shows the formula</source>
        <translation>Откройте меню, в котором видна формула</translation>
    </message>
    <message>
        <source>Click here to cancel</source>
        <translation>Щёлкните здесь, чтобы отменить</translation>
    </message>
    <message numerus="yes">
        <source>The screen is taken in %n second(s)</source>
        <translation>
            <numerusform>Экран будет снят через %n секунду</numerusform>
            <numerusform>Экран будет снят через %n секунды</numerusform>
            <numerusform>Экран будет снят через %n секунд</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StartAtLogin</name>
    <message>
        <source>Starting at login can&apos;t be changed: {reason}.</source>
        <translation>Не удаётся изменить запуск при входе в систему: {reason}.</translation>
    </message>
</context>
<context>
    <name>TokenEditor</name>
    <message>
        <source>Other readings of this symbol</source>
        <translation>Другие прочтения этого символа</translation>
    </message>
    <message>
        <source>Read with {confidence} confidence.</source>
        <translation>Прочитано с уверенностью {confidence}.</translation>
    </message>
    <message>
        <source>Click for other readings.</source>
        <translation>Щёлкните, чтобы увидеть другие прочтения.</translation>
    </message>
</context>
<context>
    <name>TrayIcon</name>
    <message>
        <source>Snip a formula</source>
        <translation>Снять формулу</translation>
    </message>
    <message>
        <source>Snip in 3 seconds</source>
        <translation>Снять через 3 секунды</translation>
    </message>
    <message>
        <source>Snip the last region again</source>
        <translation>Снять ту же область ещё раз</translation>
    </message>
    <message>
        <source>Open Snaptex</source>
        <translation>Открыть Snaptex</translation>
    </message>
    <message>
        <source>History</source>
        <translation>История</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>About</source>
        <translation>О программе</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Выход</translation>
    </message>
    <message>
        <source>Snaptex is starting</source>
        <translation>Snaptex запускается</translation>
    </message>
</context>
<context>
    <name>TrustBadge</name>
    <message>
        <source>Sure</source>
        <translation>Уверенно</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Проверьте</translation>
    </message>
    <message>
        <source>Doubtful</source>
        <translation>Сомнительно</translation>
    </message>
    <message>
        <source>The formula was read with confidence.</source>
        <translation>Формула прочитана уверенно.</translation>
    </message>
    <message>
        <source>Look over what is underlined.</source>
        <translation>Просмотрите подчёркнутое.</translation>
    </message>
    <message>
        <source>Compare the formula with the picture.</source>
        <translation>Сравните формулу с изображением.</translation>
    </message>
</context>
<context>
    <name>WaylandScreenshot</name>
    <message>
        <source>This desktop has no session bus, so there is no picture of the screen.</source>
        <translation>У этого рабочего стола нет сеансовой шины, поэтому снимка экрана нет.</translation>
    </message>
    <message>
        <source>The desktop gave no picture of the screen: that was refused or cancelled.</source>
        <translation>Рабочий стол не дал снимка экрана: в нём отказано, или запрос отменён.</translation>
    </message>
    <message>
        <source>The desktop didn&apos;t answer when asked for a picture of the screen.</source>
        <translation>Рабочий стол не ответил на запрос снимка экрана.</translation>
    </message>
    <message>
        <source>This desktop lets no program take a picture of the screen: its portal for that is missing.</source>
        <translation>Этот рабочий стол не даёт программам снимать экран: нужного портала нет.</translation>
    </message>
</context>
<context>
    <name>WelcomeWindow</name>
    <message>
        <source>Welcome to Snaptex</source>
        <translation>Добро пожаловать в Snaptex</translation>
    </message>
    <message>
        <source>Try it: snip this formula</source>
        <translation>Попробуйте: снимите эту формулу</translation>
    </message>
    <message>
        <source>Start Snaptex when I log in</source>
        <translation>Запускать Snaptex при входе в систему</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Готово</translation>
    </message>
    <message>
        <source>Press {hotkey} in any program, and drag a rectangle round a formula.</source>
        <translation>В любой программе нажмите {hotkey} и обведите формулу рамкой.</translation>
    </message>
    <message>
        <source>Press the button below, or Snip in Snaptex&apos;s window, and drag a rectangle round a formula.</source>
        <translation>Нажмите кнопку ниже или «Снять формулу» в окне Snaptex и обведите формулу рамкой.</translation>
    </message>
    <message>
        <source>That is all. It was read as {latex}</source>
        <translation>Вот и всё. Прочитано так: {latex}</translation>
    </message>
    <message>
        <source>That was read as {latex}, which is another formula. Try again with a rectangle round this one.</source>
        <translation>Прочитано как {latex}, а это другая формула. Попробуйте ещё раз, обведя рамкой эту.</translation>
    </message>
    <message>
        <source>There was no formula in that rectangle. Try again with one round this formula.</source>
        <translation>В этой рамке не было формулы. Попробуйте ещё раз, обведя рамкой эту формулу.</translation>
    </message>
    <message>
        <source>Formulas from the screen, as LaTeX</source>
        <translation>Формулы с экрана — в LaTeX</translation>
    </message>
    <message>
        <source>Its LaTeX is on the clipboard a moment later. Nothing leaves this computer.</source>
        <translation>Через мгновение её LaTeX окажется в буфере обмена. Ничто не покидает этот компьютер.</translation>
    </message>
    <message>
        <source>A formula to try Snaptex on</source>
        <translation>Формула для пробы Snaptex</translation>
    </message>
</context>
<context>
    <name>X11Hotkey</name>
    <message>
        <source>The X server took no second connection, so there is no global hotkey.</source>
        <translation>X-сервер не принял второго соединения, поэтому глобальной горячей клавиши нет.</translation>
    </message>
    <message>
        <source>This keyboard has no such key, so there is no global hotkey.</source>
        <translation>На этой клавиатуре нет такой клавиши, поэтому глобальной горячей клавиши нет.</translation>
    </message>
    <message>
        <source>Another program has this hotkey already; choose another one in the settings.</source>
        <translation>Эта горячая клавиша уже занята другой программой; выберите другую в настройках.</translation>
    </message>
</context>
</TS>
