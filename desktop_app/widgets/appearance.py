"""How the windows look: one set of colours for light and one for dark, over Qt's Fusion style on every platform."""

from abc import abstractmethod
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from desktop_app.settings.settings import Theme
from desktop_app.system.bundled_resources import icon_path


@dataclass(frozen=True)
class Colours:
    """The colours of one theme. Text on each background it stands on has a contrast of at least 4.5 : 1."""

    window: str
    card: str  # what images and fields stand on
    border: str
    text: str
    muted: str  # labels and remarks
    accent: str  # the one thing to press
    accent_hovered: str
    accent_text: str
    focus: str  # the ring of a focused thing to press
    command: str  # in the LaTeX
    good: str
    warning: str
    bad: str
    lit: str  # behind a token that is pointed at
    unsure: str  # behind one that is worth a look


LIGHT = Colours(
    window="#f5f6f8",
    card="#ffffff",
    border="#dcdfe6",
    text="#1a1d24",
    muted="#5d6573",
    accent="#3a56d4",
    accent_hovered="#2f48bb",
    accent_text="#ffffff",
    focus="#10163a",
    command="#2f48bb",
    good="#1d7a46",
    warning="#8a5300",
    bad="#b3261e",
    lit="#dbe2ff",
    unsure="#fdf0d8",
)
DARK = Colours(
    window="#17191e",
    card="#1f2228",
    border="#343943",
    text="#e9ebef",
    muted="#9ba3b1",
    accent="#4a66e3",
    accent_hovered="#506be4",
    accent_text="#ffffff",
    focus="#d5dcff",
    command="#a3b4ff",
    good="#5fce8f",
    warning="#f0b44c",
    bad="#ff8a80",
    lit="#2f3759",
    unsure="#3a3223",
)


def current_colours() -> Colours:
    """The colours the windows have now."""
    window = QGuiApplication.palette().color(QPalette.ColorRole.Window)
    return DARK if window.lightness() < 128 else LIGHT


class FollowsColours:
    """Mixed into a widget, before its class of Qt's: what it paints by itself follows the colours of the theme."""

    @abstractmethod
    def follow_colours(self) -> None:
        """Paint in the colours there are now."""

    # Qt overrides

    def changeEvent(self, event: QEvent) -> None:
        """New colours are followed at once."""
        super().changeEvent(event)  # type: ignore[misc]
        if event.type() == QEvent.Type.PaletteChange:
            self.follow_colours()


def apply_appearance(application: QApplication, theme: Theme) -> None:
    """Give every window the colours of the theme, or those the system has now."""
    is_dark = theme is Theme.DARK
    if theme is Theme.SYSTEM:
        is_dark = application.styleHints().colorScheme() == Qt.ColorScheme.Dark
    colours = DARK if is_dark else LIGHT
    application.setStyle("fusion")
    application.setPalette(_palette(colours))
    application.setStyleSheet(_style_sheet(colours))


def tinted_icon(name: str, colour: str) -> QIcon:
    """An icon of one colour, muted on a disabled button: its SVG is drawn in `currentColor`."""
    svg = icon_path(name).read_text(encoding="utf-8")
    icon = QIcon()
    for mode, shown in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, current_colours().muted)):
        renderer = QSvgRenderer(QByteArray(svg.replace("currentColor", shown).encode()))
        for side in (16, 20, 24, 32, 48, 64):
            pixmap = QPixmap(QSize(side, side))
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as painter:
                renderer.render(painter, QRectF(0, 0, side, side))
            icon.addPixmap(pixmap, mode)
    return icon


def paint_icon(painter: QPainter, name: str, colour: str, place: QRectF) -> None:
    """Paint an icon of one colour."""
    svg = icon_path(name).read_text(encoding="utf-8").replace("currentColor", colour)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, place)


def _palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette(QColor(colours.card), QColor(colours.window))
    for one, colour in {
        role.WindowText: colours.text,
        role.Base: colours.card,
        role.AlternateBase: colours.window,
        role.Text: colours.text,
        role.Button: colours.card,
        role.ButtonText: colours.text,
        role.PlaceholderText: colours.muted,
        role.ToolTipBase: colours.card,
        role.ToolTipText: colours.text,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.accent_text,
        role.Accent: colours.accent,
        role.Link: colours.accent,
    }.items():
        palette.setColor(one, QColor(colour))
    for one in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, one, QColor(colours.muted))
    return palette


def _style_sheet(colours: Colours) -> str:
    return f"""
        QLabel[role="title"] {{ font-size: 17pt; font-weight: 600; }}
        QLabel[role="remark"] {{ color: {colours.muted}; }}
        QLabel[role="good"] {{ color: {colours.good}; font-weight: 600; }}
        QLabel[role="bad"] {{ color: {colours.bad}; }}
        QLabel[role="section"] {{ color: {colours.muted}; font-size: 9pt; font-weight: 600; }}
        QLabel[role="key"] {{
            color: {colours.muted}; background: {colours.card}; border: 1px solid {colours.border};
            border-radius: 5px; padding: 2px 7px;
        }}
        QFrame[role="card"] {{
            background: {colours.card}; border: 1px solid {colours.border}; border-radius: 8px;
        }}
        QFrame[role="line"] {{ background: {colours.border}; border: none; }}
        QPlainTextEdit {{
            background: {colours.card}; border: 1px solid {colours.border}; border-radius: 8px; padding: 6px;
        }}
        QLineEdit {{
            background: {colours.card}; border: 1px solid {colours.border}; border-radius: 7px; padding: 6px 8px;
        }}
        QListView {{
            background: {colours.card}; border: 1px solid {colours.border}; border-radius: 8px; outline: none;
        }}
        QListWidget[role="pages"] {{ background: transparent; border: 1px solid transparent; }}
        QListWidget[role="pages"]::item {{ padding: 8px 10px; border-radius: 6px; }}
        QListWidget[role="pages"]::item:selected {{ background: {colours.accent}; color: {colours.accent_text}; }}
        QSpinBox {{
            background: {colours.card}; border: 1px solid {colours.border}; border-radius: 7px; padding: 5px 8px;
        }}
        QSpinBox QLineEdit {{ background: transparent; border: none; padding: 0 0 0 6px; }}
        QSpinBox::up-button, QSpinBox::down-button {{ width: 0; border: none; }}
        QSpinBox:focus, QPlainTextEdit:focus, QLineEdit:focus, QListView:focus {{ border-color: {colours.accent}; }}
        QPushButton {{
            background: {colours.card}; border: 1px solid {colours.border}; border-radius: 7px; padding: 7px 16px;
        }}
        QPushButton:hover {{ border-color: {colours.muted}; }}
        QPushButton:focus {{ border-color: {colours.accent}; }}
        QPushButton:pressed {{ background: {colours.window}; }}
        QPushButton:checked {{ background: {colours.window}; border-color: {colours.accent}; }}
        QPushButton:disabled {{ color: {colours.muted}; }}
        QPushButton[role="primary"] {{
            background: {colours.accent}; color: {colours.accent_text}; border: 1px solid {colours.accent};
            font-weight: 600;
        }}
        QPushButton[role="primary"]:hover, QPushButton[role="primary"]:focus {{
            background: {colours.accent_hovered};
        }}
        QPushButton[role="primary"]:disabled {{
            background: {colours.card}; color: {colours.muted}; border-color: {colours.border};
        }}
        QPushButton[role="primary"]:focus {{ border-color: {colours.focus}; }}
        QComboBox {{
            background: {colours.card}; border: 1px solid {colours.border}; border-radius: 7px; padding: 6px 10px;
        }}
        QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 3px; }}
        QToolButton:hover {{ background: {colours.card}; border-color: {colours.border}; }}
        QToolButton:focus {{ border-color: {colours.accent}; }}
        QToolButton:checked {{ background: {colours.card}; border-color: {colours.accent}; }}
        QComboBox:hover {{ border-color: {colours.muted}; }}
        QComboBox:focus {{ border-color: {colours.accent}; }}
        QComboBox::drop-down {{ border: none; width: 24px; }}
        QComboBox::down-arrow {{ image: url("{icon_path("chevron").as_posix()}"); width: 14px; height: 14px; }}
        QComboBox {{ combobox-popup: 0; }}  /* a list below the field, as long as its entries */
        QComboBoxPrivateContainer {{
            background: {colours.card}; border: 1px solid {colours.border}; padding: 3px;
        }}
        QComboBox QAbstractItemView {{
            background: {colours.card}; color: {colours.text}; border: none; border-radius: 0; outline: none;
        }}
        QComboBox QAbstractItemView::item {{ min-height: 28px; padding: 0 8px; border-radius: 5px; }}
        QComboBox QAbstractItemView::item:hover, QComboBox QAbstractItemView::item:selected {{
            background: {colours.accent}; color: {colours.accent_text};
        }}
        QMenu {{ background: {colours.card}; color: {colours.text}; border: 1px solid {colours.border}; padding: 4px; }}
        QMenu::item {{ padding: 6px 18px; border-radius: 5px; }}
        QMenu::item:selected {{ background: {colours.accent}; color: {colours.accent_text}; }}
        QMenu::item:disabled {{ color: {colours.muted}; background: transparent; }}
        QMenu::separator {{ height: 1px; background: {colours.border}; margin: 4px 6px; }}
        QCheckBox {{ spacing: 8px; }}
        QCheckBox::indicator, QListView::indicator {{
            width: 16px; height: 16px; border: 1px solid {colours.muted}; border-radius: 4px;
            background: {colours.card};
        }}
        QCheckBox::indicator:focus {{ border-color: {colours.focus}; }}
        QCheckBox::indicator:checked, QListView::indicator:checked {{
            background: {colours.accent}; border-color: {colours.accent};
            image: url("{icon_path("check").as_posix()}");
        }}
        QCheckBox::indicator:checked:focus {{ border-color: {colours.focus}; }}
        QTableView, QTreeView {{
            background: {colours.card}; border: 1px solid {colours.border}; border-radius: 8px; outline: none;
            gridline-color: {colours.card};
        }}
        QTableView::item, QTreeView::item {{ padding: 3px 8px; }}
        QTableView::item:hover, QTreeView::item:hover, QTableView::item:selected, QTreeView::item:selected {{
            background: {colours.lit}; color: {colours.text};
        }}
        QHeaderView {{ background: {colours.card}; border: none; }}
        QHeaderView::section {{
            background: {colours.card}; color: {colours.muted}; border: none;
            border-bottom: 1px solid {colours.border}; padding: 6px 8px; font-weight: 600;
        }}
        QScrollBar:vertical {{ background: transparent; width: 12px; margin: 2px; }}
        QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 2px; }}
        QScrollBar::handle {{ background: {colours.border}; border-radius: 4px; }}
        QScrollBar::handle:vertical {{ min-height: 28px; }}
        QScrollBar::handle:horizontal {{ min-width: 28px; }}
        QScrollBar::handle:hover {{ background: {colours.muted}; }}
        QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
        QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
        QScrollArea {{ background: transparent; border: none; }}
        QAbstractScrollArea::corner {{ background: transparent; border: none; }}
        QToolTip {{ color: {colours.text}; background: {colours.card}; border: 1px solid {colours.border}; }}
    """
