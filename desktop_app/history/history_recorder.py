"""What of the snips goes into the history, and for how long."""

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop_app.history.history import History
from desktop_app.settings.settings import Settings
from desktop_app.snips.snip import Snip
from desktop_app.widgets.question import ask

_FORGETTING_MS = 6 * 3600 * 1000
_FEW = 10  # so many are no history


class HistoryRecorder(QObject):
    """Fills the history as the settings have it.

    Signals:
        forgetting_asked(int): So many entries, more than half, are too old; they are kept unless forget_all_old() is
            called. The computer's clock may be wrong.
    """

    forgetting_asked = Signal(int)

    def __init__(self, history: History, settings: Settings) -> None:
        super().__init__()
        self._history = history
        self._settings = settings
        self._has_asked = False
        self._forgetting = QTimer(self, interval=_FORGETTING_MS)
        self._forgetting.timeout.connect(self.forget_old)
        self._forgetting.start()

    def record(self, snip: Snip) -> Snip:
        """Put a snip into the history, or its formula into the entry that was recognised again.

        An image without a formula is kept unread, to be tried again; it takes no formula from an entry.

        Returns:
            The snip with the number of its entry, which is 0 where the history is off or could not be written.
        """
        if snip.entry_id and snip.latex.strip():
            self._history.set_reading(snip)
        elif self._settings.keeps_history and not snip.entry_id:
            entry_id = self._history.add(snip, snip.copy_format or self._settings.copy_format)
            return replace(snip, entry_id=entry_id)
        return snip

    def record_correction(self, entry_id: int, latex: str) -> None:
        """Put a formula that was copied into its entry, if the user has corrected it."""
        entry = self._history.entry(entry_id) if entry_id else None
        if entry is not None and entry.latex != latex:
            self._history.set_latex(entry_id, latex)

    @Slot()
    def forget_old(self) -> None:
        """Delete what is older than the settings allow; where that is more than half, ask, once in a run."""
        days = self._settings.history_days
        if not days:
            return
        old, all_of_them = self._history.count_older_than(days)
        if old <= _FEW or 2 * old <= all_of_them:
            self._history.forget_older_than(days)
        elif not self._has_asked:
            self._has_asked = True
            self.forgetting_asked.emit(old)

    def ask_before_forgetting(self, count: int, parent: QWidget) -> QMessageBox:
        """Ask the user before most of the history is deleted for its age."""
        question = QCoreApplication.translate(
            "ForgettingQuestion",
            "More than half of the history is older than the settings keep. Formulas that would be deleted now: "
            "{count}.\n\nThe computer's clock may be wrong. Delete them?",
        )
        return ask(question.format(count=count), parent, self.forget_all_old)

    @Slot()
    def forget_all_old(self) -> None:
        """Delete what is older than the settings allow, however much it is."""
        self._history.forget_older_than(self._settings.history_days)
