"""Parts beside one another or below one another, and labels in one of the roles that `appearance` gives a look."""

from typing import TypeVar

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget

Margins = tuple[int, int, int, int]
"""On the left, above, on the right and below."""

Part = QWidget | QLayout | tuple[QWidget | QLayout, int] | int | None
"""What is laid out, with its stretch where it has one; a number for room of that size, None for all room left."""

_Layout = TypeVar("_Layout", bound=QBoxLayout)


def row_of(
    *parts: Part, on: QWidget | None = None, margins: Margins | None = None, spacing: int | None = None
) -> QHBoxLayout:
    """Parts from left to right, on a widget where one is given; margins and spacing are the style's unless told."""
    return fill(QHBoxLayout(), *parts, on=on, margins=margins, spacing=spacing)


def column_of(
    *parts: Part, on: QWidget | None = None, margins: Margins | None = None, spacing: int | None = None
) -> QVBoxLayout:
    """Parts from above to below, as `row_of` has them from left to right."""
    return fill(QVBoxLayout(), *parts, on=on, margins=margins, spacing=spacing)


def fill(
    layout: _Layout,
    *parts: Part,
    on: QWidget | None = None,
    margins: Margins | None = None,
    spacing: int | None = None,
) -> _Layout:
    """Put parts into a layout, which is returned."""
    if on is not None:
        on.setLayout(layout)
    if margins is not None:
        layout.setContentsMargins(*margins)
    if spacing is not None:
        layout.setSpacing(spacing)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        else:
            one, stretch = part if isinstance(part, tuple) else (part, 0)
            (layout.addWidget if isinstance(one, QWidget) else layout.addLayout)(one, stretch)  # type: ignore[arg-type]
    return layout


def bring_forward(window: QWidget) -> None:
    """Show a window above all others, with the focus."""
    window.show()
    window.raise_()
    window.activateWindow()


def text_label(text: str = "", role: str = "", *, width: int = 0) -> QLabel:
    """A label in a role; of a width, which its words fill line by line, where one is given."""
    label = QLabel(text)
    label.setProperty("role", role)
    if width:
        label.setWordWrap(True)
        label.setFixedWidth(width)
    return label


def show_role(label: QLabel, text: str, role: str) -> None:
    """Say something else, in another role."""
    label.setText(text)
    label.setProperty("role", role)
    label.style().polish(label)


def show_problem(label: QLabel, sentence: str) -> None:
    """Say what is wrong; where nothing is, the label takes no room."""
    label.setText(sentence)
    label.setVisible(bool(sentence))
