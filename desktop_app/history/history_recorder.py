"""What of the snips goes into the history, under which entry, and for how long."""

from PySide6.QtCore import QObject, QTimer, Slot

from desktop_app.history.history import History
from desktop_app.settings.settings import Settings
from desktop_app.snips.snip import Snip

_FORGETTING_MS = 6 * 3600 * 1000


class HistoryKeeper(QObject):
    """Fills the history as the settings have it, and remembers which entry the result window shows."""

    def __init__(self, history: History, settings: Settings) -> None:
        super().__init__()
        self._history = history
        self._settings = settings
        self._shown_entry = 0  # the history's number of the snip in the result window; 0 for none
        self._forgetting = QTimer(self, interval=_FORGETTING_MS)
        self._forgetting.timeout.connect(self.forget_old)
        self._forgetting.start()

    def expect_snip(self) -> None:
        """Another snip is shown from now on, which has no entry yet."""
        self._shown_entry = 0

    def keep(self, snip: Snip) -> None:
        """Put a snip into the history, or the new formula of an entry that was recognised again."""
        self._shown_entry = snip.entry_id
        if snip.entry_id:
            self._history.set_latex(snip.entry_id, snip.latex, confidence=snip.confidence, trust=snip.trust)
        elif self._settings.keeps_history and snip.latex.strip():
            self._shown_entry = self._history.add(snip, snip.copy_format or self._settings.copy_format)

    def keep_correction(self, latex: str) -> None:
        """What is copied is what the history holds, if the person corrected it."""
        entry = self._history.entry(self._shown_entry) if self._shown_entry else None
        if entry is not None and entry.latex != latex:
            self._history.set_latex(entry.entry_id, latex)

    @Slot()
    def forget_old(self) -> None:
        """Delete what is older than the person wants to keep."""
        if self._settings.history_days:
            self._history.forget_older_than(self._settings.history_days)
