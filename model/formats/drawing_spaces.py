"""TeX's distances in a formula's MathML: ziamath sets rows as close as their ink, and limits beside their operators."""

from xml.etree import ElementTree

_EM = 1 / 1.333  # ziamath counts the em in the points of print, three quarters of a pixel each
# A row is at least as high and deep as LaTeX's strut: seven and three tenths of the line's distance, 1.2 em.
_STRUT_HEIGHT, _STRUT_DEPTH = 0.84, 0.36
_CASES_STRETCH = 1.2
_COLUMN_SPACE = 1.0  # twice LaTeX's \arraycolsep
_ALIGNED_ROWS = 0.3  # LaTeX's \jot
# What has its limits above and below in a displayed formula.
_WITH_LIMITS = set("∑∏∐⋂⋃⋀⋁⨁⨂⨀⨄⨆")
_OVER_AND_UNDER = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
_MATHML = "{http://www.w3.org/1998/Math/MathML}"


def space_as_tex(root: ElementTree.Element) -> None:
    """Give rows, columns and limits of a displayed formula their places, in the tree itself."""
    _place_limits(root)
    _space_tables(root, is_small=False, opening="")


def _name(element: ElementTree.Element) -> str:
    return element.tag.removeprefix(_MATHML)


def _rename(element: ElementTree.Element, name: str) -> None:
    element.tag = element.tag.replace(_name(element), name)


def _place_limits(element: ElementTree.Element) -> None:
    """Put the limits of large operators above and below, but not in scripts, fractions and text style."""
    name = _name(element)
    if name in _OVER_AND_UNDER and len(element) and (element[0].text or "").strip() in _WITH_LIMITS:
        _rename(element, _OVER_AND_UNDER[name])
        element[0].set("largeop", "true")
    is_in_text_style = name in ("mfrac", "mtable") and element.get("displaystyle") != "true"
    if is_in_text_style or element.get("displaystyle") == "false" or element.get("scriptlevel") == "1":
        return
    inner = element[:1] if name in (*_OVER_AND_UNDER, *_OVER_AND_UNDER.values()) else element
    for child in inner:
        _place_limits(child)


def _space_tables(element: ElementTree.Element, *, is_small: bool, opening: str) -> None:
    is_small = is_small or element.get("scriptlevel") == "1"  # \substack and smallmatrix have distances of their own
    if _name(element) == "mtable" and not is_small:
        _space_table(element, stretch=_CASES_STRETCH if opening == "{" else 1.0)
    before = ""
    for child in element:
        _space_tables(child, is_small=is_small, opening=before)
        before = (child.text or "").strip()


def _space_table(table: ElementTree.Element, *, stretch: float) -> None:
    table.set("rowspacing", _em(0.0 if table.get("rowspacing") is None else _ALIGNED_ROWS))
    if table.get("displaystyle") is None:
        table.set("displaystyle", "false")
    if table.get("columnspacing") is None:
        table.set("columnspacing", _em(_COLUMN_SPACE))
    for row in table:
        if len(row):
            strut = ElementTree.SubElement(row[0], table.tag.replace("mtable", "mspace"))
            strut.set("height", _em(_STRUT_HEIGHT * stretch))
            strut.set("depth", _em(_STRUT_DEPTH * stretch))


def _em(value: float) -> str:
    return f"{value * _EM:.3f}em"
