"""Controls that are one setting each: they show it, change it, and follow it when it is changed elsewhere."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from PySide6.QtWidgets import QCheckBox, QComboBox

from desktop_app.settings.settings import Setting, Settings

_Value = TypeVar("_Value")


class SettingSwitch(QCheckBox):
    """A setting that is on or off."""

    def __init__(self, settings: Settings, setting: Setting[bool], text: str) -> None:
        super().__init__(text)
        self._settings = settings
        self._setting = setting
        self._follow()
        self.toggled.connect(lambda is_on: setting.change(settings, is_on))
        settings.changed.connect(self._follow)

    def _follow(self) -> None:
        self.setChecked(self._setting.value_in(self._settings))


class SettingChoice(QComboBox):
    """A setting that has one of a few values."""

    def __init__(
        self,
        settings: Settings,
        setting: Setting[_Value],
        values: Sequence[_Value],
        title_of: Callable[[_Value], str],
        *,
        name: str,
    ) -> None:
        """Make one.

        Args:
            settings: Where the setting is.
            setting: The one that is chosen.
            values: What is offered; a value that only the file can have is added when it is met.
            title_of: What the user reads for a value.
            name: What a screen reader calls the box.
        """
        super().__init__()
        self._settings = settings
        self._setting: Setting[Any] = setting
        self._title_of: Callable[[Any], str] = title_of
        self.setAccessibleName(name)
        for value in values:
            self.addItem(title_of(value), value)
        self._follow()
        self.activated.connect(lambda: setting.change(settings, self.currentData()))
        settings.changed.connect(self._follow)

    def _follow(self) -> None:
        value = self._setting.value_in(self._settings)
        if self.findData(value) < 0:
            self.addItem(self._title_of(value), value)
        self.setCurrentIndex(self.findData(value))
