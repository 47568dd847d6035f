"""The rows of the local service in the settings: its switch, its port, and what an editor has to be told."""

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QSpinBox, QWidget

from desktop_app.settings.recogniser_options import ServiceState
from desktop_app.settings.settings import HIGHEST_PORT, LOWEST_PORT, Settings
from desktop_app.settings_window.settings_form import SettingsForm
from desktop_app.widgets.layouts import row_of, show_problem, text_label
from desktop_app.widgets.setting_controls import SettingSwitch

_COPIED_MS = 3000


class ServicePanel(QWidget):
    """Switches the service and says how it is.

    Signals:
        token_wanted: The token is to be copied.
    """

    token_wanted = Signal()

    def __init__(self, settings: Settings, *, width: int) -> None:
        super().__init__()
        self._settings = settings
        self._state = ServiceState()
        self.switch = SettingSwitch(
            settings, Settings.serves, self.tr("Answer editors, scripts and the browser on this computer")
        )
        self.port_field = QSpinBox()
        self.port_field.setRange(LOWEST_PORT, HIGHEST_PORT)
        self.port_field.setFixedWidth(100)
        self.port_field.setKeyboardTracking(False)  # half a number is no port
        self.port_field.setAccessibleName(self.tr("Port"))
        self.address = QLabel()
        self.address.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.address.setAccessibleName(self.tr("Address"))
        self.page_button = QPushButton(self.tr("Open the page"))
        self.token_button = QPushButton(self.tr("Copy the token"))
        self.token_button.setToolTip(self.tr("Editors and scripts show it to the service with each request"))
        self.problem = text_label(role="bad", width=width)
        explanation = self.tr(
            "Images come to the recogniser that is running; nothing leaves this computer. It stays in memory."
        )
        self.explanation = text_label(explanation, "remark", width=width)
        self._copied = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._lay_out()
        self._connect()
        self._follow_settings()

    def show_state(self, state: ServiceState) -> None:
        """Say how the service is."""
        self._state = state
        show_problem(self.problem, state.problem)
        if state.address:
            self.address.setText(state.address)
        else:
            is_starting = self._settings.serves and not state.problem
            self.address.setText(self.tr("Starting…") if is_starting else self.tr("Off"))
        for button in (self.page_button, self.token_button):
            button.setEnabled(bool(state.address))

    def _lay_out(self) -> None:
        self.form = SettingsForm(self)
        self.form.add(self.tr("Local service"), self.switch)
        self.form.add(self.tr("Port"), self.port_field)
        self.form.add(self.tr("Address"), self.address)
        self.form.add("", self.problem)
        self.form.add("", row_of(self.page_button, self.token_button, None, spacing=8))
        self.form.add("", self.explanation)

    def _connect(self) -> None:
        self.switch.clicked.connect(lambda: self.show_state(ServiceState()))
        self.port_field.valueChanged.connect(self._choose_port)
        self.page_button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(self._state.entrance)))
        self.token_button.clicked.connect(self._copy_token)
        self._copied.timeout.connect(lambda: self.token_button.setText(self.tr("Copy the token")))
        self._settings.changed.connect(self._follow_settings)

    def _choose_port(self, port: int) -> None:
        self._settings.service_port = port

    def _copy_token(self) -> None:
        QGuiApplication.clipboard().setText(self._state.token)
        self.token_button.setText(self.tr("Copied"))
        self._copied.start()

    def _follow_settings(self) -> None:
        if self.port_field.value() != self._settings.service_port:
            self.port_field.setValue(self._settings.service_port)
        self.show_state(self._state)
