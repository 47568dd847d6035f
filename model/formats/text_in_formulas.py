r"""Text inside of formulas: `\text{…}` and its like, and what else in a formula is not mathematics.

The one hard fact: the libraries hand such text on as it is, so that `<script>` becomes an element and `#read(…)` code
of another language. Here each character of text that any of those languages could take for its own is replaced by a
mark, a character of Unicode's private use, before a library sees it; whoever gets the library's result puts the
character in the place of its mark, escaped as the language wants it.
"""

from __future__ import annotations

import re
import unicodedata

from model.formats.format_error import FormatError

_FIRST_MARK = 0xE000
_MARKS = {chr(_FIRST_MARK + code): chr(code) for code in range(0x20, 0x7F) if not chr(code).isalnum()}
_MARKED = re.compile(f"[{''.join(_MARKS)}]")
_TO_MARKS = str.maketrans({character: mark for mark, character in _MARKS.items() if character != " "})

# The names by which the libraries know them.
_TEXT_COMMANDS = {
    **dict.fromkeys("text textrm textnormal textup textmd textsc mbox hbox".split(), r"\text"),
    **dict.fromkeys("textit textsl emph".split(), r"\textit"),
    "textbf": r"\textbf",
    "texttt": r"\texttt",
    "textsf": r"\textsf",
}
_TEXT = re.compile(rf"\\(?P<name>{'|'.join(_TEXT_COMMANDS)}|operatorname\*?|tag\*?)\s*(?=\{{)|\\.", re.DOTALL)
_SYMBOLS = {
    "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textless": "<", "textgreater": ">",
    "textquotedbl": '"', "textquotesingle": "'", "textbar": "|", "textunderscore": "_", "textdollar": "$",
    "textbraceleft": "{", "textbraceright": "}", "textasteriskcentered": "*", "slash": "/", "lbrack": "[",
    "rbrack": "]", "lbrace": "{", "rbrace": "}", "dots": "…", "ldots": "…", "textellipsis": "…", "quad": " ",
    "qquad": " ", "space": " ", "enspace": " ", "thinspace": " ", "textendash": "–", "textemdash": "—",
    "ss": "ß", "ae": "æ", "oe": "œ", "AE": "Æ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å", "i": "ı",
    "S": "§", "P": "¶", "copyright": "©", "pounds": "£",
}  # fmt: skip
_COMBINING = {"'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307"}
_PIECE = re.compile(
    r"\\(?P<command>[A-Za-z]+)\*?[ \t\n]*"
    r"|\\(?P<accent>['`^~\"=.])\s*(?P<letter>\{[^{}\\]?\}|[A-Za-z])"
    r"|\\(?P<escaped>.)|(?P<plain>.)",
    re.DOTALL,
)
_LINKED = re.compile(r"\\(?P<name>href|style|class|cssId|htmlId|htmlClass|data)\s*(?=\{)|\\.", re.DOTALL)
_DIMENSION = re.compile(r"\\(?:hspace|hskip|mspace|mskip|kern|mkern|vspace|rule)\*?\s*(?:\[[^\]]*\]\s*)?\{([^{}]*)\}")
_LENGTH = re.compile(r"\s*[+-]?\s*\d{0,6}\.?\d{0,6}\s*(?:em|ex|pt|mu|cm|mm|in|pc|px|bp|sp)?\s*")
_COLOUR = re.compile(r"\\(?:color|textcolor|colorbox|fcolorbox)\s*(?:\[[A-Za-z]*\]\s*)?\{([^{}]*)\}")
_NAME_OF_COLOUR = re.compile(r"\s*(?:[A-Za-z]{1,24}|#[0-9A-Fa-f]{3,8}|[\d.,\s]{1,24})\s*")


def mark_text(latex: str) -> str:
    r"""Put marks into all text of a formula, and leave out what is neither text nor formula, such as `\href`'s link.

    Raises:
        FormatError: The text has a dollar sign without its partner, or a length or a colour is none.
    """
    latex = _without_links(latex)
    for place in _DIMENSION.finditer(latex):
        if not _LENGTH.fullmatch(place[1]):
            raise FormatError(f"{place[1].strip()[:40]} is no length.")
    for place in _COLOUR.finditer(latex):
        if not _NAME_OF_COLOUR.fullmatch(place[1]):
            raise FormatError(f"{place[1].strip()[:40]} is no colour.")
    written: list[str] = []
    position = 0
    while found := _next_named(_TEXT, latex, position):
        end = _end_of_group(latex, found.end())
        written += (latex[position : found.start()], _marked(found["name"], latex[found.end() + 1 : end - 1]))
        position = end
    return "".join(written) + latex[position:]


def unmark(text: str) -> str:
    """Put the characters in the places of their marks, as they are."""
    return _MARKED.sub(lambda mark: _MARKS[mark[0]], text)


def mark(character: str) -> str:
    """The mark of a character of ASCII that is no letter, digit or space."""
    return character.translate(_TO_MARKS)


def _marked(command: str, content: str) -> str:
    if command.startswith("operatorname"):
        return rf"\{command}{{{_characters(content)}}}" if _is_text(content) else rf"\{command}{{{content}}}"
    if command.startswith("tag"):
        text = _characters(content)
        return rf"\qquad\text{{{text if command == 'tag*' else mark('(') + text + mark(')')}}}"
    name = _TEXT_COMMANDS[command]
    pieces = _split_at_dollars(content)
    written = [
        f"{{{mark_text(piece)}}}" if number % 2 else f"{name}{{{_characters(piece)}}}"
        for number, piece in enumerate(pieces)
        if piece
    ]
    return written[0] if len(written) == 1 else f"{{{''.join(written)}}}"


def _is_text(content: str) -> bool:
    r"""Whether a name is made of characters; one with commands, such as `\operatorname{\mathcal{F}}`, is a formula."""
    return "\\" not in re.sub(r"\\[#$%&_]", "", content)


def _characters(content: str) -> str:
    """The text that TeX would set, marked."""
    characters = []
    for piece in _PIECE.finditer(content):
        if command := piece["command"]:
            if command in _TEXT_COMMANDS:
                continue  # the braces after it are left out, too
            if command not in _SYMBOLS:
                raise FormatError(rf"The command \{command} is known in LaTeX only.")
            characters.append(_SYMBOLS[command])
        elif accent := piece["accent"]:
            letter = piece["letter"].strip("{}")
            composed = unicodedata.normalize("NFC", letter + _COMBINING[accent])
            characters.append(composed if letter else accent)
        elif escaped := piece["escaped"]:
            characters.append({"\\": " ", "-": "", "/": ""}.get(escaped, " " if escaped in ",;:! " else escaped))
        elif piece["plain"] == "~":
            characters.append("\u00a0")
        elif piece["plain"] not in "{}":
            characters.append(piece["plain"])
    text = "".join(one if one.isprintable() else " " for one in "".join(characters))
    return text.translate(_TO_MARKS)


def _split_at_dollars(content: str) -> list[str]:
    """Text and formulas by turns."""
    pieces = re.split(r"(?<!\\)\$", content)
    if len(pieces) % 2 == 0:
        raise FormatError("A $ can stand in a \\text only.")
    return pieces


def _without_links(latex: str) -> str:
    r"""Leave out the first argument of `\href` and its like: only the second is seen."""
    while found := _next_named(_LINKED, latex, 0):
        latex = latex[: found.start()] + latex[_end_of_group(latex, found.end()) :]
    return latex


def _next_named(pattern: re.Pattern[str], latex: str, position: int) -> re.Match[str] | None:
    r"""The next match that has a name; the others are there to pass over the second backslash of a `\\`."""
    return next((found for found in pattern.finditer(latex, position) if found["name"]), None)


def _end_of_group(latex: str, start: int) -> int:
    """Where the group ends that begins at an opening brace; braces are known to pair."""
    depth = 0
    for found in re.compile(r"\\.|[{}]", re.DOTALL).finditer(latex, start):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    raise FormatError("A closing brace is missing.")
