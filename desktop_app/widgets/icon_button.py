"""A small button that is an icon alone, in the colours of the theme."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QToolButton

from desktop_app.widgets.appearance import current_colours, tinted_icon

_SIDE = 16


class IconButton(QToolButton):
    """Says by a tool tip, and to a screen reader, what it does."""

    def __init__(self, icon: str, name: str) -> None:
        super().__init__()
        self._icon = icon
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.toggled.connect(self._tint)
        self._tint()

    def _tint(self) -> None:
        colours = current_colours()
        self.setIcon(tinted_icon(self._icon, colours.accent if self.isChecked() else colours.text))

    # Qt overrides

    def changeEvent(self, event: QEvent) -> None:
        """The colour follows the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()
