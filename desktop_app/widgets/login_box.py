"""The box that says whether Snaptex starts when the user logs in."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox

from desktop_app.system.start_at_login import StartAtLoginError, set_start_at_login, starts_at_login
from desktop_app.widgets.layouts import show_problem, text_label


class LoginBox(QCheckBox):
    """Follows the entry at login and changes it.

    Attributes:
        problem: Says in one sentence why the entry can't be changed; hidden otherwise. Whoever shows the box places it.
    """

    def __init__(self, title: str, *, width: int) -> None:
        super().__init__(title)
        self.problem = text_label(role="bad", width=width)
        self.problem.hide()
        self.setChecked(starts_at_login())
        self.clicked.connect(self._choose)

    def _choose(self, is_on: bool) -> None:
        sentence = ""
        try:
            set_start_at_login(is_on)
        except StartAtLoginError as error:
            sentence = str(error)
        show_problem(self.problem, sentence)
        self.setChecked(starts_at_login())

    # Qt overrides

    def showEvent(self, event: QShowEvent) -> None:
        """The entry may have been removed by other means."""
        super().showEvent(event)
        self.setChecked(starts_at_login())
