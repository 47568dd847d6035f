r"""One spelling for one look: each case is a pair of source and canonical tokens, by topic."""

import pytest

from model.latex import join_tokens, normalise

SCRIPTS = [
    (r"x^{2}_{i}", "x _ i ^ 2"),
    (r"x_{ab}^{-1}", "x _ { a b } ^ { - 1 }"),
    (r"x_\alpha^\max", r"x _ \alpha ^ \max"),
    (r"{a+b}_c", "a + b _ c"),
    (r"{x_1}^2", "{ x _ 1 } ^ 2"),
    (r"{}^{3}He", "{ } ^ 3 H e"),
    (r"^{-3}", "{ } ^ { - 3 }"),
    (r"T^{a}{}_{b}", "T ^ a { } _ b"),
    (r"x^{}_{}", "x"),
    (r"x^{\prime}", "x '"),
    (r"x^{\prime\prime}_i", "x _ i ' '"),
    (r"x'^{2}", "x ' ^ 2"),
    (r"{x'}^2", "x ' ^ 2"),
    (r"x^{\prime 2}", "x ' ^ 2"),
    (r"5\degree", r"5 ^ \circ"),
    (r"5^\degree", r"5 ^ \circ"),
    (r"\left( a \right)^2", "( a ) ^ 2"),
]
FRACTIONS = [
    (r"a \over b+c", r"\frac { a } { b + c }"),
    (r"1+{a \over b}", r"1 + \frac { a } { b }"),
    (r"\dfrac12 \tfrac{a}b \cfrac[l]{a}{b}", r"\frac { 1 } { 2 } \frac { a } { b } \frac { a } { b }"),
    (r"{n \choose k} \dbinom nk", r"\binom { n } { k } \binom { n } { k }"),
    (r"\genfrac{(}{)}{0pt}{}{n}{k}", r"\binom { n } { k }"),
    (r"\genfrac{}{}{}{1}{n}{k}", r"\frac { n } { k }"),
    (r"\sum_{i \atop j}", r"\sum _ { \substack { i \\ j } }"),
    (r"{i \atop j}", r"\begin{matrix} i \\ j \end{matrix}"),
    (r"\root 3 \of x \sqrt[3]{x}", r"\sqrt [ 3 ] { x } \sqrt [ 3 ] { x }"),
    (r"\sqrt[{f[1]}]x", r"\sqrt [ { f [ 1 ] } ] { x }"),
]
FONTS = [
    (r"{\bf x}y", r"\mathbf { x } y"),
    (r"{\cal B} \cal L", r"\mathcal { B L }"),
    (r"\mathbf{x_1}", r"\mathbf { x } _ { \mathbf { 1 } }"),
    (r"\mathbf{ab}\mathbf{c}", r"\mathbf { a b c }"),
    (r"\mathbf{\hat x}", r"\hat { \mathbf { x } }"),
    (r"\bm\alpha \pmb{\alpha}", r"\boldsymbol { \alpha \alpha }"),
    (r"\boldsymbol{1} \mathbf{\Gamma}", r"\mathbf { 1 } \boldsymbol { \Gamma }"),
    (r"\bm{\mathcal{X}}", r"\boldsymbol { \mathcal { X } }"),
    (r"\mathbf{\mathrm{x}}", r"\mathrm { x }"),
    (r"\textbf{96.60}", r"\mathbf { 9 6 . 6 0 }"),
    (r"\mathit{x} {\it diag}", r"x d i a g"),
    (r"\mathrm{a+b}", r"\mathrm { a } + \mathrm { b }"),
    (r"\mathrm{2} \mathrm{\Gamma}", r"2 \Gamma"),
    (r"\mathrm{H2O} \mathrm{x2}", r"\mathrm { H 2 O x } 2"),
    (r"\mathbb R^n \Bbb{C} \mathfrak g \mathscr D", r"\mathbb { R } ^ n \mathbb { C } \mathfrak { g } \mathscr { D }"),
]
OPERATORS = [
    (r"\operatorname { s i n } x", r"\sin x"),
    (r"\mathrm{sin}x {\rm log} x", r"\sin x \log x"),
    (r"\operatorname*{lim}_{x}", r"\lim _ x"),
    (r"\operatorname*{argmax}_x", r"\mathrm { a r g m a x } _ x"),
    (r"\operatorname{Tr}\operatorname{ad}", r"\text { T r ~ a d }"),
    (r"\mathop{\rm Re}\nolimits z", r"\mathrm { R e } z"),
    (r"\sum\limits_{i}^n \lim\limits_{x}", r"\sum _ i ^ n \lim _ x"),
    (r"\mathop{K}\limits_{i}^{n}", r"\overset { n } { \underset { i } { K } }"),
    (r"\underset{x}{\max} \overset{n}{\underset{i}{\sum}}", r"\max _ x \sum _ i ^ n"),
    (r"\stackrel{a}{=} \buildrel a \over =", r"\overset { a } { = } \overset { a } { = }"),
    (r"a \pmod n, a \mod n", r"a ( \bmod n ) , a \bmod n"),
]
TEXT = [
    (r"\text{ if } x", r"\mathrm { i f } x"),
    (r"\text{if and}", r"\text { i f ~ a n d }"),
    (r"\mathrm { ~ i f ~ a n d ~ }", r"\text { i f ~ a n d }"),
    (r"\mbox{for $x>0$ only}", r"\mathrm { f o r } x > 0 \mathrm { o n l y }"),
    (r"\text{s.t.}", r"\mathrm { s } . \mathrm { t } ."),
    (r"\text{non-zero}", r"\text { n o n - z e r o }"),
    (r"\text{case 1}", r"\mathrm { c a s e } 1"),
    (r"\text{for 2 days}", r"\text { f o r ~ 2 ~ d a y s }"),
    (r"\text{\'e}", r"\acute { \mathrm { e } }"),
    (r"10~\mathrm{m}\,\mathrm{s}^{-1}", r"1 0 \text { m ~ s } ^ { - 1 }"),
]
SYMBOLS = [
    (r"\le \ne \to \gets \iff", r"\leq \neq \rightarrow \leftarrow \Longleftrightarrow"),
    (r"a \mid b \vert c \lVert d \rVert \parallel", r"a | b | c \| d \| \|"),
    (r"\dots, a+\dots+b", r"\ldots , a + \cdots + b"),
    (r"1... \cdot\cdot\cdot", r"1 \ldots \cdots"),
    (r"\not= \not\in \not \! D", r"\neq \notin \not D"),
    (r"\coloneqq \ast \colon \lbrace", r": = * : \{"),
    (r"α≤β′", r"\alpha \leq \beta '"),
    (r"\bigtriangleup \Box \land \dag", r"\triangle \square \wedge \dagger"),
]
UNSEEN = [
    (r"a\,b\;c~d\ e\!f\hspace{0.1 cm}g\kern-1.5pt h\hskip 3pt plus 1pt i", "a b c d e f g h i"),
    (r"\quad a \qquad\quad b \quad", r"a \quad b"),
    # What is as wide as a quad looks like one, however it is put together; what is narrower leaves no trace.
    (r"a,\ \ \ b", r"a , \quad b"),
    (r"a,~~~~b~~c", r"a , \quad b c"),
    (r"a\;\;\;b\;\;c", r"a \quad b c"),
    (r"a\hspace{1cm}b\hspace*{-1cm}c\hspace{\fill}d", r"a \quad b c d"),
    (r"a\hskip 1.5em plus 2pt b\kern-2em c\mskip 4mu d", r"a \quad b c d"),
    (r"a\ \ \!\!\!\ b", r"a b"),
    (r"\mathrm{if}\ \ x\mathrm{a}\ \mathrm{b}~~~\mathrm{c}", r"\mathrm { i f } x \text { a ~ b } \quad \mathrm { c }"),
    (r"\displaystyle\mathrel{a}\phantom{bc}\nonumber\label{eq:1}\tag{2}", "a"),
    (r"\color{red}a\textcolor{blue}{b}", "a b"),
    (r"\big( \Bigl[ \left\{ x \right\} \biggr]", r"( [ \{ x \} ]"),
    (r"\left. x \middle| y \right|", "x | y |"),
    (r"{{a}{}{{b}}}", "a b"),
    ("a % a comment\nb", "a b"),
    (r"$x$", "x"),
    (r"\[ x \]", "x"),
    ("", ""),
]
ENVIRONMENTS = [
    (r"\left(\begin{array}{cc}1&2\\3&4\end{array}\right)", r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}"),
    (r"\left[\begin{matrix}1\\\end{matrix}\right]", r"\begin{bmatrix} 1 \end{bmatrix}"),
    (r"\left|\begin{array}{c}1\\2\end{array}\right|", r"\begin{vmatrix} 1 \\ 2 \end{vmatrix}"),
    (r"\begin{array}{c}1\\2\end{array}", r"\begin{matrix} 1 \\ 2 \end{matrix}"),
    (r"\begin{array}{lr}1&2\\3&4\end{array}", r"\begin{array} { l r } 1 & 2 \\ 3 & 4 \end{array}"),
    (r"\begin{array}{c|c}\hline 1&2\\\hline\end{array}", r"\begin{array} { c | c } \hline 1 & 2 \\ \hline \end{array}"),
    (r"\begin{array}{c}x\end{array}", "x"),
    (r"\left\{\begin{array}{ll}a&b\\c&d\end{array}\right.", r"\begin{cases} a & b \\ c & d \end{cases}"),
    (r"\left\{\begin{aligned}&a\\&b\end{aligned}\right.", r"\begin{cases} a \\ b \end{cases}"),
    (r"\begin{dcases}a&b\\c\end{dcases}", r"\begin{cases} a & b \\ c \end{cases}"),
    (r"\begin{align*}a&=b\\&=c\\\end{align*}", r"\begin{aligned} a & = b \\ & = c \end{aligned}"),
    (r"\begin{eqnarray}a&=&b\\&=&c\end{eqnarray}", r"\begin{aligned} a & = b \\ & = c \end{aligned}"),
    (r"\begin{alignedat}{2}a&=b\\c&=d\end{alignedat}", r"\begin{aligned} a & = b \\ c & = d \end{aligned}"),
    (r"\begin{split}a&=b\end{split}", "a = b"),
    (r"\begin{gather}a\\b\end{gather}", r"\begin{gathered} a \\ b \end{gathered}"),
    (r"\begin{smallmatrix}a\\[2pt]b\end{smallmatrix}", r"\begin{matrix} a \\ b \end{matrix}"),
    (r"\begin{aligned}a\\ [b]\end{aligned}", r"\begin{aligned} a \\ [ b ] \end{aligned}"),
    (r"\begin{equation}x\end{equation}", "x"),
    (r"a \\ b", "a b"),
]
CASES = [*SCRIPTS, *FRACTIONS, *FONTS, *OPERATORS, *TEXT, *SYMBOLS, *UNSEEN, *ENVIRONMENTS]


@pytest.mark.parametrize(("latex", "tokens"), CASES)
def test_canonical_tokens(latex: str, tokens: str) -> None:
    # Protects the spelling of every label: a network trained on one spelling is measured against the same one.
    assert " ".join(normalise(latex)) == tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"\bar x", r"\overline x"),
        (r"\hat x", r"\widehat x"),
        (r"\epsilon", r"\varepsilon"),
        (r"\leq", r"\leqslant"),
        (r"\mathcal L", r"\mathscr L"),
        (r"\cdots", r"\ldots"),
        (r"\vec v", r"\overrightarrow v"),
        (r"\iint", r"\int\int"),
        (r"{x_1}^2", "x_1^2"),
    ],
)
def test_different_looks_stay_different(one: str, other: str) -> None:
    # Protects against synonyms that are none.
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize(
    "source", [r"\not\mathbf{=}", r"\not {=x}", r"\not{}=", r"\not{=}", r"x_\not = y", r"\not\quad ="]
)
def test_negation_is_canonical_at_once(source: str) -> None:
    # A group or font that vanishes between \not and its relation must not leave work for a second pass.
    tokens = normalise(source)
    assert normalise(join_tokens(tokens)) == tokens
