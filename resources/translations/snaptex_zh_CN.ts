<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>Snaptex: about</source>
        <translation>Snaptex：关于</translation>
    </message>
    <message>
        <source>Licence texts</source>
        <translation>许可证全文</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>What Snaptex is made of</source>
        <translation>Snaptex 的组成部分</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>组件</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation>版本 {0}</translation>
    </message>
    <message>
        <source>A formula on the screen becomes LaTeX on the clipboard. It is read on this computer; nothing is sent anywhere. Snaptex is free software under the MIT licence, and contains:</source>
        <translation>屏幕上的公式变成剪贴板里的 LaTeX。识别在本机完成，不会向任何地方发送数据。Snaptex 是采用 MIT 许可证的自由软件，包含以下组件：</translation>
    </message>
</context>
<context>
    <name>AlternativesController</name>
    <message>
        <source>The text was changed meanwhile, so it stays as it is.</source>
        <translation>文本在此期间已被修改，因此保持不变。</translation>
    </message>
</context>
<context>
    <name>AlternativesMenu</name>
    <message>
        <source>Snaptex: other readings</source>
        <translation>Snaptex：其他读法</translation>
    </message>
    <message>
        <source>Other readings</source>
        <translation>其他读法</translation>
    </message>
    <message>
        <source>Read: {token}</source>
        <translation>识别为：{token}</translation>
    </message>
    <message>
        <source>Nothing else can stand here.</source>
        <translation>此处没有其他可能。</translation>
    </message>
    <message>
        <source>several symbols together</source>
        <translation>几个符号的组合</translation>
    </message>
    <message>
        <source>end of what stands together</source>
        <translation>组合到此结束</translation>
    </message>
    <message>
        <source>subscript</source>
        <translation>下标</translation>
    </message>
    <message>
        <source>superscript</source>
        <translation>上标</translation>
    </message>
    <message>
        <source>next column</source>
        <translation>下一列</translation>
    </message>
    <message>
        <source>next line</source>
        <translation>下一行</translation>
    </message>
    <message>
        <source>space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>gap</source>
        <translation>间隔</translation>
    </message>
</context>
<context>
    <name>Application</name>
    <message>
        <source>Loading the recogniser…</source>
        <translation>正在加载识别器…</translation>
    </message>
    <message>
        <source>Snaptex is reading a formula</source>
        <translation>Snaptex 正在识别公式</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Snaptex is ready</source>
        <translation>Snaptex 已就绪</translation>
    </message>
    <message>
        <source>The recogniser is not running</source>
        <translation>识别器未运行</translation>
    </message>
    <message>
        <source>Copied to the clipboard</source>
        <translation>已复制到剪贴板</translation>
    </message>
</context>
<context>
    <name>CapturedImage</name>
    <message>
        <source>Not in the LaTeX; a click takes it in</source>
        <translation>不在 LaTeX 中；单击即可加入</translation>
    </message>
</context>
<context>
    <name>Clipboard</name>
    <message>
        <source>There is no formula to copy.</source>
        <translation>没有可复制的公式。</translation>
    </message>
    <message>
        <source>Nothing was copied: {reason}</source>
        <translation>未复制任何内容：{reason}</translation>
    </message>
    <message>
        <source>The clipboard took no text; another program may be holding it.</source>
        <translation>剪贴板未接受文本，可能正被其他程序占用。</translation>
    </message>
</context>
<context>
    <name>ComparisonView</name>
    <message>
        <source>Captured picture</source>
        <translation>截取的图片</translation>
    </message>
    <message>
        <source>Captured</source>
        <translation>截图</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
</context>
<context>
    <name>ConsentWindow</name>
    <message>
        <source>Snaptex: permission</source>
        <translation>Snaptex：权限</translation>
    </message>
    <message>
        <source>Snaptex asks your desktop for a picture of the screen. Allow it there; it stays on this computer, and you are asked only this once.</source>
        <translation>Snaptex 正在向桌面环境请求屏幕图像。请在弹出的窗口中允许；图像只留在本机，而且只询问这一次。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>CopyFormat</name>
    <message>
        <source>MathML (Word)</source>
        <translation>MathML（Word）</translation>
    </message>
    <message>
        <source>Unicode text</source>
        <translation>Unicode 文本</translation>
    </message>
    <message>
        <source>SVG picture</source>
        <translation>SVG 图片</translation>
    </message>
    <message>
        <source>PNG picture</source>
        <translation>PNG 图片</translation>
    </message>
</context>
<context>
    <name>DesktopShortcutDialog</name>
    <message>
        <source>Snaptex: keyboard shortcut</source>
        <translation>Snaptex：键盘快捷键</translation>
    </message>
    <message>
        <source>Bind a key in your desktop&apos;s settings</source>
        <translation>在桌面设置中绑定按键</translation>
    </message>
    <message>
        <source>This desktop gives programs no hotkey of their own. Open its keyboard settings, add a shortcut of your own there, and let it run this command. Snaptex answers it as if it were the hotkey.</source>
        <translation>此桌面环境不允许程序自行注册快捷键。请打开桌面的键盘设置，添加一个自定义快捷键，并让它运行下面的命令。效果与 Snaptex 的快捷键相同。</translation>
    </message>
    <message>
        <source>Snip a formula</source>
        <translation>截取公式</translation>
    </message>
    <message>
        <source>Last region again</source>
        <translation>再次截取上一区域</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the command: {name}</source>
        <translation>复制命令：{name}</translation>
    </message>
</context>
<context>
    <name>ForgettingQuestion</name>
    <message>
        <source>More than half of the history is older than the settings keep. Formulas that would be deleted now: {count}.

The computer&apos;s clock may be wrong. Delete them?</source>
        <translation>超过一半的历史记录已超出设置的保留时间。现在将删除的公式数：{count}。

计算机的时钟可能有误。要删除吗？</translation>
    </message>
</context>
<context>
    <name>FormatHotkeysField</name>
    <message>
        <source>Add a hotkey for a format</source>
        <translation>为某种格式添加快捷键</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Hotkey for a format</source>
        <translation>格式快捷键</translation>
    </message>
    <message>
        <source>Format of this hotkey</source>
        <translation>此快捷键的格式</translation>
    </message>
</context>
<context>
    <name>FormulaPreview</name>
    <message>
        <source>Preview of the formula</source>
        <translation>公式预览</translation>
    </message>
    <message>
        <source>Drawing…</source>
        <translation>正在绘制…</translation>
    </message>
</context>
<context>
    <name>GlobalHotkey</name>
    <message>
        <source>This desktop gives programs no global hotkey; bind a key to the command “snaptex snip” in its keyboard settings.</source>
        <translation>此桌面环境不向程序提供全局快捷键；请在其键盘设置中为命令“snaptex snip”绑定按键。</translation>
    </message>
    <message>
        <source>“{hotkey}” would be typed by accident; a hotkey needs Ctrl, Alt or Meta.</source>
        <translation>“{hotkey}”容易误触；快捷键须包含 Ctrl、Alt 或 Meta。</translation>
    </message>
    <message>
        <source>“{hotkey}” is no hotkey; one looks like Ctrl+Alt+M.</source>
        <translation>“{hotkey}”不是有效的快捷键；正确的形式如 Ctrl+Alt+M。</translation>
    </message>
    <message>
        <source>A hotkey ends in a letter, a digit, Space, Insert, Print or a function key.</source>
        <translation>快捷键须以字母、数字、空格键、Insert、Print 或功能键结尾。</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>The history is damaged and can&apos;t be moved away: {path}</source>
        <translation>历史记录已损坏，且无法移走：{path}</translation>
    </message>
    <message>
        <source>The history was damaged. Entries that came over into a new one: {count}. The old file is kept as {name}.</source>
        <translation>历史记录已损坏。转入新历史记录的条目数：{count}。旧文件保存为 {name}。</translation>
    </message>
</context>
<context>
    <name>HistoryExport</name>
    <message>
        <source>There can&apos;t be a folder {folder}: {reason}.</source>
        <translation>无法创建文件夹 {folder}：{reason}。</translation>
    </message>
    <message>
        <source>The file {path} can&apos;t be written: {reason}.</source>
        <translation>无法写入文件 {path}：{reason}。</translation>
    </message>
</context>
<context>
    <name>HistoryRow</name>
    <message>
        <source>(no formula)</source>
        <translation>（无公式）</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
</context>
<context>
    <name>HistoryStore</name>
    <message>
        <source>The disk is full, so the history was not changed.</source>
        <translation>磁盘已满，历史记录未更改。</translation>
    </message>
    <message>
        <source>Another program is using the history, so it was not changed.</source>
        <translation>另一个程序正在使用历史记录，因此未更改。</translation>
    </message>
    <message>
        <source>The history may not be written, so it was not changed.</source>
        <translation>没有写入历史记录的权限，因此未更改。</translation>
    </message>
    <message>
        <source>The history can&apos;t be opened; the log says where it should be.</source>
        <translation>无法打开历史记录；其位置见日志。</translation>
    </message>
    <message>
        <source>The history could not be used: {reason}.</source>
        <translation>无法使用历史记录：{reason}。</translation>
    </message>
    <message>
        <source>There is no folder for the history: {reason}.</source>
        <translation>没有存放历史记录的文件夹：{reason}。</translation>
    </message>
    <message>
        <source>The history was written by a later version of Snaptex, so this one leaves it alone.</source>
        <translation>历史记录由更新版本的 Snaptex 写入，此版本不会改动它。</translation>
    </message>
</context>
<context>
    <name>HistoryWindow</name>
    <message>
        <source>Snaptex: history</source>
        <translation>Snaptex：历史记录</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Captured picture</source>
        <translation>截取的图片</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Recognise again</source>
        <translation>重新识别</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message numerus="yes">
        <source>%Ln formula(s) written to {name}</source>
        <translation>
            <numerusform>已将 %Ln 个公式写入 {name}</numerusform>
        </translation>
    </message>
    <message>
        <source>Search in the LaTeX</source>
        <translation>在 LaTeX 中搜索</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Export as a LaTeX document…</source>
        <translation>导出为 LaTeX 文档…</translation>
    </message>
    <message>
        <source>Export as pictures with formulas…</source>
        <translation>导出为图片和公式…</translation>
    </message>
    <message>
        <source>Clear the history…</source>
        <translation>清空历史记录…</translation>
    </message>
    <message>
        <source>Formulas</source>
        <translation>公式</translation>
    </message>
    <message>
        <source>Deleted.</source>
        <translation>已删除。</translation>
    </message>
    <message>
        <source>Show the result</source>
        <translation>显示结果</translation>
    </message>
    <message>
        <source>Copy as lines</source>
        <translation>按行复制</translation>
    </message>
    <message>
        <source>Copy as an align environment</source>
        <translation>复制为 align 环境</translation>
    </message>
    <message>
        <source>Export the history</source>
        <translation>导出历史记录</translation>
    </message>
    <message>
        <source>LaTeX (*.tex)</source>
        <translation>LaTeX (*.tex)</translation>
    </message>
    <message>
        <source>A folder for the pictures and formulas</source>
        <translation>存放图片和公式的文件夹</translation>
    </message>
    <message numerus="yes">
        <source>Delete all %Ln formula(s) with their pictures, favourites too?</source>
        <translation>
            <numerusform>要删除全部 %Ln 个公式及其图片（包括收藏）吗？</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln formula(s) in the history</source>
        <translation>
            <numerusform>历史记录中有 %Ln 个公式</numerusform>
        </translation>
    </message>
    <message>
        <source>No formula fits.</source>
        <translation>没有符合的公式。</translation>
    </message>
    <message>
        <source>The formulas you snip will be here.</source>
        <translation>您截取的公式会出现在这里。</translation>
    </message>
</context>
<context>
    <name>HotkeyController</name>
    <message>
        <source>The hotkey is off.</source>
        <translation>快捷键已停用。</translation>
    </message>
    <message>
        <source>{hotkey}: {problem}</source>
        <translation>{hotkey}：{problem}</translation>
    </message>
</context>
<context>
    <name>HotkeyField</name>
    <message>
        <source>Off</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>Have no hotkey</source>
        <translation>不使用快捷键</translation>
    </message>
    <message>
        <source>{hotkey}: off</source>
        <translation>{hotkey}：停用</translation>
    </message>
</context>
<context>
    <name>Hotkeys</name>
    <message>
        <source>Snip a formula</source>
        <translation>截取公式</translation>
    </message>
    <message>
        <source>Snip the last region again</source>
        <translation>再次截取上一区域</translation>
    </message>
    <message>
        <source>This desktop gives programs no hotkey; bind a key to Snaptex in its keyboard settings.</source>
        <translation>此桌面环境不向程序提供快捷键；请在其键盘设置中为 Snaptex 绑定按键。</translation>
    </message>
    <message>
        <source>This is the other hotkey already; choose another one.</source>
        <translation>此组合已用于另一个快捷键；请另选一个。</translation>
    </message>
</context>
<context>
    <name>ImageInput</name>
    <message>
        <source>Pictures of formulas</source>
        <translation>公式图片</translation>
    </message>
    <message>
        <source>Pictures and PDF files</source>
        <translation>图片和 PDF 文件</translation>
    </message>
    <message>
        <source>There is no picture in what was pasted or dropped.</source>
        <translation>粘贴或拖入的内容中没有图片。</translation>
    </message>
    <message>
        <source>{name} is no picture that Snaptex can read.</source>
        <translation>{name} 不是 Snaptex 能读取的图片。</translation>
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
        <translation>截取公式</translation>
    </message>
    <message>
        <source>In 3 s</source>
        <translation>3 秒后</translation>
    </message>
    <message>
        <source>Open files…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史记录</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>Copy each formula at once</source>
        <translation>识别后立即复制</translation>
    </message>
    <message>
        <source>or press, in any program,</source>
        <translation>或在任意程序中按</translation>
    </message>
    <message>
        <source>Closing this window ends Snaptex.</source>
        <translation>关闭此窗口将退出 Snaptex。</translation>
    </message>
    <message>
        <source>Close this window and Snaptex stays in the tray.</source>
        <translation>关闭此窗口后，Snaptex 仍在托盘中运行。</translation>
    </message>
    <message>
        <source>Snip after 3 seconds, in which you can open a menu</source>
        <translation>3 秒后截取，其间可以打开菜单</translation>
    </message>
    <message>
        <source>Snip in 3 seconds</source>
        <translation>3 秒后截取</translation>
    </message>
    <message>
        <source>Pictures and PDF files can be dropped here, too; pictures can be pasted (Ctrl+V)</source>
        <translation>也可以把图片和 PDF 文件拖放到这里；图片还可以粘贴（Ctrl+V）</translation>
    </message>
    <message>
        <source>Copy as</source>
        <translation>复制格式</translation>
    </message>
</context>
<context>
    <name>ModelSentences</name>
    <message>
        <source>The image is blank: nothing stands out from its background.</source>
        <translation>图片是空白的：没有任何内容与背景不同。</translation>
    </message>
    <message>
        <source>The image is empty.</source>
        <translation>图片为空。</translation>
    </message>
    <message>
        <source>The image is too large to read: {0} x {1} pixels.</source>
        <translation>图片太大，无法识别：{0} × {1} 像素。</translation>
    </message>
    <message>
        <source>The image is too small to hold a formula: {0} x {1} pixels.</source>
        <translation>图片太小，容不下公式：{0} × {1} 像素。</translation>
    </message>
    <message>
        <source>No formula goes on with {0} there.</source>
        <translation>没有公式能在此处接 {0}。</translation>
    </message>
    <message>
        <source>The formula is too long to be read on.</source>
        <translation>公式太长，无法继续识别。</translation>
    </message>
    <message>
        <source>There is no vocabulary at {0}.</source>
        <translation>{0} 处没有词表。</translation>
    </message>
    <message>
        <source>There are no weights at {0}.</source>
        <translation>{0} 处没有模型权重。</translation>
    </message>
    <message>
        <source>{0} is damaged or was not written by Snaptex: {1}.</source>
        <translation>{0} 已损坏，或不是由 Snaptex 写入：{1}。</translation>
    </message>
    <message>
        <source>{0} does not hold a recogniser network: {1}.</source>
        <translation>{0} 中没有识别网络：{1}。</translation>
    </message>
    <message>
        <source>{0} is damaged: it is not the file that was installed.</source>
        <translation>{0} 已损坏：它不是安装时的文件。</translation>
    </message>
    <message>
        <source>{0} cannot be read; install Snaptex again.</source>
        <translation>{0} 无法读取；请重新安装 Snaptex。</translation>
    </message>
    <message>
        <source>{0} is damaged; install Snaptex again.</source>
        <translation>{0} 已损坏；请重新安装 Snaptex。</translation>
    </message>
    <message>
        <source>The weights {0} were trained with another vocabulary than {1}; use the two of one training run.</source>
        <translation>权重 {0} 是用与 {1} 不同的词表训练的；请使用同一次训练的两个文件。</translation>
    </message>
    <message>
        <source>The graphs {0} are missing or damaged: {1}.</source>
        <translation>计算图 {0} 缺失或已损坏：{1}。</translation>
    </message>
    <message>
        <source>The graphs {0} were made for another network than {1}, or another version of Snaptex; export them anew.</source>
        <translation>计算图 {0} 不是为 {1} 的网络制作的，或属于另一版本的 Snaptex；请重新导出。</translation>
    </message>
    <message>
        <source>There is no formula to draw.</source>
        <translation>没有可绘制的公式。</translation>
    </message>
    <message>
        <source>The formula is too long for a preview: {0} characters.</source>
        <translation>公式太长，无法预览：{0} 个字符。</translation>
    </message>
    <message>
        <source>There is a closing brace too many.</source>
        <translation>多了一个右花括号。</translation>
    </message>
    <message>
        <source>A closing brace is missing.</source>
        <translation>缺少右花括号。</translation>
    </message>
    <message>
        <source>A column mark &amp; stands outside of an environment.</source>
        <translation>列分隔符 &amp; 位于环境之外。</translation>
    </message>
    <message>
        <source>The last command has no name yet.</source>
        <translation>最后一个命令还没有名称。</translation>
    </message>
    <message>
        <source>A $ can stand in a \text only.</source>
        <translation>$ 只能出现在 \text 中。</translation>
    </message>
    <message>
        <source>The preview does not know {0}.</source>
        <translation>预览不支持 {0}。</translation>
    </message>
    <message>
        <source>The preview has no glyph for {0}.</source>
        <translation>预览没有 {0} 的字形。</translation>
    </message>
    <message>
        <source>This formula has no preview; its LaTeX may be incomplete.</source>
        <translation>此公式无法预览；其 LaTeX 可能不完整。</translation>
    </message>
    <message>
        <source>This formula can&apos;t be written in MathML; its LaTeX may be incomplete.</source>
        <translation>此公式无法写成 MathML；其 LaTeX 可能不完整。</translation>
    </message>
    <message>
        <source>This formula can&apos;t be written in Typst.</source>
        <translation>此公式无法写成 Typst。</translation>
    </message>
    <message>
        <source>The command {0} is known in LaTeX only.</source>
        <translation>命令 {0} 只存在于 LaTeX 中。</translation>
    </message>
    <message>
        <source>This formula has nothing to draw.</source>
        <translation>此公式没有可绘制的内容。</translation>
    </message>
    <message>
        <source>The formula is too large for a preview.</source>
        <translation>公式太大，无法预览。</translation>
    </message>
    <message>
        <source>The formula is nested too deeply: {0} levels.</source>
        <translation>公式嵌套过深：{0} 层。</translation>
    </message>
    <message>
        <source>This formula takes too long to draw.</source>
        <translation>绘制此公式耗时过长。</translation>
    </message>
    <message>
        <source>The preview can&apos;t be drawn: its process does not start.</source>
        <translation>无法绘制预览：其进程未能启动。</translation>
    </message>
    <message>
        <source>{0} is no length.</source>
        <translation>{0} 不是长度。</translation>
    </message>
    <message>
        <source>{0} is no colour.</source>
        <translation>{0} 不是颜色。</translation>
    </message>
    <message>
        <source>The image is full of specks; no formula can be told from them.</source>
        <translation>图片上满是斑点，无法从中分辨公式。</translation>
    </message>
    <message>
        <source>There is no formula or text in this image that can be read.</source>
        <translation>这张图片中没有可以识别的公式或文字。</translation>
    </message>
</context>
<context>
    <name>PageView</name>
    <message>
        <source>Page</source>
        <translation>页</translation>
    </message>
</context>
<context>
    <name>PagesBar</name>
    <message>
        <source>The snip before</source>
        <translation>上一个截图</translation>
    </message>
    <message>
        <source>The next snip</source>
        <translation>下一个截图</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>第 {number} 个，共 {count} 个</translation>
    </message>
</context>
<context>
    <name>PdfDrawer</name>
    <message>
        <source>{name} can&apos;t be shown; the log says why: {path}</source>
        <translation>无法显示 {name}；原因见日志：{path}</translation>
    </message>
</context>
<context>
    <name>PdfFile</name>
    <message>
        <source>Page {number} of {name} takes too long to draw.</source>
        <translation>绘制 {name} 的第 {number} 页耗时过长。</translation>
    </message>
    <message>
        <source>Page {number} of {name} is damaged and can&apos;t be shown.</source>
        <translation>{name} 的第 {number} 页已损坏，无法显示。</translation>
    </message>
    <message>
        <source>{name} can&apos;t be read; it may be damaged.</source>
        <translation>无法读取 {name}；文件可能已损坏。</translation>
    </message>
    <message>
        <source>{name} is protected by a password; Snaptex can&apos;t open it.</source>
        <translation>{name} 有密码保护，Snaptex 无法打开。</translation>
    </message>
</context>
<context>
    <name>PdfWindow</name>
    <message>
        <source>The page before</source>
        <translation>上一页</translation>
    </message>
    <message>
        <source>The next page</source>
        <translation>下一页</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Fit the width</source>
        <translation>适合宽度</translation>
    </message>
    <message>
        <source>of {count}</source>
        <translation>共 {count} 页</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>页</translation>
    </message>
    <message>
        <source>Too small for a formula: drag a rectangle around it</source>
        <translation>太小，容不下公式：请在公式周围拖出矩形</translation>
    </message>
    <message>
        <source>Drag a rectangle around a formula</source>
        <translation>拖动鼠标框住一个公式</translation>
    </message>
</context>
<context>
    <name>PynputHotkey</name>
    <message>
        <source>A hotkey ends in a letter, a digit or a function key.</source>
        <translation>快捷键须以字母、数字或功能键结尾。</translation>
    </message>
</context>
<context>
    <name>RecogniserPanel</name>
    <message>
        <source>Runs on</source>
        <translation>运行于</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Recogniser</source>
        <translation>识别器</translation>
    </message>
    <message>
        <source>Choose one of my own…</source>
        <translation>选择我自己的…</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>处理器（CPU）</translation>
    </message>
    <message>
        <source>Graphics card (GPU)</source>
        <translation>显卡（GPU）</translation>
    </message>
    <message>
        <source>What there is, is found when the recogniser loads.</source>
        <translation>加载识别器时会检测可用设备。</translation>
    </message>
    <message>
        <source>Leaves the memory</source>
        <translation>释放内存</translation>
    </message>
    <message>
        <source>No graphics card that it can use was found; it runs on the processor.</source>
        <translation>未找到可用的显卡；识别器在处理器上运行。</translation>
    </message>
    <message>
        <source>It runs on {card}.</source>
        <translation>识别器在 {card} 上运行。</translation>
    </message>
    <message>
        <source>It runs on the processor; {card} was found, too.</source>
        <translation>识别器在处理器上运行；另外找到了 {card}。</translation>
    </message>
    <message>
        <source>Weights of a recogniser</source>
        <translation>识别器的权重</translation>
    </message>
    <message>
        <source>Weights (*.safetensors)</source>
        <translation>权重 (*.safetensors)</translation>
    </message>
    <message>
        <source>The bundled one</source>
        <translation>内置的</translation>
    </message>
    <message numerus="yes">
        <source>After %n minute(s) without a snip</source>
        <translation>
            <numerusform>%n 分钟未截取后</numerusform>
        </translation>
    </message>
    <message>
        <source>Never</source>
        <translation>从不</translation>
    </message>
</context>
<context>
    <name>RecogniserWorker</name>
    <message>
        <source>The recogniser can&apos;t start: {file} is missing from {folder}; install Snaptex again.</source>
        <translation>识别器无法启动：{folder} 中缺少 {file}；请重新安装 Snaptex。</translation>
    </message>
    <message>
        <source>The recogniser could not be loaded; the log says why: {path}</source>
        <translation>无法加载识别器；原因见日志：{path}</translation>
    </message>
    <message>
        <source>The recogniser is not running.</source>
        <translation>识别器未运行。</translation>
    </message>
    <message>
        <source>The formula could not be recognised; the log says why: {path}</source>
        <translation>无法识别公式；原因见日志：{path}</translation>
    </message>
    <message>
        <source>The symbols could not be looked at again; the log says why: {path}</source>
        <translation>无法再次查看这些符号；原因见日志：{path}</translation>
    </message>
    <message>
        <source>The formula could not be read on; the log says why: {path}</source>
        <translation>无法继续识别公式；原因见日志：{path}</translation>
    </message>
</context>
<context>
    <name>RegionOverlay</name>
    <message>
        <source>Snaptex: choose a region</source>
        <translation>Snaptex：选择区域</translation>
    </message>
    <message>
        <source>Too small for a formula: drag a rectangle around it</source>
        <translation>太小，容不下公式：请在公式周围拖出矩形</translation>
    </message>
    <message>
        <source>Drag the handles, or use the arrow keys  ·  Enter accepts  ·  Esc cancels</source>
        <translation>拖动控点或使用方向键  ·  Enter 确认  ·  Esc 取消</translation>
    </message>
    <message>
        <source>A region ends at the edge of its screen</source>
        <translation>区域止于其所在屏幕的边缘</translation>
    </message>
    <message>
        <source>Hold Shift to correct the rectangle before it is read  ·  Esc cancels</source>
        <translation>按住 Shift 可在识别前调整矩形  ·  Esc 取消</translation>
    </message>
    <message>
        <source>Drag a rectangle around a formula  ·  Arrow keys move by a pixel  ·  Esc cancels</source>
        <translation>拖出矩形框住公式  ·  方向键移动一个像素  ·  Esc 取消</translation>
    </message>
</context>
<context>
    <name>RegionSelector</name>
    <message>
        <source>No region could be chosen; the log says why: {path}</source>
        <translation>无法选择区域；原因见日志：{path}</translation>
    </message>
    <message>
        <source>The screen of the last region isn&apos;t there any more; choose a region anew.</source>
        <translation>上一区域所在的屏幕已不存在；请重新选择区域。</translation>
    </message>
</context>
<context>
    <name>ResultNotice</name>
    <message>
        <source>Snaptex: notice</source>
        <translation>Snaptex：提示</translation>
    </message>
    <message>
        <source>No formula was found in this picture.</source>
        <translation>此图片中没有找到公式。</translation>
    </message>
    <message>
        <source>Copied to the clipboard</source>
        <translation>已复制到剪贴板</translation>
    </message>
    <message>
        <source>Formula read</source>
        <translation>公式已识别</translation>
    </message>
    <message>
        <source>Nothing was read</source>
        <translation>未识别到内容</translation>
    </message>
</context>
<context>
    <name>ResultWindow</name>
    <message>
        <source>Snaptex: result</source>
        <translation>Snaptex：结果</translation>
    </message>
    <message>
        <source>New snip</source>
        <translation>重新截取</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Keep this window above others</source>
        <translation>将此窗口置于其他窗口之上</translation>
    </message>
    <message>
        <source>Reading the formula…</source>
        <translation>正在识别公式…</translation>
    </message>
    <message>
        <source>No formula was found in this picture.</source>
        <translation>此图片中没有找到公式。</translation>
    </message>
    <message>
        <source>Copied to the clipboard</source>
        <translation>已复制到剪贴板</translation>
    </message>
    <message>
        <source>Not copied: only {confidence} sure that it is right. The clipboard is as it was.</source>
        <translation>未复制：正确的把握只有 {confidence}。剪贴板保持原样。</translation>
    </message>
    <message>
        <source>Copy anyway</source>
        <translation>仍然复制</translation>
    </message>
    <message>
        <source>Copy as</source>
        <translation>复制格式</translation>
    </message>
    <message>
        <source>The form in which the formula is copied</source>
        <translation>复制公式时使用的格式</translation>
    </message>
    <message>
        <source>LaTeX</source>
        <translation>LaTeX</translation>
    </message>
    <message>
        <source>Reading on…</source>
        <translation>正在继续识别…</translation>
    </message>
    <message>
        <source>The clipboard holds the earlier text.</source>
        <translation>剪贴板中仍是之前的文本。</translation>
    </message>
    <message>
        <source>Confidence {confidence}</source>
        <translation>置信度 {confidence}</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} 秒</translation>
    </message>
    <message>
        <source>Number {number}</source>
        <translation>编号 {number}</translation>
    </message>
</context>
<context>
    <name>RowsList</name>
    <message>
        <source>Rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>A row without a tick is left out of the LaTeX</source>
        <translation>未勾选的行不会写入 LaTeX</translation>
    </message>
    <message>
        <source>Confidence {confidence}</source>
        <translation>置信度 {confidence}</translation>
    </message>
</context>
<context>
    <name>ScreenCapture</name>
    <message>
        <source>The system shows no screen to take a picture of.</source>
        <translation>系统没有可供截图的屏幕。</translation>
    </message>
    <message>
        <source>The system refused a picture of the screen: {reason}</source>
        <translation>系统拒绝截取屏幕：{reason}</translation>
    </message>
    <message>
        <source>There is not enough memory for a picture of the screen.</source>
        <translation>内存不足，无法截取屏幕。</translation>
    </message>
</context>
<context>
    <name>ServicePanel</name>
    <message>
        <source>Answer editors, scripts and the browser on this computer</source>
        <translation>响应本机的编辑器、脚本和浏览器</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Open the page</source>
        <translation>打开网页</translation>
    </message>
    <message>
        <source>Copy the token</source>
        <translation>复制令牌</translation>
    </message>
    <message>
        <source>Editors and scripts show it to the service with each request</source>
        <translation>编辑器和脚本在每次请求时都要向服务出示它</translation>
    </message>
    <message>
        <source>Images come to the recogniser that is running; nothing leaves this computer. It stays in memory.</source>
        <translation>图片交给正在运行的识别器，不会离开本机。识别器会一直留在内存中。</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>Local service</source>
        <translation>本地服务</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Snaptex: settings</source>
        <translation>Snaptex：设置</translation>
    </message>
    <message>
        <source>Hotkey</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Last region again</source>
        <translation>再次截取上一区域</translation>
    </message>
    <message>
        <source>How to bind a key in the desktop…</source>
        <translation>如何在桌面中绑定按键…</translation>
    </message>
    <message>
        <source>Wait 3 seconds before a snip, to open a menu</source>
        <translation>截取前等待 3 秒，以便打开菜单</translation>
    </message>
    <message>
        <source>Copy as</source>
        <translation>复制格式</translation>
    </message>
    <message>
        <source>Copy each formula at once</source>
        <translation>识别后立即复制</translation>
    </message>
    <message>
        <source>Copy a formula again when I correct it</source>
        <translation>修改公式后重新复制</translation>
    </message>
    <message>
        <source>Write an equation&apos;s number as \tag in displays</source>
        <translation>在独立公式中把编号写作 \tag</translation>
    </message>
    <message>
        <source>The result&apos;s window</source>
        <translation>结果窗口</translation>
    </message>
    <message>
        <source>A notice in the corner</source>
        <translation>角落里的提示</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>不显示</translation>
    </message>
    <message>
        <source>After a snip, show</source>
        <translation>截取后显示</translation>
    </message>
    <message>
        <source>Show messages of the tray icon</source>
        <translation>显示托盘图标的消息</translation>
    </message>
    <message>
        <source>Keep the formulas I snip, with their pictures</source>
        <translation>保存我截取的公式及其图片</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Snaptex speaks it from its next start on.</source>
        <translation>下次启动 Snaptex 时生效。</translation>
    </message>
    <message>
        <source>Start Snaptex when I log in</source>
        <translation>登录时启动 Snaptex</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Keep for</source>
        <translation>保留时间</translation>
    </message>
    <message>
        <source>For ever</source>
        <translation>永久</translation>
    </message>
    <message>
        <source>Snip</source>
        <translation>截取</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Other formats</source>
        <translation>其他格式</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史记录</translation>
    </message>
    <message>
        <source>Recogniser</source>
        <translation>识别器</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>服务</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n 天</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SharedService</name>
    <message>
        <source>The service needs more packages; install snaptex[server], then switch it on again.</source>
        <translation>服务需要更多软件包；请安装 snaptex[server]，然后重新开启。</translation>
    </message>
    <message>
        <source>Another program uses port {port}; choose another one.</source>
        <translation>端口 {port} 已被其他程序占用；请另选一个。</translation>
    </message>
    <message>
        <source>The service could not be started; the log says why: {path}</source>
        <translation>无法启动服务；原因见日志：{path}</translation>
    </message>
</context>
<context>
    <name>SingleInstance</name>
    <message>
        <source>Another start of Snaptex will not find this one, and `snaptex snip` will not either.</source>
        <translation>再次启动的 Snaptex 将找不到当前程序，`snaptex snip` 也一样。</translation>
    </message>
</context>
<context>
    <name>SnipController</name>
    <message>
        <source>The reading was cancelled.</source>
        <translation>识别已取消。</translation>
    </message>
</context>
<context>
    <name>SnipCountdown</name>
    <message>
        <source>Snaptex: countdown</source>
        <translation>Snaptex：倒计时</translation>
    </message>
    <message>
        <source>Open the menu that shows the formula</source>
        <translation>请打开显示公式的菜单</translation>
    </message>
    <message>
        <source>Click here to cancel</source>
        <translation>点击此处取消</translation>
    </message>
    <message numerus="yes">
        <source>The screen is taken in %n second(s)</source>
        <translation>
            <numerusform>%n 秒后截取屏幕</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StartAtLogin</name>
    <message>
        <source>Starting at login can&apos;t be changed: {reason}.</source>
        <translation>无法更改登录时启动的设置：{reason}。</translation>
    </message>
</context>
<context>
    <name>TokenEditor</name>
    <message>
        <source>Other readings of this symbol</source>
        <translation>此符号的其他读法</translation>
    </message>
    <message>
        <source>Read with {confidence} confidence.</source>
        <translation>识别置信度为 {confidence}。</translation>
    </message>
    <message>
        <source>Click for other readings.</source>
        <translation>点击查看其他读法。</translation>
    </message>
</context>
<context>
    <name>TrayIcon</name>
    <message>
        <source>Snip a formula</source>
        <translation>截取公式</translation>
    </message>
    <message>
        <source>Snip in 3 seconds</source>
        <translation>3 秒后截取</translation>
    </message>
    <message>
        <source>Snip the last region again</source>
        <translation>再次截取上一区域</translation>
    </message>
    <message>
        <source>Open Snaptex</source>
        <translation>打开 Snaptex</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史记录</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Snaptex is starting</source>
        <translation>Snaptex 正在启动</translation>
    </message>
</context>
<context>
    <name>TrustBadge</name>
    <message>
        <source>Sure</source>
        <translation>确定</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>请核对</translation>
    </message>
    <message>
        <source>Doubtful</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>The formula was read with confidence.</source>
        <translation>公式识别结果可信。</translation>
    </message>
    <message>
        <source>Look over what is underlined.</source>
        <translation>请核对带下划线的部分。</translation>
    </message>
    <message>
        <source>Compare the formula with the picture.</source>
        <translation>请将公式与图片对照。</translation>
    </message>
</context>
<context>
    <name>WaylandScreenshot</name>
    <message>
        <source>This desktop has no session bus, so there is no picture of the screen.</source>
        <translation>此桌面没有会话总线，因此无法截取屏幕。</translation>
    </message>
    <message>
        <source>The desktop gave no picture of the screen: that was refused or cancelled.</source>
        <translation>桌面没有给出屏幕图像：请求被拒绝或取消。</translation>
    </message>
    <message>
        <source>The desktop didn&apos;t answer when asked for a picture of the screen.</source>
        <translation>请求屏幕图像时桌面没有响应。</translation>
    </message>
    <message>
        <source>This desktop lets no program take a picture of the screen: its portal for that is missing.</source>
        <translation>此桌面不允许程序截取屏幕：缺少相应的门户（portal）。</translation>
    </message>
</context>
<context>
    <name>WelcomeWindow</name>
    <message>
        <source>Welcome to Snaptex</source>
        <translation>欢迎使用 Snaptex</translation>
    </message>
    <message>
        <source>Try it: snip this formula</source>
        <translation>试一试：截取这个公式</translation>
    </message>
    <message>
        <source>Start Snaptex when I log in</source>
        <translation>登录时启动 Snaptex</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Press {hotkey} in any program, and drag a rectangle round a formula.</source>
        <translation>在任意程序中按 {hotkey}，然后拖出矩形框住公式。</translation>
    </message>
    <message>
        <source>Press the button below, or Snip in Snaptex&apos;s window, and drag a rectangle round a formula.</source>
        <translation>按下面的按钮，或 Snaptex 窗口中的“截取公式”，然后拖出矩形框住公式。</translation>
    </message>
    <message>
        <source>That is all. It was read as {latex}</source>
        <translation>就这么简单。识别结果：{latex}</translation>
    </message>
    <message>
        <source>That was read as {latex}, which is another formula. Try again with a rectangle round this one.</source>
        <translation>识别结果为 {latex}，这是另一个公式。请重新框选这个公式。</translation>
    </message>
    <message>
        <source>There was no formula in that rectangle. Try again with one round this formula.</source>
        <translation>该区域中没有公式。请重新框选这个公式。</translation>
    </message>
    <message>
        <source>Formulas from the screen, as LaTeX</source>
        <translation>把屏幕上的公式变成 LaTeX</translation>
    </message>
    <message>
        <source>Its LaTeX is on the clipboard a moment later. Nothing leaves this computer.</source>
        <translation>片刻之后，它的 LaTeX 就在剪贴板里。任何数据都不会离开本机。</translation>
    </message>
    <message>
        <source>A formula to try Snaptex on</source>
        <translation>用来试用 Snaptex 的公式</translation>
    </message>
</context>
<context>
    <name>X11Hotkey</name>
    <message>
        <source>The X server took no second connection, so there is no global hotkey.</source>
        <translation>X 服务器没有接受第二个连接，因此没有全局快捷键。</translation>
    </message>
    <message>
        <source>This keyboard has no such key, so there is no global hotkey.</source>
        <translation>键盘上没有这个键，因此没有全局快捷键。</translation>
    </message>
    <message>
        <source>Another program has this hotkey already; choose another one in the settings.</source>
        <translation>此快捷键已被其他程序占用；请在设置中另选一个。</translation>
    </message>
</context>
</TS>
