r"""Tables of symbols: which exist, which are two names for one look, and which alphabets change them.

Two names share a canonical token when TeX prints the same glyphs for both (spacing aside).
"""

from __future__ import annotations

import string

from model.latex.nodes import Font, Symbol

LETTERS = frozenset(string.ascii_letters)
FOREIGN_LETTERS = frozenset(
    "àáâãäåæçèéêëìíîïñòóôõöøœùúûüýÿßąćęłńśźżčďěňřšťůžğışőű"
    "ÀÁÂÃÄÅÆÇÈÉÊËÍÎÏÑÓÔÕÖØŒÚÛÜĆŁŚŹŻČŘŠŽ«»„"
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
)
"""Letters of words beyond ASCII, and quotation marks that only stand in such words."""
DIGITS = frozenset(string.digits)
PUNCTUATION = frozenset(",.;:!?")

OPERATOR_NAMES = frozenset(
    r"""\arccos \arcsin \arctan \arg \bmod \cos \cosh \cot \coth \csc \deg \det \dim \exp \gcd \hom \inf \injlim \ker
    \lg \lim \liminf \limsup \ln \log \max \min \Pr \projlim \sec \sin \sinh \sup \tan \tanh""".split()
)
# What the letters of an upright run spell, as one token.
OPERATOR_OF_WORD = {name.removeprefix("\\"): name for name in OPERATOR_NAMES} | {"mod": r"\bmod"}
del OPERATOR_OF_WORD["bmod"]

BIG_OPERATORS = frozenset(
    r"""\sum \prod \coprod \int \iint \iiint \iiiint \oint \oiint \idotsint \bigcup \bigcap \bigoplus \bigotimes
    \bigodot \biguplus \bigsqcup \bigvee \bigwedge \bigsqcap \smallint""".split()
)
LIMIT_NAMES = frozenset(r"\det \gcd \inf \injlim \lim \liminf \limsup \max \min \Pr \projlim \sup".split())

LOWER_GREEK = frozenset(
    r"""\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \vartheta \iota \kappa \varkappa \lambda \mu
    \nu \xi \pi \varpi \rho \varrho \sigma \varsigma \tau \upsilon \phi \varphi \chi \psi \omega \digamma""".split()
)
UPPER_GREEK = frozenset(r"\Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Upsilon \Phi \Psi \Omega".split())

RELATIONS = frozenset(
    r"""= < > \leq \geq \neq \equiv \sim \simeq \approx \cong \propto \prec \succ \preceq \succeq \ll \gg \subset
    \supset \subseteq \supseteq \sqsubset \sqsupset \sqsubseteq \sqsupseteq \in \ni \notin \vdash \dashv \models
    \perp \asymp \bowtie \doteq \smile \frown \leqslant \geqslant \lesssim \gtrsim \lessapprox \gtrapprox \lessgtr
    \gtrless \leqq \geqq \lneq \gneq \lneqq \gneqq \nleq \ngeq \nless \ngtr \nleqslant \ngeqslant \lll \ggg
    \doteqdot \risingdotseq \fallingdotseq \backsim \backsimeq \thicksim \thickapprox \approxeq \subseteqq
    \supseteqq \Subset \Supset \preccurlyeq \succcurlyeq \curlyeqprec \curlyeqsucc \precsim \succsim \precapprox
    \succapprox \vDash \Vdash \Vvdash \trianglelefteq \trianglerighteq \vartriangleleft \vartriangleright
    \ntriangleleft \ntriangleright \ntrianglelefteq \ntrianglerighteq \blacktriangleleft \blacktriangleright
    \between \pitchfork \backepsilon \bumpeq \Bumpeq \circeq \triangleq \eqcirc \eqsim \lesseqgtr \gtreqless
    \lesseqqgtr \gtreqqless \lessdot \gtrdot \nsim \ncong \nprec \nsucc \npreceq \nsucceq \nmid \nparallel \nvdash
    \nvDash \nVdash \nVDash \nsubseteq \nsupseteq \subsetneq \supsetneq \subsetneqq \supsetneqq \varsubsetneq
    \varsupsetneq \precneqq \succneqq \precnsim \succnsim \lnsim \gnsim \therefore \because \varpropto \shortmid
    \shortparallel \smallsmile \smallfrown \trianglelefteqslant \trianglerighteqslant \inplus \niplus \leftarrow
    \rightarrow \leftrightarrow \Leftarrow \Rightarrow \Leftrightarrow \longleftarrow \longrightarrow
    \longleftrightarrow \Longleftarrow \Longrightarrow \Longleftrightarrow \mapsto \longmapsto \mapsfrom
    \hookleftarrow \hookrightarrow \leftharpoonup \leftharpoondown \rightharpoonup \rightharpoondown
    \rightleftharpoons \leftrightharpoons \uparrow \downarrow \updownarrow \Uparrow \Downarrow \Updownarrow \nearrow
    \searrow \swarrow \nwarrow \leftleftarrows \rightrightarrows \upuparrows \downdownarrows \leftrightarrows
    \rightleftarrows \Lleftarrow \Rrightarrow \twoheadleftarrow \twoheadrightarrow \leftarrowtail \rightarrowtail
    \looparrowleft \looparrowright \curvearrowleft \curvearrowright \circlearrowleft \circlearrowright \Lsh \Rsh
    \upharpoonleft \upharpoonright \downharpoonleft \downharpoonright \multimap \leftrightsquigarrow
    \rightsquigarrow \nleftarrow \nrightarrow \nleftrightarrow \nLeftarrow \nRightarrow \nLeftrightarrow
    \dashleftarrow \dashrightarrow \shortleftarrow \shortrightarrow""".split()
)
BINARY_OPERATORS = frozenset(
    r"""+ - * \pm \mp \times \div \cdot \star \circ \bullet \cap \cup \uplus \sqcap \sqcup \vee \wedge \setminus \wr
    \diamond \bigtriangledown \triangleleft \triangleright \oplus \ominus \otimes \oslash \odot \bigcirc \dagger
    \ddagger \amalg \dotplus \smallsetminus \Cap \Cup \barwedge \veebar \doublebarwedge \boxminus \boxtimes \boxdot
    \boxplus \divideontimes \ltimes \rtimes \leftthreetimes \rightthreetimes \curlywedge \curlyvee \circleddash
    \circledast \circledcirc \centerdot \intercal \fatsemi \interleave \obar \boxslash \oblong""".split()
)
# amsmath centres `\dots` before these.
CENTRED_DOTS_BEFORE = RELATIONS | BINARY_OPERATORS | BIG_OPERATORS
DELIMITERS = frozenset(
    r"""( ) [ ] / | \| \{ \} \langle \rangle \lfloor \rfloor \lceil \rceil \lgroup \rgroup \lmoustache \rmoustache
    \ulcorner \urcorner \llcorner \lrcorner \llbracket \rrbracket""".split()
)
ORDINARY = frozenset(
    r"""@ ` " \aleph \beth \gimel \daleth \hbar \hslash \imath \jmath \ell \wp \Re \Im \partial \infty \prime \emptyset
    \varnothing \nabla \surd \top \angle \measuredangle \sphericalangle \forall \exists \nexists \neg \flat \natural
    \sharp \clubsuit \diamondsuit \heartsuit \spadesuit \triangle \square \blacksquare \lozenge \blacklozenge
    \bigstar \blacktriangle \blacktriangledown \triangledown \vartriangle \complement \eth \mho \Finv \Game \Bbbk
    \backprime \circledS \circledR \checkmark \maltese \yen \diagup \diagdown \S \P \$ \% \# \& \_ \pounds
    \copyright \ldots \cdots \vdots \ddots \not \lightning""".split()
)

# Other names for a canonical token: chosen where TeX prints the same glyphs for both.
SYNONYMS = {
    name: canonical
    for canonical, names in {
        r"\leq": r"\le", r"\geq": r"\ge", r"\neq": r"\ne", r"\rightarrow": r"\to", r"\leftarrow": r"\gets",
        r"\ni": r"\owns", r"\wedge": r"\land", r"\vee": r"\lor", r"\neg": r"\lnot", r"\dagger": r"\dag",
        r"\ddagger": r"\ddag", r"\ldots": r"\dotsc \dotso \mathellipsis \textellipsis",
        r"\cdots": r"\dotsb \dotsm \dotsi",
        "|": r"\vert \lvert \rvert \mid", r"\|": r"\Vert \lVert \rVert \parallel", "*": r"\ast", ":": r"\colon",
        "<": r"\lt", ">": r"\gt", "[": r"\lbrack", "]": r"\rbrack", r"\{": r"\lbrace", r"\}": r"\rbrace",
        "/": r"\slash", r"\setminus": r"\backslash", r"\perp": r"\bot", r"\square": r"\Box", r"\lozenge": r"\Diamond",
        r"\rightsquigarrow": r"\leadsto", r"\upharpoonright": r"\restriction", r"\triangle": r"\bigtriangleup",
        r"\Longleftrightarrow": r"\iff", r"\Longrightarrow": r"\implies", r"\Longleftarrow": r"\impliedby",
        r"\lll": r"\llless", r"\ggg": r"\gggtr", r"\Cap": r"\doublecap", r"\Cup": r"\doublecup",
        r"\doteqdot": r"\Doteq", r"\S": r"\textsection", r"\P": r"\textparagraph", r"\$": r"\textdollar",
        r"\_": r"\textunderscore", r"\int": r"\intop",
        r"\vartriangleleft": r"\lhd", r"\vartriangleright": r"\rhd", r"\trianglelefteq": r"\unlhd",
        r"\trianglerighteq": r"\unrhd", r"\circ": r"\textdegree",
    }.items()
    for name in names.split()
}  # fmt: skip

# `\not` in front of a symbol that has a negated form of its own.
NEGATED = {
    "=": r"\neq", r"\in": r"\notin", r"\exists": r"\nexists", r"\subseteq": r"\nsubseteq", r"\supseteq": r"\nsupseteq",
    r"\leq": r"\nleq", r"\geq": r"\ngeq", "<": r"\nless", ">": r"\ngtr", "|": r"\nmid", r"\|": r"\nparallel",
    r"\sim": r"\nsim", r"\cong": r"\ncong", r"\rightarrow": r"\nrightarrow", r"\leftarrow": r"\nleftarrow",
    r"\Rightarrow": r"\nRightarrow", r"\Leftarrow": r"\nLeftarrow", r"\leftrightarrow": r"\nleftrightarrow",
    r"\Leftrightarrow": r"\nLeftrightarrow", r"\vdash": r"\nvdash", r"\vDash": r"\nvDash", r"\prec": r"\nprec",
    r"\succ": r"\nsucc", r"\preceq": r"\npreceq", r"\succeq": r"\nsucceq",
}  # fmt: skip

# Names that stand for several symbols.
SEQUENCES = {
    r"\coloneqq": ":=", r"\coloneq": ":-", r"\eqqcolon": "=:", r"\eqcolon": "-:", r"\dblcolon": "::",
    r"\Coloneqq": "::=", r"\colonequals": ":=", r"\equalscolon": "=:",
}  # fmt: skip

# Characters outside ASCII and the LaTeX they stand for.
UNICODE = dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψωϵϑϕϱϖΓΔΘΛΞΠΣΥΦΨΩ",
        r"""\alpha \beta \gamma \delta \varepsilon \zeta \eta \theta \iota \kappa \lambda \mu \nu \xi \pi \rho \sigma
        \tau \upsilon \varphi \chi \psi \omega \epsilon \vartheta \phi \varrho \varpi \Gamma \Delta \Theta \Lambda \Xi
        \Pi \Sigma \Upsilon \Phi \Psi \Omega""".split(),
        strict=True,
    )
) | dict(
    zip(
        "≤≥≠≈≡∼≃≅∝≪≫±∓×÷·⋅∗∘∙•∂∇∞∑∏∫∮√∈∉∋⊂⊃⊆⊇∪∩∧∨¬∀∃∅→←↔⇒⇐⇔↦↑↓⊕⊗⊥∥∣∠△′…⋯⋮⋱ℓℏ⟨⟩⌊⌋⌈⌉†‡°−–—‖∖⋆",
        r"""\leq \geq \neq \approx \equiv \sim \simeq \cong \propto \ll \gg \pm \mp \times \div \cdot \cdot * \circ
        \bullet \bullet \partial \nabla \infty \sum \prod \int \oint \surd \in \notin \ni \subset \supset \subseteq
        \supseteq \cup \cap \wedge \vee \neg \forall \exists \emptyset \rightarrow \leftarrow \leftrightarrow
        \Rightarrow \Leftarrow \Leftrightarrow \mapsto \uparrow \downarrow \oplus \otimes \perp \| | \angle
        \triangle ' \ldots \cdots \vdots \ddots \ell \hbar \langle \rangle \lfloor \rfloor \lceil \rceil \dagger
        \ddagger \degree - - - \| \setminus \star""".split(),
        strict=True,
    )
)

_CANONICAL = (
    LETTERS | DIGITS | PUNCTUATION | OPERATOR_NAMES | BIG_OPERATORS | LOWER_GREEK | UPPER_GREEK | RELATIONS
    | BINARY_OPERATORS | DELIMITERS | ORDINARY
) - {r"\not"}  # fmt: skip
_SPELLINGS = {token: token for token in _CANONICAL} | SYNONYMS

# Alphabets that hold letters alone; the others hold digits too.
_LETTERS_ONLY = {Font.CALLIGRAPHIC, Font.BOLD_CALLIGRAPHIC, Font.SCRIPT}


def _font_of(token: str, font: Font) -> Font:
    """Returns the alphabet a symbol is really seen in when its source asks for `font`."""
    if font is Font.PLAIN:
        return font
    if token in LETTERS:
        return font
    if token in DIGITS:
        if font is Font.UPRIGHT or font in _LETTERS_ONLY:
            return Font.PLAIN
        return Font.BOLD if font is Font.BOLD_SYMBOL else font
    if token in UPPER_GREEK:
        return Font.BOLD_SYMBOL if font in {Font.BOLD, Font.BOLD_SYMBOL} else Font.PLAIN
    if font is Font.BOLD_SYMBOL and token not in PUNCTUATION | OPERATOR_NAMES:
        return font
    return Font.PLAIN


# For each font, what a raw token stands for; one shared node for each.
SYMBOLS: dict[Font, dict[str, Symbol]] = {
    font: {raw: Symbol(token, _font_of(token, font)) for raw, token in _SPELLINGS.items()} for font in Font
}
