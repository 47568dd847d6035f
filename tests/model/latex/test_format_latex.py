r"""What people type: `\left` round tall content, `\text` for words, one line for one row."""

import pytest

from model.latex import format_latex, normalise


@pytest.mark.parametrize(
    ("latex", "typed"),
    [
        (r"\frac { 1 } { 2 }", r"\frac{1}{2}"),
        (r"x _ { i } ^ { 2 } + x_{ij}'", r"x_i^2+x_{ij}'"),
        (r"\alpha x + \alpha_\beta y", r"\alpha x+\alpha_\beta y"),
        (r"x_{\max} ^ \dagger", r"x_{\max}^\dagger"),
        # Delimiters grow round tall content alone, and only in matched pairs.
        (r"( x_i^2 )", r"(x_i^2)"),
        (r"( \frac a b )^2", r"\left(\frac{a}{b}\right)^2"),
        (r"[ \sum_i x_i , 1 )", r"\left[\sum_ix_i,1\right)"),
        (r"( \sqrt{\frac a b} + [ 1 ] )", r"\left(\sqrt{\frac{a}{b}}+[1]\right)"),
        (r"| \frac a b |", r"\left|\frac{a}{b}\right|"),
        (r"( \frac a b", r"(\frac{a}{b}"),
        (r"\frac{d f}{d x} |_{x=0}", r"\left.\frac{df}{dx}\right|_{x=0}"),
        (r"\{ \begin{matrix} a \\ b \end{matrix}", "\\left\\{\\begin{matrix}\na \\\\\nb\n\\end{matrix}\\right."),
        # What \left would turn into another environment keeps its own.
        (r"( \begin{matrix} a & b \end{matrix} )", r"\Biggl(\begin{matrix} a & b \end{matrix}\Biggr)"),
        # Bars by what they mean.
        (r"P(A|B)", r"P(A \mid B)"),
        (r"AB \| CD", r"AB \parallel CD"),
        (r"\langle a | b \rangle", r"\langle a|b\rangle"),
        (r"| 0 \rangle", r"|0\rangle"),
        (r"f|_U", r"f|_U"),
        # Words.
        (r"x \text{if} y", r"x\text{ if }y"),
        (r"\text{if} \quad y", r"\text{if} \quad y"),
        (r"x, \text{for all} y.", r"x,\text{ for all }y."),
        (r"\mathrm{div}(x)", r"\operatorname{div}(x)"),
        (r"\mathrm{d}x \mathrm{SU}(2) x_{\mathrm{eff}}", r"\mathrm{d}x\mathrm{SU}(2)x_{\mathrm{eff}}"),
        (r"a \pmod{n}", r"a\pmod{n}"),
        (r"\boldsymbol{\Sigma u}", r"\boldsymbol{\Sigma u}"),
        # Rows.
        (r"\begin{cases}a&b\\c&d\end{cases}", "\\begin{cases}\na & b \\\\\nc & d\n\\end{cases}"),
        (r"\begin{aligned}a\\{}[b]\end{aligned}", "\\begin{aligned}\na \\\\\n{[}b]\n\\end{aligned}"),
        (
            r"\begin{array}{c|c}\hline 1&2\\\hline\end{array}",
            "\\begin{array}{c|c}\n\\hline\n1 & 2 \\\\\n\\hline\n\\end{array}",
        ),
        (r"\sum_{\substack{i\\j}}", r"\sum_{\substack{i \\ j}}"),
    ],
)  # fmt: skip
def test_reads_as_a_person_types(latex: str, typed: str) -> None:
    # Protects what lands on the clipboard.
    tokens = normalise(latex)
    assert format_latex(tokens) == typed
    assert normalise(typed) == tokens
