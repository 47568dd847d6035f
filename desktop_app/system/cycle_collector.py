"""Python's collection of reference cycles, on the thread of the windows alone.

Python collects on whichever thread happens to pass its threshold, the recogniser's often, and Qt's objects that are
part of a cycle are then destroyed there, while their own thread may be using them: the program hangs or crashes.
"""

import gc

from PySide6.QtCore import QObject, Qt, QTimer, Slot

# Seldom enough for a laptop at rest; what gathers meanwhile is small, because most objects are not part of a cycle.
_INTERVAL_MS = 5000


class CycleCollector(QObject):
    """Collects from the event loop of the thread that made it, until it is closed; nothing is collected elsewhere."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self, interval=_INTERVAL_MS, timerType=Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self.collect_young)
        self._timer.start()

    @Slot()
    def collect_young(self) -> None:
        """Collect what was made of late, if it is as much as Python would wait for."""
        if gc.get_count()[0] > gc.get_threshold()[0]:
            gc.collect(1)

    @Slot()
    def collect_all(self) -> None:
        """Collect everything: with torch loaded a tenth of a second, so only when nobody is waiting."""
        gc.collect()

    @Slot()
    def close(self) -> None:
        """Leave collecting to Python again; the other threads with Qt's objects have ended."""
        self._timer.stop()
        if self._was_enabled:
            gc.enable()
