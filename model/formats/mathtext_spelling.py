"""Spell a formula the way mathtext reads it, so that it draws what TeX would, or leave it to the other renderer.

Mathtext takes much of LaTeX and quietly draws something else for parts of it; each rule here is for one such part. The
spaces are TeX's: none round an operator in a script, a thin one after a large operator (The TeXbook, chapter 18).
"""

import re

from model.formats.format_error import FormatError

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_SPACED_SCRIPT = re.compile(r"(?<![\\\s])\s*(?<!\\)([_^])\s*")
_SPACED_SIZE = re.compile(r"(\\[bB]igg?[lrm]?)\s+")
_BARE_DOLLAR = re.compile(r"(?<!\\)\$")
# Mathtext takes the text as it stands, marks of TeX and all.
_SPECIAL_TEXT = re.compile(r"\\(?:text[a-z]*|mbox|hbox|operatorname|tag)\*?\s*\{[^{}]*[\\#$%&_~^{\"'`]")
_BOLD_COMMAND = re.compile(r"\\(?:boldsymbol|mathbf|bm)\s*\{[^{}]*\\")
_DRAWN_BADLY = {
    r"\not": "A negated relation needs its own glyph.",
    r"\iint": "Several integrals are drawn small.",
    r"\iiint": "Several integrals are drawn small.",
    r"\oiint": "Several integrals are drawn small.",
    r"\mathbb": "Its double-struck letters are of another face.",
    r"\{": "Its braces are too large for the line.",
    r"\}": "Its braces are too large for the line.",
}
_LARGE = set(
    r"\sum \prod \coprod \bigcap \bigcup \bigsqcup \bigvee \bigwedge \bigodot \bigotimes \bigoplus \biguplus "
    r"\int \oint".split()
)
_RELATIONS = set(
    r"= < > : \leq \geq \le \ge \equiv \sim \simeq \approx \cong \propto \neq \ne \in \ni \notin \subset \supset "
    r"\subseteq \supseteq \ll \gg \prec \succ \mid \parallel \perp \models \vdash \to \rightarrow \leftarrow "
    r"\Rightarrow \Leftarrow \Leftrightarrow \leftrightarrow \mapsto \longrightarrow \longmapsto".split()
)
_BINARIES = set(r"+ - * \pm \mp \times \cdot \ast \circ \div \cap \cup \vee \wedge \oplus \otimes \setminus".split())
# Mathtext itself leaves out the spaces in the scripts of these.
_NAMES = set(
    r"\lim \max \min \sup \inf \limsup \liminf \det \gcd \Pr \log \ln \lg \exp \sin \cos \tan \cot \sec \csc "
    r"\arcsin \arccos \arctan \sinh \cosh \tanh \coth \arg \deg \dim \hom \ker \operatorname".split()
)
_NO_ORDINARY = _RELATIONS | _BINARIES | set(") ] ( [ | , ; . } ! ' _ ^".split()) | {r"\right", r"\rangle", r"\langle"}
_FRACTIONS = {r"\frac": r"\dfrac", r"\binom": r"\genfrac{(}{)}{0.0}{0}"}
_SPELLINGS = {r"\setminus": r"\hspace{0.2}\backslash\hspace{0.2}"}
# Mathtext's own space is 0.2 em on either side; TeX's is none in a script, and five eighteenths round a relation.
_TAKEN_AWAY = r"\hspace{-0.2}"
_ADDED = r"\hspace{0.07}"


def spelt_for_mathtext(latex: str) -> str:
    r"""Spell a formula so that mathtext draws what TeX would.

    Mathtext sets a script on the line when a space stands beside its `_` or `^`, sets the outermost fractions small,
    and draws `\not` beside its relation.

    Raises:
        FormatError: Mathtext would draw something else, however it is spelt.
    """
    if _BARE_DOLLAR.search(latex):
        raise FormatError("A $ would end the formula.")
    if _SPECIAL_TEXT.search(latex):
        raise FormatError("Its text has marks of TeX.")
    if _BOLD_COMMAND.search(latex):
        raise FormatError("Its Greek letters have no bold.")
    latex = _SPACED_SIZE.sub(r"\1", _SPACED_SCRIPT.sub(r"\1", " ".join(latex.split())))
    tokens = _TOKEN.findall(latex)
    if badly := next((token for token in tokens if token in _DRAWN_BADLY), None):
        raise FormatError(_DRAWN_BADLY[badly])
    return _Speller(tokens).spelt()


class _Speller:
    """Goes through the tokens with the groups that are open: of a script, of a fraction, or of something else."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._spelt: list[str] = []
        self._groups: list[tuple[str, list[str]]] = []  # what each is, and what the groups after it are
        self._awaited: list[str] = []  # what the next groups are
        self._large: int | None = None  # how many groups are open round a large operator that waits for its space
        self._text: int | None = None  # and round a text, whose characters are no operators
        self._is_name = False  # whether what stands before is a function's name

    def spelt(self) -> str:
        """The whole, in mathtext's spelling."""
        for token in self._tokens:
            self._take(token)
        return "".join(self._spelt)

    def _take(self, token: str) -> None:
        if self._large == len(self._groups) and not self._awaited and token not in ("_", "^", " "):
            self._large = None
            if token not in _NO_ORDINARY:
                self._spelt.append(r"\,")
        self._spelt.append(self._spelling(token))
        self._follow(token)

    def _follow(self, token: str) -> None:
        if token == "{":
            kind = self._awaited.pop() if self._awaited else ""
            self._groups.append((kind, self._awaited))
            self._awaited = []
        elif token == "}":
            _, self._awaited = self._groups.pop() if self._groups else ("", [])
            if self._text is not None and len(self._groups) <= self._text:
                self._text = None
        elif token in ("_", "^"):
            self._awaited = ["script of a name" if self._is_name else "script"]
        elif token in _FRACTIONS or token == r"\dfrac":
            self._awaited = ["fraction", "fraction"]
        elif token.startswith((r"\text", r"\mathrm", r"\operatorname")):
            self._text = len(self._groups)
        elif token != " ":
            if self._awaited:
                self._awaited.pop()  # a script or a part of a fraction without braces
            if token in _LARGE:
                self._large = len(self._groups)
        if token not in ("_", "^", "{", "}", " "):
            self._is_name = token in _NAMES

    def _spelling(self, token: str) -> str:
        if self._text is not None:
            return token
        kinds = [kind for kind, _ in self._groups]
        if token in _FRACTIONS:
            return token if any(kinds) else _FRACTIONS[token]
        if "script of a name" in kinds:
            return token
        if "script" in kinds:
            is_spaced = token in _RELATIONS or token in _BINARIES
            return f"{_TAKEN_AWAY}{token}{_TAKEN_AWAY}" if is_spaced and token not in _SPELLINGS else token
        if token in _RELATIONS and not self._awaited:
            return f"{_ADDED}{token}{_ADDED}"
        return _SPELLINGS.get(token, token)
