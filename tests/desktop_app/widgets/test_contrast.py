"""Every state of every kind of widget, painted: the text stands out from what it stands on, in light and in dark."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QEnterEvent, QImage, QKeySequence, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QTextBrowser,
    QToolTip,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop_app.settings.settings import Theme
from desktop_app.widgets.appearance import apply_appearance

pytestmark = pytest.mark.gui

READABLE = 4.5  # the ratio that WCAG asks of text
WORDS = "MMM■■■"  # strokes wide enough to have pixels of the text's full colour


@pytest.fixture(params=[Theme.LIGHT, Theme.DARK])
def theme(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[Theme]:
    apply_appearance(qapp, request.param)
    yield request.param
    apply_appearance(qapp, Theme.SYSTEM)


def luminance(colour: QColor) -> float:
    """The relative luminance as WCAG defines it."""

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(one) for one in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(image: QImage) -> float:
    """The contrast between the commonest colour of an image and the colour furthest from it."""
    colours = Counter(image.pixel(x, y) for x in range(image.width()) for y in range(image.height()))
    background = luminance(QColor.fromRgb(colours.most_common(1)[0][0]))
    ratios = []
    for pixel in colours:
        lighter, darker = sorted((background, luminance(QColor.fromRgb(pixel))), reverse=True)
        ratios.append((lighter + 0.05) / (darker + 0.05))
    return max(ratios)


def image_of(widget: QWidget, area: QRect | None = None) -> QImage:
    """What is seen of a widget, with what is behind it where it has no background of its own."""
    QApplication.processEvents()
    area = area if area is not None else widget.rect()
    window = widget.window()
    return window.grab(QRect(widget.mapTo(window, area.topLeft()), area.size())).toImage()


def inside(widget: QWidget) -> QRect:
    """Without the frame, which may stand out where the text does not."""
    return widget.rect().adjusted(6, 4, -6, -4)


def point_at(widget: QWidget, place: QPoint) -> None:
    """Bring the mouse over a place of a widget."""
    there, on_screen = QPointF(place), QPointF(widget.mapToGlobal(place))
    QApplication.sendEvent(widget, QEnterEvent(there, there, on_screen))
    QTest.mouseMove(widget, place)
    QApplication.processEvents()
    # The pointer's own move goes to whatever window lies there, one that an earlier test left, too.
    none = Qt.MouseButton.NoButton
    moved = QMouseEvent(QEvent.Type.MouseMove, there, on_screen, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, moved)
    QApplication.processEvents()


def plain(widget: QWidget) -> None:
    """As it is when it is shown."""


def hovered(widget: QWidget) -> None:
    point_at(widget, widget.rect().center())


def focused(widget: QWidget) -> None:
    widget.setFocus()


def disabled(widget: QWidget) -> None:
    widget.setEnabled(False)


def pressed(widget: QWidget) -> None:
    QTest.mousePress(widget, Qt.MouseButton.LeftButton)


def selected(widget: QWidget) -> None:
    widget.setFocus()
    widget.selectAll()  # type: ignore[attr-defined]


def with_role(widget: QWidget, role: str) -> QWidget:
    widget.setProperty("role", role)
    return widget


def checked(widget: QPushButton) -> QWidget:
    widget.setCheckable(True)
    widget.setChecked(True)
    return widget


def combo() -> QComboBox:
    box = QComboBox()
    box.addItems([WORDS, WORDS + "M", WORDS + "MM"])
    return box


def key_field() -> QWidget:
    return QKeySequenceEdit(QKeySequence("Ctrl+M"))


def read_text() -> QWidget:
    browser = QTextBrowser()
    browser.setPlainText(WORDS)
    return browser


def label(role: str) -> QWidget:
    return with_role(QLabel(WORDS), role)


def number_field() -> QSpinBox:
    field = QSpinBox()
    field.setRange(0, 9999)
    field.setValue(8888)
    return field


BUTTON_STATES = (plain, hovered, focused, pressed, disabled)
FIELD_STATES = (plain, hovered, focused, disabled)
WIDGETS: dict[str, tuple[Callable[[], QWidget], tuple[Callable[[QWidget], None], ...]]] = {
    "button": (lambda: QPushButton(WORDS), BUTTON_STATES),
    "primary button": (lambda: with_role(QPushButton(WORDS), "primary"), BUTTON_STATES),
    "button that is down": (lambda: checked(QPushButton(WORDS)), BUTTON_STATES),
    "check box": (lambda: QCheckBox(WORDS), FIELD_STATES),
    "drop-down": (combo, FIELD_STATES),
    "field": (lambda: QLineEdit(WORDS), (*FIELD_STATES, selected)),
    "text": (lambda: QPlainTextEdit(WORDS), (*FIELD_STATES, selected)),
    "read text": (read_text, (plain, selected)),
    "number": (number_field, (*FIELD_STATES, selected)),
    "keys": (key_field, FIELD_STATES),
    **{
        f"label {role}": (partial(label, role), (plain,))
        for role in ("", "title", "remark", "good", "bad", "section", "key")
    },
}


@pytest.mark.parametrize("name", WIDGETS)
def test_text_of_every_state_is_readable(qtbot: QtBot, theme: Theme, name: str) -> None:
    make, states = WIDGETS[name]
    for state in states:
        window = QWidget()
        qtbot.addWidget(window)
        widget = make()
        QVBoxLayout(window).addWidget(widget)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        state(widget)
        area = inside(widget)
        if isinstance(widget, QCheckBox):
            area.setLeft(26)  # its words, not its box
        assert contrast(image_of(widget, area)) >= READABLE, f"{name} {state.__name__}"


def test_every_entry_of_a_drop_down_is_readable_and_the_one_pointed_at_stands_out(qtbot: QtBot, theme: Theme) -> None:
    # White on white under the pointer, in light; not marked at all in dark.
    box = combo()
    qtbot.addWidget(box)
    box.show()
    box.showPopup()
    view = box.view()
    areas = [view.visualRect(view.model().index(row, 0)) for row in range(3)]
    viewport = view.viewport()
    for row, area in enumerate(areas):
        point_at(viewport, area.center())
        images = [image_of(viewport, one) for one in areas]
        assert all(contrast(image) >= READABLE for image in images), row
        backgrounds = [image.pixelColor(image.width() - 14, image.height() // 2) for image in images]
        assert all(backgrounds[row] != backgrounds[other] for other in range(3) if other != row)
    # One frame round it all: the list has none of its own inside that of its window.
    whole = image_of(view.window())
    middle = [whole.pixel(x, whole.height() // 2) for x in range(12)]
    changes = sum(one != other for one, other in pairwise(middle))
    assert changes <= 2
    box.hidePopup()


def test_every_entry_of_a_menu_is_readable(qtbot: QtBot, theme: Theme) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    actions = [menu.addAction(WORDS + "M" * number) for number in range(3)]
    actions[2].setEnabled(False)
    menu.popup(QPoint(20, 20))
    for active in actions:
        menu.setActiveAction(active)
        for action in actions:
            assert contrast(image_of(menu, menu.actionGeometry(action))) >= READABLE, action.text()
    menu.close()


def test_every_row_of_a_list_is_readable(qtbot: QtBot, theme: Theme) -> None:
    for role in ("", "pages"):
        window = QWidget()
        qtbot.addWidget(window)
        rows = QListWidget()
        rows.setProperty("role", role)
        QVBoxLayout(window).addWidget(rows)
        rows.addItems([WORDS, WORDS])
        rows.setCurrentRow(0)
        window.show()
        for row in range(2):
            area = rows.visualItemRect(rows.item(row))
            point_at(rows.viewport(), area.center())
            assert contrast(image_of(rows.viewport(), area)) >= READABLE, (role, row)


def test_every_cell_of_a_table_is_readable(qtbot: QtBot, theme: Theme) -> None:
    table = QTableWidget(2, 1)
    qtbot.addWidget(table)
    table.setHorizontalHeaderLabels([WORDS])
    cells = [QTableWidgetItem(WORDS) for _ in range(2)]
    for row, cell in enumerate(cells):
        table.setItem(row, 0, cell)
    table.setCurrentCell(0, 0)
    table.show()
    for cell in cells:
        area = table.visualItemRect(cell)
        point_at(table.viewport(), area.center())
        assert contrast(image_of(table.viewport(), area)) >= READABLE, cell.row()
    assert contrast(image_of(table.horizontalHeader())) >= READABLE


def test_every_row_of_a_tree_is_readable(qtbot: QtBot, theme: Theme) -> None:
    tree = QTreeWidget()
    qtbot.addWidget(tree)
    tree.setHeaderLabels([WORDS, WORDS])
    items = [QTreeWidgetItem([WORDS, WORDS]) for _ in range(2)]
    tree.addTopLevelItems(items)
    tree.setCurrentItem(items[0])
    tree.show()
    for row, item in enumerate(items):
        area = tree.visualItemRect(item)
        point_at(tree.viewport(), area.center())
        assert contrast(image_of(tree.viewport(), area)) >= READABLE, row
    assert contrast(image_of(tree.header())) >= READABLE


def test_question_and_tip_are_readable(qtbot: QtBot, theme: Theme) -> None:
    question = QMessageBox(QMessageBox.Icon.NoIcon, WORDS, WORDS)
    qtbot.addWidget(question)
    question.show()
    label = question.findChild(QLabel, "qt_msgbox_label")
    assert isinstance(label, QLabel)
    assert contrast(image_of(label)) >= READABLE
    QToolTip.showText(QPoint(40, 40), WORDS)
    tip = next(one for one in QApplication.topLevelWidgets() if one.metaObject().className() == "QTipLabel")
    assert contrast(image_of(tip)) >= READABLE
    QToolTip.hideText()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
