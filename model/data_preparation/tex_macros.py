r"""Expands the macros a document defines: `\newcommand`, `\def`, `\let`, `\DeclareMathOperator`, `\newenvironment`.

Commands that the document does not define stay as they are. A definition counts from where it stands to the end of the
document: groups do not limit it. Depth and size of expansions are bounded, so no macro can run for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from model.data_preparation.tex_lexer import PARAGRAPH, unlex

# A macro nested deeper stays as it is, and so do all once expansions have made this many tokens.
MAXIMUM_DEPTH = 40
_SWELLING = 20  # times the size of the document
_SMALLEST_ALLOWANCE = 200_000
_BLANKS = frozenset({" ", PARAGRAPH})


@dataclass(frozen=True)
class Macro:
    """A definition.

    Attributes:
        pattern: Its parameters and the tokens that must stand between them.
        body: What it stands for.
        default: The first argument, where that is optional and left out.
    """

    pattern: tuple[str, ...]
    body: tuple[str, ...]
    default: tuple[str, ...] | None = None


class _EndOfDocumentError(Exception):
    """The tokens end inside a definition or an argument."""


class MacroExpander:
    r"""Applies the definitions of a document as it reads them.

    Attributes:
        macros: The definitions in force; an environment has two, under `\begin{name}` and `\end{name}`.
        is_exhausted: Whether a bound was met, so that macros may be left in the result.
    """

    def __init__(self, read_included: Callable[[str], list[str]] | None = None) -> None:
        self.macros: dict[str, Macro] = {}
        self.is_exhausted = False
        self._read_included = read_included
        self._allowance = 0
        self._pending: list[tuple[str, int]] = []  # The next token comes last; with it, how deep it was expanded.
        self._definitions: Mapping[str, Callable[[], None]] = {
            **dict.fromkeys((r"\newcommand", r"\renewcommand", r"\DeclareRobustCommand"), self._define_command),
            r"\providecommand": self._provide_command,
            **dict.fromkeys((r"\def", r"\gdef", r"\edef", r"\xdef"), self._define_by_pattern),
            r"\let": self._copy,
            r"\DeclareMathOperator": self._define_operator,
            **dict.fromkeys((r"\newenvironment", r"\renewenvironment"), self._define_environment),
            r"\iffalse": self._skip_conditional,
        }

    def expand(self, tokens: Iterable[str]) -> list[str]:
        """Returns the tokens with every macro replaced; definitions are left out."""
        source = list(tokens)
        self._push(source, 0)
        self._allowance = max(_SMALLEST_ALLOWANCE, _SWELLING * len(source))
        expanded: list[str] = []
        try:
            while self._pending:
                self._step(expanded)
        except _EndOfDocumentError:
            self._pending.clear()
        return expanded

    def _step(self, expanded: list[str]) -> None:
        token, depth = self._pending.pop()
        if token[0] != "\\":
            expanded.append(token)
        elif (define := self._definitions.get(token)) is not None:
            define()
        elif token in {r"\begin", r"\end"}:
            name = self._argument()
            if (macro := self.macros.get(_environment_key(token, name))) is None:
                expanded += [token, "{", *name, "}"]
            else:
                self._apply(macro, depth)
        elif token in {r"\input", r"\include"} and self._read_included is not None:
            self._push(self._read_included(self._file_name()), depth + 1)
        elif (macro := self.macros.get(token)) is None or not self._apply(macro, depth):
            expanded.append(token)

    def _apply(self, macro: Macro, depth: int) -> bool:
        if self._allowance < 0 or depth >= MAXIMUM_DEPTH:
            self.is_exhausted = True
            return False
        arguments = self._arguments(macro)
        body: list[str] = []
        for token in macro.body:
            body.extend(arguments.get(token, (token,)))
        self._push(body, depth + 1)
        self._allowance -= 1 + len(body)
        return True

    def _push(self, tokens: Sequence[str], depth: int) -> None:
        self._pending.extend((token, depth) for token in reversed(tokens))

    # Reading

    def _next(self) -> str:
        if not self._pending:
            raise _EndOfDocumentError
        return self._pending.pop()[0]

    def _accept(self, wanted: str) -> bool:
        """Steps over blanks, and over the wanted token if that is next."""
        while self._pending and self._pending[-1][0] in _BLANKS:
            self._pending.pop()
        if self._pending and self._pending[-1][0] == wanted:
            self._pending.pop()
            return True
        return False

    def _argument(self) -> tuple[str, ...]:
        if self._accept("{"):
            return self._until(("}",))
        return (self._next(),)

    def _until(self, end: tuple[str, ...]) -> tuple[str, ...]:
        """Reads up to a sequence of tokens outside braces, and over it."""
        tokens: list[str] = []
        depth = 0
        while True:
            tokens.append(token := self._next())
            if depth == 0 and tuple(tokens[-len(end) :]) == end:
                return tuple(tokens[: -len(end)])
            depth += (token == "{") - (token == "}")

    def _arguments(self, macro: Macro) -> dict[str, tuple[str, ...]]:
        arguments: dict[str, tuple[str, ...]] = {}
        pattern = list(macro.pattern)
        if macro.default is not None:
            arguments[pattern.pop(0)] = self._until(("]",)) if self._accept("[") else macro.default
        while pattern:
            parameter = pattern.pop(0)
            if parameter[0] != "#" or len(parameter) == 1:
                self._accept(parameter)
                continue
            end: list[str] = []
            while pattern and not (pattern[0][0] == "#" and len(pattern[0]) > 1):
                end.append(pattern.pop(0))
            arguments[parameter] = _unbraced(self._until(tuple(end))) if end else self._argument()
        return arguments

    def _file_name(self) -> str:
        if self._accept("{"):
            return unlex(self._until(("}",)))
        name = []
        while self._pending and self._pending[-1][0] not in _BLANKS and self._pending[-1][0][0] != "\\":
            name.append(self._next())
        return "".join(name)

    # Definitions

    def _command_name(self) -> str:
        return unlex(self._argument())

    def _define_command(self, *, is_kept: bool = False) -> None:
        self._accept("*")
        name = self._command_name()
        pattern, default = self._parameters()
        body = self._argument()
        if name.startswith("\\") and not (is_kept and name in self.macros):
            self.macros[name] = Macro(pattern, body, default)

    def _provide_command(self) -> None:
        self._define_command(is_kept=True)

    def _parameters(self) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
        count = "".join(self._until(("]",))) if self._accept("[") else ""
        default = self._until(("]",)) if self._accept("[") else None
        pattern = tuple(f"#{number}" for number in range(1, int(count) + 1)) if count in set("123456789") else ()
        return pattern, default if pattern else None

    def _define_by_pattern(self) -> None:
        name = self._next()
        pattern = []
        while (token := self._next()) != "{":
            pattern.append(token)
        body = self._until(("}",))
        if name.startswith("\\"):
            self.macros[name] = Macro(tuple(pattern), body)

    def _copy(self) -> None:
        name = self._next()
        self._accept("=")
        original = self._next()
        if name.startswith("\\"):
            self.macros[name] = self.macros.get(original, Macro((), (original,)))

    def _define_operator(self) -> None:
        star = ("*",) if self._accept("*") else ()
        name = self._command_name()
        if name.startswith("\\"):
            self.macros[name] = Macro((), (r"\operatorname", *star, "{", *self._argument(), "}"))

    def _define_environment(self) -> None:
        self._accept("*")
        name = self._argument()
        pattern, default = self._parameters()
        self.macros[_environment_key(r"\begin", name)] = Macro(pattern, self._argument(), default)
        self.macros[_environment_key(r"\end", name)] = Macro((), self._argument())

    def _skip_conditional(self) -> None:
        depth = 1
        while depth:
            token = self._next()
            if token == r"\fi":
                depth -= 1
            elif token.startswith(r"\if") and token != r"\iff":
                depth += 1
            elif token == r"\else" and depth == 1:
                return


def _environment_key(command: str, name: Iterable[str]) -> str:
    return f"{command}{{{''.join(name).strip()}}}"


def _unbraced(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Takes one pair of braces off an argument that is a single group, as TeX does."""
    if len(tokens) < 2 or tokens[0] != "{" or tokens[-1] != "}":
        return tokens
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token == "{") - (token == "}")
        if depth == 0 and index < len(tokens) - 1:
            return tokens
    return tokens[1:-1]
