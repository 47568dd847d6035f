"""The window of the history: a list to search on the left, the chosen entry on the right.

A correction is kept as it is typed: there is no button to forget.
"""

import math
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QImage, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QWidget,
)

from desktop_app.history import history_export
from desktop_app.history.history import History, HistoryEntry
from desktop_app.history.history_export import HistoryExportError, all_entries, export_document, export_pairs
from desktop_app.history.history_list import HistoryList, HistoryRow
from desktop_app.rendering.formula_preview import FormulaPreview
from desktop_app.rendering.preview_renderer import PreviewRenderer
from desktop_app.settings.settings import Settings
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.snips.snip import Snip
from desktop_app.widgets.appearance import FollowsColours, current_colours, tinted_icon
from desktop_app.widgets.button_row import ButtonRow
from desktop_app.widgets.file_dialog import FileDialog
from desktop_app.widgets.image_card import ImageCard
from desktop_app.widgets.latex_editor import LatexEditor
from desktop_app.widgets.layouts import column_of, row_of, show_role
from desktop_app.widgets.question import ask

_TYPING_MS = 400  # a correction is kept once the user pauses
_REMARK_MS = 8000
_LIST_WIDTH = 430


class HistoryWindow(FollowsColours, QWidget):
    """Finds earlier snips again.

    Signals:
        copy_requested(str, str): Copy this LaTeX with this number, in the format that the settings hold.
        lines_copy_requested(str): Copy this text of several formulas as it is.
        recognise_requested(Snip): Read this image again; with the number of its entry, unless that is a correction.
        result_requested(Snip): Show this formula in the result's window.
    """

    copy_requested = Signal(str, str)
    lines_copy_requested = Signal(str)
    recognise_requested = Signal(Snip)
    result_requested = Signal(Snip)

    def __init__(self, history: History, renderer: PreviewRenderer, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._history = history
        self._shown: HistoryEntry | None = None
        self._is_correcting = False
        self.setWindowTitle(self.tr("Snaptex: history"))
        self.resize(QSize(980, 620).boundedTo(QGuiApplication.primaryScreen().availableSize() * 0.9))
        self.search_field = QLineEdit()
        self.favourites_box = QCheckBox(self.tr("Favourites"))
        self.more_button = QPushButton(self.tr("More"))
        self.entries = HistoryList(history, self)
        self.list = QListView()
        self.remark = QLabel()
        self.image_card = ImageCard(self.tr("Captured picture"))
        self.preview = FormulaPreview(renderer)
        self.editor = LatexEditor()
        self.favourite_button = QPushButton(self.tr("Favourite"))
        self.delete_button = QPushButton(self.tr("Delete"))
        self.again_button = QPushButton(self.tr("Recognise again"))
        self.copy_button = QPushButton(self.tr("Copy"))
        self.undo_button = QPushButton(self.tr("Undo"))
        self._deleted: list[tuple[HistoryEntry, QImage]] = []  # what Undo brings back
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._remark_timer = QTimer(self, singleShot=True, interval=_REMARK_MS)
        self._set_up_parts()
        self._lay_out()
        self._connect()
        self.follow_colours()
        self._show_entry(None)

    def show_remark(self, sentence: str, *, is_good: bool) -> None:
        """Say something for a moment, where the number of entries stands."""
        show_role(self.remark, sentence, "good" if is_good else "bad")
        self._remark_timer.start()

    def export_to(self, path: Path) -> None:
        """Write the whole history: to a .tex file, or to a folder of images with their formulas."""
        self._keep_correction()
        try:
            if path.suffix == ".tex":
                count = export_document(all_entries(self._history), path)
            else:
                count = export_pairs(self._history, path)
        except HistoryExportError as error:
            self.show_remark(str(error), is_good=False)
        else:
            self.show_remark(
                self.tr("%Ln formula(s) written to {name}", "", count).format(name=path.name), is_good=True
            )

    def _set_up_parts(self) -> None:
        self.search_field.setPlaceholderText(self.tr("Search in the LaTeX"))
        self.search_field.setAccessibleName(self.tr("Search"))
        self.search_field.setClearButtonEnabled(True)
        menu = QMenu(self)
        menu.addAction(self.tr("Export as a LaTeX document…"), self._export_document)
        menu.addAction(self.tr("Export as pictures with formulas…"), self._export_pairs)
        menu.addSeparator()
        menu.addAction(self.tr("Clear the history…"), self._clear)
        self.more_button.setMenu(menu)
        self.list.setModel(self.entries)
        self.list.setItemDelegate(HistoryRow(self.entries, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Formulas"))
        self.favourite_button.setCheckable(True)
        self.copy_button.setProperty("role", "primary")
        self.copy_button.setToolTip("Ctrl+Return")
        for button, key in (
            (self.delete_button, QKeySequence.StandardKey.Delete),
            (self.undo_button, QKeySequence.StandardKey.Undo),
        ):
            button.setToolTip(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText))

    def _lay_out(self) -> None:
        self.undo_button.hide()
        left = QWidget()
        left.setMaximumWidth(_LIST_WIDTH)
        column_of(
            row_of((self.search_field, 1), self.favourites_box, self.more_button, spacing=10),
            (self.list, 1),
            row_of((self.remark, 1), self.undo_button),
            on=left,
            margins=(0, 0, 0, 0),
            spacing=8,
        )
        buttons = ButtonRow((self.favourite_button, self.delete_button), (self.again_button, self.copy_button))
        right = column_of((self.image_card, 1), (self.preview, 1), self.editor, buttons, spacing=8)
        row_of((left, 5), (right, 4), on=self, margins=(18, 16, 18, 16), spacing=16)

    def _connect(self) -> None:
        self.search_field.textChanged.connect(self._search)
        self.favourites_box.toggled.connect(self._search)
        self.list.selectionModel().selectionChanged.connect(self._follow_selection)
        self.editor.latex_changed.connect(self._follow_text)
        self._typing.timeout.connect(self._keep_correction)
        self.favourite_button.clicked.connect(self._set_favourite)
        self.delete_button.clicked.connect(self._delete)
        self.again_button.clicked.connect(self._recognise_again)
        self.undo_button.clicked.connect(self._undo_delete)
        self.list.doubleClicked.connect(self._show_result)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._open_menu)
        self.copy_button.clicked.connect(self._copy)
        self._history.changed.connect(self._follow_history)
        self._remark_timer.timeout.connect(self._show_count)
        for keys in ("Ctrl+Return", "Ctrl+Shift+C"):
            QShortcut(QKeySequence(keys), self, self._copy)
        QShortcut(QKeySequence.StandardKey.Find, self, self.search_field.setFocus)
        for key, act in (
            (QKeySequence.StandardKey.Delete, self._delete),
            (QKeySequence.StandardKey.Undo, self._undo_delete),
        ):
            QShortcut(key, self.list, act).setContext(Qt.ShortcutContext.WidgetShortcut)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)

    def _search(self) -> None:
        """List what fits, with the entry chosen before if it does."""
        self._keep_correction()
        chosen = self._shown.entry_id if self._shown else 0
        self.entries.search(self.search_field.text(), favourites_only=self.favourites_box.isChecked())
        self._choose(max(self.entries.row_of(chosen), 0))
        if not self._remark_timer.isActive():
            self._show_count()

    def _choose(self, row: int) -> None:
        """Choose an entry, or the last one where there are not so many."""
        row = min(row, self.entries.rowCount() - 1)
        if row < 0:
            self._show_entry(None)
        else:
            index = self.entries.index(row)
            self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _follow_history(self) -> None:
        if self.isVisible() and not self._is_correcting:
            self._search()

    def _follow_selection(self) -> None:
        self._keep_correction()
        selected = self.list.selectionModel().selectedIndexes()
        self._show_entry(self.entries.entry(selected[0]) if len(selected) == 1 else None)
        self.delete_button.setEnabled(bool(selected))

    def _show_entry(self, entry: HistoryEntry | None) -> None:
        is_same = entry is not None and self._shown is not None and entry.entry_id == self._shown.entry_id
        self._shown = entry
        for part in (self.editor, self.favourite_button, self.again_button, self.copy_button):
            part.setEnabled(entry is not None)
        if entry is None:
            self.delete_button.setEnabled(False)
            self.image_card.show_sentence("")
            self.editor.clear()
            self.preview.clear()
            return
        self.favourite_button.setChecked(entry.is_favourite)
        if not is_same:
            image = self._history.image(entry.entry_id)
            image.setDevicePixelRatio(entry.device_pixel_ratio)
            self.image_card.show_image(image)
        if not is_same or entry.latex != self.editor.toPlainText():
            self.editor.setPlainText(entry.latex)
            self._typing.stop()

    def _follow_text(self) -> None:
        self.preview.show_formula(self.editor.toPlainText())
        self._typing.start()

    def _keep_correction(self) -> None:
        self._typing.stop()
        latex = self.editor.toPlainText()
        if self._shown is not None and latex != self._shown.latex:
            self._is_correcting = True  # the list stays as it is, and the cursor where it is
            self._history.set_latex(self._shown.entry_id, latex)
            self._is_correcting = False
            self._shown = self._history.entry(self._shown.entry_id)
            if self._shown is not None:
                self.entries.replace(self._shown)

    def _set_favourite(self, is_favourite: bool) -> None:
        if self._shown is not None:
            self._history.set_favourite(self._shown.entry_id, is_favourite)

    def _selected(self) -> list[HistoryEntry]:
        indexes = sorted(self.list.selectionModel().selectedIndexes(), key=QModelIndex.row)
        return [self.entries.entry(index) for index in indexes]

    def _delete(self) -> None:
        rows = [index.row() for index in self.list.selectionModel().selectedIndexes()]
        if not (selected := self._selected()):
            return
        self._typing.stop()
        self._shown = None
        self._deleted = [(entry, self._history.image(entry.entry_id)) for entry in selected]
        self._history.remove([entry.entry_id for entry in selected])
        self._choose(min(rows))
        self.undo_button.show()
        self.show_remark(self.tr("Deleted."), is_good=True)

    def _undo_delete(self) -> None:
        deleted, self._deleted = self._deleted, []
        self.undo_button.hide()
        for entry, image in deleted:
            entry_id = self._history.add(entry.as_snip(image), CopyFormat(entry.copy_format), at=entry.time)
            if entry.is_favourite:
                self._history.set_favourite(entry_id, True)

    def _recognise_again(self) -> None:
        if self._shown is None:
            return
        self._keep_correction()
        image, number = self._history.image(self._shown.entry_id), self._shown.entry_id
        snip = Snip(image, self._shown.device_pixel_ratio, entry_id=0 if math.isnan(self._shown.confidence) else number)
        self.recognise_requested.emit(snip)

    def _show_result(self) -> None:
        if self._shown is not None:
            number = self._shown.entry_id
            self.result_requested.emit(replace(self._shown.as_snip(self._history.image(number)), entry_id=number))

    def _open_menu(self, place: QPoint) -> None:
        if not (selected := self._selected()):
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if len(selected) == 1:
            menu.addAction(self.tr("Copy"), self._copy)
            menu.addAction(self.tr("Show the result"), self._show_result)
            menu.addAction(self.tr("Recognise again"), self._recognise_again)
        else:
            menu.addAction(self.tr("Copy as lines"), lambda: self._copy_several(as_align=False))
            menu.addAction(self.tr("Copy as an align environment"), lambda: self._copy_several(as_align=True))
        menu.addAction(self.tr("Favourite"), self._star_selected)
        menu.addSeparator()
        menu.addAction(self.tr("Delete"), self._delete)
        menu.popup(self.list.viewport().mapToGlobal(place))

    def _star_selected(self) -> None:
        selected = self._selected()
        is_favourite = not all(entry.is_favourite for entry in selected)
        for entry in selected:
            self._history.set_favourite(entry.entry_id, is_favourite)

    def _copy_several(self, *, as_align: bool) -> None:
        formulas = [one.latex for one in self._selected() if one.latex.strip()]
        self.lines_copy_requested.emit(history_export.joined_formulas(formulas, as_align=as_align))

    def _copy(self) -> None:
        self._keep_correction()
        if self._shown is not None:
            self.copy_requested.emit(self._shown.latex, self._shown.number)

    def _export_document(self) -> None:
        dialog = FileDialog(self, self.tr("Export the history"), self._settings)
        dialog.setNameFilter(self.tr("LaTeX (*.tex)"))
        dialog.setAcceptMode(FileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("tex")
        dialog.selectFile("formulas.tex")
        dialog.fileSelected.connect(lambda path: self.export_to(Path(path).with_suffix(".tex")))
        dialog.open()

    def _export_pairs(self) -> None:
        dialog = FileDialog(self, self.tr("A folder for the pictures and formulas"), self._settings)
        dialog.setFileMode(FileDialog.FileMode.Directory)
        dialog.setOption(FileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda folder: self.export_to(Path(folder)))
        dialog.open()

    def _clear(self) -> None:
        count = self._history.count()
        question = self.tr("Delete all %Ln formula(s) with their pictures, favourites too?", "", count)
        ask(question, self, self._clear_all)

    def _clear_all(self) -> None:
        self._typing.stop()
        self._shown = None
        self._history.clear()

    def _show_count(self) -> None:
        self.undo_button.hide()
        if self.entries.rowCount():
            sentence = self.tr("%Ln formula(s) in the history", "", self._history.count())
        elif self.search_field.text() or self.favourites_box.isChecked():
            sentence = self.tr("No formula fits.")
        else:
            sentence = self.tr("The formulas you snip will be here.")
        show_role(self.remark, sentence, "remark")

    def follow_colours(self) -> None:
        """Icons follow the colours."""
        self.copy_button.setIcon(tinted_icon("copy", current_colours().accent_text))

    # Qt overrides

    def showEvent(self, event: QShowEvent) -> None:
        """List what was added in the meantime."""
        super().showEvent(event)
        self._search()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed last."""
        self._keep_correction()
        super().hideEvent(event)
