"""The one grid of all settings' pages: labels as wide as the widest of any page, each level with its field's text."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLayout, QWidget


class SettingsForm(QFormLayout):
    """Rows of a label and a field."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.setHorizontalSpacing(18)
        self.setVerticalSpacing(12)
        self.setContentsMargins(0, 0, 0, 0)
        self.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.labels: list[QLabel] = []

    def add(self, title: str, field: QWidget | QHBoxLayout) -> None:
        """Add a row; where the field is taller than a line, its label is level with the first."""
        if not title:  # the field goes on from the row above, and takes no room while it is hidden
            self.addRow("", field)
            return
        label = QLabel(title)
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        label.ensurePolished()
        label.setMinimumHeight(_first_line_height(field))
        if isinstance(field, QWidget):
            label.setBuddy(field)
        self.labels.append(label)
        self.addRow(label, field)


def align_labels(forms: Iterable[SettingsForm]) -> None:
    """Make all labels as wide as the widest, so that no field moves from page to page."""
    labels = [label for form in forms for label in form.labels]
    width = max(label.sizeHint().width() for label in labels)
    for label in labels:
        label.setFixedWidth(width)


def _first_line_height(field: QWidget | QLayout) -> int:
    """The height of the uppermost part of a field that is not empty."""
    layout = field.layout() if isinstance(field, QWidget) else field
    if layout is not None:
        items = (layout.itemAt(index) for index in range(layout.count()))
        parts = (item.widget() or item.layout() for item in items if item is not None)
        heights = (_first_line_height(part) for part in parts if part is not None)
        return next((height for height in heights if height), 0)
    if isinstance(field, QWidget):
        field.ensurePolished()
    return field.sizeHint().height()
