"""The recogniser's own sentences in the language of the windows.

The model half knows no Qt and speaks English; each of its sentences that a user can meet in a window stands here,
with a number in braces where it names something.
"""

import functools
import re

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_CONTEXT = "ModelSentences"
_SENTENCES = (
    QT_TRANSLATE_NOOP("ModelSentences", "The image is blank: nothing stands out from its background."),
    QT_TRANSLATE_NOOP("ModelSentences", "The image is empty."),
    QT_TRANSLATE_NOOP("ModelSentences", "The image is too large to read: {0} x {1} pixels."),
    QT_TRANSLATE_NOOP("ModelSentences", "The image is too small to hold a formula: {0} x {1} pixels."),
    QT_TRANSLATE_NOOP("ModelSentences", "No formula goes on with {0} there."),
    QT_TRANSLATE_NOOP("ModelSentences", "The formula is too long to be read on."),
    QT_TRANSLATE_NOOP("ModelSentences", "There is no vocabulary at {0}."),
    QT_TRANSLATE_NOOP("ModelSentences", "There are no weights at {0}."),
    QT_TRANSLATE_NOOP("ModelSentences", "{0} is damaged or was not written by Snaptex: {1}."),
    QT_TRANSLATE_NOOP("ModelSentences", "{0} does not hold a recogniser network: {1}."),
    QT_TRANSLATE_NOOP("ModelSentences", "{0} is damaged: it is not the file that was installed."),
    QT_TRANSLATE_NOOP("ModelSentences", "{0} cannot be read; install Snaptex again."),
    QT_TRANSLATE_NOOP("ModelSentences", "{0} is damaged; install Snaptex again."),
    QT_TRANSLATE_NOOP(
        "ModelSentences",
        "The weights {0} were trained with another vocabulary than {1}; use the two of one training run.",
    ),
    QT_TRANSLATE_NOOP("ModelSentences", "The graphs {0} are missing or damaged: {1}."),
    QT_TRANSLATE_NOOP(
        "ModelSentences",
        "The graphs {0} were made for another network than {1}, or another version of Snaptex; export them anew.",
    ),
    QT_TRANSLATE_NOOP("ModelSentences", "There is no formula to draw."),
    QT_TRANSLATE_NOOP("ModelSentences", "The formula is too long for a preview: {0} characters."),
    QT_TRANSLATE_NOOP("ModelSentences", "There is a closing brace too many."),
    QT_TRANSLATE_NOOP("ModelSentences", "A closing brace is missing."),
    QT_TRANSLATE_NOOP("ModelSentences", "A column mark & stands outside of an environment."),
    QT_TRANSLATE_NOOP("ModelSentences", "The last command has no name yet."),
    QT_TRANSLATE_NOOP("ModelSentences", "A $ can stand in a \\text only."),
    QT_TRANSLATE_NOOP("ModelSentences", "The preview does not know {0}."),
    QT_TRANSLATE_NOOP("ModelSentences", "The preview has no glyph for {0}."),
    QT_TRANSLATE_NOOP("ModelSentences", "This formula has no preview; its LaTeX may be incomplete."),
    QT_TRANSLATE_NOOP("ModelSentences", "This formula can't be written in MathML; its LaTeX may be incomplete."),
    QT_TRANSLATE_NOOP("ModelSentences", "This formula can't be written in Typst."),
    QT_TRANSLATE_NOOP("ModelSentences", "The command {0} is known in LaTeX only."),
    QT_TRANSLATE_NOOP("ModelSentences", "This formula has nothing to draw."),
    QT_TRANSLATE_NOOP("ModelSentences", "The formula is too large for a preview."),
    QT_TRANSLATE_NOOP("ModelSentences", "The formula is nested too deeply: {0} levels."),
    QT_TRANSLATE_NOOP("ModelSentences", "This formula takes too long to draw."),
    QT_TRANSLATE_NOOP("ModelSentences", "The preview can't be drawn: its process does not start."),
    QT_TRANSLATE_NOOP("ModelSentences", "{0} is no length."),
    QT_TRANSLATE_NOOP("ModelSentences", "{0} is no colour."),
    QT_TRANSLATE_NOOP("ModelSentences", "The image is full of specks; no formula can be told from them."),
    QT_TRANSLATE_NOOP("ModelSentences", "There is no formula or text in this image that can be read."),
)


def translated(sentence: str) -> str:
    """The sentence in the language of the windows; as it is, where it is none of these."""
    for template, pattern in _patterns():
        if match := pattern.fullmatch(sentence):
            return QCoreApplication.translate(_CONTEXT, template).format(*match.groups())
    return sentence


@functools.cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [
        (template, re.compile(re.sub(r"\\\{\d\\\}", "(.*)", re.escape(template)), re.DOTALL))
        for template in map(str, _SENTENCES)
    ]
