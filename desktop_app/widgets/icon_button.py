"""A small button that is an icon alone, in the colours of the theme."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton

from desktop_app.widgets.appearance import FollowsColours, current_colours, tinted_icon

_SIDE = 16


class IconButton(FollowsColours, QToolButton):
    """Says by a tool tip, and to a screen reader, what it does."""

    def __init__(self, icon: str, name: str) -> None:
        super().__init__()
        self._icon = icon
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.toggled.connect(self.follow_colours)
        self.follow_colours()

    def follow_colours(self) -> None:
        """The icon follows the colours."""
        colours = current_colours()
        self.setIcon(tinted_icon(self._icon, colours.accent if self.isChecked() else colours.text))
