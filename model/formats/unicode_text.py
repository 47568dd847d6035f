"""A formula of MathML as one line of Unicode text.

Scripts are raised and lowered where Unicode has every character of them, which the character database itself tells;
elsewhere they stay `^(…)` and `_(…)`, so that nothing of the formula is lost.
"""

import functools
import unicodedata
from collections.abc import Iterable
from xml.etree.ElementTree import Element

_SCRIPT_BLOCKS = ((0x00AA, 0x00BB), (0x02B0, 0x02E9), (0x1D2C, 0x1D6B), (0x2070, 0x209D), (0x2C7C, 0x2C7E))
# MathML marks an accent by a character of its own; these combine with the letter before them.
_ACCENTS = {
    "^": "\u0302", "ˆ": "\u0302", "˜": "\u0303", "~": "\u0303", "¯": "\u0304", "‾": "\u0305", "―": "\u0305",
    "_": "\u0305", "˙": "\u0307", ".": "\u0307", "¨": "\u0308", "→": "\u20d7", "⃗": "\u20d7", "ˇ": "\u030c",
    "˘": "\u0306", "´": "\u0301", "`": "\u0300",
}  # fmt: skip
_STYLES = {
    "bold": "BOLD",
    "bold-italic": "BOLD ITALIC",
    "script": "SCRIPT",
    "bold-script": "BOLD SCRIPT",
    "fraktur": "FRAKTUR",
    "double-struck": "DOUBLE-STRUCK",
    "sans-serif": "SANS-SERIF",
    "monospace": "MONOSPACE",
}
_GROUPS = frozenset("mrow math mstyle mpadded mtd semantics menclose merror".split())
_SPACED = frozenset("=<>≤≥≈≠≡∼≃≅∝∈∉⊂⊆⊃⊇→←↔⇒⇐⇔↦≪≫=+−±∓")
_SIGNS = frozenset("+−±∓")
_OPENING = (" ", "(", "[", "{", ",")
_FACTORS = ("(", "[", "{", "√", "∑", "∏", "∫", "∂", "|", "‖", "⟨")
_INVISIBLE = "\u2061\u2062\u2063\u2064\u200b"


def text_of(element: Element) -> str:
    """The text of a formula, spaced by single spaces."""
    return " ".join(_text(element).split()).replace(": =", " :=").replace("  ", " ")


def _text(element: Element) -> str:
    name = element.tag.rpartition("}")[2]
    parts = list(element)
    if name in ("mi", "mn", "mo", "mtext", "ms"):
        return _leaf(name, element)
    if name in ("mspace", "mphantom"):
        return " "
    if name == "mfrac" and len(parts) == 2:
        if element.get("linethickness") in ("0", "0px", "0pt"):  # a binomial coefficient stands in brackets already
            return f"{_text(parts[0])} ¦ {_text(parts[1])}"
        below = _text(parts[1]).strip()
        return f"{_grouped(parts[0])}/{below if below.isdecimal() else _bracketed(below, of_factors=True)}"
    if name == "msqrt":
        return f"√{_bracketed(_joined(parts))}"
    if name == "mroot" and len(parts) == 2:
        return f"{_script(_text(parts[1]), raised=True, alone=True)}√{_grouped(parts[0])}"
    if name in ("msub", "msup", "msubsup", "munder", "mover", "munderover"):
        return _scripted(name, parts)
    if name == "mtable":
        return _table(element)
    return _joined(parts) if parts or name in _GROUPS else (element.text or "")


def _leaf(name: str, element: Element) -> str:
    text = "".join(one for one in element.text or "" if one not in _INVISIBLE)
    style = _STYLES.get(element.get("mathvariant", ""))
    if style:
        text = "".join(_styled(one, style) for one in text)
    if name == "mo" and text in _SPACED and text:
        return f" {text} "
    # A name such as `sin` would else run into the letter that follows.
    return f"{text} " if name in ("mi", "mo") and len(text) > 1 and text.isalpha() and not style else text


def _table(table: Element) -> str:
    if table.get("displaystyle") == "true":  # lines below each other, with a column mark in them
        return "; ".join(_joined(row).strip().removesuffix(",") for row in table)
    return "[" + "; ".join(", ".join(_text(cell).strip() for cell in row) for row in table) + "]"


def _joined(parts: Iterable[Element]) -> str:
    """The parts one after another, without making one number of two, or a term of a sign."""
    texts: list[str] = []
    is_fraction = False
    for part in parts:
        text = _text(part)
        before = texts[-1] if texts else ""
        if text.startswith(" ") and text.strip() in _SIGNS and (not before.strip() or before.endswith(_OPENING)):
            text = text.strip()
        if is_fraction and (text[:1].isalnum() or text.startswith(_FACTORS)):
            texts[-1] = f"({before})"
        is_fraction = part.tag.endswith("mfrac") and not _is_bracketed(text)
        if is_fraction and before and before[-1].isalnum():
            text, is_fraction = f"({text})", False
        texts.append(text)
    return "".join(texts)


def _scripted(name: str, parts: list[Element]) -> str:
    base = _text(parts[0])
    scripts = [_text(part).strip() for part in parts[1:]]
    kinds = {"msub": "_", "munder": "_", "msup": "^", "mover": "^", "msubsup": "_^", "munderover": "_^"}[name]
    stripped = base.strip()
    if name == "mover" and scripts and scripts[0] in _ACCENTS and _width(stripped) == 1:
        return stripped + _ACCENTS[scripts[0]]
    if _width(stripped) > 1 and not stripped.isalpha() and not _is_bracketed(stripped):
        stripped = f"({stripped})"
    raised = "".join(
        _script(text, raised=kind == "^") for kind, text in zip(kinds, scripts, strict=False) if text
    )  # an empty script is one that stands before its letter
    return stripped + raised + (" " if name.startswith(("munder", "mover")) else "")


def _script(text: str, *, raised: bool, alone: bool = False) -> str:
    forms = _script_forms()[raised]
    packed = text.replace(" ", "")
    if packed and all(one in forms for one in packed):
        return "".join(forms[one] for one in packed)
    mark = "" if alone else "^" if raised else "_"
    return mark + (text if _width(text) == 1 or _is_bracketed(text) else f"({text})")


@functools.cache
def _script_forms() -> tuple[dict[str, str], dict[str, str]]:
    """The lowered and the raised form of each character that has one."""
    forms: tuple[dict[str, str], dict[str, str]] = (
        {"−": "₋"},
        {"−": "⁻", "′": "′", "'": "′", "″": "″", "∗": "*", "*": "*", "⊤": "ᵀ", "†": "†"},
    )
    for first, end in _SCRIPT_BLOCKS:
        for code in range(first, end):
            kind, _, plain = unicodedata.decomposition(chr(code)).partition(" ")
            if kind in ("<sub>", "<super>") and " " not in plain:
                forms[kind == "<super>"].setdefault(chr(int(plain, 16)), chr(code))
    return forms


def _styled(character: str, style: str) -> str:
    """The letter or digit in a style, where Unicode has it."""
    try:
        name = unicodedata.name(character)
        name = name.replace("LATIN ", "").replace("GREEK ", "").replace(" LETTER", "")
        return unicodedata.lookup(f"MATHEMATICAL {style} {name}")
    except (KeyError, ValueError):
        # Some letters were in Unicode before the alphabets of mathematics, under names such as DOUBLE-STRUCK CAPITAL R.
        return _early_letter(character, style)


def _early_letter(character: str, style: str) -> str:
    early = "BLACK-LETTER" if style == "FRAKTUR" else style
    size = "CAPITAL" if character.isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"{early} {size} {character.upper()}")
    except KeyError:
        return character


def _grouped(element: Element) -> str:
    return _bracketed(_text(element).strip())


def _bracketed(text: str, *, of_factors: bool = False) -> str:
    """In brackets, unless it is one symbol, in brackets already, or several letters that are no factors."""
    text = text.strip()
    if _width(text) == 1 or (text.isalnum() and not of_factors) or _is_bracketed(text):
        return text
    return f"({text})"


def _width(text: str) -> int:
    """How many characters stand beside each other; an accent stands on one."""
    return sum(not unicodedata.combining(one) for one in text)


def _is_bracketed(text: str) -> bool:
    depth = 0
    for position, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0:
            return position == len(text) - 1 and position > 0 and text[0] == "("
    return False
