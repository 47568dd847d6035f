"""The rows of the recogniser in the settings: which one, where it runs, and how long it stays in memory."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from desktop_app.settings.recogniser_options import Device, DeviceReport
from desktop_app.settings.settings import Settings
from desktop_app.settings_window.settings_form import SettingsForm
from desktop_app.widgets.file_dialog import FileDialog
from desktop_app.widgets.layouts import text_label
from desktop_app.widgets.setting_controls import SettingChoice

_IDLE_MINUTES = (0, 5, 15, 60)


class RecogniserPanel(QWidget):
    """Chooses the recogniser, the device, and the time without a snip after which the memory is given back."""

    def __init__(self, settings: Settings, *, width: int) -> None:
        super().__init__()
        self._settings = settings
        self.weights_box = SettingChoice(
            settings, Settings.weights, [""], self._title_of_weights, name=self.tr("Recogniser")
        )
        self.weights_button = QPushButton(self.tr("Choose one of my own…"))
        self.weights_button.clicked.connect(self._choose_weights)
        devices = {
            Device.AUTO: self.tr("Automatic"),
            Device.CPU: self.tr("Processor (CPU)"),
            Device.GPU: self.tr("Graphics card (GPU)"),
        }
        self.device_box = SettingChoice(
            settings, Settings.device, list(devices), devices.__getitem__, name=self.tr("Runs on")
        )
        unknown = self.tr("What there is, is found when the recogniser loads.")
        self.found = text_label(unknown, "remark", width=width)
        self.idle_box = SettingChoice(
            settings, Settings.idle_minutes, _IDLE_MINUTES, self._title_of_minutes, name=self.tr("Leaves the memory")
        )
        self.form = SettingsForm(self)
        self.form.add(self.tr("Recogniser"), self.weights_box)
        self.form.add("", self.weights_button)
        self.form.add(self.tr("Runs on"), self.device_box)
        self.form.add("", self.found)
        self.form.add(self.tr("Leaves the memory"), self.idle_box)

    def show_device(self, report: DeviceReport) -> None:
        """Say what was found, and what of it is used."""
        if not report.gpu:
            sentence = self.tr("No graphics card that it can use was found; it runs on the processor.")
        elif report.is_gpu_used:
            sentence = self.tr("It runs on {card}.").format(card=report.gpu)
        else:
            sentence = self.tr("It runs on the processor; {card} was found, too.").format(card=report.gpu)
        self.found.setText(f"{sentence} {report.engine}".strip())

    def choose(self, path: str) -> None:
        """Read with the weights in a file from now on."""
        self._settings.weights = path

    @Slot()
    def _choose_weights(self) -> None:
        dialog = FileDialog(self, self.tr("Weights of a recogniser"), self._settings)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Weights (*.safetensors)"))
        dialog.fileSelected.connect(self.choose)
        dialog.open()

    def _title_of_weights(self, path: str) -> str:
        # The files of all runs have one name, so the folder's tells them apart.
        return str(Path(*Path(path).parts[-2:])) if path else self.tr("The bundled one")

    def _title_of_minutes(self, minutes: int) -> str:
        return self.tr("After %n minute(s) without a snip", "", minutes) if minutes else self.tr("Never")
