"""The rows of the recogniser in the settings: where it runs, with what was found, and how long it stays in memory."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QWidget

from desktop_app.settings.recogniser_options import Device, DeviceReport
from desktop_app.settings.settings import Settings

_IDLE_MINUTES = (0, 5, 15, 60)


class RecogniserPanel(QWidget):
    """Chooses the device and the time without a snip after which the memory is given back."""

    def __init__(self, settings: Settings, *, width: int) -> None:
        super().__init__()
        self._settings = settings
        self.device_box = QComboBox()
        self.device_box.setAccessibleName(self.tr("Runs on"))
        self.device_box.addItem(self.tr("Automatic"), Device.AUTO)
        self.device_box.addItem(self.tr("Processor (CPU)"), Device.CPU)
        self.device_box.addItem(self.tr("Graphics card (GPU)"), Device.GPU)
        self.found = QLabel(self.tr("What there is, is found when the recogniser loads."))
        self.found.setProperty("role", "remark")
        self.found.setWordWrap(True)
        self.found.setFixedWidth(width)
        self.idle_box = QComboBox()
        self.idle_box.setAccessibleName(self.tr("Leaves the memory"))
        for minutes in _IDLE_MINUTES:
            self._add_idle_choice(minutes)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(12)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        form.addRow(self.tr("Runs on"), self.device_box)
        form.addRow("", self.found)
        form.addRow(self.tr("Leaves the memory"), self.idle_box)
        self.device_box.activated.connect(lambda: setattr(settings, "device", self.device_box.currentData()))
        self.idle_box.activated.connect(lambda: setattr(settings, "idle_minutes", self.idle_box.currentData()))
        settings.changed.connect(self._follow_settings)
        self._follow_settings()

    def show_device(self, report: DeviceReport) -> None:
        """Say what was found, and what of it is used."""
        if not report.gpu:
            sentence = self.tr("No graphics card that it can use was found; it runs on the processor.")
        elif report.is_gpu_used:
            sentence = self.tr("It runs on {card}.").format(card=report.gpu)
        else:
            sentence = self.tr("It runs on the processor; {card} was found, too.").format(card=report.gpu)
        self.found.setText(sentence)

    def _add_idle_choice(self, minutes: int) -> None:
        title = self.tr("After %n minute(s) without a snip", "", minutes) if minutes else self.tr("Never")
        self.idle_box.addItem(title, minutes)

    def _follow_settings(self) -> None:
        self.device_box.setCurrentIndex(self.device_box.findData(self._settings.device))
        if self.idle_box.findData(self._settings.idle_minutes) < 0:  # the file may hold any number
            self._add_idle_choice(self._settings.idle_minutes)
        self.idle_box.setCurrentIndex(self.idle_box.findData(self._settings.idle_minutes))
